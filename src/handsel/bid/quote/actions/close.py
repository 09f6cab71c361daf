"""The other ways an offer ends: withdrawn by us, declined by the buyer, expired by its date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from handsel.bid.quote import queries
from handsel.bid.quote.actions.buyer import open_quote
from handsel.bid.quote.actions.edit import lock_live
from handsel.bid.quote.actions.letters import mail_decline
from handsel.bid.quote.actions.present import LINK_KIND
from handsel.bid.quote.errors import QuoteNotEditable, QuoteState
from handsel.bid.quote.events import QuoteDeclined, QuoteExpired, QuoteWithdrawn
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.rules.states import QUOTE, VERSION
from handsel.bid.quote.rules.terms import first_instant_after
from handsel.ground.identity.grants import revoke_links
from handsel.ground.kernel.free_text import one_sentence
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state
from handsel.ground.platform.events import Event

MOST_REASON = 300


@transaction.atomic
def withdraw_quote(*, actor: Actor, now: datetime, quote_id: int) -> Quote:
    """Take an offer back, draft or presented; every link to it stops working."""
    version = _lock_open(actor, quote_id)
    _close(version, "withdrawn")
    revoke_links(now=now, kind=LINK_KIND, object_id=quote_id)
    _announce(QuoteWithdrawn(**_ids(version)), actor, now)
    return queries.get_quote(actor, quote_id)


@transaction.atomic
def decline_quote(*, now: datetime, token: str, reason: str = "") -> Quote:
    """The buyer says no, with a reason or without; the quote's owner is told by mail."""
    actor, quote = open_quote(now=now, token=token, verb="decline")
    return _decline(actor, now, quote.pk, reason)


@transaction.atomic
def decline_for_buyer(*, actor: Actor, now: datetime, quote_id: int, reason: str) -> Quote:
    """Record that the buyer said no another way."""
    queries.get_quote(actor, quote_id)
    return _decline(actor, now, quote_id, reason)


def _decline(actor: Actor, now: datetime, quote_id: int, reason: str) -> Quote:
    version = _lock_open(actor, quote_id)
    if version.state != "presented":
        raise QuoteState(
            said(
                "Quote %(number)s is being revised; there is nothing to decline now.",
                number=version.quote.number,
            ),
            state=version.state,
        )
    why = one_sentence(reason, field="reason", longest=MOST_REASON)
    _close(version, "declined", declined_reason=why)
    _announce(QuoteDeclined(**_ids(version), reason=why), actor, now)
    quote = queries.get_quote(actor, quote_id)
    if actor.kind == "buyer":
        mail_decline(actor=actor, now=now, quote=quote)
    return quote


@transaction.atomic
def expire_quote(*, actor: Actor, now: datetime, quote_id: int, version_no: int) -> bool:
    """Let an offer expire when its last day is over in the seller's zone; True when it did now.

    Runs as a job and may run again: a version that was accepted, replaced or closed meanwhile, or
    whose day is not over, is left alone.
    """
    try:
        version = lock_live(actor, quote_id)
    except QuoteNotEditable:
        return False
    if version.state != "presented" or version.version_no != version_no:
        return False
    time_zone = queries.get_quote(actor, quote_id).seller.time_zone
    if now < first_instant_after(version.valid_until, time_zone):
        return False
    _close(version, "expired")
    _announce(QuoteExpired(**_ids(version)), actor, now)
    return True


def _lock_open(actor: Actor, quote_id: int) -> QuoteVersion:
    try:
        version = lock_live(actor, quote_id)
    except QuoteNotEditable as closed:
        raise QuoteState(closed.message) from None
    if version.state == "accepted":
        raise QuoteState(
            said(
                "Quote %(number)s is accepted; what changes now is the order.",
                number=version.quote.number,
            ),
            state="accepted",
        )
    return version


def _close(version: QuoteVersion, state: str, **also: str) -> None:
    change_state(QuoteVersion, version.pk, to="closed", allowed=VERSION, code="quote_version_state")
    change_state(Quote, version.quote_id, to=state, allowed=QUOTE, code="quote_state", **also)


def _ids(version: QuoteVersion) -> dict[str, Any]:
    return {
        "quote_id": version.quote_id,
        "version_id": version.pk,
        "opportunity_id": version.quote.opportunity_id,
    }


def _announce(event: Event, actor: Actor, now: datetime) -> None:
    log.announce(event, actor=actor, now=now)
