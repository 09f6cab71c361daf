"""The best completion is the best of all products, and the first of the equals."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.derived import amount_of
from handsel.bid.configure.rules.expressions import Calculation, Expression, Fixed, Lookup
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.optimise import Goal, complete_best, without_ortools
from handsel.bid.configure.rules.repair import ranked, smallest_repairs
from tests.support.small_products import configurator, decisions_of, fulfils, models, products


@st.composite
def amounts(draw: st.DrawFn, model: ProductModel) -> Expression:
    """What the values cost, summed; sometimes two of them multiplied."""
    prices: list[Expression] = []
    for variable in model.variables:
        entries = tuple((value, draw(st.integers(0, 9))) for value in variable.values)
        prices.append(Lookup(variable.key, entries))
    if draw(st.booleans()):
        prices.append(Calculation("//", (Calculation("*", tuple(prices[:2])), Fixed(3))))
    return Calculation("+", tuple(prices))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_best_is_found_proved_and_the_first_of_equals(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models())
    decisions = data.draw(decisions_of(model))
    valid = [one for one in products(model) if all(fulfils(one, d) for d in decisions)]
    assume(valid)
    goal = Goal(data.draw(amounts(model)), data.draw(st.booleans()))
    subject = configurator(model)
    found = complete_best(subject, decisions, goal, seconds=30)
    totals = [amount_of(model, goal.amount, one) for one in valid]
    best = max(totals) if goal.is_most_wanted else min(totals)
    assert (found.amount, found.bound, found.proof) == (best, best, "optimal")
    # products() lists them in the order of values, so the first of the best is the first of ties.
    assert dict(found.values) == valid[totals.index(best)]
    fallback = without_ortools(subject, decisions, goal)
    assert dict(fallback.values) in valid
    assert fallback.amount == amount_of(model, goal.amount, fallback.values)
    assert not goal.is_better(fallback.amount, best)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_repairs_are_ranked_by_changes_and_then_by_amount(data) -> None:  # type: ignore[no-untyped-def]
    model = data.draw(models())
    decisions = data.draw(decisions_of(model))
    amount = data.draw(amounts(model))
    subject = configurator(model)
    wish = Decision(model.variables[0].key, model.variables[0].values[-1])
    found = ranked(
        smallest_repairs(subject.explainer, decisions, wish),
        lambda kept: amount_of(model, amount, complete(subject, kept).values),
    )
    ranks = [(len(one.given_up), one.amount) for one in found]
    assert ranks == sorted(ranks)  # type: ignore[type-var]
