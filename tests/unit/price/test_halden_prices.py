"""The Halden price lists, kept as cases in files, give the reference's totals to the cent."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import handsel.site.demo
from handsel.bid.price.rules.case.answer import price_case, read_case
from handsel.bid.price.rules.checks import findings
from handsel.site.cli.price import load_case
from tests.support.price_cases import check_sums

FOLDER = Path(handsel.site.demo.__file__).parent / "prices"
AFTER_HARDWARE = {"UL file", "ATEX 12 %", "ATEX file", "Spares", "Warranty", "Document language"}

CASE_A = {
    "Deck": "3070.00",
    "Frame": "1289.40",
    "Belt": "253.44",
    "Bed": "228.00",
    "Cleats": "492.00",
    "Side walls": "468.00",
    "Protection class": "120.00",
    "Frequency converter": "310.00",
    "Backstop": "140.00",
    "Supports": "696.00",
    "Control": "340.00",
    "Photo-eyes": "190.00",
    "Fieldbus": "210.00",
    "Pull-cord": "132.00",
    "Drip tray": "528.00",
    "Spares": "338.67",
    "Warranty": "254.01",
    "Document language": "120.00",
}
CASE_B = {
    "Deck": "3774.00",
    "Bed": "920.00",
    "Supports": "580.00",
    "Control": "1950.00",
    "Photo-eyes": "380.00",
    "Fieldbus": "210.00",
    "Pull-cord": "220.00",
    "Automatic tracking": "620.00",
    "UL file": "290.00",
    "Spares": "778.86",
    "Warranty": "475.97",
}


def case(name: str) -> dict[str, Any]:
    return load_case(FOLDER / name)


@pytest.mark.parametrize(
    ("name", "elements", "hardware", "total"),
    [
        ("halden-case-a.json", CASE_A, "8466.84", "9179.52"),
        ("halden-case-b.json", CASE_B, "8654.00", "10198.83"),
    ],
)
def test_reference_conveyors_line_by_line(
    name: str, elements: dict[str, str], hardware: str, total: str
) -> None:
    (line,) = price_case(case(name))["lines"]
    check_sums(line)
    rows = {row["label"]: row["amount"] for row in line["rows"] if row["stage"] == "option"}
    assert rows == elements
    parts = [Decimal(amount) for label, amount in rows.items() if label not in AFTER_HARDWARE]
    assert sum(parts) == Decimal(hardware)
    assert (line["list"], line["net"]) == (total, total)


@pytest.mark.parametrize(
    ("change", "label", "amount"),
    [
        # 2,250 mm is the base and 1.25 further metres: 1,760 + 1.25 × 262.
        ({"length_mm": "2250 mm"}, "Deck", "2087.50"),
        ({"length_mm": "2.25 m"}, "Deck", "2087.50"),
        # 2 × 6,000 / 750 = 16 cleats of 6.50 + 12 + 3.
        ({"cleat_pitch": "750 mm", "cleat_h": "60 mm"}, "Cleats", "344.00"),
        # 2 × 3,000 / 500 = 12 cleats of 20.50.
        ({"length_mm": "3000 mm"}, "Cleats", "246.00"),
        ({"support": "castors"}, "Supports", "912.00"),
        ({"foot": "anchor_plate"}, "Anchor plates", "54.00"),
        ({"warranty": "3 year"}, "Warranty", "465.68"),
        ({"atex": "zone22"}, "ATEX 12 %", "1016.02"),
    ],
)
def test_siblings_of_case_a(change: dict[str, Any], label: str, amount: str) -> None:
    document = case("halden-case-a.json")
    document["lines"][0]["attributes"] |= {
        key: str(value) if isinstance(value, int) else value for key, value in change.items()
    }
    (line,) = price_case(document)["lines"]
    check_sums(line)
    assert {row["label"]: row["amount"] for row in line["rows"]}[label] == amount


def test_the_worked_deal_of_halden_care() -> None:
    found = price_case(case("halden-care-deal.json"))
    contract = {line["key"]: Decimal(line.get("contract", line["net"])) for line in found["lines"]}
    years = {
        name: [contract[f"{name}/{year}"] for year in (1, 2, 3)]
        for name in ("monitoring", "sla", "platform", "hours")
    }
    assert years == {
        "monitoring": [Decimal("4879.68"), Decimal("11426.40"), Decimal("21996.96")],
        "sla": [Decimal("10712.00"), Decimal("11086.92"), Decimal("11474.96")],
        "platform": [Decimal("5961.60"), Decimal("6170.28"), Decimal("6386.16")],
        "hours": [Decimal("4400.00")] * 3,
    }
    by_year = [sum(amounts[place] for amounts in years.values()) for place in range(3)]
    assert by_year == [Decimal("25953.28"), Decimal("33083.60"), Decimal("44258.08")]
    assert contract["implementation"] == Decimal("11200.00")
    assert contract["training"] == Decimal("3450.00")
    charges = {(one["charge"], one["months"]): one for one in found["totals"]["charges"]}
    recurring = sum(
        Decimal(one["contract"]) for kind, one in charges.items() if kind[0] == "recurring"
    )
    one_time = Decimal(charges["one_time", 0]["net"]) - Decimal("82400")
    assert recurring == Decimal("103294.96")
    assert recurring + one_time == Decimal("117944.96")
    assert round(recurring / 3, 2) == Decimal("34431.65")
    assert by_year[2] - years["hours"][2] == Decimal("39858.08")


WORKED_DEAL = {
    "term": "36 month", "billing": "monthly", "lock": False, "sites": 1, "units": 60,
    "monitored": 60, "monitored_1": 12, "monitored_2": 30, "zone": "zone1", "platform": "M",
    "sla": "gold", "hours": "40 h", "visits": 4, "training_days": "3 day",
    "implementation": True, "parts": False, "bronze_free": False, "hardware_net": 82400,
    "spares_list": 0,
}  # fmt: skip


def agreement(**changes: Any) -> dict[str, Decimal]:
    """The rows of a configured agreement, and its total."""
    document = case("halden-care-agreement.json")
    document["context"]["date"] = "2026-03-02"
    attributes = {
        key: value if isinstance(value, bool) else str(value)
        for key, value in (WORKED_DEAL | changes).items()
    }
    line = {"product": "halden-care", "attributes": attributes}
    found = price_case(document | {"lines": [line]})
    rows = {row["label"]: Decimal(row["amount"]) for row in found["lines"][0]["rows"]}
    return rows | {"total": Decimal(found["totals"]["net"])}


def test_the_worked_deal_as_one_agreement() -> None:
    found = agreement()
    years = {
        name: [found[f"{name}, year {year}"] for year in (1, 2, 3)]
        for name in ("Monitoring", "Platform", "Service level")
    }
    assert years == {
        "Monitoring": [Decimal("4879.68"), Decimal("11426.40"), Decimal("21996.96")],
        "Platform": [Decimal("5961.60"), Decimal("6170.28"), Decimal("6386.16")],
        "Service level": [Decimal("10712.00"), Decimal("11086.92"), Decimal("11474.96")],
    }
    assert found["Prepaid hours"] == Decimal("13200.00")
    assert found["Implementation"] + found["Training"] == Decimal("14650.00")
    assert found["total"] == Decimal("117944.96")


@pytest.mark.parametrize(
    ("change", "label", "amount"),
    [
        # Bronze is free in the first year of a conveyor with the long warranty, then 6 %.
        ({"sla": "bronze", "bronze_free": True}, "Service level, year 2", "5117.04"),
        ({"sla": "silver", "hardware_net": 5000}, "Service level, year 1", "900.00"),
        # 540 a month less 8 %; a year in advance less 2 % more, rounded once a bill.
        ({"billing": "annual"}, "Platform, year 1", "5842.37"),
        ({"billing": "quarterly"}, "Platform, year 2", "6170.24"),
        # A price lock takes the uplift away and costs 1.5 % of what recurs but hours.
        ({"lock": True}, "Monitoring, year 3", "20534.40"),
        ({"lock": True}, "Price lock, year 1", "323.30"),
        # Gold brings four visits a year; the fifth and sixth are paid for.
        ({"visits": 6}, "Visits beyond those of the service level", "4080.00"),
        ({"parts": True, "spares_list": 12000}, "Consignment stock", "5400.00"),
        ({"term": "60 month"}, "Monitoring, year 5", "22539.24"),
    ],
)
def test_siblings_of_the_agreement(change: dict[str, Any], label: str, amount: str) -> None:
    assert agreement(**change)[label] == Decimal(amount)


@pytest.mark.parametrize(
    ("product", "more", "net"),
    [
        ("CARE-DATA", {"quantity": "1000000"}, "0.00"),
        ("CARE-DATA", {"quantity": "1000001"}, "4.00"),
        ("CARE-DATA", {"quantity": "1250000"}, "12.00"),
        ("CARE-HRS", {"quantity": "20"}, "2300.00"),
        ("CARE-HRS", {"quantity": "21"}, "4400.00"),
        ("CARE-HRS", {"quantity": "84"}, "8900.00"),
        ("CARE-IMPL", {"quantity": "10"}, "4200.00"),
        ("CARE-IMPL", {"quantity": "1"}, "2040.00"),
        ("CARE-TRAIN", {"quantity": "12"}, "1150.00"),
        ("CARE-TRAIN", {"quantity": "13"}, "2300.00"),
        ("CARE-VISIT", {"attributes": {"zone": "3"}, "quantity": "4"}, "4960.00"),
        ("CARE-MON", {"quantity": "10"}, "380.00"),
        ("CARE-MON", {"quantity": "51"}, "1644.00"),
    ],
)
def test_items_of_halden_care(product: str, more: dict[str, Any], net: str) -> None:
    document = case("halden-care.json")
    document["context"]["date"] = "2026-03-02"
    found = price_case(document | {"lines": [{"product": product} | more]})
    assert found["totals"]["net"] == net


def test_all_units_monitoring_is_flagged_and_slabs_are_not() -> None:
    document = case("halden-care.json") | {"lines": []}
    document["context"]["date"] = "2026-03-02"
    assert findings(read_case(document)[0]) == []
    document["context"]["tiers"][0]["kind"] = "all_units"
    told = [one.message for one in findings(read_case(document)[0])]
    assert [text.partition(": ")[2] for text in told] == [
        "more costs less in all: 10 cost 380, 11 cost 341.",
        "more costs less in all: 50 cost 1550, 51 cost 1224.",
    ]


def test_a_sla_below_its_minimum_costs_the_minimum() -> None:
    document = case("halden-care-deal.json")
    document["context"]["prices"]["hardware"] = "5000"
    found = {line["key"]: line["net"] for line in price_case(document)["lines"]}
    assert found["sla/1"] == "900.00"
