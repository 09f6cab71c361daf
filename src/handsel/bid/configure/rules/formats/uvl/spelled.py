"""What the variables of a flat model are called in UVL; pieces of its constraints."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Choice,
    Count,
    Expression,
    Fixed,
    Value,
)
from handsel.bid.configure.rules.formats.uvl.tree import Applied, Term, Written
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, fault
from handsel.ground.kernel.said import Said, said


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a variable is called in UVL.

    `owner` is the instance it belongs to. A choice has a feature for each value; a number has a
    typed feature that counts 0, and not `first`, where it `may_lack`; so has a text.
    """

    kind: str  # truth, choice, number, text or count
    name: str
    owner: str = ""
    values: dict[Value, str] = field(default_factory=dict)
    scale: int = 0
    first: Value = 0
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Repeated:
    """A feature that repeats: its instances with what says that each is there; None for always."""

    name: str
    instances: dict[str, Expression | None]


@dataclass(frozen=True, slots=True)
class Helping:
    """A number of its own, with bounds, that a constraint makes equal to a term."""

    name: str
    term: Term
    low: int
    high: int


class Unsayable(LanguageFault):
    """What UVL cannot say, or not of the instances of a feature."""


def worth_of(part: Expression) -> list[tuple[Expression, int]] | None:
    """A part of a sum as conditions and what each is worth; None where it is more than that."""
    match part:
        case Choice(condition, Fixed(int() as worth), Fixed(0)):
            return [(condition, worth)]
        case Calculation("*", (Fixed(int() as times), inner)):
            found = worth_of(inner)
            return None if found is None else [(one, times * worth) for one, worth in found]
        case Count(conditions):
            return [(condition, 1) for condition in conditions]
    return None


def joined(operator: str, parts: list[Term]) -> Term:
    """All parts under one operator."""
    return parts[0] if len(parts) == 1 else Applied(operator, tuple(parts))


def literal(number: int) -> Term:
    """A written number."""
    found = Written(Decimal(abs(number)))
    return Applied("-", (found,)) if number < 0 else found


def unsayable(what: str) -> Unsayable:
    """The fault of what UVL has no words for."""
    message = said("UVL cannot say %(what)s.", what=what if isinstance(what, Said) else said(what))
    return Unsayable(fault(Place(), message).problems)
