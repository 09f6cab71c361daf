"""Where a formula is cut into quantities of its own before its thresholds are defined.

`mass * rate * length // (1000 * speed)` in one piece has a corner for each mass, rate and speed;
with `mass * rate` as a quantity, then that times length, there are far fewer. A cut is made where
the estimate of all clauses falls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from math import prod
from typing import Literal

from handsel.bid.configure.rules.encode.formulas import (
    Atom,
    Combined,
    Formula,
    Number,
    Switch,
    atoms_of,
    coefficient,
    extreme,
    inside,
    product,
    replaced,
    total,
)
from handsel.bid.configure.rules.encode.quantities import Quantities
from handsel.bid.configure.rules.encode.refusals import LISTED_COMBINATIONS

# Sums and products with more parts are cut at their two smallest, without comparing all pairs.
COMPARED_PARTS = 8
# What a threshold costs in clauses: it changes with every configuration, a clause mostly rests.
THRESHOLD_COST = 20


def split(formula: Formula, n_limits: int, quantities: Quantities) -> Formula:
    """The formula with parts of it put aside as quantities, as few clauses as estimated."""
    best, best_cost = formula, _cost(formula, n_limits, quantities)
    made = 0
    while len(atoms_of(formula)) > 2:
        cuts = []
        for part, smaller in _cuts(formula, quantities):
            cut = replaced(formula, part, smaller) if part is not formula else smaller
            cuts.append((_made_cost(formula, cut, n_limits, quantities), cut))
        if not cuts:
            break
        # The best next cut is taken even if it costs: only the cuts after it may pay.
        cost, formula = min(cuts, key=lambda one: one[0] + _cost(one[1], n_limits, quantities))
        made += cost
        if made + _cost(formula, n_limits, quantities) < best_cost:
            best, best_cost = formula, made + _cost(formula, n_limits, quantities)
    return best


def _cost(formula: Formula, n_limits: int, quantities: Quantities) -> int:
    counts = sorted(_count(number, quantities) for number in atoms_of(formula))
    return min(prod(counts[:-1]) * n_limits, prod(counts))


def _made_cost(formula: Formula, cut: Formula, n_limits: int, quantities: Quantities) -> int:
    """What the quantity costs that a cut puts aside."""
    (new,) = set(atoms_of(cut)) - set(atoms_of(formula))
    others = prod(_count(number, quantities) for number in atoms_of(cut) if number != new)
    asked = min(_count(new, quantities), n_limits * others)
    made_of = getattr(quantities[new], "formula", Number(0))
    return _cost(made_of, asked, quantities) + THRESHOLD_COST * asked


def _count(number: int, quantities: Quantities) -> int:
    quantity = quantities[number]
    inner = getattr(quantity, "formula", None)
    if inner is not None and "values" not in quantity.__dict__:
        low, high = quantity.bounds
        listed = prod(_count(one, quantities) for one in atoms_of(inner))
        if listed > LISTED_COMBINATIONS:
            return high - low + 1
    return len(quantity.values)


def _cuts(formula: Formula, quantities: Quantities) -> Iterator[tuple[Formula, Formula]]:
    """Parts and what to put for each, one new quantity in it."""
    seen = Counter(_every_atom(formula))
    for part in _parts(formula):
        if isinstance(part, Atom | Number):
            continue
        whole = part is formula
        if not whole and len(atoms_of(part)) > 1 and _is_alone(part, seen):
            yield part, Atom(quantities.of_formula(part).number)
        if isinstance(part, Switch) or part.operator == "//":
            continue
        terms: list[Formula] = [
            one for one in part.parts if not isinstance(one, Number) and _is_alone(one, seen)
        ]
        if len(terms) < 2 or len(part.parts) - (len(terms) == len(part.parts)) < 2:
            continue
        for pair in _pairs(terms, quantities):
            yield part, _joined(part, pair, quantities)


def _joined(whole: Combined, pair: tuple[Formula, Formula], quantities: Quantities) -> Formula:
    rest = [one for one in whole.parts if one is not pair[0] and one is not pair[1]]
    if whole.operator == "*":
        new = Atom(quantities.of_formula(product(pair)).number)
        return product([*rest, new])
    if whole.operator == "+":
        sign = -1 if coefficient(pair[0])[0] < 0 else 1
        positive = total([product([Number(sign), one]) for one in pair])
        new = Atom(quantities.of_formula(positive).number)
        return total([*rest, product([Number(sign), new])])
    operator: Literal["min", "max"] = "min" if whole.operator == "min" else "max"
    new = Atom(quantities.of_formula(extreme(operator, pair)).number)
    return extreme(operator, [*rest, new])


def _pairs(terms: list[Formula], quantities: Quantities) -> Iterator[tuple[Formula, Formula]]:
    if len(terms) <= COMPARED_PARTS:
        yield from combinations(terms, 2)
        return
    by_size = sorted(
        terms, key=lambda term: prod(_count(one, quantities) for one in atoms_of(term))
    )
    yield by_size[0], by_size[1]


def _every_atom(formula: Formula) -> Iterator[int]:
    if isinstance(formula, Atom):
        yield formula.number
    for part in inside(formula):
        yield from _every_atom(part)


def _parts(formula: Formula) -> Iterator[Formula]:
    yield formula
    for part in inside(formula):
        yield from _parts(part)


def _is_alone(part: Formula, seen: Counter[int]) -> bool:
    """Whether nothing outside the part depends on what it is made of."""
    return all(seen[number] == times for number, times in Counter(_every_atom(part)).items())
