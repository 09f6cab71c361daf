"""The only writers of orders: one verb a file. Every one locks the order's row first."""

from handsel.commit.order.actions.confirm import confirm_order
from handsel.commit.order.actions.hold import hold_order, release_hold
from handsel.commit.order.actions.match import match_purchase_order
from handsel.commit.order.actions.move import cancel_order, complete_order, release_order
from handsel.commit.order.actions.place import place_order
from handsel.commit.order.actions.revise import revise_order

__all__ = [
    "cancel_order",
    "complete_order",
    "confirm_order",
    "hold_order",
    "match_purchase_order",
    "place_order",
    "release_hold",
    "release_order",
    "revise_order",
]
