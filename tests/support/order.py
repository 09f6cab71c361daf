"""Accepted quotes and the orders made from them, without the walk through lead and quote.

The quote's rows are written as its room leaves them at acceptance; the order itself is placed and
released by actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import uuid4

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteLine, QuoteVersion
from handsel.commit.order import actions as orders
from handsel.commit.order import queries as order_queries
from handsel.commit.order.models import Order, OrderLine
from handsel.ground.party.models import Organization
from handsel.ground.platform import store
from handsel.ground.platform.numbering import next_number
from tests.support.world import World

VAT_BPS = 1900


@dataclass(frozen=True)
class Wanted:
    """One line to be ordered: so much of a product at a net unit price."""

    product: Product
    quantity: str = "1"
    unit_net: str = "100"
    list_price: str = ""


def make_product(
    world: World,
    sku: str = "BELT-1",
    *,
    name: str = "",
    kind: str = "good",
    is_stocked: bool | None = None,
    unit: str = "piece",
) -> Product:
    """A product of the house; goods are kept in stock unless said otherwise."""
    stocked = kind == "good" if is_stocked is None else is_stocked
    facts = ProductFacts(
        sku=sku, name=name or f"Product {sku}", kind=kind, unit=unit, is_stocked=stocked
    )
    return catalog.add_product(actor=world.system, now=world.now, facts=facts)


def accepted_version(
    world: World,
    wanted: Sequence[Wanted],
    *,
    customer: Organization | None = None,
    purchase_order: str = "PO-4711",
    billing_method: str = "on_shipment",
    billing_shares: Sequence[dict[str, object]] = (),
    now: datetime | None = None,
) -> QuoteVersion:
    """A version as acceptance leaves it: lines, totals, who accepted it."""
    at = now or world.now
    quote = Quote.objects.create(
        seller=world.seller,
        number=_next(world, at),
        organization=customer or world.customer,
        person=world.buyer,
        title="Conveyors for hall 3",
        currency=world.seller.currency,
        language="en",
        state="accepted",
        created_at=at,
    )
    version = QuoteVersion.objects.create(
        quote=quote,
        version_no=1,
        priced_on=at.date(),
        valid_until=at.date() + timedelta(days=30),
        billing_method=billing_method,
        billing_shares=list(billing_shares),
        delivery_terms="DAP Berlin (Incoterms 2020)",
        created_at=at,
    )
    lines = [_line(version, position, one) for position, one in enumerate(wanted, start=1)]
    QuoteLine.objects.bulk_create(lines)
    _accept(version, lines, purchase_order, at)
    return version


def _next(world: World, at: datetime) -> str:
    from django.db import transaction

    with transaction.atomic():
        return next_number(seller_id=world.seller.pk, kind="quote", year=at.year)


def _line(version: QuoteVersion, position: int, one: Wanted) -> QuoteLine:
    quantity = Decimal(one.quantity)
    list_price = Decimal(one.list_price or one.unit_net)
    return QuoteLine(
        version=version,
        line_key=uuid4(),
        position=position,
        product=one.product,
        name=one.product.name,
        quantity=quantity,
        unit=one.product.unit,
        list_price=list_price,
        unit_net=Decimal(one.unit_net),
        list_minor=minor(quantity * list_price),
        net_minor=minor(quantity * Decimal(one.unit_net)),
        tax_category="S",
        tax_rate_bps=VAT_BPS,
    )


def minor(amount: Decimal) -> int:
    """Cents of an exact amount, half up."""
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _accept(
    version: QuoteVersion, lines: Sequence[QuoteLine], purchase_order: str, at: datetime
) -> None:
    net = sum(line.net_minor for line in lines)
    tax = minor(Decimal(net) * VAT_BPS / 10_000 / 100)
    version.list_minor = sum(line.list_minor for line in lines)
    version.net_minor, version.tax_minor, version.gross_minor = net, tax, net + tax
    version.tax_rows = [
        {
            "category": "S",
            "rate_bps": VAT_BPS,
            "reason_code": "",
            "reason": "",
            "base_minor": net,
            "tax_minor": tax,
        }
    ]
    version.presented_at = at
    version.state = "accepted"
    version.save()
    content = store.keep(b"{}", name="accepted.json", media_type="application/json", now=at)
    QuoteAcceptance.objects.create(
        version=version,
        name="Kim Brandt",
        email="kim@brandt.example",
        purchase_order=purchase_order,
        accepted_at=at,
        content_hash=content.sha256,
        content=content,
    )


def placed_order(world: World, *wanted: Wanted, **how: object) -> Order:
    """An order waiting at the desk."""
    version = accepted_version(world, wanted, **how)  # type: ignore[arg-type]
    return orders.place_order(actor=world.system, now=world.now, version_id=version.pk)


def released_order(world: World, *wanted: Wanted, **how: object) -> Order:
    """An order that the desk let go."""
    order = placed_order(world, *wanted, **how)
    return orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)


def lines_of(order: Order) -> list[OrderLine]:
    """Its lines in their order."""
    return order_queries.lines_of(order.pk)
