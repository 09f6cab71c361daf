"""Mailing a question to whoever can answer it, and to who stands in for them later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from handsel.bid.quote.actions.approval_letters import WhyYou, mail_ask
from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalLink,
    ApprovalRequest,
    ApproverAbsence,
    QuoteVersion,
)
from handsel.bid.quote.queries.approval_asks import (
    circumstance_of,
    decisions_of,
    get_ask,
    planned_ask,
)
from handsel.bid.quote.queries.approvers import people_of
from handsel.bid.quote.rules.approval.people import Circumstance, People, Seat, named
from handsel.bid.quote.rules.approval.plan import PlannedAsk
from handsel.ground.identity.grants import grant_link
from handsel.ground.identity.models import User
from handsel.ground.platform.actor import Actor

APPROVAL_LINK: Final = "approval"
LINK_VERBS: Final = ("view", "decide")
LINK_DAYS: Final = timedelta(days=30)
STAND_IN_JOB: Final = "quote.ask_stand_ins"


def send_asks(
    *,
    actor: Actor,
    now: datetime,
    request: ApprovalRequest,
    ask: ApprovalAsk,
    why: dict[int, WhyYou | None],
) -> None:
    """Mail a question to users, each with a link of his own that decides once, and told why it is
    he who is asked."""
    for user in User.objects.filter(pk__in=list(why)).order_by("pk"):
        grant, token = grant_link(
            actor=actor,
            now=now,
            kind=APPROVAL_LINK,
            seller_id=request.quote.seller_id,
            object_id=ask.pk,
            verbs=LINK_VERBS,
            recipient=user.email,
            expires_at=now + LINK_DAYS,
        )
        ApprovalLink.objects.create(grant=grant, ask=ask, user=user)
        mail_ask(
            actor=actor,
            now=now,
            request=request,
            ask=ask,
            user=user,
            token=token,
            why_you=why[user.pk],
        )


def asked_users(
    planned: PlannedAsk, people: People, asked: Circumstance
) -> dict[int, WhyYou | None]:
    """Everybody who can answer a question, with why it is he where no rule names him."""
    found: dict[int, WhyYou | None] = {}
    for seat in planned.seats:
        for user_id in seat.users:
            if found.get(user_id) is None:
                found[user_id] = _why(planned, seat, people, asked, user_id)
    return found


def _why(
    planned: PlannedAsk, seat: Seat, people: People, asked: Circumstance, user_id: int
) -> WhyYou | None:
    if user_id in seat.whose:
        return WhyYou("stands_in", people.name(seat.whose[user_id]))
    place = int(seat.key.partition(":")[0])
    if user_id in named(planned.step.approvers[place], people, asked):
        return None
    passed = dict.fromkeys(one for one, _reason in seat.passed_over)
    names = ", ".join(filter(None, map(people.name, passed)))
    return WhyYou("next", names) if names else None


@transaction.atomic
def ask_stand_ins(*, actor: Actor, now: datetime, absence_id: int) -> tuple[int, ...]:
    """Mail the questions that wait for somebody who is represented now to who stands in for him.

    Runs as a job when the absence begins and may run again: nobody gets the same question twice.
    Returns the keys of those who were mailed.
    """
    absence = ApproverAbsence.objects.filter(
        pk=absence_id, away_from__lte=now, away_until__gt=now
    ).first()
    if absence is None:
        return ()
    waiting = ApprovalAsk.objects.filter(
        state="open", request__state="open", request__quote__seller_id__in=actor.seller_ids
    )
    mailed: list[int] = []
    for ask_id in waiting.order_by("pk").values_list("pk", flat=True):
        mailed += _mail_stand_ins(actor, now, ask_id, absence.user_id)
    return tuple(mailed)


def _mail_stand_ins(actor: Actor, now: datetime, ask_id: int, away_id: int) -> list[int]:
    known = get_ask(actor, ask_id)
    QuoteVersion.objects.select_for_update().get(pk=known.request.version_id)
    ask = get_ask(actor, ask_id)
    if ask.state != "open" or ask.request.state != "open":
        return []
    people = people_of(ask.request.quote.seller_id, now=now)
    asked = circumstance_of(ask.request, now)
    planned = planned_ask(ask, people, asked)
    taken = {one.seat for one in decisions_of([ask.pk])}
    touched = [
        seat
        for seat in planned.seats
        if seat.key not in taken
        and (away_id in seat.whose.values() or away_id in {one for one, _why_ in seat.passed_over})
    ]
    mailed = set(ApprovalLink.objects.filter(ask=ask).values_list("user_id", flat=True))
    why = asked_users(planned, people, asked)
    further = {
        user_id: why[user_id] for seat in touched for user_id in seat.users if user_id not in mailed
    }
    send_asks(actor=actor, now=now, request=ask.request, ask=ask, why=further)
    return list(further)
