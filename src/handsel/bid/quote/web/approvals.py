"""Approvals for our own people: asking, taking back, the inbox, answering."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price.rules.waterfall import Stage
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.approval_letters import stage_name
from handsel.bid.quote.actions.price_words import row_note
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import ApprovalAsk
from handsel.bid.quote.queries.approval_asks import (
    Waiting,
    circumstance_of,
    decisions_of,
    free_seats,
    get_ask,
    inbox,
    is_outdated,
    planned_ask,
)
from handsel.bid.quote.queries.approvers import people_of
from handsel.bid.quote.queries.costs import SEES_COSTS, user_sees_costs
from handsel.bid.quote.web import approval_words as said
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.approval_panel import panel, preview, standing
from handsel.bid.quote.web.approval_sheet import kept_as
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, NotFound
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform import store
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted


@page("quote.edit")
def ask(request: Request, quote_id: int) -> HttpResponseBase:
    """Ask for approval: first who would be asked and why, with a field for a few words."""
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    if request.method == "POST":
        return _asked(request, quote_id)
    at = standing(request, version)
    if at is None or at.picture is None or not at.must_ask:
        messages.info(request, _("Nobody has to be asked."))
        return go_to(request, reverse("quote:record", args=[quote_id]))
    context = {
        "title": _("Ask for approval"),
        "page_header": {
            "title": _("Ask for approval"),
            "number": version.quote.number,
            "trail": [
                (_("Quotes"), reverse("quote:list")),
                (version.quote.number, reverse("quote:record", args=[quote_id])),
            ],
        },
        "preview": preview(at.picture, sees_costs=request.actor.may(SEES_COSTS)),
        "lock_no": version.lock_no,
        "action_url": reverse("quote:approval_ask", args=[quote_id]),
        "comment": {
            "name": "comment",
            "id": "approval-comment",
            "label": _("What they should know"),
            "type": "textarea",
            "rows": 3,
        },
        "back_url": reverse("quote:record", args=[quote_id]),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "quote/approval_dialog.html" if is_fragment else "quote/approval_form.html"
    return render(request, name, context)


def _asked(request: Request, quote_id: int) -> HttpResponseBase:
    def effect() -> dict[str, Any]:
        actions.request_approval(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            lock_no=lock_no_of(request),
            comment=parts.posted_text(request, "comment"),
        )
        return {}

    try:
        once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route="quote.request_approval",
            effect=effect,
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Ask for approval"))
    messages.success(request, _("They are asked by mail. You hear of the answer."))
    return go_to(request, reverse("quote:record", args=[quote_id]))


@page("quote.edit")
def recall(request: Request, quote_id: int) -> HttpResponseBase:
    """Take the question back."""
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            actions.recall_approval(actor=request.actor, now=request.now, quote_id=quote_id)
            return {}

        once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route="quote.recall_approval",
            effect=effect,
        )
        messages.success(request, _("Nobody is asked any more."))
    return go_to(request, reverse("quote:record", args=[quote_id]))


@page("quote.view")
def panel_part(request: Request, quote_id: int) -> HttpResponseBase:
    """The panel by itself: after lines of the quote changed, or for a draft of many lines."""
    if not request.headers.get("HX-Request"):
        name = "quote:approval_ask" if request.actor.may("quote.edit") else "quote:record"
        return go_to(request, reverse(name, args=[quote_id]))
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    at = standing(request, version)
    context = {"approval": panel(at) if at else None}
    return render(request, "quote/approval_panel.html", context)


@page("quote.approve")
def inbox_list(request: Request) -> HttpResponseBase:
    """What waits for one's answer."""
    waiting = inbox(request.actor, now=request.now)
    people = {one.ask.request.quote.seller_id for one in waiting}
    known = {seller_id: people_of(seller_id, now=request.now) for seller_id in people}
    table = {
        "id": "approvals",
        "caption": _("Approvals"),
        "columns": [
            {"key": "quote", "label": _("Quote"), "format": "link"},
            {"key": "net", "label": _("Net value"), "format": "money", "align": "right"},
            {"key": "why", "label": _("Why")},
            {"key": "by", "label": _("Asked by"), "phone": False},
            {"key": "since", "label": _("Since"), "format": "instant"},
            {"key": "due", "label": _("Answer until"), "format": "instant"},
            {"key": "state", "label": _("State"), "format": "badge"},
        ],
        "rows": [
            _row(request, one, known[one.request.quote.seller_id].name(one.stands_in_for or 0))
            for one in waiting
        ],
        "empty": {
            "title": _("Nothing waits for your approval"),
            "text": _("You get a mail when somebody asks you."),
            "icon": "circle-check",
        },
    }
    header = {
        "title": _("Approvals"),
        "trail": [(_("Quotes"), reverse("quote:list"))],
        "actions": _inbox_actions(request),
    }
    return render(request, "quote/approval_inbox.html", {"header": header, "table": table})


