"""Answering: yes or no, from the page, the API or the link in the mail; each exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from handsel.bid.quote.actions.approval_letters import mail_outcome
from handsel.bid.quote.actions.approval_mailing import APPROVAL_LINK
from handsel.bid.quote.actions.approval_request import close_request, comment_of, open_stage
from handsel.bid.quote.errors import (
    ApprovalLinkUsed,
    ApprovalOutdated,
    ApprovalState,
    BadQuote,
    NotAsked,
    SignInNeeded,
)
from handsel.bid.quote.events import ApprovalDecided
from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalDecision,
    ApprovalLimit,
    ApprovalLink,
    ApprovalRequest,
    QuoteVersion,
)
from handsel.bid.quote.queries import get_quote
from handsel.bid.quote.queries.approval import Picture, facts_of_version, picture_of
from handsel.bid.quote.queries.approval_asks import (
    decisions_of,
    free_seats,
    get_ask,
    is_outdated,
    planned_ask,
)
from handsel.bid.quote.queries.approval_sheet import facts_kept
from handsel.bid.quote.queries.approvers import APPROVE, people_of
from handsel.bid.quote.rules.approval.envelope import approvals_of
from handsel.bid.quote.rules.approval.people import Seat
from handsel.bid.quote.rules.approval.plan import Reason
from handsel.ground.identity.grants import LinkUnusable, open_link
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

VERDICTS: Final = ("approve", "reject")
CLOSED: Final = {
    "approved": "was approved already",
    "rejected": "was rejected already",
    "recalled": "was taken back by who asked",
    "replaced": "was replaced by a newer one, because the quote changed",
}


@dataclass(frozen=True, slots=True)
class Identified:
    """How it is known who answers: by having signed in, or by holding the mail's link alone."""

    channel: str = "page"
    is_signed_in: bool = True
    ip_address: str | None = None


@transaction.atomic
def decide(
    *,
    actor: Actor,
    now: datetime,
    ask_id: int,
    verdict: str,
    comment: str = "",
    content_hash: str = "",
    identified: Identified | None = None,
) -> ApprovalDecision:
    """Answer a question. The last yes of a stage opens the next one, the last of all approves.

    `content_hash` is that of the sheet that was shown; programs may leave it out. `identified` says
    how it is known who answers (left out: signed in, on the page). A no needs a comment and sends
    the quote back to be worked on. Raises ApprovalNotFound, ApprovalState when
    it is answered, recalled or replaced, ApprovalOutdated when the quote changed since, NotAsked
    for everybody whose answer is not (or no longer) wanted, BadQuote.
    """
    note = _checked(verdict, comment)
    ask, request = _locked(actor, ask_id)
    user_id = actor.user_id
    if user_id is None:
        raise NotAsked("Only a person answers.")
    _check_open(ask, request)
    known = identified or Identified()
    if not known.is_signed_in and ask.step.get("signed_in"):
        raise SignInNeeded("Sign in to answer this question; the link only shows it.")
    picture = picture_of(request.version, now=now, requester_id=request.requested_by_id)
    seat = _seat(ask, picture, user_id)
    _check_unchanged(request, picture, content_hash)
    decision = ApprovalDecision.objects.create(
        ask=ask,
        seat=seat.key,
        user_id=user_id,
        on_behalf_of_id=seat.whose.get(user_id),
        verdict=verdict,
        comment=note,
        decided_at=now,
        channel=known.channel,
        is_signed_in=known.is_signed_in,
        ip_address=known.ip_address,
        content_id=request.content_id,
        content_hash=request.content_hash,
    )
    answered = ApprovalDecided(
        quote_id=request.quote_id,
        version_id=request.version_id,
        request_id=request.pk,
        decision_id=decision.pk,
        verdict=verdict,
        comment=note,
        channel=known.channel,
        is_signed_in=known.is_signed_in,
    )
    log.announce(answered, actor=actor, now=now)
    _reckon(actor, now, ask, request, picture)
    return decision


