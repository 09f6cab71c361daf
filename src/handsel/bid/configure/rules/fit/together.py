"""Changes that mend a misfit together, where no single one does: up to three, on several lines.

A change may make a law hold only with another one, or hold at the cost of a law beside it: a
faster conveyor asks for a faster one behind it. Few sets of values are looked at, the nearest
first, and each is completed by the engine of its lines and tried on the whole quote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations, product

from handsel.bid.configure.rules.decisions import Decision, Decisions, replaced
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.fit.changes import Chooser, Chosen, Mend, completed, nearest
from handsel.bid.configure.rules.fit.check import check
from handsel.bid.configure.rules.fit.lines import (
    Binding,
    FitLine,
    LawsInUse,
    LineKey,
    Misfit,
    total_value,
)
from handsel.bid.configure.rules.fit.reason import variables_read
from handsel.bid.configure.rules.language.law_sets import QUANTITY, Role
from handsel.bid.configure.rules.repair import smallest_repairs
from handsel.bid.configure.rules.system import SEPARATOR

MOST_CHANGES = 3
MOST_TRIED = 60
MOST_FOUND = 4
MOST_WAYS = 8
_MOST_NEAR = {1: 12, 2: 10, 3: 6}


@dataclass(frozen=True, slots=True)
class _Way:
    """Values that make a law hold: by role and key of a variable, or of a total's quantity."""

    values: tuple[tuple[Role, str, Value], ...]
    distance: int


@dataclass(frozen=True, slots=True)
class _State:
    """The lines after some changes, and how each changed one came about."""

    lines: tuple[FitLine, ...]
    chosen: Mapping[LineKey, Chosen] = field(default_factory=dict)
    parts: tuple[Mend, ...] = ()

    @property
    def touched(self) -> frozenset[tuple[LineKey, str]]:
        """What was changed already and stays as it is."""
        return frozenset((one.line, one.wish.variable if one.wish else "") for one in self.parts)


