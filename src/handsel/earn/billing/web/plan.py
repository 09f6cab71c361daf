"""The billing plan of an order: what is billed when, and what of it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.earn.billing import actions, ports, queries
from handsel.earn.billing.models import BillingPlan, BillingPlanItem, Invoice
from handsel.earn.billing.web.commands import commanded
from handsel.earn.billing.web.words import (
    ITEM_STATES,
    METHODS,
    TRIGGERS,
    address,
    kind_word,
    payable,
    state_badge,
    title,
)
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.thread import thread_of


@page("billing.view")
def of_order(request: Request, order_id: int) -> HttpResponseBase:
    """Parts of the plan with their share, trigger, state and invoice; and all its documents."""
    order = orders.get_order(request.actor, order_id)
    plan = queries.find_plan(request.actor, order_id)
    items = queries.items_of(plan.pk) if plan else []
    invoices = queries.invoices_of_order(request.actor, order_id)
    documents = queries.invoice_by_item(items)
    acts = [_next_part(request.actor, items, documents)]
    if plan and plan.method != "shares" and _billed(invoices) < order.gross_minor:
        acts.append(_rest(request.actor, order))
    context = {
        "header": _header(request, order, invoices, [act for act in acts if act]),
        "order": order,
        "plan": plan,
        "method": METHODS[plan.method] if plan else "",
        "parts": _parts(items, plan, documents) if plan and items else None,
        "facts": _facts(order, invoices),
        "table": _table(invoices),
        "thread": thread_of("order", order_id, request.actor),
    }
    return render(request, "billing/plan.html", context)


def _billed(invoices: list[Invoice]) -> int:
    """What stands on documents of an order, drafts too, credit notes taken off."""
    return sum(payable(one).amount_minor for one in invoices)


def _rest(actor: Actor, order: Order) -> dict[str, Any]:
    return {
        "label": _("Draft an invoice for the rest"),
        "url": reverse("billing:draft_rest", args=[order.pk]),
        "method": "post",
        "ok": actor.may("billing.edit"),
        "why_not": _("Your role may not draft invoices"),
    }


def _header(
    request: Request, order: Order, invoices: list[Invoice], more: list[dict[str, Any]]
) -> dict[str, Any]:
    waiting = [one for one in invoices if one.state == "draft"]
    acts = list(more)
    if waiting:
        acts.append(
            {
                "label": _("Issue and send %(what)s") % {"what": kind_word(waiting[0])},
                "url": reverse("billing:issue_send", args=[waiting[0].pk]),
                "method": "post",
                "kind": "primary",
                "icon": "send",
                "ok": request.actor.may("billing.issue"),
                "why_not": _("Your role may not issue invoices"),
            }
        )
    order_url = address("order:record", order.pk)
    return {
        "title": _("Billing of"),
        "number": order.number,
        "amount": Money(order.gross_minor, order.currency),
        "amount_label": _("Order with VAT"),
        "subtitle": order.organization.name,
        "trail": [(_("Invoices"), reverse("billing:list"))]
        + ([(order.number, order_url)] if order_url else []),
        "actions": acts,
    }


def _facts(order: Order, invoices: list[Invoice]) -> list[dict[str, Any]]:
    issued = [one for one in invoices if one.state == "issued"]
    asked = sum(payable(one).amount_minor for one in issued)
    facts = [
        (_("Order with VAT"), order.gross_minor),
        (_("Invoiced so far"), asked),
        (_("Still to invoice"), order.gross_minor - asked),
    ]
    return [
        {"label": label, "value": Money(minor, order.currency), "format": "money"}
        for label, minor in facts
    ] + [{"label": _("Days to pay"), "value": order.payment_days, "format": "number"}]


def _parts(
    items: list[BillingPlanItem], plan: BillingPlan, documents: Mapping[int, Invoice]
) -> dict[str, Any]:
    def row(item: BillingPlanItem) -> dict[str, Any]:
        invoice = documents.get(item.pk)
        share = f"{(Decimal(item.share_bps) / 100).normalize():f} % " if item.share_bps else ""
        return {
            "id": item.pk,
            "url": reverse("billing:record", args=[invoice.pk]) if invoice else "",
            "cells": [
                (f"{share}{TRIGGERS[item.trigger]}", title(invoice) if invoice else ""),
                ITEM_STATES[item.state],
                Money(item.net_minor, plan.currency),
            ],
        }

    return {
        "id": "parts",
        "caption": _("Parts of the plan"),
        "search": None,
        "columns": [
            {"key": "part", "label": pgettext("of a billing plan", "Part"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "net", "label": _("Net"), "format": "money"},
        ],
        "rows": [row(item) for item in items],
    }


def _next_part(
    actor: Actor, items: list[BillingPlanItem], documents: Mapping[int, Invoice]
) -> dict[str, Any] | None:
    """The first part that no document carries: it may be drafted before its trigger."""
    for item in items:
        if item.pk not in documents and item.state in ("waiting", "due"):
            return {
                "label": _("Draft the part %(when)s now") % {"when": TRIGGERS[item.trigger]},
                "url": reverse("billing:draft_item", args=[item.pk]),
                "method": "post",
                "ok": actor.may("billing.edit"),
                "why_not": _("Your role may not draft invoices"),
            }
    return None


def _table(invoices: list[Invoice]) -> dict[str, Any]:
    standing = ports.standing().of_invoices([one.pk for one in invoices])
    return {
        "id": "documents",
        "caption": _("Invoices and credit notes"),
        "search": None,
        "columns": [
            {"key": "number", "label": _("Document"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "issued", "label": _("Issued"), "format": "day", "phone": False},
            {"key": "amount", "label": _("Amount"), "format": "money"},
        ],
        "rows": [
            {
                "id": one.pk,
                "url": reverse("billing:record", args=[one.pk]),
                "cells": [
                    (title(one), kind_word(one)),
                    state_badge(one, standing.get(one.pk)),
                    one.issued_on,
                    payable(one),
                ],
            }
            for one in invoices
        ],
        "empty": {"title": _("No document yet"), "icon": "receipt-text"},
    }


@page("billing.edit")
def draft_item(request: Request, item_id: int) -> HttpResponseBase:
    """Draft a part of a plan before its trigger does."""
    item = queries.get_plan_item(request.actor, item_id)

    def effect() -> dict[str, Any]:
        draft = actions.draft_planned(actor=request.actor, now=request.now, item_id=item_id)
        return {"invoice_id": draft.pk}

    return _to_draft(request, "draft_item", effect, item.plan.order_id)


@page("billing.edit")
def draft_rest(request: Request, order_id: int) -> HttpResponseBase:
    """Draft what of an order no invoice carries."""
    orders.get_order(request.actor, order_id)

    def effect() -> dict[str, Any]:
        draft = actions.draft_by_hand(actor=request.actor, now=request.now, order_id=order_id)
        return {"invoice_id": draft.pk}

    return _to_draft(request, "draft_rest", effect, order_id)


def _to_draft(request: Request, route: str, effect: Any, order_id: int) -> HttpResponseBase:
    done = commanded(request, route, effect) if request.method == "POST" else None
    if done is None:
        return HttpResponseRedirect(reverse("billing:of_order", args=[order_id]))
    return HttpResponseRedirect(reverse("billing:record", args=[done["invoice_id"]]))
