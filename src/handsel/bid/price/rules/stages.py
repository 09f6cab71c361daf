"""Stages 4 to 12: from the configured list price to the net unit price, one function a stage.

Each looks at the line as it stands and may add steps. All amounts are exact and for the whole
quantity; nothing is rounded here but what a person sees as a target per unit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from handsel.bid.price.rules import proration as terms_of_time
from handsel.bid.price.rules.by_hand import RESIDUE, manual
from handsel.bid.price.rules.exactness import (
    WHOLE_BPS,
    ZERO,
    share,
)
from handsel.bid.price.rules.plan import LineWork, Step, is_base_table
from handsel.bid.price.rules.sources import short
from handsel.bid.price.rules.terms import (
    Channel,
    Combination,
    Ending,
    Limit,
    Named,
    Promotion,
    TermDiscount,
)
from handsel.bid.price.rules.tiers import Measured, TierTable, discount, price_of
from handsel.bid.price.rules.waterfall import Stage
from handsel.ground.kernel.said import Said, said

PRICED_BY_TABLES: Final = ("list", "converted", "markup", "margin")
"""What a price table of stage 4 sets the price of."""


def tier(work: LineWork) -> None:
    """Stage 4: the discount or price of the most specific table that is reached."""
    recipe = work.recipe
    if recipe.price_tables and work.source in PRICED_BY_TABLES:
        for table in recipe.price_tables:
            if not is_base_table(table) and _tier_price(work, table):
                return
    if work.is_net_price:
        return
    quantity = abs(work.quantity)
    for table in recipe.discount_tables:
        if table.is_plain:
            step = table.reached(quantity)
            if step is None:
                continue
            change = -share(work.discountable, step.discount_bps)
            version = table.version or work.plan.context.book_version
            label = step.label or table.label
            work.add(Step(Stage.TIER, label, change, step.rule, step.discount_bps, version))
            return
        if _tier_discount(work, table):
            return


def _tier_price(work: LineWork, table: TierTable) -> bool:
    measured = work.plan.measured(table, work)
    price = table_price(work, table, measured)
    if price is None:
        return False
    change = price - work.steps[0].change
    work.add(Step(Stage.TIER, table.label, change, table.rule, None, table.version))
    if table.counts_others:
        work.notes.append(_counted(table, measured))
    return True


def table_price(work: LineWork, table: TierTable, measured: Measured) -> Decimal | None:
    """What a table makes of a line with a price; what comes before its first step keeps that."""
    below = work.steps[0].change / measured.own if measured.own else None
    return price_of(table, measured, below)


def _tier_discount(work: LineWork, table: TierTable) -> bool:
    measured = work.plan.measured(table, work)
    if table.reached(measured.mirrored.end) is None:
        return False
    change, bps = discount(table, measured, work.discountable)
    work.add(Step(Stage.TIER, table.label, change, table.rule, bps, table.version))
    work.notes.append(_counted(table, measured))
    return True


def _counted(table: TierTable, measured: Measured) -> str:
    """What a table counted, and how (P-19)."""
    counted = "cumulative" if table.is_cumulative else "incremental"
    return (
        f"{table.label or table.rule}: {counted}, {table.scope.value}: "
        f"{measured.total:f} and {measured.before:f} before"
    )


def agreement(work: LineWork) -> None:
    """Stage 5: the contracted percentage of the nearest organization; none on a fixed price."""
    agreed = work.recipe.agreed
    if not agreed:
        return
    if work.source in ("contracted", "renewal", "override"):
        for one in agreed:
            work.lose(Stage.AGREEMENT, one, said("A fixed price takes no percentage on top."))
        return
    first = agreed[0]
    bps = first.discount_bps or 0
    change = -share(work.discountable, bps)
    work.add(Step(Stage.AGREEMENT, first.label, change, first.rule, bps, first.version))
    for one in agreed[1:]:
        work.lose(Stage.AGREEMENT, one, _before(first))


def _before(first: Named) -> Said:
    return said("%(rule)s goes before it.", rule=first.label or first.rule)


def promotion(work: LineWork) -> None:
    """Stage 6: promotions and bundle adjustments by the combination policy of the context."""
    if not work.recipe.promotions:
        return
    if work.is_net_price:
        for one in work.recipe.promotions:
            work.lose(Stage.PROMOTION, one, said("Nothing is taken off a net price."))
        return
    found = [one for one in work.recipe.promotions if _applies(work, one)]
    if not found:
        return
    terms = work.plan.context.terms
    if terms.combination in (Combination.BEST, Combination.WORST):
        way = -1 if work.quantity < 0 else 1  # the best of a charge is the best of its credit
        ranked = sorted(found, key=lambda one: _off(work, one, work.discountable) * way)
        chosen = ranked[-1] if terms.combination is Combination.BEST else ranked[0]
        for one in found:
            if one is not chosen:
                work.lose(Stage.PROMOTION, one, said("Only one applies, and it is another."))
        found = [chosen]
    elif terms.combination is Combination.MULTIPLY:
        found.sort(key=lambda one: one.per_unit is not None)
    basis = work.discountable
    for one in found:
        on = basis if terms.combination is Combination.ADD else work.discountable
        off = _no_more(work, _off(work, one, on))
        bps = one.discount_bps if one.per_unit is None else None
        work.add(Step(Stage.PROMOTION, one.label, -off, one.rule, bps, one.version))


def _applies(work: LineWork, one: Promotion) -> bool:
    terms = work.plan.context.terms
    if one.code and one.code not in terms.codes:
        why = said("Its code was not given.")
    elif abs(work.quantity) < one.min_quantity:
        why = said("It applies from a quantity of %(least)s on.", least=short(one.min_quantity))
    elif one.bundle is not None and one.bundle != work.facts.bundle:
        why = said("It applies inside another bundle.")
    else:
        return True
    work.lose(Stage.PROMOTION, one, why)
    return False


def _no_more(work: LineWork, off: Decimal) -> Decimal:
    """A promotion leaves no less than nothing, of a credit too; a surcharge is as it is."""
    way = -1 if work.quantity < 0 else 1
    most = max(work.discountable * way, ZERO)
    return off if off * way <= most else most * way


def _off(work: LineWork, one: Promotion, amount: Decimal) -> Decimal:
    if one.per_unit is not None:
        return one.per_unit * work.quantity
    return share(amount, one.discount_bps)


def term(work: LineWork) -> None:
    """Stage 7: the discount for the term, the one for paying ahead, and the yearly uplift."""
    facts = work.facts
    if work.recipe.term_discounts:
        by_term = [
            one
            for one in work.recipe.term_discounts
            if not one.billing and one.min_months <= facts.term_months
        ]
        by_billing = [
            one
            for one in work.recipe.term_discounts
            if one.billing and one.billing == facts.billing and one.min_months <= facts.term_months
        ]
        for found in (by_term, by_billing):
            if found:
                _take_percent(work, Stage.TERM, max(found, key=lambda one: one.min_months))
    if facts.uplift_bps and facts.uplifts:
        factor = ((WHOLE_BPS + facts.uplift_bps) / WHOLE_BPS) ** facts.uplifts
        change = work.amount * factor - work.amount
        work.held *= factor
        work.off_list *= factor
        label = f"{Decimal(facts.uplift_bps) / 100:f} % × {facts.uplifts}"
        work.add(Step(Stage.TERM, label, change, "uplift"))


def _take_percent(work: LineWork, stage: Stage, rule: TermDiscount | Channel) -> None:
    change = -share(work.discountable, rule.discount_bps)
    work.add(Step(stage, rule.label, change, rule.rule, rule.discount_bps, rule.version))


def proration(work: LineWork) -> None:
    """Stage 8: the term as a multiple of the price's period; multiplied before it is divided."""
    facts = work.facts
    times, label, rule = facts.multiplier, "", "multiplier"
    price_months = facts.price_months or work.recipe.price_months
    if facts.due_months:
        times = Fraction(facts.due_months, price_months)
    if facts.term is not None:
        convention = facts.term.convention or work.recipe.convention
        times = terms_of_time.due(
            convention,
            facts.term.start_on,
            facts.term.end_on,
            price_months,
            facts.term.anchor_on,
        )
        label, rule = f"{facts.term.start_on} – {facts.term.end_on}", convention.value
    if times is None or times == 1:
        return
    work.times = times
    change = _times(work.amount, times) - work.amount
    work.held = _times(work.held, times)
    work.off_list = _times(work.off_list, times)
    work.add(Step(Stage.PRORATION, label, change, f"proration:{rule}"))


