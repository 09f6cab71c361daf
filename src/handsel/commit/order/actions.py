"""The only writers of orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from handsel.bid.quote.models import QuoteAcceptance, QuoteLine, QuoteVersion
from handsel.commit.order import queries
from handsel.commit.order.errors import (
    HoldMissing,
    OrderHeldBack,
    OrderStateRefused,
    OrderUnchecked,
    ReasonMissing,
)
from handsel.commit.order.events import (
    OrderCancelled,
    OrderCompleted,
    OrderHeld,
    OrderHoldReleased,
    OrderPlaced,
    OrderReleased,
)
from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.rules.desk import stops
from handsel.commit.order.rules.transitions import ORDER_STATES
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.party.models import Organization
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state
from handsel.ground.platform.numbering import next_number


@transaction.atomic
def place_order(*, actor: Actor, now: datetime, version_id: int) -> Order:
    """The order of an accepted quote version: one line for one chosen line.

    A second call for the same version returns the order that exists. A customer whose credit
    does not cover it gets a credit hold.
    """
    version = (
        QuoteVersion.objects.select_for_update(of=("self",))
        .select_related("quote__seller", "quote__organization", "quote__person")
        .get(pk=version_id, quote__seller_id__in=actor.seller_ids)
    )
    present = Order.objects.filter(quote_version=version).first()
    if present is not None:
        return present
    if version.state != "accepted":
        raise OrderStateRefused(f"version {version.version_no} is {version.state}, not accepted")
    # The customer owns the credit limit: two orders at once see each other.
    organization = Organization.objects.select_for_update().get(pk=version.quote.organization_id)
    order = _copy_head(version, organization, now)
    _copy_lines(version, order)
    log.announce(
        OrderPlaced(
            order.pk, version.pk, organization.pk, Money(order.gross_minor, order.currency)
        ),
        actor=actor,
        now=now,
    )
    _hold_for_credit(actor, now, order, organization)
    return order


def _copy_head(version: QuoteVersion, organization: Organization, now: datetime) -> Order:
    quote = version.quote
    acceptance = QuoteAcceptance.objects.get(version=version)
    year = local_date(now, quote.seller.time_zone).year
    return Order.objects.create(
        seller=quote.seller,
        number=next_number(seller_id=quote.seller_id, kind="order", year=year),
        quote_version=version,
        organization=organization,
        currency=quote.currency,
        language=quote.language,
        purchase_order=acceptance.purchase_order,
        bill_to=party.address_snapshot(organization, "billing"),
        ship_to=party.address_snapshot(organization, "shipping"),
        contact_name=acceptance.name,
        contact_email=acceptance.email,
        payment_days=version.payment_days,
        billing_method=version.billing_method,
        billing_shares=version.billing_shares,
        delivery_terms=version.delivery_terms,
        net_minor=version.net_minor,
        tax_minor=version.tax_minor,
        gross_minor=version.gross_minor,
        tax_rows=version.tax_rows,
        placed_at=now,
    )


_COPIED = (
    "line_key",
    "position",
    "product_id",
    "name",
    "description",
    "quantity",
    "unit",
    "list_price",
    "unit_net",
    "list_minor",
    "net_minor",
    "tax_category",
    "tax_rate_bps",
    "tax_reason_code",
)


def _copy_lines(version: QuoteVersion, order: Order) -> None:
    chosen = QuoteLine.objects.filter(version=version, is_chosen=True).order_by("position")
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, quote_line=line, **{field: getattr(line, field) for field in _COPIED}
        )
        for line in chosen
    )


def _hold_for_credit(actor: Actor, now: datetime, order: Order, organization: Organization) -> None:
    credit = queries.credit_of(actor, organization, order.currency, without=order.pk)
    more = Money(order.gross_minor, order.currency)
    if credit.limit is None or credit.allows(more):
        return
    reason = (
        f"exposure {(credit.exposure + more).text()} would pass the limit of "
        f"{credit.limit.text()} {order.currency}"
    )
    _write_hold(actor, now, order, "credit", reason)


@transaction.atomic
def hold_order(*, actor: Actor, now: datetime, order_id: int, kind: str, reason: str) -> OrderHold:
    """Stop an order for a reason; kinds are credit, price, document, deposit and manual."""
    order = _locked(actor, order_id)
    if order.state not in ("placed", "released"):
        raise OrderStateRefused(f"order {order.number} is {order.state}; there is nothing to hold")
    return _write_hold(actor, now, order, kind, _reason(reason))


def _write_hold(actor: Actor, now: datetime, order: Order, kind: str, reason: str) -> OrderHold:
    hold = OrderHold.objects.create(
        order=order, kind=kind, reason=reason[:300], placed_at=now, placed_by_id=actor.user_id
    )
    log.announce(OrderHeld(order.pk, hold.pk, kind, hold.reason), actor=actor, now=now)
    return hold


@transaction.atomic
def release_hold(
    *, actor: Actor, now: datetime, order_id: int, hold_id: int, reason: str
) -> OrderHold:
    """End a hold, with the reason kept beside the one it was placed for."""
    order = _locked(actor, order_id)
    changed = OrderHold.objects.filter(pk=hold_id, order=order, released_at=None).update(
        released_at=now, released_by_id=actor.user_id, release_reason=_reason(reason)
    )
    if changed != 1:
        raise HoldMissing(f"order {order.number} has no such open hold")
    hold = OrderHold.objects.get(pk=hold_id)
    log.announce(
        OrderHoldReleased(order.pk, hold.pk, hold.kind, hold.release_reason), actor=actor, now=now
    )
    return hold


@transaction.atomic
def release_order(*, actor: Actor, now: datetime, order_id: int) -> Order:
    """Let an order go on to delivery and billing.

    Refused while a hold is open or a check of the desk says stop.
    """
    order = _locked(actor, order_id)
    holds = queries.open_holds(order.pk)
    if holds:
        reasons = "; ".join(f"{hold.kind}: {hold.reason}" for hold in holds)
        raise OrderHeldBack(f"order {order.number} is on hold: {reasons}")
    today = local_date(now, order.seller.time_zone)
    found = stops(queries.desk_findings(order, today=today))
    if found:
        texts = "; ".join(finding.text for finding in found)
        raise OrderUnchecked(f"order {order.number} cannot be released: {texts}")
    _move(order.pk, "released", released_at=now, released_by_id=actor.user_id)
    log.announce(
        OrderReleased(
            order.pk,
            order.organization_id,
            Money(order.net_minor, order.currency),
            Money(order.gross_minor, order.currency),
        ),
        actor=actor,
        now=now,
    )
    order.refresh_from_db()
    return order


@transaction.atomic
def complete_order(*, actor: Actor, now: datetime, order_id: int) -> None:
    """Everything was delivered (called when the last delivery is confirmed)."""
    order = _locked(actor, order_id)
    _move(order.pk, "completed")
    log.announce(OrderCompleted(order.pk), actor=actor, now=now)


@transaction.atomic
def cancel_order(*, actor: Actor, now: datetime, order_id: int, reason: str) -> Order:
    """Take an order back before anything of it was delivered; listeners free what it held."""
    order = _locked(actor, order_id)
    _move(order.pk, "cancelled", cancelled_at=now, cancelled_reason=_reason(reason)[:200])
    log.announce(OrderCancelled(order.pk, reason), actor=actor, now=now)
    order.refresh_from_db()
    return order


EDITABLE = frozenset({"purchase_order", "ship_to", "bill_to", "requested_on", "contact_email"})


@transaction.atomic
def revise_order(*, actor: Actor, now: datetime, order_id: int, facts: dict[str, Any]) -> Order:
    """Complete what the desk may complete before release; prices are never among it."""
    order = _locked(actor, order_id)
    if order.state != "placed":
        raise OrderStateRefused(f"order {order.number} is {order.state} and no longer edited")
    unknown = set(facts) - EDITABLE
    if unknown:
        raise OrderStateRefused(f"not editable on an order: {', '.join(sorted(unknown))}")
    for field, value in facts.items():
        setattr(order, field, value)
    order.save(update_fields=sorted(facts))
    return order


def _locked(actor: Actor, order_id: int) -> Order:
    queries.get_order(actor, order_id)
    return Order.objects.select_for_update(of=("self",)).select_related("seller").get(pk=order_id)


def _move(order_id: int, to: str, **also: Any) -> None:
    change_state(Order, order_id, to=to, allowed=ORDER_STATES, code="order_state", **also)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing("a reason is needed", fields={"reason": "why, in a few words"})
    return text.strip()[:300]
