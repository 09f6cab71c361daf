"""The way through the engine: context and lines in, priced document out.

Preview, quote, amendment, renewal and rating call this one function.
"""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from typing import Any

from handsel.bid.price.errors import NoPrice
from handsel.bid.price.rules.charges import charge, holding, parted
from handsel.bid.price.rules.context import PriceContext, RequestLine
from handsel.bid.price.rules.derived import derive
from handsel.bid.price.rules.document import PricedDocument, header_shares, settled
from handsel.bid.price.rules.exactness import WORK
from handsel.bid.price.rules.lines import ExtendedLine, add_surcharges, extended, take_discounts
from handsel.bid.price.rules.plan import LineWork, Plan
from handsel.bid.price.rules.sources import base
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said


def price(context: PriceContext, lines: Sequence[RequestLine]) -> PricedDocument:
    """Price lines in one pass: no lookup outside the context, nothing rounded but what must be.

    Raises NoPrice naming every product that nothing gives a price for, NoRate for a currency
    without a rate, RuleCycle for percentages of each other, FormulaFault, and Invalid.
    """
    with decimal.localcontext(WORK):
        plan = Plan(context)
        own, charged = parted(lines)
        found = extended_lines(plan, own)
        shares = header_shares(
            [line for line in found.values() if line.counts],
            scale=plan.scale,
            header_bps=context.header_bps,
            header=context.header,
        )
        if len(found) < len(own):
            found |= derive(found, [one for one in plan.works if one.percent_of], plan, shares)
        if charged:
            found |= charge(context, charged, list(found.values()), shares)
        return settled(
            [found[line.key] for line in lines],
            shares,
            currency=context.currency,
            scale=plan.scale,
            header_bps=context.header_bps,
            policy=context.policy,
            fees=holding(context.terms.fees, context.priced_on),
            taxes=context.taxes,
        )


def extend(context: PriceContext, lines: Sequence[RequestLine]) -> list[ExtendedLine]:
    """Stages 1 to 13 for lines that cost no percentage of others, each by itself."""
    with decimal.localcontext(WORK):
        return list(extended_lines(Plan(context), lines).values())


def extended_lines(plan: Plan, lines: Sequence[RequestLine]) -> dict[Any, ExtendedLine]:
    """Stages 1 to 13 of the lines that cost no percentage of others, by key."""
    return extended_works([work for work in plan.take(lines) if not work.percent_of])


def extended_works(works: Sequence[LineWork]) -> dict[Any, ExtendedLine]:
    """Stages 1 to 13 of lines that were taken; those begun already go on from stage 4."""
    begin_all(works)
    found = {}
    for work in works:
        try:
            found[work.line.key] = _finished(work)
        except Invalid as refused:
            raise _about(work, refused) from None
    return found


def begin_all(works: Sequence[LineWork]) -> None:
    """Stages 1 to 3, up to what tiers may count. Raises NoPrice naming all that have none."""
    fresh = [work for work in works if not work.steps]
    missing = dict.fromkeys(work.line.product for work in fresh if not base(work))
    if missing:
        context = fresh[0].plan.context
        raise NoPrice(list(missing), context.book_name, context.priced_on)
    for work in fresh:
        try:
            add_surcharges(work)
        except Invalid as refused:
            raise _about(work, refused) from None


def _about(work: LineWork, refused: Invalid) -> Invalid:
    """The refusal with the product it is about, which is known only here."""
    if work.line.product not in refused.message:
        about = said("%(product)s: %(what)s", product=work.line.product, what=refused.message)
        refused.message = about
    return refused


def _finished(work: LineWork) -> ExtendedLine:
    take_discounts(work)
    return extended(work)
