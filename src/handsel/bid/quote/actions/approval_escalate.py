"""When nobody answers in time: the next in line is asked as well."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.quote.actions.approval_letters import WhyYou, mail_nobody_left
from handsel.bid.quote.actions.approval_mailing import send_asks
from handsel.bid.quote.actions.approval_request import ESCALATE_JOB
from handsel.bid.quote.events import ApprovalEscalated
from handsel.bid.quote.models import ApprovalAsk, QuoteVersion
from handsel.bid.quote.queries import get_quote
from handsel.bid.quote.queries.approval_asks import (
    circumstance_of,
    decisions_of,
    get_ask,
    planned_ask,
)
from handsel.bid.quote.queries.approvers import calendar_of, people_of
from handsel.bid.quote.rules.approval.people import People, next_level
from handsel.bid.quote.rules.approval.plan import PlannedAsk
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import enqueue

MOST_LEVELS = 5


@transaction.atomic
def escalate_ask(*, actor: Actor, now: datetime, ask_id: int) -> tuple[int, ...]:
    """Ask the deputy, else the superiors, as well, if the question's time is over; who that is.

    Runs as a job and may run again: a question that is answered, or whose new time is not over, is
    left alone. Who was asked first may still answer. Where nobody is left who asked is told.
    """
    known = get_ask(actor, ask_id)
    QuoteVersion.objects.select_for_update().get(pk=known.request.version_id)
    ask = get_ask(actor, ask_id)
    request = ask.request
    is_open = ask.state == "open" and request.state == "open"
    if not is_open or ask.due_at is None or now < ask.due_at or ask.level >= MOST_LEVELS:
        return ()
    request.quote = get_quote(actor, request.quote_id)
    people = people_of(request.quote.seller_id, now=now)
    asked = circumstance_of(request, now)
    planned = planned_ask(ask, people, asked)
    present = {user for seat in planned.seats for user in seat.users}
    passed = {user for seat in planned.seats for user, _why in seat.passed_over}
    further = next_level(sorted(present | passed), people, asked, planned.step.otherwise)
    due_at = calendar_of(request.quote.seller, now=now).after(now, planned.step.hours)
    ApprovalAsk.objects.filter(pk=ask.pk).update(
        level=ask.level + 1, also_asked=[*ask.also_asked, *further], due_at=due_at
    )
    ask.due_at = due_at
    escalated = ApprovalEscalated(
        quote_id=request.quote_id,
        version_id=request.version_id,
        request_id=request.pk,
        ask_id=ask.pk,
        level=ask.level + 1,
        also_asked_ids=further,
    )
    log.announce(escalated, actor=actor, now=now)
    names = ", ".join(_missing(ask, planned, people) or map(people.name, sorted(passed)))
    if further:
        enqueue(ESCALATE_JOB, run_at=due_at, ask_id=ask.pk)
        late = WhyYou("late", names)
        why: dict[int, WhyYou | None] = dict.fromkeys(further, late)
        send_asks(actor=actor, now=now, request=request, ask=ask, why=why)
    else:
        mail_nobody_left(actor=actor, now=now, request=request, names=names)
    return further


def _missing(ask: ApprovalAsk, planned: PlannedAsk, people: People) -> list[str]:
    """The names of those whose answers are missing."""
    taken = {one.seat for one in decisions_of([ask.pk])}
    users = (user for seat in planned.seats if seat.key not in taken for user in seat.users)
    return [people.name(user) for user in dict.fromkeys(users)]
