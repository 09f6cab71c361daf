"""What is done with a quote as a whole: begun, presented, accepted, closed, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import Signature
from handsel.bid.quote.actions.letters import buyer_address
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.posted import go_to, once_posted

Effect = Callable[[], Any]


def _once(request: Request, route: str, effect: Effect) -> None:
    def kept() -> dict[str, Any]:
        effect()
        return {}

    once_posted(request, actor=request.actor, now=request.now, route=route, effect=kept)


def _back(request: Request, quote_id: int, done: str = "") -> HttpResponseBase:
    if done:
        messages.success(request, done)
    return go_to(request, reverse("quote:record", args=[quote_id]))


@page("quote.present")
def present(request: Request, quote_id: int) -> HttpResponseBase:
    """Present and send in one click: to the quote's person, without further words."""
    if request.method != "POST":
        return _back(request, quote_id)
    sent_to: list[str] = []

    def effect() -> None:
        presented = actions.present_quote(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            lock_no=lock_no_of(request),
            to=parts.posted_text(request, "to"),
            message=parts.posted_text(request, "message"),
            mail=request.POST.get("mail", "1") != "0",
        )
        sent_to.append(presented.mailed_to)

    try:
        _once(request, "quote.present", effect)
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Present and send"))
    done = _("The quote is on its way to %(to)s.") % {"to": sent_to[0]} if any(sent_to) else ""
    return _back(request, quote_id, done or _("The quote is presented."))


@page("quote.present")
def present_dialog(request: Request, quote_id: int) -> HttpResponseBase:
    """Ask to whom and with which words."""
    version = queries.get_version(request.actor, quote_id)
    quote = queries.get_quote(request.actor, quote_id)
    return dialog_or_page(
        request,
        {
            "title": _("Present and send"),
            "fields": [
                {
                    "name": "to",
                    "label": _("To"),
                    "type": "email",
                    "value": buyer_address(quote),
                    "required": True,
                },
                {"name": "message", "label": _("Message"), "type": "textarea", "rows": 5},
            ],
            "lock_no": version.lock_no,
            "action_url": reverse("quote:present", args=[quote_id]),
            "submit": _("Present and send"),
            "back_url": reverse("quote:record", args=[quote_id]),
        },
    )


