"""What is open, what came in, and what part of it settles what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DiscountOffer:
    """An early-payment discount printed on an invoice: so much off, through a day."""

    amount_minor: int
    until_on: date

    def holds(self, received_on: date, grace_days: int = 0) -> bool:
        """Say whether money received on a day is in time, with so many days of grace."""
        return received_on <= self.until_on + timedelta(days=grace_days)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice with something left to pay (positive) or a credit note left to use (negative)."""

    item_id: int
    customer_id: int
    number: str
    currency: str
    open_minor: int
    due_on: date
    references: tuple[str, ...] = ()
    end_to_end_ids: tuple[str, ...] = ()
    customer_name: str = ""
    discount: DiscountOffer | None = None

    @property
    def age_key(self) -> tuple[date, int]:
        """Oldest due first; the earlier item first among equals."""
        return self.due_on, self.item_id


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money as it arrived, with all that may say what it is for.

    ``amount_minor`` is positive for money in. ``charges_minor`` is what the bank says it kept.
    ``text`` is everything in free words, ``documents`` are numbers the payer names in fields.
    """

    amount_minor: int
    currency: str
    received_on: date
    entry_position: int = 0
    detail_position: int | None = None
    payer_name: str = ""
    payer_iban: str = ""
    ultimate_name: str = ""
    end_to_end_id: str = ""
    references: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    text: str = ""
    charges_minor: int = 0
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one item gets: cash, and what closes it besides cash.

    For a credit note the amounts are negative: using it takes money off what has to arrive.
    """

    item_id: int
    amount_minor: int
    discount_minor: int = 0
    charge_minor: int = 0
    tolerance_minor: int = 0

    @property
    def settled_minor(self) -> int:
        """By how much the item's open amount shrinks."""
        return self.amount_minor + self.discount_minor + self.charge_minor + self.tolerance_minor


@dataclass(frozen=True, slots=True)
class Allocated:
    """The outcome of allocating a receipt; amounts and the unapplied rest sum to the receipt."""

    allocations: tuple[Allocation, ...]
    unapplied_minor: int
