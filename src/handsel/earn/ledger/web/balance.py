"""The trial balance with its proofs, and the accounts behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.earn.ledger import queries
from handsel.earn.ledger.models import JournalLine
from handsel.earn.ledger.queries import TrialBalanceRow
from handsel.earn.ledger.web import parts, words
from handsel.earn.ledger.web.parts import Range
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money, is_currency


@page("ledger.view")
def trial_balance(request: Request) -> HttpResponseBase:
    """Every account with opening, debit, credit and closing; the sums are equal, and shown."""
    asked = parts.asked_range(request)
    rows = _rows(request, asked)
    proofs = queries.proofs(request.actor, seller_id=asked.seller.pk)
    context = {
        "header": {"title": _("Trial balance"), "subtitle": asked.seller.legal_name},
        "tabs": parts.sections("list", asked),
        "range": parts.range_form(request, asked),
        "tables": [
            _table(asked, currency, [row for row in rows if row.currency == currency])
            for currency in sorted({row.currency for row in rows})
        ],
        "proofs": _proofs(proofs) if proofs else None,
        "empty": {
            "title": _("Nothing is posted in these days"),
            "text": _("Issued invoices, payments and write-offs post themselves."),
            "icon": "book-open",
        },
    }
    return render(request, "ledger/trial_balance.html", context)


def _rows(request: Request, asked: Range) -> list[TrialBalanceRow]:
    return queries.trial_balance(
        request.actor,
        seller_id=asked.seller.pk,
        from_on=asked.from_on,
        until_on=asked.until_on,
    )


def _table(asked: Range, currency: str, rows: list[TrialBalanceRow]) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor, currency)

    return {
        "id": f"trial-balance-{currency}",
        "caption": _("Trial balance in %(currency)s") % {"currency": currency},
        "columns": [
            {"key": "account", "label": _("Account"), "format": "link"},
            {"key": "opening", "label": _("Opening"), "format": "money", "phone": False},
            {"key": "debit", "label": _("Debit"), "format": "money"},
            {"key": "credit", "label": pgettext("side of an entry", "Credit"), "format": "money"},
            {"key": "closing", "label": _("Closing"), "format": "money"},
        ],
        "rows": [
            {
                "id": f"{row.code}-{currency}",
                "url": reverse("ledger:account", args=[row.ledger_account_id])
                + asked.query(currency=currency),
                "cells": [
                    (f"{row.code} {row.name}", words.KINDS[row.kind]),
                    money(row.opening_minor),
                    money(row.debit_minor),
                    money(row.credit_minor),
                    money(row.closing_minor),
                ],
            }
            for row in rows
        ],
        "totals": [
            _("Sum"),
            money(sum(row.opening_minor for row in rows)),
            money(sum(row.debit_minor for row in rows)),
            money(sum(row.credit_minor for row in rows)),
            money(sum(row.closing_minor for row in rows)),
        ],
        "exports": [(_("CSV"), reverse("ledger:trial_balance_csv") + asked.query())],
    }


def _proofs(found: list[queries.Proof]) -> dict[str, Any]:
    return {
        "id": "proofs",
        "caption": _("Proofs"),
        "columns": [
            {"key": "proof", "label": _("Proof"), "format": "text"},
            {"key": "counted", "label": _("Counted"), "format": "money", "phone": False},
            {"key": "posted", "label": _("In the books"), "format": "money"},
            {"key": "result", "label": _("Result"), "format": "badge"},
        ],
        "rows": [
            {
                "id": f"{one.name}-{one.currency}",
                "cells": [
                    words.PROOFS[one.name],
                    Money(one.counted_minor, one.currency),
                    Money(one.posted_minor, one.currency),
                    _result(one),
                ],
            }
            for one in found
        ],
    }


def _result(one: queries.Proof) -> tuple[str, str]:
    if one.holds:
        return _("equal"), "good"
    amount = str(Money(one.difference_minor, one.currency))
    return _("differs by %(amount)s") % {"amount": amount}, "bad"


@page("ledger.view")
def trial_balance_csv(request: Request) -> HttpResponseBase:
    """The trial balance as a file."""
    asked = parts.asked_range(request)
    head = ("code", "name", "kind", "currency", "opening", "debit", "credit", "closing")

    def cells(row: TrialBalanceRow) -> list[object]:
        amounts = (row.opening_minor, row.debit_minor, row.credit_minor, row.closing_minor)
        texts = [Money(minor, row.currency).text() for minor in amounts]
        return [row.code, row.name, row.kind, row.currency, *texts]

    name = f"trial-balance-{asked.from_on}-{asked.last_on}.csv"
    return parts.csv_answer(name, head, (cells(row) for row in _rows(request, asked)))


@page("ledger.view")
def accounts(request: Request) -> HttpResponseBase:
    """The chart: every account, what it is for, and its role in the posting rules."""
    asked = parts.asked_range(request)
    table = {
        "id": "accounts",
        "caption": _("Accounts"),
        "columns": [
            {"key": "account", "label": _("Account"), "format": "link"},
            {"key": "kind", "label": _("Kind"), "format": "text"},
            {"key": "role", "label": _("Role in the posting rules"), "format": "text"},
        ],
        "rows": [
            {
                "id": one.pk,
                "url": reverse("ledger:account", args=[one.pk]) + asked.query(),
                "cells": [f"{one.code} {one.name}", words.KINDS[one.kind], one.role or "–"],
            }
            for one in queries.accounts_of(asked.seller.pk)
        ],
        "empty": {
            "title": _("No accounts yet"),
            "text": _("The chart is laid out with the first posting."),
            "icon": "book-open",
        },
    }
    context = {
        "header": {"title": _("Accounts"), "subtitle": asked.seller.legal_name},
        "tabs": parts.sections("accounts", asked),
        "table": table,
    }
    return render(request, "ledger/list.html", context)


@page("ledger.view")
def account(request: Request, ledger_account_id: int) -> HttpResponseBase:
    """One account: every leg in the days asked for, each leading to its entry."""
    asked = parts.asked_range(request)
    found = queries.get_account(request.actor, ledger_account_id)
    asked = Range(found.seller, asked.from_on, asked.last_on)
    currency = request.GET.get("currency", "")
    currency = currency if is_currency(currency) else ""
    start = parts.start_of(request)
    lines = queries.account_lines(
        request.actor, found.pk, from_on=asked.from_on, until_on=asked.until_on
    )
    if currency:
        lines = lines.filter(currency=currency)
    rows = list(lines[start : start + parts.PAGE_SIZE + 1])
    table = {
        "id": "account-lines",
        "caption": found.name,
        "columns": [
            {"key": "entry", "label": _("Entry"), "format": "link"},
            {"key": "on", "label": _("Date"), "format": "day"},
            {"key": "customer", "label": _("Customer"), "format": "text", "phone": False},
            {"key": "debit", "label": _("Debit"), "format": "money"},
            {"key": "credit", "label": pgettext("side of an entry", "Credit"), "format": "money"},
        ],
        "rows": [_line(row) for row in rows[: parts.PAGE_SIZE]],
        "empty": {"title": _("Nothing moved here in these days"), "icon": "book-open"},
    }
    opening = queries.balance_before(found.pk, on=asked.from_on, currency=currency)
    context = {
        "header": {
            "title": f"{found.code} {found.name}",
            "subtitle": asked.seller.legal_name,
            "amount": Money(opening, currency) if currency else None,
            "amount_label": _("Opening"),
            "trail": [(_("Trial balance"), reverse("ledger:list") + asked.query())],
        },
        "range": {**parts.range_form(request, asked), "sellers": []},
        "currency": currency,
        "table": parts.paged(table, asked, start, len(rows), currency=currency),
    }
    return render(request, "ledger/list.html", context)


def _line(line: JournalLine) -> dict[str, Any]:
    amount = Money(line.amount_minor, line.currency)
    is_debit = line.amount_minor > 0
    return {
        "id": line.pk,
        "url": reverse("ledger:record", args=[line.entry_id]),
        "cells": [
            (line.entry.number, line.text or line.entry.text),
            line.entry.posted_on,
            line.organization.name if line.organization else "",
            amount if is_debit else None,
            None if is_debit else -amount,
        ],
    }
