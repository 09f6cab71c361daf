"""Stock comes in, is counted, and its papers go out."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions, jobs, queries
from handsel.deliver.fulfillment.errors import NotStocked, QuantityInvalid, WarehouseInvalid
from handsel.deliver.fulfillment.models import StockItem, StockMove, Warehouse
from handsel.ground.document.models import Mail
from handsel.ground.kernel.errors import NotFound
from handsel.ground.platform import store
from tests.support.order import Wanted, make_product, released_order
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def hall(world: World) -> Warehouse:
    return actions.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name=" Hall 1 "
    )


def change(verb, world, hall, product, **quantity):
    return verb(
        actor=world.actor("production"),
        now=world.now,
        warehouse_id=hall.pk,
        product_id=product.pk,
        **{name: Decimal(value) for name, value in quantity.items()},
    )


def short(order):
    return queries.states_of(Order.objects.get(pk=order.pk))[0].short


def test_receipts_add_up_from_moves(world, hall):
    belt = make_product(world)
    change(actions.receive_stock, world, hall, belt, quantity="3")
    item = change(actions.receive_stock, world, hall, belt, quantity="2.5")
    assert item.on_hand == Decimal("5.5")
    assert [move.quantity for move in queries.moves_of(item.pk)] == [Decimal("2.5"), 3]
    assert queries.recount(world.system) == []


def test_a_count_writes_the_difference_and_nothing_when_it_agrees(world, hall):
    belt = make_product(world)
    change(actions.receive_stock, world, hall, belt, quantity="5")
    change(actions.count_stock, world, hall, belt, counted="5")
    assert StockMove.objects.count() == 1
    item = change(actions.count_stock, world, hall, belt, counted="3")
    assert item.on_hand == 3
    assert queries.moves_of(item.pk)[0].quantity == -2


def test_a_count_below_what_was_promised_takes_the_newest_promise_back(world, hall):
    belt = make_product(world)
    change(actions.receive_stock, world, hall, belt, quantity="5")
    first, second = (
        released_order(world, Wanted(belt, "3")),
        released_order(world, Wanted(belt, "2")),
    )
    change(actions.count_stock, world, hall, belt, counted="4")
    assert (short(first), short(second)) == (0, 1)
    change(actions.count_stock, world, hall, belt, counted="2")
    assert (short(first), short(second)) == (1, 2)
    change(actions.count_stock, world, hall, belt, counted="4")
    assert (short(first), short(second)) == (0, 1)
    assert queries.recount(world.system) == []


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1e12", "0.0000001"])
def test_quantities_that_are_none(world, hall, quantity):
    with pytest.raises(QuantityInvalid):
        change(actions.receive_stock, world, hall, make_product(world), quantity=quantity)


def test_services_and_unknown_products_are_not_kept_in_stock(world, hall):
    fitting = make_product(world, "FIT", kind="service", unit="h")
    with pytest.raises(NotStocked):
        change(actions.receive_stock, world, hall, fitting, quantity="1")
    fitting.pk = 0
    with pytest.raises(NotFound):
        change(actions.receive_stock, world, hall, fitting, quantity="1")


def test_a_warehouse_has_a_name_of_its_own(world, hall):
    assert hall.name == "Hall 1"
    for name in ("Hall 1", " ", "x" * 101):
        with pytest.raises(WarehouseInvalid):
            actions.create_warehouse(
                actor=world.system, now=world.now, seller_id=world.seller.pk, name=name
            )
    assert queries.default_warehouse(world.seller.pk) == hall


def test_the_database_itself_refuses_to_oversell_and_to_rewrite_moves(world, hall):
    item = change(actions.receive_stock, world, hall, make_product(world), quantity="5")
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(pk=item.pk).update(reserved=6)
    with pytest.raises(DatabaseError), transaction.atomic():
        StockMove.objects.update(quantity=6)
    with pytest.raises(DatabaseError), transaction.atomic():
        StockMove.objects.all().delete()


def test_a_recount_finds_what_does_not_add_up(world, hall, caplog):
    item = change(actions.receive_stock, world, hall, make_product(world), quantity="5")
    StockItem.objects.filter(pk=item.pk).update(on_hand=7, reserved=1)
    (found,) = queries.recount(world.system)
    assert (found.on_hand, found.moved, found.reserved, found.promised) == (7, 5, 1, 0)
    assert queries.recount(world.stranger) == []
    with caplog.at_level("ERROR"):
        jobs.recount(0)
    assert "stock does not add up" in caplog.text


def test_the_note_is_written_once_and_the_buyer_gets_it_with_tracking(world, hall):
    belt = make_product(world, name="Belt BC 600")
    change(actions.receive_stock, world, hall, belt, quantity="3")
    order = released_order(world, Wanted(belt, "5"))
    packer = {"actor": world.actor("production"), "now": world.now}
    shipment = actions.ship(
        **packer, order_id=order.pk, carrier="Rhenus", tracking_number="RH 3391"
    )
    note = actions.write_delivery_note(**packer, shipment_id=shipment.pk)
    for _ in range(2):
        actions.announce_shipment(actor=world.system, now=world.now, shipment_id=shipment.pk)
    assert store.read(note.pk).startswith(b"%PDF-")
    shipment.refresh_from_db()
    assert shipment.delivery_note_id == note.pk
    mail = Mail.objects.get()
    assert mail.to == ["kim@brandt.example"]
    assert mail.attachments == [{"file_id": note.pk, "name": f"{shipment.number}.pdf"}]
    for word in ("Rhenus", "RH 3391", "3 × Belt BC 600", order.number):
        assert word in mail.subject + mail.body_text


def test_a_performed_service_gets_a_note_and_no_mail(world):
    order = released_order(world, Wanted(make_product(world, "FIT", kind="service", unit="h"), "8"))
    who = {"actor": world.system, "now": world.now}
    shipment = actions.ship(**who, order_id=order.pk)
    actions.announce_shipment(**who, shipment_id=shipment.pk)
    shipment.refresh_from_db()
    assert shipment.delivery_note is not None
    assert not Mail.objects.exists()
