"""What tests of products, prices and quotes start from; made by the rooms' own actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.price import actions as price
from handsel.bid.price.models import PriceBook
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteVersion
from handsel.ground.platform.actor import Actor
from tests.support.world import World

BOOK_FROM = date(2026, 1, 1)


@dataclass(frozen=True)
class Shelf:
    """Products with their prices: a belt (goods), a stand (goods, stocked) and a service."""

    belt: Product
    stand: Product
    visit: Product
    book: PriceBook


def make_products(actor: Actor, now: datetime) -> tuple[Product, Product, Product]:
    """A belt by the metre, a stand, and a service by the hour."""
    wanted = (
        ProductFacts(sku="BELT-PU-600", name="Conveyor belt PU 600", unit="m", group="belts"),
        ProductFacts(sku="STAND-900", name="Stand 900", is_stocked=True, weight_g=18_500),
        ProductFacts(sku="VISIT", name="Service visit", kind="service", unit="h"),
    )
    belt, stand, visit = (
        catalog.add_product(actor=actor, now=now, facts=facts) for facts in wanted
    )
    return belt, stand, visit


def make_book(
    actor: Actor,
    now: datetime,
    prices: dict[int, Decimal],
    rules: Sequence[price.NewRule] = (),
    *,
    currency: str = "EUR",
    segment: str = "",
    valid_from: date = BOOK_FROM,
    name: str = "List 2026",
) -> PriceBook:
    """A published book."""
    book = price.draft_book(
        actor=actor, now=now, name=name, currency=currency, segment=segment, valid_from=valid_from
    )
    price.set_entries(actor=actor, now=now, book_id=book.pk, prices=prices)
    if rules:
        price.add_rules(actor=actor, now=now, book_id=book.pk, rules=rules)
    return price.publish_book(actor=actor, now=now, book_id=book.pk)


def set_costs(world: World, amounts: dict[int, str], currency: str = "EUR") -> None:
    """What products cost per unit from the first day of the book on."""
    costs = [
        NewCost(product_id=key, valid_from=BOOK_FROM, unit_cost=Decimal(value), currency=currency)
        for key, value in amounts.items()
    ]
    catalog.set_costs(actor=world.system, now=world.now, costs=costs)


def make_shelf(actor: Actor, now: datetime) -> Shelf:
    """Three products in one published book: 135.50, 290.00 (5 % from 10), 98.00."""
    belt, stand, visit = make_products(actor, now)
    prices = {belt.pk: Decimal("135.50"), stand.pk: Decimal(290), visit.pk: Decimal(98)}
    rule = price.NewRule(
        product_id=stand.pk, min_quantity=Decimal(10), discount_bps=500, label="from 10 stands"
    )
    return Shelf(belt, stand, visit, make_book(actor, now, prices, [rule]))


def make_quote(
    world: World, shelf: Shelf, *, lines: Sequence[NewLine] | None = None, title: str = "Line 4"
) -> QuoteVersion:
    """A draft for the world's customer: 3 m of belt, 2 stands, by the sales rep."""
    wanted = lines or (
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(3), discount_bps=900),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)),
    )
    return quotes.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        title=title,
        lines=wanted,
    )


def make_yardstick(actor: Actor, now: datetime, *, tax_category: str = "standard") -> list[int]:
    """The bench's 500 products and 201 rules in a published book; the products' keys in order."""
    facts = [
        ProductFacts(
            sku=f"P{place:03d}",
            name=f"Product {place}",
            is_stocked=True,
            tax_category=tax_category,
        )
        for place in range(500)
    ]
    catalog.import_products(actor=actor, now=now, products=facts)
    keys = dict(Product.objects.filter(sku__startswith="P").values_list("sku", "pk"))
    ids = [keys[f"P{place:03d}"] for place in range(500)]
    rules = [price.NewRule(product_id=key, discount_bps=1000) for key in ids[:150]]
    rules += [
        price.NewRule(product_id=key, min_quantity=Decimal(10), discount_bps=2000)
        for key in ids[150:200]
    ]
    rules.append(price.NewRule(discount_bps=500))
    prices = {key: Decimal(10 + place % 90) for place, key in enumerate(ids)}
    make_book(actor, now, prices, rules)
    return ids


def yardstick_lines(ids: Sequence[int], document: int, count: int) -> list[NewLine]:
    """The lines of one document of the bench."""
    return [
        NewLine(product_id=ids[(7 * document + place) % len(ids)], quantity=Decimal(1 + place % 12))
        for place in range(count)
    ]
