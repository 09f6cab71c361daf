"""The lines of a quote as laws between them see them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from itertools import islice, product
from uuid import UUID

from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.law_sets import QUANTITY, LawSet, Role, SystemLaw
from handsel.bid.configure.rules.system import SEPARATOR

MOST_BINDINGS = 2_000

LineKey = Hashable


@dataclass(frozen=True, slots=True)
class FitLine:
    """One line. `place` orders it within its `group`; `product` is its article number.

    A configured line has the key of its `model`, which `version` of it, and its `values`, derived
    ones too; any other line has none.
    """

    key: LineKey
    place: int
    product: str
    quantity: Decimal
    group: str = ""
    model: str = ""
    version: Hashable = None
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line of a quote as far as laws may speak of it.

    `counts` says that it is offered; a line that does not is an option nobody chose, perhaps of a
    set of alternatives.
    """

    key: UUID
    place: int
    name: str
    sku: str
    quantity: Decimal
    group: str = ""
    configuration_id: int | None = None
    counts: bool = True
    alternative_set: str = ""


Read = Callable[[Mapping[str, Hashable]], LawSet]


@dataclass(frozen=True, slots=True)
class LawsInUse:
    """A published text of laws. `read` reads it against versions of models by the line's name;
    lines that are not named are read against what is in use."""

    key: str
    roles: tuple[Role, ...]
    read: Read

    @property
    def models(self) -> frozenset[str]:
        """Keys of the models it speaks of."""
        return frozenset(one.model for one in self.roles if one.model)

    @property
    def products(self) -> frozenset[str]:
        """Article numbers it counts."""
        return frozenset(sku for one in self.roles for sku in one.products)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the laws of a seller speak of: lines of other models and products need not be read."""

    laws: tuple[LawsInUse, ...]
    models: frozenset[str]
    products: frozenset[str]
    unread: bool = False


Unit = Mapping[str, FitLine]
"""Lines by the roles they stand in, which belong together: one, or those that follow it."""

Binding = tuple[str, str, tuple[tuple[str, LineKey], ...]]
"""Laws, law, and the line in every role: what a misfit is known by."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A law that lines break. `lines` are those in each role, alike in what the law asks of them;
    of a total those it counts, which may be none. `values` are what the law reads, by its keys."""

    laws_key: str
    laws: LawSet
    law: SystemLaw
    lines: Mapping[str, tuple[FitLine, ...]]
    values: Mapping[str, Value]

    @property
    def bindings(self) -> frozenset[Binding]:
        """Every choice of one line a role that breaks the law, the first ones of very many."""
        named = [
            (role, found) for role, found in self.lines.items() if not self.laws.role(role).is_total
        ]
        choices = product(*([(role, line.key) for line in found] for role, found in named))
        return frozenset(
            (self.laws_key, self.law.key, one) for one in islice(choices, MOST_BINDINGS)
        )

    @property
    def all_lines(self) -> tuple[FitLine, ...]:
        """Every line it speaks of, once, by place."""
        found = {line.key: line for lines in self.lines.values() for line in lines}
        return tuple(sorted(found.values(), key=lambda one: one.place))


def counted(role: Role, lines: Collection[FitLine]) -> tuple[tuple[FitLine, ...], int]:
    """The lines a total counts, and how many whole pieces they are, at most the total's bound."""
    found = tuple(line for line in lines if line.product in role.products)
    pieces = sum((line.quantity for line in found), Decimal(0))
    return found, min(role.most, int(pieces.to_integral_value(ROUND_FLOOR)))


def units(role: Role, followers: Sequence[Role], lines: Sequence[FitLine]) -> Iterator[Unit]:
    """Lines in a role, with those in the roles that come after it; lines come in their order."""
    rows: dict[str, list[FitLine]] = {}
    for line in sorted(lines, key=lambda one: one.place):
        if line.model:
            rows.setdefault(line.group, []).append(line)
    for row in rows.values():
        for at, line in enumerate(row):
            if line.model == role.model:
                unit = _followed({role.key: (at, line)}, {role.key: role}, followers, row)
                if unit is not None:
                    yield unit


def _followed(
    found: dict[str, tuple[int, FitLine]],
    roles: dict[str, Role],
    followers: Sequence[Role],
    row: Sequence[FitLine],
) -> Unit | None:
    for role in followers:
        at, _ = found[role.after]
        either = (role.model, roles[role.after].model)
        following = next(
            ((n, one) for n, one in enumerate(row) if n > at and one.model in either), None
        )
        if following is None or following[1].model != role.model:
            return None
        found[role.key], roles[role.key] = following, role
    return {key: line for key, (_, line) in found.items()}


def values_of(unit: Unit) -> dict[str, Value]:
    """What the lines of a unit are, by the keys of laws."""
    return {
        f"{role}{SEPARATOR}{key}": value
        for role, line in unit.items()
        for key, value in line.values.items()
    }


def total_value(role: Role, pieces: int) -> dict[str, Value]:
    """A total by the key of laws."""
    return {f"{role.key}{SEPARATOR}{QUANTITY}": pieces}
