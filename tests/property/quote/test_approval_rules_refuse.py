"""Whatever is sent as a rule is read or refused with a place, never half read and never a crash."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.errors import BadCondition
from handsel.bid.quote.rules.approval.evaluate import findings
from handsel.bid.quote.rules.approval.fact_types import FACTS
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.grammar import COMPARISONS, as_data, parse_condition
from handsel.bid.quote.rules.approval.plan import parse_steps
from handsel.bid.quote.rules.approval.wording import ENGLISH

numbers = ["1", "-0", "1e400", "NaN", "Infinity", "١٢", "１２", "1_000", " 1", "", "0x1", "1,5"]
values = st.one_of(
    st.sampled_from([*numbers, "9" * 40, "EUR", "\x00", "é" * 300]),
    st.integers(-(10**25), 10**25),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dictionaries(st.sampled_from(["EUR", "XXX", "", "JPY"]), st.sampled_from(numbers)),
    st.lists(st.sampled_from(["DE", 1, None]), max_size=3),
)
operators = st.sampled_from([*COMPARISONS, "in", "not in", "has", "has not", "is", "is not", "~"])
leaves = st.fixed_dictionaries(
    {"op": operators, "value": values},
    optional={
        "fact": st.sampled_from([*FACTS, "__class__", 7]),
        "aggregate": st.sampled_from(["max", "min", "sum", "count", "avg", None]),
        "of": st.sampled_from([*FACTS, "line.nothing"]),
        "surprise": st.just(1),
    },
)
words = ["all", "any", "not", "any_line", "every_line", "where", "xor"]
conditions = st.recursive(
    st.one_of(leaves, values),
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(words), st.one_of(inner, st.lists(inner, max_size=3))),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(conditions)
def test_a_condition_is_read_or_refused(data: Any) -> None:
    try:
        condition = parse_condition(data)
    except BadCondition as refused:
        assert refused.message
        return
    assert parse_condition(as_data(condition)) == condition
    assert ENGLISH.condition(condition)
    findings(condition, QuoteFacts(currency="EUR"))


@given(
    st.recursive(
        values,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["approvers", "quorum", "hours", "otherwise", "role", "user"]),
                inner,
            ),
        ),
        max_leaves=8,
    )
)
def test_a_chain_is_read_or_refused(data: Any) -> None:
    try:
        steps = parse_steps(data)
    except BadCondition as refused:
        assert refused.message
        return
    assert parse_steps([step.as_data() for step in steps]) == steps
