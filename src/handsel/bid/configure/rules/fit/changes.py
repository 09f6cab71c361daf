"""A change that mends: what it changes, and what a line is after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.fit.lines import FitLine, LineKey
from handsel.bid.configure.rules.session import Configurator

Kind = Literal["choose", "quantity", "add", "remove"]


@dataclass(frozen=True, slots=True)
class Mend:
    """One way out.

    `choose`: on `line` the `wish`, for which `given_up` must go; `after` is the whole line then.
    `quantity`: `line` has so many pieces. `add`: a line of so many pieces of `product`.
    `remove`: without `line`. `further` are changes to be done after it, in their order: none of
    them mends anything alone. `before` is the line the change begins with, where it is not the
    quote's own.
    """

    kind: Kind
    line: LineKey | None = None
    wish: Decision | None = None
    given_up: Decisions = ()
    after: FitLine | None = None
    quantity: Decimal | None = None
    product: str = ""
    further: tuple[Mend, ...] = ()
    before: FitLine | None = None

    @property
    def size(self) -> int:
        """How much it changes that somebody decided."""
        return 1 + len(self.given_up) + sum(one.size for one in self.further)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a configured line came about: the model made ready and what was decided with it."""

    configurator: Configurator
    decisions: Decisions


Chooser = Callable[[LineKey], Chosen | None]


def nearest(configurator: Configurator, line: FitLine, key: str) -> list[Value]:
    """The other values of a variable, those next to the present one first."""
    values = configurator.variables[key].values
    at = values.index(line.values[key])
    order = sorted(range(len(values)), key=lambda index: (abs(index - at), index))
    return [values[index] for index in order if index != at]


def completed(line: FitLine, configurator: Configurator, decisions: Decisions) -> FitLine | None:
    """The line with these decisions, completed; None where they contradict each other."""
    try:
        values = complete(configurator, decisions).values
    except NotPossible:
        return None
    return replace(line, values={**values, **derived_values(configurator.model, values)})
