"""Who answers for whom: absences and delegations, and who reports to whom."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions
from handsel.bid.quote.queries.approvers import absences, superiors, who_may_approve
from handsel.bid.quote.web import parts
from handsel.ground.identity import queries as identity
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.clock import zone
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.platform.posted import go_to, once_posted

RULES = "quote.approval_rules"


@page("home.view")
def people(request: Request) -> HttpResponseBase:
    """Absences that are not over, one's own to arrange; everybody's for who keeps the rules."""
    refused: HandselError | None = None
    if request.method == "POST":
        try:
            _arrange(request)
        except Invalid as wrong:
            refused = wrong
        else:
            messages.success(request, _("Arranged."))
            return go_to(request, reverse("quote:approval_people"))
    may_all = request.actor.may(RULES)
    users = [(str(one.pk), one.name) for one in identity.active_users()]
    able = [row for row in users if int(row[0]) in who_may_approve()]
    context = {
        "header": {
            "title": _("Absence and deputies"),
            "trail": [(_("Quotes"), reverse("quote:list"))]
            if request.actor.may("quote.view")
            else [],
        },
        "notice": {"text": refused.message, "kind": "bad"} if refused else None,
        "away": [_away(request, one, may_all) for one in absences(now=request.now)],
        "fields": _fields(request, users, able, may_all),
        "action_url": reverse("quote:approval_people"),
        "superiors": superiors() if may_all else [],
        "superior_url": reverse("quote:approval_superior"),
        "superior_fields": [
            _select("user_id", _("Who"), users),
            _select("superior_id", _("reports to"), [("", _("nobody")), *users]),
        ]
        if may_all
        else [],
    }
    status = refused.http_status if refused else 200
    return render(request, "quote/approval_people.html", context, status=status)


def _away(request: Request, one: Any, may_all: bool) -> dict[str, Any]:
    may = may_all or one.user_id == request.actor.user_id
    return {
        "name": one.user.name,
        "away_from": one.away_from,
        "away_until": one.away_until,
        "days": _days(request, one),
        "delegate": one.delegate.name if one.delegate else "",
        "end_url": reverse("quote:approval_absence_end", args=[one.pk]) if may else "",
    }


def _days(request: Request, one: Any) -> tuple[Any, Any] | None:
    """The first and the last day of what begins and ends at a reader's midnight."""
    own = zone(identity.get_user(request.actor.user_id or 0).time_zone)
    begin, end = one.away_from.astimezone(own), one.away_until.astimezone(own)
    if begin.time() != time.min or end.time() != time.min:
        return None
    return begin.date(), end.date() - timedelta(days=1)


def _fields(
    request: Request, users: list[tuple[str, str]], able: list[tuple[str, str]], may_all: bool
) -> list[dict[str, Any]]:
    own = [row for row in users if may_all or row[0] == str(request.actor.user_id)]
    fields = [
        _select("away_user", _("Who"), own) | {"value": str(request.actor.user_id)},
        {"name": "from_on", "label": _("First day"), "type": "date", "required": True},
        {"name": "last_on", "label": _("Last day"), "type": "date", "required": True},
        _select("delegate_id", _("Answers instead"), [("", _("the next in line")), *able]),
        {
            "name": "is_there",
            "label": _("I answer as well"),
            "type": "checkbox",
            "help": _("Delegated, but not absent."),
        },
    ]
    for field in fields:
        if field["name"] in request.POST:
            field["value"] = request.POST[field["name"]]
    return fields


def _select(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "name": name,
        "id": f"people-{name}",
        "label": label,
        "type": "select",
        "options": options,
        "required": not any(key == "" for key, _label in options),
    }


def _arrange(request: Request) -> None:
    time_zone = zone(identity.get_user(request.actor.user_id or 0).time_zone)

    def midnight(field: str, days: int = 0) -> datetime:
        day = parse_date(parts.posted_text(request, field)) + timedelta(days=days)
        return datetime.combine(day, time.min, tzinfo=time_zone)

    def effect() -> dict[str, Any]:
        actions.set_absence(
            actor=request.actor,
            now=request.now,
            user_id=parts.whole_number(parts.posted_text(request, "away_user")) or 0,
            away_from=midnight("from_on"),
            away_until=midnight("last_on", 1),
            delegate_id=parts.whole_number(parts.posted_text(request, "delegate_id")),
            is_absent="is_there" not in request.POST,
        )
        return {}

    once_posted(
        request, actor=request.actor, now=request.now, route="quote.set_absence", effect=effect
    )


@page("home.view")
def absence_end(request: Request, absence_id: int) -> HttpResponseBase:
    """Let an absence end now."""
    if request.method == "POST":
        actions.end_absence(actor=request.actor, now=request.now, absence_id=absence_id)
        messages.success(request, _("The absence has ended."))
    return go_to(request, reverse("quote:approval_people"))


@page("quote.approval_rules")
def superior(request: Request) -> HttpResponseBase:
    """Say who reports to whom."""
    if request.method == "POST":
        actions.name_superior(
            actor=request.actor,
            now=request.now,
            user_id=parts.whole_number(parts.posted_text(request, "user_id")) or 0,
            superior_id=parts.whole_number(parts.posted_text(request, "superior_id")),
        )
        messages.success(request, _("Arranged."))
    return go_to(request, reverse("quote:approval_people"))
