"""A choice of options where lines depend on each other: priced by the engine, as of the day, from
the book and with the taxes the version was priced with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.queries import context_for
from handsel.bid.price.queries.bought import with_bought_before
from handsel.bid.price.queries.configured import line_facts_of
from handsel.bid.price.queries.costs import costed
from handsel.bid.price.queries.fees import without_fees
from handsel.bid.price.rules.context import LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.terms import HeaderTarget
from handsel.bid.price.rules.tiers import TierScope
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.bid.quote.errors import ChoiceNotPriced
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView, deal_facts
from handsel.bid.quote.rules.asked import (
    FEE,
    facts_asked,
    in_group,
    without_house,
)
from handsel.bid.quote.rules.listed import with_terms_listed
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import divide

_BEFORE_HEADER = ORDER[Stage.HEADER]
_AFTER_HEADER = frozenset((Stage.DERIVED, Stage.FEE))


def depend_on_each_other(version: QuoteVersion, lines: Sequence[LineView]) -> bool:
    """Whether the choice of one line can change the price of another.

    A fee is charged anew for any choice, but which lines are of a product group the book tells.
    """
    if any(_is_derived(line) or line.asked.get(FEE, {}).get("group") for line in lines):
        return True
    book = version.price_book
    if book is None or not book.has_terms:
        return False
    tiers = BookTerm.objects.filter(book_id=book.pk, kind="tiers")
    over_lines = tiers.filter(definition__has_key="scope").exclude(
        definition__scope=TierScope.LINE.value
    )
    return over_lines.exists()


def priced_choice(
    version: QuoteVersion, lines: Sequence[LineView], chosen: Collection[UUID]
) -> PricedDocument:
    """The whole version priced with a choice of its options.

    Raises ChoiceNotPriced where the version as it was presented does not come to its own amounts
    any more, because what prices depend on has changed since: nothing else may be promised then.
    """
    book = version.price_book
    if book is None:
        raise ChoiceNotPriced(version.quote.number)
    context = context_of_lines(version, book, lines)
    asked = requests_of(lines, context)
    standing = frozenset(line.key for line in lines if line.is_optional and line.is_chosen)
    kept = _priced(version, context, asked, lines, standing)
    for line, amounts in zip(lines, kept.lines, strict=True):
        if line.net_minor != amounts.net_minor:
            raise ChoiceNotPriced(version.quote.number)
    return _priced(version, context, asked, lines, chosen)


def _priced(
    version: QuoteVersion,
    context: PriceContext,
    asked: Mapping[UUID, RequestLine],
    lines: Sequence[LineView],
    chosen: Collection[UUID],
) -> PricedDocument:
    own = replace(context, header=header_for(version, lines, chosen))
    counting = [
        replace(asked[line.key], counts=not line.is_optional or line.key in chosen)
        for line in lines
    ]
    return with_terms_listed(price(own, counting))


def context_of_lines(
    version: QuoteVersion, book: PriceBook, lines: Sequence[LineView]
) -> PriceContext:
    """What the version's lines are priced with: its book, day and taxes."""
    facts = deal_facts(version.quote)
    reasons = {
        (row["category"], row["rate_bps"], row["reason_code"]): row["reason"]
        for row in version.tax_rows
    }
    kinds = {_tax_key(line) for line in lines}
    context = context_for(
        book,
        on=version.priced_on,
        products=list(facts_of([line.product_id for line in lines]).values()),
        taxes={kind: LineTax(*kind, reasons.get(kind, "")) for kind in kinds},
        header_bps=header_bps_of(version),
        organization_id=facts.organization_id,
        codes=version.pricing.get("codes", ()),
        tier=version.pricing.get("partner", ""),
    )
    return with_bought_before(
        without_fees(context),
        organization_id=facts.organization_id,
        seller_ids=[facts.seller_id],
    )


def _tax_key(line: LineView) -> tuple[str, int, str]:
    return line.tax_category, line.tax_rate_bps, line.tax_reason_code


def requests_of(
    lines: Sequence[LineView], context: PriceContext, without: Collection[UUID] = ()
) -> dict[UUID, RequestLine]:
    """Lines as the engine takes them; those of `without` as if nobody had asked another price than
    the house's."""
    by_group = context.rules.counts_groups
    products = facts_of([line.product_id for line in lines])
    made_of = line_facts_of({line.configuration_id for line in lines})
    found = []
    for line in lines:
        product = products[line.product_id]
        months = context.terms.price_months.get(line.product_id)
        is_house = line.key in without
        asked = without_house(line.asked, months) if is_house else line.asked
        facts = facts_asked(asked, line.charge, made_of[line.configuration_id])
        one = RequestLine(
            line.key,
            line.product_id,
            product.title,
            product.group,
            _tax_key(line),
            line.quantity,
            line.discount_bps,
            True,
            in_group(facts, line.group_key if by_group else None),
        )
        found.append(one)
    return {one.key: one for one in costed(context, found)}


def header_for(
    version: QuoteVersion, lines: Sequence[LineView], chosen: Collection[UUID]
) -> HeaderTarget | None:
    """What a target for the whole quote means for a choice of options.

    For the choice as it stands it is the total. Any other choice has the same share taken off:
    what is added is not free, and what is left out takes its part of the discount with it.
    """
    if version.target_minor is None:
        return None
    currency = version.quote.currency
    standing = {line.key for line in lines if line.is_optional and line.is_chosen}
    if set(chosen) == standing:
        return HeaderTarget(total=Money(version.target_minor, currency).amount)
    before = sum(own_amount(line) for line in lines if line.counts and not _is_after_header(line))
    taking = sum(own_amount(line) for line in lines if line.counts and takes_header(line))
    wanted = sum(
        own_amount(line)
        for line in lines
        if takes_header(line) and (not line.is_optional or line.key in chosen)
    )
    off = before - version.target_minor
    change = divide(wanted * off, taking) if taking else 0
    return HeaderTarget(discount=Money(change, currency).amount)


def net_of_target(priced: PricedDocument) -> int:
    """What the lines a target speaks of come to: all but percentages of others and fees."""
    return sum(
        line.net_minor
        for line in priced.lines
        if line.counts and line.rows[0].stage not in _AFTER_HEADER
    )


def header_bps_of(version: QuoteVersion) -> int:
    """The percentage off the whole quote; a target stands instead of one."""
    return 0 if version.target_minor is not None else version.discount_bps


def _is_derived(line: LineView) -> bool:
    return bool(line.rows) and line.rows[0].stage is Stage.DERIVED


def _is_after_header(line: LineView) -> bool:
    return bool(line.rows) and line.rows[0].stage in _AFTER_HEADER


def takes_header(line: LineView) -> bool:
    """Whether a discount on the whole quote is taken of the line."""
    return not _is_after_header(line) and line.asked.get("discountable", True) is True


def own_amount(line: LineView) -> int:
    """The line's amount before anything that concerns the whole quote."""
    return sum(row.amount_minor for row in line.rows if ORDER[row.stage] < _BEFORE_HEADER)
