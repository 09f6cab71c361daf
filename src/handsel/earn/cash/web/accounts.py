"""A customer's account: everything that charged or settled it, and the paper of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.earn.cash import queries
from handsel.earn.cash.actions.paper import account_statement
from handsel.earn.cash.queries import CustomerMove
from handsel.earn.cash.web import parts, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import file_response


@page("cash.view")
def customer(request: Request, organization_id: int) -> HttpResponseBase:
    """What a customer owes on a day and how it came about, per currency."""
    organization = party.get_organization(organization_id)
    on = parts.as_of(request)
    found = queries.ageing(request.actor, as_of=on, organization_id=organization_id)
    named = {c.currency for c in found.customers}
    seen = queries.visible_balances(request.actor).filter(organization_id=organization_id)
    currencies = sorted(named | set(seen.values_list("currency", flat=True).distinct()))
    owed = {c.currency: c for c in found.customers}
    paper = f"{reverse('cash:customer_paper', args=[organization_id])}?as_of={on.isoformat()}"
    context = {
        "header": {
            "title": organization.name,
            "subtitle": _("Statement of account"),
            "trail": [(_("Receivables"), reverse("cash:ageing"))],
            "actions": [
                {
                    "label": _("As PDF"),
                    "url": paper,
                    "kind": "primary",
                    "icon": "printer",
                    "new_tab": True,
                }
            ],
        },
        "as_of": on,
        "accounts": [
            {
                "currency": currency,
                "balance": Money(owed[currency].balance_minor if currency in owed else 0, currency),
                "table": _table(request, organization_id, currency),
            }
            for currency in currencies
        ],
        "empty": {"title": _("Nothing was ever owed"), "icon": "scale"},
    }
    return render(request, "cash/customer.html", context)


def _table(request: Request, organization_id: int, currency: str) -> dict[str, Any]:
    moves = queries.customer_moves(
        request.actor,
        organization_id=organization_id,
        currency=currency,
        as_of=parts.as_of(request),
    )
    balance = 0
    rows: list[dict[str, Any]] = []
    for move in moves:
        balance += move.amount_minor
        rows.append(
            {
                "id": f"{move.number}-{len(rows)}",
                "url": _address(move),
                "cells": [
                    (move.number, words.ENTRY_KINDS.get(move.kind, move.kind)),
                    move.on,
                    move.due_on,
                    Money(move.amount_minor, currency),
                    Money(balance, currency),
                ],
            }
        )
    return {
        "id": f"account-{currency}",
        "caption": _("Account in %(currency)s") % {"currency": currency},
        "columns": [
            {"key": "document", "label": _("Document"), "format": "link"},
            {"key": "on", "label": _("Date"), "format": "day"},
            {"key": "due", "label": _("Due"), "format": "day", "phone": False},
            {"key": "amount", "label": _("Charged or settled"), "format": "money"},
            {"key": "balance", "label": _("Balance"), "format": "money"},
        ],
        "rows": rows,
    }


def _address(move: CustomerMove) -> str:
    if move.payment_id is not None:
        return reverse("cash:record", args=[move.payment_id])
    return reverse("cash:receivable", args=[move.invoice_id])


@page("cash.view")
def customer_paper(request: Request, organization_id: int) -> HttpResponseBase:
    """The statement of account of the actor's first seller as a PDF."""
    seller = party.default_seller(request.actor)
    content = account_statement(
        actor=request.actor,
        now=request.now,
        organization_id=organization_id,
        seller=seller,
        as_of=parts.as_of(request),
    )
    return file_response(content, name="account.pdf", media_type="application/pdf", inline=True)
