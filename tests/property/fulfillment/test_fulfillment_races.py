"""Stock is never promised twice, however many ask for it at the same instant."""

from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from handsel.commit.order import actions as orders
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.errors import AlreadyShipped, NothingToShip, OrderNotReady
from handsel.deliver.fulfillment.models import Reservation, ShipmentLine, StockItem, Warehouse
from handsel.ground.kernel.errors import Refused
from tests.support.order import Wanted, make_product, placed_order, released_order
from tests.support.race import race
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def hall(world: World) -> Warehouse:
    return actions.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Hall 1"
    )


def receive(world, hall, product, quantity):
    return actions.receive_stock(
        actor=world.system,
        now=world.now,
        warehouse_id=hall.pk,
        product_id=product.pk,
        quantity=Decimal(quantity),
    )


def release(world, order):
    return orders.release_order(actor=world.system, now=world.now, order_id=order.pk)


def promised() -> Decimal:
    rows = Reservation.objects.filter(state="open")
    return rows.aggregate(total=Sum("quantity"))["total"] or Decimal(0)


@pytest.mark.parametrize(("racers", "pieces", "each"), [(8, 1, 1), (8, 5, 1), (6, 7, 2)])
def test_racers_for_the_last_pieces(world, hall, racers, pieces, each):
    belt = make_product(world)
    receive(world, hall, belt, pieces)
    placed = [placed_order(world, Wanted(belt, str(each))) for _ in range(racers)]
    results = race([partial(release, world, order) for order in placed])
    assert not [result for result in results if isinstance(result, Exception)]
    assert promised() == min(pieces, racers * each)
    assert StockItem.objects.get(product=belt).reserved == promised()
    assert queries.recount(world.system) == []


def test_two_products_asked_for_in_opposite_order_do_not_lock_each_other_out(world, hall):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    placed = [
        placed_order(world, *(pair if n % 2 else reversed(pair)))
        for n in range(8)
        for pair in [(Wanted(belt), Wanted(roller))]
    ]
    receive(world, hall, belt, 4)
    receive(world, hall, roller, 4)
    results = race([partial(release, world, order) for order in placed])
    assert not [result for result in results if isinstance(result, Exception)]
    assert promised() == 8


def test_a_receipt_and_a_release_at_the_same_instant_see_each_other(world, hall):
    """Neither may miss the other, also where the product had no stock item before."""
    for n in range(5):
        product = make_product(world, f"NEW-{n}")
        order = placed_order(world, Wanted(product))
        race([partial(release, world, order), partial(receive, world, hall, product, 1)])
        (line,) = queries.states_of(order)
        assert line.short == 0


def test_one_order_shipped_by_two_packers_leaves_once(world, hall):
    belt = make_product(world)
    receive(world, hall, belt, 10)
    order = released_order(world, Wanted(belt, "4"))
    ship = partial(actions.ship, actor=world.system, now=world.now, order_id=order.pk)
    results = race([ship, ship, ship])
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(failure) for failure in refused] == [NothingToShip, NothingToShip]
    assert ShipmentLine.objects.aggregate(total=Sum("quantity"))["total"] == 4
    assert StockItem.objects.get(product=belt).on_hand == 6
    assert queries.recount(world.system) == []


def test_cancelled_or_shipped_but_never_both(world, hall):
    belt = make_product(world)
    receive(world, hall, belt, 10)
    for _ in range(4):
        order = released_order(world, Wanted(belt, "2"))
        cancel = partial(
            orders.cancel_order,
            actor=world.system,
            now=world.now,
            order_id=order.pk,
            reason="changed his mind",
        )
        ship = partial(actions.ship, actor=world.system, now=world.now, order_id=order.pk)
        results = race([cancel, ship])
        refused = [r for r in results if isinstance(r, Exception)]
        assert len(refused) == 1
        assert isinstance(refused[0], AlreadyShipped | OrderNotReady | Refused)
        assert queries.recount(world.system) == []


def test_delivery_confirmed_by_two_at_once_is_confirmed_once(world, hall):
    belt = make_product(world)
    receive(world, hall, belt, 1)
    order = released_order(world, Wanted(belt))
    shipment = actions.ship(actor=world.system, now=world.now, order_id=order.pk)
    confirm = partial(
        actions.confirm_delivery,
        actor=world.system,
        now=world.now,
        shipment_id=shipment.pk,
        received_by="Kim",
    )
    results = race([confirm, confirm])
    assert len([r for r in results if isinstance(r, Refused)]) == 1
    order.refresh_from_db()
    assert order.state == "completed"
