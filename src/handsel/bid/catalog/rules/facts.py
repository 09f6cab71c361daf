"""What a product's facts may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handsel.bid.catalog.errors import BadProduct
from handsel.ground.kernel.said import expectations, said, strung
from handsel.ground.kernel.units import is_unit

KINDS: Final = ("good", "service")
TAX_CATEGORIES: Final = ("standard", "reduced", "zero", "exempt")
LIFECYCLES: Final = ("draft", "active", "phased_out")

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"active"}),
    "active": frozenset({"phased_out"}),
    "phased_out": frozenset({"active"}),
}

_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,59}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CUSTOMS = re.compile(r"[0-9]{6,12}")
MOST_GRAMS: Final = 2_147_483_647


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """What a product is, as a person or a file states it. Weight in whole grams."""

    sku: str
    name: str
    kind: str = "good"
    description: str = ""
    group: str = ""
    unit: str = "piece"
    tax_category: str = "standard"
    is_stocked: bool = False
    weight_g: int | None = None
    customs_code: str = ""
    country_of_origin: str = ""


def problems_of(facts: ProductFacts) -> dict[str, str]:
    """Field to what was expected there; empty when the facts can be kept."""
    checks = {
        "sku": (bool(_SKU.fullmatch(facts.sku)), "letters, digits and . _ / -, at most 60"),
        "name": (0 < len(facts.name.strip()) <= 200, "a name of at most 200 characters"),
        "group": (len(facts.group) <= 60, "at most 60 characters"),
        "kind": (facts.kind in KINDS, f"one of {', '.join(KINDS)}"),
        "unit": (is_unit(facts.unit), "a unit of the house, such as piece, m, kg, h"),
        "tax_category": (
            facts.tax_category in TAX_CATEGORIES,
            f"one of {', '.join(TAX_CATEGORIES)}",
        ),
        "is_stocked": (
            not facts.is_stocked or facts.kind == "good",
            "only goods can be kept in stock",
        ),
        "weight_g": (_is_weight(facts.weight_g), "whole grams, zero or more"),
        "customs_code": (
            not facts.customs_code or bool(_CUSTOMS.fullmatch(facts.customs_code)),
            "6 to 12 digits",
        ),
        "country_of_origin": (
            not facts.country_of_origin or bool(_COUNTRY.fullmatch(facts.country_of_origin)),
            "two capital letters, such as DE",
        ),
    }
    return {field: expected for field, (is_right, expected) in checks.items() if not is_right}


def check(facts: ProductFacts) -> None:
    """Raise BadProduct naming every field that cannot be kept."""
    fields = problems_of(facts)
    if fields:
        listed = strung(expectations(fields))
        raise BadProduct(
            said(
                "%(sku)s cannot be kept: %(listed)s.",
                sku=facts.sku or said("The product"),
                listed=listed,
            ),
            fields=fields,
        )


def columns_of(facts: ProductFacts) -> dict[str, Any]:
    """The facts as the table's columns."""
    return {name: getattr(facts, name) for name in ProductFacts.__dataclass_fields__}


def _is_weight(grams: int | None) -> bool:
    return grams is None or 0 <= grams <= MOST_GRAMS
