"""Which country's VAT a place belongs to, and which countries form the EU's VAT area."""

from __future__ import annotations

import re
from datetime import date

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

# fmt: off
EU_MEMBERS = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on
UK_LEFT_ON = date(2021, 1, 1)
"""End of the transition period of the withdrawal agreement, 31 December 2020."""

# Prefixes that differ from ISO 3166 (Greece) or are merely reserved there (UK), and places that
# use a neighbour's VAT: Monaco (Article 7 of Directive 2006/112/EC), Isle of Man, Liechtenstein.
_BELONGS_TO = {"EL": "GR", "UK": "GB", "MC": "FR", "IM": "GB", "LI": "CH"}
_CODE = re.compile(r"[A-Z]{2}")


def vat_country(code: str) -> str:
    """Return the country whose VAT applies at a place: "EL" and "GR" → "GR", "MC" → "FR".

    "XI" (Northern Ireland) stays itself: it is in the EU for goods and in the UK for services.
    """
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Invalid(
            said(
                "“%(code)s” is not a country; expected two capital letters such as DE.", code=code
            ),
            code="country",
            country=code,
        )
    return _BELONGS_TO.get(code, code)


def in_eu(country: str, on: date, *, goods: bool) -> bool:
    """Say whether a country was in the EU's VAT area on a day, for goods or for services."""
    if country in EU_MEMBERS:
        return True
    if country in ("GB", "XI"):
        return on < UK_LEFT_ON or (goods and country == "XI")
    return False


def same_country(one: str, other: str) -> bool:
    """Say whether a supply from one to the other is domestic; GB and XI are one country."""
    return one == other or {one, other} == {"GB", "XI"}
