"""Recording money that came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from handsel.earn.cash.actions.allocate import allocate
from handsel.earn.cash.errors import AllocationRefused
from handsel.earn.cash.events import PaymentRecorded
from handsel.earn.cash.models import BankEntry, Payment
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.joined import joined
from handsel.ground.platform.numbering import next_number


@joined
def record_payment(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    organization_id: int,
    amount: Money,
    received_on: date,
    reference: str = "",
    charges: Money | None = None,
    method: str = "bank_transfer",
    bank_entry: BankEntry | None = None,
) -> Payment:
    """Money of a customer; `charges` is what the bank kept of what he paid."""
    seller = party.get_seller(actor, seller_id)
    party.get_organization(organization_id)
    if amount.amount_minor == 0:
        raise AllocationRefused("a payment of nothing is none")
    kept = charges or Money.zero(amount.currency)
    if kept.currency != amount.currency or kept.amount_minor < 0:
        raise AllocationRefused("charges are in the payment's currency and not negative")
    number = next_number(seller_id=seller.pk, kind="payment", year=received_on.year)
    payment = Payment.objects.create(
        seller=seller,
        number=number,
        organization_id=organization_id,
        bank_entry=bank_entry,
        method=method,
        amount_minor=amount.amount_minor,
        charges_minor=kept.amount_minor,
        currency=amount.currency,
        received_on=received_on,
        reference=reference[:140],
        recorded_at=now,
        recorded_by_id=actor.user_id,
    )
    log.announce(
        PaymentRecorded(
            payment.pk,
            organization_id,
            amount,
            kept,
            received_on,
            bank_entry.pk if bank_entry else None,
        ),
        actor=actor,
        now=now,
        at_hand=[payment],
    )
    return payment


@transaction.atomic
def settle_by_hand(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    organization_id: int,
    amount: Money,
    received_on: date,
    parts: Sequence[tuple[int, Money]],
    reference: str = "",
    charges: Money | None = None,
    method: str = "bank_transfer",
) -> Payment:
    """Record money a person knows of and put it against invoices (key, amount) in one act."""
    payment = record_payment(
        actor=actor,
        now=now,
        seller_id=seller_id,
        organization_id=organization_id,
        amount=amount,
        received_on=received_on,
        reference=reference,
        charges=charges,
        method=method,
    )
    for invoice_id, part in sorted(parts, key=lambda one: one[1].amount_minor > 0):
        allocate(
            actor=actor,
            now=now,
            payment_id=payment.pk,
            invoice_id=invoice_id,
            amount=part,
            allocated_on=received_on,
        )
    return payment
