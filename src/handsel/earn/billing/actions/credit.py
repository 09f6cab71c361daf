"""Credit notes: what was billed is taken back, in part or whole, by another document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.earn.billing import queries
from handsel.earn.billing.actions.deposits import lock_plan
from handsel.earn.billing.actions.writing import Correction, LineDraft, write_draft
from handsel.earn.billing.errors import CreditInvalid, CreditTooLarge, InvoiceStateRefused
from handsel.earn.billing.models import Invoice, InvoiceLine
from handsel.earn.billing.rules.crediting import BilledLine, credit_net, credit_rounding
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor


@transaction.atomic
def credit_invoice(
    *,
    actor: Actor,
    now: datetime,
    invoice_id: int,
    quantities: Mapping[int, Decimal],
    reason: str,
) -> Invoice:
    """A draft credit note for quantities of an issued invoice's lines (line key → quantity).

    The last credit of a line takes the rounding rest, so all of them together are the line.
    Raises CreditTooLarge when a line would be credited beyond what was billed, CreditInvalid
    without a reason or for a line of another invoice.
    """
    invoice = queries.get_invoice(actor, invoice_id)
    _lock(invoice)
    _refuse_uncreditable(invoice)
    if not reason.strip():
        raise CreditInvalid("a credit note says why", fields={"reason": "a few words"})
    return _credit(actor, now, invoice, quantities, free_text(reason, field="reason", longest=200))


@transaction.atomic
def credit_whole_invoice(*, actor: Actor, now: datetime, invoice_id: int, reason: str) -> Invoice:
    """A draft credit note for everything of an invoice that is not credited yet."""
    invoice = queries.get_invoice(actor, invoice_id)
    _lock(invoice)
    rest = {line.line_id: line.left for line in queries.billed_lines(invoice) if line.left > 0}
    if invoice.state == "issued" and not rest:
        raise CreditTooLarge(
            said("invoice %(number)s is credited in full already", number=invoice.number)
        )
    return credit_invoice(
        actor=actor, now=now, invoice_id=invoice_id, quantities=rest, reason=reason
    )


def _lock(invoice: Invoice) -> None:
    """The corrected invoice owns the limit: two clerks at once see each other."""
    if invoice.plan_item is not None:
        lock_plan(invoice.plan_item.plan_id)
    Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)


def _refuse_uncreditable(invoice: Invoice) -> None:
    if invoice.state != "issued" or invoice.kind == "credit_note":
        raise InvoiceStateRefused("only an issued invoice can be credited")
    final = queries.deducting_final(invoice)
    if final is not None:
        raise InvoiceStateRefused(
            said(
                "deposit %(number)s is deducted in %(final)s; credit that one instead",
                number=invoice.number,
                final=final,
            )
        )


def _credit(
    actor: Actor,
    now: datetime,
    invoice: Invoice,
    quantities: Mapping[int, Decimal],
    reason: str,
) -> Invoice:
    if invoice.order is None:
        raise InvoiceStateRefused("this invoice belongs to no order")
    billed = queries.billed_lines(invoice)
    unknown = quantities.keys() - {line.line_id for line in billed}
    if unknown:
        raise CreditInvalid("this invoice has no such line", fields={"lines": "its own lines"})
    rows = {row.pk: row for row in queries.lines_of(invoice.pk)}
    lines = [
        _credit_line(rows[line.line_id], line, quantities[line.line_id])
        for line in billed
        if quantities.get(line.line_id)
    ]
    if not lines:
        raise CreditInvalid("choose what is credited", fields={"lines": "at least one quantity"})
    rounding = credit_rounding(
        billed,
        [(line.treatment, line.net) for line in lines],
        queries.credited_payable(invoice.pk),
        invoice.currency,
    )
    return write_draft(
        actor=actor,
        now=now,
        order=invoice.order,
        kind="credit_note",
        lines=lines,
        item=invoice.plan_item,
        supplied=_supplied(invoice),
        correction=Correction(invoice=invoice, reason=reason, rounding_minor=rounding),
    )


def _supplied(invoice: Invoice) -> tuple[date, date] | None:
    if invoice.supplied_from is None or invoice.supplied_until is None:
        return None
    return (invoice.supplied_from, invoice.supplied_until)


def _credit_line(row: InvoiceLine, line: BilledLine, quantity: Decimal) -> LineDraft:
    if not quantity.is_finite() or quantity <= 0 or quantity > line.left:
        raise CreditTooLarge(
            said(
                "%(name)s: %(quantity)s cannot be credited, %(left)s is left",
                name=row.name,
                quantity=f"{quantity:f}",
                left=f"{line.left.normalize():f}",
            )
        )
    return LineDraft(
        order_line_id=row.order_line_id,
        shipment_line_id=None,
        sku=row.sku,
        name=row.name,
        description=row.description,
        quantity=quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        net=credit_net(line, quantity),
        treatment=line.treatment,
        credits_id=row.pk,
    )
