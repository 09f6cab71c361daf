"""Accepting: exactly what was shown, by a named person, once."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from handsel.attract.opportunity import actions as opportunities
from handsel.bid.quote import queries
from handsel.bid.quote.actions.buyer import open_quote
from handsel.bid.quote.actions.confirm import CONFIRM_JOB
from handsel.bid.quote.actions.edit import lock_live
from handsel.bid.quote.actions.fitting import require_choice_fits
from handsel.bid.quote.actions.line_table import (
    line_row,
    update_lines,
)
from handsel.bid.quote.actions.pricing import (
    totals_of,
)
from handsel.bid.quote.actions.versions import copy_lines, copy_of
from handsel.bid.quote.errors import (
    AlreadyAccepted,
    BadQuote,
    OfferChanged,
    QuoteExpiredRefusal,
    QuoteNotEditable,
    QuoteState,
)
from handsel.bid.quote.events import QuoteAccepted
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteLine, QuoteVersion
from handsel.bid.quote.queries.choice import net_of_target
from handsel.bid.quote.queries.offer import ShownOffer, default_choice, shown_offer
from handsel.bid.quote.rules.states import QUOTE, VERSION
from handsel.ground.document.addresses import parse_address
from handsel.ground.document.errors import BadAddress
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said, strung
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state
from handsel.ground.platform.jobs import enqueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who accepts, and what is known of where it came from."""

    name: str
    email: str
    purchase_order: str = ""
    ip_address: str | None = None
    user_agent: str = ""
    evidence: str = ""


@transaction.atomic
def accept_quote(
    *,
    now: datetime,
    token: str,
    content_hash: str,
    signature: Signature,
    chosen: Collection[UUID] | None = None,
) -> QuoteAcceptance:
    """The buyer accepts what his page showed: `content_hash` is the page's, `chosen` his options.

    Posting twice gives one acceptance. Raises LinkUnusable, OfferChanged when something else is
    offered by now, QuoteExpiredRefusal by the date in the seller's zone, AlreadyAccepted when
    somebody else was first, DoesNotFit for options that do not go together, QuoteState, BadQuote.
    """
    actor, quote = open_quote(now=now, token=token, verb="accept", name=signature.name)
    return _accept(actor, now, quote, content_hash, signature, chosen, token)


@transaction.atomic
def accept_for_buyer(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    signature: Signature,
    chosen: Collection[UUID] | None = None,
    content_hash: str = "",
) -> QuoteAcceptance:
    """Record an acceptance that came another way, such as a purchase order by mail.

    `signature.evidence` says how it came and is mandatory. `content_hash` may name what the clerk
    saw. Raises what `accept_quote` raises.
    """
    if not signature.evidence.strip():
        raise BadQuote(
            "Say how the customer accepted.", fields={"evidence": "such as: PO 4711 by mail"}
        )
    quote = queries.get_quote(actor, quote_id)
    return _accept(actor, now, quote, content_hash, signature, chosen, "")


def _accept(
    actor: Actor,
    now: datetime,
    quote: Quote,
    content_hash: str,
    signature: Signature,
    chosen: Collection[UUID] | None,
    token: str,
) -> QuoteAcceptance:
    signed = _checked(signature)
    version = _lock_offer(actor, quote)
    if version.state == "accepted":
        return _present_acceptance(version, content_hash, signed)
    _require_open(version, now)
    shown = shown_offer(version, chosen)
    if content_hash and not hmac.compare_digest(content_hash.encode(), shown.content_hash.encode()):
        raise OfferChanged(quote.number)
    if not content_hash and token:
        raise OfferChanged(quote.number)
    require_choice_fits(version, chosen, now=now)
    accepted = _accepted_version(version, shown, now)
    acceptance = _record(actor, now, accepted, shown, signed)
    _tell(actor, now, accepted, acceptance)
    return acceptance


def _lock_offer(actor: Actor, quote: Quote) -> QuoteVersion:
    try:
        return lock_live(actor, quote.pk, known=quote)
    except QuoteNotEditable as closed:
        state = closed.facts["state"]
        if state == "expired":
            last = queries.get_version(actor, quote.pk)
            raise QuoteExpiredRefusal(quote.number, last.valid_until) from None
        raise QuoteState(
            said(
                "Quote %(number)s is %(state)s and can no longer be accepted.",
                number=quote.number,
                state=state,
            ),
            state=state,
        ) from None


def _require_open(version: QuoteVersion, now: datetime) -> None:
    quote = version.quote
    if version.state == "draft":
        raise OfferChanged(quote.number)
    if local_date(now, quote.seller.time_zone) > version.valid_until:
        raise QuoteExpiredRefusal(quote.number, version.valid_until)


def _present_acceptance(
    version: QuoteVersion, content_hash: str, signature: Signature
) -> QuoteAcceptance:
    """The acceptance that is there already, for the same person posting the same page again."""
    known = queries.acceptance_of(version.pk)
    if known is None:
        raise QuoteState(
            said("Quote %(number)s is accepted.", number=version.quote.number), state="accepted"
        )
    if known.email == signature.email and content_hash in ("", known.content_hash):
        return known
    raise AlreadyAccepted(
        said(
            "Quote %(number)s was accepted by %(name)s already.",
            number=version.quote.number,
            name=known.name,
        ),
        by=known.name,
        at=known.accepted_at.isoformat(),
    )


