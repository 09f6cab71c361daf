"""Decisions: what somebody said about one variable, and the options that says.

A decision chooses a value (`=`), excludes one (`!=`) or bounds a number (`>=`, `<=`). To the engine
each is a few options, affirmed or denied.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from handsel.bid.configure.errors import UnknownOption
from handsel.bid.configure.rules.compiled import Compiled, Option
from handsel.bid.configure.rules.expressions import Value
from handsel.ground.kernel.said import said

Operator = Literal["=", "!=", ">=", "<="]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing said about one variable; numbers are scaled as in the model."""

    variable: str
    value: Value
    operator: Operator = "="

    def __str__(self) -> str:
        return f"{self.variable} {self.operator} {self.value}"

    @property
    def opposite(self) -> Decision | None:
        """What it denies, as a decision; None for bounds, whose opposite depends on the step."""
        if self.operator == "=":
            return Decision(self.variable, self.value, "!=")
        return Decision(self.variable, self.value) if self.operator == "!=" else None


Decisions = tuple[Decision, ...]


def decided(decisions: Iterable[Decision]) -> dict[str, Value]:
    """The variables whose value was chosen outright."""
    return {one.variable: one.value for one in decisions if one.operator == "="}


def replaced(decisions: Iterable[Decision], new: Decision) -> Decisions:
    """The decisions with a new one at the end, in place of what it answers anew.

    A value takes the place of the value chosen before, a bound that of the bound on the same side.
    Own bounds and exclusions that a value fulfils are said by it and go; those it breaks stay, so
    that the contradiction is told rather than one's own word passed over.
    """
    return (*(one for one in decisions if not _gives_way(one, new)), new)


def _gives_way(old: Decision, new: Decision) -> bool:
    if old.variable != new.variable:
        return False
    if new.operator == "=":
        return old.operator == "=" or _fulfils(new.value, old)
    return old.operator == new.operator and (new.operator != "!=" or old.value == new.value)


def _fulfils(value: Value, decision: Decision) -> bool:
    if decision.operator == "!=":
        return value != decision.value
    if isinstance(value, str) or isinstance(decision.value, str):
        return False
    return value >= decision.value if decision.operator == ">=" else value <= decision.value


def literals(compiled: Compiled, decision: Decision) -> tuple[int, ...]:
    """The literals a decision asserts. Raises UnknownOption for what the model does not have."""
    return tuple(compiled.literal(number) for number in numbers(compiled, decision))


def numbers(compiled: Compiled, decision: Decision) -> tuple[int, ...]:
    """The options a decision affirms (positive) or denies (negative).

    Raises UnknownOption for an unknown variable or value, and for a bound on what has no order.
    """
    own = compiled.numbers_of.get(decision.variable)
    if own is None:
        raise _unknown_variable(compiled, decision)
    if decision.operator in (">=", "<="):
        return _beyond(compiled, own, decision)
    number = _numbered(compiled, own, decision)
    return (number,) if decision.operator == "=" else (-number,)


def _numbered(compiled: Compiled, own: Sequence[int], decision: Decision) -> int:
    is_truth = compiled.options[own[0] - 1].value is True
    if is_truth and isinstance(decision.value, bool):
        return own[0] if decision.value else -own[0]
    # 1 and True are equal to Python, but nobody meant the one by the other.
    is_known_kind = not is_truth and not isinstance(decision.value, bool)
    number = compiled.number_of.get(Option(decision.variable, decision.value))
    if number is None or not is_known_kind:
        values = ["false", "true"] if is_truth else [compiled.options[k - 1].value for k in own]
        raise _unknown_value(decision, values)
    return number


def _beyond(compiled: Compiled, own: Sequence[int], decision: Decision) -> tuple[int, ...]:
    values = [(number, compiled.options[number - 1].value) for number in own]
    bound = decision.value
    if isinstance(bound, bool | str) or any(isinstance(value, bool | str) for _, value in values):
        raise UnknownOption(
            said("%(variable)s is no number and has no bounds.", variable=decision.variable),
            fields={decision.variable: "a value, not a bound"},
        )
    if decision.operator == ">=":
        return tuple(-number for number, value in values if value < bound)  # type: ignore[operator]
    return tuple(-number for number, value in values if value > bound)  # type: ignore[operator]


def _unknown_variable(compiled: Compiled, decision: Decision) -> UnknownOption:
    near = difflib.get_close_matches(decision.variable, compiled.numbers_of, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return UnknownOption(
        f"The model has no variable {decision.variable!r}.{hint}",
        fields={decision.variable: "a variable of the model"},
    )


def _unknown_value(decision: Decision, values: Sequence[Value]) -> UnknownOption:
    shown = ", ".join(str(value) for value in values[:SHOWN])
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return UnknownOption(
        f"{decision.variable} has no value {decision.value!r}; it has {shown}{more}.",
        fields={decision.variable: f"one of {shown}{more}"},
    )
