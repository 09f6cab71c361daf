"""What is done to one deal from its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Opportunity
from handsel.attract.opportunity.web import fields, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.platform.posted import go_to, once_posted


def _do(
    request: Request, opportunity_id: int, verb: str, said: str, act: Callable[[], object]
) -> HttpResponseBase:
    """Run a command once for its key, say what happened, and show the deal."""

    def effect() -> dict[str, Any]:
        act()
        return {}

    route = f"opportunity:{verb}:{opportunity_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, said)
    return go_to(request, reverse("opportunity:record", args=[opportunity_id]))


def _ask(
    request: Request, deal: Opportunity, verb: str, question: dict[str, Any]
) -> HttpResponseBase:
    """A question as a dialog for a script, as a page without one."""
    back = reverse("opportunity:record", args=[deal.pk])
    context = {
        **question,
        "url": reverse(f"opportunity:{verb}", args=[deal.pk]),
        "back_url": back,
        "header": {"title": question["title"], "trail": [(deal.name, back)]},
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"opportunity/ask_{'dialog' if is_part else 'page'}.html", context)


@require_POST
@page("opportunity.edit")
def move(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Move the deal to another stage."""
    stage = request.POST.get("stage", "")

    def act() -> object:
        return actions.move(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            stage_id=fields.key(stage),
        )

    return _do(request, opportunity_id, "move", _("Moved"), act)


@require_POST
@page("opportunity.edit")
def win(request: Request, opportunity_id: int) -> HttpResponseBase:
    """The customer said yes."""

    def act() -> object:
        return actions.win(actor=request.actor, now=request.now, opportunity_id=opportunity_id)

    return _do(request, opportunity_id, "win", _("Won. Congratulations!"), act)


@page("opportunity.edit")
def lose(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Ask for the reason, then note the loss."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    if request.method != "POST":
        return _ask(request, deal, "lose", _loss())

    def act() -> object:
        return actions.lose(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            reason=request.POST.get("reason", ""),
            lost_to=request.POST.get("lost_to", ""),
        )

    return _do(request, opportunity_id, "lose", _("Noted as lost"), act)


def _loss() -> dict[str, Any]:
    return {
        "title": _("Why is it lost?"),
        "button": _("Note as lost"),
        "fields": [
            {
                "name": "reason",
                "label": _("Reason"),
                "type": "select",
                "required": True,
                "options": [("", _("Choose")), *words.LOST_REASONS.items()],
            },
            {
                "name": "lost_to",
                "label": _("To whom"),
                "help": _("The competitor, if there was one"),
            },
        ],
    }


@require_POST
@page("opportunity.edit")
def reopen(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Open the deal again, in the stage it was closed from."""

    def act() -> object:
        return actions.reopen(actor=request.actor, now=request.now, opportunity_id=opportunity_id)

    return _do(request, opportunity_id, "reopen", _("The deal is open again"), act)


@page("opportunity.edit")
def edit(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Ask for what changes, then change it."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    if request.method != "POST":
        question = {
            "title": _("Change the opportunity"),
            "button": _("Keep"),
            "fields": fields.of_deal(request, deal),
        }
        return _ask(request, deal, "edit", question)

    def act() -> object:
        return actions.revise(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            facts=fields.facts(request, deal),
        )

    return _do(request, opportunity_id, "edit", _("Changed"), act)


@require_POST
@page("opportunity.edit")
def plan(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Plan the next step."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    values = request.POST

    def act() -> object:
        return actions.plan_activity(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            kind=values.get("kind", ""),
            subject=values.get("subject", ""),
            due_at=_end_of_work(deal, values.get("due_on", "")),
        )

    return _do(request, opportunity_id, "plan", _("Planned"), act)


def _end_of_work(deal: Opportunity, text: str) -> datetime | None:
    """A step is due by the evening of its day, in the seller's zone."""
    if not text:
        return None
    zone = ZoneInfo(deal.seller.time_zone)
    return datetime.combine(parse_date(text), time(18), tzinfo=zone)


@require_POST
@page("opportunity.edit")
def complete(request: Request, opportunity_id: int, activity_id: int) -> HttpResponseBase:
    """Note that a step was taken, and plan the one after it where one is named."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    values = request.POST
    following = values.get("next_subject", "").strip()

    def act() -> object:
        done = actions.complete_activity(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            activity_id=activity_id,
            outcome=values.get("outcome", ""),
        )
        if following and deal.state == "open":
            actions.plan_activity(
                actor=request.actor,
                now=request.now,
                opportunity_id=opportunity_id,
                kind=values.get("next_kind", done.kind),
                subject=following,
                due_at=_end_of_work(deal, values.get("next_due_on", "")),
            )
        return done

    return _do(request, opportunity_id, f"complete:{activity_id}", _("Done"), act)


@require_POST
@page("opportunity.edit")
def seat(request: Request, opportunity_id: int) -> HttpResponseBase:
    """Note a person's part in the decision."""
    values = request.POST

    def act() -> object:
        return actions.seat_member(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            person_id=fields.key(values.get("person_id", "")),
            role=values.get("role", ""),
            sentiment=values.get("sentiment", ""),
        )

    return _do(request, opportunity_id, "seat", _("Noted"), act)


@require_POST
@page("opportunity.edit")
def change_seat(request: Request, opportunity_id: int, member_id: int) -> HttpResponseBase:
    """Change a person's part or what he thinks, or take him out."""
    values = request.POST

    def act() -> object:
        if values.get("remove"):
            return actions.remove_member(
                actor=request.actor,
                now=request.now,
                opportunity_id=opportunity_id,
                member_id=member_id,
            )
        return actions.change_member(
            actor=request.actor,
            now=request.now,
            opportunity_id=opportunity_id,
            member_id=member_id,
            role=values.get("role", ""),
            sentiment=values.get("sentiment", ""),
        )

    return _do(request, opportunity_id, f"seat:{member_id}", _("Noted"), act)
