"""Lists: all invoices, and the drafts that wait to be issued."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.earn.billing import ports, queries
from handsel.earn.billing.models import Invoice
from handsel.earn.billing.ports import Settlement
from handsel.earn.billing.web.words import KINDS, STATES, kind_word, payable, state_badge, title
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money

PAGE_SIZE = 50


@page("billing.view")
def invoice_list(request: Request) -> HttpResponseBase:
    """All invoices and credit notes, newest first."""
    asked = {name: request.GET.get(name, "") for name in ("q", "state", "kind", "due")}
    found = queries.search_invoices(
        request.actor,
        text=asked["q"].replace("\x00", ""),
        state=asked["state"] if asked["state"] in STATES else "",
        kind=asked["kind"] if asked["kind"] in KINDS else "",
        due=asked["due"],
        today=request.now.date(),
    )
    start = _start(request)
    rows = list(found[start : start + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    standing = ports.standing().of_invoices([one.pk for one in shown])
    table = {
        "id": "invoices",
        "caption": _("Invoices"),
        "columns": [
            {"key": "number", "label": _("Document"), "format": "link"},
            {"key": "kind", "label": _("Kind"), "phone": False},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "issued_on", "label": _("Issued"), "format": "day", "phone": False},
            {"key": "due_on", "label": _("Due"), "format": "day"},
            {"key": "payable", "label": _("Amount"), "format": "money"},
            {"key": "open", "label": _("Open"), "format": "money", "phone": False},
        ],
        "rows": [_row(request, one, standing.get(one.pk)) for one in shown],
        "search": asked["q"],
        "search_label": _("Search by number, customer or purchase order"),
        "filters": _filters(asked),
        "views": _views(request, "list"),
        "empty": {
            "title": _("No invoices"),
            "text": _("Released orders and shipments draft their invoices by themselves."),
            "icon": "receipt-text",
        },
        **_pages(request, start, len(rows)),
    }
    header = {"title": _("Invoices")}
    return render(request, "billing/list.html", {"header": header, "table": table})


def _filters(asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": "state",
            "label": _("Any state"),
            "options": [(key, word) for key, (word, _kind) in STATES.items()],
            "value": asked["state"],
        },
        {
            "name": "kind",
            "label": _("Any kind"),
            "options": list(KINDS.items()),
            "value": asked["kind"],
        },
        {
            "name": "due",
            "label": _("Any due date"),
            "options": [("past", _("Due date past")), ("coming", _("Due date to come"))],
            "value": asked["due"],
        },
    ]


@page("billing.view")
def to_bill(request: Request) -> HttpResponseBase:
    """Drafts that wait, oldest first; each is issued and sent with one click, or many at once."""
    start = _start(request)
    rows = list(queries.waiting_drafts(request.actor)[start : start + PAGE_SIZE + 1])
    may = request.actor.may("billing.issue")
    send = {
        "label": _("Issue and send"),
        "url": reverse("billing:issue_many"),
        "method": "post",
        "kind": "primary",
    }
    table = {
        "id": "to-bill",
        "caption": _("To bill"),
        "columns": [
            {"key": "customer", "label": _("Customer"), "format": "link"},
            {"key": "kind", "label": _("Kind")},
            {"key": "order", "label": pgettext("document", "Order"), "phone": False},
            {"key": "created_at", "label": _("Waiting since"), "format": "instant", "phone": False},
            {"key": "payable", "label": _("Amount"), "format": "money"},
        ],
        "rows": [_draft_row(one) for one in rows[:PAGE_SIZE]],
        "bulk": [send] if may else [],
        "search": None,
        "views": _views(request, "to_bill"),
        "empty": {
            "title": _("Nothing to bill"),
            "text": _("When an order is released or goods leave, the draft waits here."),
            "icon": "receipt-text",
        },
        **_pages(request, start, len(rows)),
    }
    header: dict[str, Any] = {"title": _("To bill")}
    if rows:
        first = rows[0]
        header["actions"] = [
            {
                "label": _("Issue and send the oldest"),
                "url": reverse("billing:issue_send", args=[first.pk]),
                "method": "post",
                "kind": "primary",
                "icon": "send",
                "ok": may,
                "why_not": _("Your role may not issue invoices"),
            }
        ]
    return render(request, "billing/list.html", {"header": header, "table": table})


def _views(request: Request, here: str) -> list[tuple[str, str, bool, int | None]]:
    waiting = queries.count_waiting(request.actor)
    return [
        (_("To bill"), reverse("billing:to_bill"), here == "to_bill", waiting),
        (_("All invoices"), reverse("billing:list"), here == "list", None),
    ]


def _row(request: Request, one: Invoice, standing: Settlement | None) -> dict[str, Any]:
    is_past = one.due_on is not None and one.due_on < request.now.date()
    is_late = is_past and standing is not None and standing.open_minor > 0
    return {
        "id": one.pk,
        "url": reverse("billing:record", args=[one.pk]),
        "cells": [
            (title(one), one.organization.name),
            kind_word(one),
            state_badge(one, standing),
            one.issued_on,
            one.due_on if one.kind != "credit_note" else None,
            payable(one),
            Money(standing.open_minor, one.currency) if standing else None,
        ],
        "state": "late" if is_late else "",
    }


def _draft_row(one: Invoice) -> dict[str, Any]:
    return {
        "id": one.pk,
        "url": reverse("billing:record", args=[one.pk]),
        "cells": [
            (one.organization.name, one.purchase_order),
            kind_word(one),
            one.order.number if one.order else "",
            one.created_at,
            payable(one),
        ],
    }


def _start(request: Request) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _pages(request: Request, start: int, found: int) -> dict[str, str]:
    def url(at: int) -> str:
        query = request.GET.copy()
        query["from"] = str(at)
        return f"?{query.urlencode()}"

    shown = min(found, PAGE_SIZE)
    return {
        "shown": f"{start + 1}–{start + shown}" if shown else "",
        "previous_url": url(max(0, start - PAGE_SIZE)) if start else "",
        "next_url": url(start + PAGE_SIZE) if found > PAGE_SIZE else "",
    }
