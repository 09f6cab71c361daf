"""A configuration under another version of its model: what stands, what changed, what is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import ProductModel, Variable
from handsel.bid.configure.rules.session import Configurator

Loss = Literal["no such variable", "no such value", "not exact in the new scale", "contradiction"]


@dataclass(frozen=True, slots=True)
class Lost:
    """A choice that cannot stand any more. `explanation` tells why where laws are the reason."""

    decision: Decision
    why: Loss
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A value nobody chose that is another now.

    `explanation` tells why the old one is impossible with the choices kept; None where it only did
    not fit other values taken over, or where one of the two models does not have it.
    """

    variable: str
    old: Value | None
    new: Value | None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """Choices that stand (in the new model's scale), values that changed, choices that are lost.

    `values` is the full configuration that leaves all as it was as far as it can; None where no
    full one was given.
    """

    kept: Decisions
    changed: tuple[Changed, ...]
    impossible: tuple[Lost, ...]
    values: Mapping[str, Value] | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether the product is the same as before."""
        return not self.changed and not self.impossible


def reopen(
    decisions: Sequence[Decision],
    old: ProductModel,
    new: Configurator,
    *,
    values: Mapping[str, Value] | None = None,
) -> Reopened:
    """Take decisions made with an old model to a new one, the first decided first.

    A decision that contradicts those kept before it is lost, with the reason; nothing else gives
    way for it. `values` is the old full configuration: what of it comes out otherwise is told.
    """
    kept: list[Decision] = []
    lost: list[Lost] = []
    for decision in decisions:
        translated = _translated(decision, old, new)
        if isinstance(translated, Lost):
            lost.append(translated)
        elif new.is_possible((*kept, translated)):
            kept.append(translated)
        else:
            reason = new.explainer.explain(tuple(kept), translated)
            lost.append(Lost(decision, "contradiction", reason))
    if values is None:
        return Reopened(tuple(kept), (), tuple(lost))
    changed, now = _changes(kept, old, new, values)
    return Reopened(tuple(kept), tuple(changed), tuple(lost), now)


def _translated(decision: Decision, old: ProductModel, new: Configurator) -> Decision | Lost:
    after = new.variables.get(decision.variable)
    if after is None:
        return Lost(decision, "no such variable")
    value = _rescaled(decision.value, _variable(old, decision.variable), after)
    if value is None:
        return Lost(decision, "not exact in the new scale")
    is_bound = decision.operator in (">=", "<=")
    has_it = _has(after, value) or (is_bound and after.kind in ("integer", "decimal"))
    if decision.operator == "!=" and not has_it:
        # What is excluded and does not exist any more stays excluded; there is nothing to keep.
        return Lost(decision, "no such value")
    return replace(decision, value=value) if has_it else Lost(decision, "no such value")


def _has(variable: Variable, value: Value) -> bool:
    return any(
        one == value and isinstance(one, bool) == isinstance(value, bool) for one in variable.values
    )


def _variable(model: ProductModel, key: str) -> Variable | None:
    return next((one for one in model.variables if one.key == key), None)


def _rescaled(value: Value, before: Variable | None, after: Variable) -> Value | None:
    """A number in the new scale, None when it cannot be said exactly there; others as they are."""
    if isinstance(value, bool | str) or before is None or before.scale == after.scale:
        return value
    if after.scale > before.scale:
        return value * int(10 ** (after.scale - before.scale))
    whole, rest = divmod(value, int(10 ** (before.scale - after.scale)))
    return None if rest else whole


def _changes(
    kept: Sequence[Decision], old: ProductModel, new: Configurator, values: Mapping[str, Value]
) -> tuple[list[Changed], Mapping[str, Value]]:
    """What the preferred completion has otherwise, trying to leave all as it was; and all of it."""
    mine = {one.variable for one in kept if one.operator == "="}
    held = list(kept)
    reasons: dict[str, Explanation | None] = {}
    before: dict[str, Value | None] = {}
    for key, value in values.items():
        after = new.variables.get(key)
        if after is None:
            continue
        before[key] = scaled = _rescaled(value, _variable(old, key), after)
        if key in mine or scaled is None or not _has(after, scaled):
            continue
        wish = Decision(key, scaled)
        if new.is_possible((*held, wish)):
            held.append(wish)
        else:
            reasons[key] = new.explainer.explain(tuple(kept), wish)
    now = complete(new, held).values
    found = [
        Changed(key, value, now[key], reasons.get(key))
        for key, value in before.items()
        if now[key] != before[key]
    ]
    gone = [Changed(key, value, None) for key, value in values.items() if key not in before]
    born = [Changed(key, None, value) for key, value in now.items() if key not in values]
    return [*found, *gone, *born], now
