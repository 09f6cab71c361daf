"""The billing plan of an order: what is billed when, and what of it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

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
from handsel.ground.platform.thread import thread_of


@page("billing.view")
def of_order(request: Request, order_id: int) -> HttpResponseBase:
    """Parts of the plan with their share, trigger, state and invoice; and all its documents."""
    order = orders.get_order(request.actor, order_id)
    plan = queries.find_plan(request.actor, order_id)
    items = queries.items_of(plan.pk) if plan else []
    invoices = queries.invoices_of_order(request.actor, order_id)
    context = {
        "header": _header(request, order, invoices),
        "order": order,
        "plan": plan,
        "method": METHODS[plan.method] if plan else "",
        "items": _items(request, items, plan),
        "facts": _facts(order, invoices),
        "table": _table(invoices),
        "may_edit": request.actor.may("billing.edit"),
        "thread": thread_of("order", order_id, request.actor),
        "is_open": bool(plan) and _billed(invoices) < order.gross_minor,
    }
    return render(request, "billing/plan.html", context)


def _billed(invoices: list[Invoice]) -> int:
    """What stands on documents of an order, drafts too, credit notes taken off."""
    return sum(payable(one).amount_minor for one in invoices)


def _header(request: Request, order: Order, invoices: list[Invoice]) -> dict[str, Any]:
    waiting = [one for one in invoices if one.state == "draft"]
    acts = []
    if waiting:
        acts.append(
            {
                "label": _("Issue and send %(what)s") % {"what": kind_word(waiting[0]).lower()},
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
        ("Order with VAT", _("Order with VAT"), order.gross_minor),
        ("Invoiced", _("Invoiced so far"), asked),
        ("Rest", _("Still to invoice"), order.gross_minor - asked),
    ]
    return [
        {"label": label, "value": Money(minor, order.currency), "format": "money"}
        for _key, label, minor in facts
    ] + [{"label": _("Days to pay"), "value": order.payment_days, "format": "number"}]


def _items(
    request: Request, items: list[BillingPlanItem], plan: BillingPlan | None
) -> list[dict[str, Any]]:
    if plan is None:
        return []
    documents = queries.invoice_by_item(items)
    return [
        {
            "share_bps": item.share_bps,
            "trigger": TRIGGERS[item.trigger],
            "net": Money(item.net_minor, plan.currency),
            "state": ITEM_STATES[item.state],
            "invoice": documents.get(item.pk),
            "invoice_title": title(documents[item.pk]) if item.pk in documents else "",
            "may_draft": item.pk not in documents
            and item.state in ("waiting", "due")
            and request.actor.may("billing.edit"),
            "pk": item.pk,
        }
        for item in items
    ]


def _table(invoices: list[Invoice]) -> dict[str, Any]:
    standing = ports.standing().open_minor([one.pk for one in invoices])
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
        who = {"actor": request.actor, "now": request.now}
        return {"invoice_id": actions.draft_planned(**who, item_id=item_id).pk}

    return _to_draft(request, "draft_item", effect, item.plan.order_id)


@page("billing.edit")
def draft_rest(request: Request, order_id: int) -> HttpResponseBase:
    """Draft what of an order no invoice carries."""
    orders.get_order(request.actor, order_id)

    def effect() -> dict[str, Any]:
        who = {"actor": request.actor, "now": request.now}
        return {"invoice_id": actions.draft_by_hand(**who, order_id=order_id).pk}

    return _to_draft(request, "draft_rest", effect, order_id)


def _to_draft(request: Request, route: str, effect: Any, order_id: int) -> HttpResponseBase:
    done = commanded(request, route, effect) if request.method == "POST" else None
    if done is None:
        return HttpResponseRedirect(reverse("billing:of_order", args=[order_id]))
    return HttpResponseRedirect(reverse("billing:record", args=[done["invoice_id"]]))
