"""The worked examples of the pricing reference from P-24 on: terms, targets, money, usage."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.price_cases import one, priced, row

LIST_100 = {"prices": {"P": "100.00"}}


def test_p24_the_multiplier_shown_is_not_the_one_reckoned_with() -> None:
    term = {"start_on": "2026-01-01", "end_on": "2027-01-31"}
    assert one({"product": "P", "term": term}, prices={"P": "100000"})["net"] == "108493.15"


RAMP = [{"quantity": "100"}, {"quantity": "200"}, {"quantity": "300"}]


@pytest.mark.parametrize(
    ("ramp", "nets", "net"),
    [
        ({}, ["20000.00", "40000.00", "60000.00"], "120000.00"),  # P-25
        ({"uplift_percent": "3"}, ["20000.00", "41200.00", "63654.00"], "124854.00"),  # P-26
    ],
)
def test_p25_p26_ramps(ramp: dict[str, Any], nets: list[str], net: str) -> None:
    found = priced(
        [{"key": "seats", "product": "P", "ramp": {"segments": RAMP} | ramp}],
        prices={"P": "200.00"},
    )
    assert [line["net"] for line in found["lines"]] == nets
    assert {line["segment_of"] for line in found["lines"]} == {"seats"}
    assert found["totals"]["net"] == net


@pytest.mark.parametrize("start", [None, "2026-01-15"])
def test_p27_yearly_segments_of_39_months(start: str | None) -> None:
    ramp = {"months": 39} | ({"start_on": start} if start else {})
    found = priced(
        [{"product": "P", "ramp": ramp}], prices={"P": "1200"}, conventions={"P": "ANNIV"}
    )
    nets = [line["net"] for line in found["lines"]]
    assert nets == ["1200.00", "1200.00", "1200.00", "300.00"]


def test_p28_seats_added_within_the_year() -> None:
    term = {"start_on": "2025-04-01", "end_on": "2025-12-31"}
    line = {"product": "P", "quantity": "20", "term": term}
    assert one(line, prices={"P": "120"})["net"] == "1808.22"


@pytest.mark.parametrize(
    ("kind", "net"), [("same", "108.00"), ("list", "130.00"), ("uplift", "113.40")]
)
def test_p30_renewals(kind: str, net: str) -> None:
    renewal = {"kind": kind, "customer_price": "108", "uplift_percent": "5"}
    assert one({"product": "P", "renewal": renewal}, prices={"P": "130"})["net"] == net


def test_p31_line_first() -> None:
    line = {"product": "P", "quantity": "3", "discount_percent": "9"}
    found = one(line, prices={"P": "135.50"})
    assert (row(found, "base"), row(found, "manual"), found["net"]) == (
        "406.50",
        "-36.59",
        "369.91",
    )


def test_p32_a_target_is_hit_to_the_cent() -> None:
    line = {"product": "P", "quantity": "3", "manual": {"target_line": "10000.00"}}
    found = one(line, prices={"P": "4000"})
    assert (found["net"], found["published_unit"]) == ("10000.00", "3333.33")
    assert (row(found, "manual"), row(found, "rounding")) == ("-2000.01", "0.01")


@pytest.mark.parametrize(
    ("prices", "discount", "nets"),
    [
        (["100", "100", "100"], "100.00", ["66.66", "66.67", "66.67"]),
        (["120.10", "79.95", "33.33"], "50.00", ["94.37", "62.82", "26.19"]),
    ],
)
def test_p33_a_discount_in_money_over_the_lines(
    prices: list[str], discount: str, nets: list[str]
) -> None:
    found = priced(
        [{"product": str(place)} for place in range(3)],
        prices={str(place): price for place, price in enumerate(prices)},
        header={"discount": discount},
    )
    assert [line["net"] for line in found["lines"]] == nets


def test_a_total_that_is_wanted_is_hit_to_the_cent() -> None:
    found = priced(
        [{"product": str(place), "quantity": "3"} for place in range(3)],
        prices={"0": "33.35", "1": "19.99", "2": "0.01"},
        header={"total": "100.00"},
    )
    assert found["totals"]["net"] == "100.00"
    # 160.05 → 100.00 takes 60.05 off; 100.05 × 60.05 / 160.05 = 37.539…, 59.97 → 22.500…
    assert [row(line, "header") for line in found["lines"][:2]] == ["-37.54", "-22.50"]
    assert found["lines"][2]["net"] == "0.02"


def test_p34_a_percentage_on_the_whole_is_reckoned_once() -> None:
    found = priced(
        [{"product": "A"}, {"product": "B"}],
        prices={"A": "2.19", "B": "5.38"},
        header={"percent": "20"},
    )
    assert [row(line, "header") for line in found["lines"]] == ["-0.44", "-1.07"]
    assert found["totals"]["header"] == "-1.51"


def test_p35_tax_on_the_rounded_line() -> None:
    found = priced(
        [{"product": "P", "quantity": "16", "discount_percent": "4"}],
        prices={"P": "348.35"},
        taxes={"standard": {"percent": "22"}},
    )
    totals = found["totals"]
    assert (totals["net"], totals["tax"], totals["gross"]) == ("5350.66", "1177.15", "6527.81")


def test_p36_a_price_with_its_tax_stays() -> None:
    found = one(
        {"product": "P"},
        prices={"P": "8.01"},
        taxes={"standard": {"percent": "20"}},
        policy={"prices_include_tax": True},
    )
    assert (found["net"], found["tax"], found["gross"]) == ("6.68", "1.33", "8.01")
    assert row(found, "included") == "-1.33"


@pytest.mark.parametrize(
    ("currency", "rate", "net"),
    [("EUR", "0.9187", "918.70"), ("JPY", "151.37", "151370"), ("KWD", "0.3071", "307.100")],
)
def test_p39_converted_by_a_dated_rate(currency: str, rate: str, net: str) -> None:
    found = one(
        {"product": "P"},
        currency=currency,
        prices={"P": {"price": "1000", "currency": "USD"}},
        rates={"USD": {"rate": rate, "on": "2026-02-27", "source": "ECB"}},
    )
    assert (found["net"], found["source"]) == (net, "converted")
    assert "2026-02-27" in found["rows"][0]["label"]


def test_p39_cash_in_swiss_francs() -> None:
    found = priced(
        [{"product": "P"}],
        currency="CHF",
        prices={"P": "123.43"},
        policy={"cash_step": "0.05"},
    )
    assert (found["totals"]["cash_rounding"], found["totals"]["payable"]) == ("0.02", "123.45")


def test_p40_a_price_of_its_own_goes_before_a_converted_one() -> None:
    found = one(
        {"product": "P"},
        prices={"P": [{"price": "905.00"}, {"price": "1000", "currency": "USD", "rule": "usd"}]},
        rates={"USD": {"rate": "0.9187", "on": "2026-02-27"}},
    )
    assert (found["net"], found["source"]) == ("905.00", "list")
    assert [loser["rule"] for loser in found["losers"]] == ["usd"]


def test_p41_a_floor_makes_a_row_of_its_own() -> None:
    found = one(
        {"product": "P", "discount_percent": "25"},
        prices={"P": "1000"},
        limits=[{"rule": "floor:1", "version": 3, "label": "Least price", "floor": "820"}],
    )
    assert found["net"] == "820.00"
    (step,) = [step for step in found["rows"] if step["stage"] == "ending"]
    assert (step["amount"], step["label"], step["rule"]) == ("70.00", "floor", "floor:1")
    assert found["notes"] == ["floor: Least price"]


@pytest.mark.parametrize(
    ("price", "ending", "net"),
    [
        ("1043.27", {"step": "5"}, "1045.00"),
        ("1042.49", {"step": "5"}, "1040.00"),
        ("1042.50", {"step": "5"}, "1045.00"),
        ("1041.00", {"step": "5", "direction": "up"}, "1045.00"),
        ("12.40", {"step": "1", "offset": "0.95"}, "11.95"),
        ("12.46", {"step": "1", "offset": "0.95"}, "12.95"),
        ("12.40", {"step": "1", "offset": "0.95", "direction": "up"}, "12.95"),
    ],
)
def test_p43_endings(price: str, ending: dict[str, str], net: str) -> None:
    assert one({"product": "P"}, prices={"P": price}, endings=[ending])["net"] == net


@pytest.mark.parametrize(
    ("rounding", "quantity", "net"),
    [
        ("half_up", "1", "2.13"),
        ("half_up", "-1", "-2.13"),
        ("half_even", "1", "2.12"),
        ("half_even", "-1", "-2.12"),
    ],
)
def test_p44_a_credit_mirrors_the_charge(rounding: str, quantity: str, net: str) -> None:
    found = one({"product": "P", "quantity": quantity}, prices={"P": "2.125"}, rounding=rounding)
    assert found["net"] == net


def test_p45_commit_and_overage() -> None:
    steps = [{"to": "10000", "flat": "800.00"}, {"price": "0.10"}]
    tiers = [{"rule": "U", "kind": "slab", "steps": steps}]
    line = {"product": "P", "quantity": "12350", "charge": "usage"}
    found = priced([line], tiers=tiers)
    assert found["lines"][0]["net"] == "1035.00"
    assert found["totals"]["charges"][0]["charge"] == "usage"


def test_p46_an_option_counts_nowhere() -> None:
    found = priced(
        [
            {"product": "P", "quantity": "6"},
            {"product": "P", "quantity": "6", "optional": True, "discount_percent": "30"},
            {"product": "support"},
        ],
        **LIST_100,
        tiers=[
            {
                "rule": "T",
                "product": "P",
                "scope": "quote",
                "steps": [{"from": "10", "percent": "10"}],
            }
        ],
        percent_of=[{"product": "support", "percent": "10", "products": ["P"]}],
    )
    assert [line["net"] for line in found["lines"]] == ["600.00", "378.00", "60.00"]
    assert found["totals"]["net"] == "660.00"
