"""Background work of the warehouse."""

from __future__ import annotations

from handsel.deliver.fulfillment import actions
from handsel.deliver.fulfillment.actions.ship import NOTE_JOB
from handsel.deliver.fulfillment.models import Shipment
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job


@job(NOTE_JOB)
def send_delivery_note(shipment_id: int) -> None:
    """Write the delivery note and tell the buyer what is on its way."""
    shipment = Shipment.objects.get(pk=shipment_id)
    actor = Actor.system("warehouse", seller_ids=[shipment.seller_id])
    actions.announce_shipment(actor=actor, now=SystemClock().now(), shipment_id=shipment_id)
