"""The worked examples of the pricing reference, by their numbers, through the written form."""

from __future__ import annotations

from typing import Any

import pytest

from handsel.bid.price.errors import RuleCycle
from tests.support.price_cases import one, priced

LIST_120 = {"prices": {"P": "120.00"}}
LIST_100 = {"prices": {"P": "100.00"}}


def partner(percent: str, **more: Any) -> list[dict[str, Any]]:
    return [{"rule": "partner:1", "label": "Partner", "percent": percent, **more}]


@pytest.mark.parametrize(
    ("context", "net"),
    [
        ({}, "72.00"),
        ({"manual_last": True}, "66.00"),
        ({"partners": partner("20", off_list=True)}, "66.00"),
    ],
)
def test_p01_partner_after_an_amount_off(context: dict[str, Any], net: str) -> None:
    line = {"product": "P", "manual": {"per_unit": "30.00"}}
    found = one(line, **LIST_120, **({"partners": partner("20")} | context))
    assert found["net"] == net
    if not context:
        assert found["unit"]["customer"] == "90"


@pytest.mark.parametrize(("off_list", "net"), [(False, "86.40"), (True, "84.00")])
def test_p02_partner_after_a_percentage(off_list: bool, net: str) -> None:
    line = {"product": "P", "discount_percent": "10"}
    found = one(line, **LIST_120, partners=partner("20", off_list=off_list))
    assert found["net"] == net


def test_p03_every_stage_after_the_other() -> None:
    found = one(
        {"product": "P", "multiplier": "14/12", "discount_percent": "5"},
        prices={"P": "1000"},
        tiers=[{"rule": "T", "steps": [{"from": "0", "percent": "10"}]}],
        partners=partner("8"),
        distributors=[{"rule": "D", "percent": "3"}],
    )
    unit = found["unit"]
    assert (unit["regular"], unit["customer"], unit["partner"]) == ("1050", "997.5", "917.7")
    assert (unit["net"], found["published_unit"], found["net"]) == ("890.169", "890.17", "890.17")


STEPS_P04 = [
    {"from": "1", "to": "10", "percent": "10"},
    {"from": "10", "to": "20", "percent": "20"},
    {"from": "20", "percent": "30"},
]


@pytest.mark.parametrize(("kind", "net"), [("all_units", "2100.00"), ("slab", "2380.00")])
def test_p04_all_units_and_slab(kind: str, net: str) -> None:
    tiers = [{"rule": "T", "kind": kind, "steps": STEPS_P04}]
    assert one({"product": "P", "quantity": "30"}, **LIST_100, tiers=tiers)["net"] == net


@pytest.mark.parametrize(
    ("quantity", "percent"), [("9", "10"), ("9.5", "10"), ("10", "20"), ("19", "20"), ("20", "30")]
)
def test_p05_bounds_are_half_open(quantity: str, percent: str) -> None:
    tiers = [{"rule": "T", "steps": STEPS_P04}]
    found = one({"product": "P", "quantity": quantity}, **LIST_100, tiers=tiers)
    assert [step["percent"] for step in found["rows"] if step["stage"] == "tier"] == [percent]


STEPS_P07 = [
    {"to": "1000", "price": "0.10"},
    {"to": "10000", "price": "0.05"},
    {"price": "0.01"},
]


@pytest.mark.parametrize(
    ("kind", "quantity", "net"),
    [
        ("slab", "15000", "600.00"),
        ("all_units", "15000", "150.00"),
        ("all_units", "10000", "500.00"),  # P-08
        ("all_units", "10001", "100.01"),
        ("all_units", "1000", "100.00"),
        ("slab", "1000", "100.00"),
        ("slab", "1000.5", "100.03"),
    ],
)
def test_p07_p08_price_tiers(kind: str, quantity: str, net: str) -> None:
    tiers = [{"rule": "T", "kind": kind, "steps": STEPS_P07}]
    assert one({"product": "P", "quantity": quantity}, tiers=tiers)["net"] == net


@pytest.mark.parametrize(("kind", "net"), [("all_units", "49.00"), ("slab", "81.00")])
def test_p09_a_fee_with_every_tier(kind: str, net: str) -> None:
    steps = [
        {"to": "10000", "price": "0.0010", "flat": "10"},
        {"to": "50000", "price": "0.0008", "flat": "10"},
        {"to": "100000", "price": "0.0006", "flat": "10"},
    ]
    tiers = [{"rule": "T", "kind": kind, "steps": steps}]
    assert one({"product": "P", "quantity": "65000"}, tiers=tiers)["net"] == net


@pytest.mark.parametrize(
    ("quantity", "net"), [("25", "120.00"), ("20", "80.00"), ("0", "0.00"), ("1", "40.00")]
)
def test_p10_started_packages(quantity: str, net: str) -> None:
    steps = [{"from": "0", "price": "40.00", "per": "10"}]
    tiers = [{"rule": "T", "kind": "package", "steps": steps}]
    assert one({"product": "P", "quantity": quantity}, tiers=tiers)["net"] == net


@pytest.mark.parametrize(
    ("of", "least", "net"),
    [("list", None, "1800.00"), ("net", None, "1656.00"), ("net", "1700", "1700.00")],
)
def test_p12_percent_of_hardware(of: str, least: str | None, net: str) -> None:
    rule = {"product": "support", "percent": "18", "of": of, "groups": ["hardware"]}
    found = priced(
        [
            {"key": "1", "product": "support"},
            {"key": "2", "product": "H", "group": "hardware", "discount_percent": "8"},
            {"key": "3", "product": "S", "group": "software"},
        ],
        prices={"H": "10000", "S": "5000"},
        percent_of=[rule | ({"least": least} if least else {})],
    )
    assert found["lines"][0]["net"] == net
    assert found["lines"][0]["source"] == "percent_of"


