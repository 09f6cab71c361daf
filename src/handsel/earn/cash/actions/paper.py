"""A customer's statement of account as a document."""

from __future__ import annotations

from datetime import date, datetime

from handsel.earn.cash import queries
from handsel.earn.cash.rules.ageing import Bucket
from handsel.ground.document import stationery
from handsel.ground.document.content import AccountStatementDocument, AgeBucket, StatementEntry
from handsel.ground.document.documents import typeset_document
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.actor import Actor

_BUCKETS = {
    "en": ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days"),
    "de": ("Nicht fällig", "1–30 Tage", "31–60 Tage", "61–90 Tage", "Über 90 Tage"),
}
_KINDS = {
    "en": {"write_off": "Written off", "discount": "Discount", "payment": "Payment"},
    "de": {"write_off": "Ausgebucht", "discount": "Skonto", "payment": "Zahlung"},
}


def account_statement(
    *, actor: Actor, now: datetime, organization_id: int, seller: Seller, as_of: date
) -> bytes:
    """The PDF of what a customer owes a seller on a day, in the seller's currency."""
    alone = Actor(actor.kind, actor.label, actor.user_id, actor.permissions, frozenset({seller.pk}))
    document = _document(
        alone, now, party.get_organization(organization_id), seller, seller.currency, as_of
    )
    return typeset_document(document)


def _document(
    actor: Actor,
    now: datetime,
    customer: Organization,
    seller: Seller,
    currency: str,
    as_of: date,
) -> AccountStatementDocument:
    locale = stationery.document_locale(customer.language, customer.country)
    language = locale[:2]
    moves = queries.customer_moves(
        actor, organization_id=customer.pk, currency=currency, as_of=as_of
    )
    entries, balance = [], 0
    for move in moves:
        balance += move.amount_minor
        is_charge = move.amount_minor > 0
        entries.append(
            StatementEntry(
                booked_on=move.on,
                number=move.number,
                text=_KINDS[language].get(move.kind, ""),
                due_on=move.due_on if is_charge else None,
                charged=Money(move.amount_minor, currency) if is_charge else None,
                settled=None if is_charge else Money(-move.amount_minor, currency),
                balance=Money(balance, currency),
            )
        )
    ages = _ages(actor, customer.pk, currency, as_of)
    overdue = sum(minor for bucket, minor in ages.items() if bucket is not Bucket.NOT_DUE)
    # Money not put against anything yet stands with what is not due, so that the ages sum.
    ages[Bucket.NOT_DUE] += balance - sum(ages.values())
    return AccountStatementDocument(
        seller=stationery.letterhead(party.seller_snapshot(seller, currency)),
        recipient=stationery.postal_address(party.address_snapshot(customer, "billing")),
        number=customer.number or str(customer.pk),
        issued_on=as_of,
        produced_at=now,
        locale=locale,
        time_zone=seller.time_zone,
        recipient_vat_id=customer.vat_id,
        as_of_on=as_of,
        opening=Money.zero(currency),
        entries=tuple(entries),
        balance=Money(balance, currency),
        overdue=Money(overdue, currency),
        ageing=tuple(
            AgeBucket(label=label, amount=Money(minor, currency))
            for label, minor in zip(_BUCKETS[language], ages.values(), strict=True)
        ),
    )


def _ages(actor: Actor, organization_id: int, currency: str, as_of: date) -> dict[Bucket, int]:
    found = queries.ageing(actor, as_of=as_of, organization_id=organization_id)
    ages = dict.fromkeys(Bucket, 0)
    for item in found.items:
        if item.currency == currency:
            ages[item.bucket] += item.open_minor
    return ages
