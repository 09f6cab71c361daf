"""The journal, one entry with its legs, months and the posting rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from handsel.earn.ledger import actions, queries
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerPeriod
from handsel.earn.ledger.rules.posting import posting_table
from handsel.earn.ledger.web import parts, words
from handsel.earn.ledger.web.parts import Range
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Refused
from handsel.ground.kernel.money import Money
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of


@page("ledger.view")
def journal(request: Request) -> HttpResponseBase:
    """The entries of the days asked for, newest first."""
    asked = parts.asked_range(request)
    start, rule = parts.start_of(request), request.GET.get("rule", "")
    text = request.GET.get("q", "")[:100].replace("\x00", "")
    found = queries.visible_entries(request.actor).filter(
        seller=asked.seller, posted_on__gte=asked.from_on, posted_on__lt=asked.until_on
    )
    if rule in words.RULES:
        found = found.filter(rule=rule)
    if text:
        found = found.filter(text__icontains=text) | found.filter(number__icontains=text)
    newest = found.order_by("-posted_on", "-pk")
    rows = list(newest[start : start + parts.PAGE_SIZE + 1])
    amounts = queries.amounts_of([row.pk for row in rows])
    table = {
        "id": "journal",
        "caption": _("Journal"),
        "columns": [
            {"key": "entry", "label": _("Entry"), "format": "link"},
            {"key": "on", "label": _("Date"), "format": "day"},
            {"key": "rule", "label": _("What"), "format": "text", "phone": False},
            {"key": "amount", "label": _("Amount"), "format": "money"},
        ],
        "rows": [_row(row, amounts) for row in rows[: parts.PAGE_SIZE]],
        "search": text,
        "search_label": _("Search by number or text"),
        "filters": [
            {
                "name": "rule",
                "label": _("Any rule"),
                "options": list(words.RULES.items()),
                "value": rule,
            },
            *parts.range_filters(request, asked),
        ],
        "exports": [(_("CSV"), reverse("ledger:journal_csv") + asked.query())],
        "empty": {"title": _("No entries in these days"), "icon": "book-open"},
    }
    context = {
        "header": {"title": _("Journal"), "subtitle": asked.seller.legal_name},
        "tabs": parts.sections("journal", asked),
        "range": parts.range_form(request, asked),
        "table": parts.paged(table, asked, start, len(rows), rule=rule, q=text),
    }
    return render(request, "ledger/list.html", context)


def _row(row: JournalEntry, amounts: dict[int, tuple[int, str]]) -> dict[str, Any]:
    minor, currency = amounts.get(row.pk, (0, "EUR"))
    return {
        "id": row.pk,
        "url": reverse("ledger:record", args=[row.pk]),
        "cells": [
            (row.number, row.text),
            row.posted_on,
            words.RULES.get(row.rule, row.rule),
            Money(minor, currency),
        ],
    }


@page("ledger.view")
def journal_csv(request: Request) -> HttpResponseBase:
    """Every leg of the days asked for as a file, debit positive."""
    asked = parts.asked_range(request)
    rows = queries.journal_rows(
        request.actor,
        seller_id=asked.seller.pk,
        from_on=asked.from_on,
        until_on=asked.until_on,
    )
    head = ("entry", "date", "rule", "text", "invoice", "payment", "customer", "code")
    name = f"journal-{asked.from_on}-{asked.last_on}.csv"
    return parts.csv_answer(
        name, (*head, "account", "line_text", "amount", "currency"), map(_exported, rows)
    )


def _exported(row: dict[str, Any]) -> list[object]:
    *cells, minor, currency = row.values()
    texts = ["" if cell is None else cell for cell in cells]
    return [*texts, Money(minor, currency).text(), currency]


@page("ledger.view")
def entry_record(request: Request, entry_id: int) -> HttpResponseBase:
    """One entry: its legs, the document behind it, and the whole deal."""
    entry = queries.get_entry(request.actor, entry_id)
    lines = queries.lines_of(entry.pk)
    context = {
        "entry": entry,
        "header": _header(entry, lines),
        "thread": thread_of("journal_entry", entry.pk, request.actor),
        "facts": _facts(entry),
        "table": _legs(entry, lines),
        "timeline": timeline_of(("journal_entry", entry.pk)),
    }
    return render(request, "ledger/entry.html", context)


def _header(entry: JournalEntry, lines: list[JournalLine]) -> dict[str, Any]:
    undone = queries.reversal_of(entry.pk)
    return {
        "title": _("Journal entry"),
        "number": entry.number,
        "state": (_("reversed"), "ended") if undone else (_("posted"), "good"),
        "subtitle": entry.text,
        "amount": _sums(lines)[0],
        "trail": [(_("Journal"), reverse("ledger:journal"))],
    }


def _facts(entry: JournalEntry) -> list[dict[str, Any]]:
    state, kind = words.PERIOD_STATES[entry.period.state]
    facts: list[dict[str, Any]] = [
        {"label": _("Date"), "value": entry.posted_on, "format": "day"},
        {"label": _("Posting rule"), "value": words.RULES.get(entry.rule, entry.rule)},
        {"label": _("Month"), "value": state, "kind": kind, "format": "badge"},
        {"label": _("Posted"), "value": entry.posted_at, "format": "instant"},
    ]
    links = (
        (_("Invoice"), "billing:record", entry.invoice, entry.invoice_id),
        (_("Payment"), "cash:record", entry.payment, entry.payment_id),
        (_("Reverses"), "ledger:record", entry.reverses, entry.reverses_id),
    )
    for label, name, there, key in links:
        if there is not None:
            facts.append({"label": label, "value": str(there), "url": _address(name, key)})
    undone = queries.reversal_of(entry.pk)
    if undone is not None:
        url = reverse("ledger:record", args=[undone.pk])
        facts.append({"label": _("Reversed by"), "value": undone.number, "url": url})
    return facts


def _address(name: str, key: int | None) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _legs(entry: JournalEntry, lines: list[JournalLine]) -> dict[str, Any]:
    asked = f"?seller={entry.seller_id}&from={entry.posted_on.replace(day=1)}"
    rows = []
    for line in lines:
        amount, is_debit = Money(line.amount_minor, line.currency), line.amount_minor > 0
        rows.append(
            {
                "id": line.pk,
                "url": reverse("ledger:account", args=[line.ledger_account_id])
                + f"{asked}&currency={line.currency}",
                "cells": [
                    (
                        f"{line.ledger_account.code} {line.ledger_account.name}",
                        line.text or (line.organization.name if line.organization else ""),
                    ),
                    amount if is_debit else None,
                    None if is_debit else -amount,
                ],
            }
        )
    return {
        "id": "legs",
        "caption": _("Legs"),
        "columns": [
            {"key": "account", "label": _("Account"), "format": "link"},
            {"key": "debit", "label": _("Debit"), "format": "money"},
            {"key": "credit", "label": pgettext("side of an entry", "Credit"), "format": "money"},
        ],
        "rows": rows,
        "totals": [_("Sum"), *_sums(lines)],
    }


def _sums(lines: list[JournalLine]) -> list[Money]:
    currency = lines[0].currency
    debit = sum(line.amount_minor for line in lines if line.amount_minor > 0)
    credit = -sum(line.amount_minor for line in lines if line.amount_minor < 0)
    return [Money(debit, currency), Money(credit, currency)]


@page("ledger.view")
def periods(request: Request) -> HttpResponseBase:
    """The months: open ones take entries, closed ones none."""
    asked = parts.asked_range(request)
    rows = list(queries.periods_of(asked.seller.pk))
    open_ones = [row for row in rows if row.state == "open"]
    oldest = open_ones[-1] if open_ones else None
    context = {
        "header": {"title": _("Months"), "subtitle": asked.seller.legal_name},
        "tabs": parts.sections("periods", asked),
        "rows": [_period(row, row == oldest, asked) for row in rows],
        "may_close": request.actor.may("ledger.close"),
        "empty": {"title": _("No months yet"), "icon": "calendar"},
    }
    return render(request, "ledger/periods.html", context)


def _period(row: LedgerPeriod, is_next: bool, asked: Range) -> dict[str, Any]:
    month = Range(asked.seller, row.from_on, row.until_on - timedelta(days=1))
    return {
        "pk": row.pk,
        "from_on": row.from_on,
        "state": words.PERIOD_STATES[row.state],
        "closed_at": row.closed_at,
        "is_next": is_next,
        "url": reverse("ledger:list") + month.query(),
    }


@require_POST
@page("ledger.close")
def close(request: Request, period_id: int) -> HttpResponseBase:
    """Close a month."""

    def effect() -> dict[str, Any]:
        period = actions.close_period(actor=request.actor, now=request.now, period_id=period_id)
        return {"state": period.state}

    here = reverse("ledger:periods")
    try:
        once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route=f"ledger:close:{period_id}",
            effect=effect,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return go_to(request, here)
    messages.success(request, _("Closed; what comes late goes into the next month"))
    return go_to(request, here)


@page("ledger.view")
def rules(request: Request) -> HttpResponseBase:
    """The posting table, as the program follows it."""
    asked = parts.asked_range(request)
    accounts = {one.role: one for one in queries.accounts_of(asked.seller.pk) if one.role}
    context = {
        "header": {
            "title": _("Posting rules"),
            "subtitle": _("What each fact does to which account; the program follows this table."),
        },
        "tabs": parts.sections("rules", asked),
        "rows": [
            {"name": words.RULES.get(row.name, row.name), "debit": row.debit, "credit": row.credit}
            for row in posting_table()
        ],
        "roles": [(role, f"{one.code} {one.name}") for role, one in accounts.items()],
    }
    return render(request, "ledger/rules.html", context)
