"""Addresses as they stand on an envelope."""

from __future__ import annotations

from typing import Any

import pytest

from handsel.ground.document.postal import Address, address_lines

DE = {"street": ("Am Kornspeicher 3",), "postal_code": "24103", "city": "Kiel", "country": "DE"}
GB = {"street": ("18 Canal Road",), "postal_code": "G2 1AA", "city": "Glasgow", "country": "GB"}
US = {
    "street": ("1200 SW Main St",),
    "postal_code": "97201",
    "city": "Portland",
    "region": "OR",
    "country": "US",
}
IT = {
    "street": ("Via Roma 1",),
    "postal_code": "20121",
    "city": "Milano",
    "region": "MI",
    "country": "IT",
}
JP = {
    "street": ("Marunouchi 1-1",),
    "postal_code": "100-0005",
    "city": "Chiyoda",
    "region": "Tokyo",
    "country": "JP",
}


@pytest.mark.parametrize(
    ("parts", "home", "locale", "expected"),
    [
        (DE, "DE", "de_DE", ["Am Kornspeicher 3", "24103 Kiel"]),
        (DE, "FR", "en_GB", ["Am Kornspeicher 3", "24103 Kiel", "GERMANY"]),
        (GB, "DE", "de_DE", ["18 Canal Road", "Glasgow", "G2 1AA", "VEREINIGTES KÖNIGREICH"]),
        (US, "US", "en_US", ["1200 SW Main St", "Portland, OR 97201"]),
        (IT, "DE", "de_DE", ["Via Roma 1", "20121 Milano MI", "ITALIEN"]),
        (JP, "DE", "en_GB", ["Marunouchi 1-1", "100-0005 Tokyo Chiyoda", "JAPAN"]),
    ],
)
def test_each_country_has_its_order(
    parts: dict[str, Any], home: str, locale: str, expected: list[str]
) -> None:
    address = Address(recipient=("Somebody Ltd",), **parts)
    lines = address_lines(address, locale=locale, home_country=home)
    assert lines == ["Somebody Ltd", *expected]


def test_what_is_missing_leaves_no_mark() -> None:
    bare = Address(recipient=("Somebody Ltd", ""), city="Portland", country="US")
    assert address_lines(bare, locale="en_US", home_country="US") == ["Somebody Ltd", "Portland"]


def test_a_city_that_looks_like_a_field_stays_as_it_is() -> None:
    odd = Address(recipient=("A",), postal_code="1", city="{p}{r}", region="x", country="DE")
    assert address_lines(odd, locale="de_DE", home_country="DE") == ["A", "1 {p}{r}"]
