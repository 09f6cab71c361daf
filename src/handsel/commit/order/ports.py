"""What the order desk asks of later rooms: a customer's credit standing."""

from __future__ import annotations

from typing import Protocol

from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor


class Receivables(Protocol):
    """Knows what a customer owes on issued invoices."""

    def open_amount(self, *, actor: Actor, organization_id: int, currency: str) -> Money:
        """The open receivables of a customer in a currency."""
        ...


class _NothingOwed:
    """Stands here until the house plugs the receivables in."""

    def open_amount(self, *, actor: Actor, organization_id: int, currency: str) -> Money:
        return Money.zero(currency)


_receivables: list[Receivables] = [_NothingOwed()]


def plug(adapter: Receivables) -> None:
    """Plug in the adapter (once, at start)."""
    _receivables[:] = [adapter]


def receivables() -> Receivables:
    """The adapter that is plugged in."""
    return _receivables[0]