def _inbox_actions(request: Request) -> list[dict[str, Any]]:
    rows = [
        {
            "label": _("Absence and deputies"),
            "url": reverse("quote:approval_people"),
            "icon": "calendar-clock",
        }
    ]
    if request.actor.may("quote.approval_rules"):
        url = reverse("quote:approval_rules")
        rows.append({"label": _("Rules"), "url": url, "icon": "scale"})
    return rows


def _row(request: Request, one: Waiting, stands_in_for: str) -> dict[str, Any]:
    quote, ask = one.request.quote, one.ask
    late = ask.due_at is not None and ask.due_at < request.now
    state = (_("To answer"), "progress")
    if one.is_outdated:
        state = (_("Changed since"), "warn")
    elif stands_in_for:
        state = (_("For %(name)s") % {"name": stands_in_for}, "progress")
    return {
        "id": ask.pk,
        "url": reverse("quote:approval", args=[ask.pk]),
        "cells": [
            (quote.title or quote.number, f"{quote.number} · {quote.organization.name}"),
            Money(one.request.version.net_minor, quote.currency),
            ", ".join(shown_name(reason.rule_name) for reason in one.planned.reasons),
            one.request.requested_by.name if one.request.requested_by else "",
            ask.opened_at,
            ask.due_at,
            state,
        ],
        "state": "late" if late else "",
    }


@page("quote.approve")
def ask_page(request: Request, ask_id: int) -> HttpResponseBase:
    """One question: the offer, its waterfall, why one is asked, yes or no."""
    if request.method != "POST":
        return _ask_page(request, ask_id)

    def effect() -> dict[str, Any]:
        actions.decide(
            actor=request.actor,
            now=request.now,
            ask_id=ask_id,
            verdict=parts.posted_text(request, "verdict"),
            comment=parts.posted_text(request, "comment"),
            content_hash=parts.posted_text(request, "content_hash"),
            identified=actions.Identified(ip_address=request.META.get("REMOTE_ADDR") or None),
        )
        return {}

    try:
        once_posted(
            request, actor=request.actor, now=request.now, route="quote.decide", effect=effect
        )
    except NotFound:
        raise
    except HandselError as refused:
        return _ask_page(request, ask_id, refused)
    messages.success(request, _("Your answer is kept."))
    return go_to(request, reverse("quote:approvals"))


def _ask_page(
    request: Request, ask_id: int, refused: HandselError | None = None
) -> HttpResponseBase:
    found = get_ask(request.actor, ask_id)
    context = sheet_context(request, found, request.actor.user_id, refused) | {
        "action_url": reverse("quote:approval", args=[ask_id]),
        "record_url": reverse("quote:record", args=[found.request.quote_id])
        if request.actor.may("quote.view")
        else "",
        "kept": kept_as(request, found),
    }
    context["header"]["trail"] = [(_("Approvals"), reverse("quote:approvals"))]
    status = refused.http_status if refused else 200
    return render(request, "quote/approval_ask.html", context, status=status)


