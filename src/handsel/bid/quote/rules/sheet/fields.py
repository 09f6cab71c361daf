"""The fields of a line as text in one canonical form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.edits import KINDS
from handsel.bid.quote.rules.sheet.price_fields import (
    PRICE_FIELDS,
    Unreadable,
    canonical_price_field,
    hand_of,
    paid_as,
    term_of,
)
from handsel.bid.quote.rules.sheet.tree import Group
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_decimal, parse_integer
from handsel.ground.kernel.said import said

LONGEST_NAME: Final = 200
LONGEST_TEXT: Final = 10_000
LONGEST_SET: Final = 40
MOST_QUANTITY: Final = Decimal(10) ** 12


class EditedLine(Protocol):
    """A line as a person decides it."""

    key: UUID
    name: str
    description: str
    quantity: Decimal
    discount_bps: int
    is_optional: bool
    is_chosen: bool
    charge: str
    asked: Mapping[str, Any]


L = TypeVar("L", bound=EditedLine)


@dataclass(slots=True)
class Sheet(Generic[L]):
    """A draft while it is edited: lines in order, groups in order, where lines belong."""

    lines: list[L]
    groups: dict[UUID, Group] = field(default_factory=dict)
    group_of: dict[UUID, UUID] = field(default_factory=dict)
    set_of: dict[UUID, str] = field(default_factory=dict)
    own_months: Callable[[L], int] = lambda _line: 12  # for how many the price book's price is


def value_of(sheet: Sheet[L], line: L, name: str) -> str:
    """A field of a line in its canonical text."""
    if name == "quantity":
        return plain(line.quantity)
    if name == "discount_bps":
        return str(line.discount_bps)
    if name == "kind":
        return kind_of(line.is_optional, line.is_chosen)
    if name == "alternative_set":
        return sheet.set_of.get(line.key, "")
    if name == "group_key":
        key = sheet.group_of.get(line.key)
        return str(key) if key else ""
    if name == "paid":
        return paid_as(line.charge, line.asked)
    if name in PRICE_FIELDS:
        return term_of(line.asked) if name == "term" else hand_of(line.asked)
    return str(getattr(line, name))


def kind_of(is_optional: bool, is_chosen: bool) -> str:
    """Always part of the offer, an option, or an option that is chosen."""
    if not is_optional:
        return "fixed"
    return "chosen" if is_chosen else "option"


_LONGEST = {
    "name": (1, LONGEST_NAME),
    "description": (0, LONGEST_TEXT),
    "alternative_set": (0, LONGEST_SET),
}


def canonical(name: str, text: str, *, is_lenient: bool = False) -> str:
    """A field's text in its one form. What cannot be read is refused, or kept when lenient."""
    try:
        return _canonical(name, text)
    except Unreadable:
        if is_lenient:
            return text
        raise


def _canonical(name: str, text: str) -> str:
    if name == "quantity":
        return plain(_quantity(text))
    if name == "discount_bps":
        return str(_bps(text))
    if name in PRICE_FIELDS:
        return canonical_price_field(name, text)
    if name == "kind":
        if text not in KINDS:
            raise Unreadable(name, text[:60], ", ".join(KINDS))
        return text
    if name == "group_key":
        try:
            return str(UUID(text)) if text else ""
        except ValueError:
            raise Unreadable(name, text[:60], "a group of this quote") from None
    least, most = _LONGEST[name]
    words = text.replace("\x00", "").strip()
    if not least <= len(words) <= most:
        raise Unreadable(
            name, text[:60], said("%(least)s to %(most)s characters", least=least, most=most)
        )
    return words


def _quantity(text: str) -> Decimal:
    try:
        quantity = parse_decimal(text, max_digits=18, scale=6)
    except Invalid:
        raise Unreadable("quantity", text[:60], "a number with at most 6 decimals") from None
    if not 0 < quantity < MOST_QUANTITY:
        raise Unreadable("quantity", text[:60], "more than zero, less than a million million")
    return quantity


def _bps(text: str) -> int:
    try:
        return parse_integer(text, minimum=0, maximum=10_000)
    except Invalid:
        raise Unreadable("discount_bps", text[:60], "0 to 100 %") from None
