"""Issuing: the draft gets its number, dates and seal, and never changes again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from handsel.earn.billing import queries
from handsel.earn.billing.errors import InvoiceStateRefused, InvoiceUnsound
from handsel.earn.billing.events import InvoiceIssued
from handsel.earn.billing.models import BillingPlanItem, Invoice
from handsel.earn.billing.rules.chain import ChainLink, link_hash
from handsel.earn.billing.rules.soundness import SoundnessFacts, unsound
from handsel.earn.billing.rules.terms import due_date, payment_reference
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.numbering import next_number


@transaction.atomic
def issue_invoice(*, actor: Actor, now: datetime, invoice_id: int) -> Invoice:
    """Issue a draft on today's date in the seller's zone.

    Issuing an issued invoice again returns it unchanged. Raises InvoiceUnsound, naming what is
    missing or does not add up; the number is taken last and only then.
    """
    queries.get_invoice(actor, invoice_id)
    invoice = (
        Invoice.objects.select_for_update(of=("self",)).select_related("seller").get(pk=invoice_id)
    )
    if invoice.state == "issued":
        return invoice
    if invoice.state != "draft":
        raise InvoiceStateRefused(f"this invoice is {invoice.state} and cannot be issued")
    _refuse_unsound(invoice)
    _number_and_seal(invoice, actor, now)
    BillingPlanItem.objects.filter(pk=invoice.plan_item_id).exclude(state="billed").update(
        state="billed"
    )
    log.announce(_issued_event(invoice), actor=actor, now=now)
    return invoice


def _refuse_unsound(invoice: Invoice) -> None:
    facts = SoundnessFacts(
        line_nets=[line.net_minor for line in queries.lines_of(invoice.pk)],
        tax_rows=[
            (t.rate_bps, t.basis_minor, t.tax_minor, t.category)
            for t in queries.taxes_of(invoice.pk)
        ],
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


def _number_and_seal(invoice: Invoice, actor: Actor, now: datetime) -> None:
    issued_on = local_date(now, invoice.seller.time_zone)
    series = "credit_note" if invoice.kind == "credit_note" else "invoice"
    invoice.issued_on = issued_on
    invoice.due_on = due_date(issued_on, invoice.payment_days)
    invoice.issued_at = now
    invoice.issued_by_id = actor.user_id
    invoice.number = next_number(seller_id=invoice.seller_id, kind=series, year=issued_on.year)
    invoice.payment_reference = payment_reference(invoice.number)
    invoice.previous_hash = _previous_hash(invoice)
    invoice.content_hash = link_hash(_link(invoice, series))
    invoice.state = "issued"
    invoice.save(
        update_fields=[
            "state",
            "issued_on",
            "due_on",
            "issued_at",
            "issued_by",
            "number",
            "payment_reference",
            "previous_hash",
            "content_hash",
        ]
    )


def _previous_hash(invoice: Invoice) -> str:
    same_series = Q(kind="credit_note")
    if invoice.kind != "credit_note":
        same_series = ~same_series
    before = (
        Invoice.objects.filter(same_series, seller_id=invoice.seller_id, state="issued")
        .exclude(pk=invoice.pk)
        .order_by("-issued_at", "-number")
        .values_list("content_hash", flat=True)
        .first()
    )
    return before or ""


def _link(invoice: Invoice, series: str) -> ChainLink:
    return ChainLink(
        series=f"{invoice.seller_id}/{series}",
        number=invoice.number,
        kind=invoice.kind,
        issued_on=str(invoice.issued_on),
        currency=invoice.currency,
        net_minor=invoice.net_minor,
        tax_minor=invoice.tax_minor,
        payable_minor=invoice.payable_minor,
        tax_rows=[
            (t.category, t.rate_bps, t.reason_code, t.basis_minor, t.tax_minor)
            for t in queries.taxes_of(invoice.pk)
        ],
        lines=[
            (line.position, line.name, f"{line.quantity:f}", line.net_minor)
            for line in queries.lines_of(invoice.pk)
        ],
        buyer_id=invoice.organization_id,
        previous_hash=invoice.previous_hash,
    )


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
    """Set a draft aside; no number was taken, and its plan item can be drafted again."""
    queries.get_invoice(actor, invoice_id)
    changed = Invoice.objects.filter(pk=invoice_id, state="draft").update(state="discarded")
    if changed != 1:
        raise InvoiceStateRefused("only a draft can be discarded; correct an issued one by credit")
    return queries.get_invoice(actor, invoice_id)
