"""Stage 1: exactly one source gives the base price; `losers` tells the others with the reason.

By precedence: a permitted override, the renewed price, a contracted price (buyer, parent, group),
the price inside a bundle, a matrix, a package, block or flat tier, cost plus, the list price (the
book's own, then a lent one), a converted list price; and a tier price where nothing else is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from handsel.bid.price.errors import NoRate
from handsel.bid.price.rules.context import Entry, RenewalKind
from handsel.bid.price.rules.exactness import WHOLE_BPS, plain
from handsel.bid.price.rules.plan import LineWork, Step, is_base_table, is_plain
from handsel.bid.price.rules.terms import CostBasis, ForeignEntry, MatrixPrice
from handsel.bid.price.rules.tiers import Measured, TierTable, price_of
from handsel.bid.price.rules.waterfall import Stage
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import Said, said


class Source(NamedTuple):
    """One price the line could begin with; `amount` is for the whole quantity."""

    kind: str
    amount: Decimal
    rule: str
    version: int = 0
    label: str = ""
    is_net: bool = False


class Missed(NamedTuple):
    """A source that has no price for the line; `why` is worded where somebody asks."""

    kind: str
    rule: str
    version: int
    label: str
    why: Callable[[], str]
    unit_price: Decimal | None = None


def base(work: LineWork) -> bool:
    """Find the base price and begin the line with it; False where there is none."""
    entry = work.recipe.entry
    if entry is not None and is_plain(work):
        work.source = "list"
        amount = entry.unit_price * work.quantity
        version = entry.version or work.plan.context.book_version
        work.amount = work.list_amount = amount
        work.steps.append(Step(Stage.BASE, entry.label, amount, entry.rule, None, version))
        return True
    for one in looked_at(work):
        if isinstance(one, Source):
            begin(work, one)
            return True
    if foreign := work.recipe.foreign:
        context = work.plan.context
        raise NoRate(foreign.currency, context.currency, work.line.product, context.priced_on)
    return False


def begin(work: LineWork, source: Source, bps: int | None = None) -> None:
    """Begin a line with a source."""
    work.source = source.kind
    work.is_net_price = source.is_net
    work.amount = work.list_amount = source.amount
    if not work.facts.is_discountable:
        work.held = source.amount
    stage = Stage.DERIVED if source.kind == "percent_of" else Stage.BASE
    work.steps.append(Step(stage, source.label, source.amount, source.rule, bps, source.version))


def looked_at(work: LineWork, *, telling: bool = False) -> Iterator[Source | Missed]:
    """Everything that could give the line its base price, in order of precedence; of price tables
    only those that are a price by themselves where a list price stands.

    What cannot be read of the line is refused; while `telling` it is only missed.
    """
    yield from _set_by_person(work)
    yield from _special(work, telling)
    recipe = work.recipe
    for table in recipe.price_tables:
        if is_base_table(table):
            yield from _table(work, table, telling)
    yield from _cost(work)
    is_listed = False
    for one in _listed(work):
        is_listed = is_listed or isinstance(one, Source)
        yield one
    if not is_listed:
        for table in recipe.price_tables:
            if not is_base_table(table):
                yield from _table(work, table, telling)


def _set_by_person(work: LineWork) -> Iterator[Source | Missed]:
    override, renewal = work.facts.override, work.facts.renewal
    if override is not None and override.is_permitted:
        amount = override.unit_price * work.quantity
        yield Source("override", amount, "override", label=override.reason)
    elif override is not None:
        unit = override.unit_price
        yield Missed("override", "override", 0, override.reason, lambda: NOT_PERMITTED, unit)
    if renewal is not None and renewal.kind is not RenewalKind.LIST:
        factor = WHOLE_BPS + (renewal.uplift_bps if renewal.kind is RenewalKind.UPLIFT else 0)
        amount = renewal.customer_price * work.quantity * factor / WHOLE_BPS
        yield Source("renewal", amount, f"renewal:{renewal.kind.value}", is_net=True)


def _special(work: LineWork, telling: bool) -> Iterator[Source | Missed]:
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
        yield _matrix(work, matrix, telling)


def _matrix(work: LineWork, one: MatrixPrice, telling: bool) -> Source | Missed:
    attributes = work.facts.attributes
    try:
        unit = one.matrix.price(attributes)
    except Invalid as refused:
        if not telling:
            raise
        return Missed("matrix", one.rule, one.version, one.label, _as_told(refused))
    if unit is not None:
        return Source("matrix", unit * work.quantity, one.rule, one.version, one.label)
    return Missed(
        "matrix", one.rule, one.version, one.label, lambda: one.matrix.missing(attributes)
    )


def _table(work: LineWork, table: TierTable, telling: bool) -> Iterator[Source | Missed]:
    name = ("tier", *named(table))
    try:
        measured = work.plan.measured(table, work)
    except Invalid as refused:
        if not telling:
            raise
        yield Missed(*name, _as_told(refused))
        return
    amount = price_of(table, measured)
    if amount is not None:
        yield Source("tier", amount, table.rule, table.version, table.label)
    else:
        yield Missed(*name, lambda: unreached(table, measured))


def named(table: TierTable) -> tuple[str, int, str]:
    """What a waterfall calls a table: rule, version and label; loose steps have the name of the
    first one."""
    if table.rule or not table.steps:
        return table.rule, table.version, table.label
    lowest = table.steps[-1]
    return lowest.rule, table.version, table.label or lowest.label


def unreached(table: TierTable, measured: Measured) -> Said:
    """Why a table says nothing about what is counted for a line."""
    end = measured.mirrored.end
    count, lowest, until = short(end), table.steps[-1].min_quantity, table.steps[0].until
    if until is not None and table.is_beyond(end):
        return said("It ends at %(end)s; %(count)s are counted.", end=short(until), count=count)
    return said("It begins at %(begin)s; %(count)s are counted.", begin=short(lowest), count=count)


def short(value: Decimal) -> Decimal:
    """The number without zeros that say nothing: it stands in a sentence."""
    return Decimal(plain(value))


def _as_told(refused: Invalid) -> Callable[[], str]:
    message = refused.message
    return lambda: message


def _cost(work: LineWork) -> Iterator[Source | Missed]:
    cost = work.facts.cost
    for one in work.recipe.cost_plus:
        if cost is None:
            yield Missed(one.basis.value, one.rule, one.version, one.label, lambda: _no_cost(work))
            continue
        if one.basis is CostBasis.MARKUP:
            amount = cost * work.quantity * (WHOLE_BPS + one.bps) / WHOLE_BPS
        else:
            amount = cost * work.quantity * WHOLE_BPS / (WHOLE_BPS - one.bps)
        yield Source(one.basis.value, amount, one.rule, one.version, one.label)


def _no_cost(work: LineWork) -> str:
    return COST_IS_A_SHARE if work.facts.cost_share_bps else COST_UNKNOWN


def _listed(work: LineWork) -> Iterator[Source | Missed]:
    entry, foreign = work.recipe.entry, work.recipe.foreign
    if entry is not None:
        yield _list_price(work, entry)
        for other in work.recipe.lent:
            yield _list_price(work, other)
    if foreign is not None:
        yield _converted(work, foreign)


def _list_price(work: LineWork, entry: Entry) -> Source:
    version = entry.version or work.plan.context.book_version
    return Source("list", entry.unit_price * work.quantity, entry.rule, version, entry.label)


def _converted(work: LineWork, foreign: ForeignEntry) -> Source | Missed:
    context = work.plan.context
    rule = (
        foreign.entry_id if isinstance(foreign.entry_id, str) else f"price_entry:{foreign.entry_id}"
    )
    rate = context.terms.rates.get(foreign.currency)
    price = f"{plain(foreign.unit_price)} {foreign.currency}"
    if rate is None:
        return Missed(
            "converted",
            rule,
            foreign.version,
            price,
            lambda: said(
                "There is no rate from %(source)s to %(target)s on %(on)s.",
                source=foreign.currency,
                target=context.currency,
                on=context.priced_on,
            ),
        )
    amount = foreign.unit_price * work.quantity * rate.value
    label = f"{price} × {plain(rate.value)} ({rate.dated_on})"
    return Source("converted", amount, rule, foreign.version, label)


NOT_PERMITTED: Final = said("Setting this price by hand is not permitted.")
COST_UNKNOWN: Final = said("What the product costs us is not known.")
COST_IS_A_SHARE: Final = said("What the product costs us is known as a share of its price only.")
