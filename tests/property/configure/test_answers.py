"""Whatever the model and the decisions: complete domains, minimal reasons, repairs that work."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.complete import complete, preferred_values
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.repair import preferred_repair, smallest_repairs, works
from handsel.bid.configure.rules.session import Configurator
from tests.support.small_products import (
    configurator,
    decisions_of,
    fulfils,
    holds,
    models,
    products,
)

CASES = settings(max_examples=150, deadline=None)


@st.composite
def situations(draw: st.DrawFn) -> tuple[ProductModel, Configurator, list[Decision]]:
    model = draw(models())
    return model, configurator(model), draw(decisions_of(model))


@CASES
@given(situations(), st.randoms())
def test_answers_are_complete_and_know_no_order(situation, random) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    valid = [one for one in products(model) if all(fulfils(one, d) for d in decisions)]
    answer = subject.answer(decisions)
    assert (answer.states is None) == (not valid)
    if not valid:
        return
    decided = {one.variable for one in decisions if one.operator == "="}
    remaining = removed = 0
    for standing in answer.standings():
        key = standing.variable.key
        possible = {one[key] for one in valid}
        assert set(standing.possible) == possible
        assert {*standing.possible, *standing.removed} == set(standing.variable.values)
        remaining += 1 if key in decided else len(possible)
        removed += 0 if key in decided else len(standing.variable.values) - len(possible)
    assert (answer.remaining, answer.removed) == (remaining, removed)
    shuffled = list(decisions)
    random.shuffle(shuffled)
    assert subject.answer(shuffled).states == answer.states


@CASES
@given(situations())
def test_undo_restores_exactly(situation) -> None:  # type: ignore[no-untyped-def]
    _, subject, decisions = situation
    states = [subject.answer(decisions[:count]).states for count in range(len(decisions) + 1)]
    for count in reversed(range(len(decisions) + 1)):
        assert subject.answer(decisions[:count]).states == states[count]


@CASES
@given(situations())
def test_a_delta_brings_one_answer_to_the_other(situation) -> None:  # type: ignore[no-untyped-def]
    _, subject, decisions = situation
    before, after = subject.answer(decisions[:1]), subject.answer(decisions)
    assume(before.states is not None and after.states is not None)
    shown = {one.variable.key: one for one in before.standings()}
    shown.update({one.variable.key: one for one in after.changed_since(before)})
    assert shown == {one.variable.key: one for one in after.standings()}


@CASES
@given(situations())
def test_a_completion_is_valid_and_takes_the_best_that_fits(situation) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    valid = [one for one in products(model) if all(fulfils(one, d) for d in decisions)]
    assume(valid)
    found = complete(subject, decisions).values
    assert all(holds(law, found) for law in model.laws)
    assert all(fulfils(found, one) for one in decisions)
    wished = [one for one in model.variables if one.default is not None]
    others = [one for one in model.variables if one.default is None]
    for variable in [*wished, *others]:
        best = variable.default if variable.default is not None else variable.values[0]
        order = [best, *(one for one in variable.values if one != best)]
        value = next(v for v in order if any(one[variable.key] == v for one in valid))
        assert found[variable.key] == value
        valid = [one for one in valid if one[variable.key] == value]
    states = subject.answer(decisions).states
    assert states is not None
    shown = preferred_values(subject, decisions, states)
    assert all(found[key] == value for key, value in shown.items())


@CASES
@given(situations())
def test_every_offered_value_completes(situation) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    answer = subject.answer(decisions)
    assume(answer.states is not None)
    for standing in answer.standings():
        for value in standing.possible:
            chosen = [*decisions, Decision(standing.variable.key, value)]
            found = complete(subject, chosen).values
            assert all(holds(law, found) for law in model.laws)


@CASES
@given(situations())
def test_reasons_are_true_minimal_and_smallest(situation) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    answer = subject.answer(decisions)
    for variable in model.variables:
        for value in variable.values:
            wish = Decision(variable.key, value)
            reason = subject.explain(decisions, wish, smallest=True)
            blocked = answer.states is None or value not in answer.of(variable.key).possible
            assert (reason is not None) == blocked
            if reason is None:
                continue
            assert subject.explainer.is_minimal(reason)
            assert reason.is_smallest
            assert reason.size == _fewest(model, decisions, wish)
            quick = subject.explain(decisions, wish)
            assert quick is not None
            assert subject.explainer.is_minimal(quick)


def _fewest(model: ProductModel, decisions: list[Decision], wish: Decision) -> int:
    """How many decisions and laws any reason needs, by trying all of them."""
    parts = [*decisions, *model.laws]
    everything = list(products(ProductModel("free", model.variables, ())))
    wished = [one for one in everything if fulfils(one, wish)]
    for size in range(len(parts) + 1):
        for chosen in itertools.combinations(parts, size):
            if not any(all(_fits(one, part) for part in chosen) for one in wished):
                return size
    raise AssertionError("the wish is possible")


def _fits(product, part) -> bool:  # type: ignore[no-untyped-def]
    return fulfils(product, part) if isinstance(part, Decision) else holds(part, product)


@CASES
@given(situations())
def test_repairs_are_all_the_smallest_and_work(situation) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    valid = list(products(model))
    for variable in model.variables:
        wish = Decision(variable.key, variable.values[0])
        found = smallest_repairs(subject.explainer, decisions, wish)
        assert [set(one.given_up) for one in found] == _ways_out(valid, decisions, wish)
        assert all(works(subject.explainer, one) for one in found)
        for one in found:
            assert {*one.kept, *one.given_up} == set(decisions)
            assert subject.is_possible(one.decisions)


def _ways_out(valid, decisions, wish):  # type: ignore[no-untyped-def]
    found: list[set[Decision]] = []
    for size in range(4):
        for given_up in itertools.combinations(decisions, size):
            kept = [one for one in decisions if one not in given_up]
            if any(set(given_up) >= other for other in found):
                continue
            if any(all(fulfils(p, d) for d in [*kept, wish]) for p in valid):
                found.append(set(given_up))
    return found


@CASES
@given(situations())
def test_the_preferred_repair_keeps_what_matters_most(situation) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    valid = list(products(model))
    wish = Decision(model.variables[0].key, model.variables[0].values[-1])
    found = preferred_repair(subject.explainer, decisions, wish)
    if not any(fulfils(one, wish) for one in valid):
        assert found is None
        return
    kept: list[Decision] = []
    for decision in decisions:
        if any(all(fulfils(one, d) for d in [*kept, decision, wish]) for one in valid):
            kept.append(decision)
    assert found is not None
    assert list(found.kept) == kept


@CASES
@given(situations(), st.data())
def test_a_decision_that_contradicts_is_refused_with_its_reason(situation, data) -> None:  # type: ignore[no-untyped-def]
    model, subject, decisions = situation
    assume(subject.is_possible(decisions))
    variable = data.draw(st.sampled_from(model.variables))
    new = Decision(variable.key, data.draw(st.sampled_from(variable.values)))
    # One's own earlier value gives way, and bounds that the new value fulfils anyway.
    others = [
        one
        for one in decisions
        if one.variable != variable.key
        or (one.operator != "=" and not fulfils({one.variable: new.value}, one))
    ]
    try:
        answer = subject.decide(decisions, new)
    except NotPossible as refusal:
        reason = refusal.facts["explanation"]
        assert subject.explainer.is_minimal(reason)  # type: ignore[arg-type]
        assert not subject.is_possible([*others, new])
    else:
        assert answer.decisions == (*others, new)
        assert answer.of(variable.key).origin == "you"