def sheet_context(
    request: Request,
    found: ApprovalAsk,
    user_id: int | None,
    refused: HandselError | None = None,
) -> dict[str, Any]:
    """What an approver sees, from the kept sheet: the same on the page and behind the link."""
    asked = found.request
    quote = asked.quote
    sheet = json.loads(store.read(asked.content_id))
    people = people_of(quote.seller_id, now=request.now)
    planned = planned_ask(found, people, circumstance_of(asked, request.now))
    answers = decisions_of([found.pk])
    sees_costs = user_sees_costs(user_id)
    can_answer = bool(
        found.state == asked.state == "open"
        and user_id is not None
        and user_id not in {one.user_id for one in answers}
        and free_seats(planned.seats, answers, user_id)
    )
    return {
        "header": {
            "title": quote.title or quote.organization.name,
            "number": quote.number,
            "state": said.ASK_STATES[found.state],
            "amount": Money(sheet["totals"]["net_minor"], quote.currency),
            "amount_label": _("Net"),
            "subtitle": _("%(name)s asks you to approve this quote for %(customer)s")
            % {"name": sheet["requester"], "customer": quote.organization.name},
        },
        "facts": _facts(sheet, found, sees_costs),
        "comment": sheet["comment"],
        "terms": sheet.get("terms", ""),
        "reasons": said.told_reasons(planned.reasons, quote.currency, sees_costs=sees_costs),
        "waterfall": {"rows": _waterfall(sheet)},
        "lines": {"rows": _lines(sheet, "lines"), "caption": _("Lines of the quote")},
        "options": {
            "rows": _lines(sheet, "options"),
            "caption": _("Options the customer can add"),
        },
        "answers": [_told(one) for one in answers],
        "can_answer": can_answer,
        "is_outdated": asked.state == "open" and is_outdated(asked),
        "content_hash": asked.content_hash,
        "comment_field": {
            "name": "comment",
            "id": "decision-comment",
            "label": _("Comment"),
            "help": _(
                "Needed when you reject. Who asked reads it: a condition you agree under belongs "
                "here too."
            ),
            "type": "textarea",
            "rows": 3,
            "value": parts.posted_text(request, "comment"),
            "error": getattr(refused, "fields", {}).get("comment", "") if refused else "",
        },
        "refused": refused.message if refused else "",
    }


def _facts(sheet: dict[str, Any], found: ApprovalAsk, sees_costs: bool) -> list[dict[str, Any]]:
    known = sheet["facts"]
    rows = [
        {"label": _("Customer"), "value": sheet["customer"]},
        {"label": _("Off the list prices"), "value": known["total_discount"], "format": "percent"},
        {
            "label": _("Margin"),
            "value": known["margin"] if sees_costs else None,
            "format": "percent",
        },
        {"label": _("Days to pay"), "value": known["payment_days"], "format": "number"},
        {"label": _("Asked"), "value": found.request.requested_at, "format": "instant"},
        {"label": _("Answer until"), "value": found.due_at, "format": "instant"},
    ]
    return [row for row in rows if row["value"] is not None]


def _waterfall(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    currency = sheet["currency"]
    rows = [
        {
            "label": stage_name(row["stage"]),
            "amount": Money(row["amount_minor"], currency),
            "type": "base" if row["stage"] == Stage.BASE.value else "change",
        }
        for row in sheet["waterfall"]
    ]
    net = Money(sheet["totals"]["net_minor"], currency)
    return [*rows, {"label": _("Net"), "amount": net, "type": "total"}]


def _lines(sheet: dict[str, Any], part: str) -> list[dict[str, Any]]:
    currency = sheet["currency"]
    rows = []
    taken = {one["key"]: one for one in sheet["line_facts"]}
    for line in sheet.get(part, []):
        off = line["list_minor"] - line["net_minor"]
        rows.append(
            {
                "position": line["position"],
                "name": line["name"],
                "detail": _detail(line, taken.get(line["key"], {}), currency),
                "quantity": Quantity(_decimal(line["quantity"]), line["unit"]),
                "unit_price": Rate(_decimal(line["list_price"]), currency),
                "list_amount": Money(line["list_minor"], currency) if off > 0 else None,
                "discount": Money(off, currency) if off else None,
                "amount": Money(line["net_minor"], currency),
            }
        )
    return rows


def _detail(line: dict[str, Any], taken: dict[str, Any], currency: str) -> str:
    """Number, time, price by hand; the list price where the line has another price instead."""
    told = row_note(line.get("charge", "one_time"), line.get("asked", {}), line["sku"])
    listed = int(taken.get("list_value") or 0)
    if listed <= line["list_minor"]:
        return told
    price = parts.money_text(Money(listed, currency))
    return f"{told} · {_('list price')} {price}"


def _decimal(text: str) -> Decimal:
    return parse_decimal(text, max_digits=20, scale=6)


def _told(one: Any) -> dict[str, Any]:
    return {
        "verdict": said.VERDICTS[one.verdict],
        "by": one.user.name,
        "for": one.on_behalf_of.name if one.on_behalf_of else "",
        "at": one.decided_at,
        "how": said.told_how(one.channel, one.is_signed_in),
        "comment": one.comment,
    }
