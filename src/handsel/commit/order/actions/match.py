"""The buyer's purchase order came in: compare it with what he accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.commit.order import queries
from handsel.commit.order.actions.hold import end_hold, write_hold
from handsel.commit.order.errors import ChangesInvalid, OrderLineMissing, OrderStateRefused
from handsel.commit.order.events import PurchaseOrderMatched
from handsel.commit.order.models import Order, OrderLine, PurchaseOrderLine
from handsel.commit.order.rules.match import ROUTES, Difference, TheirLine
from handsel.ground.kernel.said import said
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.media_types import media_type_of
from handsel.ground.platform.models import StoredFile

MOST = Decimal(10**12)
MOST_BYTES = 10 * 1024 * 1024


@transaction.atomic
def match_purchase_order(
    *,
    actor: Actor,
    now: datetime,
    order_id: int,
    number: str,
    lines: Sequence[TheirLine],
    dated_on: date | None = None,
    document: bytes | None = None,
    document_name: str = "",
) -> list[Difference]:
    """Keep the buyer's purchase order as entered and compare it with the order, line by line.

    `lines` name our order lines and carry what his paper says of them; a line of ours that is not
    named is missing on his paper. Differences place a hold each kind (price, or document for the
    rest), an agreeing paper ends the holds an earlier one placed. Returns the differences.
    """
    order = queries.locked_order(actor, order_id)
    if order.state != "placed":
        raise OrderStateRefused(
            said(
                "order %(number)s is %(state)s; it was checked before",
                number=order.number,
                state=order.state,
            )
        )
    _check(queries.lines_of(order_id), number, lines)
    order.purchase_order = number.strip()
    order.purchase_order_on = dated_on
    order.compared_at = now
    if document is not None:
        order.purchase_order_file = _keep_document(document, document_name, now)
    order.save(
        update_fields=[
            "purchase_order",
            "purchase_order_on",
            "purchase_order_file",
            "compared_at",
        ]
    )
    _keep_lines(order_id, lines)
    differences = queries.differences_of(order)
    event = PurchaseOrderMatched(order.pk, order.purchase_order, len(lines), len(differences))
    log.announce(event, actor=actor, now=now)
    _route(actor, now, order, differences)
    return differences


def _check(own: Sequence[OrderLine], number: str, lines: Sequence[TheirLine]) -> None:
    problems: dict[str, str] = {}
    if not 0 < len(number.strip()) <= 60:
        problems["number"] = "the buyer's number, at most 60 characters"
    keys = [line.line_id for line in lines]
    if set(keys) - {line.pk for line in own}:
        raise OrderLineMissing("this order has no such line")
    if len(set(keys)) != len(keys):
        problems["lines"] = "each line once"
    for line in lines:
        for field, value in (("quantity", line.quantity), ("unit_price", line.unit_price)):
            if not value.is_finite() or not 0 <= value < MOST or value != round(value, 6):
                problems[f"lines.{line.line_id}.{field}"] = "zero or more, at most six decimals"
        if len(line.sku) > 60:
            problems[f"lines.{line.line_id}.sku"] = "at most 60 characters"
    if problems:
        raise ChangesInvalid("the purchase order cannot be kept", fields=problems)


def _keep_document(content: bytes, name: str, now: datetime) -> StoredFile:
    media_type = media_type_of(content)
    if media_type is None or len(content) > MOST_BYTES:
        expected = "a PDF, PNG or JPEG of at most 10 MB"
        raise ChangesInvalid("this file cannot be kept", fields={"document": expected})
    return store.keep(content, name=name, media_type=media_type, now=now)


def _keep_lines(order_id: int, lines: Sequence[TheirLine]) -> None:
    PurchaseOrderLine.objects.filter(order_line__order_id=order_id).delete()
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            order_line_id=line.line_id,
            sku=line.sku.strip(),
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for line in lines
    )


def _route(actor: Actor, now: datetime, order: Order, differences: Sequence[Difference]) -> None:
    """One open hold of the comparison for each kind that has differences, none for the others."""
    found: dict[str, list[Difference]] = {}
    for difference in differences:
        found.setdefault(ROUTES[difference.kind], []).append(difference)
    standing = [hold for hold in queries.open_holds(order.pk) if hold.source == "match"]
    for hold in standing:
        end_hold(actor, now, order, hold.pk, "the purchase order was compared again")
    for kind, ones in sorted(found.items()):
        write_hold(actor, now, order, kind, _reason(ones), source="match")


def _reason(differences: Sequence[Difference]) -> str:
    parts = [f"{one.kind} {one.theirs or '–'} for {one.ours}" for one in differences]
    return f"the purchase order differs: {', '.join(parts)}"
