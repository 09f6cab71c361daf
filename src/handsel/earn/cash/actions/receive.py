"""Recording money that came in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from handsel.earn.cash.errors import AllocationRefused
from handsel.earn.cash.events import PaymentRecorded
from handsel.earn.cash.models import BankEntry, Payment
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number


@transaction.atomic
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
    )
    return payment
