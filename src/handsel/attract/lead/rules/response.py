"""When a lead was answered (KPI "lead response time").

The clock starts with the customer's act (`asked_at`), not when we learned of it. It stops with
the first contact outbound, by a person, that reached the customer. Acknowledgements by the
program, internal notes, dials nobody picked up and mails that came back do not stop it; unanswered
dials are counted as attempts. A conversation that began live (a call taken, a visit) was answered
at once: zero seconds, flagged, and left out of the distribution. An answer dated before the
question is flagged, never turned into a positive number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handsel.attract.lead.rules.states import LIVE_CHANNELS

ResponseState = Literal["excluded", "waiting", "answered", "live", "before"]

# Upper ends of the bands in seconds; beyond the last is "60+".
BANDS: tuple[tuple[str, int | None], ...] = (
    ("0-5", 5 * 60),
    ("5-15", 15 * 60),
    ("15-60", 60 * 60),
    ("60+", None),
)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact as the clock sees it; `user_id` is the person of ours, if one took part."""

    occurred_at: datetime
    direction: str
    channel: str
    is_by_person: bool
    reached: bool = True
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """How a lead's clock stands.

    `seconds` is the time to the answer, or the time waited so far; None when excluded or when the
    answer lies before the question.
    """

    state: ResponseState
    seconds: int | None
    answered_at: datetime | None = None
    attempts: int = 0
    excluded: str = ""

    @property
    def counts(self) -> bool:
        """Whether the lead belongs to the distribution of response times."""
        return self.state in ("answered", "waiting")


def stops_clock(contact: Contact) -> bool:
    """Whether a contact answers the customer."""
    if contact.direction == "out":
        return contact.is_by_person and contact.reached
    return was_taken_live(contact)


def was_taken_live(contact: Contact) -> bool:
    """Whether a person of ours was in the conversation in which the customer asked."""
    return (
        contact.direction == "in"
        and contact.channel in LIVE_CHANNELS
        and contact.user_id is not None
        and contact.reached
    )


def is_attempt(contact: Contact) -> bool:
    """Whether a person tried and did not get through."""
    return contact.direction == "out" and contact.is_by_person and not contact.reached


def first_answer(contacts: Iterable[Contact]) -> Contact | None:
    """The earliest contact that stops the clock."""
    answers = [contact for contact in contacts if stops_clock(contact)]
    return min(answers, key=lambda contact: contact.occurred_at) if answers else None


def response(
    asked_at: datetime, contacts: Iterable[Contact], *, now: datetime, excluded: str = ""
) -> Response:
    """The state of one lead's clock at `now`, from its contacts in any order."""
    known = list(contacts)
    attempts = sum(is_attempt(contact) for contact in known)
    answer = first_answer(known)
    if excluded:
        at = answer.occurred_at if answer else None
        return Response("excluded", None, at, attempts, excluded)
    if answer is None:
        waited = max(0, int((now - asked_at).total_seconds()))
        return Response("waiting", waited, None, attempts)
    return answered(asked_at, answer.occurred_at, live=was_taken_live(answer), attempts=attempts)


def answered(
    asked_at: datetime, answered_at: datetime, *, live: bool = False, attempts: int = 0
) -> Response:
    """The clock of a lead whose answer is known."""
    if live:
        return Response("live", 0, answered_at, attempts)
    seconds = int((answered_at - asked_at).total_seconds())
    if answered_at < asked_at:
        return Response("before", None, answered_at, attempts)
    return Response("answered", seconds, answered_at, attempts)


def band(seconds: int) -> str:
    """The band of a response time: "0-5", "5-15", "15-60" or "60+" minutes (upper end excluded)."""
    for name, end in BANDS:
        if end is None or seconds < end:
            return name
    raise AssertionError("the last band has no end")
