"""Background work of the warehouse."""

from __future__ import annotations

import logging

from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.actions.ship import NOTE_JOB
from handsel.deliver.fulfillment.models import Shipment, Warehouse
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import job, timer

log = logging.getLogger("handsel.fulfillment")


@job(NOTE_JOB)
def send_delivery_note(shipment_id: int) -> None:
    """Write the delivery note and tell the buyer what is on its way."""
    shipment = Shipment.objects.get(pk=shipment_id)
    actor = Actor.system("warehouse", seller_ids=[shipment.seller_id])
    actions.announce_shipment(actor=actor, now=SystemClock().now(), shipment_id=shipment_id)


@timer("fulfillment.recount", cron="41 2 * * *")
def recount() -> None:
    """Recount all stock each night; a balance that its rows contradict is an error to be seen."""
    sellers = Warehouse.objects.values_list("seller_id", flat=True).distinct()
    for found in queries.recount(Actor.system("recount", seller_ids=sellers)):
        log.error("stock does not add up: %s", found)
