"""What the warehouse can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class WarehouseMissing(NotFound):
    """There is no such warehouse, or none that the actor may see."""

    default_code = "warehouse_missing"


class StockItemMissing(NotFound):
    """There is no such stock item, or none that the actor may see."""

    default_code = "stock_item_missing"


class ShipmentMissing(NotFound):
    """There is no such shipment, or none that the actor may see."""

    default_code = "shipment_missing"


class OrderLineMissing(NotFound):
    """The order has no such line."""

    default_code = "order_line_missing"


class ProofMissing(NotFound):
    """No proof of delivery is kept for this shipment."""

    default_code = "proof_missing"


class NotStocked(Refused):
    """The product is not kept in stock."""

    default_code = "not_stocked"


class StockShort(Refused):
    """There is less in stock than is asked for."""

    default_code = "stock_short"


class NothingToShip(Refused):
    """Nothing of the order can go now."""

    default_code = "nothing_to_ship"


class OrderNotReady(Refused):
    """The order is not released, or on hold."""

    default_code = "order_not_ready"


class OverDelivery(Refused):
    """More than was ordered and the tolerance allows."""

    default_code = "over_delivery"


class AlreadyShipped(Refused):
    """Something of the order has left; it cannot be cancelled any more."""

    default_code = "already_shipped"


class QuantityInvalid(Invalid):
    """Not a quantity that can be moved; the fields say which."""

    default_code = "quantity_invalid"


class DateInvalid(Invalid):
    """A day on which this cannot have happened."""

    default_code = "date_invalid"


class ProofInvalid(Invalid):
    """The proof of delivery lacks a name or is not a file we keep."""

    default_code = "proof_invalid"


class WarehouseInvalid(Invalid):
    """The warehouse lacks a name, or has one that is taken."""

    default_code = "warehouse_invalid"
