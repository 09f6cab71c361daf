"""Correcting an issued invoice: choose what is taken back, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.earn.billing import actions, queries
from handsel.earn.billing.models import Invoice
from handsel.earn.billing.web.commands import commanded
from handsel.earn.billing.web.words import title
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity


@page("billing.edit")
def credit(request: Request, invoice_id: int) -> HttpResponseBase:
    """The form with what is left of each line; posting drafts the credit note."""
    invoice = queries.get_invoice(request.actor, invoice_id)
    if request.method == "POST":
        done = commanded(request, "credit", lambda: _draft(request, invoice))
        if done is not None:
            return HttpResponseRedirect(reverse("billing:record", args=[done["credit_note_id"]]))
    context = {"invoice": invoice, "lines": _lines(request, invoice), "header": _header(invoice)}
    if request.headers.get("HX-Request"):
        return render(request, "billing/credit_dialog.html", context)
    return render(request, "billing/credit.html", context)


def _draft(request: Request, invoice: Invoice) -> dict[str, Any]:
    quantities = {}
    for line in queries.billed_lines(invoice):
        text = request.POST.get(f"quantity_{line.line_id}", "").strip()
        quantity = parse_decimal(text, max_digits=18, scale=6, minimum=0) if text else Decimal(0)
        if quantity:
            quantities[line.line_id] = quantity
    note = actions.credit_invoice(
        actor=request.actor,
        now=request.now,
        invoice_id=invoice.pk,
        quantities=quantities,
        reason=request.POST.get("reason", ""),
    )
    return {"credit_note_id": note.pk}


def _lines(request: Request, invoice: Invoice) -> list[dict[str, Any]]:
    rows = {row.pk: row for row in queries.lines_of(invoice.pk)}
    return [
        {
            "name": rows[line.line_id].name,
            "left": Quantity(line.left, rows[line.line_id].unit),
            "net": Money(line.net.amount_minor - line.credited.net_minor, invoice.currency),
            "field": {
                "name": f"quantity_{line.line_id}",
                "label": _("Quantity to credit"),
                "type": "text",
                "value": request.POST.get(f"quantity_{line.line_id}", f"{line.left.normalize():f}"),
                "suffix": rows[line.line_id].unit,
                "autocomplete": "off",
                "readonly": line.left == 0,
            },
        }
        for line in queries.billed_lines(invoice)
    ]


def _header(invoice: Invoice) -> dict[str, Any]:
    return {
        "title": _("Correct %(number)s") % {"number": title(invoice)},
        "trail": [
            (_("Invoices"), reverse("billing:list")),
            (title(invoice), reverse("billing:record", args=[invoice.pk])),
        ],
    }