def _times(amount: Decimal, times: Fraction) -> Decimal:
    return amount * times.numerator / times.denominator


def partner(work: LineWork) -> None:
    """Stage 10: the reseller's discount, on what the customer pays or off list."""
    _channel(work, Stage.PARTNER, work.recipe.partners)


def distributor(work: LineWork) -> None:
    """Stage 11: the distributor's discount, in the same two ways."""
    _channel(work, Stage.DISTRIBUTOR, work.recipe.distributors)


def _channel(work: LineWork, stage: Stage, channels: Sequence[Channel]) -> None:
    if not channels:
        return
    first = channels[0]
    basis = work.free(work.off_list) if first.off_list else work.discountable
    change = -share(basis, first.discount_bps)
    work.add(Step(stage, first.label, change, first.rule, first.discount_bps, first.version))
    for one in channels[1:]:
        work.lose(stage, one, _before(first))


def ending(work: LineWork) -> None:
    """Stage 12: how net unit prices end, then the least and the most one may cost.

    Limits and costs are for as long as list prices are: over a term they are due as often.
    """
    if not work.quantity:
        return
    unit = work.amount / work.quantity
    for one in work.recipe.endings:
        if abs(unit) >= one.from_price:
            unit = ended(unit, one)
            change = unit * work.quantity - work.amount
            work.add(Step(Stage.ENDING, one.label, change, one.rule, None, one.version))
            break
    for limit in work.recipe.limits:
        bound = _bound(unit, _least(work, limit), _over_term(work, limit.ceiling))
        if bound is not None and abs(bound - unit) > RESIDUE:
            change = bound * work.quantity - work.amount
            what = "floor" if bound > unit else "ceiling"
            work.add(Step(Stage.ENDING, what, change, limit.rule, None, limit.version))
            work.notes.append(f"{what}: {limit.label or limit.rule}")
            unit = bound


