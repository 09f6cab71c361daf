"""How far orders have come: delivered by the warehouse, invoiced by billing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import F, Q, Sum

from handsel.commit.order.ports import LineProgress
from handsel.deliver.fulfillment.models import ShipmentLine
from handsel.earn.billing.models import Invoice, InvoiceLine

ZERO = Decimal(0)


class OrderProgress:
    """Fills the order room's `Progress`: two statements an order, one for many."""

    def of_lines(self, *, order_id: int) -> Mapping[int, LineProgress]:
        """Shipped and invoiced quantities; issued invoices only, deposits left out."""
        shipped = ShipmentLine.objects.filter(order_line__order_id=order_id)
        delivered: dict[int, Decimal] = dict(
            shipped.values_list("order_line_id").annotate(total=Sum("quantity")).order_by()
        )
        invoiced = _invoiced(order_id)
        return {
            key: LineProgress(delivered.get(key, ZERO), invoiced.get(key, ZERO))
            for key in {*delivered, *invoiced}
        }

    def invoiced_minor(self, *, order_ids: Sequence[int]) -> Mapping[int, int]:
        """What the issued invoices of each order ask for, credit notes taken off."""
        issued = Invoice.objects.filter(order_id__in=order_ids, state="issued")
        credit = Q(kind="credit_note")
        rows = issued.values_list("order_id").annotate(
            asked=Sum("payable_minor", filter=~credit, default=0),
            credited=Sum("payable_minor", filter=credit, default=0),
        )
        return {
            key: int(asked - credited)
            for key, asked, credited in rows.order_by()
            if key is not None
        }


def _invoiced(order_id: int) -> dict[int, Decimal]:
    lines = InvoiceLine.objects.filter(order_line__order_id=order_id, invoice__state="issued")
    billed = lines.filter(invoice__kind__in=["invoice", "final"])
    # A credit note that takes a price down gives no quantity back; one at the full price does.
    returned = lines.filter(invoice__kind="credit_note", unit_price=F("credits__unit_price"))
    quantities: dict[int, Decimal] = {}
    for rows, sign in ((billed, 1), (returned, -1)):
        sums = rows.values_list("order_line_id").annotate(total=Sum("quantity")).order_by()
        for key, total in sums:
            if key is not None:
                quantities[key] = quantities.get(key, ZERO) + sign * total
    return quantities
