"""What matching looks at: open items, who paid from where, and a kept entry as a receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from handsel.earn.cash.models import BankEntry, Payment, ReceivableBalance
from handsel.earn.cash.rules.candidates import Candidate
from handsel.earn.cash.rules.matching import candidates
from handsel.earn.cash.rules.open_items import OpenItemIndex
from handsel.earn.cash.rules.receivables import OpenItem, Receipt
from handsel.earn.cash.rules.statement.parties import normal_iban

_ITEM_FIELDS = (
    "invoice_id",
    "organization_id",
    "invoice__number",
    "currency",
    "open_minor",
    "due_on",
    "invoice__payment_reference",
    "organization__name",
)


def open_items(seller_id: int, organization_id: int | None = None) -> list[OpenItem]:
    """What is open on a seller's invoices and credit notes, of all or one customer."""
    found = ReceivableBalance.objects.filter(seller_id=seller_id).exclude(open_minor=0)
    if organization_id is not None:
        found = found.filter(organization_id=organization_id)
    rows = found.order_by("due_on", "invoice_id").values_list(*_ITEM_FIELDS)
    return [
        OpenItem(
            item_id=item_id,
            customer_id=customer_id,
            number=number,
            currency=currency,
            open_minor=open_minor,
            due_on=due_on,
            references=(reference,) if reference else (),
            customer_name=name,
        )
        for item_id, customer_id, number, currency, open_minor, due_on, reference, name in rows
    ]


def known_ibans(seller_id: int, among: Collection[str]) -> dict[str, set[int]]:
    """IBAN to the customers that have paid from it, learned from matched entries.

    Only of those asked for: a house has as many as customers.
    """
    rows = Payment.objects.filter(
        seller_id=seller_id, bank_entry__counterparty_iban__in=set(among) - {""}, amount_minor__gt=0
    ).values_list("bank_entry__counterparty_iban", "organization_id")
    found: dict[str, set[int]] = {}
    for iban, organization_id in rows.distinct():
        if iban:
            found.setdefault(normal_iban(iban), set()).add(organization_id)
    return found


def receipt_of(entry: BankEntry) -> Receipt:
    """A kept entry as the matcher sees it."""
    return Receipt(
        amount_minor=entry.amount_minor,
        currency=entry.currency,
        received_on=entry.value_on or entry.booked_on,
        entry_position=entry.position,
        payer_name=entry.counterparty,
        payer_iban=entry.counterparty_iban,
        ultimate_name=entry.ultimate_name,
        end_to_end_id=entry.end_to_end_id,
        references=(entry.structured_reference,) if entry.structured_reference else (),
        documents=tuple(entry.documents),
        text=entry.remittance,
        charges_minor=entry.charges_minor,
        is_return=entry.is_return,
    )


@dataclass(frozen=True, slots=True)
class MatchingDesk:
    """What matching needs to know of a seller, read and arranged once for many entries."""

    index: OpenItemIndex
    known_ibans: dict[str, set[int]]


def matching_desk(seller_id: int, entries: Iterable[BankEntry]) -> MatchingDesk:
    """The open items of a seller, and who has paid before from the accounts of these entries."""
    ibans = {entry.counterparty_iban for entry in entries}
    return MatchingDesk(OpenItemIndex(open_items(seller_id)), known_ibans(seller_id, ibans))


def match_candidates(entry: BankEntry, desk: MatchingDesk | None = None) -> list[Candidate]:
    """What an entry may pay, best first, with reasons."""
    arranged = desk or matching_desk(entry.statement.seller_id, [entry])
    return candidates(receipt_of(entry), arranged.index, known_ibans=arranged.known_ibans)


def mark_of(candidate: Candidate) -> str:
    """A short name of what a candidate does: it changes with any amount or item."""
    parts = [
        (p.item_id, p.amount_minor, p.discount_minor, p.charge_minor, p.tolerance_minor)
        for p in candidate.allocations
    ]
    said = repr((candidate.customer_ids, sorted(parts))).encode()
    return hashlib.sha256(said).hexdigest()[:24]
