"""The lines of an offer under their headings, and what each kind of charge comes to, for paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from handsel.bid.price.rules.document import PricedLine
from handsel.bid.quote.models import QuoteGroup
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.offer import ShownOffer
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.paid import paid_of, ramp_of
from handsel.bid.quote.rules.proposal.sections import Heading, Placed, Section, sections_of
from handsel.ground.document.content import (
    ChargePart,
    ChargeTotal,
    Interval,
    LineSection,
    SumInterval,
    TaxRow,
)
from handsel.ground.document.content import PricedLine as PaperLine
from handsel.ground.kernel.money import Money

_FEES: Final = UUID(int=1)
_SETS: Final = UUID(int=2)
_LAST: Final = 2**31
_CHARGES: Final = ("one_time", "recurring", "usage")
_INTERVALS: Final[dict[int, Interval]] = {1: "month", 3: "quarter", 12: "year"}

Kind = tuple[str, SumInterval]


def interval_of(line: LineView) -> Interval:
    """What a line is paid by, where that has a word."""
    paid = paid_of(line.charge, line.asked)
    return _INTERVALS.get(paid.months, "") if paid.charge == "recurring" else ""


def summed_by(line: LineView) -> SumInterval:
    """With which lines it can be summed: periods that follow each other are never paid at once."""
    is_ramp = line.charge == "recurring" and ramp_of(line.asked)
    return "periods" if is_ramp else interval_of(line)


def sections(
    shown: ShownOffer, papers: Sequence[PaperLine], *, counted: bool
) -> tuple[LineSection, ...]:
    """What counts by its groups, or what does not by its sets of alternatives.

    Empty where there is nothing to head.
    """
    lines = [
        line
        for line, amounts in zip(shown.lines, shown.priced.lines, strict=True)
        if amounts.counts is counted
    ]
    headings = _groups(shown.version.pk) if counted else _alternatives(shown, lines)
    if counted and headings:  # after all groups, not before them with what stands in none
        headings.append(Heading(_FEES, None, _("Freight and fees"), _LAST))
    placed = [
        Placed(place, _heading_of(line, counted), paper.amount.amount_minor)
        for place, (line, paper) in enumerate(zip(lines, papers, strict=True))
    ]
    found = sections_of(headings, placed)
    if not any(section.title for section in found):
        return ()
    currency = shown.priced.currency
    return tuple(
        _section(found, place, papers, currency if counted else "") for place in range(len(found))
    )


def _section(
    found: Sequence[Section], place: int, papers: Sequence[PaperLine], currency: str
) -> LineSection:
    section = found[place]
    inside = [papers[at] for at in _places(found, place)]
    return LineSection(
        title=section.title,
        depth=section.depth,
        lines=tuple(papers[at] for at in section.places),
        amount=Money(section.net_minor, currency) if currency and section.title else None,
        parts=_parts(inside) if currency and section.title else (),
    )


def _places(found: Sequence[Section], place: int) -> list[int]:
    """The lines of a section and of those in it."""
    places = list(found[place].places)
    for later in found[place + 1 :]:
        if later.depth <= found[place].depth:
            break
        places += later.places
    return places


def _parts(lines: Sequence[PaperLine]) -> tuple[ChargePart, ...]:
    sums: dict[Kind, Money] = {}
    for line in lines:
        kind = (line.charge, line.interval)
        sums[kind] = sums.get(kind, Money.zero(line.amount.currency)) + line.amount
    if len(sums) < 2:
        return ()
    return tuple(
        ChargePart(charge=kind[0], interval=kind[1], amount=sums[kind])  # type: ignore[arg-type]
        for kind in sorted(sums, key=lambda kind: (_CHARGES.index(kind[0]), kind[1]))
    )


def _groups(version_id: int) -> list[Heading]:
    rows = QuoteGroup.objects.filter(version_id=version_id)
    return [
        Heading(*row) for row in rows.values_list("group_key", "parent_key", "title", "position")
    ]


def _heading_of(line: LineView, counted: bool) -> UUID | None:
    if counted:
        return _FEES if is_fee(line.asked) else line.group_key
    return _set_key(line.alternative_set) if line.alternative_set else None


def _set_key(name: str) -> UUID:
    return uuid5(_SETS, name)


def _alternatives(shown: ShownOffer, lines: Sequence[LineView]) -> list[Heading]:
    """Alternatives stand apart from options, each set under its name and what it replaces."""
    names = dict.fromkeys(line.alternative_set for line in lines)
    taken = {
        line.alternative_set: line.position
        for line, amounts in zip(shown.lines, shown.priced.lines, strict=True)
        if amounts.counts and line.alternative_set
    }
    return [
        Heading(_set_key(name), None, _instead(name, taken.get(name)), at)
        for at, name in enumerate(names)
        if name
    ]


def _instead(name: str, position: int | None) -> str:
    if position is None:
        return name
    return _("%(name)s: instead of item %(position)s") % {"name": name, "position": position}


def charge_totals(shown: ShownOffer) -> tuple[ChargeTotal, ...]:
    """What is paid once, and what by each period: net, tax and total of each kind.

    Lines bear the tax the document gave them, so that the kinds together are the document.
    """
    by_kind: dict[Kind, list[PricedLine]] = {}
    for line, amounts in zip(shown.lines, shown.priced.lines, strict=True):
        if amounts.counts:
            by_kind.setdefault((line.charge, summed_by(line)), []).append(amounts)
    kinds = sorted(by_kind, key=lambda kind: (_CHARGES.index(kind[0]), kind[1]))
    if len(kinds) < 2:
        kind = kinds[0] if kinds else ("one_time", "")
        return (_whole(shown, kind),)
    return tuple(_total(kind, by_kind[kind], shown.priced.currency) for kind in kinds)


def _whole(shown: ShownOffer, kind: Kind) -> ChargeTotal:
    priced, currency = shown.priced, shown.priced.currency
    saved = priced.list_minor - priced.net_minor
    return ChargeTotal(
        net=Money(priced.net_minor, currency),
        taxes=tuple(
            TaxRow(
                rate_bps=row.tax.rate_bps,
                base=Money(row.base_minor, currency),
                tax=Money(row.tax_minor, currency),
                reason=_(row.tax.reason) if row.tax.reason else "",
            )
            for row in priced.taxes
        ),
        gross=Money(priced.gross_minor, currency),
        charge=kind[0],  # type: ignore[arg-type]
        interval=kind[1],
        list_total=Money(priced.list_minor, currency) if saved else None,
        discount=Money(saved, currency) if saved else None,
    )


def _total(kind: Kind, lines: Sequence[PricedLine], currency: str) -> ChargeTotal:
    listed = sum(line.list_minor for line in lines)
    net = sum(line.net_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    taxes = sorted(
        {line.tax for line in lines},
        key=lambda one: (-one.rate_bps, one.category, one.reason_code),
    )
    rows = []
    for one in taxes:
        of_it = [line for line in lines if line.tax == one]
        rows.append(
            TaxRow(
                rate_bps=one.rate_bps,
                base=Money(sum(line.net_minor for line in of_it), currency),
                tax=Money(sum(line.tax_minor for line in of_it), currency),
                reason=_(one.reason) if one.reason else "",
            )
        )
    saved = listed - net
    return ChargeTotal(
        net=Money(net, currency),
        taxes=tuple(rows),
        gross=Money(net + tax, currency),
        charge=kind[0],  # type: ignore[arg-type]
        interval=kind[1],
        list_total=Money(listed, currency) if saved else None,
        discount=Money(saved, currency) if saved else None,
    )
