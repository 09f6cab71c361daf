"""A quote's lines elsewhere: copied, split off, merged, kept as a template and begun from one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.price_words import said_of
from handsel.bid.quote.actions.waiving import MAY_WAIVE
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.fees import fees_of, has_fees
from handsel.bid.quote.rules.asked import FEE, is_fee
from handsel.bid.quote.rules.waived import waivers_of
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.party import queries as party
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted

MOST_CHOICES = 200
Made = Callable[[], QuoteVersion]


def more_actions(request: Request, version: QuoteVersion) -> list[dict[str, Any]]:
    """What can be done with the lines of a quote elsewhere, for the page's header."""
    wanted = [(_("Copy"), "copy", "copy"), (_("Keep as a template"), "keep_template", "copy")]
    if version.state == "draft":
        wanted += [
            (_("Target price"), "target", "target"),
            (_("Promotions and partner"), "pricing", "users"),
            *_fees(request, version),
            (_("Split"), "split", "split"),
            (_("Merge with another quote"), "merge", "merge"),
            (_("Proposal"), "choose_proposal", "file-text"),
        ]
    wanted.append((_("Scenarios"), "scenarios", "git-compare"))
    return [
        {
            "label": label,
            "url": reverse(f"quote:{name}", args=[version.quote_id]),
            "icon": icon,
            "method": "get" if name in ("split", "scenarios") else "dialog",
            "ok": name == "scenarios" or request.actor.may("quote.edit"),
            "why_not": _("Your role may not do this"),
        }
        for label, name, icon in wanted
    ]


def _fees(request: Request, version: QuoteVersion) -> list[tuple[str, str, str]]:
    if not request.actor.may(MAY_WAIVE) or not has_fees(version.pk):
        return []
    return [(_("Freight and fees"), "fees", "coins")]


def to_quote(
    request: Request,
    route: str,
    made: Made,
    back: str,
    tell: Callable[[Request, int], None] | None = None,
) -> HttpResponseBase:
    """Do it once and go to the quote that came of it; what is refused is told on the way back."""

    def effect() -> dict[str, Any]:
        return {"quote_id": made().quote_id}

    try:
        done = once_posted(
            request, actor=request.actor, now=request.now, route=route, effect=effect
        )
    except HandselError as refused:
        messages.error(request, refused.message)
        return go_to(request, back)
    if tell is not None:
        tell(request, done["quote_id"])
    return go_to(request, reverse("quote:record", args=[done["quote_id"]]))


def asked(
    request: Request, quote_id: int, title: str, fields: list[dict[str, Any]], **more: Any
) -> HttpResponseBase:
    context = {
        "title": title,
        "fields": fields,
        "submit": title,
        "action_url": request.path,
        "back_url": reverse("quote:record", args=[quote_id]),
        **more,
    }
    return dialog_or_page(request, context)


@page("quote.edit")
def copy(request: Request, quote_id: int) -> HttpResponseBase:
    """A new quote with the same lines, for this customer or another."""
    quote = queries.get_quote(request.actor, quote_id)
    if request.method == "POST":
        made = partial(
            actions.copy_quote,
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            organization_id=parts.whole_number(parts.posted_text(request, "organization")),
            title=parts.posted_text(request, "title"),
        )
        return to_quote(request, "quote.copy", made, reverse("quote:record", args=[quote_id]))
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title"), "value": quote.title},
        {
            "name": "organization",
            "label": _("Customer"),
            "type": "select",
            **party.organization_options(quote.organization),
            "value": str(quote.organization_id),
        },
    ]
    return asked(request, quote_id, _("Copy the quote"), fields)


@page("quote.edit")
def split(request: Request, quote_id: int) -> HttpResponseBase:
    """Choose the lines that become a quote of their own."""
    version = queries.get_version(request.actor, quote_id)
    here = reverse("quote:split", args=[quote_id])
    if request.method == "POST":
        keys = [parts.line_key_of(text) for text in request.POST.getlist("line")]
        made = partial(
            actions.split_quote,
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_keys=[key for key in keys if key is not None],
            title=parts.posted_text(request, "title"),
            lock_no=parts.whole_number(parts.posted_text(request, "lock_no")),
        )
        return to_quote(request, "quote.split", made, here, _tell_of_fees)
    currency = version.quote.currency
    context = {
        "header": {
            "title": _("Split the quote"),
            "number": version.quote.number,
            "trail": [
                (_("Quotes"), reverse("quote:list")),
                (version.quote.number, reverse("quote:record", args=[quote_id])),
            ],
        },
        "lines": [
            {
                "key": line.key,
                "name": line.name,
                "sku": line.sku,
                "quantity": Quantity(line.quantity, line.unit),
                "detail": said_of(line),
                "amount": Money(line.net_minor, currency),
            }
            for line in queries.lines_of(version.pk)
            if not is_fee(line.asked)
        ],
        "title_field": {
            "name": "title",
            "label": _("Title of the new quote"),
            "value": version.quote.title,
        },
        "notice": _notice_of_fees(version),
        "lock_no": version.lock_no,
        "action_url": here,
        "back_url": reverse("quote:record", args=[quote_id]),
    }
    return render(request, "quote/split.html", context)


def _notice_of_fees(version: QuoteVersion) -> dict[str, str] | None:
    names = [fee.name for fee in fees_of(version.pk) if "amount" in fee.asked[FEE]]
    if not names:
        return None
    return {
        "kind": "info",
        "text": _(
            "%(fees)s: stays with this quote where it still has lines it is charged for; the new "
            "quote is not charged it a second time."
        )
        % {"fees": ", ".join(names)},
    }


def _tell_of_fees(request: Request, part_id: int) -> None:
    """Say on the part which fees stayed behind, so that nobody is surprised by an invoice."""
    part = queries.get_version(request.actor, part_id)
    stayed = [one for one in waivers_of(part.pricing).values() if one.quote_id]
    if stayed:
        messages.info(
            request,
            _("%(fees)s: still charged with quote %(number)s, and not here a second time.")
            % {
                "fees": ", ".join(shown_name(one.label) for one in stayed),
                "number": stayed[0].quote,
            },
        )


@page("quote.edit")
def merge(request: Request, quote_id: int) -> HttpResponseBase:
    """Take in the lines of another draft of this customer."""
    quote = queries.get_quote(request.actor, quote_id)
    if request.method == "POST":
        made = partial(
            actions.merge_quotes,
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            other_id=parts.whole_number(parts.posted_text(request, "other")) or 0,
            lock_no=parts.whole_number(parts.posted_text(request, "lock_no")),
        )
        return to_quote(request, "quote.merge", made, reverse("quote:record", args=[quote_id]))
    wanted = queries.ListFilter(state="draft", organization_id=quote.organization_id)
    drafts = queries.listed(request.actor, wanted).exclude(pk=quote_id)
    drafts = drafts.filter(currency=quote.currency, seller_id=quote.seller_id)[:MOST_CHOICES]
    options = [(str(one.pk), f"{one.number} {one.title}") for one in drafts]
    field = {
        "name": "other",
        "label": _("Quote whose lines are taken in; it is withdrawn"),
        "type": "select",
        "options": options,
        "required": True,
        "help": "" if options else _("This customer has no other draft in this currency."),
    }
    version = queries.get_version(request.actor, quote_id)
    return asked(request, quote_id, _("Merge"), [field], lock_no=version.lock_no)
