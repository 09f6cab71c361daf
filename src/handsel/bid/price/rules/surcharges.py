"""Stages 2 and 3: what options, formulas and markets add to the unit price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from handsel.bid.price.errors import RuleCycle
from handsel.bid.price.rules.exactness import ONE, rounded
from handsel.bid.price.rules.figures import Figure, number, numeric
from handsel.bid.price.rules.plan import LineWork, Step
from handsel.bid.price.rules.terms import Element
from handsel.bid.price.rules.waterfall import Stage
from handsel.ground.kernel.said import said


def surcharges(work: LineWork) -> None:
    """Configured deltas and formulas, then factors in declared order, then the markets."""
    for delta in work.facts.deltas:
        change = delta.per_unit * work.quantity
        work.add(Step(Stage.OPTION, delta.label, change, delta.rule, None, delta.version))
        if not work.facts.is_discountable:
            work.held += change
    elements: Sequence[Element] = work.recipe.elements
    if not elements:
        return
    known = _known(work)
    elements = _of_one_name(work, elements)
    ordered = in_order(elements)
    for market in (False, True):
        for element in ordered:
            if element.is_market is market and not element.is_factor:
                _add(work, element, known)
        for element in elements:
            if element.is_market is market and element.is_factor:
                factor = element.formula.amount(known)
                _take(work, element, work.amount * (factor - ONE))


def _of_one_name(work: LineWork, elements: Sequence[Element]) -> Sequence[Element]:
    """Of surcharges of one name the most specific, as they are given; the others are kept as
    losers. Factors have names for showing only."""
    first: dict[str, Element] = {}
    found = []
    for one in elements:
        winner = one if one.is_factor else first.setdefault(one.key, one)
        if winner is one:
            found.append(one)
        else:
            stage = Stage.MARKET if one.is_market else Stage.OPTION
            why = said("%(rule)s of the same name goes before it.", rule=winner.rule)
            work.lose(stage, one, why)
    return found


def _known(work: LineWork) -> dict[str, Figure]:
    """The names formulas may use; sums of parts begin at zero."""
    terms = work.plan.context.terms
    known: dict[str, Figure] = dict(terms.market)
    known.update(terms.tables)
    known["quantity"] = number(work.quantity)
    known["base"] = number(work.amount / (work.quantity or ONE))
    known.update(work.facts.attributes)
    for element in work.recipe.elements:
        if element.part:
            known[element.part] = number(0)
    return known


def _add(work: LineWork, element: Element, known: dict[str, Figure]) -> None:
    unit = element.formula.amount(known)
    if element.scale is not None:
        unit = rounded(unit, element.scale)
    figure = number(unit)
    known[element.key] = figure
    if element.part:
        known[element.part] = Figure(numeric(known[element.part]) + numeric(figure))
    _take(work, element, unit * work.quantity)


def _take(work: LineWork, element: Element, change: Decimal) -> None:
    stage = Stage.MARKET if element.is_market else Stage.OPTION
    work.add(Step(stage, element.label or element.key, change, element.rule, None, element.version))
    if not element.is_discountable or not work.facts.is_discountable:
        work.held += change


def in_order(elements: Sequence[Element]) -> list[Element]:
    """Elements so that each comes after those it names; as declared where nothing says else.

    Raises RuleCycle naming the elements that need each other. Factors name what they like: they
    come last anyway.
    """
    additive = [one for one in elements if not one.is_factor]
    by_key = {one.key: one for one in additive}
    in_part: dict[str, list[str]] = {}
    for one in additive:
        if one.part:
            in_part.setdefault(one.part, []).append(one.key)
    needs = {
        one.key: [
            need
            for name in one.formula.names
            for need in ([name] if name in by_key else in_part.get(name, []))
        ]
        for one in additive
    }
    titles = {one.key: one.label or one.key for one in additive}
    return [by_key[key] for key in topological(needs, titles)]


def topological(needs: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> list[str]:
    """Keys so that each comes after those it needs, else in the order given. No recursion.

    Raises RuleCycle naming the keys of a cycle by their titles.
    """
    done: dict[str, None] = {}
    for start in needs:
        path: list[str] = []
        waiting = [start]
        while waiting:
            key = waiting[-1]
            if key in done:
                waiting.pop()
            elif path and path[-1] == key:
                path.pop()
                waiting.pop()
                done[key] = None
            else:
                path.append(key)
                for need in reversed(needs[key]):
                    if need in path:
                        cycle = path[path.index(need) :]
                        raise RuleCycle([titles[one] for one in cycle])
                    if need not in done:
                        waiting.append(need)
    return list(done)
