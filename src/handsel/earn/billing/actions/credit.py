"""Credit notes: what was billed is taken back, in part or whole, by another document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.earn.billing import queries
from handsel.earn.billing.actions.writing import LineDraft, write_draft
from handsel.earn.billing.errors import CreditTooLarge, InvoiceStateRefused
from handsel.earn.billing.models import Invoice, InvoiceLine
from handsel.earn.billing.rules.drafting import Treatment
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import divide
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
    Raises CreditTooLarge when a line would be credited beyond what was billed.
    """
    invoice = queries.get_invoice(actor, invoice_id)
    # The corrected invoice owns the limit: two clerks at once see each other.
    Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if invoice.state != "issued" or invoice.kind == "credit_note":
        raise InvoiceStateRefused("only an issued invoice can be credited")
    if invoice.order is None:
        raise InvoiceStateRefused("this invoice belongs to no order")
    lines = [
        _credit_line(line, invoice.currency, quantities[line.pk])
        for line in queries.lines_of(invoice.pk)
        if quantities.get(line.pk)
    ]
    if not lines:
        raise CreditTooLarge("no line of this invoice was chosen")
    return write_draft(
        actor=actor,
        now=now,
        order=invoice.order,
        kind="credit_note",
        lines=lines,
        item=invoice.plan_item,
        supplied=_supplied(invoice),
        corrects=invoice,
        correction_reason=reason.strip()[:200],
    )


@transaction.atomic
def credit_whole_invoice(*, actor: Actor, now: datetime, invoice_id: int, reason: str) -> Invoice:
    """A draft credit note for everything of an invoice that is not credited yet."""
    quantities = {}
    for line in queries.lines_of(queries.get_invoice(actor, invoice_id).pk):
        rest = line.quantity - credited_quantity(line.pk)
        if rest > 0:
            quantities[line.pk] = rest
    return credit_invoice(
        actor=actor, now=now, invoice_id=invoice_id, quantities=quantities, reason=reason
    )


def _supplied(invoice: Invoice) -> tuple[date, date] | None:
    if invoice.supplied_from is None or invoice.supplied_until is None:
        return None
    return (invoice.supplied_from, invoice.supplied_until)


def credited_quantity(line_id: int) -> Decimal:
    """The quantity of an invoice line on its live credit notes, drafts too."""
    rows = InvoiceLine.objects.filter(credits_id=line_id).exclude(invoice__state="discarded")
    return sum((row.quantity for row in rows), Decimal(0))


def _credit_line(line: InvoiceLine, currency: str, quantity: Decimal) -> LineDraft:
    before = credited_quantity(line.pk)
    if quantity <= 0 or before + quantity > line.quantity:
        raise CreditTooLarge(
            f"{line.name}: {quantity:f} cannot be credited, {line.quantity - before:f} is left"
        )
    net = _cumulative(line, before + quantity) - _cumulative(line, before)
    return LineDraft(
        order_line_id=line.order_line_id,
        shipment_line_id=None,
        sku=line.sku,
        name=line.name,
        description=line.description,
        quantity=quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        net=Money(net, currency),
        treatment=Treatment(line.tax_category, line.tax_rate_bps, line.tax_reason_code),
        credits_id=line.pk,
    )


def _cumulative(line: InvoiceLine, quantity: Decimal) -> int:
    scale = Decimal(10) ** 6
    return divide(line.net_minor * int(quantity * scale), int(line.quantity * scale))
