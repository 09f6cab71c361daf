"""Reading orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from handsel.bid.quote.models import QuoteLine
from handsel.commit.order import ports
from handsel.commit.order.errors import OrderMissing
from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.rules.desk import Credit, Finding, OrderFacts, check_order
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Organization
from handsel.ground.platform.actor import Actor

TAX_FREE_ABROAD = ("K", "AE")


def visible_orders(actor: Actor) -> QuerySet[Order]:
    """The orders of the actor's sellers."""
    return Order.objects.filter(seller_id__in=actor.seller_ids)


def get_order(actor: Actor, order_id: int) -> Order:
    """One order; foreign and missing ones are not told apart."""
    order = visible_orders(actor).select_related("organization", "seller").filter(pk=order_id)
    found = order.first()
    if found is None:
        raise OrderMissing("this order does not exist")
    return found


def locked_order(actor: Actor, order_id: int) -> Order:
    """One order with its row locked until the transaction ends.

    Whoever changes what becomes of an order, in this room or a later one, locks it first: stock
    items and number series come after.
    """
    rows = visible_orders(actor).select_for_update(of=("self",))
    found = rows.select_related("organization", "seller").filter(pk=order_id).first()
    if found is None:
        raise OrderMissing("this order does not exist")
    return found


def order_of_quote(actor: Actor, quote_id: int) -> Order | None:
    """The order made from a quote, if there is one."""
    return visible_orders(actor).filter(quote_version__quote_id=quote_id).first()


def lines_of(order_id: int) -> list[OrderLine]:
    """The lines of an order in their order, products loaded."""
    lines = OrderLine.objects.filter(order_id=order_id).select_related("product")
    return list(lines.order_by("position"))


def open_holds(order_id: int) -> list[OrderHold]:
    """The holds that still stop an order."""
    return list(OrderHold.objects.filter(order_id=order_id, released_at=None).order_by("pk"))


def holds_of(order_id: int) -> list[OrderHold]:
    """All holds of an order, newest first."""
    return list(OrderHold.objects.filter(order_id=order_id).order_by("-pk"))


def desk_findings(order: Order, *, today: date) -> list[Finding]:
    """What the order desk's checks say of an order now."""
    lines = lines_of(order.pk)
    quoted = QuoteLine.objects.filter(version_id=order.quote_version_id, is_chosen=True)
    quoted_net = quoted.aggregate(total=Sum("net_minor"))["total"] or 0
    version = order.quote_version
    facts = OrderFacts(
        line_count=len(lines),
        quoted_count=quoted.count(),
        net=Money(order.net_minor, order.currency),
        quoted_net=Money(version.net_minor if version.net_minor else quoted_net, order.currency),
        lines_net=Money(sum(line.net_minor for line in lines), order.currency),
        purchase_order=order.purchase_order,
        has_bill_to=_is_complete(order.bill_to),
        has_ship_to=_is_complete(order.ship_to),
        needs_shipping=any(line.product.kind == "good" for line in lines),
        vat_id_needed=any(line.tax_category in TAX_FREE_ABROAD for line in lines),
        vat_id=order.organization.vat_id,
        requested_on=order.requested_on,
        today=today,
    )
    return check_order(facts)


def _is_complete(address: dict[str, Any]) -> bool:
    return all(address.get(part) for part in ("name", "street", "city", "country"))


def credit_of(actor: Actor, organization: Organization, currency: str, *, without: int) -> Credit:
    """A customer's credit standing in a currency, leaving one order aside.

    Open orders count in full until they are completed, less nothing: a careful over-estimate
    while part of them is already among the receivables.
    """
    standing = Order.objects.filter(
        organization=organization, currency=currency, state__in=["placed", "released"]
    ).exclude(pk=without)
    ordered = standing.aggregate(total=Sum("gross_minor"))["total"] or 0
    limit = organization.credit_limit_minor
    return Credit(
        limit=None if limit is None else Money(limit, currency),
        receivables=ports.receivables().open_amount(
            actor=actor, organization_id=organization.pk, currency=currency
        ),
        open_orders=Money(ordered, currency),
    )
