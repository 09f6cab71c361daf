"""Asking for approval, taking the question back, and the gate in front of presenting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.functional import lazy

from handsel.bid.quote import queries
from handsel.bid.quote.actions.approval_letters import words_in
from handsel.bid.quote.actions.approval_mailing import asked_users, send_asks
from handsel.bid.quote.actions.edit import lock_draft
from handsel.bid.quote.errors import (
    ApprovalNeeded,
    ApprovalNotFound,
    ApprovalNotNeeded,
    ApprovalState,
    BadQuote,
    NobodyToAsk,
    NotAsked,
)
from handsel.bid.quote.events import ApprovalAsked, ApprovalClosed
from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalRequest,
    QuoteVersion,
)
from handsel.bid.quote.queries.approval import Picture, picture_of, rules_in_force
from handsel.bid.quote.queries.approval_asks import planned_ask
from handsel.bid.quote.queries.approval_sheet import sheet_of
from handsel.bid.quote.rules.approval.people import People
from handsel.bid.quote.rules.approval.plan import Plan, PlannedAsk
from handsel.bid.quote.rules.approval.wording import ENGLISH_WITHOUT_COSTS, Words
from handsel.bid.quote.rules.content import hash_of
from handsel.ground.kernel.said import said, strung
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import enqueue
from handsel.ground.platform.naming import shown_name

ESCALATE_JOB: Final = "quote.escalate_approval"
MOST_COMMENT: Final = 1_000


@transaction.atomic
def request_approval(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    lock_no: int | None = None,
    comment: str = "",
) -> ApprovalRequest:
    """Ask whoever must be asked for the draft as it is now; those of the first stage get a mail.

    A question about an earlier state of the draft is replaced. Raises ApprovalNotNeeded,
    NobodyToAsk, ApprovalState when the same question waits already, StaleEdit.
    """
    note = comment_of(comment)
    quote = queries.get_quote(actor, quote_id)
    version = lock_draft(actor, quote_id, lock_no, known=quote)
    picture = picture_of(version, now=now, requester_id=actor.user_id)
    _check_plan(picture)
    _replace_open(actor, now, version)
    sheet = sheet_of(picture, requester=actor.label, comment=note)
    name = f"{quote.number}-{version.version_no}-approval.json"
    request = ApprovalRequest.objects.create(
        quote=quote,
        version=version,
        lock_no=version.lock_no,
        comment=note,
        content=store.keep(sheet, name=name, media_type="application/json", now=now),
        content_hash=hash_of(sheet),
        requested_by_id=actor.user_id,
        requested_at=now,
    )
    ApprovalAsk.objects.bulk_create(
        [
            ApprovalAsk(
                request=request,
                stage=ask.stage,
                step=ask.step.as_data(),
                quorum=ask.quorum,
                reasons=[reason.as_json() for reason in ask.reasons],
            )
            for ask in picture.plan.asks
        ]
    )
    asked = ApprovalAsked(
        quote_id=quote.pk,
        version_id=version.pk,
        request_id=request.pk,
        asks=len(picture.plan.asks),
    )
    log.announce(asked, actor=actor, now=now)
    open_stage(actor=actor, now=now, request=request, stage=1, picture=picture)
    return request


def comment_of(text: str) -> str:
    """A comment as it is kept; raises BadQuote for one that is too long."""
    stripped = text.replace("\x00", "").strip()
    if len(stripped) > MOST_COMMENT:
        raise BadQuote(
            said("At most %(most_comment)s characters.", most_comment=MOST_COMMENT),
            fields={"comment": said("at most %(most_comment)s", most_comment=MOST_COMMENT)},
        )
    return stripped


def _check_plan(picture: Picture) -> None:
    number = picture.version.quote.number
    if picture.plan.needs_nobody:
        raise ApprovalNotNeeded(
            said("Quote %(number)s needs nobody’s approval; present it.", number=number)
        )
    for ask in picture.plan.unanswerable:
        rules = ", ".join(shown_name(reason.rule_name) for reason in ask.reasons)
        passed = {row for seat in ask.seats for row in seat.passed_over}
        why = strung(
            said(
                "%(name)s: %(why)s",
                name=picture.people.name(user) or user,
                why=_PASSED[reason],
            )
            for user, reason in sorted(passed)
        )
        raise NobodyToAsk(
            said(
                "“%(rules)s” asks %(whom)s, but too few of them can answer%(why)s. Name a deputy "
                "in the rule, or a delegate.",
                rules=rules,
                whom=whom(ask, picture.people),
                why=said(" (%(why)s)", why=why) if why else "",
            ),
            rules=rules,
        )


_PASSED: Final = {
    "own": said("may not answer his own request"),
    "owner": said("may not answer about his own quote"),
    "gone": said("may no longer approve"),
    "absent": said("is absent"),
}


def whom(ask: PlannedAsk, people: People) -> str:
    """Who is asked, in words: names where they are few, else the role or team."""
    users = list(dict.fromkeys(user for seat in ask.seats for user in seat.users))
    if 1 <= len(users) <= 3:
        return ", ".join(people.name(user) for user in users)
    named = (
        people.teams.get(int(spec.ref), (str(spec.ref), ()))[0]
        if spec.kind == "team"
        else people.name(int(spec.ref))
        if spec.kind == "user"
        else str(spec.ref).replace("_", " ")
        for spec in ask.step.approvers
    )
    return ", ".join(named)


def _replace_open(actor: Actor, now: datetime, version: QuoteVersion) -> None:
    waiting = ApprovalRequest.objects.filter(quote_id=version.quote_id, state="open").first()
    if waiting is None:
        return
    if waiting.version_id == version.pk and waiting.lock_no == version.lock_no:
        raise ApprovalState(
            said(
                "Approval of quote %(number)s was asked for already and is waiting.",
                number=version.quote.number,
            ),
            request_id=waiting.pk,
        )
    close_request(actor=actor, now=now, request=waiting, state="replaced", reason="")


def open_stage(
    *, actor: Actor, now: datetime, request: ApprovalRequest, stage: int, picture: Picture
) -> None:
    """Put the questions of a stage to their people: clock, timer, mails with a link each."""
    asks = ApprovalAsk.objects.filter(request=request, stage=stage, state="waiting")
    for ask in asks.order_by("pk"):
        planned = planned_ask(ask, picture.people, picture.asked)
        hours = planned.step.hours
        ask.state, ask.opened_at = "open", now
        ask.due_at = picture.calendar.after(now, hours) if hours else None
        ask.save(update_fields=["state", "opened_at", "due_at"])
        if ask.due_at is not None:
            enqueue(ESCALATE_JOB, run_at=ask.due_at, ask_id=ask.pk)
        why = asked_users(planned, picture.people, picture.asked)
        send_asks(actor=actor, now=now, request=request, ask=ask, why=why)


@transaction.atomic
def recall_approval(
    *, actor: Actor, now: datetime, quote_id: int, reason: str = ""
) -> ApprovalRequest:
    """Take the question back; by who asked, or who owns the quote. Raises ApprovalNotFound."""
    queries.get_quote(actor, quote_id)
    request = lock_open_request(quote_id)
    by_right = (request.requested_by_id, request.quote.owner_id)
    if actor.kind != "system" and actor.user_id not in by_right:
        raise NotAsked("Only who asked for approval, or who owns the quote, takes it back.")
    close_request(
        actor=actor, now=now, request=request, state="recalled", reason=comment_of(reason)
    )
    return request


def lock_open_request(quote_id: int) -> ApprovalRequest:
    """Lock a quote's newest version and the question that waits; raises ApprovalNotFound."""
    versions = QuoteVersion.objects.select_for_update().filter(quote_id=quote_id)
    versions.order_by("-version_no").first()
    request = (
        ApprovalRequest.objects.filter(quote_id=quote_id, state="open")
        .select_related("quote__seller", "quote__organization", "version")
        .first()
    )
    if request is None:
        raise ApprovalNotFound("No approval is being asked for on this quote.")
    return request


