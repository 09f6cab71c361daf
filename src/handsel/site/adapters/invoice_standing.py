"""What is still open on invoices, for billing's pages: told by cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Sum

from handsel.earn.billing.ports import Settlement
from handsel.earn.cash.models import ReceivableBalance, ReceivableEntry


class InvoiceStanding:
    """Fills billing's `Standing` port: two statements for a page of invoices."""

    def of_invoices(self, invoice_ids: Sequence[int]) -> Mapping[int, Settlement]:
        """What is open by the balances, what was paid by the entries behind them."""
        balances = ReceivableBalance.objects.filter(invoice_id__in=invoice_ids)
        payments = ReceivableEntry.objects.filter(invoice_id__in=invoice_ids, kind="payment")
        paid = dict(payments.values_list("invoice_id").annotate(sum=Sum("amount_minor")).order_by())
        return {
            key: Settlement(open_minor, -paid.get(key, 0))
            for key, open_minor in balances.values_list("invoice_id", "open_minor")
        }
