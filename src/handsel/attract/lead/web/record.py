"""One lead: who asked what, who answered when, whether it is worth an offer, who it may be."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.attract.lead import queries
from handsel.attract.lead.models import Interaction, Lead, Recognition
from handsel.attract.lead.rules import states
from handsel.attract.lead.rules.qualification import Verdict, verdict
from handsel.attract.lead.rules.response import Response
from handsel.attract.lead.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of

Action = dict[str, Any]


@page("lead.view")
def lead_record(request: Request, lead_id: int) -> HttpResponseBase:
    """The lead's page; its main button is what has to be done next."""
    lead = queries.get_lead(request.actor, lead_id)
    clock = queries.response_of(lead, now=request.now)
    found = queries.latest_findings(lead)
    judged = verdict({name: row.grade for name, row in found.items()})
    may_edit = request.actor.may("lead.edit")
    context = {
        "lead": lead,
        "header": _header(request, lead, clock, judged),
        "thread": thread_of("lead", lead.pk, request.actor),
        "facts": _facts(lead, clock),
        "origin": _origin(lead),
        "proposals": [_proposal(row) for row in queries.recognitions(lead)],
        "contacts": [_contact(row) for row in queries.interactions(lead)],
        "questions": _questions(found),
        "verdict": words.VERDICTS[judged.state],
        "why_verdict": _why(judged),
        "can_edit": may_edit and states.is_open(lead.state),
        "can_decide": may_edit and lead.state != "converted",
        "reply_fields": _reply_fields(lead),
        "timeline": timeline_of(("lead", lead.pk)),
    }
    return render(request, "lead/record.html", context)


def _header(request: Request, lead: Lead, clock: Response, judged: Verdict) -> dict[str, Any]:
    title = lead.person_name or lead.company_name or lead.email or lead.number
    return {
        "title": title,
        "number": lead.number if lead.number != title else "",
        "state": words.STATES[lead.state],
        "subtitle": lead.company_name if lead.company_name != title else "",
        "trail": [(_("Leads"), reverse("lead:list"))],
        "meta": [
            {
                "label": _("Response"),
                "value": words.response_badge(clock),
                "format": "badge",
            },
            {"label": _("Asked"), "value": lead.asked_at, "format": "instant"},
            {"label": _("Owner"), "value": lead.owner.name if lead.owner else _("nobody yet")},
        ],
        "actions": _actions(request, lead, clock, judged),
    }


def _actions(request: Request, lead: Lead, clock: Response, judged: Verdict) -> list[Action]:
    if not request.actor.may("lead.edit"):
        return []
    if lead.state == "converted":
        url = _forward("opportunity:of_lead", lead.pk)
        label = _("Open the opportunity")
        return [{"label": label, "url": url, "kind": "primary", "icon": "target"}] if url else []
    if lead.state == "disqualified":
        reopen = reverse("lead:reopen", args=[lead.pk])
        return [
            {
                "label": _("Open again"),
                "url": reopen,
                "method": "post",
                "kind": "primary",
                "icon": "rotate-ccw",
            }
        ]
    return _open_actions(request, lead, clock)


def _open_actions(request: Request, lead: Lead, clock: Response) -> list[Action]:
    """Answer first; once answered, convert."""
    waits = clock.state == "waiting" and bool(lead.email_normalized)
    convert = {
        "label": _("Convert"),
        "url": _forward("opportunity:convert_lead", lead.pk),
        "kind": "secondary" if waits else "primary",
        "icon": "arrow-right",
    }
    answer = {"label": _("Answer"), "url": "#answer", "kind": "primary", "icon": "reply"}
    offers: list[Action] = [answer, convert] if waits else [convert]
    if lead.owner_id != request.actor.user_id and request.actor.user_id is not None:
        offers.append(
            {
                "label": _("Take"),
                "url": reverse("lead:assign", args=[lead.pk]),
                "method": "post",
                "fields": {"owner_id": request.actor.user_id},
                "icon": "user",
            }
        )
    offers.append(
        {
            "label": _("Give to somebody"),
            "url": reverse("lead:assign", args=[lead.pk]),
            "method": "dialog",
            "icon": "user-plus",
        }
    )
    offers.append(
        {
            "label": _("Disqualify"),
            "url": reverse("lead:disqualify", args=[lead.pk]),
            "method": "dialog",
            "kind": "danger",
            "icon": "ban",
        }
    )
    return [offer for offer in offers if offer["url"]]


