"""How a receipt settles the items it is meant for: exactly, less a discount, a charge, or short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handsel.earn.cash.rules.allocation import allocate
from handsel.earn.cash.rules.receivables import Allocation, OpenItem, Receipt
from handsel.earn.cash.rules.subset import exact_subsets


class Residual(StrEnum):
    """Why the receipt and the items differ, if they do."""

    EXACT = "exact"
    DISCOUNT = "discount"  # early-payment discount taken in time
    CHARGE = "charge"  # the bank kept its charge
    TOLERANCE = "tolerance"  # a difference small enough to write off by policy
    OVER = "over"  # more than asked; the rest is unapplied
    SPILL = "spill"  # more than asked; the rest pays older items of the customer
    SHORT = "short"  # less than asked; the rest stays open


@dataclass(frozen=True, slots=True)
class SettlementPolicy:
    """What the seller accepts without asking.

    ``short_tolerance_minor`` closes an item that little short; ``discount_grace_days`` accepts
    a discount so many days late; ``spill_over`` lets what is over pay the customer's oldest
    items (billing reference A1), else it stays unapplied (A5).
    """

    short_tolerance_minor: int = 0
    discount_grace_days: int = 0
    spill_over: bool = True


@dataclass(frozen=True, slots=True)
class Settlement:
    """Allocations whose cash, with the unapplied rest, is exactly the receipt."""

    allocations: tuple[Allocation, ...]
    unapplied_minor: int
    residual: Residual


def settle(
    receipt: Receipt,
    items: Sequence[OpenItem],
    *,
    others: Iterable[OpenItem] = (),
    policy: SettlementPolicy | None = None,
) -> Settlement:
    """Settle the items a receipt is meant for, in their order; ``others`` may take what is over.

    Credit notes among the items (negative) are used up and add to what the receipt can pay.
    What is missing is explained by, in this order: discounts still in time, charges the bank
    states, both together, the tolerance; else the last items stay open in part.
    """
    policy = policy or SettlementPolicy()
    meant = list(items)
    if sum(item.open_minor for item in meant) <= 0:
        meant = [item for item in meant if item.open_minor > 0]  # credits alone ask for nothing
    missing = sum(item.open_minor for item in meant) - receipt.amount_minor
    if missing < 0:
        return _over(receipt, meant, others, policy)
    if missing == 0:
        return Settlement(_full(meant), 0, Residual.EXACT)
    explained = _explained(receipt, meant, missing, policy)
    return explained or _short(receipt, meant)


def _full(items: Iterable[OpenItem]) -> tuple[Allocation, ...]:
    return tuple(Allocation(item.item_id, item.open_minor) for item in items)


def _over(
    receipt: Receipt,
    items: Sequence[OpenItem],
    others: Iterable[OpenItem],
    policy: SettlementPolicy,
) -> Settlement:
    rest = receipt.amount_minor - sum(item.open_minor for item in items)
    taken = {item.item_id for item in items}
    remaining = [item for item in others if item.item_id not in taken]
    if not policy.spill_over or not any(item.open_minor > 0 for item in remaining):
        return Settlement(_full(items), rest, Residual.OVER)
    spilled = allocate(rest, remaining)
    return Settlement(_full(items) + spilled.allocations, spilled.unapplied_minor, Residual.SPILL)


def _explained(
    receipt: Receipt, items: Sequence[OpenItem], missing: int, policy: SettlementPolicy
) -> Settlement | None:
    charges = receipt.charges_minor
    taken = _discounts_making(missing, receipt, items, policy)
    if taken is not None:
        return _closing(items, taken, 0, Residual.DISCOUNT)
    if charges == missing and _can_carry(items, missing):
        return _closing(items, {}, charges, Residual.CHARGE)
    if 0 < charges < missing:
        taken = _discounts_making(missing - charges, receipt, items, policy)
        if taken is not None and _can_carry(items, missing):
            return _closing(items, taken, charges, Residual.DISCOUNT)
    if missing <= policy.short_tolerance_minor and _can_carry(items, missing):
        return _closing(items, {}, missing, Residual.TOLERANCE)
    return None


def _discounts_making(
    missing: int, receipt: Receipt, items: Sequence[OpenItem], policy: SettlementPolicy
) -> Mapping[int, int] | None:
    """Return the discounts taken by item when they make the difference in one way only."""
    eligible = [
        (item.item_id, item.discount.amount_minor)
        for item in items
        if item.discount is not None
        and 0 < item.discount.amount_minor < item.open_minor
        and item.discount.holds(receipt.received_on, policy.discount_grace_days)
    ]
    if not eligible or sum(amount for _, amount in eligible) < missing:
        return None
    search = exact_subsets([amount for _, amount in eligible], missing)
    return dict(eligible[position] for position in search.subsets[0]) if search.is_unique else None


def _can_carry(items: Sequence[OpenItem], missing: int) -> bool:
    return _largest(items).open_minor > missing


def _largest(items: Sequence[OpenItem]) -> OpenItem:
    return max(items, key=lambda item: (item.open_minor, -item.item_id))


def _closing(
    items: Sequence[OpenItem], discounts: Mapping[int, int], kept: int, residual: Residual
) -> Settlement:
    """Close all items; what the bank kept, or the tolerance, is carried by the largest one."""
    carrier = _largest(items).item_id
    allocations = []
    for item in items:
        discount = discounts.get(item.item_id, 0)
        here = kept if item.item_id == carrier else 0
        is_tolerance = residual is Residual.TOLERANCE
        allocations.append(
            Allocation(
                item.item_id,
                item.open_minor - discount - here,
                discount_minor=discount,
                charge_minor=0 if is_tolerance else here,
                tolerance_minor=here if is_tolerance else 0,
            )
        )
    return Settlement(tuple(allocations), 0, residual)


def _short(receipt: Receipt, items: Sequence[OpenItem]) -> Settlement:
    credits_ = [item for item in items if item.open_minor < 0]
    funds = receipt.amount_minor - sum(item.open_minor for item in credits_)
    allocated = allocate(funds, items, designated=[item.item_id for item in items])
    return Settlement(
        _full(credits_) + allocated.allocations, allocated.unapplied_minor, Residual.SHORT
    )
