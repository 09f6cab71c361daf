"""Stage 1: exactly one source gives the base price; what else could have is kept with the reason.

By precedence: a permitted override, the renewed price, a contracted price (buyer, parent, group),
the price inside a bundle, a matrix, a package, block or flat tier, cost plus, the list price, a
converted list price; and a tier price where nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from handsel.bid.price.errors import NoRate
from handsel.bid.price.rules.context import RenewalKind
from handsel.bid.price.rules.exactness import WHOLE_BPS
from handsel.bid.price.rules.plan import LineWork, Loser, Step, is_base_table, is_plain
from handsel.bid.price.rules.terms import CostBasis
from handsel.bid.price.rules.tiers import TierTable, price_of
from handsel.bid.price.rules.waterfall import Stage


class Source(NamedTuple):
    """One price the line could begin with; `amount` is for the whole quantity."""

    kind: str
    amount: Decimal
    rule: str
    version: int = 0
    label: str = ""
    is_net: bool = False


def base(work: LineWork) -> bool:
    """Find the base price and begin the line with it; False where there is none."""
    entry = work.recipe.entry
    if entry is not None and is_plain(work):
        work.source = "list"
        amount = entry.unit_price * work.quantity
        version = work.plan.context.book_version
        work.amount = work.list_amount = amount
        work.steps.append(Step(Stage.BASE, "", amount, entry.rule, None, version))
        return True
    found = list(_sources(work))
    if not found:
        if foreign := work.recipe.foreign:
            context = work.plan.context
            raise NoRate(foreign.currency, context.currency, work.line.product, context.priced_on)
        return False
    winner = found[0]
    begin(work, winner)
    for loser in found[1:]:
        why = f"{winner.kind} goes before {loser.kind}"
        unit = loser.amount / work.quantity if work.quantity else None
        work.losers.append(
            Loser(Stage.BASE, loser.rule, loser.version, loser.label or loser.kind, why, unit)
        )
    return True


def begin(work: LineWork, source: Source, bps: int | None = None) -> None:
    """Begin a line with a source."""
    work.source = source.kind
    work.is_net_price = source.is_net
    work.amount = work.list_amount = source.amount
    if not work.facts.is_discountable:
        work.held = source.amount
    stage = Stage.DERIVED if source.kind == "percent_of" else Stage.BASE
    work.steps.append(Step(stage, source.label, source.amount, source.rule, bps, source.version))


def _sources(work: LineWork) -> Iterator[Source]:
    yield from _set_by_person(work)
    yield from _special(work)
    recipe = work.recipe
    for table in recipe.price_tables:
        if is_base_table(table):
            yield from _tier(work, table)
    yield from _cost(work)
    listed = list(_listed(work))
    yield from listed
    if not listed and not recipe.contracted:
        for table in recipe.price_tables:
            if not is_base_table(table):
                yield from _tier(work, table)


def _special(work: LineWork) -> Iterator[Source]:
    """Contracted prices, prices inside a bundle, matrices."""
    quantity, recipe = work.quantity, work.recipe
    for one in recipe.contracted:
        if one.unit_price is not None:
            yield Source(
                "contracted",
                one.unit_price * quantity,
                one.rule,
                one.version,
                one.label,
                one.is_net,
            )
    for bundled in recipe.bundle_prices:
        if bundled.bundle == work.facts.bundle and work.facts.bundle is not None:
            amount = bundled.unit_price * quantity
            yield Source("bundle", amount, bundled.rule, bundled.version, bundled.label)
    for matrix in recipe.matrices:
        unit = matrix.matrix.price(work.facts.attributes)
        if unit is not None:
            yield Source("matrix", unit * quantity, matrix.rule, matrix.version, matrix.label)


def _set_by_person(work: LineWork) -> Iterator[Source]:
    override, renewal = work.facts.override, work.facts.renewal
    if override is not None and override.is_permitted:
        amount = override.unit_price * work.quantity
        yield Source("override", amount, "override", label=override.reason)
    elif override is not None:
        work.losers.append(
            Loser(Stage.BASE, "override", 0, override.reason, "not permitted", override.unit_price)
        )
    if renewal is not None and renewal.kind is not RenewalKind.LIST:
        factor = WHOLE_BPS + (renewal.uplift_bps if renewal.kind is RenewalKind.UPLIFT else 0)
        amount = renewal.customer_price * work.quantity * factor / WHOLE_BPS
        yield Source("renewal", amount, f"renewal:{renewal.kind.value}", is_net=True)


def _tier(work: LineWork, table: TierTable) -> Iterator[Source]:
    amount = price_of(table, work.plan.measured(table, work))
    if amount is not None:
        yield Source("tier", amount, table.rule, table.version, table.label)


def _cost(work: LineWork) -> Iterator[Source]:
    cost = work.facts.cost
    if cost is None:
        return
    for one in work.recipe.cost_plus:
        if one.basis is CostBasis.MARKUP:
            amount = cost * work.quantity * (WHOLE_BPS + one.bps) / WHOLE_BPS
        else:
            amount = cost * work.quantity * WHOLE_BPS / (WHOLE_BPS - one.bps)
        yield Source(one.basis.value, amount, one.rule, one.version, one.label)


def _listed(work: LineWork) -> Iterator[Source]:
    context, entry, foreign = work.plan.context, work.recipe.entry, work.recipe.foreign
    if entry is not None:
        amount = entry.unit_price * work.quantity
        yield Source("list", amount, entry.rule, context.book_version)
    if foreign is None:
        return
    rate = context.terms.rates.get(foreign.currency)
    if rate is None:
        return
    amount = foreign.unit_price * work.quantity * rate.value
    label = f"{foreign.unit_price:f} {foreign.currency} × {rate.value:f} ({rate.dated_on})"
    rule = (
        foreign.entry_id if isinstance(foreign.entry_id, str) else f"price_entry:{foreign.entry_id}"
    )
    yield Source("converted", amount, rule, foreign.version, label)
