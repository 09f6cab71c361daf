"""What somebody asked, made safe to keep: bounded, without control characters, well formed.

Everything here comes from strangers. Too long is refused where a person typed it, and cut where
a link carried it (campaign names, click ids), because the person cannot mend a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from handsel.attract.lead.errors import InquiryInvalid
from handsel.ground.document.addresses import parse_address
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said
from handsel.ground.party.rules.contact import normalize_email

LIMITS = {
    "person_name": 200,
    "email": 200,
    "phone": 50,
    "company_name": 200,
    "country": 2,
    "language": 8,
    "interest": 200,
    "message": 5000,
}
ORIGIN_LIMITS = {
    "source": 100,
    "medium": 100,
    "campaign": 100,
    "referrer": 300,
    "landing_page": 300,
    "click_id": 100,
}
LANGUAGES = frozenset({"en", "de"})
CLICK_ID_NAMES = ("gclid", "msclkid", "fbclid", "li_fat_id", "ttclid", "wbraid", "gbraid")

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,48}")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was asked and by whom, as typed; `inquiry` makes one that is safe to keep."""

    person_name: str = ""
    email: str = ""
    phone: str = ""
    company_name: str = ""
    country: str = ""
    language: str = "en"
    interest: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it came from. An empty source is a category of its own: unknown."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    referrer: str = ""
    landing_page: str = ""
    click_id: str = ""


def one_line(text: str) -> str:
    """Text without control characters, with single spaces."""
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()


def paragraphs(text: str) -> str:
    """Text without control characters; line breaks stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n")).strip()


def inquiry(values: Mapping[str, str], *, need_contact: bool = True) -> Inquiry:
    """An inquiry from named texts. Raises InquiryInvalid naming every field that is wrong.

    With `need_contact` a mail address or a telephone number must be given, or nobody could
    answer.
    """
    wrong: dict[str, str] = {}
    known = {field.name for field in fields(Inquiry)}
    kept = {name: _kept(name, str(text), wrong) for name, text in values.items() if name in known}
    found = Inquiry(**kept)
    _check_contact(found, need_contact, wrong)
    if wrong:
        raise InquiryInvalid(_sentence(wrong), fields=wrong)
    return found


def origin(values: Mapping[str, str]) -> Origin:
    """An origin from named texts, each cut to what is kept."""
    cut = {
        name: one_line(str(values.get(name, "")))[:limit] for name, limit in ORIGIN_LIMITS.items()
    }
    return Origin(**cut)


def origin_of_link(parameters: Mapping[str, str], referrer: str, landing_page: str) -> Origin:
    """An origin from the parameters of the link that was followed (utm_*, click ids)."""
    clicks = [f"{name}:{parameters[name]}" for name in CLICK_ID_NAMES if parameters.get(name)]
    return origin(
        {
            "source": parameters.get("utm_source", ""),
            "medium": parameters.get("utm_medium", ""),
            "campaign": parameters.get("utm_campaign", ""),
            "referrer": referrer,
            "landing_page": landing_page,
            "click_id": clicks[0] if clicks else "",
        }
    )


def _country(text: str, wrong: dict[str, str]) -> str:
    code = text.upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        wrong["country"] = "two letters, such as DE"
    return code


def _language(text: str, wrong: dict[str, str]) -> str:
    code = text[:2].lower()
    return code if code in LANGUAGES else "en"


_SPECIAL: dict[str, Callable[[str, dict[str, str]], str]] = {
    "country": _country,
    "language": _language,
}


def _kept(name: str, text: str, wrong: dict[str, str]) -> str:
    clean = paragraphs(text) if name == "message" else one_line(text)
    if name in _SPECIAL:
        return _SPECIAL[name](clean, wrong)
    if len(clean) > LIMITS[name]:
        wrong[name] = said("at most %(limits)s characters", limits=LIMITS[name])
    return clean


def _check_contact(found: Inquiry, need_contact: bool, wrong: dict[str, str]) -> None:
    if found.email and not _is_address(found.email):
        wrong["email"] = "an address such as name@company.com"
    if found.phone and not _PHONE.fullmatch(found.phone):
        wrong["phone"] = "a number such as +49 30 1234567"
    if need_contact and not found.email and not found.phone:
        wrong["email"] = "an e-mail address or a telephone number, so that we can answer"


def _is_address(text: str) -> bool:
    """Whether a mail could be sent there, and people be recognized by it."""
    try:
        parse_address(text)
    except Invalid:
        return False
    return normalize_email(text) is not None


def _sentence(wrong: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {expected}" for name, expected in wrong.items())
