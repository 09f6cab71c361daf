"""The rules of approval: in words, made and changed by rows of a form, or as data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions
from handsel.bid.quote.models import ApprovalRule
from handsel.bid.quote.queries.approval import get_rule, listed_rules, rule_of
from handsel.bid.quote.queries.approvers import people_of
from handsel.bid.quote.rules.approval.people import People
from handsel.bid.quote.rules.approval.plan import Rule
from handsel.bid.quote.web import approval_words as said
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.approval_rule_form import form_context, read_condition, read_steps
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.names import name_from
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted

MOST_ENDED = 30


@page("quote.approval_rules")
def rule_list(request: Request) -> HttpResponseBase:
    """All rules in force, in words; below what held before."""
    rows = listed_rules(request.actor)
    people: dict[int, People] = {}
    for row in rows:
        if row.seller_id not in people:
            people[row.seller_id] = people_of(row.seller_id, now=request.now)
    told = [_told(row, people[row.seller_id], is_one=len(people) == 1) for row in rows]
    told.sort(key=lambda one: (one["of_seller"], str(one["name"]).casefold()))
    header = {
        "title": _("Approval rules"),
        "trail": [(_("Quotes"), reverse("quote:list"))],
        "actions": [
            {
                "label": _("New rule"),
                "url": reverse("quote:approval_rule_new"),
                "kind": "primary",
                "icon": "plus",
            },
            {
                "label": _("Absence and deputies"),
                "url": reverse("quote:approval_people"),
                "icon": "calendar-clock",
            },
        ],
    }
    context = {
        "header": header,
        "rules": [one for one in told if one["ended_at"] is None],
        "ended": [one for one in told if one["ended_at"] is not None][:MOST_ENDED],
        "empty": {
            "title": _("Every quote goes out unasked"),
            "text": _("Make a rule for discounts, values or terms somebody should approve."),
            "icon": "scale",
        },
    }
    return render(request, "quote/approval_rules.html", context)


def _told(row: ApprovalRule, people: People, *, is_one: bool) -> dict[str, Any]:
    rule: Rule = rule_of(row)
    return {
        "name": shown_name(row.called),
        "condition": said.words().condition(rule.condition),
        "steps": [
            {
                "whom": _whom(rule, place, people),
                "hours": said.told_hours(Decimal(step.hours)) if step.hours else "",
                "signed_in": step.signed_in,
                "otherwise": said.told_spec(step.otherwise, people) if step.otherwise else "",
            }
            for place, step in enumerate(rule.steps)
        ],
        "version_no": row.version_no,
        "made_at": row.made_at,
        "made_by": row.made_by.name if row.made_by else "",
        "ended_at": row.ended_at,
        "of_seller": "" if is_one else row.seller.name,
        "edit_url": reverse("quote:approval_rule", args=[row.pk]),
        "end_url": reverse("quote:approval_rule_end", args=[row.pk]),
    }


def _whom(rule: Rule, place: int, people: People) -> str:
    step = rule.steps[place]
    named = ", ".join(said.told_spec(spec, people) for spec in step.approvers)
    if step.quorum:
        return _("%(quorum)s of: %(whom)s") % {"quorum": step.quorum, "whom": named}
    return named


@page("quote.approval_rules")
def rule_new(request: Request) -> HttpResponseBase:
    """Make a rule."""
    return _form(request, None)


@page("quote.approval_rules")
def rule_record(request: Request, rule_id: int) -> HttpResponseBase:
    """Change a rule: a new version of it."""
    return _form(request, get_rule(request.actor, rule_id))


@page("quote.approval_rules")
def rule_end(request: Request, rule_id: int) -> HttpResponseBase:
    """Let a rule ask nobody any more."""
    rule = get_rule(request.actor, rule_id)
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            actions.end_rule(actor=request.actor, now=request.now, key=rule.key)
            return {}

        once_posted(
            request, actor=request.actor, now=request.now, route="quote.end_rule", effect=effect
        )
        messages.success(request, _("The rule has ended."))
    return go_to(request, reverse("quote:approval_rules"))


def _form(request: Request, rule: ApprovalRule | None) -> HttpResponseBase:
    refused: HandselError | None = None
    if request.method == "POST":
        try:
            _save(request, rule.key if rule else None)
        except Invalid as wrong:
            refused = wrong
        else:
            messages.success(request, _("The rule holds for what is asked from now on."))
            return go_to(request, reverse("quote:approval_rules"))
    values: Mapping[str, Any] = request.POST if request.method == "POST" else {}
    people = people_of(next(iter(sorted(request.actor.seller_ids)), 0), now=request.now)
    context = form_context(request.actor, rule, values, people) | {
        "header": {
            "title": shown_name(rule.called) if rule else _("New rule"),
            "trail": [(_("Approval rules"), reverse("quote:approval_rules"))],
        },
        "notice": {"text": refused.message, "kind": "bad"} if refused else None,
        "action_url": request.path,
        "back_url": reverse("quote:approval_rules"),
    }
    status = refused.http_status if refused else 200
    return render(request, "quote/approval_rule_form.html", context, status=status)


def _typed(request: Request) -> dict[str, str]:
    return {name: parts.posted_text(request, name) for name in request.POST}


def _save(request: Request, key: UUID | None) -> None:
    seller_id = parts.whole_number(parts.posted_text(request, "seller_id"))
    sellers = sorted(request.actor.seller_ids)
    condition, steps = read_condition(request.POST), read_steps(request.POST)

    def effect() -> dict[str, Any]:
        rule = actions.set_rule(
            actor=request.actor,
            now=request.now,
            seller_id=seller_id or (sellers[0] if sellers else 0),
            name=name_from("name", _typed(request)),
            condition=condition,
            steps=steps,
            key=key,
        )
        return {"id": rule.pk}

    once_posted(
        request, actor=request.actor, now=request.now, route="quote.set_rule", effect=effect
    )
