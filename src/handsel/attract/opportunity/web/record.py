"""One deal: what it is worth, what is next, who decides, where it stood how long."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.errors import OpportunityMissing
from handsel.attract.opportunity.models import Activity, Opportunity
from handsel.attract.opportunity.rules import states
from handsel.attract.opportunity.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.money import Money
from handsel.ground.party.queries import persons_of
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

Action = dict[str, Any]


@page("opportunity.view")
def record(request: Request, opportunity_id: int) -> HttpResponseBase:
    """The deal's page; its main button draws up the quote."""
    deal = queries.get_opportunity(request.actor, opportunity_id)
    may_edit = request.actor.may("opportunity.edit")
    is_open = deal.state == "open"
    steps = list(queries.activities(deal))
    seats = list(queries.committee(deal))
    context = {
        "deal": deal,
        "header": _header(request, deal),
        "thread": thread_of("opportunity", deal.pk, request.actor),
        "facts": _facts(request, deal),
        "stages": _stages(deal),
        "steps": [_step(row, request) for row in steps if row.done_at is None],
        "steps_taken": [_step(row, request) for row in steps if row.done_at is not None],
        "lacks_step": is_open and all(row.done_at is not None for row in steps),
        "committee": [_seat(row) for row in seats],
        "hangs_on_one": is_open and len(seats) < states.FEWEST_CONTACTS,
        "visits": _visits(deal, request),
        "can_edit": may_edit and is_open,
        "step_fields": _step_fields() if may_edit and is_open else [],
        "seat_fields": _seat_fields(deal, request) if may_edit else [],
        "timeline": timeline_of(("opportunity", deal.pk)),
    }
    return render(request, "opportunity/record.html", context)


@page("opportunity.view")
def of_lead(request: Request, lead_id: int) -> HttpResponseBase:
    """On to the deal that a lead became."""
    deal = queries.of_lead(request.actor, lead_id)
    if deal is None:
        raise OpportunityMissing("this lead has not become an opportunity")
    return HttpResponseRedirect(reverse("opportunity:record", args=[deal.pk]))


def _header(request: Request, deal: Opportunity) -> dict[str, Any]:
    return {
        "title": deal.name,
        "state": words.stage_badge(deal.stage.name, deal.state),
        "subtitle": deal.organization.name if deal.organization else "",
        "amount": Money(deal.amount_minor, deal.currency),
        "amount_label": {"won": _("Won for"), "lost": _("Was worth")}.get(
            deal.state, _("Expected")
        ),
        "trail": [(_("Opportunities"), reverse("opportunity:list"))],
        "meta": [
            {"label": _("Closes"), "value": deal.expected_close_on, "format": "day"},
            {"label": _("Probability"), "value": deal.stage.probability_bps, "format": "percent"},
            {"label": _("Owner"), "value": deal.owner.name if deal.owner else _("nobody yet")},
        ],
        "actions": _actions(request, deal),
    }


def _actions(request: Request, deal: Opportunity) -> list[Action]:
    if not request.actor.may("opportunity.edit"):
        return []
    if deal.state != "open":
        reopen = reverse("opportunity:reopen", args=[deal.pk])
        return [{"label": _("Open again"), "url": reopen, "method": "post", "icon": "rotate-ccw"}]
    quote, templates = _forward("quote:new"), _forward("quote:templates")
    offers: list[Action] = [
        {
            "label": _("Draw up a quote"),
            "url": quote,
            "method": "post",
            "fields": {"opportunity": deal.pk},
            "kind": "primary",
            "icon": "file-text",
            "ok": deal.organization_id is not None,
            "why_not": _("a quote needs a customer; choose one under Change"),
        },
        {
            "label": _("Quote from a template"),
            "url": f"{templates}?opportunity={deal.pk}" if templates else "",
            "icon": "copy",
            "ok": deal.organization_id is not None,
            "why_not": _("a quote needs a customer; choose one under Change"),
        },
        _post(deal, "win", _("Won"), "trophy"),
        _dialog(deal, "edit", _("Change facts"), "pencil"),
        {**_dialog(deal, "lose", _("Lost"), "circle-x"), "kind": "danger"},
    ]
    return [offer for offer in offers if offer["url"]]


def _post(deal: Opportunity, verb: str, label: str, icon: str) -> Action:
    url = reverse(f"opportunity:{verb}", args=[deal.pk])
    return {"label": label, "url": url, "method": "post", "icon": icon}


