"""Cases beside the reference's, reckoned by hand: scopes, surcharges, matrices, sources, fees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.price_cases import one, priced, row

LIST_100 = {"prices": {"A": "100", "B": "50"}}
STEPS = [{"from": "0", "percent": "0"}, {"from": "10", "percent": "10"}]


def table(**switches: Any) -> dict[str, Any]:
    return {"tiers": [{"rule": "T", "steps": STEPS} | switches]}


@pytest.mark.parametrize(
    ("switches", "nets"),
    [
        # 6 of A and 6 of B in group x, 4 of A in group y.
        ({"scope": "line"}, ["600.00", "300.00", "400.00"]),
        ({"scope": "group"}, ["540.00", "270.00", "400.00"]),
        ({"scope": "quote"}, ["540.00", "270.00", "360.00"]),
        ({"scope": "quote", "product": "A"}, ["540.00", "300.00", "360.00"]),
        ({"scope": "contract", "product": "A"}, ["540.00", "300.00", "360.00"]),
        # 1,300 in amount over the quote; 600, 300, 400 by the line.
        ({"scope": "quote", "basis": "amount"}, ["540.00", "270.00", "360.00"]),
        ({"scope": "line", "basis": "amount"}, ["540.00", "270.00", "360.00"]),
        # 16 units, 10 at 0 % and 6 at 10 %: 3.75 % in all.
        ({"scope": "quote", "kind": "slab", "first": 0}, ["577.50", "288.75", "385.00"]),
    ],
)
def test_a_tier_over_every_scope(switches: dict[str, Any], nets: list[str]) -> None:
    found = priced(
        [
            {"product": "A", "quantity": "6", "tier_group": "x"},
            {"product": "B", "quantity": "6", "tier_group": "x"},
            {"product": "A", "quantity": "4", "tier_group": "y"},
        ],
        **LIST_100,
        **table(**switches),
    )
    assert [line["net"] for line in found["lines"]] == nets


@pytest.mark.parametrize(
    ("quantities", "scope", "nets"),
    [
        # 10 % from 100 pieces, 20 % from 300: three years of 100 seats are 100 seats.
        (["100", "100", "100"], "quote", ["9000.00", "9000.00", "9000.00", "45.00"]),
        (["100", "200", "300"], "quote", ["9000.00", "18000.00", "24000.00", "45.00"]),
        (["98", "200", "300"], "quote", ["9800.00", "18000.00", "24000.00", "50.00"]),
        (["100", "200", "300"], "line", ["9000.00", "18000.00", "24000.00", "50.00"]),
    ],
)
def test_a_ramp_counts_once_for_tiers_over_several_lines(
    quantities: list[str], scope: str, nets: list[str]
) -> None:
    """Each segment counts itself, and for other lines the ramp is what it begins with."""
    steps = [
        {"from": "0", "percent": "0"},
        {"from": "100", "percent": "10"},
        {"from": "300", "percent": "20"},
    ]
    ramp = {"segments": [{"quantity": quantity} for quantity in quantities]}
    found = priced(
        [{"product": "A", "ramp": ramp}, {"product": "B", "quantity": "1"}],
        **LIST_100,
        tiers=[{"rule": "T", "steps": steps, "scope": scope}],
    )
    assert [line["net"] for line in found["lines"]] == nets


@pytest.mark.parametrize(
    ("scope", "cumulative", "net"),
    [
        ("contract", True, "360.00"),  # 4 and 6 before
        ("contract", False, "400.00"),
        ("orders", True, "400.00"),  # 4 and 5 before
    ],
)
def test_what_was_bought_before_counts_where_it_is_said(
    scope: str, cumulative: bool, net: str
) -> None:
    sold = [
        {"scope": "contract", "rule": "T", "quantity": "6"},
        {"scope": "orders", "rule": "T", "quantity": "5"},
    ]
    switches = table(scope=scope, cumulative=cumulative)
    line = {"product": "A", "quantity": "4"}
    assert one(line, **LIST_100, **switches, sold=sold)["net"] == net


def test_a_tier_by_weight() -> None:
    # 3 units of 4,000 g are 12 kg.
    tiers = [{"rule": "T", "basis": "mass", "unit": "kg", "steps": STEPS}]
    line = {"product": "A", "quantity": "3", "attributes": {"mass": "4000 g"}}
    assert one(line, **LIST_100, tiers=tiers)["net"] == "270.00"


def test_an_alloy_surcharge_takes_no_discount() -> None:
    # (9.35 − 8.10) × 2.4 kg is 3.00 a unit; 100 − 10 % + 3 = 93.
    alloy = {
        "key": "copper_surcharge",
        "label": "Copper",
        "formula": "max(copper - 8.10, 0) * mass / 1 kg",
        "market": True,
        "discountable": False,
    }
    found = one(
        {
            "product": "A",
            "quantity": "2",
            "discount_percent": "10",
            "attributes": {"mass": "2.4 kg"},
        },
        **LIST_100,
        elements=[alloy],
        market={"copper": "9.35"},
    )
    assert (row(found, "market"), row(found, "manual"), found["net"]) == (
        "6.00",
        "-20.00",
        "186.00",
    )


def test_deltas_then_formulas_then_factors_in_declared_order() -> None:
    # 100 + 12 + 3 m × 4 = 124; × 1.5 = 186; × 1.1 = 204.60
    found = one(
        {
            "product": "A",
            "deltas": [{"label": "Colour", "per_unit": "12"}],
            "attributes": {"length": "3000 mm"},
        },
        **LIST_100,
        elements=[
            {"key": "f1", "factor": True, "formula": "1.5"},
            {"key": "metre", "formula": "4 * length / 1 m"},
            {"key": "f2", "factor": True, "formula": "1.1"},
        ],
    )
    assert [step["amount"] for step in found["rows"]] == [
        "100.00",
        "12.00",
        "12.00",
        "62.00",
        "18.60",
    ]
    assert (found["list"], found["net"]) == ("204.60", "204.60")


@pytest.mark.parametrize(
    ("reading", "width", "net"),
    [
        ("linear", "500 mm", "150.00"),
        ("linear", "400 mm", "100.00"),
        ("linear", "0.45 m", "125.00"),
        ("step", "599 mm", "100.00"),
        ("step", "900 mm", "200.00"),
        ("exact", "600 mm", "200.00"),
    ],
)
def test_a_matrix_is_read_as_it_says(reading: str, width: str, net: str) -> None:
    axes = [
        {"attribute": "width", "points": ["400", "600"], "reading": reading, "unit": "mm"},
        {"attribute": "kind", "points": ["PVC", "PU"]},
    ]
    matrix = {"product": "A", "axes": axes, "cells": [["100", "110"], ["200", None]]}
    line = {"product": "A", "attributes": {"width": width, "kind": "PVC"}}
    assert one(line, matrices=[matrix])["net"] == net


def test_where_a_matrix_has_no_cell_the_list_price_holds() -> None:
    axes = [{"attribute": "width", "points": ["400", "600"], "reading": "linear", "unit": "mm"}]
    matrix = {"product": "A", "axes": axes, "cells": ["100", "200"]}
    line = {"product": "A", "attributes": {"width": "700 mm"}}
    assert one(line, prices={"A": "333"}, matrices=[matrix])["source"] == "list"


def test_the_first_source_wins_and_every_loser_is_told() -> None:
    context: dict[str, Any] = {
        "prices": {"A": [{"price": "100"}, {"price": "90", "currency": "USD", "rule": "usd"}]},
        "rates": {"USD": {"rate": "1", "on": "2026-01-01"}},
        "contracted": [
            {"rule": "group", "product": "A", "price": "84", "depth": 2},
            {"rule": "buyer", "product": "A", "price": "85", "depth": 0},
        ],
        "bundle_prices": [{"rule": "set", "product": "A", "bundle": "SET", "price": "80"}],
        "cost_plus": [{"rule": "plus", "basis": "markup", "percent": "50"}],
    }
    line = {"product": "A", "bundle": "SET", "cost": "60", "override": {"price": "70"}}
    found = one(line, **context)
    assert (found["source"], found["net"]) == ("override", "70.00")
    rules = [loser["rule"] for loser in found["losers"]]
    assert rules == ["buyer", "group", "set", "plus", "price:A", "usd"]
    line["override"] |= {"permitted": False}
    found = one(line, **context)
    assert (found["source"], found["net"]) == ("contracted", "85.00")
    told = [(it["rule"], it["why"]) for it in found["losers"]]
    assert ("override", "Setting this price by hand is not permitted.") in told


def test_prepayment_and_the_longest_term_reached() -> None:
    # 100 − 8 % = 92; − 2 % of 92 = 90.16
    discounts = [
        {"rule": "24", "from_months": 24, "percent": "4"},
        {"rule": "36", "from_months": 36, "percent": "8"},
        {"rule": "60", "from_months": 60, "percent": "12"},
        {"rule": "annual", "billing": "annual", "percent": "2"},
    ]
    line = {"product": "A", "term_months": 48, "billing": "annual"}
    assert one(line, **LIST_100, term_discounts=discounts)["net"] == "90.16"


def test_freight_is_taxed_and_counts_once() -> None:
    found = priced(
        [{"product": "A"}, {"product": "B", "tax": "reduced"}],
        **LIST_100,
        fees=[{"rule": "freight", "amount": "12.50"}, {"rule": "pack", "percent": "2"}],
        taxes={"standard": {"percent": "19"}, "reduced": {"percent": "7"}},
    )
    totals = found["totals"]
    # 150 + 12.50 + 3 = 165.50; 19 % of 115.50 = 21.945, 7 % of 50 = 3.50
    assert (totals["fees"], totals["net"], totals["tax"]) == ("15.50", "165.50", "25.45")


@pytest.mark.parametrize(("by", "tax"), [("group", "0.58"), ("line", "0.59")])
def test_tax_by_group_or_by_line_is_declared(by: str, tax: str) -> None:
    # 0.1957 + 0.1957 + 0.1881 = 0.5795; line by line 0.20 + 0.20 + 0.19.
    prices = {"A": "1.03", "B": "1.03", "C": "0.99"}
    found = priced(
        [{"product": name} for name in prices],
        prices=prices,
        taxes={"standard": {"percent": "19"}},
        policy={"tax": by},
    )
    assert found["totals"]["tax"] == tax


def test_a_floor_from_cost() -> None:
    # Cost 60 at a margin of 25 % is at least 80.
    line = {"product": "A", "discount_percent": "30", "cost": "60"}
    limits = [{"rule": "margin", "margin_percent": "25"}]
    assert one(line, **LIST_100, limits=limits)["net"] == "80.00"
    # What is built to order costs a share of what it is listed at with its options: 60 % of 120.
    built = {
        "product": "A",
        "discount_percent": "30",
        "cost_percent": "60",
        "deltas": [{"label": "Paint", "per_unit": "20"}],
    }
    assert one(built, **LIST_100, limits=limits)["net"] == "96.00"


def test_a_header_discount_leaves_out_what_takes_none() -> None:
    found = priced(
        [{"product": "A"}, {"product": "B", "discountable": False}],
        **LIST_100,
        header={"discount": "30.00"},
    )
    assert [line["net"] for line in found["lines"]] == ["70.00", "50.00"]


def test_charges_are_totalled_apart() -> None:
    found = priced(
        [
            {"product": "A"},
            {"product": "B", "charge": "recurring", "charge_months": 1, "periods": 24},
            {"product": "B", "charge": "usage"},
        ],
        **LIST_100,
    )
    charges = [(it["charge"], it["net"], it["contract"]) for it in found["totals"]["charges"]]
    assert charges == [
        ("one_time", "100.00", "100.00"),
        ("recurring", "50.00", "1200.00"),
        ("usage", "50.00", "50.00"),
    ]


@pytest.mark.parametrize(("combination", "net"), [("best", "90.00"), ("worst", "95.00")])
def test_the_best_promotion_of_a_charge_is_that_of_its_credit(combination: str, net: str) -> None:
    rules = {
        "combination": combination,
        "promotions": [{"rule": "P", "percent": "10"}, {"rule": "Q", "percent": "5"}],
    }
    assert one({"product": "A", "quantity": "1"}, **LIST_100, **rules)["net"] == net
    assert one({"product": "A", "quantity": "-1"}, **LIST_100, **rules)["net"] == f"-{net}"
