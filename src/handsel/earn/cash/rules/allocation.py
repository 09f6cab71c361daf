"""Which debt a payment pays: the debtor's word first, then the oldest, or the statute's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from handsel.earn.cash.rules.receivables import Allocated, Allocation, OpenItem
from handsel.ground.kernel.errors import CurrencyMismatch, Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.split import apportion


def allocate(
    amount_minor: int, items: Iterable[OpenItem], *, designated: Sequence[int] = ()
) -> Allocated:
    """Allocate an amount to open invoices: the designated ones in their order, then oldest due.

    1,000 over #1 400, #2 500, #3 300 gives 400 + 500 + 100; with the reference "#3 #2" it gives
    300 + 500 and then 200 on #1 (billing reference A1). Credit notes are left alone. What is
    left over is unapplied. Raises Invalid for a negative amount or several currencies.
    """
    if amount_minor < 0:
        raise Invalid("A negative amount cannot be allocated; reverse the allocation instead.")
    payable = sorted((item for item in items if item.open_minor > 0), key=_age)
    _check_one_currency(payable)
    places = {item_id: place for place, item_id in reversed(list(enumerate(designated)))}
    ordered = sorted(payable, key=lambda item: places.get(item.item_id, len(places)))
    left = amount_minor
    allocations = []
    for item in ordered:
        part = min(left, item.open_minor)
        if part:
            allocations.append(Allocation(item.item_id, part))
            left -= part
    return Allocated(tuple(allocations), left)


def _age(item: OpenItem) -> tuple[date, int]:
    return item.age_key


def _check_one_currency(items: Sequence[OpenItem]) -> None:
    for item in items[1:]:
        if item.currency != items[0].currency:
            raise CurrencyMismatch(items[0].currency, item.currency)


@dataclass(frozen=True, slots=True)
class Claim:
    """One debt with its costs and interest, and what the statute looks at to order debts."""

    item_id: int
    due_on: date
    principal_minor: int
    interest_minor: int = 0
    costs_minor: int = 0
    is_secured: bool = False
    burden_bps: int = 0

    @property
    def total_minor(self) -> int:
        """All that is owed on this debt."""
        return self.principal_minor + self.interest_minor + self.costs_minor


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """What of a payment went to one debt, and inside it to costs, interest and principal."""

    item_id: int
    costs_minor: int
    interest_minor: int
    principal_minor: int

    @property
    def total_minor(self) -> int:
        """The cash that went to this debt."""
        return self.costs_minor + self.interest_minor + self.principal_minor


def allocate_by_statute(
    amount: Money, claims: Iterable[Claim], *, on: date, designated: Sequence[int] = ()
) -> tuple[tuple[ClaimPart, ...], int]:
    """Allocate by sections 366 and 367 BGB; return the parts and the unapplied rest.

    Between debts: the debtor's designation; then due before not yet due, unsecured before
    secured, the more burdensome (higher interest) before the less, the older before the
    younger, and pro rata among equals. Inside a debt, whatever the debtor says: costs, then
    interest, then principal. 50.00 on costs 5.00, interest 0.25, principal 100.00 gives
    5.00 + 0.25 + 44.75 (billing reference A3).
    """
    if amount.amount_minor < 0:
        raise Invalid("A negative amount cannot be allocated; reverse the allocation instead.")
    places = {item_id: place for place, item_id in reversed(list(enumerate(designated)))}

    def rank(claim: Claim) -> tuple[int, bool, bool, int, date]:
        place = places.get(claim.item_id, len(places))
        is_future = claim.due_on > on
        return place, is_future, claim.is_secured, -claim.burden_bps, claim.due_on

    owed = sorted(
        (claim for claim in claims if claim.total_minor > 0),
        key=lambda claim: (*rank(claim), claim.item_id),
    )
    left = amount.amount_minor
    parts: list[ClaimPart] = []
    for _, group in groupby(owed, key=rank):
        equals = list(group)
        shares = _shares(Money(left, amount.currency), equals)
        parts += [
            _inside(claim, share) for claim, share in zip(equals, shares, strict=True) if share
        ]
        left -= sum(shares)
    return tuple(parts), left


def _shares(available: Money, claims: Sequence[Claim]) -> list[int]:
    wanted = [claim.total_minor for claim in claims]
    if available.amount_minor >= sum(wanted):
        return wanted
    return [part.amount_minor for part in apportion(available, wanted)]


def _inside(claim: Claim, amount_minor: int) -> ClaimPart:
    costs = min(amount_minor, claim.costs_minor)
    interest = min(amount_minor - costs, claim.interest_minor)
    return ClaimPart(claim.item_id, costs, interest, amount_minor - costs - interest)
