"""Why a law is broken: values of lines that break it together, none of them too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Expression, Value, keys_of
from handsel.bid.configure.rules.fit.lines import Misfit
from handsel.bid.configure.rules.language.law_sets import LawSet
from handsel.bid.configure.rules.model import Derived, Law, ProductModel, Variable
from handsel.bid.configure.rules.session import Configurator
from handsel.ground.kernel.errors import HandselError

MOST_SLICES = 256


@dataclass(frozen=True, slots=True)
class Reason:
    """`decisions` break the law whatever else is so; without any of them it could hold.

    `derived` are quantities the law names and what they come to, for showing.
    """

    decisions: Decisions
    derived: tuple[tuple[Derived, Value], ...] = ()
    is_proved: bool = True


def reason_of(misfit: Misfit) -> Reason:
    """The reason, found and proved by the engine on what the law reads and nothing else."""
    laws, key = misfit.laws, misfit.law.key
    needed = variables_read(laws, misfit.law.law.condition)
    decisions = tuple(Decision(one.key, misfit.values[one.key]) for one in needed)
    shown = tuple((one, misfit.values[one.key]) for one in derived_named(misfit))
    part = law_alone(laws, key)
    found = part.explainer.explain(decisions, smallest=True) if part is not None else None
    if found is None:
        return Reason(decisions, shown, is_proved=False)
    return Reason(found.decisions, shown)


def derived_named(misfit: Misfit) -> Iterator[Derived]:
    """Derived quantities that a law names itself."""
    named = set(keys_of(misfit.law.law.condition))
    return (one for one in misfit.laws.model.derived if one.key in named)


@lru_cache(maxsize=MOST_SLICES)
def law_alone(laws: LawSet, key: str) -> Configurator | None:
    """A law over the variables it reads, all else left out; None where it is too large to ask."""
    return over_what_it_reads(laws, next(one.law for one in laws.laws if one.key == key))


def over_what_it_reads(laws: LawSet, law: Law) -> Configurator | None:
    """A model of a law and the variables it reads; None where it is too large to ask."""
    needed = {one.key for one in variables_read(laws, law.condition)}
    quantities = _derived_read(laws, law.condition)
    model = laws.model
    alone = ProductModel(
        laws.name,
        tuple(one for one in model.variables if one.key in needed),
        (law,),
        tuple(one for one in model.derived if one.key in quantities),
    )
    try:
        return Configurator.of(encode(alone), alone)
    except HandselError:
        return None


def variables_read(laws: LawSet, condition: Expression) -> tuple[Variable, ...]:
    """The variables a condition depends on, also through derived quantities, in their order."""
    quantities = {one.key: one for one in laws.model.derived}
    needed = set(keys_of(condition))
    for key in _derived_read(laws, condition):
        needed |= set(keys_of(quantities[key].expression))
    return tuple(one for one in laws.model.variables if one.key in needed)


def _derived_read(laws: LawSet, condition: Expression) -> set[str]:
    quantities = {one.key: one for one in laws.model.derived}
    found: set[str] = set()
    todo = list(keys_of(condition))
    while todo:
        key = todo.pop()
        if key in quantities and key not in found:
            found.add(key)
            todo += keys_of(quantities[key].expression)
    return found