def _checked(verdict: str, comment: str) -> str:
    note = comment_of(comment)
    if verdict not in VERDICTS:
        raise BadQuote("Say approve or reject.", fields={"verdict": ", ".join(VERDICTS)})
    if verdict == "reject" and not note:
        raise BadQuote(
            "Say why, so that the quote can be made better.", fields={"comment": "a reason"}
        )
    return note


def _locked(actor: Actor, ask_id: int) -> tuple[ApprovalAsk, ApprovalRequest]:
    """The question with its request as they are once the version, which owns both, is locked."""
    known = get_ask(actor, ask_id)
    QuoteVersion.objects.select_for_update().get(pk=known.request.version_id)
    ask = get_ask(actor, ask_id)
    request: ApprovalRequest = ask.request
    request.version.quote = get_quote(actor, request.quote_id)
    request.quote = request.version.quote
    return ask, request


def _check_open(ask: ApprovalAsk, request: ApprovalRequest) -> None:
    number = request.quote.number
    if request.state != "open":
        raise ApprovalState(
            said(
                "This question about quote %(number)s %(closed)s; nothing was decided.",
                number=number,
                closed=said(CLOSED[request.state]),
            ),
            state=request.state,
        )
    if ask.state == "waiting":
        raise ApprovalState(
            said("Others answer first about quote %(number)s.", number=number), state=ask.state
        )
    if ask.state != "open":
        raise ApprovalState(
            said("This question about quote %(number)s is answered.", number=number),
            state=ask.state,
        )


def _seat(ask: ApprovalAsk, picture: Picture, user_id: int) -> Seat:
    decided = decisions_of([ask.pk])
    if any(one.user_id == user_id for one in decided):
        raise ApprovalState("You answered this question already.", state="answered")
    if user_id == picture.asked.requester_id:
        raise NotAsked("Nobody approves what he asked for himself.")
    if user_id == picture.asked.owner_id:
        raise NotAsked("Nobody approves a quote of his own.")
    seats = planned_ask(ask, picture.people, picture.asked).seats
    free = free_seats(seats, decided, user_id)
    if free:
        return free[0]
    if any(user_id in seat.users for seat in seats):
        raise ApprovalState("Somebody else answered in your place already.", state="answered")
    raise NotAsked("You are not asked, or may no longer answer this question.")


def _check_unchanged(request: ApprovalRequest, picture: Picture, content_hash: str) -> None:
    if content_hash and content_hash != request.content_hash:
        raise ApprovalOutdated("What you saw is not what is asked; open the question again.")
    if request.version.state != "draft":
        raise ApprovalState(
            said(
                "Quote %(number)s is %(state)s; there is nothing to approve any more.",
                number=request.quote.number,
                state=request.version.state,
            ),
            state=request.version.state,
        )
    if is_outdated(request) and _facts_moved(request, picture):
        raise ApprovalOutdated(
            said(
                "Quote %(number)s changed after approval was asked for; an answer "
                "now would be about something else. Approval has to be asked for "
                "again.",
                number=request.quote.number,
            ),
        )


def _facts_moved(request: ApprovalRequest, picture: Picture) -> bool:
    facts = facts_of_version(request.version, picture.lines, now=request.requested_at)
    return facts.as_json() != facts_kept(request)


def _reckon(
    actor: Actor, now: datetime, ask: ApprovalAsk, request: ApprovalRequest, picture: Picture
) -> None:
    """What an answer leads to: the question granted or lost, the next stage, the end."""
    verdicts = [one.verdict for one in decisions_of([ask.pk])]
    seats = planned_ask(ask, picture.people, picture.asked).seats
    most_possible = max(len(seats), len(verdicts)) - verdicts.count("reject")
    if verdicts.count("approve") >= ask.quorum:
        _grant(ask, request, now)
        _go_on(actor, now, ask, request, picture)
    elif most_possible < ask.quorum:
        ApprovalAsk.objects.filter(pk=ask.pk).update(state="rejected", closed_at=now)
        reason = next(one.comment for one in decisions_of([ask.pk]) if one.verdict == "reject")
        close_request(actor=actor, now=now, request=request, state="rejected", reason=reason)
        mail_outcome(actor=actor, now=now, request=request)


