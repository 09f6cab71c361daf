"""What is done to one lead from its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import LeadInvalid
from handsel.attract.lead.models import Lead
from handsel.attract.lead.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.posted import go_to, once_posted


def _do(
    request: Request, lead_id: int, verb: str, said: str, act: Callable[[], object]
) -> HttpResponseBase:
    """Run a command once for its key, say what happened, and show the lead."""

    def effect() -> dict[str, Any]:
        act()
        return {}

    route = f"lead:{verb}:{lead_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, said)
    return go_to(request, reverse("lead:record", args=[lead_id]))


@require_POST
@page("lead.edit")
def reply(request: Request, lead_id: int) -> HttpResponseBase:
    """Send a mail to the lead."""

    def act() -> object:
        return actions.reply(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            subject=request.POST.get("subject", ""),
            body=request.POST.get("body", ""),
        )

    return _do(request, lead_id, "reply", _("The mail is on its way"), act)


@require_POST
@page("lead.edit")
def log_contact(request: Request, lead_id: int) -> HttpResponseBase:
    """Write down a call, visit or chat."""
    lead = queries.get_lead(request.actor, lead_id)
    values = request.POST
    direction, _sep, reached = values.get("how", "out:reached").partition(":")

    def act() -> object:
        return actions.log_interaction(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            direction=direction,
            channel=values.get("channel", "call"),
            reached=reached != "missed",
            body=values.get("body", ""),
            occurred_at=local_instant(lead, values.get("occurred_at", ""), request.now),
        )

    return _do(request, lead_id, "contact", _("Written down"), act)


def local_instant(lead: Lead, text: str, now: datetime) -> datetime:
    """A time as a browser's field gives it, in the seller's zone; empty is now."""
    if not text:
        return now
    try:
        local = datetime.strptime(text[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # the zone follows
    except ValueError as wrong:
        raise LeadInvalid("not a time", fields={"occurred_at": "a date and a time"}) from wrong
    return local.replace(tzinfo=ZoneInfo(lead.seller.time_zone))


@require_POST
@page("lead.edit")
def qualify(request: Request, lead_id: int) -> HttpResponseBase:
    """Grade one question, with evidence."""
    values = request.POST
    grade = values.get("grade", "")

    def act() -> object:
        return actions.qualify(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            dimension=values.get("dimension", ""),
            grade=int(grade) if grade in {"0", "1", "2", "3"} else -1,
            evidence=values.get("evidence", ""),
        )

    return _do(request, lead_id, "qualify", _("Finding kept"), act)


@page("lead.edit")
def disqualify(request: Request, lead_id: int) -> HttpResponseBase:
    """Ask for the reason, then give the lead up."""
    if request.method != "POST":
        return _ask(request, lead_id, "disqualify", _reasons())

    def act() -> object:
        return actions.disqualify(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
        )

    return _do(request, lead_id, "disqualify", _("The lead is given up"), act)


def _reasons() -> dict[str, Any]:
    return {
        "title": _("Disqualify"),
        "button": _("Disqualify"),
        "fields": [
            {
                "name": "reason",
                "label": _("Reason"),
                "type": "select",
                "required": True,
                "options": [("", _("Choose")), *words.REASONS.items()],
                "help": _("Spam, tests and duplicates are left out of response figures."),
            },
            {"name": "note", "label": _("Note")},
        ],
    }


@page("lead.edit")
def assign(request: Request, lead_id: int) -> HttpResponseBase:
    """Ask who cares for the lead, then give it to him."""
    if request.method != "POST":
        lead = queries.get_lead(request.actor, lead_id)
        return _ask(request, lead_id, "assign", _owners(request, lead))
    chosen = request.POST.get("owner_id", "")

    def act() -> object:
        return actions.assign(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            owner_id=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None,
        )

    return _do(request, lead_id, "assign", _("Owner changed"), act)


def _owners(request: Request, lead: Lead) -> dict[str, Any]:
    return {
        "title": _("Who cares for this lead?"),
        "button": _("Assign"),
        "fields": [
            {
                "name": "owner_id",
                "label": _("Owner"),
                "type": "select",
                "value": lead.owner_id or "",
                "options": [("", _("Nobody")), *queries.owners(request.actor)],
            }
        ],
    }


def _ask(request: Request, lead_id: int, verb: str, question: dict[str, Any]) -> HttpResponseBase:
    """A question as a dialog for a script, as a page without one."""
    lead = queries.get_lead(request.actor, lead_id)
    context = {
        **question,
        "lead": lead,
        "url": reverse(f"lead:{verb}", args=[lead_id]),
        "back_url": reverse("lead:record", args=[lead_id]),
        "header": {
            "title": question["title"],
            "trail": [(lead.number, reverse("lead:record", args=[lead_id]))],
        },
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"lead/ask_{'dialog' if is_part else 'page'}.html", context)


@require_POST
@page("lead.edit")
def reopen(request: Request, lead_id: int) -> HttpResponseBase:
    """Pursue the lead again."""

    def act() -> object:
        return actions.reopen_lead(actor=request.actor, now=request.now, lead_id=lead_id)

    return _do(request, lead_id, "reopen", _("The lead is open again"), act)


@require_POST
@page("lead.edit")
def decide(request: Request, lead_id: int, recognition_id: int) -> HttpResponseBase:
    """Say who the lead is, or is not."""
    state = request.POST.get("state", "")

    def act() -> object:
        return actions.decide_recognition(
            actor=request.actor,
            now=request.now,
            lead_id=lead_id,
            recognition_id=recognition_id,
            state=state,
        )

    said = {
        "same": _("Noted: it is the same"),
        "distinct": _("Noted: it is somebody else"),
    }
    return _do(request, lead_id, "decide", said.get(state, _("Decision taken back")), act)
