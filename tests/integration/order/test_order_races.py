"""Two at once: the credit limit holds, and an order is released once."""

from functools import partial

import pytest

from handsel.commit.order import actions, queries
from handsel.commit.order.models import Order
from handsel.ground.kernel.errors import Refused
from handsel.ground.party.models import Organization
from handsel.ground.platform.models import BusinessEvent
from tests.support.order import Wanted, accepted_version, make_product, placed_order
from tests.support.race import race
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


def test_two_orders_at_once_cannot_both_use_the_last_of_the_limit(world):
    Organization.objects.filter(pk=world.customer.pk).update(credit_limit_minor=20_000)
    belt = make_product(world)
    for _ in range(5):
        Order.objects.update(state="cancelled")
        versions = [accepted_version(world, [Wanted(belt, "1", "100")]) for _ in range(4)]
        placed = race(
            [
                partial(
                    actions.place_order, actor=world.system, now=world.now, version_id=version.pk
                )
                for version in versions
            ]
        )
        held = [bool(queries.open_holds(order.pk)) for order in placed]
        assert sorted(held) == [False, True, True, True]


def test_one_version_placed_by_two_is_one_order(world):
    version = accepted_version(world, [Wanted(make_product(world))])
    place = partial(actions.place_order, actor=world.system, now=world.now, version_id=version.pk)
    first, second = race([place, place])
    assert first.pk == second.pk
    assert Order.objects.count() == 1


def test_released_by_two_is_released_once(world):
    order = placed_order(world, Wanted(make_product(world)))
    release = partial(
        actions.release_order,
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=order.pk,
    )
    results = race([release] * 4)
    assert len([r for r in results if isinstance(r, Refused)]) == 3
    assert BusinessEvent.objects.filter(type="order.order.released").count() == 1
