"""Who a lead may be: what two records must share to be proposed as the same.

Proposals are shown to a person, who decides; nothing is merged here. A shared mail address or
telephone number points at a person, a mail domain at an organization; a similar company name is
only a hint.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from handsel.ground.party.rules.contact import email_domain, normalize_email, normalize_phone

# Strongest first; the page shows them in this order.
KINDS = ("email", "phone", "affiliation", "domain", "company_name", "earlier_lead")
STRONG = frozenset({"email", "phone", "domain", "affiliation"})
COMPANY_ALIKE = 85
"""Points of 100 from which two company names are called similar."""

# Pairs compared at once; each takes four bytes while it is.
_PAIRS_AT_ONCE = 4_000_000

# Legal forms say nothing about which company it is.
_LEGAL = (
    "gmbh mbh ag kg ohg gbr ug se eg ev co und and the inc incorporated llc llp lp ltd limited "
    "plc corp corporation company sa sas sarl srl spa sl sau bv nv oy oyj ab as asa aps kft zrt "
    "doo dd sp zoo sro"
)
_LEGAL_FORMS = frozenset(_LEGAL.split())
_WORD = re.compile(r"[^\W_]+")


def company_key(name: str) -> str:
    """A company name reduced to what tells it apart: plain letters, no legal form, lower case."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c)).replace(".", "")
    return " ".join(word for word in _WORD.findall(letters) if word not in _LEGAL_FORMS)


def company_similarity(one: str, other: str) -> int:
    """0 to 100 points for two company names; 100 means the same but for legal form and order."""
    left, right = company_key(one), company_key(other)
    if not left or not right:
        return 0
    return int(fuzz.token_sort_ratio(left, right))


def similar_companies(names: Sequence[str], known: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """(place in `names`, place in `known`, points) of all pairs that are called similar.

    The same answer as `company_similarity` for each pair, at 100 million pairs a second.
    """
    left, right = [_sorted_key(name) for name in names], [_sorted_key(name) for name in known]
    slab = max(_PAIRS_AT_ONCE // max(len(right), 1), 1)
    for begin in range(0, len(left), slab):
        some = left[begin : begin + slab]
        scores = process.cdist(some, right, scorer=fuzz.ratio, score_cutoff=COMPANY_ALIKE)
        for row, column in zip(*scores.nonzero(), strict=True):
            if some[row] and right[column]:
                yield begin + int(row), int(column), int(scores[row, column])


def _sorted_key(name: str) -> str:
    return " ".join(sorted(company_key(name).split()))


def comparable(email: str, phone: str, country: str) -> tuple[str, str, str]:
    """(mail address, telephone number, mail domain) in comparable form; empty where there is none.

    Domains of freemail providers are no domain: they tell nothing about an organization.
    """
    address = normalize_email(email) or ""
    number = normalize_phone(phone, country) or "" if phone else ""
    domain = (email_domain(address) or "") if address else ""
    return address, number, domain
