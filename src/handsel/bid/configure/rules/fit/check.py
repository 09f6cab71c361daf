"""Which laws the lines of a quote break.

A law holds for every choice of lines in its roles. Lines that are alike in what a law reads of
them are asked once, so that a law costs what differs, not what there is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from handsel.bid.configure.rules.expressions import Value, evaluate, keys_of
from handsel.bid.configure.rules.fit.lines import (
    FitLine,
    LawsInUse,
    Misfit,
    Unit,
    counted,
    total_value,
    units,
    values_of,
)
from handsel.bid.configure.rules.language.law_sets import LawSet, Role, SystemLaw

MOST_ASKED = 50_000
MOST_MISFITS = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. With `is_cut` there may be more than was looked at."""

    misfits: tuple[Misfit, ...]
    is_cut: bool = False


def check(laws: Sequence[LawsInUse], lines: Sequence[FitLine]) -> Checked:
    """Every law that the lines break, in the order of the texts and of the lines.

    The order of the lines says nothing but where `after` asks for it. Raises LanguageFault where a
    text cannot be read against a line's model.
    """
    found: list[Misfit] = []
    asking = _Asking(MOST_ASKED)
    for one in laws:
        if _concerns(one, lines):
            found += _of_laws(one, lines, asking)
    return Checked(tuple(found[:MOST_MISFITS]), asking.left <= 0 or len(found) > MOST_MISFITS)


@dataclass(slots=True)
class _Asking:
    left: int


def _concerns(laws: LawsInUse, lines: Sequence[FitLine]) -> bool:
    models, products = laws.models, laws.products
    return any(line.model in models or line.product in products for line in lines)


class _Alike(NamedTuple):
    """Units of one kind: the versions of their models, and one of them as laws read it."""

    versions: Mapping[str, Hashable]
    members: list[Unit]


def _of_laws(laws: LawsInUse, lines: Sequence[FitLine], asking: _Asking) -> Iterator[Misfit]:
    outline = laws.read({})
    heads = {
        role.key: _units_by_version(role, _followers(laws.roles, role.key), lines)
        for role in laws.roles
        if not role.is_total and not role.after
    }
    for law in outline.laws:
        roles = [outline.role(key) for key in law.roles]
        free = [one for one in roles if not one.is_total and not one.after]
        known = [_narrowed(heads[one.key], one, law, lines, laws) for one in free]
        for versions in product(*known):
            as_read = laws.read({key: v for one in versions for key, v in one.versions.items()})
            same = next((one for one in as_read.laws if one.key == law.key), None)
            if same is not None:
                groups = [_alike(one.members, same) for one in versions]
                yield from _broken(laws.key, as_read, same, groups, lines, asking)


def _followers(roles: Sequence[Role], key: str) -> list[Role]:
    found, keys = [], {key}
    for role in roles:
        if role.after in keys:
            found.append(role)
            keys.add(role.key)
    return found


def _units_by_version(
    role: Role, followers: Sequence[Role], lines: Sequence[FitLine]
) -> list[_Alike]:
    """The lines in a role alone; who follows is looked for where a law speaks of him."""
    return _by_version(units(role, (), lines))


def _by_version(found: Iterator[Unit]) -> list[_Alike]:
    groups: dict[tuple[Hashable, ...], _Alike] = {}
    for unit in found:
        versions = {key: line.version for key, line in unit.items()}
        groups.setdefault(tuple(versions.values()), _Alike(versions, [])).members.append(unit)
    return list(groups.values())


def _narrowed(
    alone: list[_Alike], role: Role, law: SystemLaw, lines: Sequence[FitLine], laws: LawsInUse
) -> list[_Alike]:
    spoken = [one for one in _followers(laws.roles, role.key) if one.key in law.roles]
    return _by_version(units(role, spoken, lines)) if spoken else alone


def _alike(members: Sequence[Unit], law: SystemLaw) -> list[list[Unit]]:
    """Units by what the law reads of them; those of several lines stay by themselves."""
    read = [key.partition(".") for key in dict.fromkeys(keys_of(law.law.condition))]
    groups: dict[tuple[Hashable, ...], list[Unit]] = {}
    for unit in members:
        own: tuple[Hashable, ...] = tuple(
            unit[role].values[key] for role, _, key in read if role in unit
        )
        if len(unit) > 1:
            own = (*own, *(line.key for line in unit.values()))
        groups.setdefault(own, []).append(unit)
    return list(groups.values())


def _broken(
    laws_key: str,
    laws: LawSet,
    law: SystemLaw,
    groups: Sequence[list[list[Unit]]],
    lines: Sequence[FitLine],
    asking: _Asking,
) -> Iterator[Misfit]:
    totals: dict[str, tuple[FitLine, ...]] = {}
    numbers: dict[str, Value] = {}
    for key in law.roles:
        if laws.role(key).is_total:
            totals[key], pieces = counted(laws.role(key), lines)
            numbers |= total_value(laws.role(key), pieces)
    for choice in product(*groups):
        asking.left -= 1
        if asking.left <= 0:
            return
        if not _are_distinct(choice):
            continue
        values = dict(numbers)
        for members in choice:
            values |= values_of(members[0])
        if not evaluate(law.law.condition, values):
            bound = {key: found for members in choice for key, found in _merged(members).items()}
            yield Misfit(laws_key, laws, law, {**bound, **totals}, values)


def _merged(members: Sequence[Unit]) -> dict[str, tuple[FitLine, ...]]:
    return {key: tuple(unit[key] for unit in members) for key in members[0]}


def _are_distinct(choice: Sequence[Sequence[Unit]]) -> bool:
    """Whether the roles can be filled with a line each, no line in two of them."""
    keys = [{line.key for unit in members for line in unit.values()} for members in choice]
    needed = sum(len(members[0]) for members in choice)
    return len(set().union(*keys)) >= needed
