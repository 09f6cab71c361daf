"""What the whole quote is to cost, and what all its prices depend on: codes, reseller."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.placing import groups_of
from handsel.bid.quote.errors import BadQuote, StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.rules.sheet.tree import reading_order
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.platform.posted import go_to

Values = dict[str, Any]


@page("quote.edit")
def target(request: Request, quote_id: int) -> HttpResponseBase:
    """Say what the quote, or a group of it, is to cost net."""
    version = queries.get_version(request.actor, quote_id)
    if request.method != "POST":
        return _target_form(request, version, _standing(version), {})
    try:
        text = parts.posted_text(request, "total")
        actions.set_target(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            total=parts.posted_number(text, "total") if text else None,
            group_key=parts.line_key_of(parts.posted_text(request, "group_key")),
            reason=parts.posted_text(request, "reason"),
            lock_no=lock_no_of(request),
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Set a target price"))
    except Invalid as wrong:
        errors = dict(wrong.fields) or {"total": wrong.message}
        if isinstance(wrong, BadQuote) and "total" in errors:
            errors["total"] = wrong.message
        return _target_form(request, version, request.POST.dict(), errors, status=422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _standing(version: QuoteVersion) -> Values:
    total = version.target_minor
    text = "" if total is None else Money(total, version.quote.currency).text()
    return {
        "total": text.replace(".", parts.decimal_mark()),
        "reason": version.pricing.get("reason", ""),
    }


def _target_form(
    request: Request, version: QuoteVersion, values: Values, errors: Values, status: int = 200
) -> HttpResponseBase:
    groups: list[tuple[UUID | str, str]] = [("", _("The whole quote"))]
    groups += [
        (place.group.key, "– " * place.depth + place.group.title)
        for place in reading_order(groups_of(version.pk).values())
    ]
    fields: list[dict[str, Any]] = [
        {
            "name": "total",
            "label": _("Net price that is wanted"),
            "type": "money",
            "suffix": version.quote.currency,
            "help": _("Empty takes the target off. Lines that cost a percentage come on top."),
        },
        {
            "name": "group_key",
            "label": _("For"),
            "type": "select",
            "options": [(str(key), title) for key, title in groups],
        },
        {"name": "reason", "label": _("Reason"), "help": _("Approvers read it.")},
    ]
    for field in fields:
        field["value"] = values.get(field["name"], "")
        field["error"] = errors.get(field["name"], "")
    return _form(request, version, "target", _("Target price"), fields, status)


@page("quote.edit")
def pricing(request: Request, quote_id: int) -> HttpResponseBase:
    """Say which promotion codes were given, and of which tier the reseller is."""
    version = queries.get_version(request.actor, quote_id)
    given = {
        "codes": ", ".join(version.pricing.get("codes", ())),
        "partner": version.pricing.get("partner", ""),
    }
    if request.method != "POST":
        return _pricing_form(request, version, given, {})
    try:
        actions.set_pricing(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            codes=parts.posted_text(request, "codes").split(","),
            partner=parts.posted_text(request, "partner"),
            lock_no=lock_no_of(request),
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Promotions and partner"))
    except Invalid as wrong:
        return _pricing_form(
            request,
            version,
            request.POST.dict(),
            dict(wrong.fields) or {"codes": wrong.message},
            status=422,
        )
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _pricing_form(
    request: Request, version: QuoteVersion, values: Values, errors: Values, status: int = 200
) -> HttpResponseBase:
    fields: list[dict[str, Any]] = [
        {
            "name": "codes",
            "label": _("Promotion codes"),
            "placeholder": "SPRING, TRADE-FAIR",
            "help": _("Separated by commas, as the customer gave them."),
        },
        {
            "name": "partner",
            "label": _("Tier of the reseller"),
            "help": _help_of_tier(version),
        },
    ]
    for field in fields:
        field["value"] = values.get(field["name"], "")
        field["error"] = errors.get(field["name"], "")
    return _form(request, version, "pricing", _("Promotions and partner"), fields, status)


def _help_of_tier(version: QuoteVersion) -> str:
    own = version.quote.organization.partner_tier
    if own:
        return _("The customer’s own is “%(tier)s”; empty for a sale without one.") % {"tier": own}
    return _("As the price book names it; empty for a sale without one.")


def _form(
    request: Request,
    version: QuoteVersion,
    name: str,
    title: str,
    fields: list[dict[str, Any]],
    status: int,
) -> HttpResponseBase:
    context = {
        "title": title,
        "fields": fields,
        "lock_no": version.lock_no,
        "action_url": reverse(f"quote:{name}", args=[version.quote_id]),
        "submit": _("Price the quote so"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)
