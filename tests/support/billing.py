"""Orders that are billed: released, shipped and delivered by the rooms' own actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from handsel.bid.catalog.models import Product
from handsel.bid.quote.models import QuoteVersion
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing import actions
from handsel.earn.billing.models import Invoice
from handsel.ground.party.models import Organization
from tests.support.order import Wanted, accepted_version, make_product
from tests.support.world import World


def billed_order(
    world: World,
    *wanted: Wanted,
    method: str = "on_order",
    shares: Sequence[int] = (),
    customer: Organization | None = None,
    tax: Mapping[str, object] | None = None,
) -> Order:
    """A released order billed by `method`; `tax` replaces the lines' category, rate and reason."""
    version = accepted_version(
        world,
        wanted or [Wanted(plain_good(world), "1", "10000")],
        customer=customer,
        billing_method=method,
        billing_shares=shares,  # type: ignore[arg-type]
    )
    if tax is not None:
        _retax(version, tax)
    order = orders.place_order(actor=world.system, now=world.now, version_id=version.pk)
    return orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)


def _retax(version: QuoteVersion, tax: Mapping[str, object]) -> None:
    row = {**version.tax_rows[0], **tax, "tax_minor": 0}
    with connection.cursor() as cursor:
        # Accepted versions are frozen; the test's version is made tax-free as if priced so.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE quote_quoteline SET tax_category = %s, tax_rate_bps = %s, tax_reason_code = %s"
            " WHERE version_id = %s",
            [tax["category"], tax["rate_bps"], tax["reason_code"], version.pk],
        )
        QuoteVersion.objects.filter(pk=version.pk).update(
            tax_rows=[row], tax_minor=0, gross_minor=version.net_minor
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def plain_good(world: World, sku: str = "CONV-1", name: str = "Belt conveyor BC 600") -> Product:
    """A product that ships without stock being kept of it."""
    return make_product(world, sku, name=name, is_stocked=False)


def ship(
    world: World, order: Order, lines: Mapping[int, str] | None = None, *, days: int = 0
) -> Shipment:
    """Send off an order in part or whole, some days after the world's day."""
    return fulfillment.ship(
        actor=world.actor("production"),
        now=world.now + timedelta(days=days),
        order_id=order.pk,
        lines=None if lines is None else {key: Decimal(q) for key, q in lines.items()},
    )


def deliver(world: World, shipment: Shipment, *, days: int = 0) -> None:
    """The customer signs for it."""
    fulfillment.confirm_delivery(
        actor=world.actor("production"),
        now=world.now + timedelta(days=days),
        shipment_id=shipment.pk,
        received_by="Kim Brandt",
        proof=fulfillment.Proof(b"%PDF-1.7 signed", "note.pdf"),
    )


def drafts(order: Order) -> list[Invoice]:
    """The drafts that wait for an order, oldest first."""
    return list(Invoice.objects.filter(order=order, state="draft").order_by("pk"))


def issue(world: World, invoice: Invoice, *, now: datetime | None = None) -> Invoice:
    """The accountant issues it."""
    return actions.issue_invoice(
        actor=world.actor("accountant"), now=now or world.now, invoice_id=invoice.pk
    )


def issued_invoice(world: World, *wanted: Wanted, **how: object) -> Invoice:
    """An order billed at once, its invoice issued."""
    (draft,) = drafts(billed_order(world, *wanted, **how))  # type: ignore[arg-type]
    return issue(world, draft)
