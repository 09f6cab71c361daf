"""What was looked at for a line and did not apply, with the reason: reckoned where somebody asks.

Pricing takes the first source that has a price and goes on. Who wants to know what else there was
asks here, with the line as it was reckoned: every other source of the base price, the tables of
the tier, the rules that do not hold on the day, and what the stages after them left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Final

from handsel.bid.price.rules.charges import concerns
from handsel.bid.price.rules.exactness import WORK
from handsel.bid.price.rules.plan import LineWork, Loser, is_base_table
from handsel.bid.price.rules.sources import Missed, Source, looked_at, named, unreached
from handsel.bid.price.rules.stages import PRICED_BY_TABLES, table_price
from handsel.bid.price.rules.terms import Named
from handsel.bid.price.rules.tiers import TierTable
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import Said, said

GOES_BEFORE: Final = {
    "override": said("A price set by hand goes before it."),
    "renewal": said("The renewed price goes before it."),
    "contracted": said("An agreed price goes before it."),
    "bundle": said("The price inside the bundle goes before it."),
    "matrix": said("A price by attributes goes before it."),
    "tier": said("A price table goes before it."),
    "markup": said("The price made from the cost goes before it."),
    "margin": said("The price made from the cost goes before it."),
    "list": said("The list price goes before it."),
    "converted": said("The converted price goes before it."),
    "percent_of": said("The line costs a percentage of other lines."),
}
NEARER: Final = said("One that is nearer or more specific goes before it.")
OWN_BOOK: Final = said("The price of the book itself goes before it.")
BY_TABLE: Final = said("A price table sets the price.")
NET_PRICE: Final = said("Nothing is taken off a net price.")


def losers_of(work: LineWork) -> list[Loser]:
    """Everything about a priced line that lost, in the order of the stages."""
    with localcontext(WORK):
        found = [*_of_base(work), *_of_other_days(work), *_of_tier(work), *work.losers]
        found += _of_percentages(work)
    return sorted(found, key=lambda one: ORDER[one.stage])


def _of_base(work: LineWork) -> Iterator[Loser]:
    """Every source but the one that won; a line that costs a percentage of others has none."""
    has_won = work.source == "percent_of"
    for one in looked_at(work, telling=True):
        if isinstance(one, Missed):
            why = one.why()
            yield Loser(Stage.BASE, one.rule, one.version, one.label, why, one.unit_price)
        elif has_won:
            yield _lost(work, one)
        has_won = has_won or isinstance(one, Source)


def _lost(work: LineWork, source: Source) -> Loser:
    if source.kind != work.source:
        why = GOES_BEFORE[work.source]
    else:
        why = OWN_BOOK if source.kind == "list" else NEARER
    return Loser(
        Stage.BASE, source.rule, source.version, source.label, why, _unit(work, source.amount)
    )


def _unit(work: LineWork, amount: Decimal) -> Decimal | None:
    return amount / work.quantity if work.quantity else None


def _of_tier(work: LineWork) -> Iterator[Loser]:
    """The tables of stage 4 that say nothing about the line, or after another one."""
    is_priced = False
    is_listed = work.recipe.entry is not None or _is_converted(work)
    for table in work.recipe.price_tables if is_listed else ():
        if is_base_table(table):
            continue
        found = _price(work, table)
        if isinstance(found, str):
            yield _table(table, found)
            continue
        if work.source not in PRICED_BY_TABLES:
            yield _table(table, GOES_BEFORE[work.source], _unit(work, found))
        elif is_priced:
            yield _table(table, NEARER, _unit(work, found))
        else:
            is_priced = True
    is_priced = is_priced and work.source in PRICED_BY_TABLES
    yield from _of_discounts(work, BY_TABLE if is_priced else None)


def _is_converted(work: LineWork) -> bool:
    foreign = work.recipe.foreign
    return foreign is not None and foreign.currency in work.plan.context.terms.rates


def _of_discounts(work: LineWork, over: Said | None) -> Iterator[Loser]:
    if over is None and work.is_net_price:
        over = NET_PRICE
    for table in work.recipe.discount_tables:
        try:
            measured = work.plan.measured(table, work)
        except Invalid as refused:
            yield _table(table, refused.message)
            continue
        if table.reached(measured.mirrored.end) is None:
            yield _table(table, unreached(table, measured))
        elif over is not None:
            yield _table(table, over)
        else:
            over = NEARER


def _price(work: LineWork, table: TierTable) -> Decimal | str:
    try:
        measured = work.plan.measured(table, work)
        price = table_price(work, table, measured)
    except Invalid as refused:
        return refused.message
    return unreached(table, measured) if price is None else price


def _table(table: TierTable, why: str, unit_price: Decimal | None = None) -> Loser:
    return Loser(Stage.TIER, *named(table), why, unit_price)


def _of_percentages(work: LineWork) -> Iterator[Loser]:
    """Percentages of other lines after the one that counts."""
    for rule in work.recipe.percent_of:
        if rule is not work.percent_of:
            yield Loser(Stage.DERIVED, rule.rule, rule.version, rule.label, NEARER)


def _of_other_days(work: LineWork) -> Iterator[Loser]:
    """Prices about the product that do not hold on the day of the price."""
    context, line = work.plan.context, work.line
    terms = context.terms
    lists: Iterable[Iterable[Named]] = (
        terms.contracted,
        (one for one in terms.bundle_prices if one.bundle == work.facts.bundle),
        terms.matrices,
        terms.cost_plus,
    )
    for rules in lists:
        for rule in rules:
            why = _other_days(rule, context.priced_on)
            if why and concerns(rule.about, line.product_id, line.product_group):
                price = getattr(rule, "unit_price", None)
                is_share = getattr(rule, "discount_bps", None) is not None
                stage = Stage.AGREEMENT if is_share else Stage.BASE
                yield Loser(stage, rule.rule, rule.version, rule.label, why, price)
    for table in context.rules.speaking_of(line.product_id, line.product_group):
        why = _other_days(table, context.priced_on)
        if why:
            stage = Stage.BASE if table.gives_price and is_base_table(table) else Stage.TIER
            yield Loser(stage, *named(table), why)


def _other_days(rule: Named | TierTable, on: date) -> Said | None:
    if rule.valid_until is not None and rule.valid_until <= on:
        return said("It held until %(last)s.", last=rule.valid_until - timedelta(days=1))
    if rule.valid_from is not None and on < rule.valid_from:
        return said("It holds from %(first)s on.", first=rule.valid_from)
    return None