def close_request(
    *, actor: Actor, now: datetime, request: ApprovalRequest, state: str, reason: str
) -> None:
    """End a request whose version is locked; what waits for an answer is cancelled."""
    request.state, request.closed_reason = state, reason
    request.closed_at, request.closed_by_id = now, actor.user_id
    request.save(update_fields=["state", "closed_reason", "closed_at", "closed_by"])
    ApprovalAsk.objects.filter(request=request, state__in=["waiting", "open"]).update(
        state="cancelled", closed_at=now
    )
    closed = ApprovalClosed(
        quote_id=request.quote_id,
        version_id=request.version_id,
        request_id=request.pk,
        state=state,
        reason=reason,
    )
    log.announce(closed, actor=actor, now=now)


def require_approved(version: QuoteVersion, *, now: datetime) -> None:
    """The gate in front of presenting: raises ApprovalNeeded naming who must be asked and why.

    One query where the seller has no rules. The version is locked and comes with its quote.
    """
    rules = rules_in_force(version.quote.seller_id)
    if not rules:
        return
    picture = picture_of(version, now=now, requester_id=None, rules=rules)
    if picture.plan.needs_nobody:
        return
    message = said(
        "Quote %(number)s needs approval before it goes out: %(told_plan)s.",
        number=version.quote.number,
        told_plan=told_plan(picture.plan, picture, ENGLISH_WITHOUT_COSTS),
    )
    # Its words are no template of their own: they are found when the message is worded.
    told = lazy(lambda: told_plan(picture.plan, picture, words_in(), shown_name), str)()
    message.facts = {**message.facts, "told_plan": told}
    raise ApprovalNeeded(message, asks=len(picture.plan.asks))


def told_plan(plan: Plan, picture: Picture, words: Words, named: Callable[[str], str] = str) -> str:
    """Who must be asked and why, as a part of a sentence; without margins, as anybody reads it.
    `named` says in which language rules are named."""
    currency = picture.facts.currency
    return "; ".join(
        f"{whom(ask, picture.people)} – "
        + ", ".join(
            f"{named(why.rule_name)}: {'; '.join(words.findings(why.found, currency, most=2))}"
            for why in ask.reasons
        )
        for ask in plan.asks
    )