def _forward(name: str, key: int) -> str:
    """The address of a later room's page, if that room is there."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _facts(lead: Lead, clock: Response) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Mail"), "value": lead.email, "format": "email"},
        {"label": _("Phone"), "value": lead.phone, "format": "phone"},
        {"label": _("Company"), "value": lead.company_name},
        {"label": _("Country"), "value": lead.country},
        {"label": _("Interest"), "value": lead.interest},
        {"label": _("Channel"), "value": words.CHANNELS.get(lead.channel, lead.channel)},
        {"label": _("Learned of"), "value": lead.captured_at, "format": "instant"},
    ]
    lag = int((lead.captured_at - lead.asked_at).total_seconds())
    if lag >= 60:
        facts[-1]["hint"] = _("%(time)s after they asked") % {"time": words.duration(lag)}
    if clock.attempts:
        facts.append({"label": _("Attempts"), "value": clock.attempts, "format": "number"})
    if lead.disqualified_reason:
        reason = words.REASONS.get(lead.disqualified_reason, lead.disqualified_reason)
        fact = {"label": _("Given up"), "value": reason, "hint": lead.disqualified_note}
        facts.append(fact)
    if lead.consented_at:
        facts.append({"label": _("Consent"), "value": lead.consented_at, "format": "instant",
                      "hint": lead.consent_text})  # fmt: skip
    return [fact for fact in facts if fact["value"]]


def _origin(lead: Lead) -> list[dict[str, Any]]:
    touch = queries.first_touch(lead)
    if touch is None:
        return []
    facts = [
        {"label": _("Source"), "value": words.source(touch.source)},
        {"label": _("Medium"), "value": touch.medium},
        {"label": _("Campaign"), "value": touch.campaign},
        {"label": _("Came from"), "value": touch.referrer},
        {"label": _("Landed on"), "value": touch.landing_page},
        {"label": _("Click"), "value": touch.click_id},
        {"label": _("Id there"), "value": lead.external_id, "hint": lead.external_source},
    ]
    return [fact for fact in facts if fact["value"]]


def _proposal(row: Recognition) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": row.state,
        "text": _sentence(row),
        "url": _whose_page(row),
        "is_hint": row.kind == "company_name",
        "decided_by": row.decided_by.name if row.decided_by else "",
        "decided_at": row.decided_at,
    }


def _sentence(row: Recognition) -> str:
    person = row.person.name if row.person else ""
    organization = row.organization.name if row.organization else ""
    other = row.other_lead.number if row.other_lead else ""
    texts = {
        "email": _("%(person)s has the same mail address (%(shared)s)"),
        "phone": _("%(person)s has the same telephone number (%(shared)s)"),
        "affiliation": _("%(organization)s: the person with this address works there"),
        "domain": _("%(organization)s uses the mail domain %(shared)s"),
        "company_name": _("%(organization)s has a similar name (%(shared)s of 100 points)"),
        "earlier_lead": _("Lead %(other)s came from the same address or number"),
    }
    facts = {
        "person": person,
        "organization": organization,
        "other": other,
        "shared": row.reason,
    }
    return texts[row.kind] % facts


def _whose_page(row: Recognition) -> str:
    if row.other_lead_id is not None:
        return reverse("lead:record", args=[row.other_lead_id])
    if row.organization_id is not None:
        return _forward("party:record", row.organization_id)
    return ""


def _contact(row: Interaction) -> dict[str, Any]:
    if row.direction == "in":
        who = _("They wrote") if row.user_id is None else _("They spoke with %(name)s")
    elif not row.is_by_person:
        who = _("Acknowledged by the program")
    else:
        who = _("%(name)s answered") if row.reached else _("%(name)s tried, nobody answered")
    return {
        "who": who % {"name": row.user.name if row.user else _("somebody of us")},
        "kind": "in" if row.direction == "in" else ("out" if row.is_by_person else "auto"),
        "channel": words.CHANNELS.get(row.channel, row.channel),
        "icon": words.CHANNEL_ICONS.get(row.channel, "circle-small"),
        "subject": row.subject,
        "body": row.body,
        "at": row.occurred_at,
        "reached": row.reached,
    }


def _questions(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": label,
            "asks": asks,
            "finding": found.get(name),
            "grade": words.GRADES[found[name].grade] if name in found else None,
            "options": [(grade, text) for grade, (text, _kind) in words.GRADES.items()],
        }
        for name, (label, asks) in words.QUESTIONS.items()
    ]


def _why(judged: Verdict) -> str:
    """The verdict's reasons in one sentence."""

    def named(names: tuple[str, ...]) -> str:
        return ", ".join(str(words.QUESTIONS[name][0]) for name in names)

    if judged.refuted:
        return _("Answered with no: %(names)s.") % {"names": named(judged.refuted)}
    if judged.missing:
        return _("Not asked yet: %(names)s.") % {"names": named(judged.missing)}
    if judged.state == "doubtful":
        return _("More than one answer is doubtful: %(names)s.") % {"names": named(judged.weak)}
    return _("All four questions are answered, %(points)d of 12 points.") % {
        "points": judged.points
    }


def _reply_fields(lead: Lead) -> list[dict[str, Any]]:
    about = lead.interest or _("Your inquiry")
    return [
        {
            "name": "subject",
            "label": _("Subject"),
            "required": True,
            "value": f"{about} · {lead.number}",
        },
        {
            "name": "body",
            "label": pgettext("text", "Answer"),
            "type": "textarea",
            "rows": 5,
            "required": True,
        },
    ]
