"""Fees of one quote: waived, charged again, and charged once where a quote is split."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from handsel.bid.quote.actions.edit import keep, open_draft
from handsel.bid.quote.actions.pricing import WorkLine
from handsel.bid.quote.errors import BadQuote, LineNotFound
from handsel.bid.quote.events import FeeCharged, FeeWaived
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.rules.asked import FEE, LONGEST_REASON, fee_label, is_fee
from handsel.bid.quote.rules.line_keys import fee_key
from handsel.bid.quote.rules.sheet.touched import Touched
from handsel.bid.quote.rules.waived import Waiver, waivers_of, with_waivers
from handsel.ground.kernel.free_text import one_sentence
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.events import Event

MAY_WAIVE: Final = "quote.waive_fee"
_FIELDS: Final = ("price",)


@transaction.atomic
def waive_fee(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_key: UUID,
    reason: str,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Let a draft not be charged a fee of its price book; the line stays, with 0.00.

    The reason stays with this and all later versions; approvals see what was waived. Raises
    BadQuote without a reason, Invalid for one that is too long, LineNotFound for what is no fee of
    this draft.
    """
    actor.require(MAY_WAIVE)
    why = one_sentence(reason, field="reason", longest=LONGEST_REASON)
    if not why:
        expected = said("1 to %(longest_reason)s letters", longest_reason=LONGEST_REASON)
        raise BadQuote("Say why the fee is waived.", fields={"reason": expected})
    return _set(actor, now, quote_id, line_key, why, lock_no)


@transaction.atomic
def charge_fee(
    *, actor: Actor, now: datetime, quote_id: int, line_key: UUID, lock_no: int | None = None
) -> QuoteVersion:
    """Charge a draft a fee again that was waived, or that stayed with the quote it was split off.

    Raises LineNotFound for what is no fee of this draft.
    """
    actor.require(MAY_WAIVE)
    return _set(actor, now, quote_id, line_key, "", lock_no)


def _set(
    actor: Actor, now: datetime, quote_id: int, line_key: UUID, why: str, lock_no: int | None
) -> QuoteVersion:
    draft = open_draft(actor, quote_id, lock_no)
    fee = _found(draft.fees, line_key)
    waivers = waivers_of(draft.version.pricing)
    was = waivers.pop(str(line_key), None)
    if why:
        waivers[str(line_key)] = Waiver(fee_label(fee.asked), reason=why)
    if waivers.get(str(line_key)) == was:
        return draft.version
    draft.version.pricing = with_waivers(draft.version.pricing, waivers)
    version = keep(draft, draft.lines, actor=actor, now=now, touched=Touched("", _FIELDS))
    event: Event = (
        FeeWaived(quote_id=quote_id, version_id=version.pk, fee=fee.name, reason=why)
        if why
        else FeeCharged(quote_id=quote_id, version_id=version.pk, fee=fee.name)
    )
    log.announce(event, actor=actor, now=now)
    return version


def _found(fees: list[WorkLine], line_key: UUID) -> WorkLine:
    for fee in fees:
        if fee.key == line_key:
            return fee
    raise LineNotFound("this draft has no such fee", line_key=str(line_key))


def waived_on_part(source: QuoteVersion, part_id: int) -> dict[str, Waiver]:
    """What a part split off a quote is not charged: amounts that the quote still charges once, and
    what was waived on it. A percentage is charged on the lines of each.

    Read from the quote's lines as they are priced without the part.
    """
    own = waivers_of(source.pricing)
    found: dict[str, Waiver] = {}
    taken: set[UUID] = set()
    rows = QuoteLine.objects.filter(version=source).order_by("position")
    for row in rows:
        if not is_fee(row.asked):
            continue
        label = fee_label(row.asked)
        key = fee_key(part_id, label, taken)
        taken.add(key)
        waiver = own.get(str(row.line_key))
        if waiver is not None:
            found[str(key)] = waiver
        elif "amount" in row.asked[FEE] and row.net_minor:
            quote = source.quote
            found[str(key)] = Waiver(label, quote=quote.number, quote_id=quote.pk)
    return found


def charged_by(waivers: Mapping[str, Waiver], quote_id: int) -> dict[str, Waiver]:
    """The waivers but for fees that a quote charges which is no more."""
    return {key: one for key, one in waivers.items() if one.quote_id != quote_id}
