"""What the order desk asks of later rooms: credit standing, and how far an order has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor

ZERO = Decimal(0)


class Receivables(Protocol):
    """Knows what a customer owes on issued invoices."""

    def open_amount(self, *, actor: Actor, organization_id: int, currency: str) -> Money:
        """The open receivables of a customer in a currency."""
        ...


@dataclass(frozen=True, slots=True)
class LineProgress:
    """How much of an order line was delivered and invoiced, in the line's unit."""

    delivered: Decimal = ZERO
    invoiced: Decimal = ZERO


class Progress(Protocol):
    """Knows how far orders have come."""

    def of_lines(self, *, order_id: int) -> Mapping[int, LineProgress]:
        """Order line to its progress; a line that is missing has made none."""
        ...

    def invoiced_minor(self, *, order_ids: Sequence[int]) -> Mapping[int, int]:
        """Order to the gross amount invoiced on it, credit notes taken off, in minor units."""
        ...


class _NothingOwed:
    """Stands here until the house plugs the receivables in."""

    def open_amount(self, *, actor: Actor, organization_id: int, currency: str) -> Money:
        return Money.zero(currency)


class _NoProgress:
    """Stands here until the house plugs the progress in."""

    def of_lines(self, *, order_id: int) -> Mapping[int, LineProgress]:
        return {}

    def invoiced_minor(self, *, order_ids: Sequence[int]) -> Mapping[int, int]:
        return {}


_receivables: list[Receivables] = [_NothingOwed()]
_progress: list[Progress] = [_NoProgress()]


def plug(adapter: Receivables) -> None:
    """Plug in the receivables (once, at start)."""
    _receivables[:] = [adapter]


def receivables() -> Receivables:
    """The receivables that are plugged in."""
    return _receivables[0]


def plug_progress(adapter: Progress) -> None:
    """Plug in the progress of orders (once, at start)."""
    _progress[:] = [adapter]


def progress() -> Progress:
    """The progress that is plugged in."""
    return _progress[0]
