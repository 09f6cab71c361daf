"""The world of the yardstick: 1,000 customers, 500 products, 201 price rules, 100,000 deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity.actions import NewDeal
from handsel.bid.catalog.models import Product
from handsel.bid.quote.actions import NewLine
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Organization
from tests.support.bid import make_yardstick, yardstick_lines
from tests.support.world import World, make_customer, make_world

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = (
    "conveyor", "belt", "drive", "guard", "sensor", "frame", "roller", "motor", "stand", "wall",
    "cleat", "drum", "panel", "gearbox", "brake", "scraper", "tray", "bearing", "foot", "cable",
)  # fmt: skip
DEALS = 100_000


@dataclass(frozen=True)
class Yardstick:
    """The world, its products in order, its customers."""

    world: World
    products: list[int]
    customers: list[int]

    def lines(self, document: int, count: int) -> list[NewLine]:
        """The lines of document number `document`."""
        return yardstick_lines(self.products, document, count)


@lru_cache(maxsize=1)
def yardstick() -> Yardstick:
    """Build the world once for all figures of a run; taxes are 19 % where the peers had 10 %."""
    world = make_world(now=NOW)
    products = make_yardstick(world.system, NOW)
    customers = [world.customer.pk]
    for place in range(999):
        made, _buyer = make_customer(
            world.system,
            NOW,
            name=f"Customer {place:04d} GmbH",
            vat_id="",
            domain=f"customer{place:04d}.example",
        )
        customers.append(made.pk)
    _fill_stock(world)
    return Yardstick(world, products, customers)


def _fill_stock(world: World) -> None:
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=NOW, seller_id=world.seller.pk, name="Main"
    )
    for product_id in Product.objects.filter(is_stocked=True).values_list("pk", flat=True):
        fulfillment.receive_stock(
            actor=world.system,
            now=NOW,
            warehouse_id=warehouse.pk,
            product_id=product_id,
            quantity=Decimal(1_000_000),
        )


@lru_cache(maxsize=1)
def hundred_thousand_deals() -> Yardstick:
    """The world with 100,000 opportunities; the word searched is in 1 of 20."""
    stick = yardstick()
    for start in range(0, DEALS, 5_000):
        open_deals(stick, start, 5_000)
    return stick


def open_deals(stick: Yardstick, start: int, count: int) -> None:
    """Open deals number `start` and following in bulk."""
    deals = [
        NewDeal(
            name=f"Opportunity {n:06d} {WORDS[n % 20]} {WORDS[(n // 20) % 20]}x",
            amount=Money(100_00 + n, "EUR"),
            organization_id=stick.customers[n % len(stick.customers)],
        )
        for n in range(start, start + count)
    ]
    opportunities.open_many(
        actor=stick.world.system, now=NOW, seller_id=stick.world.seller.pk, deals=deals
    )


def organizations() -> int:
    """How many organizations there are (for the log of a run)."""
    return Organization.objects.count()
