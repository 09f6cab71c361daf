"""What the page of a quote shows of approvals: who would be asked, who was, what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote.models import ApprovalAsk, ApprovalRequest, QuoteVersion
from handsel.bid.quote.queries.approval import Picture, picture_of, rules_in_force
from handsel.bid.quote.queries.approval_asks import (
    asks_of,
    circumstance_of,
    decisions_of,
    is_outdated,
    planned_ask,
    requests_of,
)
from handsel.bid.quote.queries.approvers import people_of
from handsel.bid.quote.queries.costs import SEES_COSTS
from handsel.bid.quote.rules.approval.people import People
from handsel.bid.quote.rules.approval.plan import PlannedAsk, name_of_rule
from handsel.bid.quote.web import approval_words as said
from handsel.ground.identity.access import Request
from handsel.ground.kernel.money import Money
from handsel.ground.platform.naming import shown_name

MOST_HISTORY = 10
MOST_AT_ONCE = 300


@dataclass(frozen=True)
class Standing:
    """Where a quote stands with approvals; `picture` only while its newest version is a draft."""

    request: Request
    version: QuoteVersion
    picture: Picture | None
    requests: list[ApprovalRequest]

    @cached_property
    def waiting(self) -> ApprovalRequest | None:
        """The request that waits for answers."""
        return next((one for one in self.requests if one.state == "open"), None)

    @property
    def must_ask(self) -> bool:
        """Whether somebody must be asked before the draft can go out."""
        return self.picture is not None and not self.picture.plan.needs_nobody

    @property
    def is_waiting(self) -> bool:
        """Whether the answers to the draft as it is are awaited."""
        return self.must_ask and self.waiting is not None and not is_outdated(self.waiting)


def standing(request: Request, version: QuoteVersion) -> Standing | None:
    """Where a quote stands; None where nobody ever has to be asked. The version has its quote."""
    rules = rules_in_force(version.quote.seller_id)
    requests = requests_of(version.quote_id)
    if not rules and not requests:
        return None
    picture = None
    if version.state == "draft" and rules:
        picture = picture_of(
            version, now=request.now, requester_id=request.actor.user_id, rules=rules
        )
    return Standing(request, version, picture, requests)


def shown_panel(at: Standing, n_lines: int) -> dict[str, Any]:
    """The panel, or for a long draft the address it is fetched from once the page stands:
    looking for the nearest change takes a second for thousands of lines."""
    if n_lines <= MOST_AT_ONCE or not at.must_ask:
        return panel(at)
    return {
        "later_url": reverse("quote:approval_panel", args=[at.version.quote_id]),
        "state": _state(at),
    }


def panel(at: Standing) -> dict[str, Any]:
    """The panel: its state, the preview, the nearest changes, what was asked and answered."""
    return {
        "state": _state(at),
        "preview": preview(at.picture, sees_costs=at.request.actor.may(SEES_COSTS))
        if at.picture and at.must_ask
        else None,
        "is_waiting": at.is_waiting,
        "is_outdated": bool(at.must_ask and at.waiting and not at.is_waiting),
        "kept": _kept(at.picture),
        "history": _history(at),
        "ask_url": reverse("quote:approval_ask", args=[at.version.quote_id])
        if at.must_ask and not at.is_waiting and at.request.actor.may("quote.edit")
        else "",
        "recall_url": reverse("quote:approval_recall", args=[at.version.quote_id])
        if at.waiting and _may_recall(at)
        else "",
    }


def _may_recall(at: Standing) -> bool:
    waiting, user_id = at.waiting, at.request.actor.user_id
    return waiting is not None and user_id in (
        waiting.requested_by_id,
        at.version.quote.owner_id,
    )


def _state(at: Standing) -> tuple[Any, str]:
    if at.is_waiting:
        return said.REQUEST_STATES["open"]
    if at.must_ask:
        newest = at.requests[0] if at.requests else None
        if newest and newest.state == "rejected" and newest.version_id == at.version.pk:
            return said.REQUEST_STATES["rejected"]
        return _("Needs approval"), "warn"
    if at.picture is not None:
        kept = at.picture.plan.kept
        return said.REQUEST_STATES["approved"] if kept else (_("Needs nobody"), "good")
    if not at.requests:
        return _("Nobody had to be asked"), "good"
    return said.REQUEST_STATES[at.requests[0].state]


def preview(picture: Picture, *, sees_costs: bool) -> dict[str, Any]:
    """Who will be asked, why, how long it usually takes, and what would need nobody."""
    plan, people = picture.plan, picture.people
    return {
        "asks": [_planned(ask, picture, sees_costs) for ask in plan.asks],
        "usual": said.told_hours(plan.usual_hours(people)),
        "nearest": [
            {
                "text": said.told_change(change, picture.facts),
                "gain": Money(change.gain_minor, picture.facts.currency),
            }
            for change in picture.nearest_for(sees_costs=sees_costs)
        ],
        "is_untold": picture.asks_of_costs and not sees_costs,
    }


def _planned(ask: PlannedAsk, picture: Picture, sees_costs: bool) -> dict[str, Any]:
    return {
        "stage": ask.stage,
        "whom": said.told_whom(ask, picture.people),
        "people": said.told_people(ask, picture.people),
        "usual": said.told_hours(ask.usual_hours(picture.people)),
        "hours": ask.step.hours,
        "is_answerable": ask.is_answerable,
        "reasons": said.told_reasons(ask.reasons, picture.facts.currency, sees_costs=sees_costs),
    }


def _kept(picture: Picture | None) -> list[str]:
    return (
        list(dict.fromkeys(shown_name(r.rule_name) for r in picture.plan.kept)) if picture else []
    )


def _history(at: Standing) -> list[dict[str, Any]]:
    shown = at.requests[:MOST_HISTORY]
    if not shown:
        return []
    people = (
        at.picture.people
        if at.picture
        else people_of(at.version.quote.seller_id, now=at.request.now)
    )
    asks = asks_of([one.pk for one in shown])
    answers = decisions_of([ask.pk for ask in asks])
    return [
        {
            "state": said.REQUEST_STATES[one.state],
            "version_no": one.version.version_no,
            "by": one.requested_by.name if one.requested_by else "",
            "at": one.requested_at,
            "comment": one.comment,
            "asks": [
                {
                    "state": said.ASK_STATES[ask.state],
                    **_asked(ask, people, at.request.now),
                    "rules": ", ".join(shown_name(name_of_rule(one)) for one in ask.reasons),
                    "opened_at": ask.opened_at,
                    "due_at": ask.due_at if ask.state == "open" else None,
                    "late": _late(ask),
                    "url": reverse("quote:approval", args=[ask.pk])
                    if at.request.actor.may("quote.approve")
                    else "",
                    "answers": [_answer(a) for a in answers if a.ask_id == ask.pk],
                }
                for ask in asks
                if ask.request_id == one.pk
            ],
        }
        for one in shown
    ]


def _late(ask: ApprovalAsk) -> str:
    """What came of a question whose time ran out; nothing while it has not."""
    if not ask.level:
        return ""
    if ask.also_asked:
        return _("somebody else is asked as well")
    return _("the time is over, and nobody else can be asked") if ask.state == "open" else ""


def _asked(ask: ApprovalAsk, people: People, now: datetime) -> dict[str, str]:
    """Whom a rule names, and while the question waits who that is."""
    found = planned_ask(ask, people, circumstance_of(ask.request, now))
    whom = said.told_whom(found, people)
    names = said.told_people(found, people) if ask.state == "open" else ""
    return {"whom": whom, "people": "" if names == whom else names}


def _answer(one: Any) -> dict[str, Any]:
    return {
        "verdict": said.VERDICTS[one.verdict],
        "by": one.user.name,
        "for": one.on_behalf_of.name if one.on_behalf_of else "",
        "at": one.decided_at,
        "comment": one.comment,
        "how": said.told_how(one.channel, one.is_signed_in),
    }


def waiting_state(at: Standing | None) -> tuple[Any, str] | None:
    """What the head of the page says of a draft that waits for approval."""
    return said.REQUEST_STATES["open"] if at is not None and at.is_waiting else None


def asking_actions(at: Standing | None, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The actions of a draft: while somebody must be asked, asking comes before presenting."""
    if at is None or not at.must_ask:
        return actions
    why_not = _("somebody must approve it first")
    if at.is_waiting:
        why_not = _("approval is being waited for")
    presenting = (
        reverse("quote:present", args=[at.version.quote_id]),
        reverse("quote:present_dialog", args=[at.version.quote_id]),
    )
    held = [
        {**action, "ok": False, "why_not": why_not, "kind": "secondary"}
        if action["url"] in presenting
        else action
        for action in actions
    ]
    may = at.request.actor.may("quote.edit")
    asking = {
        "label": _("Ask for approval"),
        "url": reverse("quote:approval_ask", args=[at.version.quote_id]),
        "icon": "send",
        "method": "dialog",
        "kind": "primary",
        "ok": may,
        "why_not": "" if may else _("Your role may not do this"),
    }
    return held if at.is_waiting else [asking, *held]
