"""What was asked and answered: the inbox of an approver, the history of a quote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from handsel.bid.quote.errors import ApprovalNotFound
from handsel.bid.quote.models import ApprovalAsk, ApprovalDecision, ApprovalRequest
from handsel.bid.quote.queries.approvers import people_of
from handsel.bid.quote.rules.approval.people import Circumstance, People, Seat
from handsel.bid.quote.rules.approval.plan import PlannedAsk, Reason, parse_steps, planned
from handsel.ground.platform.actor import Actor

MOST_LISTED = 500


def planned_ask(ask: ApprovalAsk, people: People, asked: Circumstance) -> PlannedAsk:
    """A kept question with the people who can answer it now.

    Who was asked as well when time ran out can fill any seat, as long as he may approve.
    """
    (step,) = parse_steps([ask.step])
    reasons = tuple(Reason.from_json(one) for one in ask.reasons)
    found = planned(ask.stage, step, reasons, people, asked)
    own = (asked.requester_id, asked.owner_id)
    also = [user for user in ask.also_asked if people.may(user) and user not in own]
    seats = tuple(
        replace(seat, users=tuple(dict.fromkeys((*seat.users, *also)))) for seat in found.seats
    )
    return PlannedAsk(found.stage, found.step, seats, ask.quorum, found.reasons)


def circumstance_of(request: ApprovalRequest, now: datetime) -> Circumstance:
    """Who asked, who owns the quote, at which moment it is looked at."""
    return Circumstance(request.requested_by_id, request.quote.owner_id, now)


def free_seats(
    seats: Sequence[Seat], decided: Iterable[ApprovalDecision], user_id: int
) -> list[Seat]:
    """The seats a user can still fill, the one with the fewest others first."""
    taken = {one.seat for one in decided}
    able = [seat for seat in seats if seat.key not in taken and user_id in seat.users]
    return sorted(able, key=lambda seat: (len(seat.users), seat.key))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of an approver's inbox."""

    ask: ApprovalAsk
    planned: PlannedAsk
    stands_in_for: int | None
    is_outdated: bool

    @property
    def request(self) -> ApprovalRequest:
        """The request the question belongs to."""
        found: ApprovalRequest = self.ask.request
        return found


def inbox(actor: Actor, *, now: datetime) -> list[Waiting]:
    """What waits for an actor's answer, the most urgent first."""
    if actor.user_id is None:
        return []
    rows = _open_asks().filter(request__quote__seller_id__in=actor.seller_ids)
    found: list[Waiting] = []
    people: dict[int, People] = {}
    asks = list(rows.order_by("due_at", "opened_at", "pk")[:MOST_LISTED])
    decisions = _decisions_of(asks)
    for ask in asks:
        seller_id = ask.request.quote.seller_id
        if seller_id not in people:
            people[seller_id] = people_of(seller_id, now=now)
        planned_now = planned_ask(ask, people[seller_id], circumstance_of(ask.request, now))
        decided = decisions.get(ask.pk, [])
        if actor.user_id in {one.user_id for one in decided}:
            continue
        seats = free_seats(planned_now.seats, decided, actor.user_id)
        if seats:
            whose = seats[0].whose.get(actor.user_id)
            found.append(Waiting(ask, planned_now, whose, is_outdated(ask.request)))
    return found


def _open_asks() -> QuerySet[ApprovalAsk]:
    return ApprovalAsk.objects.filter(state="open", request__state="open").select_related(
        "request__quote__organization",
        "request__quote__seller",
        "request__version",
        "request__requested_by",
    )


def is_outdated(request: ApprovalRequest) -> bool:
    """Whether the draft was touched since approval was asked for."""
    return bool(request.version.state == "draft" and request.version.lock_no != request.lock_no)


def get_ask(actor: Actor, ask_id: int) -> ApprovalAsk:
    """A question on a quote the actor's sellers own; raises ApprovalNotFound."""
    found = (
        ApprovalAsk.objects.filter(pk=ask_id, request__quote__seller_id__in=actor.seller_ids)
        .select_related(
            "request__quote__seller",
            "request__quote__organization",
            "request__quote__owner",
            "request__version",
            "request__requested_by",
            "request__closed_by",
        )
        .first()
    )
    if found is None:
        raise ApprovalNotFound("this question does not exist", ask_id=ask_id)
    return found


def requests_of(quote_id: int) -> list[ApprovalRequest]:
    """All requests of a quote, newest first."""
    rows = ApprovalRequest.objects.filter(quote_id=quote_id)
    related = ("requested_by", "closed_by", "version", "quote")
    return list(rows.select_related(*related).order_by("-pk"))


def asks_of(request_ids: Iterable[int]) -> list[ApprovalAsk]:
    """The questions of requests, in the order they are put."""
    rows = ApprovalAsk.objects.filter(request_id__in=list(request_ids))
    return list(rows.select_related("request__quote").order_by("-request_id", "stage", "pk"))


def decisions_of(ask_ids: Iterable[int]) -> list[ApprovalDecision]:
    """The answers to questions, oldest first."""
    rows = ApprovalDecision.objects.filter(ask_id__in=list(ask_ids))
    return list(rows.select_related("user", "on_behalf_of").order_by("decided_at", "pk"))


def _decisions_of(asks: Sequence[ApprovalAsk]) -> dict[int, list[ApprovalDecision]]:
    found: dict[int, list[ApprovalDecision]] = {}
    for one in decisions_of([ask.pk for ask in asks]):
        found.setdefault(one.ask_id, []).append(one)
    return found
