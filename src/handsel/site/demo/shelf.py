"""What Halden sells by plain line, and what it costs: three price lists, one for dealers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.price import actions as price
from handsel.bid.price.actions import NewRule
from handsel.bid.price.rules.stored import NewTerm
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.split import portion_bps
from handsel.site.demo.configured import CARE, CONVEYOR, add_built_products, built_terms
from handsel.site.demo.house import House, in_both

FROM = date(2026, 1, 1)
GBP_PER_EUR = Decimal("0.86")
USD_PER_EUR = Decimal("1.20")
DEALER_TIER_2_BPS = 2_400


class Item(NamedTuple):
    """A row of products.csv: what is sold, with its list prices in two currencies."""

    sku: str
    name: str
    german: str
    group: str
    eur: str
    usd: str
    weight_g: str
    unit: str

    @property
    def is_stocked(self) -> bool:
        """Whether it lies on the shelf: conveyors are built to order, services are done."""
        return self.group not in ("care", "conveyors")


ITEMS = tuple(
    Item(**row)
    for row in csv.DictReader(
        Path(__file__).with_name("products.csv").read_text(encoding="utf-8").splitlines()
    )
)

# Standard cost as a share of the euro list, by group. What is built to order costs a share of what
# it is configured to: 46 % material and 12 % work.
COST_SHARES = {
    "belts": 5_200,
    "drums": 5_500,
    "drives": 6_100,
    "bearings": 5_800,
    "rollers": 5_400,
    "guides": 5_000,
    "controls": 5_700,
    "stands": 4_900,
    "plates": 4_700,
    "conveyors": 5_800,
    "care": 4_500,
}
BUILT_SHARES = {CONVEYOR: COST_SHARES["conveyors"], CARE: COST_SHARES["care"]}

GROUPS = {
    "belts": in_both("Belts", "Gurte"),
    "drums": in_both("Drums", "Trommeln"),
    "drives": in_both("Drives", "Antriebe"),
    "bearings": in_both("Bearings", "Lager"),
    "rollers": in_both("Rollers", "Rollen"),
    "guides": in_both("Guides", "Führungen"),
    "controls": in_both("Controls", "Steuerungen"),
    "stands": in_both("Stands", "Ständer"),
    "plates": in_both("Plates", "Platten"),
    "conveyors": in_both("Conveyors", "Förderer"),
    "care": in_both("Halden Care", "Halden Care"),
}

# Volume, all units, per line; the aggregation across a quote comes with the rule engine.
VOLUME = ((3, 300), (6, 600), (10, 900))


def fill_shelf(house: House, now: datetime) -> None:
    """Add the products with their German names, the price lists, and stock in both warehouses."""
    modeller = house.actor("models")
    for item in ITEMS:
        product = catalog.add_product(actor=modeller, now=now, facts=_facts(item))
        catalog.set_text(
            actor=modeller, now=now, product_id=product.pk, language="de", name=item.german
        )
        house.products[item.sku] = product
    add_built_products(house, now)
    for key, name in GROUPS.items():
        catalog.name_group(actor=modeller, now=now, key=key, name=name)
    _set_costs(house, now)
    _publish_lists(house, now)
    _stock(house, now)


def _facts(item: Item) -> ProductFacts:
    is_service = item.group == "care"
    return ProductFacts(
        sku=item.sku,
        name=item.name,
        kind="service" if is_service else "good",
        group=item.group,
        unit=item.unit,
        is_stocked=item.is_stocked,
        weight_g=int(item.weight_g) if item.weight_g else None,
        customs_code="" if is_service else "84313900",
        country_of_origin="" if is_service else "DE",
    )


def _set_costs(house: House, now: datetime) -> None:
    costs = [
        NewCost(
            product_id=house.products[item.sku].pk,
            valid_from=FROM,
            unit_cost=portion_bps(Money.parse(item.eur, "EUR"), COST_SHARES[item.group]).amount,
            currency="EUR",
        )
        for item in ITEMS
    ]
    costs += [
        NewCost(product_id=house.products[sku].pk, valid_from=FROM, list_share_bps=share)
        for sku, share in BUILT_SHARES.items()
    ]
    modeller = house.actor("models")
    catalog.set_costs(actor=modeller, now=now, costs=costs)
    rates = [("EUR", "GBP", GBP_PER_EUR), ("EUR", "USD", USD_PER_EUR)]
    price.record_rates(actor=modeller, now=now, dated_on=FROM, rates=rates, source="Halden")


def _publish_lists(house: House, now: datetime) -> None:
    eur = {item.sku: Decimal(item.eur) for item in ITEMS}
    usd = {item.sku: Decimal(item.usd) for item in ITEMS}
    gbp = {sku: (value * GBP_PER_EUR).quantize(Decimal("0.01")) for sku, value in eur.items()}
    volume = [
        NewRule(
            product_group="conveyors",
            min_quantity=Decimal(n),
            discount_bps=bps,
            label=in_both(f"from {n} conveyors", f"ab {n} Förderern"),
        )
        for n, bps in VOLUME
    ]
    belts = [
        NewRule(
            product_group="belts",
            min_quantity=Decimal(50),
            discount_bps=600,
            label=in_both("from 50 m", "ab 50 m"),
        )
    ]
    dealer = [
        NewRule(discount_bps=DEALER_TIER_2_BPS, label=in_both("partner tier 2", "Partnerstufe 2"))
    ]
    built = {CONVEYOR: Decimal(0), CARE: Decimal(0)}  # all of their price is in their elements
    euro, dollars = built_terms(house), built_terms(house, USD_PER_EUR)
    pounds = built_terms(house, GBP_PER_EUR)
    rules = [*volume, *belts]
    lists = {
        currency: in_both(f"Halden list {currency} 2026", f"Halden-Preisliste {currency} 2026")
        for currency in ("EUR", "USD", "GBP")
    }
    partners = in_both("Partner tier 2 GBP 2026", "Partnerstufe 2 GBP 2026")
    _publish(house, now, lists["EUR"], "EUR", "", eur | built, rules, euro)
    _publish(house, now, lists["USD"], "USD", "", usd | built, volume, dollars)
    _publish(house, now, lists["GBP"], "GBP", "", gbp | built, volume, pounds)
    _publish(house, now, partners, "GBP", "partner-2", gbp | built, dealer, pounds)


def _publish(
    house: House,
    now: datetime,
    name: str,
    currency: str,
    segment: str,
    prices: dict[str, Decimal],
    rules: list[NewRule],
    terms: Sequence[NewTerm] = (),
) -> None:
    actor = house.actor("models")
    book = price.draft_book(
        actor=actor, now=now, name=name, currency=currency, segment=segment, valid_from=FROM
    )
    keyed = {house.products[sku].pk: value for sku, value in prices.items()}
    price.set_entries(actor=actor, now=now, book_id=book.pk, prices=keyed)
    price.add_rules(actor=actor, now=now, book_id=book.pk, rules=rules)
    if terms:
        price.add_terms(actor=actor, now=now, book_id=book.pk, terms=terms)
    price.publish_book(actor=actor, now=now, book_id=book.pk)


def _stock(house: House, now: datetime) -> None:
    for place, item in enumerate(item for item in ITEMS if item.is_stocked):
        for seller, share in ((house.german, 1), (house.british, 3)):
            count = (240 if item.unit == "m" else 60 + 5 * (place % 7)) // share
            fulfillment.receive_stock(
                actor=house.actor("warehouse"),
                now=now,
                warehouse_id=house.warehouses[seller.pk].pk,
                product_id=house.products[item.sku].pk,
                quantity=Decimal(count),
                note="opening stock",
            )
