"""Siblings of the worked cases, some for each stage, reckoned by hand from a list price of 100."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.price_cases import one, priced

LISTED: dict[str, Any] = {"prices": {"A": "100", "B": "50"}}


def net(line: dict[str, Any], context: dict[str, Any]) -> str:
    return str(one({"product": "A"} | line, **LISTED | context)["net"])


def off(percent: str, **more: str) -> dict[str, str]:
    return {"percent": percent, **more}


PACKING = {"key": "packing", "formula": "3", "market": True}
HELD = PACKING | {"discountable": False}
BIG = {"key": "size", "formula": "1.08", "factor": True}
SMALL = {"key": "bulk", "formula": "0.9", "factor": True}
TWO = [{"label": "x", "per_unit": "7.25"}, {"label": "y", "per_unit": "-3.5"}]


@pytest.mark.parametrize(
    ("name", "line", "elements", "expected"),
    [
        ("O-01", {"quantity": "2", "deltas": TWO}, [], "207.50"),
        ("O-02", {"deltas": TWO[:1]}, [BIG], "115.83"),
        ("O-03", {}, [BIG, SMALL], "97.20"),
        ("O-04", {"quantity": "2", "discount_percent": "10"}, [HELD], "186.00"),
        ("O-05", {"quantity": "2", "discount_percent": "10"}, [PACKING], "185.40"),
        ("O-06", {"quantity": "3"}, [{"key": "k", "formula": "0.333", "scale": 2}], "300.99"),
        ("O-07", {"quantity": "3"}, [{"key": "k", "formula": "0.333"}], "301.00"),
        ("O-08", {"quantity": "-2"}, [HELD], "-206.00"),
        # the market's amount is multiplied by the market's factor only
        ("O-09", {}, [BIG, PACKING, BIG | {"key": "energy", "market": True}], "119.88"),
        # half of the quantity, per unit: 4 × (100 + 2)
        ("O-10", {"quantity": "4"}, [{"key": "k", "formula": "quantity / 2"}], "408.00"),
    ],
)
def test_options_and_markets(
    name: str, line: dict[str, Any], elements: list[dict[str, Any]], expected: str
) -> None:
    assert net(line, {"elements": elements}) == expected, name


P_04 = [off("10") | {"from": "1"}, off("20") | {"from": "10"}, off("30") | {"from": "20"}]
CLOSED = [off("0") | {"to": "10"}, off("10") | {"to": "20"}]


@pytest.mark.parametrize(
    ("name", "quantity", "tiers", "expected"),
    [
        ("T-01", "1", [{"steps": [off("-4") | {"from": "0"}]}], "104.00"),
        ("T-02", "15", [{"kind": "slab", "steps": P_04}], "1290.00"),
        ("T-03", "-15", [{"kind": "slab", "steps": P_04}], "-1290.00"),
        # bounds that measure: ten units in the first step, and one before it at the full price
        ("T-04", "15", [{"kind": "slab", "steps": P_04, "first": 0}], "1310.00"),
        ("T-05", "12", [{"basis": "amount", "steps": [off("5") | {"from": "1000"}]}], "1140.00"),
        ("T-06", "10", [{"steps": CLOSED}], "1000.00"),
        ("T-07", "10.000001", [{"steps": CLOSED}], "900.00"),
        ("T-08", "20.5", [{"steps": CLOSED}], "2050.00"),
        (
            "T-09",
            "12",
            [{"product": "A", "steps": [off("50") | {"from": "20"}]}, {"steps": P_04}],
            "960.00",
        ),
        ("T-10", "0.5", [{"kind": "slab", "steps": P_04}], "50.00"),
    ],
)
def test_tiers(name: str, quantity: str, tiers: list[dict[str, Any]], expected: str) -> None:
    assert net({"quantity": quantity}, {"tiers": tiers}) == expected, name


NEAR, FAR = off("8", depth="0"), off("12", depth="1")
COST_PLUS = [{"basis": "markup", "percent": "35"}]


@pytest.mark.parametrize(
    ("name", "line", "context", "expected"),
    [
        ("A-01", {}, {"contracted": [FAR, NEAR]}, "92.00"),
        ("A-02", {"cost": "80"}, {"contracted": [off("10")], "cost_plus": COST_PLUS}, "97.20"),
        ("A-03", {}, {"contracted": [{"price": "85"}, NEAR]}, "85.00"),
        ("A-04", {}, {"contracted": [off("-4")]}, "104.00"),
        ("A-05", {"override": {"price": "90"}}, {"contracted": [NEAR]}, "90.00"),
        # a promotion after the agreement: 100 − 8 − 9.20
        ("A-06", {}, {"contracted": [NEAR], "promotions": [off("10")]}, "82.80"),
        ("A-07", {}, {"contracted": [{"price": "85", "net": True}], "promotions": [off("10")]},
         "85.00"),
        ("A-08", {}, {"contracted": [{"price": "85"}], "promotions": [off("10")]}, "76.50"),
        ("A-09", {"quantity": "-3"}, {"contracted": [NEAR]}, "-276.00"),
        ("A-10", {}, {"contracted": [NEAR], "elements": [HELD]}, "95.00"),
    ],
)  # fmt: skip
def test_agreements(
    name: str, line: dict[str, Any], context: dict[str, Any], expected: str
) -> None:
    assert net(line, context) == expected, name


TEN_OFF = {"per_unit": "10"}


@pytest.mark.parametrize(
    ("name", "quantity", "how", "promotions", "expected"),
    [
        ("R-01", "1", "sequence", [TEN_OFF, off("10")], "81.00"),
        ("R-02", "1", "stack_multiply", [TEN_OFF, off("10")], "80.00"),
        ("R-03", "1", "stack_add", [off("10"), off("20"), TEN_OFF], "60.00"),
        ("R-04", "1", "best", [{"per_unit": "12"}, off("10")], "88.00"),
        ("R-05", "1", "worst", [{"per_unit": "12"}, off("10")], "90.00"),
        ("R-06", "1", "sequence", [off("100"), {"per_unit": "5"}], "0.00"),
        ("R-07", "4", "best", [off("10") | {"from": "5"}], "400.00"),
        ("R-08", "-5", "best", [off("10") | {"from": "5"}], "-450.00"),
        ("R-09", "1", "stack_add", [off("60"), off("60")], "0.00"),
        ("R-10", "2", "stack_multiply", [off("10"), off("-10")], "198.00"),
    ],
)
def test_promotions(
    name: str, quantity: str, how: str, promotions: list[dict[str, str]], expected: str
) -> None:
    context = {"promotions": promotions, "combination": how}
    assert net({"quantity": quantity}, context) == expected, name


LONG = [off("4", from_months="24"), off("8", from_months="36")]
AHEAD = off("2", billing="annual")


@pytest.mark.parametrize(
    ("name", "line", "discounts", "expected"),
    [
        ("M-01", {"term_months": 36}, LONG, "92.00"),
        ("M-02", {"term_months": 35}, LONG, "96.00"),
        ("M-03", {"term_months": 36, "billing": "annual"}, [*LONG, AHEAD], "90.16"),
        ("M-04", {"term_months": 12, "billing": "annual"}, [AHEAD | {"from_months": "24"}],
         "100.00"),
        ("M-05", {"term_months": 36, "multiplier": "3"}, LONG, "276.00"),
    ],
)  # fmt: skip
def test_terms(name: str, line: dict[str, Any], discounts: list[Any], expected: str) -> None:
    assert net(line, {"term_discounts": discounts}) == expected, name


@pytest.mark.parametrize(
    ("name", "start", "end", "convention", "months", "expected"),
    [
        ("P-a", "2026-01-01", "2026-01-31", "ANNIV", 1, "100.00"),
        ("P-b", "2026-01-01", "2026-02-15", "M30", 1, "150.00"),
        ("P-c", "2026-01-15", "2026-02-14", "30/360", 1, "100.00"),
        # 17/31 of January and 14/28 of February
        ("P-d", "2026-01-15", "2026-02-14", "CAL", 1, "104.84"),
        ("P-e", "2026-01-15", "2026-02-15", "MONTH_UP", 1, "200.00"),
        ("P-f", "2026-01-15", "2026-02-15", "MONTH_DAY", 1, "103.29"),
        # 184 days of 2027 and 182 of the leap year 2028
        ("P-g", "2027-07-01", "2028-06-30", "ACTACT", 12, "100.14"),
        ("P-h", "2027-07-01", "2028-06-30", "DAY365", 12, "100.27"),
        ("P-i", "2028-02-29", "2029-02-27", "ANNIV", 12, "100.00"),
        ("P-j", "2026-01-01", "2026-06-30", "ANNIV", 24, "25.00"),
    ],
)
def test_prorations(
    name: str, start: str, end: str, convention: str, months: int, expected: str
) -> None:
    line = {"term": {"start_on": start, "end_on": end}, "price_months": months}
    assert net(line, {"conventions": {"A": convention}}) == expected, name


TWENTY = off("20")
TEN = {"discount_percent": "10"}


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        ("C-a", {"partners": [TWENTY]}, "72.00"),
        ("C-b", {"partners": [TWENTY | {"off_list": True}]}, "70.00"),
        ("C-c", {"partners": [TWENTY], "distributors": [off("5")]}, "68.40"),
        ("C-d", {"partners": [TWENTY | {"off_list": True}],
                 "distributors": [off("5") | {"off_list": True}]}, "65.00"),
        ("C-e", {"partners": [TWENTY, off("30", tier="gold")], "partner": "gold"}, "63.00"),
        ("C-f", {"partners": [TWENTY, off("30", tier="gold")], "partner": "silver"}, "72.00"),
        ("C-g", {"partners": [off("30", tier="gold")], "partner": "silver"}, "90.00"),
        ("C-h", {"partners": [TWENTY], "manual_last": True}, "72.00"),
        ("C-i", {"partners": [TWENTY], "elements": [HELD]}, "75.00"),
        ("C-j", {"partners": [off("30", product="A"), TWENTY]}, "63.00"),
    ],
)  # fmt: skip
def test_resellers(name: str, context: dict[str, Any], expected: str) -> None:
    assert net(TEN, context) == expected, name


IN_95 = {"step": "1", "offset": "-0.05"}
LINE = {"discount_percent": "12.6"}


@pytest.mark.parametrize(
    ("name", "line", "context", "expected"),
    [
        ("E-01", LINE, {"endings": [IN_95]}, "86.95"),
        ("E-02", LINE, {"endings": [IN_95 | {"direction": "up"}]}, "87.95"),
        ("E-03", LINE, {"endings": [IN_95 | {"from_price": "90"}]}, "87.40"),
        ("E-04", LINE, {"limits": [{"floor": "95"}]}, "95.00"),
        ("E-05", LINE, {"limits": [{"ceiling": "80"}]}, "80.00"),
        ("E-06", LINE, {"endings": [{"step": "5", "direction": "down"}],
                        "limits": [{"floor": "86"}]}, "86.00"),
        ("E-07", LINE | {"cost": "80"}, {"limits": [{"margin_percent": "20"}]}, "100.00"),
        ("E-08", LINE | {"cost_percent": "60"}, {"limits": [{"margin_percent": "40"}]}, "100.00"),
        ("E-09", LINE | {"multiplier": "2"}, {"limits": [{"floor": "95"}]}, "190.00"),
        ("E-10", LINE | {"quantity": "-2"}, {"limits": [{"floor": "95"}]}, "-190.00"),
    ],
)  # fmt: skip
def test_endings_and_limits(
    name: str, line: dict[str, Any], context: dict[str, Any], expected: str
) -> None:
    assert net(line, context) == expected, name


@pytest.mark.parametrize(
    ("name", "rule", "quantity", "expected"),
    [
        ("D-01", {}, "1", "16.20"),
        ("D-02", {"of": "list"}, "1", "18.00"),
        ("D-03", {"of": "regular"}, "1", "18.00"),
        ("D-04", {}, "2", "32.40"),
        ("D-05", {}, "-1", "-16.20"),
        ("D-06", {"least": "20"}, "1", "20.00"),
        ("D-07", {"least": "20"}, "-1", "-20.00"),
        ("D-08", {"most": "15"}, "1", "15.00"),
        ("D-09", {"except_products": ["B"]}, "1", "0.00"),
        ("D-10", {"least": "20", "except_products": ["B"]}, "0", "0.00"),
    ],
)
def test_percentages_of_other_lines(
    name: str, rule: dict[str, Any], quantity: str, expected: str
) -> None:
    """Of two times 50.00, 10 % off."""
    lines = [
        {"product": "B", "quantity": "2", "discount_percent": "10"},
        {"product": "S", "quantity": quantity},
    ]
    rules = [{"product": "S", "percent": "18", **rule}]
    assert priced(lines, **LISTED, percent_of=rules)["lines"][1]["net"] == expected, name


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        ("F-01", {"fees": [{"percent": "1.5"}]}, "203.00"),
        ("F-02", {"fees": [{"percent": "1.5"}], "header": {"percent": "10"}}, "182.70"),
        ("F-03", {"fees": [{"percent": "1.5", "product": "B"}]}, "201.50"),
        ("F-04", {"fees": [{"amount": "45"}], "header": {"total": "150"}}, "195.00"),
        ("F-05", {"fees": [{"amount": "45", "group": "none"}]}, "200.00"),
    ],
)
def test_fees(name: str, context: dict[str, Any], expected: str) -> None:
    """Of 100.00 and two times 50.00."""
    lines = [{"product": "A"}, {"product": "B", "quantity": "2"}]
    assert priced(lines, **LISTED, **context)["totals"]["net"] == expected, name


@pytest.mark.parametrize(("basis", "step"), [("quantity", "15"), ("amount", "1111")])
def test_what_was_bought_on_a_ramp_is_counted_once(basis: str, step: str) -> None:
    """Six before and five now are eleven in every year; 110 and twice 500 are 1,110 in amount."""
    steps = [off("10") | {"from": "10"}, off("20") | {"from": step}]
    table = {"steps": steps, "cumulative": True, "scope": "quote", "basis": basis}
    sold = "6" if basis == "quantity" else "110"
    ramp = {"segments": [{"quantity": "5"}, {"quantity": "5"}]}
    found = priced([{"product": "A", "ramp": ramp, "sold": sold}], **LISTED, tiers=[table])
    assert [line["net"] for line in found["lines"]] == ["450.00", "450.00"]
