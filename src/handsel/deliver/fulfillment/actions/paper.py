"""The delivery note as a document: a snapshot of the shipment, ready to be typeset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from handsel.commit.order.queries import is_fee
from handsel.deliver.fulfillment.models import Shipment, ShipmentLine
from handsel.deliver.fulfillment.rules.loading import LineState
from handsel.ground.document.content import DeliveryNoteDocument, GoodsLine
from handsel.ground.document.letter import Reference
from handsel.ground.document.stationery import document_locale, letterhead, postal_address
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.party import queries as party

ZERO = Decimal(0)


def locale_of(shipment: Shipment) -> str:
    """The locale in which the recipient reads about his shipment."""
    return document_locale(shipment.order.language, shipment.ship_to.get("country", ""))


def delivery_note(
    shipment: Shipment, lines: Sequence[ShipmentLine], states: Sequence[LineState]
) -> DeliveryNoteDocument:
    """What is in a shipment and what is still to come, as it stood when it left."""
    order, seller = shipment.order, shipment.seller
    by_line = {state.line_id: state for state in states}
    return DeliveryNoteDocument(
        seller=letterhead(party.seller_snapshot(seller, order.currency)),
        recipient=postal_address(shipment.ship_to, attention=order.contact_name),
        number=shipment.number,
        issued_on=shipment.shipped_on,
        produced_at=shipment.shipped_at,
        locale=locale_of(shipment),
        time_zone=seller.time_zone,
        references=_references(shipment),
        lines=tuple(_line(line, by_line) for line in _carried(lines)),
        shipped_on=shipment.shipped_on,
        carrier=shipment.carrier,
        tracking=shipment.tracking_number,
        weight=_weight(lines),
    )


def goods_text(lines: Sequence[ShipmentLine]) -> str:
    """The shipment in a line of a mail: "4 × Belt BC 600, 1 × Stand"; at most five items."""
    lines = _carried(lines)
    named = [f"{_plain(line.quantity)} × {line.order_line.name}" for line in lines[:5]]
    more = len(lines) - len(named)
    return ", ".join(named) + (f" + {more}" if more else "")


def _carried(lines: Sequence[ShipmentLine]) -> Sequence[ShipmentLine]:
    """What is carried or performed: freight and fees are charged with it and on no note."""
    return [line for line in lines if not is_fee(line.order_line)] or lines


def _references(shipment: Shipment) -> tuple[Reference, ...]:
    order = shipment.order
    wanted = (
        Reference(kind="customer", value=order.organization.number),
        Reference(kind="your_order", value=order.purchase_order),
        Reference(kind="order", value=order.number),
    )
    return tuple(reference for reference in wanted if reference.value)


def _line(line: ShipmentLine, states: Mapping[int, LineState]) -> GoodsLine:
    ordered, unit = line.order_line, line.order_line.unit
    still_open = states[ordered.pk].open
    return GoodsLine(
        position=str(ordered.position),
        name=ordered.name,
        description=ordered.description,
        item_code=ordered.product.sku,
        ordered=Quantity(ordered.quantity, unit),
        shipped=Quantity(line.quantity, unit),
        open=Quantity(still_open, unit) if still_open > ZERO else None,
    )


def _weight(lines: Sequence[ShipmentLine]) -> Quantity | None:
    """The weight of all goods, where every one of them has a weight per piece."""
    grams = ZERO
    for line in lines:
        product = line.order_line.product
        if product.kind == "service":
            continue
        if product.weight_g is None or product.unit != line.order_line.unit:
            return None
        grams += line.quantity * product.weight_g
    return Quantity(grams, "g").to("kg") if grams else None


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
