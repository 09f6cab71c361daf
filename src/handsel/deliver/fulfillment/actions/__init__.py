"""The only writers of stock, reservations and shipments: one verb a file.

Order of locks: the order's row, then the stock items of its products by key, then the number
series. Whoever reserves, gives back, ships or counts a product holds all stock items of it, so
that whatever is computed between lock and write stays true.
"""

from handsel.deliver.fulfillment.actions.agree import set_tolerance
from handsel.deliver.fulfillment.actions.deliver import Proof, confirm_delivery
from handsel.deliver.fulfillment.actions.note import announce_shipment, write_delivery_note
from handsel.deliver.fulfillment.actions.reserve import release_reservations, reserve_for_order
from handsel.deliver.fulfillment.actions.ship import ship
from handsel.deliver.fulfillment.actions.stock import (
    count_stock,
    create_warehouse,
    receive_stock,
)

__all__ = [
    "Proof",
    "announce_shipment",
    "confirm_delivery",
    "count_stock",
    "create_warehouse",
    "receive_stock",
    "release_reservations",
    "reserve_for_order",
    "set_tolerance",
    "ship",
    "write_delivery_note",
]