def _dialog(deal: Opportunity, verb: str, label: str, icon: str) -> Action:
    return {**_post(deal, verb, label, icon), "method": "dialog"}


def _forward(name: str, *keys: int) -> str:
    """The address of another room's page, if that page is there."""
    try:
        return reverse(name, args=list(keys))
    except NoReverseMatch:
        return ""


def _facts(request: Request, deal: Opportunity) -> list[dict[str, Any]]:
    organization, person, lead = deal.organization, deal.person, deal.lead
    facts: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": organization.name if organization else "",
            "url": _forward("party:record", organization.pk) if organization else "",
        },
        {"label": _("Contact"), "value": person.name if person else ""},
        {
            "label": _("From lead"),
            "value": lead.number if lead else "",
            "url": _forward("lead:record", lead.pk)
            if lead and request.actor.may("lead.view")
            else "",
        },
        {"label": _("Pipeline"), "value": _(deal.pipeline.name)},
        {"label": _("Opened"), "value": deal.created_at, "format": "day"},
        {"label": _("Closed"), "value": deal.closed_at, "format": "day"},
    ]
    if deal.lost_reason:
        reason = words.LOST_REASONS.get(deal.lost_reason, deal.lost_reason)
        facts.append({"label": _("Lost because"), "value": reason, "hint": deal.lost_to})
    return [fact for fact in facts if fact["value"]]


def _stages(deal: Opportunity) -> list[dict[str, Any]]:
    """The open stages as a track one can click along."""
    return [
        {
            "id": stage.pk,
            "label": _(stage.name),
            "current": stage.pk == deal.stage_id,
            "passed": stage.position < deal.stage.position,
        }
        for stage in queries.stages(deal.pipeline_id)
        if stage.kind == "open"
    ]


def _step(row: Activity, request: Request) -> dict[str, Any]:
    label, icon = words.KINDS[row.kind]
    is_late = row.done_at is None and row.due_at is not None and row.due_at < request.now
    return {
        "id": row.pk,
        "kind": label,
        "icon": icon,
        "subject": row.subject,
        "due_at": row.due_at,
        "done_at": row.done_at,
        "outcome": row.outcome,
        "owner": row.owner.name if row.owner else "",
        "is_late": is_late,
    }


def _seat(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.person.name,
        "role": row.role,
        "role_label": words.ROLES[row.role],
        "sentiment": row.sentiment,
        "badge": words.SENTIMENTS[row.sentiment],
        "note": row.note,
        "fields": [
            {
                **_select("role", _("Part"), list(words.ROLES.items()), row.role),
                "id": f"role-{row.pk}",
            },
            {
                **_select("sentiment", _("Thinks"), _sentiments(), row.sentiment),
                "id": f"sentiment-{row.pk}",
            },
        ],
    }


def _sentiments() -> list[tuple[str, Any]]:
    return [(key, label) for key, (label, _kind) in words.SENTIMENTS.items()]


def _select(name: str, label: str, options: list[Any], value: Any = "") -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "select",
        "required": True,
        "options": options,
        "value": value,
    }


def _step_fields() -> list[dict[str, Any]]:
    kinds = [(key, label) for key, (label, _icon) in words.KINDS.items()]
    return [
        _select("kind", _("What"), kinds, "call"),
        {"name": "subject", "label": _("About"), "required": True},
        {"name": "due_on", "label": _("Until"), "type": "date"},
    ]


def _seat_fields(deal: Opportunity, request: Request) -> list[dict[str, Any]]:
    if deal.organization_id is None:
        return []
    people = persons_of(deal.organization_id, on=request.now.date())
    seated = {row.person_id for row in queries.committee(deal)}
    options = [(person.pk, person.name) for person in people if person.pk not in seated]
    if not options:
        return []
    return [
        _select("person_id", _("Person"), options),
        _select("role", _("Part"), list(words.ROLES.items())),
        _select("sentiment", _("Thinks"), _sentiments(), "unknown"),
    ]


def _visits(deal: Opportunity, request: Request) -> list[dict[str, Any]]:
    return [
        {
            "stage": _(change.to_stage.name),
            "at": change.changed_at,
            "by": change.changed_by.name if change.changed_by else "",
            "cause": words.LOST_REASONS.get(change.cause, change.cause),
            "stayed": words.duration(visit.seconds),
            "lasts": visit.left_at is None and deal.state == "open",
            "is_end": change.to_stage.kind != "open",
        }
        for change, visit in reversed(queries.stage_visits(deal, now=request.now))
    ]
