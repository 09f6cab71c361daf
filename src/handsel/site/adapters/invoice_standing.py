"""What is still open on invoices, for billing's pages: told by cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handsel.earn.cash.models import ReceivableBalance


class InvoiceStanding:
    """Fills billing's `Standing` port: one statement for a page of invoices."""

    def open_minor(self, invoice_ids: Sequence[int]) -> Mapping[int, int]:
        """Invoice to its open minor units; negative for a credit not used yet."""
        rows = ReceivableBalance.objects.filter(invoice_id__in=invoice_ids)
        return dict(rows.values_list("invoice_id", "open_minor"))
