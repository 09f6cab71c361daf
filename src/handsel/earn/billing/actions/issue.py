"""Issuing: the draft gets its number, dates and seal, and never changes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.billing import queries
from handsel.earn.billing.actions import deposits
from handsel.earn.billing.actions.writing import parties
from handsel.earn.billing.errors import InvoiceMissing, InvoiceStateRefused, InvoiceUnsound
from handsel.earn.billing.events import InvoiceDiscarded, InvoiceIssued
from handsel.earn.billing.models import (
    BillingPlanItem,
    Invoice,
    InvoiceLine,
    InvoicePrepayment,
    InvoiceTax,
)
from handsel.earn.billing.queries import link_of, series_of
from handsel.earn.billing.rules.chain import number_before, sealed_text, text_hash
from handsel.earn.billing.rules.soundness import SoundnessFacts, unsound
from handsel.earn.billing.rules.terms import due_date, payment_reference
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number

_SET_AT_ISSUE = (
    "state",
    "issued_on",
    "due_on",
    "issued_at",
    "issued_by",
    "number",
    "payment_reference",
    "previous_hash",
    "content_hash",
    "sealed_text",
    "seller_snapshot",
    "buyer_snapshot",
)


@dataclass(frozen=True, slots=True)
class _Rows:
    lines: Sequence[InvoiceLine]
    taxes: Sequence[InvoiceTax]


@transaction.atomic
def issue_invoice(*, actor: Actor, now: datetime, invoice_id: int) -> Invoice:
    """Issue a draft on today's date in the seller's zone.

    Issuing an issued invoice again returns it unchanged. Raises InvoiceUnsound, naming what is
    missing or does not add up; the number is taken last and only then.
    """
    invoice = _locked(actor, invoice_id)
    if invoice.state == "issued":
        return invoice
    if invoice.state != "draft":
        raise InvoiceStateRefused(
            said("this invoice is %(state)s and cannot be issued", state=invoice.state)
        )
    _settle_deposits(invoice)
    if invoice.order is not None:
        for field, snapshot in parties(invoice.order).items():
            setattr(invoice, field, snapshot)
    rows = _Rows(queries.lines_of(invoice.pk), queries.taxes_of(invoice.pk))
    _refuse_unsound(invoice, rows)
    _number_and_seal(invoice, rows, actor, now)
    _follow_plan(invoice)
    log.announce(_issued_event(invoice), actor=actor, now=now, at_hand=[invoice])
    return invoice


def _locked(actor: Actor, invoice_id: int) -> Invoice:
    """The invoice, locked; its plan before it, as everywhere in this room."""
    deposits.lock_plan_of(invoice_id)
    rows = queries.visible_invoices(actor).select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=invoice_id).select_related(
        "seller", "plan_item", "corrects", "order__seller", "order__organization"
    )
    if not found:
        raise InvoiceMissing("this invoice does not exist")
    return found[0]


def _settle_deposits(invoice: Invoice) -> None:
    if invoice.kind == "final":
        deposits.refuse_waiting_deposits(invoice)
        deposits.deduct_deposits(invoice)
    if invoice.kind == "deposit" and invoice.plan_item is not None:
        final = queries.issued_final(invoice.plan_item.plan_id)
        if final is not None:
            raise InvoiceStateRefused(
                said("final invoice %(final)s bills everything; discard this draft", final=final)
            )
    if invoice.corrects is not None and queries.deducting_final(invoice.corrects):
        raise InvoiceStateRefused("this deposit is deducted in a final invoice; credit that one")


def _refuse_unsound(invoice: Invoice, rows: _Rows) -> None:
    facts = SoundnessFacts(
        line_nets=[line.net_minor for line in rows.lines],
        tax_rows=[(t.rate_bps, t.basis_minor, t.tax_minor, t.category) for t in rows.taxes],
        currency=invoice.currency,
        net_minor=invoice.net_minor,
        tax_minor=invoice.tax_minor,
        gross_minor=invoice.gross_minor,
        payable_minor=invoice.payable_minor,
        kind=invoice.kind,
        seller=invoice.seller_snapshot,
        buyer=invoice.buyer_snapshot,
    )
    found = unsound(facts)
    if found:
        raise InvoiceUnsound("this invoice cannot be issued: " + "; ".join(found))


def _number_and_seal(invoice: Invoice, rows: _Rows, actor: Actor, now: datetime) -> None:
    issued_on = local_date(now, invoice.seller.time_zone)
    series = series_of(invoice)
    invoice.issued_on = issued_on
    invoice.due_on = due_date(issued_on, invoice.payment_days)
    invoice.issued_at = now
    invoice.issued_by_id = actor.user_id
    invoice.number = next_number(seller_id=invoice.seller_id, kind=series, year=issued_on.year)
    # From here to commit the series is locked: its last document is known and stays the last.
    invoice.payment_reference = payment_reference(invoice.number)
    invoice.previous_hash = _hash_of(invoice.seller_id, number_before(invoice.number))
    invoice.sealed_text = sealed_text(link_of(invoice, rows.lines, rows.taxes))
    invoice.content_hash = text_hash(invoice.sealed_text)
    invoice.state = "issued"
    invoice.save(update_fields=_SET_AT_ISSUE)


def _hash_of(seller_id: int, number: str | None) -> str:
    if number is None:
        return ""
    before = Invoice.objects.filter(seller_id=seller_id, number=number)
    return before.values_list("content_hash", flat=True).first() or ""


def _follow_plan(invoice: Invoice) -> None:
    item = invoice.plan_item
    if item is None:
        return
    if invoice.kind != "credit_note":
        BillingPlanItem.objects.filter(pk=item.pk).update(state="billed")
    if invoice.kind == "final":
        deposits.cancel_waiting(invoice)
    elif invoice.kind == "deposit" or (invoice.corrects and invoice.corrects.kind == "deposit"):
        deposits.deduct_in_draft(item.plan_id)


def _issued_event(invoice: Invoice) -> InvoiceIssued:
    currency = invoice.currency
    if invoice.issued_on is None or invoice.due_on is None:
        raise InvoiceStateRefused("an invoice without dates was not issued")
    return InvoiceIssued(
        invoice.pk,
        invoice.order_id,
        invoice.organization_id,
        invoice.kind,
        invoice.issued_on,
        invoice.due_on,
        Money(invoice.net_minor, currency),
        Money(invoice.tax_minor, currency),
        Money(invoice.gross_minor, currency),
        Money(invoice.payable_minor, currency),
        invoice.corrects_id,
    )


@transaction.atomic
def discard_draft(*, actor: Actor, now: datetime, invoice_id: int) -> Invoice:
    """Set a draft aside; no number was taken, and its plan item can be drafted again.

    Raises InvoiceStateRefused for anything but a draft.
    """
    found = queries.get_invoice(actor, invoice_id)
    changed = Invoice.objects.filter(pk=invoice_id, state="draft").update(state="discarded")
    if changed != 1:
        raise InvoiceStateRefused("only a draft can be discarded; correct an issued one by credit")
    # The deposits it deducted wait for the next final invoice.
    InvoicePrepayment.objects.filter(final_id=invoice_id).delete()
    event = InvoiceDiscarded(invoice_id, found.order_id, found.organization_id)
    log.announce(event, actor=actor, now=now)
    return queries.get_invoice(actor, invoice_id)
