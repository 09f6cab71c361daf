"""The customer has it, and somebody signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.commit.order import actions as order_actions
from handsel.commit.order import queries as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import queries
from handsel.deliver.fulfillment.errors import DateInvalid, ProofInvalid
from handsel.deliver.fulfillment.events import ShipmentDelivered
from handsel.deliver.fulfillment.models import Shipment
from handsel.deliver.fulfillment.rules.quantities import is_fulfilled
from handsel.deliver.fulfillment.rules.transitions import SHIPMENT_STATES
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.said import said
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state
from handsel.ground.platform.media_types import media_type_of

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proof:
    """A signed delivery note or a photo: its bytes and the name it had."""

    content: bytes
    name: str


@transaction.atomic
def confirm_delivery(
    *,
    actor: Actor,
    now: datetime,
    shipment_id: int,
    received_by: str,
    at: datetime | None = None,
    proof: Proof | None = None,
) -> Shipment:
    """Keep who received a shipment (or accepted a service) and when, with a proof if there is one.

    `at` is an instant between shipping and now (the default). The delivery of the last open part
    completes the order. Raises Refused when it was confirmed before.
    """
    name = received_by.strip()
    if not name or len(name) > 200:
        raise ProofInvalid("who received it?", fields={"received_by": "a name"})
    order = orders.locked_order(actor, queries.get_shipment(actor, shipment_id).order_id)
    shipment = queries.get_shipment(actor, shipment_id)
    delivered_at = _check_instant(shipment, at or now, now)
    change_state(
        Shipment,
        shipment_id,
        to="delivered",
        allowed=SHIPMENT_STATES,
        code="shipment_state",
        delivered_at=delivered_at,
        received_by=name,
        proof_id=_keep(proof, now),
    )
    is_last = _is_all_delivered(order)
    event = ShipmentDelivered(shipment_id, order.pk, name, is_last)
    log.announce(event, actor=actor, now=now, occurred_at=delivered_at)
    if is_last and order.state == "released":
        order_actions.complete_order(actor=actor, now=now, order_id=order.pk)
    shipment.refresh_from_db()
    return shipment


def _check_instant(shipment: Shipment, at: datetime, now: datetime) -> datetime:
    if at > now:
        raise DateInvalid("this instant is still to come", fields={"at": "now or earlier"})
    if local_date(at, shipment.seller.time_zone) < shipment.shipped_on:
        raise DateInvalid(
            said(
                "%(number)s was shipped on %(shipped_on)s, after that",
                number=shipment.number,
                shipped_on=shipment.shipped_on,
            ),
            fields={"at": said("%(shipped_on)s or later", shipped_on=shipment.shipped_on)},
        )
    return at


def _keep(proof: Proof | None, now: datetime) -> int | None:
    if proof is None:
        return None
    media_type = media_type_of(proof.content)
    if media_type is None or len(proof.content) > MOST_BYTES:
        raise ProofInvalid(
            "this file is not kept as a proof of delivery",
            fields={"proof": "a PDF, PNG or JPEG of at most 10 MB"},
        )
    return store.keep(proof.content, name=proof.name, media_type=media_type, now=now).pk


def _is_all_delivered(order: Order) -> bool:
    return all(
        is_fulfilled(line.ordered, line.delivered, tolerance_bps=line.tolerance_bps)
        for line in queries.states_of(order)
    )