def _checked(signature: Signature) -> Signature:
    fields = {}
    if not 0 < len(signature.name.strip()) <= 200:
        fields["name"] = said("your name")
    if len(signature.purchase_order) > 60:
        fields["purchase_order"] = said("at most 60 characters")
    try:
        email = parse_address(signature.email.strip()).addr_spec
    except BadAddress:
        fields["email"] = said("a mail address")
        email = ""
    if fields:
        raise BadQuote(
            said("To accept, give %(listed)s.", listed=strung(list(fields.values()), ", ")),
            code="bad_signature",
            fields=fields,
        )
    return replace(
        signature,
        name=signature.name.strip(),
        email=email,
        purchase_order=signature.purchase_order.strip(),
        user_agent=signature.user_agent[:300],
        evidence=free_text(signature.evidence, field="evidence", longest=300),
    )


def _accepted_version(version: QuoteVersion, shown: ShownOffer, now: datetime) -> QuoteVersion:
    """The version that is accepted: the presented one, or with other options the next one.

    What was presented never changes, so a buyer's own choice becomes a version of its own.
    """
    chosen = frozenset(line.key for line in shown.priced.lines if line.counts)
    chosen &= frozenset(line.key for line in shown.lines if line.is_optional)
    if chosen == default_choice(shown.lines):
        change_state(
            QuoteVersion, version.pk, to="accepted", allowed=VERSION, code="quote_version_state"
        )
        version.state = "accepted"
        return version
    content = store.keep(
        shown.content,
        name=f"{version.quote.number}-{version.version_no + 1}.json",
        media_type="application/json",
        now=now,
    )
    change_state(
        QuoteVersion, version.pk, to="superseded", allowed=VERSION, code="quote_version_state"
    )
    accepted = copy_of(version, now=now)
    accepted.presented_at = version.presented_at
    for column, value in totals_of(shown.priced).items():
        setattr(accepted, column, value)
    if accepted.target_minor is not None:  # what this choice comes to by the target of that one
        accepted.target_minor = net_of_target(shown.priced)
    accepted.save()
    copy_lines(version.pk, accepted.pk)
    on_offer = [line.key for line in shown.lines]
    QuoteLine.objects.filter(version=accepted).exclude(line_key__in=on_offer).delete()
    rows = [
        line_row(
            accepted.pk,
            line.position,
            replace(line, is_chosen=amounts.counts),
            amounts,
        )
        for line, amounts in zip(shown.lines, shown.priced.lines, strict=True)
    ]
    update_lines(accepted.pk, rows)
    change_state(
        QuoteVersion,
        accepted.pk,
        to="accepted",
        allowed=VERSION,
        code="quote_version_state",
        content_hash=shown.content_hash,
        content=content,
        document_id=version.document_id,
    )
    accepted.refresh_from_db(fields=["state", "content_hash", "content", "document"])
    return accepted


def _record(
    actor: Actor, now: datetime, version: QuoteVersion, shown: ShownOffer, signature: Signature
) -> QuoteAcceptance:
    quote = version.quote
    if version.content_id is None:
        raise QuoteState(
            said("Quote %(number)s was not presented yet.", number=quote.number), state="draft"
        )
    acceptance = QuoteAcceptance.objects.create(
        version=version,
        name=signature.name,
        email=signature.email,
        purchase_order=signature.purchase_order,
        accepted_at=now,
        ip_address=signature.ip_address,
        user_agent=signature.user_agent,
        content_hash=shown.content_hash,
        content_id=version.content_id,
        recorded_by_id=actor.user_id,
        evidence=signature.evidence,
    )
    change_state(Quote, quote.pk, to="accepted", allowed=QUOTE, code="quote_state")
    quote.state = "accepted"
    return acceptance


def _tell(actor: Actor, now: datetime, version: QuoteVersion, acceptance: QuoteAcceptance) -> None:
    quote = version.quote
    _win(actor, now, version)
    log.announce(
        QuoteAccepted(
            quote_id=quote.pk,
            version_id=version.pk,
            opportunity_id=quote.opportunity_id,
            organization_id=quote.organization_id,
            acceptance_id=acceptance.pk,
            gross=Money(version.gross_minor, quote.currency),
            purchase_order=acceptance.purchase_order,
        ),
        actor=actor,
        now=now,
    )
    enqueue(CONFIRM_JOB, acceptance_id=acceptance.pk)


def _win(actor: Actor, now: datetime, version: QuoteVersion) -> None:
    quote = version.quote
    if quote.opportunity_id is None:
        return
    opportunities.win(
        actor=actor,
        now=now,
        opportunity_id=quote.opportunity_id,
        amount=Money(version.net_minor, quote.currency),
        cause=f"quote {quote.number} accepted",
    )