def test_p13_percentages_of_each_other_are_refused_by_name() -> None:
    rules = [
        {"product": "A", "percent": "10", "products": ["B"]},
        {"product": "B", "percent": "10", "products": ["A"]},
    ]
    with pytest.raises(RuleCycle, match="A → B → A"):
        priced([{"product": "A"}, {"product": "B"}], percent_of=rules)


@pytest.mark.parametrize(("basis", "net"), [("markup", "108.00"), ("margin", "123.08")])
def test_p14_markup_is_not_margin(basis: str, net: str) -> None:
    rule = {"basis": basis, "percent": "35"}
    assert one({"product": "P", "cost": "80.00"}, cost_plus=[rule])["net"] == net


@pytest.mark.parametrize(("day", "net"), [("2026-06-30", "85.00"), ("2026-07-01", "88.00")])
def test_p15_a_contracted_price_and_then_the_percentage(day: str, net: str) -> None:
    contracted = [
        {"rule": "C1", "product": "P", "price": "85", "valid_until": "2026-07-01"},
        {"rule": "C2", "group": "family", "percent": "12"},
    ]
    line = {"product": "P", "group": "family"}
    found = one(line, **LIST_100, contracted=contracted, date=day)
    assert found["net"] == net
    if net == "85.00":
        losers = {(loser["stage"], loser["rule"]) for loser in found["losers"]}
        assert losers == {("base", "price:P"), ("agreement", "C2")}


@pytest.mark.parametrize(
    ("policy", "net"),
    [
        ("stack_multiply", "8550.00"),
        ("stack_add", "8500.00"),
        ("best", "9000.00"),
        ("worst", "9500.00"),
        ("sequence", "8550.00"),
    ],
)
def test_p16_combination_of_promotions(policy: str, net: str) -> None:
    promotions = [
        {"rule": "bundle", "label": "Bundle", "percent": "5"},
        {"rule": "volume", "label": "Volume", "percent": "10"},
    ]
    found = one({"product": "P"}, prices={"P": "10000"}, promotions=promotions, combination=policy)
    assert found["net"] == net


@pytest.mark.parametrize(
    ("size", "machine", "maintenance"),
    [("large", "14250.00", "3000.00"), ("small", "8075.00", "1700.00")],
)
def test_p17_derived_of_the_source_before_the_bundle(
    size: str, machine: str, maintenance: str
) -> None:
    matrix = {
        "product": "machine",
        "axes": [{"attribute": "size", "points": ["small", "large"]}],
        "cells": ["8500", "15000"],
    }
    found = priced(
        [
            {"product": "machine", "attributes": {"size": size}, "bundle": "line"},
            {"product": "maintenance"},
        ],
        prices={"machine": "12000"},
        matrices=[matrix],
        promotions=[{"rule": "B", "bundle": "line", "percent": "5"}],
        percent_of=[{"product": "maintenance", "percent": "20", "of": "list"}],
    )
    assert [line["net"] for line in found["lines"]] == [machine, maintenance]


@pytest.mark.parametrize(("cumulative", "percent"), [(True, "20"), (False, "10")])
def test_p19_cumulative_or_incremental(cumulative: bool, percent: str) -> None:
    steps = [
        {"from": "1", "to": "11", "percent": "10"},
        {"from": "11", "to": "21", "percent": "20"},
    ]
    tiers = [{"rule": "T", "label": "Volume", "cumulative": cumulative, "steps": steps}]
    if not cumulative:
        tiers[0]["scope"] = "quote"  # the quote states which: nothing but its own lines
    found = one({"product": "P", "quantity": "10", "sold": "6"}, **LIST_100, tiers=tiers)
    (step,) = [step for step in found["rows"] if step["stage"] == "tier"]
    assert step["percent"] == percent
    assert ("cumulative" if cumulative else "incremental") in found["notes"][0]


@pytest.mark.parametrize(
    ("convention", "net"),
    [
        ("DAY365", "13808.22"),
        ("ACTACT", "13808.22"),
        ("MONTH_UP", "14000.00"),
        ("MONTH_DAY", "13789.04"),
        ("ANNIV", "13857.14"),
        ("CAL", "13870.97"),
        ("M30", "13800.00"),
        ("30/360", "13866.67"),
    ],
)
def test_p20_eight_conventions(convention: str, net: str) -> None:
    term = {"start_on": "2025-01-15", "end_on": "2026-03-10"}
    found = one(
        {"product": "P", "term": term}, prices={"P": "12000"}, conventions={"P": convention}
    )
    assert found["net"] == net


@pytest.mark.parametrize(
    ("convention", "net"),
    [("DAY365", "12032.88"), ("ACTACT", "12005.48"), ("ANNIV", "12000.00")],
)
def test_p21_a_leap_year(convention: str, net: str) -> None:
    term = {"start_on": "2027-11-01", "end_on": "2028-10-31", "convention": convention}
    assert one({"product": "P", "term": term}, prices={"P": "12000"})["net"] == net


def test_p22_multipliers() -> None:
    for times, unit in (("830/365", "2.2740"), ("35/12", "2.9167")):
        found = one(
            {"product": "P", "multiplier": times}, prices={"P": "1"}, policy={"shown_scale": 4}
        )
        assert found["published_unit"] == unit
    term = {"start_on": "2017-01-01", "end_on": "2018-01-10", "convention": "MONTH_UP"}
    line = {"product": "P", "term": term, "price_months": 1}
    assert one(line, prices={"P": "1"})["net"] == "13.00"
