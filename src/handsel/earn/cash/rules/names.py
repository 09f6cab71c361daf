"""Names of payers and customers, and how alike they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae"})
_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "and", "as", "aps", "asa", "bv", "bvba", "co", "company", "corp"),
        *("corporation", "cv", "eg", "gbr", "gesellschaft", "gmbh", "inc", "kg", "kgaa"),
        *("limited", "llc", "llp", "ltd", "mbh", "nv", "ohg", "oy", "oyj", "plc", "sa"),
        *("sarl", "sas", "se", "sl", "slu", "spa", "sprl", "srl", "ug", "und", "v"),
    )
)


@lru_cache(maxsize=100_000)
def plain_name(name: str) -> str:
    """Return a name as it is compared: no accents, no legal form, words in lower case."""
    lowered = name.casefold().translate(_TRANSLITERATED)
    stripped = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", lowered)
        if not unicodedata.combining(letter)
    )
    joined = re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)", "", stripped)  # B.V. is bv
    words = re.findall(r"[0-9a-z]+", joined)
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def alike(name: str, names: Mapping[int, str], *, least: int) -> list[tuple[int, int]]:
    """Return (customer, likeness 0 to 100) for names at least so alike, the most alike first.

    ``names`` are plain. Word order does not matter, missing words do.
    """
    wanted = plain_name(name)
    if not wanted:
        return []
    matches = process.extract(
        wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=5
    )
    found = [(customer_id, int(score)) for _, score, customer_id in matches]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
