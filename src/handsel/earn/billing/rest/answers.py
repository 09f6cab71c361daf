"""An invoice as the JSON API answers it."""

from __future__ import annotations

from typing import Any

from handsel.earn.billing import ports, queries
from handsel.earn.billing.rest.schemas import (
    DeductionOut,
    DocumentOut,
    InvoiceOut,
    InvoiceRowOut,
    LineOut,
    ReportOut,
    SendingOut,
    TaxOut,
)
from handsel.ground.identity.access import Request
from handsel.ground.platform.api import MoneyOut


def documents_out(found: Any) -> list[DocumentOut]:
    return [
        DocumentOut(
            kind=kind,
            name=one.file.name,
            media_type=one.file.media_type,
            sha256=one.file.sha256,
            size=one.file.size,
        )
        for kind, one in sorted(found.items())
    ]


def record_out(request: Request, invoice_id: int) -> InvoiceOut:
    invoice = queries.get_invoice(request.actor, invoice_id)
    currency = invoice.currency
    standing = ports.standing().of_invoices([invoice_id])
    return InvoiceOut(
        invoice=InvoiceRowOut.of(invoice, standing.get(invoice_id)),
        purchase_order=invoice.purchase_order,
        buyer_reference=invoice.buyer_reference,
        payment_reference=invoice.payment_reference,
        corrects_id=invoice.corrects_id,
        correction_reason=invoice.correction_reason,
        content_hash=invoice.content_hash,
        previous_hash=invoice.previous_hash,
        net=MoneyOut.of(invoice.net_minor, currency),
        tax=MoneyOut.of(invoice.tax_minor, currency),
        gross=MoneyOut.of(invoice.gross_minor, currency),
        prepaid=MoneyOut.of(invoice.prepaid_minor, currency),
        rounding=MoneyOut.of(invoice.rounding_minor, currency),
        lines=[LineOut.of(line, currency) for line in queries.lines_of(invoice_id)],
        taxes=[TaxOut.of(row, currency) for row in queries.taxes_of(invoice_id)],
        deductions=[
            DeductionOut(
                deposit_id=one.deposit_id,
                number=one.deposit.number,
                net=MoneyOut.of(one.net_minor, currency),
                tax=MoneyOut.of(one.tax_minor, currency),
            )
            for one in queries.prepayments_of(invoice_id)
        ],
        documents=documents_out(queries.documents_of(invoice_id)),
        reports=[ReportOut.of(report) for report in queries.reports_of(invoice_id)],
        sendings=[
            SendingOut(recipient=one.recipient, mail_id=one.mail_id, sent_at=one.sent_at)
            for one in queries.sendings_of(invoice_id)
        ],
    )
