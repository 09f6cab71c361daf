"""What a person asks of prices: a term, a ramp, a price of his own, a target for lines or all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.bid.quote.actions.draft import MOST_LINES, check_amounts, check_asked
from handsel.bid.quote.actions.edit import Draft, keep, open_draft
from handsel.bid.quote.actions.lines import last_serial
from handsel.bid.quote.actions.placing import groups_of
from handsel.bid.quote.actions.pricing import WorkLine
from handsel.bid.quote.errors import BadQuote, LineNotFound
from handsel.bid.quote.events import PartnerTierSet
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.queries import LineView, lines_of
from handsel.bid.quote.rules.asked import LONGEST_REASON, PRICED_BY_HAND, kept
from handsel.bid.quote.rules.line_keys import line_key, serial_of
from handsel.bid.quote.rules.sheet.touched import Touched, ranges
from handsel.bid.quote.rules.sheet.tree import ancestors
from handsel.bid.quote.rules.subscription import Step, segments, without_time
from handsel.bid.quote.rules.waived import WAIVED
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.kernel.split import apportion
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

PRICE_FIELDS = ("price",)
MOST_CODES, LONGEST_CODE = 20, 40
_REGULAR = ORDER[Stage.PRORATION]


@transaction.atomic
def set_line_price(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_key: UUID,
    asked: Mapping[str, Any],
    charge: str = "one_time",
    discount_bps: int | None = None,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Say what is asked of a line's price; what was asked before gives way, the ramp it stands in
    stays. `asked` is in the form of `rules.asked`. A price set by a person needs a `reason`.

    Raises CaseFault naming the field, BadQuote, RuleCycle where percentages are of each other.
    """
    draft = open_draft(actor, quote_id, lock_no)
    line = _found(draft.lines, line_key)
    wanted = _checked(asked, charge, draft.lines, line)
    if "ramp" in line.asked:
        wanted.setdefault("ramp", line.asked["ramp"])
    line.asked, line.charge = wanted, charge
    if discount_bps is not None:
        check_amounts(draft.lines.index(line) + 1, line.quantity, discount_bps)
        line.discount_bps = discount_bps
    return keep(draft, draft.lines, actor=actor, now=now, touched=_touched([line.key]))


def _checked(
    asked: Mapping[str, Any], charge: str, lines: Sequence[WorkLine], line: WorkLine
) -> dict[str, Any]:
    wanted = kept(asked)
    facts = check_asked(wanted, charge)
    if facts.percent_of is not None:
        missing = facts.percent_of.keys - {one.key for one in lines}
        if missing or line.key in facts.percent_of.keys:
            raise BadQuote(
                "A percentage is taken of other lines of this quote.",
                fields={"percent_of": "other lines of this quote"},
            )
    return wanted


@transaction.atomic
def ramp_line(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    line_key: UUID,
    start_on: date,
    steps: Sequence[Step],
    price_months: int = 12,
    charge_months: int = 0,
    convention: str = "",
    uplift_bps: int = 0,
    reason: str = "",
    lock_no: int | None = None,
) -> QuoteVersion:
    """Let a line stand for several periods with quantities and prices of their own.

    Each period is a line, so that all of it can be edited, ordered and billed like any other; the
    first keeps the line's identity. Done again, the steps there were give way. Steps with a
    price need a `reason`. Raises BadQuote.
    """
    draft = open_draft(actor, quote_id, lock_no)
    line = _found(draft.lines, line_key)
    if any(step.unit_price is not None for step in steps) and not reason.strip():
        raise BadQuote("Say why the price is set by hand.", fields={"reason": "a reason"})
    ramp = [one for one in draft.lines if is_of_ramp(one, _ramp_key(line))] or [line]
    first = ramp[0]
    asked = segments(
        first.key,
        steps,
        start_on=start_on,
        price_months=price_months,
        charge_months=charge_months,
        convention=convention,
        uplift_bps=uplift_bps,
        reason=free_text(reason, field="reason", longest=LONGEST_REASON),
    )
    if len(draft.lines) - len(ramp) + len(steps) > MOST_LINES:
        raise BadQuote(said("A quote has at most %(most_lines)s lines.", most_lines=MOST_LINES))
    cut = _cut(quote_id, ramp, steps, asked, "recurring" if charge_months else "one_time")
    at = draft.lines.index(first)
    rest = [one for one in draft.lines if one not in ramp]
    before = sum(1 for one in draft.lines[:at] if one not in ramp)
    lines = [*rest[:before], *cut, *rest[before:]]
    version = keep(draft, lines, actor=actor, now=now, touched=_touched([one.key for one in cut]))
    _join_group(version.pk, first.key, [one.key for one in cut[1:]])
    return version


