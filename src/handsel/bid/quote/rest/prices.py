"""Prices that are asked of a draft: terms, ramps, prices by hand, targets; and its scenarios."""

from __future__ import annotations

from uuid import UUID

from handsel.bid.quote import actions, queries
from handsel.bid.quote.queries.scenarios import compared_scenarios
from handsel.bid.quote.rest.answers import QuoteOut
from handsel.bid.quote.rest.price_schemas import (
    ChargeFeeIn,
    LinePriceIn,
    PricingIn,
    RampIn,
    ScenarioIn,
    ScenariosOut,
    TargetIn,
    WaiveIn,
)
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import KeyInPath, number
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date


@router.post(
    "/{quote_id}/lines/{line_key}/price",
    permission="quote.edit",
    response=QuoteOut,
    summary="Say what is asked of a line's price: term, charge, price by hand, share of others",
)
def set_line_price(
    request: Request, quote_id: KeyInPath, line_key: UUID, body: LinePriceIn
) -> QuoteOut:
    """What was asked before gives way. A price by hand needs a `reason`."""
    version = actions.set_line_price(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=line_key,
        asked=body.asked,
        charge=body.charge,
        discount_bps=body.discount_bps,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/lines/{line_key}/ramp",
    permission="quote.edit",
    response=QuoteOut,
    summary="Cut a line into periods with quantities and prices of their own",
)
def ramp_line(request: Request, quote_id: KeyInPath, line_key: UUID, body: RampIn) -> QuoteOut:
    """Each period is a line; the first keeps its key. Done again, the periods there were give
    way."""
    version = actions.ramp_line(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=line_key,
        start_on=parse_date(body.start_on),
        steps=[step.step() for step in body.steps],
        price_months=body.price_months,
        charge_months=body.charge_months,
        convention=body.convention,
        uplift_bps=body.uplift_bps,
        reason=body.reason,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/target",
    permission="quote.edit",
    response=QuoteOut,
    summary="Set or take off the net price wanted of a draft or a group of it",
)
def set_target(request: Request, quote_id: KeyInPath, body: TargetIn) -> QuoteOut:
    """Distributed over the lines to the cent; lines that cost a percentage of others come on
    top."""
    version = actions.set_target(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        total=None if body.total is None else number(body.total),
        group_key=body.group_key,
        reason=body.reason,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/pricing",
    permission="quote.edit",
    response=QuoteOut,
    summary="Say which promotion codes were given and of which tier the reseller is",
)
def set_pricing(request: Request, quote_id: KeyInPath, body: PricingIn) -> QuoteOut:
    """Codes left out are taken off; so is a tier that is empty."""
    version = actions.set_pricing(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        codes=body.codes,
        partner=body.partner,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/fees/waive",
    permission="quote.waive_fee",
    response=QuoteOut,
    summary="Waive a fee of the price book on a draft",
)
def waive_fee(request: Request, quote_id: KeyInPath, body: WaiveIn) -> QuoteOut:
    """Its line stays with nothing to pay; approvals see what was waived, and why."""
    version = actions.waive_fee(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=body.line_key,
        reason=body.reason,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/fees/charge",
    permission="quote.waive_fee",
    response=QuoteOut,
    summary="Charge a draft a fee again that was waived",
)
def charge_fee(request: Request, quote_id: KeyInPath, body: ChargeFeeIn) -> QuoteOut:
    """Or that stayed with the quote this one was split off."""
    version = actions.charge_fee(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        line_key=body.line_key,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.get(
    "/{quote_id}/scenarios",
    permission="quote.view",
    response=ScenariosOut,
    summary="Compare the scenarios of a quote",
)
def scenarios(request: Request, quote_id: KeyInPath) -> ScenariosOut:
    """Each priced as if it were the offer."""
    version = queries.get_version(request.actor, quote_id)
    return ScenariosOut.of(
        compared_scenarios(version),
        version_no=version.version_no,
        lock_no=version.lock_no,
        currency=version.quote.currency,
    )


@router.post(
    "/{quote_id}/scenarios",
    permission="quote.edit",
    response=QuoteOut,
    summary="Keep the options as they are chosen now under a name",
)
def keep_scenario(request: Request, quote_id: KeyInPath, body: ScenarioIn) -> QuoteOut:
    """One of that name gives way."""
    version = actions.keep_scenario(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        name=body.name,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/scenarios/offer",
    permission="quote.edit",
    response=QuoteOut,
    summary="Offer a scenario; with an empty name none of them",
)
def offer_scenario(request: Request, quote_id: KeyInPath, body: ScenarioIn) -> QuoteOut:
    """Lines only other scenarios choose are not on the offer."""
    version = actions.offer_scenario(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        name=body.name,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/scenarios/remove",
    permission="quote.edit",
    response=QuoteOut,
    summary="Drop a scenario; the lines stay as they are chosen",
)
def remove_scenario(request: Request, quote_id: KeyInPath, body: ScenarioIn) -> QuoteOut:
    """By its name."""
    version = actions.remove_scenario(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        name=body.name,
        lock_no=body.lock_no,
    )
    return QuoteOut.of(version)
