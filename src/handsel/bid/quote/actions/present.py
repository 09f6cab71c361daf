"""Presenting: freeze the version, make its document, give the buyer his link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.approval_request import require_approved
from handsel.bid.quote.actions.edit import lock_draft, lock_live
from handsel.bid.quote.actions.fitting import announce_advice, require_fitting
from handsel.bid.quote.actions.letters import buyer_address, link_address, mail_offer
from handsel.bid.quote.actions.write import WRITE_JOB
from handsel.bid.quote.errors import BadQuote, NothingToPresent, QuoteState, ValidityPassed
from handsel.bid.quote.events import QuotePresented
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.queries.offer import ShownOffer, fresh_offer
from handsel.bid.quote.rules.states import QUOTE, VERSION
from handsel.bid.quote.rules.terms import first_instant_after, link_expires_at
from handsel.ground.identity.grants import grant_link, revoke_links
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state
from handsel.ground.platform.jobs import enqueue

LINK_KIND: Final = "quote"
VERBS: Final = ("view", "choose", "ask", "accept", "decline")
EXPIRE_JOB: Final = "quote.expire"


@dataclass(frozen=True, slots=True)
class Presented:
    """A presented version and the buyer's link, which cannot be read again later."""

    version: QuoteVersion
    link: str
    mailed_to: str
    mail_id: int | None


@transaction.atomic
def present_quote(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    lock_no: int | None = None,
    to: str = "",
    message: str = "",
    mail: bool = True,
) -> Presented:
    """Freeze the draft, keep its bytes, grant the link and mail it: all or nothing.

    Its PDF follows as a job (`write_offer`); the mail waits for it.
    `to` falls back to the mail address of the quote's person or customer. Raises
    NothingToPresent, ValidityPassed, BadQuote when there is nobody to mail to, StaleEdit,
    DoesNotFit where lines break a law between them, ApprovalNeeded naming who must be asked first.
    """
    quote = queries.get_quote(actor, quote_id)
    version = lock_draft(actor, quote_id, lock_no, known=quote)
    shown = _offer(version, now)
    fit = require_fitting(version, now=now)
    require_approved(version, now=now)
    recipient = _recipient(quote, to) if mail else to
    _freeze(version, shown, now)
    link = _grant(actor, now, version, recipient)
    letter = _mail(actor, now, version, recipient, link, message) if mail else None
    enqueue(WRITE_JOB, version_id=version.pk, mail_id=letter)
    enqueue(
        EXPIRE_JOB,
        run_at=first_instant_after(version.valid_until, quote.seller.time_zone),
        quote_id=quote.pk,
        version_no=version.version_no,
    )
    _announce(version, actor=actor, now=now)
    announce_advice(version, fit, actor=actor, now=now)
    return Presented(version, link_address(link), recipient if mail else "", letter)


def _mail(
    actor: Actor, now: datetime, version: QuoteVersion, to: str, token: str, message: str
) -> int:
    return mail_offer(actor=actor, now=now, version=version, to=to, token=token, message=message).pk


def _recipient(quote: Quote, to: str) -> str:
    address = to.strip() or buyer_address(quote)
    if not address:
        raise BadQuote(
            said(
                "There is no mail address for %(name)s; enter one, or present "
                "without mail and pass the link on yourself.",
                name=quote.organization.name,
            ),
            fields={"to": "a mail address"},
        )
    return address


def _offer(version: QuoteVersion, now: datetime) -> ShownOffer:
    quote = version.quote
    if version.valid_until < local_date(now, quote.seller.time_zone):
        raise ValidityPassed(
            said(
                "Quote %(number)s would be valid until %(valid_until)s, which is "
                "over; choose a later day.",
                number=quote.number,
                valid_until=version.valid_until,
            ),
            valid_until=version.valid_until.isoformat(),
        )
    lines = queries.lines_of(version.pk)
    if not lines:
        raise NothingToPresent(
            said("Quote %(number)s has no lines yet; add some first.", number=quote.number)
        )
    return fresh_offer(version, lines)


def _freeze(version: QuoteVersion, shown: ShownOffer, now: datetime) -> None:
    quote = version.quote
    version.presented_at = now
    name = f"{quote.number}-{version.version_no}"
    content = store.keep(shown.content, name=f"{name}.json", media_type="application/json", now=now)
    change_state(
        QuoteVersion,
        version.pk,
        to="presented",
        allowed=VERSION,
        code="quote_version_state",
        content_hash=shown.content_hash,
        content=content,
        presented_at=now,
    )
    change_state(Quote, quote.pk, to="presented", allowed=QUOTE, code="quote_state")
    version.state = quote.state = "presented"
    version.content, version.content_hash = content, shown.content_hash


def _grant(actor: Actor, now: datetime, version: QuoteVersion, recipient: str) -> str:
    quote = version.quote
    _, token = grant_link(
        actor=actor,
        now=now,
        kind=LINK_KIND,
        seller_id=quote.seller_id,
        object_id=quote.pk,
        verbs=VERBS,
        recipient=recipient,
        expires_at=link_expires_at(version.valid_until, quote.seller.time_zone),
    )
    return token


def _announce(version: QuoteVersion, *, actor: Actor, now: datetime) -> None:
    quote = version.quote
    log.announce(
        QuotePresented(
            quote_id=quote.pk,
            version_id=version.pk,
            opportunity_id=quote.opportunity_id,
            gross=Money(version.gross_minor, quote.currency),
            valid_until=version.valid_until,
            content_hash=version.content_hash,
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def send_link(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    to: str = "",
    message: str = "",
    mail: bool = True,
    revoke_earlier: bool = False,
) -> Presented:
    """Give out another link to a presented or accepted quote, and mail it.

    With `revoke_earlier` every link given out before stops working. Raises QuoteState for a
    draft: there is nothing yet that a buyer may see.
    """
    version = lock_live(actor, quote_id)
    version.quote = queries.get_quote(actor, quote_id)
    if version.state == "draft":
        raise QuoteState(
            said("Quote %(number)s is a draft; present it first.", number=version.quote.number)
        )
    if revoke_earlier:
        revoke_links(now=now, kind=LINK_KIND, object_id=quote_id)
    recipient = _recipient(version.quote, to) if mail else to
    token = _grant(actor, now, version, recipient)
    letter = _mail(actor, now, version, recipient, token, message) if mail else None
    if letter is not None and version.document_id is None:
        enqueue(WRITE_JOB, version_id=version.pk, mail_id=letter)
    return Presented(version, link_address(token), recipient if mail else "", letter)


@transaction.atomic
def revoke_quote_links(*, actor: Actor, now: datetime, quote_id: int) -> int:
    """Stop every link given out for a quote; returns how many still worked."""
    queries.get_quote(actor, quote_id)
    return revoke_links(now=now, kind=LINK_KIND, object_id=quote_id)
