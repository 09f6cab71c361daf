"""Whatever is done in whatever order, the kept balances are what the moves and promises sum to."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.models import Shipment, StockItem
from handsel.ground.kernel.errors import HandselError
from tests.support.order import Wanted, make_product, placed_order
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@dataclass
class Yard:
    """Two warehouses, two products, and orders in any state."""

    world: World
    warehouses: list[int]
    products: list
    orders: list[int] = field(default_factory=list)

    @property
    def who(self):
        return {"actor": self.world.system, "now": self.world.now}


@pytest.fixture
def yard() -> Yard:
    world = make_world()
    warehouses = [
        actions.create_warehouse(
            actor=world.system, now=world.now, seller_id=world.seller.pk, name=name
        ).pk
        for name in ("Hall 1", "Annex")
    ]
    return Yard(world, warehouses, [make_product(world), make_product(world, "ROLL-1")])


place = st.integers(0, 1)
some = st.decimals("0.5", "6", places=1)
steps = st.one_of(
    st.tuples(st.just("receive"), place, place, some),
    st.tuples(st.just("count"), place, place, st.decimals("0", "8", places=1)),
    st.tuples(st.just("order"), some, some),
    st.tuples(st.just("ship"), st.integers(0, 5)),
    st.tuples(st.just("ship_part"), st.integers(0, 5), place, some),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("reserve"), st.integers(0, 5)),
    st.tuples(st.just("deliver"), st.integers(0, 5)),
    st.tuples(st.just("tolerance"), place, st.sampled_from([0, 500, 2000])),
)


def take(yard: Yard, step: tuple) -> None:
    verb, *given_values = step
    getattr(Steps, verb)(yard, *given_values)


class Steps:
    """One act each; what the house refuses is no act."""

    @staticmethod
    def receive(yard, warehouse, product, quantity):
        actions.receive_stock(
            **yard.who,
            warehouse_id=yard.warehouses[warehouse],
            product_id=yard.products[product].pk,
            quantity=quantity,
        )

    @staticmethod
    def count(yard, warehouse, product, counted):
        actions.count_stock(
            **yard.who,
            warehouse_id=yard.warehouses[warehouse],
            product_id=yard.products[product].pk,
            counted=counted,
        )

    @staticmethod
    def order(yard, first, second):
        belt, roller = yard.products
        order = placed_order(yard.world, Wanted(belt, str(first)), Wanted(roller, str(second)))
        orders.release_order(**yard.who, order_id=order.pk)
        yard.orders.append(order.pk)

    @staticmethod
    def ship(yard, n):
        actions.ship(**yard.who, order_id=yard.orders[n])

    @staticmethod
    def ship_part(yard, n, line, quantity):
        lines = queries.states_of(Order.objects.get(pk=yard.orders[n]))
        actions.ship(**yard.who, order_id=yard.orders[n], lines={lines[line].line_id: quantity})

    @staticmethod
    def cancel(yard, n):
        orders.cancel_order(**yard.who, order_id=yard.orders[n], reason="changed his mind")

    @staticmethod
    def reserve(yard, n):
        actions.reserve_for_order(**yard.who, order_id=yard.orders[n])

    @staticmethod
    def deliver(yard, n):
        shipment = Shipment.objects.order_by("pk")[n]
        actions.confirm_delivery(
            actor=yard.world.system,
            now=yard.world.now + timedelta(hours=1),
            shipment_id=shipment.pk,
            received_by="Kim",
        )

    @staticmethod
    def tolerance(yard, product, bps):
        actions.set_tolerance(
            **yard.who,
            seller_id=yard.world.seller.pk,
            product_id=yard.products[product].pk,
            tolerance_bps=bps,
        )


def check(yard: Yard, widest: dict[int, int]) -> None:
    assert queries.recount(yard.world.system) == []
    for item in StockItem.objects.all():
        assert 0 <= item.reserved <= item.on_hand
    for key in yard.orders:
        order = Order.objects.get(pk=key)
        for line in queries.states_of(order):
            most = line.ordered * (10_000 + widest[line.product_id]) / 10_000
            assert line.shipped <= most
            if order.state == "released":
                assert line.reserved_stock <= max(line.ordered - line.shipped, Decimal(0))
            else:
                assert line.reserved_stock == 0
            assert line.delivered <= line.shipped


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(steps, min_size=4, max_size=14))
def test_balances_survive_any_sequence(yard, acts):
    yard.orders.clear()
    widest = {product.pk: 0 for product in yard.products}
    with transaction.atomic():
        for product in (0, 1):
            Steps.receive(yard, 0, product, Decimal(6))
            Steps.receive(yard, 1, product, Decimal(3))
        for quantity in ("4", "2.5"):
            Steps.order(yard, Decimal(quantity), Decimal(5))
        for step in acts:
            try:
                with transaction.atomic():
                    take(yard, step)
            except (HandselError, IndexError):
                continue
            if step[0] == "tolerance":
                key = yard.products[step[1]].pk
                widest[key] = max(widest[key], step[2])
            check(yard, widest)
        transaction.set_rollback(True)