@page("quote.edit")
def reprice(request: Request, quote_id: int) -> HttpResponseBase:
    """Take today's prices and taxes."""
    if request.method != "POST":
        return _back(request, quote_id)
    try:
        actions.reprice(
            actor=request.actor, now=request.now, quote_id=quote_id, lock_no=lock_no_of(request)
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Take today’s prices"))
    return _back(request, quote_id, _("Priced with today’s prices."))


@page("quote.edit")
def new_version(request: Request, quote_id: int) -> HttpResponseBase:
    """Begin the next version."""
    if request.method == "POST":
        _once(
            request,
            "quote.new_version",
            lambda: actions.new_version(actor=request.actor, now=request.now, quote_id=quote_id),
        )
    return _back(request, quote_id)


@page("quote.present")
def withdraw(request: Request, quote_id: int) -> HttpResponseBase:
    """Take the offer back."""
    if request.method == "POST":
        _once(
            request,
            "quote.withdraw",
            lambda: actions.withdraw_quote(actor=request.actor, now=request.now, quote_id=quote_id),
        )
    return _back(request, quote_id)


@page("quote.present")
def revoke(request: Request, quote_id: int) -> HttpResponseBase:
    """Stop every link given out."""
    if request.method == "POST":
        actions.revoke_quote_links(actor=request.actor, now=request.now, quote_id=quote_id)
        return _back(request, quote_id, _("No link to this quote works any more."))
    return _back(request, quote_id)


@page("quote.present")
def link_dialog(request: Request, quote_id: int) -> HttpResponseBase:
    """Give out another link: by mail, or shown once to be passed on by hand."""
    quote = queries.get_quote(request.actor, quote_id)
    if request.method != "POST":
        return dialog_or_page(
            request,
            {
                "title": _("Send the link again"),
                "fields": [
                    {
                        "name": "to",
                        "label": _("To"),
                        "type": "email",
                        "value": buyer_address(quote),
                    },
                    {"name": "message", "label": _("Message"), "type": "textarea", "rows": 3},
                    {
                        "name": "revoke",
                        "label": _("Earlier links stop working"),
                        "type": "checkbox",
                    },
                ],
                "action_url": reverse("quote:link_dialog", args=[quote_id]),
                "submit": _("Send the link"),
                "other": {"name": "show", "label": _("Show the link instead")},
                "back_url": reverse("quote:record", args=[quote_id]),
            },
        )
    to = "" if "show" in request.POST else parts.posted_text(request, "to")
    presented = actions.send_link(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        to=to,
        message=parts.posted_text(request, "message"),
        mail=bool(to),
        revoke_earlier="revoke" in request.POST,
    )
    if presented.mailed_to:
        return _back(request, quote_id, _("The link is on its way to %(to)s.") % {"to": to})
    # Shown once and kept nowhere: only its hash stays.
    shown = {"name": "link", "label": _("Link"), "value": presented.link, "readonly": True}
    back_url = reverse("quote:record", args=[quote_id])
    trail = [(_("Quotes"), reverse("quote:list")), (quote.number, back_url)]
    header = {"title": _("The link to pass on"), "trail": trail}
    context = {"link_field": shown, "back_url": back_url, "header": header}
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "quote/link_dialog.html" if is_fragment else "quote/link_page.html"
    response = render(request, name, context)
    response["Cache-Control"] = "no-store"
    return response


@page("quote.accept_for_buyer")
def accept_dialog(request: Request, quote_id: int) -> HttpResponseBase:
    """Record an acceptance that came another way."""
    quote = queries.get_quote(request.actor, quote_id)
    if request.method != "POST":
        values = {
            "name": quote.person.name if quote.person else "",
            "email": buyer_address(quote),
        }
        return _accept_form(request, quote_id, values, {})
    values = {
        name: parts.posted_text(request, name)
        for name in ("name", "email", "purchase_order", "evidence")
    }
    try:
        _once(
            request,
            "quote.accept_for_buyer",
            lambda: actions.accept_for_buyer(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                signature=Signature(**values),
                chosen=_chosen(request),
            ),
        )
    except Invalid as wrong:
        return _accept_form(request, quote_id, values, wrong.fields, status=422)
    return _back(request, quote_id, _("The acceptance is recorded."))


def _chosen(request: Request) -> list[UUID] | None:
    if "chosen" not in request.POST:
        return None
    keys = [parts.line_key_of(text) for text in request.POST.getlist("chosen")]
    return [key for key in keys if key is not None]


def _accept_form(
    request: Request,
    quote_id: int,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponseBase:
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": _("Who accepted"), "required": True},
        {"name": "email", "label": _("Mail address"), "type": "email", "required": True},
        {"name": "purchase_order", "label": _("Purchase order number")},
        {
            "name": "evidence",
            "label": _("How we know"),
            "required": True,
            "help": _("Such as: purchase order 4711 by mail of 3 March."),
        },
    ]
    for field in fields:
        field |= {"value": values.get(field["name"], ""), "error": errors.get(field["name"], "")}
    context = {
        "title": _("Accept for the customer"),
        "fields": fields,
        "action_url": reverse("quote:accept_dialog", args=[quote_id]),
        "submit": _("Record the acceptance"),
        "back_url": reverse("quote:record", args=[quote_id]),
    }
    return dialog_or_page(request, context, status)


@page("quote.edit")
def decline_dialog(request: Request, quote_id: int) -> HttpResponseBase:
    """Record that the buyer said no."""
    if request.method != "POST":
        return dialog_or_page(
            request,
            {
                "title": _("Customer declined"),
                "fields": [{"name": "reason", "label": _("Reason"), "required": True}],
                "action_url": reverse("quote:decline_dialog", args=[quote_id]),
                "submit": _("Record it"),
                "back_url": reverse("quote:record", args=[quote_id]),
            },
        )
    _once(
        request,
        "quote.decline_for_buyer",
        lambda: actions.decline_for_buyer(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            reason=parts.posted_text(request, "reason"),
        ),
    )
    return _back(request, quote_id)


@page("quote.edit")
def answer(request: Request, quote_id: int) -> HttpResponseBase:
    """Answer the buyer."""
    if request.method == "POST":
        _once(
            request,
            "quote.answer",
            lambda: actions.answer_question(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                body=parts.posted_text(request, "body"),
            ),
        )
    return _back(request, quote_id, _("Your answer is on its way."))
