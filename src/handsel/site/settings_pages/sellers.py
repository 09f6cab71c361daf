"""Our legal entities: what documents print, accounts, VAT registrations, number series."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError
from handsel.ground.party import actions, queries
from handsel.ground.party.models import Seller
from handsel.ground.platform import numbering
from handsel.ground.platform.timeline_view import timeline_of
from handsel.site.settings_pages.frame import field, posted, refusal, tabs

FACTS = (
    "name",
    "legal_name",
    "street",
    "postcode",
    "city",
    "email",
    "phone",
    "website",
    "registration_number",
    "electronic_address",
    "language",
    "time_zone",
)


@page("settings.view")
def seller_list(request: Request) -> HttpResponseBase:
    """The legal entities the administrator works for."""
    table = {
        "id": "sellers",
        "caption": _("Legal entities"),
        "columns": [
            {"key": "name", "label": _("Name"), "format": "link"},
            {"key": "country", "label": _("Country")},
            {"key": "currency", "label": _("Currency")},
            {"key": "zone", "label": _("Time zone"), "phone": False},
        ],
        "rows": [
            {
                "id": one.pk,
                "url": reverse("settings:seller", args=[one.pk]),
                "cells": [(one.name, one.legal_name), one.country, one.currency, one.time_zone],
            }
            for one in queries.sellers_of(request.actor)
        ],
        "empty": {
            "title": _("You work for no legal entity"),
            "text": _("An administrator who does can let you in on the page of your user."),
        },
    }
    context = {
        "header": {"title": _("Legal entities")},
        "tabs": tabs(request, "sellers"),
        "table": table,
    }
    return render(request, "settings/list.html", context)


@page("settings.view")
def seller_record(request: Request, seller_id: int) -> HttpResponseBase:
    """One legal entity."""
    seller = queries.get_seller(request.actor, seller_id)
    values: dict[str, Any] = {name: getattr(seller, name) for name in FACTS}
    refused: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        request.actor.require("settings.edit")
        values = {name: request.POST.get(name, "").strip() for name in FACTS}
        try:
            posted(
                request,
                f"seller.{seller.pk}",
                lambda: (
                    actions.revise_seller(
                        actor=request.actor, now=request.now, seller_id=seller.pk, facts=values
                    ).pk
                ),
            )
            messages.success(request, _("Saved. Documents already issued keep their own copy."))
            return HttpResponseRedirect(reverse("settings:seller", args=[seller.pk]))
        except HandselError as failure:
            refused = refusal(failure)
    return _record(request, seller, values, refused)


def _record(
    request: Request, seller: Seller, values: dict[str, Any], refused: dict[str, Any]
) -> HttpResponseBase:
    context = {
        "header": {
            "title": seller.name,
            "subtitle": seller.legal_name,
            "trail": [(_("Legal entities"), reverse("settings:sellers"))],
            "meta": [
                {"label": _("Country"), "value": seller.country},
                {"label": _("Currency"), "value": seller.currency},
            ],
        },
        "tabs": tabs(request, "sellers"),
        "seller": seller,
        "fields": _fields(values, refused["errors"]),
        "notice": refused.get("notice"),
        "may_edit": request.actor.may("settings.edit"),
        "accounts": _accounts(seller),
        "offered": [a for a in queries.bank_accounts_of(seller.pk) if not a.is_default],
        "account_fields": _account_fields(seller),
        "registrations": sorted(queries.seller_registrations(seller).items()),
        "vat_field": field("vat_id", _("VAT id"), {}, {}, required=True),
        "series": _series(seller),
        "timeline": timeline_of(("seller", seller.pk)),
    }
    failed = bool(refused.get("notice"))
    return render(request, "settings/seller.html", context, status=422 if failed else 200)


def _fields(values: dict[str, Any], errors: dict[str, str]) -> list[dict[str, Any]]:
    languages = [(code, str(name)) for code, name in settings.LANGUAGES]
    labels = {
        "name": _("Name"),
        "legal_name": _("Legal name"),
        "street": _("Street and number"),
        "postcode": _("Postcode"),
        "city": _("City"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "website": _("Website"),
        "registration_number": _("Registration number"),
        "electronic_address": _("Electronic invoice address"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
    }
    needed = {"name", "legal_name", "street", "city", "email", "time_zone", "language"}
    fields = [field(name, labels[name], values, errors, required=name in needed) for name in FACTS]
    for one in fields:
        if one["name"] == "language":
            one.update(type="select", options=languages)
    return fields


def _accounts(seller: Seller) -> dict[str, Any]:
    return {
        "id": "accounts",
        "caption": _("Bank accounts"),
        "columns": [
            {"key": "iban", "label": _("IBAN")},
            {"key": "bank", "label": _("Bank"), "phone": False},
            {"key": "currency", "label": _("Currency")},
            {"key": "use", "label": _("On documents"), "format": "badge"},
        ],
        "rows": [
            {
                "id": one.pk,
                "cells": [
                    one.iban,
                    " ".join(part for part in (one.bank_name, one.bic) if part),
                    one.currency,
                    (_("named"), "good") if one.is_default else (_("not named"), "neutral"),
                ],
            }
            for one in queries.bank_accounts_of(seller.pk)
        ],
        "empty": {"title": _("No account"), "text": _("Invoices need one to be paid to.")},
    }


def _account_fields(seller: Seller) -> list[dict[str, Any]]:
    values = {"currency": seller.currency}
    return [
        field("iban", _("IBAN"), values, {}, required=True, autocomplete="off"),
        field("bic", _("BIC"), values, {}),
        field("bank_name", _("Bank"), values, {}),
        field("currency", _("Currency"), values, {}, required=True, id="account_currency"),
    ]


def _series(seller: Seller) -> dict[str, Any]:
    kinds = {
        "lead": _("Leads"),
        "quote": _("Quotes"),
        "order": _("Orders"),
        "shipment": _("Deliveries"),
        "invoice": _("Invoices"),
        "credit_note": _("Credit notes"),
        "journal": _("Journal entries"),
        "payment": _("Payments"),
    }
    return {
        "id": "series",
        "caption": _("Number series"),
        "columns": [
            {"key": "kind", "label": _("Documents")},
            {"key": "year", "label": _("Year")},
            {"key": "last", "label": _("Last number")},
        ],
        "rows": [
            {
                "id": row.pk,
                "cells": [
                    kinds.get(row.kind, row.kind),
                    str(row.year),
                    numbering.number_text(row.kind, row.year, row.last_number),
                ],
            }
            for row in numbering.series_of(seller.pk)
        ],
        "empty": {
            "title": _("No number given yet"),
            "text": _("Each kind of document counts by itself, without gaps, from 1 each year."),
        },
    }


@require_POST
@page("settings.edit")
def account_add(request: Request, seller_id: int) -> HttpResponseBase:
    """Add a bank account."""
    given = {
        name: request.POST.get(name, "").strip()
        for name in ("iban", "bic", "bank_name", "currency")
    }
    return _change(
        request,
        seller_id,
        f"seller.{seller_id}.account",
        lambda: (
            actions.add_bank_account(
                actor=request.actor, now=request.now, seller_id=seller_id, **given
            ).pk
        ),
    )


@require_POST
@page("settings.edit")
def account_prefer(request: Request, seller_id: int, account_id: int) -> HttpResponseBase:
    """Let documents name this account."""
    return _change(
        request,
        seller_id,
        f"account.{account_id}.prefer",
        lambda: actions.prefer_bank_account(
            actor=request.actor, now=request.now, seller_id=seller_id, account_id=account_id
        ),
    )


@require_POST
@page("settings.edit")
def registration_set(request: Request, seller_id: int) -> HttpResponseBase:
    """Set the VAT id in a country."""
    return _change(
        request,
        seller_id,
        f"seller.{seller_id}.vat",
        lambda: (
            actions.set_tax_registration(
                actor=request.actor,
                now=request.now,
                seller_id=seller_id,
                vat_id=request.POST.get("vat_id", ""),
            ).pk
        ),
    )


def _change(request: Request, seller_id: int, route: str, effect: Any) -> HttpResponseBase:
    seller = queries.get_seller(request.actor, seller_id)
    try:
        posted(request, route, effect)
    except HandselError as failure:
        values = {name: getattr(seller, name) for name in FACTS}
        return _record(request, seller, values, {**refusal(failure), "errors": {}})
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("settings:seller", args=[seller_id]))
