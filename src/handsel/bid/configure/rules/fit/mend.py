"""What mends a misfit: one line chosen otherwise, more or fewer pieces, some of these together, a
line left out.

The engine says what a line must give up for another value; every repair is tried on the whole
quote before it is offered: it ends the misfit and makes no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from handsel.bid.configure.rules.decisions import Decision, replaced
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.fit.changes import Chooser, Chosen, Mend, completed, nearest
from handsel.bid.configure.rules.fit.check import check
from handsel.bid.configure.rules.fit.lines import (
    Binding,
    FitLine,
    LawsInUse,
    Misfit,
    total_value,
)
from handsel.bid.configure.rules.fit.reason import variables_read
from handsel.bid.configure.rules.fit.together import Together
from handsel.bid.configure.rules.language.law_sets import Role
from handsel.bid.configure.rules.repair import smallest_repairs
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.system import SEPARATOR

MOST_MENDS = 4
MOST_GIVEN_UP = 2
MOST_VALUES = 6
MOST_TRIED = 40


def mends(
    misfit: Misfit, laws: Sequence[LawsInUse], lines: Sequence[FitLine], chosen: Chooser
) -> list[Mend]:
    """The smallest repairs, fewest decisions changed first; where no single change mends, up to
    three that do together; lines are left out last of all."""
    trial = _Trial(misfit, laws, tuple(lines))
    found: list[Mend] = []
    for role in (misfit.laws.role(key) for key in misfit.law.roles):
        if role.is_total:
            found += _of_total(trial, role)
        elif len(misfit.lines[role.key]) == 1:
            found += _of_line(trial, role, chosen)
    found.sort(key=lambda one: one.size)
    if not found:
        several = Together(misfit, laws, tuple(lines), chosen, trial.before)
        found = several.mends()
    return (found or list(_left_out(trial)))[:MOST_MENDS]


class _Trial:
    def __init__(
        self, misfit: Misfit, laws: Sequence[LawsInUse], lines: tuple[FitLine, ...]
    ) -> None:
        self.misfit = misfit
        self.lines = lines
        self.tried = 0
        self._laws = laws
        self.before = _bindings(check(laws, lines).misfits)

    def works(self, lines: Sequence[FitLine]) -> bool:
        """Whether the misfit is gone with these lines, and nothing came instead."""
        after = _bindings(check(self._laws, lines).misfits)
        return after <= self.before and not after & self.misfit.bindings

    def with_line(self, line: FitLine) -> tuple[FitLine, ...]:
        """The lines with one of them otherwise."""
        return tuple(line if one.key == line.key else one for one in self.lines)


def _bindings(misfits: Sequence[Misfit]) -> frozenset[Binding]:
    return frozenset(one for misfit in misfits for one in misfit.bindings)


# -- another choice on one line


def _of_line(trial: _Trial, role: Role, chosen: Chooser) -> Iterator[Mend]:
    (line,) = trial.misfit.lines[role.key]
    made = chosen(line.key)
    if made is None:
        return
    seen: list[dict[str, Value]] = []
    read = variables_read(trial.misfit.laws, trial.misfit.law.law.condition)
    for variable in read:
        owner, _, key = variable.key.partition(SEPARATOR)
        if owner != role.key:
            continue
        found = _with_another(trial, role, line, made, key)
        if found is not None and found.after is not None:
            values = dict(found.after.values)
            if values not in seen:
                seen.append(values)
                yield found


def _with_another(trial: _Trial, role: Role, line: FitLine, made: Chosen, key: str) -> Mend | None:
    """The mend by the nearest other value of one variable."""
    for value in nearest(made.configurator, line, key):
        if not _would_hold(trial.misfit, role, line, made.configurator, key, value):
            continue
        wish = Decision(key, value)
        decisions = replaced(made.decisions, wish)[:-1]
        explainer = made.configurator.explainer
        for repair in smallest_repairs(explainer, decisions, wish, most=MOST_GIVEN_UP)[:2]:
            trial.tried += 1
            if trial.tried > MOST_TRIED:
                return None
            after = completed(line, made.configurator, repair.decisions)
            if after is not None and trial.works(trial.with_line(after)):
                return Mend("choose", line.key, wish, repair.given_up, after)
    return None


def _would_hold(
    misfit: Misfit,
    role: Role,
    line: FitLine,
    configurator: Configurator,
    key: str,
    value: Value,
) -> bool:
    """Whether the law would hold with this value and all else as it is."""
    own = {one: line.values[one] for one in configurator.variables}
    own[key] = value
    own |= derived_values(configurator.model, own)
    values = {**misfit.values, **{f"{role.key}{SEPARATOR}{k}": v for k, v in own.items()}}
    return bool(evaluate(misfit.law.law.condition, values))


# -- another number of pieces


def _of_total(trial: _Trial, role: Role) -> Iterator[Mend]:
    misfit = trial.misfit
    now = misfit.values[f"{role.key}{SEPARATOR}quantity"]
    near = sorted(range(role.most + 1), key=lambda pieces: (abs(pieces - int(now)), pieces))
    tried = 0
    for pieces in near:
        values = {**misfit.values, **total_value(role, pieces)}
        if pieces == now or not evaluate(misfit.law.law.condition, values):
            continue
        tried += 1
        if tried > MOST_VALUES:
            return
        found = _counting(trial, role, pieces - int(now))
        if found is not None:
            yield found
            return


def _counting(trial: _Trial, role: Role, more: int) -> Mend | None:
    lines = trial.misfit.lines[role.key]
    if not lines:
        return _added(trial, role, more)
    enough = next((one for one in lines if one.quantity + more > 0), None)
    if enough is not None:
        after = replace(enough, quantity=enough.quantity + more)
        if trial.works(trial.with_line(after)):
            return Mend("quantity", enough.key, quantity=after.quantity, after=after)
        return None
    last = lines[-1]
    rest = tuple(one for one in trial.lines if one.key != last.key)
    return Mend("remove", last.key) if trial.works(rest) else None


def _added(trial: _Trial, role: Role, pieces: int) -> Mend | None:
    place = max((line.place for line in trial.lines), default=0) + 1
    for product in role.products:
        new = FitLine(("new", product), place, product, Decimal(pieces))
        if trial.works((*trial.lines, new)):
            return Mend("add", quantity=Decimal(pieces), product=product, after=new)
    return None


# -- without a line


def _left_out(trial: _Trial) -> Iterator[Mend]:
    for line in trial.misfit.all_lines:
        if trial.works(tuple(one for one in trial.lines if one.key != line.key)):
            yield Mend("remove", line.key)
