"""Postal addresses by the custom of the country they are in (after the UPU's S42 templates)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handsel.ground.document.formatting import country_name

# What follows the street. {p} postal code, {c} city, {r} region; "|" separates lines.
_CITY_FIRST = "{c} {p}"
_PATTERNS: dict[str, str] = {
    "GB": "{c}|{p}",
    "IE": "{c}|{r}|{p}",
    "US": "{c}, {r} {p}",
    "CA": "{c} {r} {p}",
    "AU": "{c} {r} {p}",
    "NZ": _CITY_FIRST,
    "IN": "{c} {p}|{r}",
    "SG": _CITY_FIRST,
    "JP": "{p} {r} {c}",
    "CN": "{p} {r} {c}",
    "KR": "{r} {c}|{p}",
    "BR": "{c}-{r}|{p}",
    "MX": "{p} {c}, {r}",
    "IT": "{p} {c} {r}",
    "ES": "{p} {c}|{r}",
    "LV": "{c}, {p}",
    "UA": "{c}|{p}",
    "TR": "{p} {c}/{r}",
    "ZA": "{c}|{p}",
}
_FIELD = re.compile(r"\{([pcr])\}")
_POSTAL_CODE_FIRST = "{p} {c}"  # DE, AT, CH, FR, NL, BE, PL, CZ, the Nordics and most of Europe


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a letter goes: `recipient` are the name lines, `country` is ISO 3166 alpha-2."""

    recipient: tuple[str, ...]
    street: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


def address_lines(address: Address, *, locale: str, home_country: str = "") -> list[str]:
    """The lines as they stand on an envelope; the country last, in capitals, only from abroad."""
    pattern = _PATTERNS.get(address.country, _POSTAL_CODE_FIRST)
    parts = {"p": address.postal_code, "c": address.city, "r": address.region}
    filled = [
        _without_gaps(_FIELD.sub(lambda field: parts[field[1]], line))
        for line in pattern.split("|")
    ]
    lines = [*address.recipient, *address.street, *filled]
    if address.country and address.country != home_country:
        lines.append(country_name(address.country, locale).upper())
    return [line for line in lines if line.strip()]


def _without_gaps(line: str) -> str:
    """A line whose missing parts left no stray mark: "Portland,  97201" → "Portland, 97201"."""
    return " ".join(line.split()).strip(" ,/-")
