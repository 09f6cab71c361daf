"""The planner's invariants: more discount never needs fewer approvals, the nearest change needs
nobody and nothing in it is idle, what was approved covers itself and everything better."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.approval.envelope import Envelope, approvals_of
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.gate import gate
from handsel.bid.quote.rules.approval.grammar import Condition, as_data, parse_condition
from handsel.bid.quote.rules.approval.line_facts import LineFacts, less
from handsel.bid.quote.rules.approval.nearest import nearest_changes
from handsel.bid.quote.rules.approval.people import Circumstance, Colleague, People
from handsel.bid.quote.rules.approval.plan import (
    Plan,
    Reason,
    Rule,
    make_plan,
    parse_steps,
)

ASKED = Circumstance(1, 1, datetime(2026, 3, 2, 9, tzinfo=UTC))
PEOPLE = People(
    {key: Colleague(key, f"User {key}", frozenset({f"role{key % 3}"})) for key in range(1, 8)}
)
percent = st.integers(0, 40).map(str)
# Comparisons that a larger discount can only make truer.
worsening = st.one_of(
    percent.map(lambda p: {"fact": "header_discount", "op": ">", "value": p}),
    percent.map(lambda p: {"fact": "total_discount", "op": ">=", "value": p}),
    percent.map(lambda p: {"fact": "margin", "op": "<", "value": p}),
    percent.map(lambda p: {"any_line": {"fact": "line.discount", "op": ">", "value": p}}),
    percent.map(lambda p: {"any_line": {"fact": "line.margin", "op": "<=", "value": p}}),
    percent.map(lambda p: {"aggregate": "max", "of": "line.total_discount", "op": ">", "value": p}),
    st.integers(1, 90).map(lambda d: {"fact": "payment_days", "op": ">", "value": d}),
)
conditions = st.recursive(
    worsening,
    lambda inner: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["all", "any"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
specs = st.one_of(
    st.integers(2, 7).map(lambda key: {"user": key}),
    st.integers(0, 2).map(lambda key: {"role": f"role{key}"}),
)
chains = st.lists(
    st.lists(specs, min_size=1, max_size=2).map(lambda whom: {"approvers": whom}),
    min_size=1,
    max_size=3,
)
rule_lists = st.lists(
    st.builds(lambda data, chain: (parse_condition(data), parse_steps(chain)), conditions, chains),
    max_size=4,
).map(
    lambda made: [
        Rule(key, str(key), 1, f"Rule {key}", condition, steps)
        for key, (condition, steps) in enumerate(made)
    ]
)


@st.composite
def offers(draw: st.DrawFn) -> QuoteFacts:
    """An offer of one to four lines whose costs are known."""
    header = draw(st.integers(0, 4000))
    lines = []
    for place in range(draw(st.integers(1, 4))):
        listed, off = draw(st.integers(100, 10**7)), draw(st.integers(0, 6000))
        lines.append(
            LineFacts(
                key=str(place),
                position=place + 1,
                name="Belt",
                article="B",
                group="belts",
                kind="goods",
                quantity=Decimal(1),
                list_minor=listed,
                before_minor=listed,
                discount_bps=off,
                net_minor=less(less(listed, off), header),
                cost_minor=draw(st.integers(0, listed)),
            )
        )
    days = draw(st.integers(0, 120))
    return QuoteFacts(currency="EUR", header_bps=header, payment_days=days, lines=tuple(lines))


def plan(facts: QuoteFacts, rules: list[Rule], envelope: Envelope | None = None) -> Plan:
    """Who must be asked."""
    return make_plan(facts, rules, PEOPLE, ASKED, envelope or Envelope({}))


def reasons(made: Plan) -> list[Reason]:
    """Why anybody is asked."""
    return [reason for ask in made.asks for reason in ask.reasons]


@given(offers(), rule_lists, st.integers(0, 3000), st.integers(0, 3000))
def test_more_discount_never_needs_fewer(
    facts: QuoteFacts, rules: list[Rule], more: int, header_more: int
) -> None:
    deeper = facts.changed(
        header_bps=min(10_000, facts.header_bps + header_more),
        line_bps={line.key: min(10_000, line.discount_bps + more) for line in facts.lines},
    )
    before, after = plan(facts, rules), plan(deeper, rules)
    assert {ask.print for ask in before.asks} <= {ask.print for ask in after.asks}
    assert {reason.rule_key for reason in reasons(before)} <= {
        reason.rule_key for reason in reasons(after)
    }


@given(offers(), rule_lists)
def test_the_nearest_change_needs_nobody_and_wastes_nothing(
    facts: QuoteFacts, rules: list[Rule]
) -> None:
    for change in nearest_changes(facts, lambda one: plan(one, rules)):
        assert plan(change.on(facts), rules).needs_nobody
        assert change.size > 0
        parts = [
            {name: None}
            for name in ("header_bps", "payment_days", "valid_days")
            if getattr(change, name) is not None
        ]
        without = [replace(change, **part) for part in parts]  # type: ignore[arg-type]
        without += [
            replace(change, line_bps=tuple(row for row in change.line_bps if row != gone))
            for gone in change.line_bps
        ]
        assert not any(plan(one.on(facts), rules).needs_nobody for one in without)


@given(offers(), rule_lists)
def test_a_change_is_found_where_giving_nothing_away_would_do(
    facts: QuoteFacts, rules: list[Rule]
) -> None:
    nothing = facts.changed(
        header_bps=0, line_bps={line.key: 0 for line in facts.lines}, payment_days=0
    )
    found = nearest_changes(facts, lambda one: plan(one, rules))
    if plan(facts, rules).needs_nobody:
        assert found == ()
    elif plan(replace(nothing, payment_days=facts.payment_days), rules).needs_nobody:
        assert found


@given(offers(), rule_lists, st.integers(0, 3000))
def test_what_is_approved_covers_itself_and_everything_better(
    facts: QuoteFacts, rules: list[Rule], better: int
) -> None:
    asked = plan(facts, rules)
    allowed = Envelope.of(
        row
        for reason in (Reason.from_json(one.as_json()) for one in reasons(asked))
        for row in approvals_of(reason.rule_key, reason.step_print, reason.found)
    )
    assert plan(facts, rules, allowed).needs_nobody
    smaller = facts.changed(
        line_bps={line.key: max(0, line.discount_bps - better) for line in facts.lines}
    )
    asked_again = {reason.rule_key for reason in reasons(plan(smaller, rules, allowed))}
    limits = {row.rule_key for rows in allowed.approved.values() for row in rows}
    # Within one `all` or `any` other comparisons may be met now; a single one never asks again.
    single = {
        rule.key
        for rule in rules
        if "all" not in (data := as_data(rule.condition)) and "any" not in data
    }
    assert not asked_again & limits & single


negated = conditions.map(lambda data: {"not": data})
over_lines = st.builds(
    lambda word, word_of, percents: {
        word: {
            word_of: [
                {"fact": "line.discount", "op": ">", "value": percents[0]},
                {"fact": "line.margin", "op": "<", "value": percents[1]},
                {"fact": "line.net_value", "op": ">", "value": {"EUR": percents[2]}},
                {"fact": "line.list_value", "op": ">=", "value": {"USD": percents[2]}},
            ]
        }
    },
    st.sampled_from(["any_line", "every_line"]),
    st.sampled_from(["all", "any"]),
    st.tuples(percent, percent, percent),
)
anything = st.one_of(conditions, negated, over_lines, over_lines.map(lambda data: {"not": data}))


@given(offers(), st.lists(anything, min_size=1, max_size=3), st.booleans(), st.integers(0, 2000))
def test_the_gate_in_short_says_what_the_plan_says(
    facts: QuoteFacts, data: list[dict[str, object]], is_allowed: bool, more: int
) -> None:
    steps = parse_steps([{"approvers": [{"user": 2}]}, {"approvers": [{"user": 3}]}])
    rules = [
        Rule(key, str(key), 1, "", parse_condition(one), steps) for key, one in enumerate(data)
    ]
    rows = [
        row
        for reason in reasons(plan(facts, rules))
        for row in approvals_of(reason.rule_key, reason.step_print, reason.found)
    ]
    envelope = Envelope.of(rows if is_allowed else [])
    shorter = gate(rules, envelope, facts.currency)
    deeper = facts.changed(line_bps={line.key: line.discount_bps + more for line in facts.lines})
    unknown = replace(facts, lines=tuple(line._replace(cost_minor=None) for line in facts.lines))
    for one in (facts, deeper, unknown, replace(facts, lines=())):
        assert shorter(one) == plan(one, rules, envelope).needs_nobody


@given(conditions)
def test_a_condition_read_back_is_the_same(data: dict[str, object]) -> None:
    condition: Condition = parse_condition(data)
    assert parse_condition(as_data(condition)) == condition