def _grant(ask: ApprovalAsk, request: ApprovalRequest, now: datetime) -> None:
    ApprovalAsk.objects.filter(pk=ask.pk).update(state="granted", closed_at=now)
    allowed = [
        one
        for reason in map(Reason.from_json, ask.reasons)
        for one in approvals_of(reason.rule_key, reason.step_print, reason.found)
    ]
    ApprovalLimit.objects.bulk_create(
        [
            ApprovalLimit(
                quote_id=request.quote_id,
                ask=ask,
                rule_key=one.rule_key,
                step_print=one.step_print,
                print=one.print,
                worse=one.worse,
                worst=one.worst,
                approved_at=now,
            )
            for one in allowed
        ]
    )


def _go_on(
    actor: Actor, now: datetime, ask: ApprovalAsk, request: ApprovalRequest, picture: Picture
) -> None:
    open_states = ("waiting", "open")
    left = ApprovalAsk.objects.filter(request=request, state__in=open_states)
    if left.filter(stage=ask.stage).exists():
        return
    following = left.order_by("stage").values_list("stage", flat=True).first()
    if following is not None:
        open_stage(actor=actor, now=now, request=request, stage=following, picture=picture)
        return
    close_request(actor=actor, now=now, request=request, state="approved", reason="")
    mail_outcome(actor=actor, now=now, request=request)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Who holds a mail's link, and the question it is for."""

    actor: Actor
    link: ApprovalLink
    ask: ApprovalAsk


def open_approval_link(*, now: datetime, token: str, verb: str = "view") -> OpenedLink:
    """The approver and the question a token stands for.

    Raises LinkUnusable for a token that is wrong, of another kind, or too old, ApprovalLinkUsed
    once it has decided, NotAsked for a user who may no longer approve.
    """
    grant = open_link(now=now, kind=APPROVAL_LINK, token=token, verb=verb)
    link = ApprovalLink.objects.select_related("user").filter(grant=grant).first()
    if link is None or link.ask_id != grant.object_id:
        raise LinkUnusable("this link does not exist", code="link_unknown")
    if link.used_at is not None:
        raise ApprovalLinkUsed(
            "This link was used to answer already; it works once.", used_at=link.used_at.isoformat()
        )
    if not people_of(grant.seller_id, now=now).may(link.user_id):
        raise NotAsked(
            said("%(name)s may no longer approve; the link is worth nothing.", name=link.user.name)
        )
    user = link.user
    actor = Actor("user", user.name, user.pk, frozenset({APPROVE}), frozenset({grant.seller_id}))
    return OpenedLink(actor, link, get_ask(actor, link.ask_id))


@transaction.atomic
def decide_by_link(
    *,
    now: datetime,
    token: str,
    verdict: str,
    comment: str = "",
    content_hash: str = "",
    is_signed_in: bool = False,
    ip_address: str | None = None,
) -> ApprovalDecision:
    """Answer by a mail's link: consumed by the answer, and by nothing but an answer.

    `content_hash` must be that of the sheet the page showed; `is_signed_in` says whether the
    addressee has signed in as well. Raises what `open_approval_link` and `decide` raise.
    """
    opened = open_approval_link(now=now, token=token, verb="decide")
    if not content_hash:
        raise BadQuote("Open the question again.", fields={"content_hash": "of what was shown"})
    used = ApprovalLink.objects.filter(pk=opened.link.pk, used_at=None).update(used_at=now)
    if used != 1:
        raise ApprovalLinkUsed("This link was used to answer already; it works once.")
    return decide(
        actor=opened.actor,
        now=now,
        ask_id=opened.ask.pk,
        verdict=verdict,
        comment=comment,
        content_hash=content_hash,
        identified=Identified("mail", is_signed_in, ip_address),
    )
