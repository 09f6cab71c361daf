"""Conditions, wording and working time, case by case."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.quote.errors import BadCondition
from handsel.bid.quote.rules.approval.evaluate import findings
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.grammar import parse_condition
from handsel.bid.quote.rules.approval.hours import WorkCalendar, median
from handsel.bid.quote.rules.approval.line_facts import LineFacts
from handsel.bid.quote.rules.approval.people import Seat, can_fill, parse_spec
from handsel.bid.quote.rules.approval.plan import parse_steps
from handsel.bid.quote.rules.approval.wording import ENGLISH


def line(position: int = 1, **facts: Any) -> LineFacts:
    """A line of 100.00 at list price without discount."""
    given: dict[str, Any] = {
        "key": str(position),
        "position": position,
        "name": "Belt",
        "article": "BELT",
        "group": "belts",
        "kind": "goods",
        "quantity": Decimal(1),
        "list_minor": 100_00,
        "before_minor": 100_00,
        "discount_bps": 0,
        "net_minor": 100_00,
    }
    return LineFacts(**given | facts)


def offer(*lines: LineFacts, **facts: Any) -> QuoteFacts:
    """An offer in euros."""
    return QuoteFacts(currency="EUR", lines=lines or (line(),), **facts)


def met(data: Any, facts: QuoteFacts) -> bool:
    """Whether a condition holds."""
    return findings(parse_condition(data), facts) is not None


DEEP = {"any_line": {"fact": "line.discount", "op": ">", "value": "12.5"}}
OVER = {"fact": "net_value", "op": ">", "value": {"EUR": "99.99"}}


@pytest.mark.parametrize(
    ("data", "facts", "holds"),
    [
        (DEEP, offer(line(discount_bps=1250)), False),
        (DEEP, offer(line(), line(2, discount_bps=1251)), True),
        ({"not": DEEP}, offer(line(discount_bps=1251)), False),
        ({"not": DEEP}, offer(line()), True),
        ({"every_line": DEEP["any_line"]}, offer(line(discount_bps=1300), line(2)), False),
        (OVER, offer(), True),
        ({"not": OVER}, offer(), False),
        ({"fact": "region", "op": "in", "value": ["US", "CA"]}, offer(region="CA"), True),
        ({"fact": "product_groups", "op": "has", "value": "belts"}, offer(), True),
        ({"fact": "product_groups", "op": "has not", "value": "belts"}, offer(), False),
        ({"fact": "clause_deviation", "op": "is", "value": True}, offer(), False),
        (
            {"fact": "clause_deviation", "op": "is", "value": True},
            offer(clause_deviation=True),
            True,
        ),
        ({"fact": "nonstandard", "op": "is", "value": True}, offer(line(nonstandard=True)), True),
        ({"fact": "margin", "op": "<", "value": "20"}, offer(), False),
        ({"not": {"fact": "margin", "op": ">=", "value": "20"}}, offer(), False),
        ({"fact": "margin", "op": "<", "value": "20"}, offer(line(cost_minor=80_01)), True),
        ({"fact": "margin", "op": "<", "value": "20"}, offer(line(cost_minor=80_00)), False),
        ({"fact": "cost_known", "op": "is", "value": False}, offer(), True),
        (
            {"aggregate": "sum", "of": "line.net_value", "op": ">=", "value": {"EUR": "200"}},
            offer(line(), line(2)),
            True,
        ),
        (
            {
                "aggregate": "count",
                "of": "line.article",
                "where": {"fact": "line.group", "op": "=", "value": "stands"},
                "op": ">",
                "value": 0,
            },
            offer(),
            False,
        ),
        ({"any": [DEEP, OVER]}, offer(), True),
        ({"all": [DEEP, OVER]}, offer(), False),
    ],
)
def test_conditions(data: Any, facts: QuoteFacts, holds: bool) -> None:
    assert met(data, facts) is holds


def test_a_currency_without_a_limit_asks() -> None:
    dollars = QuoteFacts(currency="USD", lines=(line(),))
    for data in (OVER, {"not": OVER}):
        (found,) = findings(parse_condition(data), dollars) or ()
        assert found.limit is None
        assert "no limit in this currency" in ENGLISH.finding(found, "USD")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], "an object"),
        ({}, "a known fact"),
        ({"fact": "colour", "op": "=", "value": "red"}, "none called “colour”"),
        ({"fact": "header_discount", "op": "~", "value": "1"}, "one of >"),
        ({"fact": "header_discount", "op": ">", "value": 1.5}, "a number as text"),
        ({"fact": "header_discount", "op": ">", "value": True}, "a number as text"),
        ({"fact": "header_discount", "op": ">", "value": "NaN"}, "a number with at most"),
        ({"fact": "header_discount", "op": ">", "value": "1e400"}, "a number with at most"),
        ({"fact": "header_discount", "op": ">", "value": "１２"}, "a number with at most"),
        ({"fact": "header_discount", "op": ">", "value": "1", "x": 1}, "nothing else"),
        ({"fact": "line.discount", "op": ">", "value": "1"}, "a fact of the whole quote"),
        ({"any_line": {"fact": "region", "op": "=", "value": "DE"}}, "a fact of a line"),
        ({"any_line": DEEP}, "no lines within a line"),
        ({"all": []}, "at least one condition"),
        ({"fact": "net_value", "op": ">", "value": "250000"}, "an amount per currency"),
        ({"fact": "net_value", "op": ">", "value": {"EURO": "1"}}, "a currency"),
        ({"fact": "net_value", "op": ">", "value": {"EUR": "1.234"}}, "an amount"),
        ({"fact": "region", "op": "in", "value": "DE"}, "a list"),
        ({"fact": "cost_known", "op": "is", "value": "yes"}, "true or false"),
        ({"aggregate": "sum", "of": "line.group", "op": ">", "value": 1}, "reckoned with"),
        ({"aggregate": "mean", "of": "line.discount", "op": ">", "value": 1}, "one of max"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(data: Any, expected: str) -> None:
    with pytest.raises(BadCondition, match="condition") as refused:
        parse_condition(data)
    assert expected in refused.value.message


def test_conditions_are_not_endless() -> None:
    deep: Any = OVER
    for _ in range(10):
        deep = {"not": deep}
    with pytest.raises(BadCondition, match="levels"):
        parse_condition(deep)
    with pytest.raises(BadCondition, match="50 comparisons"):
        parse_condition({"any": [OVER] * 51})


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"approvers": []}],
        [{"approvers": [{"role": "x", "user": 1}]}],
        [{"approvers": [{"king": "x"}]}],
        [{"approvers": [{"user": True}]}],
        [{"approvers": [{"manager_of": "everybody"}]}],
        [{"approvers": [{"role": "x"}], "quorum": 2}],
        [{"approvers": [{"role": "x"}], "hours": -1}],
        [{"approvers": [{"role": "x"}], "when": "now"}],
    ],
)
def test_what_is_no_chain_is_refused(steps: Any) -> None:
    with pytest.raises(BadCondition):
        parse_steps(steps)
    assert parse_spec({"role": "sales_manager"}).as_data() == {"role": "sales_manager"}


def test_conditions_in_words() -> None:
    both = {
        "all": [
            {"any": [DEEP, {"fact": "payment_days", "op": ">=", "value": 60}]},
            {"not": {"fact": "region", "op": "in", "value": ["CH", "AT"]}},
        ]
    }
    assert ENGLISH.condition(parse_condition(both)) == (
        "(on a line: Discount on a line more than 12.5 % or Days to pay at least 60 days)"
        " and not (Country the goods go to one of AT, CH)"
    )
    assert ENGLISH.condition(parse_condition(OVER)) == "Net value more than 99.99 EUR"


def test_seats_are_filled_by_different_people() -> None:
    one, both = Seat((1,)), Seat((1, 2))
    assert can_fill([one, both], 2)
    assert not can_fill([one, one], 2)
    assert can_fill([one, one], 1)


def test_working_time() -> None:
    calendar = WorkCalendar("Europe/Berlin", frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
    friday = datetime(2026, 3, 27, 15, 30, tzinfo=UTC)  # 16:30, the last of winter time
    assert calendar.after(friday, 1) == datetime(2026, 3, 30, 6, 30, tzinfo=UTC)
    assert calendar.after(datetime(2026, 3, 28, 12, tzinfo=UTC), 9).hour == 15
    easter = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
    assert calendar.between(easter, datetime(2026, 4, 7, 13, 0, tzinfo=UTC)) == 10
    assert calendar.between(easter, easter) == 0
    assert median([Decimal(1), Decimal(6), Decimal(2)]) == 2
    assert median([Decimal(1), Decimal(2)]) == Decimal("1.5")
    assert median([]) is None
