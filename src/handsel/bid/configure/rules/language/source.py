"""A model as it is written: declarations in the order of the text, not yet checked against
each other. Places take no part in equality, so a printed model reads back equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from handsel.bid.configure.rules.language.problems import Place
from handsel.bid.configure.rules.language.syntax import NOWHERE, MapOf, Node

VariableKind = Literal["enum", "ordered", "boolean", "integer", "decimal"]

# Texts by language in the order written; "en" is the text without a language before it.
SourceTexts: TypeAlias = tuple[tuple[str, str], ...]
# A value as written: a word or a number.
SourceValue: TypeAlias = str | Decimal


@dataclass(frozen=True, slots=True)
class Effectivity:
    """When and where something holds: from a day, until before a day, in markets (all if none)."""

    from_on: date | None = None
    until_on: date | None = None
    markets: tuple[str, ...] = ()

    def holds(self, on: date | None, market: str | None) -> bool:
        """Whether it holds on that day and market; None asks for any day, any market."""
        if on is not None and self.from_on is not None and on < self.from_on:
            return False
        if on is not None and self.until_on is not None and on >= self.until_on:
            return False
        return market is None or not self.markets or market in self.markets


ALWAYS = Effectivity()


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`1000..12000 step 250`, both ends included; a single number has first == last."""

    first: Decimal
    last: Decimal
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ValueSource:
    """`- food "Food" de "Lebensmittel" from 2026-01-01`"""

    key: SourceValue
    texts: SourceTexts = ()
    effectivity: Effectivity = ALWAYS
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class VariableSource:
    """`integer length_mm 1000..12000 step 250 mm "Length"` and the lines under it."""

    key: str
    kind: VariableKind
    ranges: tuple[NumberRange, ...] = ()
    unit: str = ""
    texts: SourceTexts = ()
    help_texts: SourceTexts = ()
    values: tuple[ValueSource, ...] = ()
    default: SourceValue | None = None
    preferred: tuple[SourceValue, ...] = ()
    is_question: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GroupSource:
    """A heading; with a cardinality, so many of its booleans and optional components are had."""

    key: str
    items: tuple[Item, ...] = ()
    texts: SourceTexts = ()
    least: int | None = None
    most: int | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ComponentSource:
    """A part with variables and laws of its own, `least` to `most` times."""

    key: str
    items: tuple[Item, ...] = ()
    texts: SourceTexts = ()
    least: int = 1
    most: int = 1
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LawSource:
    """`law H4: load_type == primary_food -> industry == food`"""

    key: str
    condition: Node
    texts: SourceTexts = ()
    effectivity: Effectivity = ALWAYS
    is_structural: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class LineSource:
    """`line downstream of "halden-conveyor" after upstream`: a line of a quote laws speak of."""

    key: str
    model: str
    after: str = ""
    texts: SourceTexts = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TotalSource:
    """`total anchors of "SP-ANCHOR", "SP-ANCHOR-M" 0..999`: pieces of products in the quote."""

    key: str
    products: tuple[str, ...]
    most: int
    texts: SourceTexts = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DerivedSource:
    """`derived rise_mm mm = floor(length_mm * sine[incline])`"""

    key: str
    expression: Node
    unit: str = ""
    places: int | None = None
    texts: SourceTexts = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConditionSource:
    """`condition stainless = frame in {ss304, ss316}`: a name for a condition."""

    key: str
    expression: Node
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MapSource:
    """`map friction by bed = {steel_slider: 0.33, rollers: 0.06}`"""

    key: str
    by: str
    entries: MapOf
    unit: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RowSource:
    """One row of a table, its cells as written; `columns` says where each begins."""

    cells: tuple[str, ...]
    line: int = field(default=0, compare=False, repr=False)
    columns: tuple[int, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableSource:
    """Allowed combinations; `by` names columns that decide the others."""

    key: str
    header: RowSource
    rows: tuple[RowSource, ...]
    by: tuple[str, ...] = ()
    texts: SourceTexts = ()
    effectivity: Effectivity = ALWAYS
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GoldenSource:
    """A configuration to be kept true: pairs of a path and a value."""

    name: str
    chosen: tuple[tuple[Node, Node], ...] = ()
    expected: tuple[tuple[Node, Node], ...] = ()
    refused: tuple[tuple[Node, Node], ...] = ()
    amounts: tuple[tuple[str, Decimal], ...] = ()
    effectivity: Effectivity = ALWAYS
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IncludeSource:
    """`include "materials.model"` with what was read from there."""

    path: str
    items: tuple[Item, ...] = ()
    place: Place = field(default=NOWHERE, compare=False, repr=False)


Item: TypeAlias = (
    VariableSource
    | GroupSource
    | ComponentSource
    | LawSource
    | LineSource
    | TotalSource
    | DerivedSource
    | ConditionSource
    | MapSource
    | TableSource
    | GoldenSource
    | IncludeSource
)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A whole text. With `is_scaled`, arithmetic is on the scaled integers as they are."""

    name: str
    items: tuple[Item, ...] = ()
    texts: SourceTexts = ()
    is_scaled: bool = False
    place: Place = field(default=NOWHERE, compare=False, repr=False)


def all_items(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every declaration, also those inside groups, components and included files."""
    for item in items:
        yield item
        if isinstance(item, GroupSource | ComponentSource | IncludeSource):
            yield from all_items(item.items)
