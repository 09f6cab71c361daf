"""Counting, alternatives, questions and reopening, against all products of small models."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.alternatives import alternatives, differing
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.guide import next_question, questions
from handsel.bid.configure.rules.hitting import first_smallest_hitting_set
from handsel.bid.configure.rules.reopen import reopen
from tests.support.small_products import (
    configurator,
    decisions_of,
    fulfils,
    models,
    products,
)

CASES = settings(max_examples=100, deadline=None)


@CASES
@given(st.data())
def test_variants_are_counted_exactly_or_from_below(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models(6, 7))
    decisions = data.draw(decisions_of(model))
    count = sum(all(fulfils(one, d) for d in decisions) for one in products(model))
    subject = configurator(model)
    exact = count_variants(subject, decisions)
    assert (exact.count, exact.is_exact) == (count, True)
    for budget in (0, 1, 3):
        bound = count_variants(subject, decisions, budget=budget)
        assert bound.count <= count
        assert not bound.is_exact or bound.count == count
        assert bound.count > 0 or count == 0


@CASES
@given(st.data())
def test_alternatives_are_valid_and_differ(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models())
    decisions = data.draw(decisions_of(model))
    valid = [one for one in products(model) if all(fulfils(one, d) for d in decisions)]
    assume(valid)
    subject = configurator(model)
    found = alternatives(subject, decisions, 3)
    assert 1 <= len(found) <= min(3, len(valid))
    values = [dict(one.completion.values) for one in found]
    assert all(one in valid for one in values)
    assert all(one != other for at, one in enumerate(values) for other in values[:at])
    assert (len(found) == 1) == (len(valid) == 1)
    for one in found:
        assert set(one.differs_in) == set(differing([values[0], one.completion.values]))
    priced = alternatives(subject, decisions, 3, amount=lambda one: sum(map(len, map(str, one))))
    amounts = [one.amount for one in priced]
    assert amounts == sorted(amounts)  # type: ignore[type-var]


@CASES
@given(st.data())
def test_the_next_question_narrows_most(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models())
    decisions = data.draw(decisions_of(model))
    subject = configurator(model)
    assume(subject.is_possible(decisions))
    asked = questions(subject, decisions, among=[one.key for one in model.variables])
    decided = {one.variable for one in decisions if one.operator == "="}
    for question in asked:
        assert question.variable not in decided
        after = [
            subject.answer([*decisions, Decision(question.variable, value)]).remaining
            for value in question.values
        ]
        assert question.expected == Fraction(sum(after), len(after))
    best = next_question(subject, decisions)
    mine = [one for one in asked if model.variable(one.variable).is_question]
    assert best == (min(mine, key=lambda one: one.expected) if mine else None)
    if best:
        skipped = next_question(subject, decisions, skipped=[best.variable])
        assert skipped != best


@CASES
@given(st.data())
def test_reopening_under_the_same_model_changes_nothing(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models())
    decisions = data.draw(decisions_of(model))
    valid = [one for one in products(model) if all(fulfils(one, d) for d in decisions)]
    assume(valid)
    values = data.draw(st.sampled_from(valid))
    found = reopen(decisions, model, configurator(model), values=values)
    assert found.is_unchanged
    assert list(found.kept) == decisions


@CASES
@given(st.data())
def test_reopening_under_stricter_laws_tells_what_is_lost_and_why(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models(most_laws=4))
    strict = data.draw(models(most_laws=4))
    shared = [one for one in model.variables if one in strict.variables]
    assume(shared)
    decisions = data.draw(decisions_of(model))
    subject = configurator(strict)
    assume(subject.is_possible([]))
    found = reopen(decisions, model, subject)
    assert len(found.kept) + len(found.impossible) == len(decisions)
    assert subject.is_possible(found.kept)
    for lost in found.impossible:
        assert (lost.explanation is not None) == (lost.why == "contradiction")
        if lost.explanation is not None:
            assert set(lost.explanation.decisions) <= set(found.kept)
            assert subject.explainer.is_minimal(lost.explanation)


@CASES
@given(st.lists(st.integers(1, 255), max_size=8))
def test_the_first_smallest_hitting_set(sets) -> None:  # type: ignore[no-untyped-def]
    hitting = [one for one in range(256) if all(one & other for other in sets)]
    best = min(hitting, key=lambda one: (one.bit_count(), [k for k in range(8) if one >> k & 1]))
    assert first_smallest_hitting_set(sets, 8) == best
    if best:
        assert first_smallest_hitting_set(sets, best.bit_count() - 1) is None
