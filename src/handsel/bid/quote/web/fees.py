"""Fees of a draft: waived with a reason, or charged after all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.fees import fees_of
from handsel.bid.quote.rules.waived import waivers_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.price_parts import money_text
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

WAIVE, CHARGE = "waive", "charge"


@page("quote.waive_fee")
def fees(request: Request, quote_id: int) -> HttpResponseBase:
    """Waive a fee on this quote, or charge it after all."""
    version = queries.get_version(request.actor, quote_id)
    found = fees_of(version.pk)
    if request.method != "POST":
        wanted = request.GET.get("fee", "")
        return _form(request, version, found, {"fee": wanted}, {})
    key = parts.line_key_of(parts.posted_text(request, "fee"))
    if key is None:
        return _form(request, version, found, {}, {"fee": _("a fee of this quote")}, 422)
    about: dict[str, Any] = {
        "actor": request.actor,
        "now": request.now,
        "quote_id": quote_id,
        "line_key": key,
        "lock_no": lock_no_of(request),
    }
    try:
        if parts.posted_text(request, "how") == CHARGE:
            actions.charge_fee(**about)
        else:
            actions.waive_fee(**about, reason=parts.posted_text(request, "reason"))
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Freight and fees"))
    except Invalid as wrong:
        errors = {name: worded(text, _) for name, text in wrong.fields.items()}
        return _form(request, version, found, request.POST.dict(), errors, 422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _form(
    request: Request,
    version: QuoteVersion,
    found: Sequence[LineView],
    values: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponseBase:
    waivers = waivers_of(version.pricing)
    named = [(str(fee.key), f"{fee.name} · {_state(fee, version)}") for fee in found]
    chosen = values.get("fee") or (named[0][0] if named else "")
    waiver = waivers.get(chosen)
    how = values.get("how") or (CHARGE if waiver else WAIVE)
    fields: list[dict[str, Any]] = [
        {"name": "fee", "label": _("Fee"), "type": "select", "options": named, "value": chosen},
        {
            "name": "how",
            "label": _("What"),
            "type": "select",
            "options": [(WAIVE, _("Waive it on this quote")), (CHARGE, _("Charge it"))],
            "value": how,
        },
        {
            "name": "reason",
            "label": _("Reason"),
            "value": values.get("reason", waiver.reason if waiver else ""),
            "required": how == WAIVE,
            "help": _("Needed to waive it; approvers read it, the customer does not."),
        },
    ]
    for field in fields:
        field["error"] = errors.get(field["name"], "")
    if not named:
        fields = [{"name": "fee", "label": _("This quote bears no fees."), "type": "hidden"}]
    context = {
        "title": _("Freight and fees"),
        "fields": fields,
        "lock_no": version.lock_no,
        "action_url": reverse("quote:fees", args=[version.quote_id]),
        "submit": _("Price the quote so"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)


def _state(fee: LineView, version: QuoteVersion) -> str:
    if str(fee.key) not in waivers_of(version.pricing):
        return money_text(fee.net_minor, version.quote.currency)
    amount = money_text(fee.rows[0].amount_minor, version.quote.currency)
    return _("%(amount)s, not charged") % {"amount": amount}
