"""Receivables by age, as of any day, from the entries that made and moved them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Bucket(StrEnum):
    """Days past the due date; on the due date itself an item is not overdue."""

    NOT_DUE = "not_due"
    DAYS_1_30 = "1_30"
    DAYS_31_60 = "31_60"
    DAYS_61_90 = "61_90"
    OVER_90 = "over_90"


_LIMITS = ((0, Bucket.NOT_DUE), (30, Bucket.DAYS_1_30), (60, Bucket.DAYS_31_60))


def bucket_of(due_on: date, as_of: date) -> Bucket:
    """Return the bucket of an item due on a day: 1 to 30 days late, … , more than 90."""
    days = (as_of - due_on).days
    for limit, bucket in _LIMITS:
        if days <= limit:
            return bucket
    return Bucket.DAYS_61_90 if days <= 90 else Bucket.OVER_90


@dataclass(frozen=True, slots=True)
class ReceivableRow:
    """One entry: an invoice raises what is open, a credit, payment or write-off lowers it.

    ``amount_minor`` is signed accordingly. Money not yet put against an item has no
    ``item_id`` and no ``due_on``. ``recorded_at`` is when we learned of it.
    """

    customer_id: int
    currency: str
    kind: str
    amount_minor: int
    effective_on: date
    item_id: int | None = None
    due_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgedItem:
    """What is open on one item on the day, and its bucket."""

    item_id: int
    customer_id: int
    currency: str
    due_on: date
    open_minor: int
    bucket: Bucket


@dataclass(slots=True)
class AgedCustomer:
    """One customer's open amounts in one currency, by bucket; unapplied money apart."""

    customer_id: int
    currency: str
    buckets: dict[Bucket, int] = field(default_factory=lambda: dict.fromkeys(Bucket, 0))
    unapplied_minor: int = 0

    @property
    def open_minor(self) -> int:
        """All that is open on items."""
        return sum(self.buckets.values())

    @property
    def balance_minor(self) -> int:
        """What the customer owes after money not yet put against anything."""
        return self.open_minor + self.unapplied_minor


@dataclass(frozen=True, slots=True)
class Ageing:
    """The whole picture: by customer and currency, and item by item."""

    as_of: date
    customers: tuple[AgedCustomer, ...]
    items: tuple[AgedItem, ...]


def age(rows: Iterable[ReceivableRow], as_of: date, *, known_at: datetime | None = None) -> Ageing:
    """Age what was open at the end of a day. Currencies are never added together.

    Entries effective later are left out. With ``known_at``, so are entries recorded after that
    moment: the same day asked for again later then gives the same answer, although a payment
    was booked back to it in between. Raises ValueError for an item whose entries name two
    customers, currencies or due dates.
    """
    open_minor: dict[int, int] = {}
    names: dict[int, tuple[int, str, date]] = {}
    customers: dict[tuple[int, str], AgedCustomer] = {}
    for row in rows:
        if row.effective_on > as_of or _is_later(row, known_at):
            continue
        if row.item_id is None or row.due_on is None:
            _customer(customers, row.customer_id, row.currency).unapplied_minor += row.amount_minor
            continue
        named = (row.customer_id, row.currency, row.due_on)
        if names.setdefault(row.item_id, named) != named:
            raise ValueError(f"the entries of item {row.item_id} disagree on whose it is")
        open_minor[row.item_id] = open_minor.get(row.item_id, 0) + row.amount_minor
    items = []
    for item_id, minor in open_minor.items():
        if minor:
            customer_id, currency, due_on = names[item_id]
            bucket = bucket_of(due_on, as_of)
            items.append(AgedItem(item_id, customer_id, currency, due_on, minor, bucket))
            _customer(customers, customer_id, currency).buckets[bucket] += minor
    return Ageing(
        as_of,
        tuple(customers[key] for key in sorted(customers)),
        tuple(sorted(items, key=lambda item: (item.customer_id, item.due_on, item.item_id))),
    )


def _is_later(row: ReceivableRow, known_at: datetime | None) -> bool:
    return known_at is not None and row.recorded_at is not None and row.recorded_at > known_at


def _customer(
    customers: dict[tuple[int, str], AgedCustomer], customer_id: int, currency: str
) -> AgedCustomer:
    key = (customer_id, currency)
    if key not in customers:
        customers[key] = AgedCustomer(customer_id, currency)
    return customers[key]
