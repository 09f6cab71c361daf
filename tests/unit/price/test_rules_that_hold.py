"""Which rules hold: on their days only, and of surcharges of one name the most specific."""

from __future__ import annotations

from typing import Any

import pytest

from handsel.bid.price.rules.case.answer import price_case, read_case
from handsel.bid.price.rules.case.reading import strict_json
from handsel.bid.price.rules.checks import findings
from tests.unit.price.test_price_refusals import CONTEXT, json

NO_DAYS: dict[str, str] = {}


def case(context: dict[str, Any], **line: Any) -> dict[str, Any]:
    lines = [{"product": "P", **line}]
    found = strict_json(json.dumps({"context": CONTEXT | context, "lines": lines}))
    assert isinstance(found, dict)
    return found


def net(context: dict[str, Any], **line: Any) -> str:
    found = price_case(case(context, **line))["totals"]["net"]
    assert isinstance(found, str)
    return found


def warned(context: dict[str, Any]) -> list[str]:
    return [one.message for one in findings(read_case(case(context))[0])]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (NO_DAYS, "90.00"),
        ({"valid_from": "2026-03-01"}, "90.00"),
        ({"valid_from": "2026-03-02"}, "100.00"),
        ({"valid_until": "2026-03-02"}, "90.00"),
        ({"valid_until": "2026-03-01"}, "100.00"),
    ],
)
@pytest.mark.parametrize("scope", ["line", "quote"])
def test_a_table_holds_on_its_days(days: dict[str, str], expected: str, scope: str) -> None:
    table = {"scope": scope, "steps": [{"from": "0", "percent": "10"}], **days}
    assert net({"tiers": [table]}) == expected


def test_a_table_of_other_days_leaves_the_next_one_its_place() -> None:
    ended = {"label": "A", "steps": [{"from": "0", "percent": "10"}], "valid_until": "2026-03-01"}
    now = {"label": "B", "steps": [{"from": "0", "percent": "20"}]}
    assert net({"tiers": [ended, now]}) == "80.00"
    assert warned({"tiers": [ended, now]}) == []
    assert warned({"tiers": [now, ended]}) == [
        "A never applies: B speaks of the same and is always reached."
    ]


def test_of_surcharges_of_one_name_the_most_specific_counts_and_the_other_is_told() -> None:
    elements = [
        {"key": "packing", "rule": "all", "formula": "5"},
        {"key": "packing", "rule": "own", "formula": "12", "product": "P"},
        {"key": "freight", "formula": "packing * 2"},
    ]
    found = price_case(case({"elements": elements}))
    (line,) = found["lines"]
    assert line["net"] == "136.00"  # 100 + 12 + 24
    assert [(one["rule"], one["why"]) for one in line["losers"]] == [
        ("all", "own of the same name goes before it.")
    ]
    assert warned({"elements": elements}) == []
    twice = [{"key": "packing", "rule": one, "formula": "5"} for one in ("first", "second")]
    assert net({"elements": twice}) == "105.00"
    assert warned({"elements": twice}) == [
        "second never applies: first goes before it on all of its days."
    ]


def test_a_fee_holds_on_its_days_and_for_its_product() -> None:
    assert net({"fees": [{"amount": "5", "valid_until": "2026-03-01"}]}) == "100.00"
    assert net({"fees": [{"amount": "5", "product": "Q"}]}) == "100.00"
    assert net({"fees": [{"amount": "5", "product": "P"}]}) == "105.00"
