"""The page of one invoice or credit note, and its files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.commit.order.actions.paper import contract_note
from handsel.earn.billing import actions, ports, queries
from handsel.earn.billing.actions.documents import is_passed
from handsel.earn.billing.errors import DocumentMissing
from handsel.earn.billing.models import Invoice, InvoiceDocument, ValidationReport
from handsel.earn.billing.ports import Settlement
from handsel.earn.billing.web import buttons
from handsel.earn.billing.web.words import (
    STATES,
    address,
    kind_word,
    payable,
    state_badge,
    title,
)
from handsel.ground.document.models import Mail
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate, extend
from handsel.ground.kernel.said import said
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

FILE_WORDS = {
    "facturx": ("Factur-X", "PDF with the e-invoice inside; this one is sent"),
    "ubl": ("UBL", "e-invoice, XML; this one is sent"),
    "cii": ("CII", "e-invoice, XML"),
    "pdf": ("PDF", "to read and to print"),
}


@page("billing.view")
def invoice_record(request: Request, invoice_id: int) -> HttpResponseBase:
    """What it asks for and why, its documents, what the rules said, where it went."""
    invoice = queries.get_invoice(request.actor, invoice_id)
    documents = queries.documents_of(invoice_id)
    if not documents and request.actor.may("billing.issue"):
        ports.validator().get_ready()
    reports = queries.reports_of(invoice_id)
    standing = ports.standing().of_invoices([invoice_id]).get(invoice_id)
    context = {
        "header": _header(request, invoice, documents, standing),
        "invoice": invoice,
        "facts": _facts(request, invoice, standing),
        "lines": _lines(invoice),
        "totals": _totals(invoice),
        "files": _files(invoice, documents),
        "reports": [_report(report) for report in _newest(reports)],
        "sendings": _sendings(invoice_id),
        "may_send": bool(documents) and request.actor.may("billing.issue"),
        "recipient": {
            "name": "recipient",
            "label": _("Send to"),
            "type": "email",
            "value": queries.recipient_of(invoice),
        },
        "notes": queries.corrections_of(invoice_id),
        "thread": thread_of("invoice", invoice_id, request.actor),
        "timeline": timeline_of(("invoice", invoice_id)),
    }
    return render(request, "billing/record.html", context)


def _header(
    request: Request,
    invoice: Invoice,
    documents: dict[str, InvoiceDocument],
    standing: Settlement | None,
) -> dict[str, Any]:
    return {
        "title": kind_word(invoice),
        "number": invoice.number or _("no number yet"),
        "state": state_badge(invoice, standing),
        "amount": payable(invoice),
        "amount_label": _("Credited") if invoice.kind == "credit_note" else _("To pay"),
        "subtitle": invoice.organization.name,
        "trail": [(_("Invoices"), reverse("billing:list"))],
        "actions": buttons.actions_of(request.actor, invoice, has_documents=bool(documents)),
    }


def _facts(request: Request, invoice: Invoice, standing: Settlement | None) -> list[dict[str, Any]]:
    order, before = invoice.order, invoice.corrects
    is_credit = invoice.kind == "credit_note"
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": invoice.organization.name,
            "url": address("party:record", invoice.organization_id),
        },
        {
            "label": pgettext("document", "Order"),
            "value": order.number if order else "",
            "url": address("billing:of_order", order.pk) if order else "",
        },
        {
            "label": _("Corrects"),
            "value": before.number if before else "",
            "url": address("billing:record", before.pk) if before else "",
        },
        {"label": _("Reason"), "value": invoice.correction_reason},
        {"label": _("Purchase order"), "value": invoice.purchase_order},
        {"label": _("Buyer reference"), "value": invoice.buyer_reference},
        {"label": _("Issued"), "value": invoice.issued_on, "format": "day"},
        {"label": _("Due"), "value": "" if is_credit else invoice.due_on, "format": "day"},
        *_supplied(invoice),
        {
            "label": _("Payment reference"),
            "value": "" if is_credit else invoice.payment_reference,
        },
        {"label": _("Issued by"), "value": invoice.issued_by.name if invoice.issued_by else ""},
    ]
    if standing is not None:
        money = Money(standing.open_minor, invoice.currency)
        receivable = (
            address("cash:receivable", invoice.pk) if request.actor.may("cash.view") else ""
        )
        facts.insert(0, {"label": _("Open"), "value": money, "format": "money", "url": receivable})
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _lines(invoice: Invoice) -> dict[str, Any]:
    rows = []
    for line in queries.lines_of(invoice.pk):
        rate = Rate(line.unit_price, invoice.currency)
        discount = extend(rate, line.quantity).amount_minor - line.net_minor
        rows.append(
            {
                "position": line.position,
                "name": line.name,
                "detail": " · ".join(
                    one for one in (line.sku, *line.description.splitlines()) if one
                ),
                "quantity": Quantity(line.quantity, line.unit),
                "unit_price": rate,
                "discount": Money(discount, invoice.currency) if discount else None,
                "amount": Money(line.net_minor, invoice.currency),
            }
        )
    return {"rows": rows, "total": Money(invoice.net_minor, invoice.currency)}


def _totals(invoice: Invoice) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor, invoice.currency)

    rows: list[dict[str, Any]] = [
        {"label": _("Net"), "amount": money(invoice.net_minor), "type": "subtotal"}
    ]
    for tax in queries.taxes_of(invoice.pk):
        label = _("VAT %(rate)s %% on %(base)s") % {
            "rate": number_format(f"{Decimal(tax.rate_bps) / 100:g}"),
            "base": number_format(money(tax.basis_minor).amount, force_grouping=True),
        }
        rows.append(
            {
                "label": label,
                "amount": money(tax.tax_minor),
                "type": "tax",
                "detail": _(tax.reason) if tax.reason else "",
            }
        )
    deducted = queries.prepayments_of(invoice.pk)
    if deducted or invoice.rounding_minor:
        gross = money(invoice.gross_minor)
        rows.append({"label": _("With VAT"), "amount": gross, "type": "subtotal"})
    rows += [
        {
            "label": _("Deposit %(number)s") % {"number": one.deposit.number},
            "amount": money(-(one.net_minor + one.tax_minor)),
            "type": "discount",
        }
        for one in deducted
    ]
    if invoice.rounding_minor:
        rows.append({"label": _("Rounding"), "amount": money(invoice.rounding_minor)})
    word = _("Credited") if invoice.kind == "credit_note" else _("To pay")
    rows.append({"label": word, "amount": money(invoice.payable_minor), "type": "total"})
    return {"rows": rows, "note": contract_note(invoice.order) if invoice.order else ""}


def _files(invoice: Invoice, documents: dict[str, InvoiceDocument]) -> list[dict[str, Any]]:
    return [
        {
            "label": word,
            "text": _(text),
            "name": documents[kind].file.name,
            "sha256": documents[kind].file.sha256,
            "url": reverse("billing:document", args=[invoice.pk, kind]),
        }
        for kind, (word, text) in FILE_WORDS.items()
        if kind in documents
    ]


def _newest(reports: list[ValidationReport]) -> list[ValidationReport]:
    newest: dict[str, ValidationReport] = {}
    for report in reports:
        newest.setdefault(report.syntax, report)
    return sorted(newest.values(), key=lambda report: report.syntax, reverse=True)


def _supplied(invoice: Invoice) -> list[dict[str, Any]]:
    """The day of delivery, or the first and the last day of a service."""
    first, last = invoice.supplied_from, invoice.supplied_until
    if first == last:
        return [{"label": _("Supplied"), "value": last, "format": "day"}]
    return [
        {"label": _("Supplied from"), "value": first, "format": "day"},
        {"label": _("Supplied until"), "value": last, "format": "day"},
    ]


def _report(report: ValidationReport) -> dict[str, Any]:
    failed = report.rules_failed + report.own_failed
    return {
        "syntax": FILE_WORDS.get(report.syntax, (report.syntax, ""))[0],
        "passed": is_passed(report),
        "text": _("%(run)s rules run, %(failed)s failed")
        % {"run": report.rules_run, "failed": failed},
        "own": _("our own check to the cent: %(failed)s failed") % {"failed": report.own_failed},
        "validator": report.validator,
        "checked_at": report.checked_at,
        "findings": [
            finding for finding in report.findings if finding.get("severity") != "warning"
        ],
    }


def _sendings(invoice_id: int) -> list[dict[str, Any]]:
    sendings = queries.sendings_of(invoice_id)
    mails = {mail.pk: mail for mail in Mail.objects.filter(pk__in=[s.mail_id for s in sendings])}
    states = {
        "queued": (_("waiting for the mail server"), "progress"),
        "sending": (_("being handed over"), "progress"),
        "sent": (_("taken by the mail server"), "good"),
        "failed": (_("not sent"), "bad"),
    }
    return [
        {
            "recipient": sending.recipient,
            "at": sending.sent_at,
            "url": address("document:record", sending.mail_id),
            "state": states[mails[sending.mail_id].state]
            if sending.mail_id in mails
            else STATES["issued"],
        }
        for sending in sendings
    ]


@page("billing.view")
def document(request: Request, invoice_id: int, kind: str) -> HttpResponseBase:
    """A kept document, byte for byte."""
    invoice = queries.get_invoice(request.actor, invoice_id)
    found = queries.documents_of(invoice.pk).get(kind)
    if found is None:
        raise DocumentMissing(said("%(invoice)s has no such document", invoice=title(invoice)))
    return file_response(
        store.read(found.file_id),
        name=found.file.name,
        media_type=found.file.media_type,
        inline=kind in ("pdf", "facturx"),
    )


@page("billing.view")
def preview(request: Request, invoice_id: int) -> HttpResponseBase:
    """A draft as PDF, marked as a draft."""
    content = actions.preview(actor=request.actor, now=request.now, invoice_id=invoice_id)
    return file_response(content, name="draft.pdf", media_type="application/pdf", inline=True)