@dataclass(slots=True)
class Together:
    """A search for changes that go together. `before` are the misfits there are anyway."""

    misfit: Misfit
    laws: Sequence[LawsInUse]
    lines: tuple[FitLine, ...]
    chooser: Chooser
    before: frozenset[Binding]
    tried: int = 0

    def mends(self) -> list[Mend]:
        """Sets of two or three changes, those that change least first; none too many."""
        found: dict[frozenset[object], Mend] = {}
        for most in range(2, MOST_CHANGES + 1):
            for state in self._search(_State(self.lines), self.misfit, most):
                first, *further = state.parts
                named = frozenset(
                    (one.kind, one.line, one.wish, one.quantity) for one in state.parts
                )
                if not any(named >= other for other in found):
                    found[named] = replace(first, further=tuple(further))
                if len(found) == MOST_FOUND:
                    break
            if found:
                break
        return sorted(found.values(), key=lambda one: one.size)

    def _search(self, state: _State, misfit: Misfit, most: int) -> Iterator[_State]:
        """States in which the misfit is mended with so many changes, and all that came of it."""
        for way in self._ways(state, misfit, most - len(state.parts)):
            self.tried += 1
            if self.tried > MOST_TRIED:
                return
            after = self._changed(state, misfit, way)
            if after is None or len(after.parts) > most:
                continue
            left = self._left(after)
            if not left:
                if len(after.parts) > 1:
                    yield after
            elif len(after.parts) < most:
                yield from self._search(after, left[0], most)

    def _left(self, state: _State) -> list[Misfit]:
        """What is still to be mended: the misfit itself, and what came with the changes."""
        return [
            one
            for one in check(self.laws, state.lines).misfits
            if not one.bindings <= self.before or one.bindings & self.misfit.bindings
        ]

    # -- values that make the law hold

    def _ways(self, state: _State, misfit: Misfit, most: int) -> list[_Way]:
        found: list[_Way] = []
        free = list(self._free(state, misfit))
        for count in range(1, most + 1):
            for chosen in combinations(free, count):
                if sum(self._cost(misfit, role) for role, _key in chosen) <= most:
                    found += self._holding(state, misfit, chosen)
        found.sort(key=lambda one: (len(one.values), one.distance))
        return found[:MOST_WAYS]

    def _free(self, state: _State, misfit: Misfit) -> Iterator[tuple[Role, str]]:
        read = variables_read(misfit.laws, misfit.law.law.condition)
        for variable in read:
            owner, _, key = variable.key.partition(SEPARATOR)
            role = misfit.laws.role(owner)
            lines = misfit.lines[owner]
            if any((line.key, key) in state.touched for line in lines):
                continue
            if role.is_total or all(self._chosen(state, line.key) for line in lines):
                yield role, key

    @staticmethod
    def _cost(misfit: Misfit, role: Role) -> int:
        return 1 if role.is_total else len(misfit.lines[role.key])

    def _holding(
        self, state: _State, misfit: Misfit, chosen: Sequence[tuple[Role, str]]
    ) -> Iterator[_Way]:
        near = [self._near(state, misfit, role, key, len(chosen)) for role, key in chosen]
        for values in product(*(list(enumerate(one)) for one in near)):
            wanted = [
                (role, key, value) for (role, key), (_, value) in zip(chosen, values, strict=True)
            ]
            if self._would_hold(state, misfit, wanted):
                yield _Way(tuple(wanted), sum(at for at, _ in values))

    def _near(self, state: _State, misfit: Misfit, role: Role, key: str, count: int) -> list[Value]:
        most = _MOST_NEAR[count]
        if role.is_total:
            now = int(misfit.values[f"{role.key}{SEPARATOR}{QUANTITY}"])
            pieces = sorted(range(role.most + 1), key=lambda one: (abs(one - now), one))
            return list(pieces[1 : most + 1])
        line = misfit.lines[role.key][0]
        made = self._chosen(state, line.key)
        return nearest(made.configurator, line, key)[:most] if made else []

    def _would_hold(
        self, state: _State, misfit: Misfit, wanted: Sequence[tuple[Role, str, Value]]
    ) -> bool:
        values = dict(misfit.values)
        by_role: dict[str, dict[str, Value]] = {}
        for role, key, value in wanted:
            if role.is_total:
                values |= total_value(role, int(value))
            else:
                by_role.setdefault(role.key, {})[key] = value
        for owner, own in by_role.items():
            line = misfit.lines[owner][0]
            made = self._chosen(state, line.key)
            if made is None:
                return False
            model = made.configurator.model
            whole = {one.key: line.values[one.key] for one in model.variables} | own
            whole |= derived_values(model, whole)
            values |= {f"{owner}{SEPARATOR}{key}": value for key, value in whole.items()}
        return bool(evaluate(misfit.law.law.condition, values))

    # -- changes done

    def _chosen(self, state: _State, key: LineKey) -> Chosen | None:
        return state.chosen.get(key) or self.chooser(key)

    def _changed(self, state: _State, misfit: Misfit, way: _Way) -> _State | None:
        after: _State | None = state
        for role, key, value in way.values:
            if after is None:
                return None
            if role.is_total:
                after = _counted(after, misfit, role, int(value))
                continue
            for line in misfit.lines[role.key]:
                after = self._with(after, line.key, Decision(key, value)) if after else None
        return after

    def _with(self, state: _State, key: LineKey, wish: Decision) -> _State | None:
        line = next(one for one in state.lines if one.key == key)
        made = self._chosen(state, key)
        if made is None:
            return None
        held = {one.wish for one in state.parts if one.line == key}
        others: Decisions = replaced(made.decisions, wish)[:-1]
        for repair in smallest_repairs(made.configurator.explainer, others, wish)[:2]:
            if held & set(repair.given_up):
                continue
            after = completed(line, made.configurator, repair.decisions)
            if after is None:
                continue
            part = Mend("choose", key, wish, repair.given_up, after, before=line)
            return _State(
                tuple(after if one.key == key else one for one in state.lines),
                {**state.chosen, key: Chosen(made.configurator, repair.decisions)},
                (*state.parts, part),
            )
        return None


def _counted(state: _State, misfit: Misfit, role: Role, pieces: int) -> _State | None:
    """The lines with so many pieces of a total: on a line that counts, or one that is new."""
    known = [one for one in state.lines if one.product in role.products]
    more = pieces - int(misfit.values[f"{role.key}{SEPARATOR}{QUANTITY}"])
    enough = next((one for one in known if one.quantity + more > 0), None)
    if enough is not None:
        after = replace(enough, quantity=enough.quantity + more)
        part = Mend("quantity", enough.key, quantity=after.quantity, after=after)
        lines = tuple(after if one.key == enough.key else one for one in state.lines)
        return replace(state, lines=lines, parts=(*state.parts, part))
    if known or not role.products:
        return None
    place = max((line.place for line in state.lines), default=0) + 1
    sku = role.products[0]
    new = FitLine(("new", sku), place, sku, Decimal(pieces))
    part = Mend("add", quantity=Decimal(pieces), product=sku, after=new)
    return replace(state, lines=(*state.lines, new), parts=(*state.parts, part))
