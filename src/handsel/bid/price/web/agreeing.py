"""Agreeing a price, changing it from a day on, and letting it end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions
from handsel.bid.price.web import parts
from handsel.bid.price.web.agreement_form import posted_values, value_fields
from handsel.bid.price.web.agreements import agreement_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import go_to, once_posted


@page("price.edit")
def agree(request: Request) -> HttpResponseBase:
    """Agree a price: first with whom, then what."""
    given = request.POST if request.method == "POST" else request.GET
    organization_id = parts.key(str(given.get("organization", "")))
    if request.method != "POST":
        return _agree_form(request, organization_id, None)

    def effect() -> dict[str, Any]:
        product_id, group = parts.subject(parts.posted(request, "scope"))
        if organization_id is None:
            raise Invalid(_("Choose the customer."))
        made = actions.agree_price(
            actor=request.actor,
            now=request.now,
            organization_id=organization_id,
            currency=parts.posted(request, "currency").upper(),
            product_id=product_id,
            product_group=group,
            **posted_values(request),
        )
        return {"agreement_id": made.pk}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="price.agree", effect=effect
        )
    except Invalid as wrong:
        return _agree_form(request, organization_id, wrong)
    return go_to(request, reverse("price:agreement", args=[made["agreement_id"]]))


def _agree_form(
    request: Request, organization_id: int | None, wrong: Invalid | None
) -> HttpResponseBase:
    customer = parts.asked(request, "customer")
    message, organization = worded(wrong.message, _) if wrong else "", None
    try:
        organization = party.get_organization(organization_id) if organization_id else None
    except HandselError as missing:
        message = missing.message
    typed = {name: parts.posted(request, name) for name in request.POST}
    values = typed or {"currency": "EUR", "valid_from": request.now.date().isoformat()}
    errors = parts.told_fields(wrong)
    context = {
        "header": {
            "title": _("Agree a price"),
            "subtitle": organization.name if organization else "",
            "trail": [
                (_("Price books"), reverse("price:list")),
                (_("Agreed prices"), reverse("price:agreements")),
            ],
        },
        "organization": organization,
        "customer": customer,
        "customers": [] if organization else list(party.search_organizations(customer, limit=30)),
        "message": message,
        "subject": [
            {
                "name": "scope",
                "label": _("Product number or group"),
                "help": _("Leave it empty for everything."),
                "value": values.get("scope", ""),
                "error": errors.get("scope") or errors.get("product_group", ""),
            },
            {
                "name": "currency",
                "label": _("Currency"),
                "required": True,
                "value": values.get("currency", ""),
                "error": errors.get("currency", ""),
            },
        ],
        "fields": value_fields(values, wrong, ""),
    }
    return render(request, "price/agree.html", context, status=422 if wrong else 200)


@page("price.edit")
def change(request: Request, agreement_id: int) -> HttpResponseBase:
    """Agree something else from a day on."""
    if request.method != "POST":
        return go_to(request, reverse("price:agreement", args=[agreement_id]))

    def effect() -> dict[str, Any]:
        made = actions.change_agreement(
            actor=request.actor,
            now=request.now,
            agreement_id=agreement_id,
            **posted_values(request),
        )
        return {"agreement_id": made.pk}

    try:
        made = once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route="price.change_agreement",
            effect=effect,
        )
    except Invalid as wrong:
        if "until" in wrong.fields:
            wrong = Invalid(
                wrong.message, fields={**wrong.fields, "valid_from": wrong.fields["until"]}
            )
        return agreement_page(request, agreement_id, "change", wrong)
    return go_to(request, reverse("price:agreement", args=[made["agreement_id"]]))


@page("price.edit")
def end(request: Request, agreement_id: int) -> HttpResponseBase:
    """Let an agreement end."""
    if request.method == "POST":
        try:
            last = parts.day(parts.posted(request, "last_day"), "until")
            actions.end_agreement(
                actor=request.actor,
                now=request.now,
                agreement_id=agreement_id,
                until=last + timedelta(days=1),
            )
        except Invalid as wrong:
            return agreement_page(request, agreement_id, "end", wrong)
    return go_to(request, reverse("price:agreement", args=[agreement_id]))


@page("price.edit")
def take_back(request: Request, agreement_id: int) -> HttpResponseBase:
    """Take back an agreement that has not begun."""
    if request.method != "POST":
        return go_to(request, reverse("price:agreement", args=[agreement_id]))
    actions.take_back_agreement(actor=request.actor, now=request.now, agreement_id=agreement_id)
    messages.success(request, _("The agreement is taken back."))
    return go_to(request, reverse("price:agreements"))