def least_amount(work: LineWork) -> Decimal | None:
    """The least a line may cost, whatever it does; None where nothing says it."""
    found = [least for limit in work.recipe.limits if (least := _least(work, limit)) is not None]
    return max(found) * work.quantity if found and work.quantity > 0 else None


def _least(work: LineWork, limit: Limit) -> Decimal | None:
    """The least a unit may cost over its term, by one limit: its floor, and the one its cost
    makes."""
    least = limit.floor
    cost = _unit_cost(work) if limit.margin_bps is not None else None
    if cost is not None and limit.margin_bps is not None:
        from_cost = cost * WHOLE_BPS / (WHOLE_BPS - limit.margin_bps)
        least = from_cost if least is None else max(least, from_cost)
    return _over_term(work, least)


def _unit_cost(work: LineWork) -> Decimal | None:
    """What a unit costs us: known, or a share of what it is listed at as configured."""
    facts = work.facts
    if facts.cost is not None or not facts.cost_share_bps:
        return facts.cost
    return share(work.list_amount, facts.cost_share_bps) / work.quantity


def _over_term(work: LineWork, limit: Decimal | None) -> Decimal | None:
    return limit if limit is None or work.times is None else _times(limit, work.times)


def _bound(unit: Decimal, least: Decimal | None, most: Decimal | None) -> Decimal | None:
    if least is not None and unit < least:
        return least
    if most is not None and unit > most:
        return most
    return None


_DIRECTIONS: Final = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def ended(unit: Decimal, one: Ending) -> Decimal:
    """A unit price brought to the ending's nearest, next higher or next lower value."""
    exact = (unit - one.offset) / one.step
    multiples = exact.to_integral_value(_DIRECTIONS["nearest"])
    if abs(exact - multiples) > RESIDUE:  # else it ends so already, but for the last of 28 digits
        multiples = exact.to_integral_value(_DIRECTIONS[one.direction])
    return multiples * one.step + one.offset


LineStage = Callable[[LineWork], None]
IN_ORDER: Final[tuple[LineStage, ...]] = (
    tier,
    agreement,
    promotion,
    term,
    proration,
    manual,
    partner,
    distributor,
    ending,
)
MANUAL_LAST: Final[tuple[LineStage, ...]] = (
    tier,
    agreement,
    promotion,
    term,
    proration,
    partner,
    distributor,
    manual,
    ending,
)
PLAIN: Final[tuple[LineStage, ...]] = (tier, manual)
"""What can apply where the book and a percentage are all there is."""
