"""The shipping desk, shipments and proof of delivery."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from decimal import Decimal

from handsel.commit.order import queries as orders
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import ProofInvalid, ProofMissing, QuantityInvalid
from handsel.deliver.fulfillment.rest.routing import router
from handsel.deliver.fulfillment.rest.schemas import (
    DeliverIn,
    KeyInPath,
    KeyOrNone,
    Limit,
    LineStateOut,
    OrderLinesOut,
    OwedListOut,
    OwedOrderOut,
    ShipIn,
    ShipmentLineOut,
    ShipmentListOut,
    ShipmentOut,
    ShipmentRecordOut,
    Start,
    Word,
)
from handsel.deliver.fulfillment.rules.transitions import SHIPMENT_STATES
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal, parse_instant
from handsel.ground.kernel.said import said
from handsel.ground.platform.api import FileOut


@router.get(
    "/desk",
    permission="fulfillment.view",
    response=OwedListOut,
    summary="List orders of which something is still to go",
)
def desk(
    request: Request, q: Word = "", only_ready: bool = False, start: Start = 0, limit: Limit = 50
) -> OwedListOut:
    """First released first, each with what can go now."""
    wanted = queries.DeskFilter(text=q, only_ready=only_ready)
    rows = list(queries.owed_orders(request.actor, wanted)[start : start + limit + 1])
    states = queries.line_states(rows[:limit])
    return OwedListOut(
        rows=[
            OwedOrderOut(
                order_id=order.pk,
                number=order.number,
                organization=order.organization.name,
                requested_on=order.requested_on,
                released_at=order.released_at,
                is_held=order.is_held,  # type: ignore[attr-defined]  # annotated by the query
                lines=[LineStateOut.of(state) for state in states[order.pk]],
            )
            for order in rows[:limit]
        ],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.get(
    "/orders/{order_id}/lines",
    permission="fulfillment.view",
    response=OrderLinesOut,
    summary="Get what of an order was shipped, is ready, is short",
)
def order_lines(request: Request, order_id: KeyInPath) -> OrderLinesOut:
    """One row an order line."""
    return _lines_of(request, order_id)


def _lines_of(request: Request, order_id: int) -> OrderLinesOut:
    order = orders.get_order(request.actor, order_id)
    states = [LineStateOut.of(state) for state in queries.states_of(order)]
    return OrderLinesOut(order_id=order_id, lines=states)


@router.post(
    "/orders/{order_id}/reserve",
    permission="fulfillment.ship",
    response=OrderLinesOut,
    summary="Reserve what an order still needs",
)
def reserve(request: Request, order_id: KeyInPath) -> OrderLinesOut:
    """As far as stock goes; calling it again adds only what is missing."""
    actions.reserve_for_order(actor=request.actor, now=request.now, order_id=order_id)
    return _lines_of(request, order_id)


@router.post(
    "/orders/{order_id}/ship",
    permission="fulfillment.ship",
    response=ShipmentRecordOut,
    summary="Ship an order in part or whole",
    status=201,
)
def ship(request: Request, order_id: KeyInPath, body: ShipIn) -> ShipmentRecordOut:
    """The delivery note and the mail to the buyer follow."""
    shipment = actions.ship(
        actor=request.actor,
        now=request.now,
        order_id=order_id,
        lines=_load(body),
        warehouse_id=body.warehouse_id,
        carrier=body.carrier,
        tracking_number=body.tracking_number,
        shipped_on=parse_date(body.shipped_on) if body.shipped_on else None,
    )
    return _record(request, shipment.pk)


def _load(body: ShipIn) -> dict[int, Decimal] | None:
    if body.lines is None:
        return None
    wanted = {line.line_id: parse_decimal(line.quantity) for line in body.lines}
    if len(wanted) != len(body.lines):
        raise QuantityInvalid("a line is named twice", fields={"lines": "each line once"})
    return wanted


@router.get(
    "/shipments",
    permission="fulfillment.view",
    response=ShipmentListOut,
    summary="List shipments, newest first",
)
def shipments(
    request: Request,
    q: Word = "",
    state: Word = "",
    order_id: KeyOrNone = None,
    cursor: Word = "",
    limit: Limit = 50,
) -> ShipmentListOut:
    """`cursor` is the `next_cursor` of the page before."""
    if state and state not in SHIPMENT_STATES:
        raise Invalid("There is no such state.", fields={"state": ", ".join(SHIPMENT_STATES)})
    wanted = queries.ShipmentFilter(text=q, state=state, order_id=order_id)
    found = queries.listed_shipments(request.actor, wanted)
    if cursor:
        found = queries.after(found, *position(cursor))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return ShipmentListOut(
        rows=[ShipmentOut.of(shipment) for shipment in rows[:limit]],
        next_cursor=f"{last.shipped_at.isoformat()}_{last.pk}" if last else "",
    )


def position(cursor: str) -> tuple[datetime, int]:
    """The instant and key a cursor stands for; raises Invalid for one not given out here."""
    instant, _, key = cursor.rpartition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Invalid("This cursor was not given out here.", fields={"cursor": "a next_cursor"})
    return parse_instant(instant), int(key)


@router.get(
    "/shipments/{shipment_id}",
    permission="fulfillment.view",
    response=ShipmentRecordOut,
    summary="Get a shipment with its lines",
)
def shipment(request: Request, shipment_id: KeyInPath) -> ShipmentRecordOut:
    """What is in it."""
    return _record(request, shipment_id)


def _record(request: Request, shipment_id: int) -> ShipmentRecordOut:
    found = queries.get_shipment(request.actor, shipment_id)
    lines = queries.lines_of(shipment_id)
    return ShipmentRecordOut(
        shipment=ShipmentOut.of(found), lines=[ShipmentLineOut.of(line) for line in lines]
    )


@router.post(
    "/shipments/{shipment_id}/deliver",
    permission="fulfillment.ship",
    response=ShipmentRecordOut,
    summary="Confirm a delivery, with proof where there is one",
)
def deliver(request: Request, shipment_id: KeyInPath, body: DeliverIn) -> ShipmentRecordOut:
    """The delivery of the last open part completes the order."""
    actions.confirm_delivery(
        actor=request.actor,
        now=request.now,
        shipment_id=shipment_id,
        received_by=body.received_by,
        at=parse_instant(body.at) if body.at else None,
        proof=_proof(body),
    )
    return _record(request, shipment_id)


def _proof(body: DeliverIn) -> actions.Proof | None:
    if not body.proof_base64:
        return None
    try:
        content = base64.b64decode(body.proof_base64, validate=True)
    except binascii.Error:
        raise ProofInvalid(
            "the proof cannot be read", fields={"proof_base64": "a file in base64"}
        ) from None
    return actions.Proof(content, body.proof_name)


@router.get(
    "/shipments/{shipment_id}/delivery-note",
    permission="fulfillment.view",
    response=FileOut,
    summary="Get the delivery note as PDF",
)
def delivery_note(request: Request, shipment_id: KeyInPath) -> FileOut:
    """Written when first asked for, then always the same bytes."""
    note = actions.write_delivery_note(
        actor=request.actor, now=request.now, shipment_id=shipment_id
    )
    return FileOut.of(note)


@router.get(
    "/shipments/{shipment_id}/proof",
    permission="fulfillment.view",
    response=FileOut,
    summary="Get the proof of delivery",
)
def proof(request: Request, shipment_id: KeyInPath) -> FileOut:
    """As it was kept."""
    found = queries.get_shipment(request.actor, shipment_id)
    if found.proof is None:
        raise ProofMissing(said("no proof of delivery is kept for %(number)s", number=found.number))
    return FileOut.of(found.proof)
