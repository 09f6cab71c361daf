"""Reading orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from handsel.bid.quote.models import QuoteLine
from handsel.bid.quote.rules.line_keys import is_fee_key
from handsel.bid.quote.rules.paid import days_borne, paid_of
from handsel.commit.order import ports
from handsel.commit.order.errors import OrderMissing
from handsel.commit.order.models import Order, OrderHold, OrderLine, PurchaseOrderLine
from handsel.commit.order.rules.desk import (
    Credit,
    Finding,
    OrderFacts,
    check_credit,
    check_order,
)
from handsel.commit.order.rules.match import Difference, OurLine, TheirLine, compare
from handsel.commit.order.rules.revision import is_complete
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Organization
from handsel.ground.platform import at_hand
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows

TAX_FREE_ABROAD = ("K", "AE")


def visible_orders(actor: Actor) -> QuerySet[Order]:
    """The orders of the actor's sellers."""
    return Order.objects.filter(seller_id__in=actor.seller_ids)


def get_order(actor: Actor, order_id: int) -> Order:
    """One order; foreign and missing ones are not told apart."""
    related = ("organization", "seller", "quote_version__quote")
    found = visible_orders(actor).select_related(*related).filter(pk=order_id).first()
    if found is None:
        raise OrderMissing("this order does not exist")
    return found


def locked_order(actor: Actor, order_id: int) -> Order:
    """One order with its row locked until the transaction ends.

    Whoever changes what becomes of an order, in this room or a later one, locks it first: stock
    items and number series come after.
    """
    held = at_hand.one(Order, order_id)
    if held is not None and held.seller_id in actor.seller_ids:
        return held
    rows = visible_orders(actor).select_for_update(of=("self",), no_key=True)
    found = rows.select_related("organization", "seller").filter(pk=order_id).first()
    if found is None:
        raise OrderMissing("this order does not exist")
    return found


def order_of_quote(actor: Actor, quote_id: int) -> Order | None:
    """The order made from a quote, if there is one."""
    return visible_orders(actor).filter(quote_version__quote_id=quote_id).first()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which orders a list shows; empty fields filter nothing. `held` are those with open holds."""

    text: str = ""
    state: str = ""
    held: bool | None = None
    organization_id: int | None = None


def listed(actor: Actor, wanted: ListFilter) -> QuerySet[Order]:
    """The orders a list shows, newest first, customer loaded, `is_held` beside each."""
    open_hold = OrderHold.objects.filter(order_id=OuterRef("pk"), released_at=None)
    found = visible_orders(actor).select_related("organization").annotate(is_held=Exists(open_hold))
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.held is not None:
        found = found.filter(is_held=wanted.held, state__in=["placed", "released"])
    if wanted.organization_id is not None:
        found = found.filter(organization_id=wanted.organization_id)
    if wanted.text:
        found = found.filter(_mentions(wanted.text))
    return found.order_by("-placed_at", "-pk")


def _mentions(text: str) -> Q:
    # Customers first, by their own index: a sub-select here would read every order.
    customers = list(
        Organization.objects.filter(name__icontains=text).values_list("pk", flat=True)[:200]
    )
    number = Q(number__startswith=text.upper()) | Q(purchase_order__startswith=text)
    return number | Q(organization_id__in=customers)


def after(orders: QuerySet[Order], placed_at: datetime, key: int) -> QuerySet[Order]:
    """The orders of a list that come after the one with this instant and key."""
    return orders.filter(Q(placed_at__lt=placed_at) | Q(placed_at=placed_at, pk__lt=key))


def lines_of(order_id: int) -> list[OrderLine]:
    """The lines of an order in their order, products loaded."""
    held = at_hand.every(OrderLine, "order_id", order_id)
    if held:
        return held
    lines = OrderLine.objects.filter(order_id=order_id).select_related("product")
    return list(lines.order_by("position"))


def is_fee(line: OrderLine) -> bool:
    """Whether a line is freight or a fee of the price book, which nobody ships."""
    return is_fee_key(line.line_key)


def configuration_notes(lines: Sequence[OrderLine]) -> dict[int, str]:
    """What is built for lines that carry a configuration: "Food incline · 3fa2b1c9 · BC 4"."""
    quoted = {line.quote_line_id: line.pk for line in lines}
    rows = QuoteLine.objects.filter(pk__in=quoted, configuration__isnull=False).values_list(
        "pk",
        "configuration__title",
        "configuration__fingerprint",
        "configuration__version__model__title",
        "configuration__version__version_no",
    )
    return {
        quoted[key]: f"{title} · {fingerprint[:8]} · {model} {version_no}"
        for key, title, fingerprint, model, version_no in rows
    }


def contract_of(order: Order) -> Money | None:
    """What all periods of the accepted lines come to, net; None where the order is all of it.

    An order bears one period of each line that recurs, and of a ramp its first segment.
    """
    accepted = QuoteLine.objects.filter(version_id=order.quote_version_id, is_chosen=True)
    lines = accepted.only("charge", "asked", "net_minor")
    contract = sum(line.net_minor * int(line.asked.get("periods") or 1) for line in lines)
    return Money(contract, order.currency) if contract != order.net_minor else None


def days_borne_by(order_line_ids: Collection[int]) -> dict[int, tuple[date, date]]:
    """The first and the last day of service that order lines bear; lines for no time are left
    out."""
    rows = OrderLine.objects.filter(pk__in=order_line_ids).exclude(quote_line__asked={})
    found = {
        key: days_borne(paid_of(charge, asked))
        for key, charge, asked in rows.values_list("pk", "quote_line__charge", "quote_line__asked")
    }
    return {key: days for key, days in found.items() if days is not None}


def used_lines(order_line_ids: Collection[int]) -> frozenset[int]:
    """Which of order lines are billed by usage: their quantity is an estimate."""
    if not order_line_ids:
        return frozenset()
    rows = OrderLine.objects.filter(pk__in=order_line_ids, quote_line__charge="usage")
    return frozenset(rows.values_list("pk", flat=True))


def open_holds(order_id: int) -> list[OrderHold]:
    """The holds that still stop an order."""
    return all_rows(OrderHold, "order_id = %s AND released_at IS NULL ORDER BY id", [order_id])


def holds_of(order_id: int) -> list[OrderHold]:
    """All holds of an order, newest first."""
    return list(OrderHold.objects.filter(order_id=order_id).order_by("-pk"))


_QUOTED = """
    SELECT COALESCE(sum(net_minor), 0)::bigint, count(*)
    FROM quote_quoteline WHERE version_id = %s AND is_chosen
      AND COALESCE((asked -> 'ramp' ->> 'place')::int, 1) = 1
