"""Amounts a person takes off, and prices he wants: of charges, of credits, and too much of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from tests.support.price_cases import one

TEN: dict[str, Any] = {"prices": {"A": "10"}}
ALLOY = {"key": "alloy", "formula": "4", "market": True, "discountable": False}


@pytest.mark.parametrize(
    ("quantity", "manual", "net"),
    [
        ("3", {"per_unit": "10"}, "0.00"),
        ("3", {"per_line": "30"}, "0.00"),
        ("-3", {"per_line": "30"}, "0.00"),
        ("-3", {"per_unit": "2.5"}, "-22.50"),
        ("3", {"per_unit": "-2.5"}, "37.50"),
        ("0", {"per_line": "5"}, "0.00"),
        ("3", {"target_line": "100"}, "100.00"),
        # what is wanted of a credit is what was wanted of its charge, given back
        ("-3", {"target_line": "100"}, "-100.00"),
        ("-3", {"target_unit": "33.333333"}, "-100.00"),
    ],
)
def test_amounts_of_charges_and_credits(quantity: str, manual: dict[str, str], net: str) -> None:
    assert one({"product": "A", "quantity": quantity, "manual": manual}, **TEN)["net"] == net


@pytest.mark.parametrize(
    ("line", "context", "told"),
    [
        (
            {"quantity": "3", "manual": {"per_unit": "10.01"}},
            {},
            "30.03 cannot be taken off; there is 30.00 to take",
        ),
        (
            {"quantity": "-3", "manual": {"per_unit": "10.01"}},
            {},
            "30.03 cannot be taken off; there is 30.00 to take",
        ),
        ({"manual": {"per_line": "50"}}, {}, "50.00 cannot be taken off; there is 10.00 to take"),
        # what a market adds takes no discount
        (
            {"manual": {"per_unit": "11"}},
            {"elements": [ALLOY]},
            "11.00 cannot be taken off; there is 10.00 to take",
        ),
        (
            {"manual": {"per_unit": "1"}, "discountable": False},
            {},
            "1.00 cannot be taken off; there is 0.00 to take",
        ),
        # the percentage comes first
        (
            {"discount_percent": "50", "manual": {"per_line": "6"}},
            {},
            "6.00 cannot be taken off; there is 5.00 to take",
        ),
    ],
)
def test_more_than_there_is_is_refused(
    line: dict[str, Any], context: dict[str, Any], told: str
) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        one({"product": "A"} | line, **TEN, **context)
    assert refused.value.code == "manual_discount"
    assert refused.value.message.startswith("A: ")
    with translation.override("de"):
        assert "lassen sich nicht abziehen" in worded(refused.value.message, translation.gettext)


def test_a_wanted_price_is_no_less_than_nothing() -> None:
    for name in ("target_unit", "target_line"):
        with pytest.raises(Invalid, match=f"manual.{name}"):
            one({"product": "A", "manual": {name: "-1"}}, **TEN)


def test_a_refusal_names_the_product_in_the_readers_language() -> None:
    elements = [{"key": "x", "formula": "1 / (width - 5)"}]
    with pytest.raises(Invalid) as refused:
        one({"product": "A", "attributes": {"width": "5"}}, **TEN, elements=elements)
    with translation.override("de"):
        told = worded(refused.value.message, translation.gettext)
    assert told != str(refused.value.message)
    assert told.startswith("A: ")
