"""Payments: the list, one with its allocations, and money recorded by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import Allocation, Payment, ReceivableBalance
from handsel.earn.cash.rules.allocation import allocate as propose
from handsel.earn.cash.web import parts, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of


@page("cash.view")
def payment_list(request: Request) -> HttpResponseBase:
    """What came in, newest first."""
    start, text = parts.start_of(request), parts.asked_text(request)
    found = queries.visible_payments(request.actor).select_related("organization")
    if text:
        found = found.filter(organization__name__icontains=text) | found.filter(
            number__icontains=text
        )
    newest = found.order_by("-received_on", "-pk")
    rows = list(newest[start : start + parts.PAGE_SIZE + 1])
    used = queries.allocated_of([row.pk for row in rows])
    table = {
        "id": "payments",
        "caption": _("Payments"),
        "columns": [
            {"key": "number", "label": _("Payment"), "format": "link"},
            {"key": "on", "label": _("Received"), "format": "day"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "left", "label": _("Not allocated"), "format": "money", "phone": False},
            {"key": "amount", "label": _("Amount"), "format": "money"},
        ],
        "rows": [_row(row, used.get(row.pk, 0)) for row in rows[: parts.PAGE_SIZE]],
        "search": text,
        "search_label": _("Search by customer or number"),
        "empty": {
            "title": _("No payments"),
            "text": _("Payments come from matched bank entries, or are recorded by hand."),
            "icon": "coins",
        },
    }
    context = {
        "header": {"title": _("Payments")},
        "tabs": parts.sections(request, "payments"),
        "table": parts.paged(request, table, start, len(rows)),
    }
    return render(request, "cash/list.html", context)


def _row(row: Payment, used_minor: int) -> dict[str, Any]:
    left = row.amount_minor + row.charges_minor - used_minor
    return {
        "id": row.pk,
        "url": reverse("cash:record", args=[row.pk]),
        "cells": [
            (row.number, row.organization.name),
            row.received_on,
            _state(left),
            Money(left, row.currency),
            Money(row.amount_minor, row.currency),
        ],
    }


def _state(left_minor: int) -> tuple[str, str]:
    return (_("allocated"), "good") if left_minor == 0 else (_("partly allocated"), "warn")


@page("cash.view")
def payment_record(request: Request, payment_id: int) -> HttpResponseBase:
    """One payment: what it paid, what is left of it, where it came from."""
    payment = queries.get_payment(request.actor, payment_id)
    allocations = queries.allocations_of(payment.pk)
    left = queries.unallocated_minor(payment)
    may = request.actor.may("cash.edit")
    context = {
        "payment": payment,
        "header": _header(payment, left),
        "thread": thread_of("payment", payment.pk, request.actor),
        "facts": _facts(payment, left),
        "allocations": _allocations(payment, allocations),
        "left": Money(left, payment.currency),
        "items": _items(payment, left) if left and may else [],
        "may_edit": may,
        "timeline": timeline_of(("payment", payment.pk)),
    }
    return render(request, "cash/payment.html", context)


def _header(payment: Payment, left_minor: int) -> dict[str, Any]:
    return {
        "title": _("Payment"),
        "number": payment.number,
        "state": _state(left_minor),
        "subtitle": payment.organization.name,
        "amount": Money(payment.amount_minor, payment.currency),
        "trail": [(_("Payments"), reverse("cash:payments"))],
        "actions": [
            {
                "label": _("Customer's account"),
                "url": reverse("cash:customer", args=[payment.organization_id]),
                "icon": "scale",
            }
        ],
    }


def _facts(payment: Payment, left_minor: int) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": payment.organization.name,
            "url": reverse("cash:customer", args=[payment.organization_id]),
        },
        {"label": _("Received"), "value": payment.received_on, "format": "day"},
        {"label": _("Method"), "value": words.METHODS.get(payment.method, payment.method)},
        {"label": _("Reference"), "value": payment.reference or "–"},
    ]
    if payment.charges_minor:
        kept = Money(payment.charges_minor, payment.currency)
        facts.append({"label": _("Kept by the bank"), "value": kept, "format": "money"})
    facts.append(
        {
            "label": _("Not allocated"),
            "value": Money(left_minor, payment.currency),
            "format": "money",
        }
    )
    if payment.bank_entry_id is not None:
        facts.append(
            {
                "label": _("Bank entry"),
                "value": _("on the statement"),
                "url": reverse("cash:entry", args=[payment.bank_entry_id]),
            }
        )
    return facts


def _allocations(payment: Payment, rows: list[Allocation]) -> list[dict[str, Any]]:
    undone = {row.reverses_id for row in rows if row.reverses_id}
    return [
        {
            "pk": row.pk,
            "number": row.invoice.number,
            "url": reverse("cash:receivable", args=[row.invoice_id]),
            "amount": Money(row.amount_minor, row.currency),
            "on": row.allocated_on,
            "is_undone": row.pk in undone,
            "is_undoing": row.reverses_id is not None,
            "is_automatic": row.is_automatic,
            "evidence": [one["text"] for one in row.evidence if one.get("text")],
            "undo_url": reverse("cash:undo", args=[payment.pk, row.pk]),
        }
        for row in rows
    ]


def _items(payment: Payment, left_minor: int) -> list[dict[str, Any]]:
    items = queries.open_items(payment.seller_id, payment.organization_id)
    same = [item for item in items if item.currency == payment.currency]
    proposed = propose(max(left_minor, 0), same)
    amounts = {part.item_id: part.amount_minor for part in proposed.allocations}
    return [
        {
            "number": item.number,
            "url": reverse("cash:receivable", args=[item.item_id]),
            "due_on": item.due_on,
            "open": Money(item.open_minor, item.currency),
            "allocate_url": reverse("cash:allocate", args=[payment.pk, item.item_id]),
            "amount": {
                "name": "amount",
                "id": f"amount-{item.item_id}",
                "label": _("Amount for %(number)s") % {"number": item.number},
                "type": "money",
                "required": True,
                "suffix": item.currency,
                "value": Money(
                    amounts.get(item.item_id, min(item.open_minor, 0)), item.currency
                ).text(),
            },
        }
        for item in same
    ]


@require_POST
@page("cash.edit")
def allocate(request: Request, payment_id: int, invoice_id: int) -> HttpResponseBase:
    """Put a part of what is left against one item."""
    here = reverse("cash:record", args=[payment_id])

    def act() -> None:
        payment = queries.get_payment(request.actor, payment_id)
        actions.allocate(
            actor=request.actor,
            now=request.now,
            payment_id=payment_id,
            invoice_id=invoice_id,
            amount=parts.amount_in(request, "amount", payment.currency),
            allocated_on=parts.today(request, payment.seller.time_zone),
        )

    route = f"allocate:{payment_id}:{invoice_id}"
    return parts.do(request, route, act, said=_("Allocated"), then=here, back=here)


@require_POST
@page("cash.edit")
def undo(request: Request, payment_id: int, allocation_id: int) -> HttpResponseBase:
    """Undo an allocation; the money is free again."""
    here = reverse("cash:record", args=[payment_id])

    def act() -> None:
        payment = queries.get_payment(request.actor, payment_id)
        actions.reverse_allocation(
            actor=request.actor,
            now=request.now,
            payment_id=payment_id,
            allocation_id=allocation_id,
            allocated_on=parts.today(request, payment.seller.time_zone),
        )

    route = f"undo:{payment_id}:{allocation_id}"
    return parts.do(request, route, act, said=_("Undone"), then=here, back=here)


@page("cash.edit")
def pay(request: Request, invoice_id: int) -> HttpResponseBase:
    """Record money for an invoice by hand, the form filled in."""
    balance = queries.get_balance(request.actor, invoice_id)
    if request.method == "POST":
        return _paid(request, balance)
    context = {
        "header": {
            "title": _("Record a payment"),
            "number": balance.invoice.number,
            "subtitle": balance.organization.name,
            "amount": Money(balance.open_minor, balance.currency),
            "amount_label": _("Open"),
            "trail": [(_("Receivables"), reverse("cash:ageing"))],
        },
        "post_url": reverse("cash:pay", args=[invoice_id]),
        "fields": _pay_fields(request, balance),
        "button": _("Record payment"),
    }
    return render(request, "cash/form.html", context)


def _pay_fields(request: Request, balance: ReceivableBalance) -> list[dict[str, Any]]:
    currency = balance.currency
    return [
        {
            "name": "amount",
            "label": _("Amount"),
            "type": "money",
            "value": Money(balance.open_minor, currency).text(),
            "suffix": currency,
            "required": True,
        },
        {
            "name": "received_on",
            "label": _("Received"),
            "type": "date",
            "value": parts.today(request, balance.seller.time_zone).isoformat(),
            "required": True,
        },
        {
            "name": "method",
            "label": _("Method"),
            "type": "select",
            "options": list(words.METHODS.items()),
            "value": "bank_transfer",
            "required": True,
        },
        {
            "name": "charges",
            "label": _("Kept by the bank"),
            "type": "money",
            "suffix": currency,
            "help": _("What the bank took off on the way; it counts as paid."),
        },
        {"name": "reference", "label": _("Reference"), "type": "text"},
    ]


def _paid(request: Request, balance: ReceivableBalance) -> HttpResponseBase:
    currency = balance.currency

    def act() -> dict[str, Any]:
        amount = parts.amount_in(request, "amount", currency)
        charges = parts.amount_in(request, "charges", currency)
        here = min(amount.amount_minor + charges.amount_minor, balance.open_minor)
        method = request.POST.get("method", "")
        payment = actions.settle_by_hand(
            actor=request.actor,
            now=request.now,
            seller_id=balance.seller_id,
            organization_id=balance.organization_id,
            amount=amount,
            received_on=parts.day_in(
                request, "received_on", parts.today(request, balance.seller.time_zone)
            ),
            parts=[(balance.pk, Money(here, currency))] if here > 0 else [],
            reference=request.POST.get("reference", ""),
            charges=charges,
            method=method if method in words.METHODS else "other",
        )
        return {"payment_id": payment.pk}

    return parts.do(
        request,
        f"pay:{balance.pk}",
        act,
        said=_("Payment recorded"),
        then=lambda answer: reverse("cash:record", args=[answer["payment_id"]]),
        back=reverse("cash:pay", args=[balance.pk]),
    )
