"""A document of which some lines changed, priced without pricing the others again.

`reprice` answers exactly what `engine.price` would, for lines of which everything but a few stands
as it was priced before. Lines that cost a percentage of others' net are always among those that
are priced. Where a change reaches other lines' own amounts (tiers over a group or the whole
document, percentages of what only a line's steps tell) those are priced too, and no others.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handsel.bid.price.rules.charges import charge, holding, parted
from handsel.bid.price.rules.context import LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.derived import Base, derive, is_base_of
from handsel.bid.price.rules.document import (
    Settlement,
    header_shares,
    priced_line,
    settlement,
)
from handsel.bid.price.rules.engine import extended_works
from handsel.bid.price.rules.exactness import WORK
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.plan import LineWork, Plan
from handsel.bid.price.rules.priced import PricedLine
from handsel.bid.price.rules.reach import reached
from handsel.bid.price.rules.taxing import Extended
from handsel.bid.price.rules.terms import Point
from handsel.bid.price.rules.tiers import ProductKey
from handsel.bid.price.rules.waterfall import Stage


@dataclass(slots=True)
class Standing:
    """A line as it was priced, as far as the rest of its document depends on it.

    `amount_minor` is its own amount (stage 13), `header_minor` and `tax_minor` its shares of the
    document's discount and tax.
    """

    key: Any
    list_minor: int
    amount_minor: int
    header_minor: int
    tax_minor: int
    tax: LineTax
    counts: bool = True
    takes_header: bool = True
    is_derived: bool = False
    product_id: Any = None
    product_group: str = ""

    @property
    def trace(self) -> None:
        """How it was priced is not known any more."""
        return None


@dataclass(frozen=True, slots=True)
class Repriced:
    """What a change comes to: the lines priced anew, the shares (of discount, of tax) that moved
    of lines that were not, and the document."""

    lines: Mapping[Any, PricedLine]
    shifted: Mapping[Any, tuple[int, int]]
    document: Settlement


def standing(line: PricedLine, product_group: str = "") -> Standing:
    """A priced line as it stands."""
    header_minor = sum(row.amount_minor for row in line.rows if row.stage is Stage.HEADER)
    return Standing(
        line.key,
        line.list_minor,
        line.own_minor,
        header_minor,
        line.tax_minor,
        line.tax,
        line.counts,
        line.takes_header,
        line.is_derived or line.is_fee,
        line.product_id,
        product_group,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What kept lines are priced from, for when a change reaches further than its own lines: `kept`
    are they, `before` what the changed lines were, and those that are gone."""

    kept: Sequence[RequestLine]
    before: Sequence[RequestLine]


def reprice(
    context: PriceContext,
    kept: Sequence[Standing],
    changed: Sequence[RequestLine],
    gone: Iterable[tuple[ProductKey, str]] = (),
    asked: Asked | None = None,
) -> Repriced | None:
    """Price `changed` lines among `kept` ones, which were priced in the same context.

    `gone` are product and group of lines that are no more; lines that are a percentage of others
    and fees must be among the `changed`. The context needs to know the products of those two only;
    linear in the lines, but only in whole numbers. None where other lines' own amounts may depend
    on the change: then it wants to know what was `asked`, in a context of all products, and prices
    those other lines too. None then where what was bought elsewhere counts. Raises what
    `engine.price` raises.
    """
    if any(line.is_derived for line in kept):
        return None
    with decimal.localcontext(WORK):
        plan = Plan(context)
        changed, charged = parted(changed)
        if asked is None:
            about = {(line.product_id, line.product_group) for line in changed} | set(gone)
            if any(plan.recipe_of(*one).counting for one in about):
                return None
            works = list(plan.take(changed))
            if any(_before_net(work) for work in works):
                return None
            return _repriced(plan, kept, works, charged, {})
        count = len(asked.kept)
        works = plan.take([*asked.kept, *changed])
        standing_works, works = works[:count], works[count:]
        were = [
            LineWork(plan, line, plan.recipe_of(line.product_id, line.product_group))
            for line in parted(asked.before)[0]
        ]
        further = reached(plan, standing_works, works, were)
        if further is None:
            return None
        by_key = {work.line.key: work for work in standing_works}
        return _repriced(plan, kept, [*further, *works], charged, by_key)


def _before_net(work: LineWork) -> bool:
    return work.percent_of is not None and work.percent_of.point is not Point.NET


def _repriced(
    plan: Plan,
    kept: Sequence[Standing],
    works: Sequence[LineWork],
    charged: Sequence[RequestLine],
    known: Mapping[Any, LineWork],
) -> Repriced | None:
    """The works priced among kept lines, and the fees `charged` on all of them; `known` are the
    works of the kept, if they are known."""
    context = plan.context
    found = extended_works([work for work in works if not work.percent_of])
    stays = [line for line in kept if line.key not in found] if known else kept
    shares = _shares(context, plan, [*stays, *found.values()])
    told: dict[Any, ExtendedLine] = {}
    if len(found) < len(works):
        derived = [work for work in works if work.percent_of]
        told = extended_works(_told_by_steps(derived, stays, known))
        bases: dict[Any, Base] = {line.key: line for line in stays}
        found |= derive(bases | told | found, derived, plan, shares)
    if charged:
        found |= charge(context, charged, [*stays, *found.values()], shares)
    document = _settlement(context, plan, [*stays, *found.values()], shares)
    shifted, bare = _shifted(stays, document, context.policy.prices_include_tax)
    if bare and not known:
        return None
    found |= {key: told[key] for key in bare if key in told}
    found |= extended_works([known[key] for key in bare if key not in told])
    lines = {
        key: priced_line(
            line, document.header.get(key, 0), document.tax[key], context.currency, context.policy
        )
        for key, line in found.items()
    }
    return Repriced(lines, shifted, document)


def _told_by_steps(
    derived: Iterable[LineWork], stays: Sequence[Standing], known: Mapping[Any, LineWork]
) -> list[LineWork]:
    """Lines of which a percentage is taken before their net: only their steps tell what they were
    then."""
    rules = [work for work in derived if _before_net(work)]
    wanted = {line.key: None for work in rules for line in stays if is_base_of(line, work)}
    return [known[key] for key in wanted]


def _shares(context: PriceContext, plan: Plan, lines: Sequence[Extended]) -> dict[Any, int]:
    return header_shares(
        [line for line in lines if line.counts],
        scale=plan.scale,
        header_bps=context.header_bps,
        header=context.header,
    )


def _settlement(
    context: PriceContext, plan: Plan, lines: Sequence[Extended], shares: Mapping[Any, int]
) -> Settlement:
    return settlement(
        lines,
        shares,
        currency=context.currency,
        scale=plan.scale,
        header_bps=context.header_bps,
        policy=context.policy,
        fees=holding(context.terms.fees, context.priced_on),
        taxes=context.taxes,
    )


def _shifted(
    kept: Sequence[Standing], document: Settlement, tax_is_inside: bool
) -> tuple[dict[Any, tuple[int, int]], list[Any]]:
    """The shares that moved, and the lines of which a share goes to nothing: that leaves a net unit
    price that only their own steps tell."""
    header, tax = document.header.get, document.tax
    found: dict[Any, tuple[int, int]] = {}
    bare: list[Any] = []
    for line in kept:
        key = line.key
        bears, owes = header(key, 0), tax[key]
        if bears != line.header_minor or owes != line.tax_minor:
            if (line.header_minor and not bears) or (tax_is_inside and line.tax_minor and not owes):
                bare.append(key)
            else:
                found[key] = (bears, owes)
    return found, bare
