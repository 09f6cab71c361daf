"""After any edit of an approved offer exactly the owners of limits that got worse are asked.

The oracle knows nothing of envelopes: it compares every line and total with what was approved.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.approval.envelope import Approved, Envelope, approvals_of
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.grammar import parse_condition
from handsel.bid.quote.rules.approval.line_facts import LineFacts, less
from handsel.bid.quote.rules.approval.people import Circumstance, Colleague, People
from handsel.bid.quote.rules.approval.plan import Plan, Reason, Rule, make_plan, parse_steps

ASKED = Circumstance(1, 1, datetime(2026, 3, 2, 9, tzinfo=UTC))
PEOPLE = People({key: Colleague(key, f"User {key}") for key in range(1, 6)})
LINE, HEADER, DAYS, VALUE = 1_500, 1_000, 60, 50_000_00
CONDITIONS = {
    "line": {"any_line": {"fact": "line.discount", "op": ">", "value": "15"}},
    "header": {"fact": "header_discount", "op": ">", "value": "10"},
    "days": {"fact": "payment_days", "op": ">", "value": DAYS},
    "value": {"fact": "net_value", "op": ">", "value": {"EUR": "50000"}},
}
RULES = [
    Rule(n, name, 1, name, parse_condition(one), parse_steps([{"approvers": [{"user": n + 2}]}]))
    for n, (name, one) in enumerate(CONDITIONS.items())
]


@st.composite
def offers(draw: st.DrawFn) -> QuoteFacts:
    """An offer of lines out of the same five, whose costs nobody knows."""
    header = draw(st.integers(0, 2_000))
    lines = []
    for place in sorted(draw(st.sets(st.integers(1, 5), min_size=1))):
        listed, off = draw(st.integers(100, 4_000_000)), draw(st.integers(0, 4_000))
        lines.append(
            LineFacts(
                key=str(place),
                position=place,
                name="Belt",
                article="B",
                group="belts",
                kind="goods",
                quantity=Decimal(1),
                list_minor=listed,
                before_minor=listed,
                discount_bps=off,
                net_minor=less(less(listed, off), header),
            )
        )
    days = draw(st.integers(0, 120))
    return QuoteFacts(currency="EUR", header_bps=header, payment_days=days, lines=tuple(lines))


def plan(facts: QuoteFacts, approved: list[Approved]) -> Plan:
    """Who must be asked."""
    return make_plan(facts, RULES, PEOPLE, ASKED, Envelope.of(approved))


def broken(facts: QuoteFacts) -> dict[tuple[str, str], int]:
    """By rule and line (none for the whole) how far a limit is gone past."""
    found = {("line", one.key): one.discount_bps for one in facts.lines if one.discount_bps > LINE}
    if facts.header_bps > HEADER:
        found["header", ""] = facts.header_bps
    if facts.payment_days > DAYS:
        found["days", ""] = facts.payment_days
    if facts.net_minor > VALUE:
        found["value", ""] = facts.net_minor
    return found


@given(st.lists(offers(), min_size=2, max_size=5))
def test_exactly_the_owners_of_what_got_worse_are_asked(states: list[QuoteFacts]) -> None:
    approved: list[Approved] = []
    known: dict[tuple[str, str], int] = {}
    for facts in states:
        now = broken(facts)
        worse = {rule for (rule, line), far in now.items() if far > known.get((rule, line), -1)}
        made = plan(facts, approved)
        asked = [reason for ask in made.asks for reason in ask.reasons]
        assert {reason.rule_name for reason in asked} == worse
        assert {one.rule_name for one in made.kept} == {rule for rule, _line in now} - worse
        for reason in asked:  # all of them agree, and what was kept with the request counts
            told = Reason.from_json(reason.as_json())
            approved += approvals_of(told.rule_key, told.step_print, told.found)
            for place, far in now.items():
                if place[0] == reason.rule_name:
                    known[place] = max(far, known.get(place, -1))
        assert plan(facts, approved).needs_nobody


@given(offers(), st.integers(0, 1_000))
def test_what_was_kept_before_lines_were_told_apart_still_counts(
    facts: QuoteFacts, better: int
) -> None:
    worst = max(line.discount_bps for line in facts.lines)
    (rule,) = [one for one in RULES if one.name == "line"]
    asked = [r for ask in plan(facts, []).asks for r in ask.reasons if r.rule_name == "line"]
    old = [
        Approved(rule.key, rule.steps[0].print, one.print, 1, worst)
        for reason in asked
        for one in reason.found[:1]
    ]
    less_off = facts.changed(
        line_bps={line.key: max(0, line.discount_bps - better) for line in facts.lines}
    )
    again = [r for ask in plan(less_off, old).asks for r in ask.reasons]
    assert "line" not in {reason.rule_name for reason in again}