def _cut(
    quote_id: int,
    ramp: Sequence[WorkLine],
    steps: Sequence[Step],
    asked: Sequence[Mapping[str, Any]],
    charge: str,
) -> list[WorkLine]:
    """A line for each step: those there are, then new ones like the first."""
    first, serial = ramp[0], last_serial(quote_id)
    beside = {
        name: value
        for name, value in without_time(first.asked).items()
        if name not in (*PRICED_BY_HAND, "reason")
    }
    cut = []
    for place, (step, own) in enumerate(zip(steps, asked, strict=True)):
        check_amounts(place + 1, step.quantity, step.discount_bps)
        key = ramp[place].key if place < len(ramp) else line_key_after(quote_id, serial, place)
        cut.append(
            replace(
                first,
                key=key,
                quantity=step.quantity,
                discount_bps=step.discount_bps,
                charge=charge,
                asked=kept({**beside, **own}),
            )
        )
    return cut


def line_key_after(quote_id: int, serial: int, place: int) -> UUID:
    """A new identity: serial numbers go on after the last one that was used."""
    return line_key(quote_id, serial + place + 1)


def _ramp_key(line: WorkLine) -> str:
    found: str = line.asked.get("ramp", {}).get("of", str(line.key))
    return found


def is_of_ramp(line: WorkLine | LineView, of: str) -> bool:
    """Whether a line is a segment of a ramp, named by the key of its first line."""
    return bool(line.asked.get("ramp", {}).get("of") == of)


def _join_group(version_id: int, first: UUID, others: Collection[UUID]) -> None:
    rows = QuoteLine.objects.filter(version_id=version_id)
    place = rows.filter(line_key=first).values("group_key", "alternative_set").first()
    if place is not None and others:
        rows.filter(line_key__in=list(others)).update(group_key=place["group_key"])


@transaction.atomic
def set_pricing(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    codes: Sequence[str] = (),
    partner: str | None = None,
    lock_no: int | None = None,
) -> QuoteVersion:
    """Say which promotion codes the buyer gave and of which tier the reseller is; prices follow.

    The tier is the buyer's own until somebody says another one here, which the quote's history
    tells; None leaves it.

    Raises BadQuote for codes or tiers no price book could name.
    """
    named = tuple(dict.fromkeys(code.strip() for code in codes if code.strip()))
    if len(named) > MOST_CODES or any(len(one) > LONGEST_CODE for one in (*named, partner or "")):
        raise BadQuote(
            "These are no promotion codes.",
            fields={
                "codes": said(
                    "at most %(most_codes)s of %(longest_code)s letters",
                    most_codes=MOST_CODES,
                    longest_code=LONGEST_CODE,
                )
            },
        )
    draft = open_draft(actor, quote_id, lock_no)
    stays = {
        name: draft.version.pricing[name]
        for name in ("reason", WAIVED)
        if name in draft.version.pricing
    }
    was = draft.version.pricing.get("partner", "")
    tier = was if partner is None else partner.strip()
    given = {"codes": list(named), "partner": tier}
    draft.version.pricing = stays | {name: value for name, value in given.items() if value}
    version = keep(draft, draft.lines, actor=actor, now=now, touched=Touched("", PRICE_FIELDS))
    if was != tier:
        told = PartnerTierSet(quote_id=quote_id, version_id=version.pk, was=was, tier=tier)
        log.announce(told, actor=actor, now=now)
    return version


