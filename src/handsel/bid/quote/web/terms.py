"""The terms of a quote: shown as facts, edited in a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.web import parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_integer
from handsel.ground.platform.posted import go_to


def terms_facts(version: QuoteVersion) -> list[dict[str, Any]]:
    """The terms for the shell's `facts`."""
    billing = str(parts.BILLING_METHODS[version.billing_method])
    if version.billing_shares:
        billing += ": " + shown_shares(version)
    facts: list[dict[str, Any]] = [
        {"label": _("Valid until"), "value": version.valid_until, "format": "day"},
        {
            "label": _("Payment"),
            "value": _("%(days)s days after the invoice") % {"days": version.payment_days},
        },
        {"label": _("Invoiced"), "value": billing},
        {"label": _("Discount on the quote"), "value": version.discount_bps, "format": "percent"},
        {"label": _("Delivery"), "value": version.delivery_terms},
        {"label": _("Introduction"), "value": version.intro},
        {"label": _("Terms"), "value": version.terms},
    ]
    return [fact for fact in facts if fact["value"] not in ("", None, 0)]


def shown_shares(version: QuoteVersion) -> str:
    """Shares as they are typed: "30 / 60 / 10"."""
    return " / ".join(parts.shown_percent(bps) for bps in version.billing_shares)


@page("quote.edit")
def terms(request: Request, quote_id: int) -> HttpResponseBase:
    """Edit the terms of a draft."""
    version = queries.get_version(request.actor, quote_id)
    if request.method != "POST":
        return _form(request, version, _present_values(version), {})
    try:
        changes = _changes(request)
        actions.set_terms(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            changes=changes,
            lock_no=parts.whole_number(request.POST.get("lock_no", "")),
        )
    except StaleEdit as stale:
        from handsel.bid.quote.web.grid import conflict

        return conflict(request, quote_id, stale, _("Change the terms"))
    except Invalid as wrong:
        return _form(request, version, request.POST, wrong.fields, status=422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _present_values(version: QuoteVersion) -> dict[str, str]:
    return {
        "valid_until": version.valid_until.isoformat(),
        "payment_days": str(version.payment_days),
        "billing_method": version.billing_method,
        "billing_shares": shown_shares(version),
        "delivery_terms": version.delivery_terms,
        "discount_bps": parts.shown_percent(version.discount_bps),
        "intro": version.intro,
        "terms": version.terms,
    }


def _changes(request: Request) -> dict[str, Any]:
    method = parts.posted_text(request, "billing_method")
    return {
        "valid_until": _named("valid_until", parse_date, parts.posted_text(request, "valid_until")),
        "payment_days": _named(
            "payment_days", _days, parts.posted_text(request, "payment_days") or "0"
        ),
        "billing_method": method,
        "billing_shares": _shares(parts.posted_text(request, "billing_shares"))
        if method == "shares"
        else (),
        "delivery_terms": parts.posted_text(request, "delivery_terms"),
        "discount_bps": parts.posted_percent(
            parts.posted_text(request, "discount_bps"), "discount_bps"
        ),
        "intro": parts.posted_text(request, "intro"),
        "terms": parts.posted_text(request, "terms"),
    }


def _days(text: str) -> int:
    return parse_integer(text, minimum=0, maximum=365)


def _named(field: str, parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except Invalid as wrong:
        raise Invalid(wrong.message, code=wrong.code, fields={field: wrong.message}) from None


def _shares(text: str) -> tuple[int, ...]:
    return tuple(
        parts.posted_percent(part, "billing_shares") for part in text.split("/") if part.strip()
    )


def _form(
    request: Request,
    version: QuoteVersion,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponseBase:
    fields: list[dict[str, Any]] = [
        {"name": "valid_until", "label": _("Valid until"), "type": "date", "required": True},
        {
            "name": "payment_days",
            "label": _("Days to pay"),
            "type": "number",
            "min": 0,
            "max": 365,
            "required": True,
        },
        {
            "name": "billing_method",
            "label": _("Invoiced"),
            "type": "select",
            "options": list(parts.BILLING_METHODS.items()),
            "required": True,
        },
        {
            "name": "billing_shares",
            "label": _("Shares"),
            "help": _("Only for invoices in shares: percentages that come to 100."),
            "placeholder": "30 / 60 / 10",
        },
        {
            "name": "discount_bps",
            "label": _("Discount on the whole quote"),
            "type": "money",
            "suffix": "%",
        },
        {"name": "delivery_terms", "label": _("Delivery"), "placeholder": "DAP Berlin"},
        {"name": "intro", "label": _("Introduction"), "type": "textarea", "rows": 3},
        {"name": "terms", "label": _("Terms"), "type": "textarea", "rows": 4},
    ]
    for field in fields:
        field["value"] = values.get(field["name"], "")
        field["error"] = errors.get(field["name"], "")
    context = {
        "title": _("Terms of the quote"),
        "fields": fields,
        "lock_no": version.lock_no,
        "action_url": reverse("quote:terms", args=[version.quote_id]),
        "submit": _("Save the terms"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)


def dialog_or_page(
    request: Request, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A form as a dialog for htmx, as a page of its own without."""
    is_fragment = bool(request.headers.get("HX-Request"))
    template = "quote/form_dialog.html" if is_fragment else "quote/form_page.html"
    quote_id = request.resolver_match.kwargs.get("quote_id") if request.resolver_match else None
    name = context.get("back_name") or _("Quote")
    if quote_id and not is_fragment:
        name = queries.get_quote(request.actor, quote_id).number
    trail = [(_("Quotes"), reverse("quote:list")), (name, context["back_url"])]
    context["page_header"] = {"title": context["title"], "trail": trail}
    return render(request, template, context, status=status)
