"""Receivables: by age on any day, and one invoice with every entry that makes its open amount."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import ReceivableBalance, ReceivableEntry
from handsel.earn.cash.rules.ageing import AgedItem, Ageing, Bucket
from handsel.earn.cash.web import parts, words
from handsel.ground.document.formatting import readers_day
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of


@page("cash.view")
def ageing(request: Request) -> HttpResponseBase:
    """What customers owe on a day, by age; the items below are those the bars are made of."""
    on = parts.as_of(request)
    found = queries.ageing(request.actor, as_of=on)
    currencies = sorted({c.currency for c in found.customers})
    wanted = request.GET.get("bucket", "")
    start = parts.start_of(request)
    items = [
        item
        for item in sorted(found.items, key=lambda i: (i.due_on, i.item_id))
        if not wanted or item.bucket.value == wanted
    ]
    context = {
        "header": {"title": _("Receivables")},
        "tabs": parts.sections(request, "ageing"),
        "as_of": on,
        "bars": [_bars(found, currency, on.isoformat()) for currency in currencies],
        "table": _table(request, items, start, wanted),
    }
    return render(request, "cash/ageing.html", context)


def _bars(found: Ageing, currency: str, on: str) -> dict[str, Any]:
    base = f"{reverse('cash:ageing')}?as_of={on}&bucket="
    sums, counts = dict.fromkeys(Bucket, 0), dict.fromkeys(Bucket, 0)
    for item in found.items:
        if item.currency == currency:
            sums[item.bucket] += item.open_minor
            counts[item.bucket] += 1
    mine = [c for c in found.customers if c.currency == currency]
    unapplied = sum(c.unapplied_minor for c in mine)
    return {
        "currency": currency,
        "buckets": [
            {
                "label": words.BUCKETS[bucket][0],
                "kind": words.BUCKETS[bucket][1],
                "amount": Money(sums[bucket], currency),
                "count": counts[bucket],
                "url": base + bucket.value,
            }
            for bucket in Bucket
        ],
        "total": Money(sum(sums.values()), currency),
        "as_of": found.as_of,
        "unapplied": Money(unapplied, currency) if unapplied else None,
    }


def _table(request: Request, items: list[AgedItem], start: int, wanted: str) -> dict[str, Any]:
    shown = items[start : start + parts.PAGE_SIZE]
    rows = Invoice.objects.filter(pk__in=[item.item_id for item in shown])
    named = {
        key: (number, name)
        for key, number, name in rows.values_list("pk", "number", "organization__name")
    }
    table = {
        "id": "receivables",
        "caption": _("Open items"),
        "columns": [
            {"key": "item", "label": _("Item"), "format": "link"},
            {"key": "due", "label": _("Due"), "format": "day"},
            {"key": "age", "label": _("Age"), "format": "badge"},
            {"key": "open", "label": _("Open"), "format": "money"},
        ],
        "rows": [
            {
                "id": item.item_id,
                "url": reverse("cash:receivable", args=[item.item_id]),
                "cells": [
                    named[item.item_id],
                    item.due_on,
                    words.BUCKETS[item.bucket],
                    Money(item.open_minor, item.currency),
                ],
            }
            for item in shown
        ],
        "filters": [
            {
                "name": "bucket",
                "label": _("Any age"),
                "options": [(b.value, words.BUCKETS[b][0]) for b in Bucket],
                "value": wanted,
            },
            *_day_filter(request),
        ],
        "empty": {"title": _("Nothing is open"), "icon": "circle-check"},
    }
    return parts.paged(request, table, start, len(items) - start)


def _day_filter(request: Request) -> list[dict[str, Any]]:
    """The day asked about, so that filtering keeps it."""
    day = parts.as_of(request)
    on = day.isoformat()
    if request.GET.get("as_of") != on:
        return []
    shown = _("as of %(on)s") % {"on": readers_day(day)}
    return [{"name": "as_of", "label": _("Today"), "options": [(on, shown)], "value": on}]


@page("cash.view")
def receivable(request: Request, invoice_id: int) -> HttpResponseBase:
    """What is open on one invoice, and each entry that makes it so."""
    balance = queries.get_balance(request.actor, invoice_id)
    entries = queries.receivable_entries(invoice_id)
    context = {
        "header": _header(request, balance),
        "thread": thread_of("invoice", invoice_id, request.actor),
        "facts": _facts(balance),
        "rows": _rows(entries),
        "open": Money(balance.open_minor, balance.currency),
        "may_edit": request.actor.may("cash.edit"),
        "invoice_id": invoice_id,
        "credits": _credits(balance),
        "timeline": timeline_of(("invoice", invoice_id)),
    }
    return render(request, "cash/receivable.html", context)


def _header(request: Request, balance: ReceivableBalance) -> dict[str, Any]:
    may, is_owed = request.actor.may("cash.edit"), balance.open_minor > 0
    why = "" if may else _("this is for accountants")
    offered = [
        {
            "label": _("Record payment"),
            "url": reverse("cash:pay", args=[balance.pk]),
            "kind": "primary",
            "icon": "hand-coins",
            "ok": may and is_owed,
            "why_not": why or _("nothing is open"),
        },
        {
            "label": _("Write off"),
            "url": reverse("cash:write_off", args=[balance.pk]),
            "kind": "danger",
            "icon": "file-x",
            "ok": may and is_owed,
            "why_not": why or _("nothing is open"),
        },
        {
            "label": _("Customer's account"),
            "url": reverse("cash:customer", args=[balance.organization_id]),
            "icon": "scale",
        },
    ]
    return {
        "title": _("Receivable"),
        "number": balance.invoice.number,
        "state": _state(request, balance),
        "subtitle": balance.organization.name,
        "amount": Money(balance.open_minor, balance.currency),
        "amount_label": _("Open"),
        "trail": [(_("Receivables"), reverse("cash:ageing"))],
        "actions": offered if is_owed else offered[2:],
    }


def _state(request: Request, balance: ReceivableBalance) -> tuple[str, str]:
    if balance.open_minor == 0:
        return (_("settled"), "good")
    if balance.open_minor < 0:
        return (_("credit to use"), "progress")
    if balance.due_on < parts.today(request, balance.seller.time_zone):
        return (_("overdue"), "bad")
    return (_("open"), "progress")


def _facts(balance: ReceivableBalance) -> list[dict[str, Any]]:
    invoice = balance.invoice
    return [
        {
            "label": _("Customer"),
            "value": balance.organization.name,
            "url": reverse("cash:customer", args=[balance.organization_id]),
        },
        {"label": _("Issued"), "value": invoice.issued_on, "format": "day"},
        {"label": _("Due"), "value": balance.due_on, "format": "day"},
        {
            "label": _("Asked for"),
            "value": Money(invoice.payable_minor, invoice.currency),
            "format": "money",
        },
        {"label": _("Payment reference"), "value": invoice.payment_reference or "–"},
    ]


def _rows(entries: list[ReceivableEntry]) -> list[dict[str, Any]]:
    undone = {entry.reverses_id for entry in entries if entry.reverses_id}
    running, rows = 0, []
    for entry in entries:
        running += entry.amount_minor
        text, url = _origin(entry)
        rows.append(
            {
                "pk": entry.pk,
                "on": entry.effective_on,
                "kind": words.ENTRY_KINDS.get(entry.kind, entry.kind),
                "text": text,
                "url": url,
                "amount": Money(entry.amount_minor, entry.currency),
                "tax": Money(entry.tax_minor, entry.currency) if entry.tax_minor else None,
                "running": Money(running, entry.currency),
                "can_undo": entry.kind in ("write_off", "discount")
                and entry.reverses_id is None
                and entry.pk not in undone,
            }
        )
    return rows


def _origin(entry: ReceivableEntry) -> tuple[str, str]:
    if entry.allocation is not None:
        payment = entry.allocation.payment
        return payment.number, reverse("cash:record", args=[payment.pk])
    if entry.source_invoice is not None:
        source = entry.source_invoice
        return source.number, reverse("cash:receivable", args=[source.pk])
    return entry.reason, ""


def _credits(balance: ReceivableBalance) -> list[dict[str, Any]]:
    """Credit notes of the customer that could pay this invoice."""
    if balance.open_minor <= 0:
        return []
    rows = ReceivableBalance.objects.filter(
        seller_id=balance.seller_id,
        organization_id=balance.organization_id,
        currency=balance.currency,
        open_minor__lt=0,
    ).select_related("invoice")
    return [
        {
            "pk": row.pk,
            "number": row.invoice.number,
            "credit": Money(-row.open_minor, row.currency),
            "usable": Money(min(-row.open_minor, balance.open_minor), row.currency),
        }
        for row in rows.order_by("due_on", "pk")[:10]
    ]


@page("cash.edit")
def write_off(request: Request, invoice_id: int) -> HttpResponseBase:
    """Ask how much of a claim to give up and why; then do it."""
    balance = queries.get_balance(request.actor, invoice_id)
    if request.method == "POST":
        return _written_off(request, balance)
    context = {
        "header": {
            "title": _("Write off"),
            "number": balance.invoice.number,
            "subtitle": balance.organization.name,
            "amount": Money(balance.open_minor, balance.currency),
            "amount_label": _("Open"),
            "trail": [(balance.invoice.number, reverse("cash:receivable", args=[invoice_id]))],
        },
        "post_url": reverse("cash:write_off", args=[invoice_id]),
        "fields": _write_off_fields(request, balance),
        "button": _("Write off"),
        "note": _("The VAT inside goes back in proportion and is posted with it."),
    }
    return render(request, "cash/form.html", context)


def _write_off_fields(request: Request, balance: ReceivableBalance) -> list[dict[str, Any]]:
    return [
        {
            "name": "kind",
            "label": _("Kind"),
            "type": "select",
            "options": [
                ("write_off", _("Claim given up")),
                ("discount", _("Early-payment discount")),
            ],
            "value": "write_off",
            "required": True,
        },
        {
            "name": "amount",
            "label": _("Amount with VAT"),
            "type": "money",
            "value": Money(balance.open_minor, balance.currency).text(),
            "suffix": balance.currency,
            "required": True,
        },
        {
            "name": "effective_on",
            "label": _("Effective"),
            "type": "date",
            "value": parts.today(request, balance.seller.time_zone).isoformat(),
            "required": True,
        },
        {"name": "reason", "label": _("Reason"), "type": "text", "required": True},
    ]


def _written_off(request: Request, balance: ReceivableBalance) -> HttpResponseBase:
    def act() -> None:
        actions.write_off(
            actor=request.actor,
            now=request.now,
            invoice_id=balance.pk,
            amount=parts.amount_in(request, "amount", balance.currency),
            effective_on=parts.day_in(
                request, "effective_on", parts.today(request, balance.seller.time_zone)
            ),
            reason=request.POST.get("reason", ""),
            kind=request.POST.get("kind", "write_off"),
        )

    return parts.do(
        request,
        f"write_off:{balance.pk}",
        act,
        said=_("Written off"),
        then=reverse("cash:receivable", args=[balance.pk]),
        back=reverse("cash:write_off", args=[balance.pk]),
    )


@require_POST
@page("cash.edit")
def take_up_again(request: Request, invoice_id: int, entry_id: int) -> HttpResponseBase:
    """Undo a write-off or discount."""
    here = reverse("cash:receivable", args=[invoice_id])

    def act() -> None:
        balance = queries.get_balance(request.actor, invoice_id)
        actions.reverse_write_off(
            actor=request.actor,
            now=request.now,
            invoice_id=invoice_id,
            entry_id=entry_id,
            effective_on=parts.today(request, balance.seller.time_zone),
            reason=_("undone on its page"),
        )

    return parts.do(request, f"again:{entry_id}", act, said=_("Owed again"), then=here, back=here)


@require_POST
@page("cash.edit")
def use_credit(request: Request, invoice_id: int, credit_note_id: int) -> HttpResponseBase:
    """Set a credit note off against this invoice, as far as both reach."""
    here = reverse("cash:receivable", args=[invoice_id])

    def act() -> None:
        balance = queries.get_balance(request.actor, invoice_id)
        credit = queries.get_balance(request.actor, credit_note_id)
        usable = min(-credit.open_minor, balance.open_minor)
        actions.use_credit(
            actor=request.actor,
            now=request.now,
            credit_note_id=credit_note_id,
            invoice_id=invoice_id,
            amount=Money(usable, balance.currency),
            effective_on=parts.today(request, balance.seller.time_zone),
        )

    route = f"credit:{invoice_id}:{credit_note_id}"
    return parts.do(request, route, act, said=_("Set off"), then=here, back=here)
