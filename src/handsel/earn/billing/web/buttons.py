"""What can be done with an invoice now: the main button follows its state."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.earn.billing import queries
from handsel.earn.billing.models import Invoice
from handsel.earn.billing.web.words import address
from handsel.ground.platform.actor import Actor


def actions_of(actor: Actor, invoice: Invoice, *, has_documents: bool) -> list[dict[str, Any]]:
    """The actions of the page header."""
    if invoice.state == "draft":
        return _of_draft(actor, invoice)
    if invoice.state == "issued":
        return _of_issued(actor, invoice, has_documents)
    return []


def _post(
    label: str, name: str, invoice: Invoice, *, ok: bool, why_not: str, **more: Any
) -> dict[str, Any]:
    url = reverse(name, args=[invoice.pk])
    return {"label": label, "url": url, "method": "post", "ok": ok, "why_not": why_not, **more}


def _of_draft(actor: Actor, invoice: Invoice) -> list[dict[str, Any]]:
    may_issue, may_edit = actor.may("billing.issue"), actor.may("billing.edit")
    no_issue, no_edit = _("Your role may not issue invoices"), _("Your role may not change drafts")
    return [
        _post(
            _("Issue and send"),
            "billing:issue_send",
            invoice,
            ok=may_issue,
            why_not=no_issue,
            kind="primary",
            icon="send",
        ),
        {
            "label": _("Preview"),
            "url": reverse("billing:preview", args=[invoice.pk]),
            "method": "get",
            "new_tab": True,
            "icon": "eye",
        },
        _post(_("Issue only"), "billing:issue", invoice, ok=may_issue, why_not=no_issue),
        _post(
            _("Discard draft"),
            "billing:discard",
            invoice,
            ok=may_edit,
            why_not=no_edit,
            kind="danger",
        ),
    ]


def _of_issued(actor: Actor, invoice: Invoice, has_documents: bool) -> list[dict[str, Any]]:
    may_issue = actor.may("billing.issue")
    found: list[dict[str, Any]] = []
    if not has_documents or not queries.sendings_of(invoice.pk):
        found.append(
            _post(
                _("Send") if has_documents else _("Make documents and send"),
                "billing:issue_send",
                invoice,
                ok=may_issue,
                why_not=_("Your role may not send invoices"),
                kind="primary",
                icon="send",
            )
        )
    receivable = address("cash:receivable", invoice.pk)
    if receivable and actor.may("cash.view"):
        found.append(
            {
                "label": _("Receivable"),
                "url": receivable,
                "method": "get",
                "kind": "secondary" if found else "primary",
                "icon": "arrow-right",
            }
        )
    if has_documents:
        url = reverse("billing:document", args=[invoice.pk, "facturx"])
        found.append({"label": _("Open PDF"), "url": url, "method": "get", "new_tab": True})
    if invoice.kind != "credit_note":
        found.append(
            {
                "label": _("Correct by credit note"),
                "url": reverse("billing:credit", args=[invoice.pk]),
                "method": "dialog",
                "ok": actor.may("billing.edit"),
                "why_not": _("Your role may not correct invoices"),
            }
        )
    return found
