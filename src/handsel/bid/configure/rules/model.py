"""A product model as the engine sees it: flat, finite, exact.

The text language (nested and repeating components, units, dates, markets) is brought to this form
by `language`; imports (UVL, DIMACS, table JSON) come straight to it. Order means nothing here but
for showing: of variables, of laws and of a law's parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from handsel.bid.configure.rules.expressions import Expression, Value

LEAD_TIME = "lead_days"

Kind = Literal["enumeration", "boolean", "integer", "decimal"]

# A text by language code; "en" is always there.
Texts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing that can be chosen. `values` are all it can be, numbers ascending and scaled.

    Booleans have (False, True). A number's real value is `value / 10**scale` in `unit`.
    `preferred` orders values for completion, best first; it never forbids anything. `listed` is
    the order options are numbered in, where a file of others has numbers in no order. `within` says
    which part it belongs to, where the model has parts: "Station 2". `facts` are what a file of
    others says of it beside, in its own notation, for writing it again.
    """

    key: str
    kind: Kind
    values: tuple[Value, ...]
    group: str = ""
    unit: str = ""
    scale: int = 0
    ordered: bool = False
    default: Value | None = None
    preferred: tuple[Value, ...] = ()
    is_question: bool = False
    titles: Texts = field(default_factory=dict)
    value_titles: Mapping[Value, Texts] = field(default_factory=dict)
    help_texts: Texts = field(default_factory=dict)
    line: int = 0
    listed: tuple[Value, ...] = ()
    within: Texts = field(default_factory=dict)
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A named quantity that laws share: `pull = (981 * ...) // 10000`. Shown, never chosen.

    One called LEAD_TIME is the days until delivery: pages show it beside the price, and products
    are completed by it.
    """

    key: str
    expression: Expression
    unit: str = ""
    scale: int = 0
    titles: Texts = field(default_factory=dict)
    line: int = 0
    within: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Law:
    """A fact about the product: a condition that every valid configuration fulfils.

    `sentences` say it to a seller. A structural law (an absent component has no values) belongs
    to the model's build and is never given as a reason.
    """

    key: str
    condition: Expression
    sentences: Texts = field(default_factory=dict)
    is_structural: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class TableLaw:
    """Allowed combinations: rows of values of the variables in `scope`, one value a variable."""

    key: str
    scope: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    sentences: Texts = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A heading on the page; `parent` is a group's key or ""."""

    key: str
    parent: str = ""
    titles: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Golden:
    """A configuration kept with the model: what is chosen, and what must come of it.

    `expected` holds values after cheapest-by-preference completion, `refused` choices that must
    be impossible after `chosen`; `amounts` named numbers (a total) the price tables must give.
    """

    name: str
    chosen: Mapping[str, Value]
    expected: Mapping[str, Value] = field(default_factory=dict)
    refused: Mapping[str, Value] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class ProductModel:
    """All of a model for one date and market: what the encoder, the oracle and the page read."""

    name: str
    variables: tuple[Variable, ...]
    laws: tuple[Law | TableLaw, ...]
    derived: tuple[Derived, ...] = ()
    groups: tuple[Group, ...] = ()
    goldens: tuple[Golden, ...] = ()
    titles: Texts = field(default_factory=dict)

    def variable(self, key: str) -> Variable:
        """The variable of that key; KeyError when there is none."""
        for one in self.variables:
            if one.key == key:
                return one
        raise KeyError(key)
