"""Pricing a draft and keeping it: read once, reckon in memory, write in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from handsel.bid.catalog.queries import ProductFact
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import context_for
from handsel.bid.price.queries.basis import basis_of_prices
from handsel.bid.price.queries.bought import with_bought_before
from handsel.bid.price.queries.configured import line_facts_of
from handsel.bid.price.queries.costs import costed
from handsel.bid.price.queries.fees import without_fees
from handsel.bid.price.rules.context import LineFacts, LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument, Settlement
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.terms import HeaderTarget
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import DealFacts
from handsel.bid.quote.rules.asked import facts_asked, in_group
from handsel.bid.quote.rules.content import tax_rows
from handsel.bid.quote.rules.listed import with_terms_listed
from handsel.ground.tax.rules.decision import decide


@dataclass(slots=True)
class WorkLine:
    """A line of a draft while it is worked on: what a person decides, without its price."""

    key: UUID
    product: ProductFact
    name: str
    description: str
    unit: str
    quantity: Decimal
    discount_bps: int = 0
    is_optional: bool = False
    is_chosen: bool = True
    configuration_id: int | None = None
    charge: str = "one_time"
    asked: Mapping[str, Any] = field(default_factory=dict)
    group_key: UUID | None = None

    @property
    def product_id(self) -> int:
        """The product's key."""
        return self.product.product_id

    @property
    def tax_key(self) -> tuple[str, str]:
        """What the tax of the line is decided by."""
        return (self.product.kind, self.product.tax_category)

    @property
    def counts(self) -> bool:
        """Whether the line is part of the totals."""
        return self.is_chosen or not self.is_optional


@dataclass(frozen=True, slots=True)
class Deal:
    """What the lines of a version are priced with: a book on a day, who buys, what is taken off
    the whole of it."""

    book: PriceBook
    on: date
    facts: DealFacts
    header_bps: int = 0
    header: HeaderTarget | None = None
    pricing: Mapping[str, Any] = field(default_factory=dict)
    has_agreed: bool = True  # False where it was asked and nothing is agreed with the customer


def price_lines(lines: Sequence[WorkLine], deal: Deal) -> PricedDocument:
    """Price lines of a deal, with the taxes of that deal.

    A handful of queries, however many lines; what was agreed with the customer counts. Raises
    NoPrice naming products the book has no price for, and what the tax rules leave to a person.
    """
    context = context_of(deal, products_of(lines))
    return with_terms_listed(price(context, requested(lines, context)))


def products_of(lines: Iterable[WorkLine]) -> list[ProductFact]:
    """The products of lines, each once; twice where a fee is taxed otherwise than its article."""
    found = {(line.product.product_id, line.product.kind): line.product for line in lines}
    return list(found.values())


def with_basis(deal: Deal) -> tuple[Deal, str]:
    """The deal, and what its lines are priced with beside themselves, as a hash: one query.

    The deal then knows whether anything was agreed with the customer, which saves asking for it.
    """
    basis = basis_of_prices(
        deal.book,
        on=deal.on,
        organization_id=deal.facts.organization_id,
        codes=deal.pricing.get("codes", ()),
        tier=deal.pricing.get("partner", ""),
    )
    return replace(deal, has_agreed=basis.has_agreed), basis.told


def context_of(deal: Deal, products: Sequence[ProductFact]) -> PriceContext:
    """What the engine needs for these products of a deal."""
    context = context_for(
        deal.book,
        on=deal.on,
        products=products,
        taxes=taxes_of(products, deal),
        header_bps=deal.header_bps,
        organization_id=deal.facts.organization_id if deal.has_agreed else None,
        codes=deal.pricing.get("codes", ()),
        tier=deal.pricing.get("partner", ""),
    )
    context = with_bought_before(
        without_fees(context),
        organization_id=deal.facts.organization_id,
        seller_ids=[deal.facts.seller_id],
    )
    return context if deal.header is None else replace(context, header=deal.header)


def requested(lines: Sequence[WorkLine], context: PriceContext) -> list[RequestLine]:
    """Lines as the engine takes them, with their costs where a rule asks for those."""
    return costed(context, _asked(lines, context, [line.key for line in lines]))


def requested_by_number(lines: Sequence[WorkLine], context: PriceContext) -> list[RequestLine]:
    """The same with keys as numbers, which is quicker and sorts the same."""
    keys = [line.key.int for line in lines]
    return costed(context, _asked(lines, context, keys, _numbered))


def _asked(
    lines: Sequence[WorkLine],
    context: PriceContext,
    keys: Sequence[UUID | int],
    named: Callable[[LineFacts], LineFacts] = lambda facts: facts,
) -> list[RequestLine]:
    made_of = line_facts_of({line.configuration_id for line in lines})
    by_group = context.rules.counts_groups
    read: dict[tuple[int, str, int | None, UUID | None], LineFacts] = {}
    found = []
    for key, line in zip(keys, lines, strict=True):
        # Lines that ask the same share what they ask: it is read once.
        group_key = line.group_key if by_group else None
        about = (id(line.asked), line.charge, line.configuration_id, group_key)
        facts = read.get(about)
        if facts is None:
            made = made_of[line.configuration_id]
            facts = named(facts_asked(line.asked, line.charge, made))
            facts = read[about] = in_group(facts, group_key)
        product = line.product
        found.append(
            RequestLine(
                key,
                product.product_id,
                product.title,
                product.group,
                line.tax_key,
                line.quantity,
                line.discount_bps,
                line.counts,
                facts,
            )
        )
    return found


def _numbered(facts: LineFacts) -> LineFacts:
    """The facts with the lines named by number of which it is a percentage."""
    part = facts.percent_of
    if part is None or not part.keys:
        return facts
    return replace(facts, percent_of=replace(part, keys=frozenset(key.int for key in part.keys)))


def taxes_of(products: Iterable[ProductFact], deal: Deal) -> dict[tuple[str, str], LineTax]:
    """The tax decided for every kind of product in a deal."""
    kinds = {(product.kind, product.tax_category) for product in products}
    return {
        (kind, category): _line_tax(kind, category, deal.facts, deal.on) for kind, category in kinds
    }


def _line_tax(kind: Any, category: Any, facts: DealFacts, on: date) -> LineTax:
    decision = decide(
        seller_country=facts.seller_country,
        seller_registrations=facts.registrations,
        buyer_country=facts.buyer_country,
        buyer_vat_id=facts.buyer_vat_id or None,
        buyer_is_business=True,  # quotes go to organizations only
        ship_to_country=facts.ship_to_country,
        kind=kind,
        product_category=category,
        on=on,
    )
    return LineTax(decision.category, decision.rate_bps, decision.reason_code, decision.legal_text)


def totals_of(priced: PricedDocument | Settlement) -> dict[str, Any]:
    """The columns of a version that its priced lines fill."""
    return {
        "list_minor": priced.list_minor,
        "net_minor": priced.net_minor,
        "tax_minor": priced.tax_minor,
        "gross_minor": priced.gross_minor,
        "tax_rows": tax_rows(priced),
    }


def apply_totals(version: QuoteVersion, priced: PricedDocument | Settlement) -> None:
    """Put the totals on the version in memory; the caller writes them."""
    for column, value in totals_of(priced).items():
        setattr(version, column, value)