"""


def desk_findings(
    order: Order, *, today: date, lines: Sequence[OrderLine] | None = None
) -> list[Finding]:
    """What the order desk's checks say of an order now; its lines may be given."""
    lines = lines_of(order.pk) if lines is None else lines
    with connection.cursor() as cursor:
        cursor.execute(_QUOTED, [order.quote_version_id])
        quoted_net, quoted_count = cursor.fetchone()
    compared = order.compared_at is not None
    facts = OrderFacts(
        line_count=len(lines),
        quoted_count=quoted_count,
        net=Money(order.net_minor, order.currency),
        quoted_net=Money(quoted_net, order.currency),
        lines_net=Money(sum(line.net_minor for line in lines), order.currency),
        purchase_order=order.purchase_order,
        compared_count=len(lines) if compared else None,
        difference_count=len(differences_of(order, lines)) if compared else 0,
        has_bill_to=is_complete(order.bill_to),
        has_ship_to=is_complete(order.ship_to),
        needs_shipping=any(line.product.kind == "good" for line in lines),
        vat_id_needed=any(line.tax_category in TAX_FREE_ABROAD for line in lines),
        vat_id=order.organization.vat_id,
        requested_on=order.requested_on,
        today=today,
    )
    return check_order(facts)


def credit_finding(actor: Actor, order: Order) -> Finding:
    """How the customer's credit stands with this order."""
    credit = credit_of(actor, order.organization, order.seller_id, order.currency, without=order.pk)
    return check_credit(credit, Money(order.gross_minor, order.currency))


def purchase_order_lines(order_id: int) -> dict[int, PurchaseOrderLine]:
    """Order line to the same line as the buyer's purchase order has it."""
    rows = PurchaseOrderLine.objects.filter(order_line__order_id=order_id)
    return {row.order_line_id: row for row in rows}


def differences_of(order: Order, lines: Sequence[OrderLine] | None = None) -> list[Difference]:
    """What differs between an order and the buyer's purchase order as entered."""
    own = lines_of(order.pk) if lines is None else lines
    theirs = purchase_order_lines(order.pk)
    return compare(
        [OurLine(line.pk, line.product.sku, line.quantity, line.unit_net) for line in own],
        [
            TheirLine(row.order_line_id, row.quantity, row.unit_price, row.sku)
            for row in theirs.values()
        ],
        valid_until=order.quote_version.valid_until,
        dated_on=order.purchase_order_on,
    )


def credit_of(
    actor: Actor,
    organization: Organization,
    seller_id: int,
    currency: str,
    *,
    without: int = 0,
) -> Credit:
    """A customer's credit standing with a seller, leaving one order aside.

    Exposure is what he owes on invoices and what he ordered that is not invoiced yet.
    """
    limit = organization.credit_limit_minor if currency == organization.currency else None
    if limit is None:
        return Credit(None, Money.zero(currency), Money.zero(currency))
    standing = Order.objects.filter(
        organization=organization, seller_id=seller_id, currency=currency
    )
    standing = standing.exclude(state="cancelled").exclude(pk=without)
    ordered = dict(standing.values_list("pk", "gross_minor"))
    invoiced = ports.progress().invoiced_minor(order_ids=list(ordered))
    unbilled = sum(max(gross - invoiced.get(key, 0), 0) for key, gross in ordered.items())
    owed = ports.receivables().open_amount(
        # The limit is kept per seller, however many sellers the actor sees.
        actor=replace(actor, seller_ids=frozenset({seller_id})),
        organization_id=organization.pk,
        currency=currency,
    )
    return Credit(
        limit=Money(limit, currency),
        receivables=owed,
        open_orders=Money(unbilled, currency),
    )
