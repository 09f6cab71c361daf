"""Trying a book before it holds: what quotes would come to under its prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.price import ports
from handsel.bid.price.models import PriceBook
from handsel.bid.price.ports import QuotedDeal
from handsel.bid.price.queries import BookOnDay, changed_prices, read_book
from handsel.bid.price.queries.agreed import agreed_for
from handsel.bid.price.queries.bought import with_bought_before
from handsel.bid.price.queries.costs import price_with_costs
from handsel.bid.price.queries.fees import untaxed_fees
from handsel.bid.price.rules.context import Entry, LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.terms import Contracted, HeaderTarget
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor

MOST_DEALS = 500
_NO_TAX = {"": LineTax("O", 0)}


@dataclass(frozen=True, slots=True)
class Tried:
    """One quote under the book: net so far and net then, or why it could not be priced."""

    deal: QuotedDeal
    net_minor: int | None
    refused: str = ""

    @property
    def change_minor(self) -> int:
        """How much more (or less) the quote would come to."""
        return 0 if self.net_minor is None else self.net_minor - self.deal.net_minor


def tried_on_open_quotes(*, actor: Actor, book: PriceBook) -> list[Tried]:
    """What the book, published or not, would make of the quotes that are still open."""
    deals = ports.quoted().still_open(actor=actor, currency=book.currency, most=MOST_DEALS)
    return _tried(book, deals)


def touched_by(*, actor: Actor, book: PriceBook, change: PriceChange) -> list[Tried]:
    """The open quotes with a product whose price a mass change of the book would change, and what
    they would come to under the book so changed. Writes nothing."""
    prices = {key: after for key, (_before, after) in changed_prices(book.pk, change).items()}
    deals = ports.quoted().still_open(actor=actor, currency=book.currency, most=MOST_DEALS)
    touched = [one for one in deals if any(line.product_id in prices for line in one.lines)]
    return _tried(book, touched, prices)


def tried_on_days(*, actor: Actor, book: PriceBook, since: date, until: date) -> list[Tried]:
    """What the book would have made of the quotes begun from a day to before another."""
    deals = ports.quoted().of_days(
        actor=actor, currency=book.currency, since=since, until=until, most=MOST_DEALS
    )
    return _tried(book, deals)


def quarter_before(day: date) -> tuple[date, date]:
    """The last whole quarter before a day: its first day, and the first day after it."""
    until = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    since = (
        date(until.year - 1, 10, 1) if until.month == 1 else date(until.year, until.month - 3, 1)
    )
    return since, until


def _tried(
    book: PriceBook, deals: Sequence[QuotedDeal], prices: Mapping[int, Decimal] | None = None
) -> list[Tried]:
    """Price deals of the book's segment again on its first day, as the quote itself would be:
    the book is read once, for each customer what was agreed and, where a rule counts it, bought.

    A deal of a segment that has a book of its own by then is priced by that one; a general book
    touches it where it lends a price. `prices` are list prices that stand in place of the book's.
    """
    wanted = [deal for deal in deals if book.segment in ("", deal.segment)]
    keys = {line.product_id for deal in wanted for line in deal.lines}
    if not keys:
        return []
    products = facts_of(keys)
    reads = {
        segment: _with_prices(read, book, prices)
        for segment, read in _read(book, wanted, products).items()
    }
    wanted = [deal for deal in wanted if _is_touched(reads[deal.segment], book, deal, prices)]
    agreed = _agreements(book, wanted, list(products.values()))
    return [
        _priced(_context(reads[deal.segment], deal, agreed[deal.organization_id]), deal, products)
        for deal in wanted
    ]


def _read(
    book: PriceBook, deals: Sequence[QuotedDeal], products: Mapping[int, ProductFact]
) -> dict[str, BookOnDay]:
    """The book deals of each segment would be priced by: the one that is tried, unless that is the
    general one and the segment has its own."""
    on, facts = book.valid_from, list(products.values())
    segments = {deal.segment for deal in deals}
    own: dict[str, PriceBook] = {}
    if not book.segment:
        holding = PriceBook.objects.filter(
            Q(valid_until=None) | Q(valid_until__gt=on),
            state="published",
            currency=book.currency,
            segment__in=segments - {""},
            valid_from__lte=on,
        )
        own = {one.segment: one for one in holding}
    tried = read_book(book, on=on, products=facts) if segments - set(own) else None
    found = {
        segment: read_book(one, on=on, products=facts, general=book) for segment, one in own.items()
    }
    if tried is not None:
        found |= {segment: tried for segment in segments if segment not in own}
    return found


def _with_prices(
    read: BookOnDay, book: PriceBook, prices: Mapping[int, Decimal] | None
) -> BookOnDay:
    """The book as read with other prices of the one that is tried."""
    if not prices:
        return read

    def changed(key: int | str, entry: Entry) -> Entry:
        return replace(entry, unit_price=prices.get(int(key), entry.unit_price))

    if read.book.pk == book.pk:
        entries = {key: changed(key, entry) for key, entry in read.entries.items()}
        return replace(read, entries=entries)
    lent = {
        key: tuple(changed(key, entry) for entry in entries) for key, entries in read.lent.items()
    }
    return replace(read, lent=lent)


def _is_touched(
    read: BookOnDay, book: PriceBook, deal: QuotedDeal, prices: Mapping[int, Decimal] | None
) -> bool:
    """Whether the tried book decides a price of the deal."""
    if read.book.pk == book.pk:
        return True
    lent = {key for key in read.lent if key not in read.entries and (not prices or key in prices)}
    return any(line.product_id in lent for line in deal.lines)


def _context(read: BookOnDay, deal: QuotedDeal, agreed: Sequence[Contracted]) -> PriceContext:
    context = read.context(
        taxes=_NO_TAX,
        contracted=agreed,
        header_bps=deal.header_bps,
        codes=deal.codes,
        tier=deal.tier,
    )
    context = with_bought_before(
        untaxed_fees(context, ""),
        organization_id=deal.organization_id,
        seller_ids=[deal.seller_id],
    )
    if deal.target_minor is None:
        return context
    total = Money(deal.target_minor, deal.currency).amount
    return replace(context, header=HeaderTarget(total=total))


def _agreements(
    book: PriceBook, deals: Sequence[QuotedDeal], products: Sequence[ProductFact]
) -> dict[int, tuple[Contracted, ...]]:
    ids = [product.product_id for product in products]
    groups = {product.group for product in products} | {""}
    return {
        organization_id: agreed_for(
            organization_id, currency=book.currency, product_ids=ids, groups=groups
        )
        for organization_id in {deal.organization_id for deal in deals}
    }


def _priced(context: PriceContext, deal: QuotedDeal, products: dict[int, ProductFact]) -> Tried:
    lines = [
        RequestLine(
            line.key,
            line.product_id,
            products[line.product_id].title,
            products[line.product_id].group,
            "",
            line.quantity,
            line.discount_bps,
            facts=line.facts,
        )
        for line in deal.lines
    ]
    try:
        return Tried(deal, price_with_costs(context, lines).net_minor)
    except HandselError as refused:
        return Tried(deal, None, refused.message)
