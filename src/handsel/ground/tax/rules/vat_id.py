"""VAT identification numbers, checked by format and check digit; no register is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum.ch import uid as ch_uid
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.no import orgnr as no_orgnr

from handsel.ground.kernel.said import said
from handsel.ground.tax.errors import InvalidVatId

# What each country's number looks like, for the refusal. Source: the Commission's VIES page,
# question 9, and the national registers of the three countries outside.
_SHAPES = {
    "AT": "ATU and 8 digits",
    "BE": "BE and 10 digits",
    "BG": "BG and 9 or 10 digits",
    "CY": "CY, 8 digits and a letter",
    "CZ": "CZ and 8 to 10 digits",
    "DE": "DE and 9 digits",
    "DK": "DK and 8 digits",
    "EE": "EE and 9 digits",
    "EL": "EL and 9 digits",
    "ES": "ES and 9 characters, the first or last a letter",
    "FI": "FI and 8 digits",
    "FR": "FR, 2 characters and 9 digits",
    "HR": "HR and 11 digits",
    "HU": "HU and 8 digits",
    "IE": "IE, 7 digits and 1 or 2 letters",
    "IT": "IT and 11 digits",
    "LT": "LT and 9 or 12 digits",
    "LU": "LU and 8 digits",
    "LV": "LV and 11 digits",
    "MT": "MT and 8 digits",
    "NL": "NL, 9 digits, B and 2 digits",
    "PL": "PL and 10 digits",
    "PT": "PT and 9 digits",
    "RO": "RO and 2 to 10 digits",
    "SE": "SE and 12 digits",
    "SI": "SI and 8 digits",
    "SK": "SK and 10 digits",
    "XI": "XI and 9 or 12 digits",
    "GB": "GB and 9 or 12 digits",
    "CH": "CHE and 9 digits, optionally MWST, TVA or IVA",
    "NO": "NO and 9 digits, optionally MVA",
}
_TEXT = re.compile(r"[A-Za-z0-9 ./,-]{4,40}")
_SWISS_SUFFIX = re.compile(r"(MWST|TVA|IVA|VAT)$")


@dataclass(frozen=True, slots=True)
class CheckedVatId:
    """A VAT id that is well formed.

    ``country`` is the ISO code ("GR" for a Greek number), ``number`` the part without prefix
    and suffix, ``normalized`` what is stored, compared and printed: "EL094259216".
    """

    country: str
    number: str
    normalized: str


def check_vat_id(text: str) -> CheckedVatId:
    """Check a VAT id of the EU, Northern Ireland, Great Britain, Switzerland or Norway.

    Blanks, dots, dashes and case do not matter; the country's letters must be there. Raises
    InvalidVatId saying what was expected.
    """
    trimmed = text.strip() if isinstance(text, str) else ""
    if not _TEXT.fullmatch(trimmed):
        raise InvalidVatId(
            "This is not a VAT id; expected the country's letters and the number, such as "
            "DE136695976."
        )
    return _check(re.sub(r"[ ./,-]", "", trimmed).upper())


@lru_cache(maxsize=4096)
def _check(compact: str) -> CheckedVatId:
    prefix = "EL" if compact.startswith("GR") else compact[:2]
    if prefix not in _SHAPES:
        raise InvalidVatId(
            said(
                "“%(compact)s” does not start with a country whose VAT ids are "
                "known; expected two letters such as DE, or CHE for Switzerland.",
                compact=compact,
            )
        )
    body = compact[2:]
    try:
        number, suffix = _validated(prefix, body)
    except InvalidChecksum:
        raise _refusal(compact, prefix, "its check digit does not fit") from None
    except (ValidationError, ValueError):
        raise _refusal(compact, prefix, "its form does not fit") from None
    country = "GR" if prefix == "EL" else prefix
    normalized = prefix + ("E" if prefix == "CH" else "") + number + suffix
    return CheckedVatId(country, number, normalized)


def _validated(prefix: str, body: str) -> tuple[str, str]:
    """Return the number without prefix, and the suffix that belongs to it."""
    if prefix == "GB":
        return str(gb_vat.validate(body)), ""
    if prefix == "CH":
        return str(ch_uid.validate("CH" + _SWISS_SUFFIX.sub("", body)))[3:], "MWST"
    if prefix == "NO":
        return str(no_orgnr.validate(body.removesuffix("MVA"))), "MVA"
    return str(eu_vat.validate(prefix + body)).removeprefix(prefix), ""


def _refusal(compact: str, prefix: str, why: str) -> InvalidVatId:
    return InvalidVatId(
        said(
            "“%(compact)s” is not a VAT id: %(why)s; expected %(shapes)s.",
            compact=compact,
            why=why,
            shapes=_SHAPES[prefix],
        ),
        country=prefix,
        expected=_SHAPES[prefix],
    )