@transaction.atomic
def set_target(
    *,
    actor: Actor,
    now: datetime,
    quote_id: int,
    total: Decimal | None,
    group_key: UUID | None = None,
    reason: str = "",
    lock_no: int | None = None,
) -> QuoteVersion:
    """Say what all lines, or those of a group, are to cost net; None takes the target off.

    On the whole quote it stands, whatever lines change: it is distributed to the cent over the
    lines that count. On a group it becomes a target of each of its lines, in proportion to their
    prices. Raises BadQuote where a floor or a discount on the whole stands in the way.
    """
    draft = open_draft(actor, quote_id, lock_no)
    if total is not None and not reason.strip():
        raise BadQuote("Say why the price is set by hand.", fields={"reason": "a reason"})
    minor = None if total is None else _minor(total, draft.quote.currency)
    if group_key is not None:
        return _target_of_group(draft, group_key, minor, reason, actor=actor, now=now)
    draft.version.target_minor = minor
    pricing = {name: value for name, value in draft.version.pricing.items() if name != "reason"}
    if minor is not None:
        pricing["reason"] = free_text(reason, field="reason", longest=LONGEST_REASON)
        draft.version.discount_bps = 0  # a target stands instead of a percentage
    draft.version.pricing = pricing
    return keep(draft, draft.lines, actor=actor, now=now, touched=Touched("", PRICE_FIELDS))


def _minor(total: Decimal, currency: str) -> int:
    if not total.is_finite() or total < 0:
        raise BadQuote("A target is an amount.", fields={"total": "an amount from zero"})
    return Money.parse(f"{total:f}", currency).amount_minor


def _target_of_group(
    draft: Draft, group_key: UUID, minor: int | None, reason: str, *, actor: Actor, now: datetime
) -> QuoteVersion:
    version = draft.version
    if version.discount_bps or version.target_minor is not None:
        raise BadQuote("Take the discount on the whole quote off first; it would come on top.")
    groups = groups_of(version.pk)
    if group_key not in groups:
        raise BadQuote("There is no such group.", fields={"group_key": "a group of this quote"})
    inside = [
        view
        for view in lines_of(version.pk)
        if view.counts and group_key in ancestors(view.group_key, groups)
    ]
    eligible = [view for view in inside if view.rows and view.rows[0].stage is not Stage.DERIVED]
    if len(eligible) < len(inside) and minor is not None:
        raise BadQuote("A line of this group costs a percentage of others; take it out first.")
    by_key = {line.key: line for line in draft.lines}
    if minor is None:
        for view in eligible:
            _take_target_off(by_key[view.key])
    else:
        weights = [max(_regular(view), 0) for view in eligible]
        if not any(weights):
            raise BadQuote("There is nothing in this group that a price could be given to.")
        parts = apportion(Money(minor, draft.quote.currency), weights)
        for view, part in zip(eligible, parts, strict=True):
            line = by_key[view.key]
            wanted = {"manual": {"target_line": part.text()}, "reason": reason.strip()}
            line.asked = kept({**line.asked, **wanted})
            line.discount_bps = 0
    keys = [view.key for view in eligible]
    keep(draft, draft.lines, actor=actor, now=now, touched=_touched(keys))
    if minor is not None:
        _require_reached(version.pk, keys, minor)
    return version


def _regular(view: LineView) -> int:
    return sum(row.amount_minor for row in view.rows if ORDER[row.stage] <= _REGULAR)


def _take_target_off(line: WorkLine) -> None:
    if "target_line" in line.asked.get("manual", {}):
        line.asked = {
            name: value for name, value in line.asked.items() if name not in ("manual", "reason")
        }


def _require_reached(version_id: int, keys: Collection[UUID], minor: int) -> None:
    views = [view for view in lines_of(version_id) if view.key in set(keys)]
    if sum(view.net_minor for view in views) != minor:
        held = [view.name for view in views if any(r.stage is Stage.ENDING for r in view.rows)]
        raise BadQuote(
            said(
                "The target cannot be reached: %(listed)s would cost less than the least they may.",
                listed=", ".join(held[:5]) or said("the lines"),
            ),
            fields={"total": "more"},
        )


def _found(lines: Sequence[WorkLine], key: UUID) -> WorkLine:
    for line in lines:
        if line.key == key:
            return line
    raise LineNotFound("this draft has no such line", line_key=str(key))


def _touched(keys: Collection[UUID]) -> Touched:
    return Touched(ranges(serial_of(key) for key in keys), PRICE_FIELDS)
