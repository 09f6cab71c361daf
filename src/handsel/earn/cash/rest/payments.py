"""Payments and what they are put against."""

from __future__ import annotations

from handsel.earn.cash import actions, queries
from handsel.earn.cash.rest.routing import router
from handsel.earn.cash.rest.schemas import (
    AllocateIn,
    AllocationOut,
    DayIn,
    KeyInPath,
    PageSize,
    PaymentListOut,
    PaymentOut,
    PaymentRecordOut,
    RecordIn,
    Start,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.api import MoneyOut


@router.get("/payments", permission="cash.view", response=PaymentListOut, summary="List payments")
def list_payments(request: Request, start: Start = 0, limit: PageSize = 50) -> PaymentListOut:
    """Newest first; `start` is the `next_start` of the page before."""
    found = queries.visible_payments(request.actor).order_by("-received_on", "-pk")
    rows = list(found[start : start + limit + 1])
    return PaymentListOut(
        rows=[PaymentOut.of(row) for row in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.post(
    "/payments",
    permission="cash.edit",
    response=PaymentRecordOut,
    summary="Record money, and put it against invoices",
    status=201,
)
def record(request: Request, body: RecordIn) -> PaymentRecordOut:
    """What the parts leave stays unallocated. A discount is not taken here."""
    seller_id = body.seller_id or party.default_seller(request.actor).pk
    payment = actions.settle_by_hand(
        actor=request.actor,
        now=request.now,
        seller_id=seller_id,
        organization_id=body.organization_id,
        amount=Money.parse(body.amount, body.currency),
        received_on=parse_date(body.received_on),
        parts=[(part.invoice_id, Money.parse(part.amount, body.currency)) for part in body.parts],
        reference=body.reference,
        charges=Money.parse(body.charges, body.currency),
        method=body.method,
    )
    return _record(request, payment.pk)


@router.get(
    "/payments/{payment_id}",
    permission="cash.view",
    response=PaymentRecordOut,
    summary="Get a payment",
)
def get_payment(request: Request, payment_id: KeyInPath) -> PaymentRecordOut:
    """With its allocations and what is left."""
    return _record(request, payment_id)


def _record(request: Request, payment_id: int) -> PaymentRecordOut:
    payment = queries.get_payment(request.actor, payment_id)
    return PaymentRecordOut(
        payment=PaymentOut.of(payment),
        allocations=[AllocationOut.of(row) for row in queries.allocations_of(payment.pk)],
        unallocated=MoneyOut.of(queries.unallocated_minor(payment), payment.currency),
    )


@router.post(
    "/payments/{payment_id}/allocations",
    permission="cash.edit",
    response=AllocationOut,
    summary="Put a part of a payment against an invoice",
    status=201,
)
def allocate(request: Request, payment_id: KeyInPath, body: AllocateIn) -> AllocationOut:
    """Never more than is left or open."""
    payment = queries.get_payment(request.actor, payment_id)
    row = actions.allocate(
        actor=request.actor,
        now=request.now,
        payment_id=payment_id,
        invoice_id=body.invoice_id,
        amount=Money.parse(body.amount, payment.currency),
        allocated_on=parse_date(body.allocated_on),
    )
    return AllocationOut.of(row)


@router.post(
    "/payments/{payment_id}/allocations/{allocation_id}/reverse",
    permission="cash.edit",
    response=AllocationOut,
    summary="Undo an allocation",
)
def reverse_allocation(
    request: Request, payment_id: KeyInPath, allocation_id: KeyInPath, body: DayIn
) -> AllocationOut:
    """By a row that mirrors it; again gives the same row."""
    row = actions.reverse_allocation(
        actor=request.actor,
        now=request.now,
        payment_id=payment_id,
        allocation_id=allocation_id,
        allocated_on=parse_date(body.on),
    )
    return AllocationOut.of(row)
