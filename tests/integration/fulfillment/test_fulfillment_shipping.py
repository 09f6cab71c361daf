"""Stock is promised, shipped and delivered; the order follows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import (
    AlreadyShipped,
    DateInvalid,
    NothingToShip,
    OrderLineMissing,
    OrderNotReady,
    OverDelivery,
    ProofInvalid,
    ShipmentMissing,
    StockShort,
)
from handsel.deliver.fulfillment.models import Reservation, StockItem, StockMove, Warehouse
from handsel.ground.kernel.errors import Refused
from handsel.ground.platform.models import BusinessEvent
from tests.support.order import Wanted, lines_of, make_product, placed_order, released_order
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def hall(world: World) -> Warehouse:
    return actions.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Hall 1"
    )


def receive(world: World, hall: Warehouse, product_id: int, quantity: str) -> StockItem:
    return actions.receive_stock(
        actor=world.actor("production"),
        now=world.now,
        warehouse_id=hall.pk,
        product_id=product_id,
        quantity=Decimal(quantity),
    )


def ship(world: World, order: Order, **how: object):
    return actions.ship(actor=world.actor("production"), now=world.now, order_id=order.pk, **how)


def states(order: Order):
    return queries.states_of(Order.objects.get(pk=order.pk))


def payloads(kind: str) -> list[dict[str, object]]:
    return list(
        BusinessEvent.objects.filter(type=kind).order_by("pk").values_list("payload", flat=True)
    )


def test_release_reserves_and_shipping_everything_completes_on_delivery(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "10")
    order = released_order(world, Wanted(belt, "4"))
    item = StockItem.objects.get(product=belt)
    assert (item.on_hand, item.reserved) == (10, 4)

    shipment = ship(world, order, carrier="Rhenus", tracking_number="RH 1")
    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (6, 0)
    assert shipment.number.startswith("S-2026-")
    assert shipment.warehouse_id == hall.pk
    (move,) = StockMove.objects.filter(reason="shipment")
    assert move.quantity == -4
    assert move.shipment_line.order_line_id == lines_of(order)[0].pk
    assert payloads("fulfillment.shipment.shipped")[0]["is_last"] is True

    actions.confirm_delivery(
        actor=world.actor("production"),
        now=world.now + timedelta(days=1),
        shipment_id=shipment.pk,
        received_by="Kim Brandt",
        proof=actions.Proof(b"%PDF-1.7 signed", "note.pdf"),
    )
    order.refresh_from_db()
    shipment.refresh_from_db()
    assert order.state == "completed"
    assert shipment.state == "delivered"
    assert shipment.proof.media_type == "application/pdf"
    assert payloads("fulfillment.shipment.delivered")[0]["is_last"] is True
    assert queries.recount(world.system) == []


def test_two_orders_for_the_last_piece(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "1")
    first = released_order(world, Wanted(belt))
    second = released_order(world, Wanted(belt))
    assert states(first)[0].short == 0
    assert states(second)[0].short == 1
    with pytest.raises(NothingToShip, match="waiting for stock"):
        ship(world, second)


def test_a_part_is_reserved_and_the_rest_follows_when_stock_comes(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "3")
    order = released_order(world, Wanted(belt, "5"))
    later = released_order(world, Wanted(belt, "2"))
    assert states(order)[0].short == 2
    assert payloads("fulfillment.stock.reserved")[0]["is_complete"] is False

    first = ship(world, order)
    assert queries.lines_of(first.pk)[0].quantity == 3
    assert payloads("fulfillment.shipment.shipped")[0]["is_last"] is False
    receive(world, hall, belt.pk, "3")
    assert states(order)[0].short == 0
    assert states(later)[0].short == 1

    second = ship(world, order)
    assert queries.lines_of(second.pk)[0].quantity == 2
    assert payloads("fulfillment.shipment.shipped")[1]["is_last"] is True


def test_named_quantities_ship_in_part_and_leave_the_rest_promised(world, hall):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    receive(world, hall, belt.pk, "4")
    receive(world, hall, roller.pk, "9")
    order = released_order(world, Wanted(belt, "4"), Wanted(roller, "9"))
    belt_line, roller_line = lines_of(order)
    shipment = ship(world, order, lines={belt_line.pk: Decimal(1), roller_line.pk: Decimal(0)})
    assert [(line.order_line_id, line.quantity) for line in queries.lines_of(shipment.pk)] == [
        (belt_line.pk, 1)
    ]
    assert StockItem.objects.get(product=belt).reserved == 3
    assert sorted(
        Reservation.objects.filter(order_line=belt_line).values_list("state", "quantity")
    ) == [("open", 3), ("shipped", 1)]
    assert queries.recount(world.system) == []


def test_more_than_ordered_is_blocked_unless_a_tolerance_is_agreed(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "200")
    order = released_order(world, Wanted(belt, "100"))
    (line,) = lines_of(order)
    with pytest.raises(OverDelivery):
        ship(world, order, lines={line.pk: Decimal(104)})
    actions.set_tolerance(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        organization_id=world.customer.pk,
        tolerance_bps=500,
    )
    with pytest.raises(OverDelivery):
        ship(world, order, lines={line.pk: Decimal(106)})
    ship(world, order, lines={line.pk: Decimal(104)})
    assert StockItem.objects.get(product=belt).on_hand == 96
    assert payloads("fulfillment.shipment.shipped")[0]["is_last"] is True


def test_a_little_less_within_the_tolerance_gives_the_rest_back(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "100")
    order = released_order(world, Wanted(belt, "100"))
    waiting = released_order(world, Wanted(belt, "3"))
    assert states(waiting)[0].short == 3
    actions.set_tolerance(
        actor=world.system, now=world.now, seller_id=world.seller.pk, tolerance_bps=500
    )
    ship(world, order, lines={lines_of(order)[0].pk: Decimal(96)})
    assert states(order)[0].open == 0
    assert states(waiting)[0].short == 0
    assert queries.recount(world.system) == []


def test_more_than_there_is_is_refused_and_nothing_changes(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "2")
    order = released_order(world, Wanted(belt, "5"))
    with pytest.raises(StockShort):
        ship(world, order, lines={lines_of(order)[0].pk: Decimal(3)})
    item = StockItem.objects.get(product=belt)
    assert (item.on_hand, item.reserved) == (2, 2)


def test_what_needs_no_stock_goes_and_services_wait_for_the_goods(world, hall):
    belt = make_product(world)
    stand = make_product(world, "STAND", is_stocked=False)
    fitting = make_product(world, "FIT", kind="service", unit="h")
    receive(world, hall, belt.pk, "1")
    order = released_order(world, Wanted(belt, "2"), Wanted(stand, "1"), Wanted(fitting, "8"))
    belt_line, stand_line, fitting_line = lines_of(order)

    first = ship(world, order)
    sent = {line.order_line_id: line.quantity for line in queries.lines_of(first.pk)}
    assert sent == {belt_line.pk: 1, stand_line.pk: 1}
    with pytest.raises(NothingToShip):
        ship(world, order)
    receive(world, hall, belt.pk, "1")
    ship(world, order)
    service = ship(world, order)
    assert service.kind == "service"
    assert service.warehouse_id is None
    assert {line.order_line_id for line in queries.lines_of(service.pk)} == {fitting_line.pk}
    assert [p["is_last"] for p in payloads("fulfillment.shipment.shipped")] == [False, False, True]


def test_a_service_named_by_hand_may_come_first(world):
    belt = make_product(world, is_stocked=False)
    fitting = make_product(world, "FIT", kind="service", unit="h")
    order = released_order(world, Wanted(belt), Wanted(fitting, "8"))
    shipment = ship(world, order, lines={lines_of(order)[1].pk: Decimal("2.5")})
    assert shipment.kind == "service"
    assert states(order)[1].open == Decimal("5.5")


def test_cancelling_gives_back_to_who_waits_and_is_refused_once_shipped(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "2")
    first = released_order(world, Wanted(belt, "2"))
    second = released_order(world, Wanted(belt, "2"))
    desk = world.actor("order_desk")
    orders.cancel_order(actor=desk, now=world.now, order_id=first.pk, reason="ordered twice")
    assert states(second)[0].short == 0
    ship(world, second, lines={lines_of(second)[0].pk: Decimal(1)})
    with pytest.raises(AlreadyShipped):
        orders.cancel_order(actor=desk, now=world.now, order_id=second.pk, reason="too late")
    second.refresh_from_db()
    assert second.state == "released"
    assert queries.recount(world.system) == []


def test_a_shipment_leaves_one_warehouse(world, hall):
    annex = actions.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Annex"
    )
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    receive(world, hall, belt.pk, "2")
    receive(world, annex, belt.pk, "1")
    receive(world, annex, roller.pk, "1")
    order = released_order(world, Wanted(belt, "3"), Wanted(roller))
    first, second = ship(world, order), ship(world, order)
    assert {first.warehouse_id, second.warehouse_id} == {hall.pk, annex.pk}
    assert all(line.open == 0 for line in states(order))
    assert queries.recount(world.system) == []


def test_only_released_orders_without_holds_are_shipped(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "5")
    order = placed_order(world, Wanted(belt))
    with pytest.raises(OrderNotReady):
        ship(world, order)
    desk = world.actor("order_desk")
    orders.release_order(actor=desk, now=world.now, order_id=order.pk)
    orders.hold_order(
        actor=desk, now=world.now, order_id=order.pk, kind="manual", reason="wrong address"
    )
    with pytest.raises(OrderNotReady, match="wrong address"):
        ship(world, order)


def test_days_that_cannot_be(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "5")
    order = released_order(world, Wanted(belt))
    today = world.now.date()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(DateInvalid):
            ship(world, order, shipped_on=day)
    shipment = ship(world, order)
    with pytest.raises(DateInvalid):
        actions.confirm_delivery(
            actor=world.system,
            now=world.now,
            shipment_id=shipment.pk,
            received_by="Kim",
            at=world.now + timedelta(minutes=1),
        )


def test_delivery_is_confirmed_once_by_a_name_and_with_a_real_file(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "5")
    shipment = ship(world, released_order(world, Wanted(belt)))
    who = {"actor": world.system, "now": world.now, "shipment_id": shipment.pk}
    with pytest.raises(ProofInvalid):
        actions.confirm_delivery(**who, received_by=" ")
    with pytest.raises(ProofInvalid):
        actions.confirm_delivery(
            **who, received_by="Kim", proof=actions.Proof(b"<script>", "proof.pdf")
        )
    actions.confirm_delivery(**who, received_by="Kim")
    with pytest.raises(Refused):
        actions.confirm_delivery(**who, received_by="Kim")


def test_strangers_find_nothing(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "5")
    order = released_order(world, Wanted(belt))
    shipment = ship(world, order)
    stranger = world.stranger
    with pytest.raises(Exception, match="does not exist"):
        actions.ship(actor=stranger, now=world.now, order_id=order.pk)
    with pytest.raises(ShipmentMissing):
        actions.confirm_delivery(
            actor=stranger, now=world.now, shipment_id=shipment.pk, received_by="me"
        )
    with pytest.raises(Exception, match="warehouse does not exist"):
        wanted = {"warehouse_id": hall.pk, "product_id": belt.pk, "quantity": Decimal(1)}
        actions.receive_stock(actor=stranger, now=world.now, **wanted)


def test_a_line_of_another_order_is_no_line_of_this_one(world, hall):
    belt = make_product(world)
    receive(world, hall, belt.pk, "5")
    mine, other = released_order(world, Wanted(belt)), released_order(world, Wanted(belt))
    with pytest.raises(OrderLineMissing):
        ship(world, mine, lines={lines_of(other)[0].pk: Decimal(1)})
