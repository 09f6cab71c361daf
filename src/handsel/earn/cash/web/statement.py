"""One bank statement: the proof of its balances, its entries, and the decision on a held one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import BankEntry, BankStatement, Payment
from handsel.earn.cash.rules.statement.findings import told
from handsel.earn.cash.web import parts, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response
from handsel.ground.platform.timeline_view import timeline_of


@page("cash.view")
def statement_record(request: Request, statement_id: int) -> HttpResponseBase:
    """One statement: the proof of its balances, its entries, what was found."""
    statement = queries.get_statement(request.actor, statement_id)
    entries = queries.entries_of(statement.pk)
    context = {
        "statement": statement,
        "header": _header(request, statement, entries),
        "facts": _facts(statement, entries),
        "chain": _chain(statement, entries),
        "findings": [
            {"text": told(one), "kind": _KINDS.get(one["weight"], "neutral")}
            for one in statement.findings
        ],
        "table": _entries_table(request, statement, entries),
        "timeline": timeline_of(("bank_statement", statement.pk)),
        "decide": request.actor.may("cash.edit") and statement.state == "held",
    }
    return render(request, "cash/statement.html", context)


_KINDS = {"hold": "bad", "warning": "warn", "note": "neutral"}


def _header(request: Request, statement: BankStatement, entries: list[BankEntry]) -> dict[str, Any]:
    waiting = sum(entry.state == "open" for entry in entries)
    may = request.actor.may("cash.edit")
    offered: list[dict[str, Any]] = []
    if statement.state == "accepted" and waiting:
        offered.append(
            {
                "label": _("Match by hand"),
                "url": f"{reverse('cash:match')}?statement={statement.pk}",
                "kind": "primary",
                "icon": "link",
                "ok": may,
                "why_not": "" if may else _("matching is for accountants"),
            }
        )
        offered.append(
            {
                "label": _("Match what is clear"),
                "url": reverse("cash:match_clear", args=[statement.pk]),
                "method": "post",
                "icon": "refresh-cw",
                "ok": may,
            }
        )
    offered.append(
        {
            "label": _("File of the bank"),
            "url": reverse("cash:statement_file", args=[statement.pk]),
            "icon": "download",
        }
    )
    return {
        "title": statement.statement_id,
        "state": words.STATEMENT_STATES[statement.state],
        "subtitle": statement.bank_account.iban,
        "amount": Money(statement.closing_minor, statement.currency),
        "amount_label": _("Closing balance"),
        "trail": [(_("Bank statements"), reverse("cash:list"))],
        "actions": offered,
    }


def _facts(statement: BankStatement, entries: list[BankEntry]) -> list[dict[str, Any]]:
    before = queries.chain_before(statement)
    facts: list[dict[str, Any]] = [
        {"label": _("Account"), "value": statement.bank_account.iban},
        {"label": _("Seller"), "value": statement.seller.name},
        {"label": _("Until"), "value": statement.until_on, "format": "day"},
        {"label": _("Number"), "value": statement.sequence_no or "–"},
        {"label": _("Entries"), "value": len(entries), "format": "number"},
        {"label": _("Imported"), "value": statement.imported_at, "format": "instant"},
    ]
    if before is not None:
        facts.append(
            {
                "label": _("Follows"),
                "value": before.statement_id,
                "url": reverse("cash:statement", args=[before.pk]),
                "hint": _("closed with %(amount)s")
                % {"amount": str(Money(before.closing_minor, before.currency))},
            }
        )
    if statement.accepted_reason:
        facts.append({"label": _("Decision"), "value": statement.accepted_reason})
    return facts


def _chain(statement: BankStatement, entries: list[BankEntry]) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor, statement.currency)

    incoming = sum(e.amount_minor for e in entries if e.amount_minor > 0)
    outgoing = sum(e.amount_minor for e in entries if e.amount_minor < 0)
    computed = statement.opening_minor + incoming + outgoing
    rows: list[dict[str, Any]] = [
        {"label": _("Opening balance"), "amount": money(statement.opening_minor)},
        {"label": _("Money in"), "amount": money(incoming)},
        {"label": _("Money out"), "amount": money(outgoing)},
        {"label": _("Makes"), "amount": money(computed), "type": "subtotal"},
        {
            "label": _("Closing balance by the bank"),
            "amount": money(statement.closing_minor),
            "type": "total",
        },
    ]
    difference = statement.closing_minor - computed
    if difference:
        rows.append({"label": _("Difference"), "amount": money(difference), "type": "subtotal"})
    return {"rows": rows, "note": _("The two agree.") if not difference else ""}


def _entries_table(
    request: Request, statement: BankStatement, entries: list[BankEntry]
) -> dict[str, Any]:
    payments = queries.payments_of_entries(statement.pk)
    return {
        "id": "entries",
        "caption": _("Entries"),
        "columns": [
            {"key": "who", "label": _("Entry"), "format": "link"},
            {"key": "on", "label": _("Booked"), "format": "day", "phone": False},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "amount", "label": _("Amount"), "format": "money"},
        ],
        "rows": [_entry_row(entry, payments.get(entry.pk)) for entry in entries],
        "empty": {"title": _("No money moved"), "icon": "landmark"},
    }


def _entry_row(entry: BankEntry, payment: Payment | None) -> dict[str, Any]:
    if payment is not None:
        url = reverse("cash:record", args=[payment.pk])
        under = f"{payment.number} · {payment.organization.name}"
    else:
        url = reverse("cash:entry", args=[entry.pk])
        under = entry.ignored_reason or parts.words_of(entry)
    return {
        "id": entry.pk,
        "url": url,
        "cells": [
            (entry.counterparty or _("unnamed"), under),
            entry.booked_on,
            words.ENTRY_STATES[entry.state],
            Money(entry.amount_minor, entry.currency),
        ],
    }


@page("cash.view")
def statement_file(request: Request, statement_id: int) -> HttpResponseBase:
    """The file as the bank sent it, byte for byte."""
    kept = queries.get_statement(request.actor, statement_id).file
    return file_response(
        store.read(kept.pk), name=kept.name, media_type="application/octet-stream", inline=False
    )


@require_POST
@page("cash.edit")
def match_clear(request: Request, statement_id: int) -> HttpResponseBase:
    """Match once more what is clear by now."""
    here = reverse("cash:statement", args=[statement_id])

    def act() -> None:
        actions.match_automatically(actor=request.actor, now=request.now, statement_id=statement_id)

    said = _("Looked at every open entry again")
    return parts.do(request, f"clear:{statement_id}", act, said=said, then=here, back=here)


@require_POST
@page("cash.edit")
def decide(request: Request, statement_id: int) -> HttpResponseBase:
    """Accept a held statement all the same, or reject it; both for a reason."""
    here = reverse("cash:statement", args=[statement_id])
    is_accepted = request.POST.get("verdict") == "accept"

    def act() -> None:
        verb = actions.accept_held_statement if is_accepted else actions.reject_statement
        verb(
            actor=request.actor,
            now=request.now,
            statement_id=statement_id,
            reason=request.POST.get("reason", ""),
        )
        if is_accepted:
            actions.match_automatically(
                actor=request.actor, now=request.now, statement_id=statement_id
            )

    said = _("Accepted; what is clear was matched") if is_accepted else _("Rejected")
    return parts.do(request, f"decide:{statement_id}", act, said=said, then=here, back=here)
