"""Cases where two rules meet, each reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price.errors import NoRate
from handsel.bid.price.rules.case.answer import price_case, read_case
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.checks import findings
from handsel.bid.price.rules.stored import as_written
from handsel.ground.kernel.errors import Invalid

PRICES: dict[str, Any] = {"prices": {"P": "100", "Q": "50"}}


def document(context: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    about = {"date": "2026-03-01", "currency": "EUR", **context}
    found: dict[str, Any] = as_written({"context": about, "lines": list(lines)})
    return found


def answer(context: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    return price_case(document(context, *lines))


def nets(context: dict[str, Any], *lines: dict[str, Any]) -> list[str]:
    return [line["net"] for line in answer(context, *lines)["lines"]]


def table(*steps: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"tiers": [{"rule": "t", "steps": list(steps), **more}]}


def test_a_line_that_takes_no_discount_takes_none_below_its_list_price_either() -> None:
    # A tier price is a price: 80.00. Ten per cent of nothing is off it, and nothing comes on it.
    tier = table({"from": "1", "price": "80"})
    line = {"product": "P", "discountable": False, "discount_percent": "10"}
    assert nets({**PRICES, **tier}, line) == ["80.00"]
    partner = {"partners": [{"rule": "p", "percent": "20"}]}
    held = {"product": "P", "discountable": False, "manual": {"target_unit": "90"}}
    assert nets({**PRICES, **partner}, held) == ["90.00"]
    off_list = {"partners": [{"rule": "p", "percent": "20", "off_list": True}]}
    assert nets({**PRICES, **off_list}, held) == ["90.00"]


@pytest.mark.parametrize(
    ("context", "line", "net"),
    [
        # 10 × 100 − 10 %.
        (table({"from": "10", "percent": "10"}), {"quantity": "10"}, "900.00"),
        # Nine at 90, ten at 80, eleven at 70 (P-04).
        (
            table(
                {"from": "1", "to": "10", "percent": "10"},
                {"from": "10", "to": "20", "percent": "20"},
                {"from": "20", "percent": "30"},
                kind="slab",
            ),
            {"quantity": "30"},
            "2380.00",
        ),
        # Three started packages of ten (P-10).
        (
            table({"from": "0", "price": "40", "per": "10"}, kind="package"),
            {"quantity": "25"},
            "120.00",
        ),
        (table({"from": "0", "flat": "77"}, kind="flat"), {"quantity": "3"}, "77.00"),
        # Twenty are in, five more at 7.
        (
            table({"from": "20", "flat": "200", "price": "7"}, kind="block"),
            {"quantity": "25"},
            "235.00",
        ),
        ({"promotions": [{"percent": "15"}]}, {"quantity": "2"}, "170.00"),
        ({"promotions": [{"per_unit": "150"}]}, {"quantity": "2"}, "0.00"),
        ({"promotions": [{"percent": "5", "from": "3"}]}, {"quantity": "3"}, "285.00"),
        ({}, {"quantity": "2", "manual": {"per_unit": "5"}}, "190.00"),
        ({}, {"quantity": "2", "manual": {"per_line": "5"}}, "195.00"),
        ({"limits": [{"floor": "95"}]}, {"quantity": "2", "discount_percent": "9"}, "190.00"),
        (
            {"percent_of": [{"product": "S", "percent": "10", "of": "list", "least": "30"}]},
            {"product": "S"},
            "30.00",
        ),
    ],
)
def test_a_credit_is_the_mirror_of_its_charge(
    context: dict[str, Any], line: dict[str, str], net: str
) -> None:
    charge: dict[str, Any] = {"product": "P", "quantity": "1", **line}
    credit = {**charge, "quantity": f"-{charge['quantity']}"}
    assert nets({**PRICES, **context}, charge) == [net]
    minus = f"-{net}" if net != "0.00" else net
    assert nets({**PRICES, **context}, credit) == [minus]


def test_units_taken_back_are_credited_at_the_step_they_were_bought_at() -> None:
    # P-19: six, then ten more at 20 %; the ten are taken back at 20 %.
    tiers = table(
        {"from": "1", "to": "11", "percent": "10"},
        {"from": "11", "to": "21", "percent": "20"},
        cumulative=True,
    )
    assert nets({**PRICES, **tiers}, {"product": "P", "quantity": "10", "sold": "6"}) == ["800.00"]
    back = {"product": "P", "quantity": "-10", "sold": "16"}
    assert nets({**PRICES, **tiers}, back) == ["-800.00"]
    slab = table({"from": "0", "price": "10"}, {"from": "10", "price": "8"}, kind="slab")
    slab["tiers"][0] |= {"cumulative": True, "product": "P"}
    # Units 7 to 16: four at 10 and six at 8.
    assert nets(slab, {"product": "P", "quantity": "10", "sold": "6"}) == ["88.00"]
    assert nets(slab, {"product": "P", "quantity": "-10", "sold": "16"}) == ["-88.00"]


def test_lines_whose_counts_cancel_stand_by_themselves() -> None:
    tiers = table({"from": "1", "price": "80"}, scope="quote", product="P")
    swap = [{"product": "P", "quantity": "5"}, {"product": "P", "quantity": "-5"}]
    assert nets(tiers, *swap) == ["400.00", "-400.00"]


def test_half_a_cent_of_a_term_is_no_discount() -> None:
    # 0.25 a year, half a year: 0.125 is 0.13, as the unit price that is shown.
    (line,) = answer({"prices": {"P": "0.25"}}, {"product": "P", "multiplier": "1/2"})["lines"]
    assert (line["net"], line["published_unit"]) == ("0.13", "0.13")
    # Three years of 135.50 less 9 %: 406.50 − 36.59 (P-31), though more than the list of one year.
    years = {"product": "P", "multiplier": "3", "discount_percent": "9"}
    assert nets({"prices": {"P": "135.50"}}, years) == ["369.91"]


@pytest.mark.parametrize(
    "header", [{"discount": "150.01"}, {"total": "-0.01"}, {"discount": "100000"}]
)
def test_a_discount_on_the_whole_leaves_no_line_less_than_nothing(header: dict[str, str]) -> None:
    with pytest.raises(Invalid, match=r"more than the .*150\.00.* that the lines"):
        answer({**PRICES, "header": header}, {"product": "P"}, {"product": "Q"})
    free = {"header": {"discount": "150"}}
    assert nets({**PRICES, **free}, {"product": "P"}, {"product": "Q"}) == ["0.00", "0.00"]


def test_a_target_below_what_takes_no_discount_is_refused() -> None:
    lines = ({"product": "P", "discountable": False}, {"product": "Q"})
    with pytest.raises(Invalid, match=r"would be .*90\.00.*, more than the .*50\.00"):
        answer({**PRICES, "header": {"total": "60"}}, *lines)
    assert nets({**PRICES, "header": {"total": "110"}}, *lines) == ["100.00", "10.00"]


def test_limits_are_for_as_long_as_prices_are() -> None:
    limits = {"limits": [{"rule": "f", "floor": "95", "ceiling": "105"}]}
    half = {"product": "P", "multiplier": "6/12"}
    assert nets({**PRICES, **limits}, half) == ["50.00"]
    assert nets({**PRICES, **limits}, half | {"discount_percent": "10"}) == ["47.50"]
    three = {"product": "P", "multiplier": "36/12", "discount_percent": "50"}
    assert nets({**PRICES, **limits}, three) == ["285.00"]
    # Cost 60 a year and a margin of 40 %: 100 a year at least, 200 for two.
    margin = {"limits": [{"rule": "m", "margin_percent": "40"}]}
    two = {"product": "P", "cost": "60", "multiplier": "2", "discount_percent": "20"}
    assert nets({**PRICES, **margin}, two) == ["200.00"]


@pytest.mark.parametrize(
    "line",
    [
        {"override": {"price": "85"}},
        {"renewal": {"kind": "same", "customer_price": "85"}},
        {},
    ],
)
def test_a_price_that_needs_no_rate_asks_for_none(line: dict[str, Any]) -> None:
    foreign: dict[str, Any] = {"prices": {"P": {"price": "100", "currency": "USD"}}}
    agreed = {} if line else {"contracted": [{"product": "P", "price": "85"}]}
    assert nets({**foreign, **agreed}, {"product": "P", **line}) == ["85.00"]
    with pytest.raises(NoRate, match="USD"):
        answer(foreign, {"product": "P"})


@pytest.mark.parametrize("convention", ["MONTH_UP", "MONTH_DAY", "ANNIV", "M30"])
@pytest.mark.parametrize("start_on", ["2026-01-31", "2026-08-30", "2028-02-29"])
def test_months_of_a_ramp_are_counted_from_its_first_day(convention: str, start_on: str) -> None:
    context = {"prices": {"P": "1200"}, "conventions": {"P": convention}}
    ramp = {"start_on": start_on, "segments": [{"months": "1"}] * 14}
    assert nets(context, {"product": "P", "ramp": ramp}) == ["100.00"] * 14
    yearly = {"start_on": start_on, "months": "60"}
    assert nets(context, {"product": "P", "ramp": yearly}) == ["1200.00"] * 5


def test_a_reseller_gets_the_discount_of_his_tier() -> None:
    partners = {"partners": [{"rule": "all", "percent": "10"}, {"percent": "30", "tier": "2"}]}
    assert nets({**PRICES, **partners}, {"product": "P"}) == ["90.00"]
    assert nets({**PRICES, **partners, "partner": "2"}, {"product": "P"}) == ["70.00"]
    assert nets({**PRICES, **partners, "partner": "3"}, {"product": "P"}) == ["90.00"]


def test_a_minimum_is_of_the_whole_line() -> None:
    rule = {"percent_of": [{"product": "S", "percent": "6", "least": "900", "most": "1000"}]}
    assert nets({**PRICES, **rule}, {"product": "P"}, {"product": "S", "quantity": "2"})[1] == (
        "900.00"
    )
    many = {"product": "P", "quantity": "100"}
    # Six per cent of 10,000, twice, is 1,200: at most 1,000.
    assert nets({**PRICES, **rule}, many, {"product": "S", "quantity": "2"})[1] == "1000.00"


def test_bounds_that_leave_nothing_between_are_refused() -> None:
    rule = {"percent_of": [{"product": "S", "percent": "6", "least": "9", "most": "8"}]}
    with pytest.raises(CaseFault, match="less than the least, 9"):
        read_case(document(rule, {"product": "S"}))


def test_thirds_that_are_whole_again_round_as_what_they_are() -> None:
    # Cost 173.50 and a margin of 40 %: 289.16… a unit, and three come to 867.5. That is 164.5 more
    # than the 703 of the list; half to even 164, where a hair above it would be 165.
    context = {
        "prices": {"P": "234.225"},
        "currency": "JPY",
        "rounding": "half_even",
        "limits": [{"margin_percent": "40"}],
    }
    line = {"product": "P", "quantity": "3", "cost": "173.5"}
    assert nets(context, line) == ["867"]
    # 3 × 100/3 ends in .00 as it is: nothing is raised to the next.
    up = {"endings": [{"step": "1", "direction": "up"}]}
    floor = {"limits": [], "prices": {"P": "100"}}
    third = {"product": "P", "quantity": "3", "multiplier": "1/3", "discount_percent": "0"}
    assert nets({**floor, **up}, third) == ["102.00"]  # 33.33… is 34, three times
    year = {"product": "P", "quantity": "1", "multiplier": "1/3", "manual": {"target_unit": "100"}}
    assert nets({**floor, **up}, year) == ["100.00"]


@pytest.mark.parametrize(
    ("kind", "steps", "told"),
    [
        ("all_units", [{"from": "1", "price": "80"}, {"from": "10", "percent": "20"}], "not both"),
        ("slab", [{"from": "1", "price": "80"}, {"from": "10"}], "“price” is missing"),
        ("package", [{"from": "0", "price": "4"}], "“per”"),
        ("flat", [{"from": "0", "percent": "4"}], "“flat” is missing"),
        ("block", [{"from": "0", "percent": "4"}], "“flat” or “price”"),
    ],
)
def test_a_step_that_would_be_free_of_charge_is_refused(
    kind: str, steps: list[dict[str, str]], told: str
) -> None:
    with pytest.raises(CaseFault, match=told):
        read_case(document({**PRICES, **table(*steps, kind=kind)}, {"product": "P"}))


def never(context: dict[str, Any]) -> list[str]:
    found = findings(read_case(document({**PRICES, **context}, {"product": "P"}))[0])
    return [one.rule for one in found if one.kind == "never wins"]


def test_the_publisher_hears_of_rules_that_never_win() -> None:
    two = [{"rule": "a", "percent": "10"}, {"rule": "b", "percent": "20"}]
    assert never({"promotions": two, "combination": "best"}) == ["a"]
    assert never({"promotions": two, "combination": "worst"}) == ["b"]
    assert never({"promotions": two, "combination": "sequence"}) == []
    coded = [two[0], two[1] | {"code": "X"}]
    assert never({"promotions": coded, "combination": "best"}) == []
    cost = [{"rule": "a", "basis": "markup", "percent": "1"}, {"rule": "b", "basis": "margin"}]
    assert never({"cost_plus": [cost[0], cost[1] | {"percent": "1"}]}) == ["b"]
    terms = [{"rule": "a", "percent": "1", "from_months": "12"}, {"rule": "b", "percent": "2"}]
    assert never({"term_discounts": [terms[0], terms[1] | {"from_months": "24"}]}) == []
    assert never({"term_discounts": [terms[0], terms[1] | {"from_months": "12"}]}) == ["b"]
    # A discount for one tier of resellers stands in nobody's way, nor nobody in its.
    tiered = [{"rule": "a", "percent": "10"}, {"rule": "b", "percent": "30", "tier": "2"}]
    assert never({"partners": tiered, "partner": "2"}) == []
    assert Decimal(answer(PRICES, {"product": "P"})["totals"]["net"]) == 100


def test_prices_are_for_the_months_the_context_says() -> None:
    monthly = {"prices": {"P": "540", "Q": "1200"}, "price_months": {"P": "1"}}
    days = {"start_on": "2026-04-01", "end_on": "2027-03-31", "convention": "ANNIV"}
    lines = [{"product": "P", "term": days}, {"product": "Q", "term": days}]
    assert nets(monthly, *lines) == ["6480.00", "1200.00"]
    said = {"product": "P", "term": days, "price_months": "12"}
    ramp = {"product": "P", "ramp": {"segments": [{"months": "2"}, {"months": "3"}]}}
    assert nets(monthly, said, ramp) == ["540.00", "1080.00", "1620.00"]
