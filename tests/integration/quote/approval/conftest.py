"""A world with products, and the verbs of approval."""

import pytest

from handsel.ground.kernel.clock import SystemClock
from tests.support.approval import Approvals
from tests.support.bid import make_shelf
from tests.support.world import make_world


@pytest.fixture
def house(db: None) -> Approvals:
    """No rule yet."""
    world = make_world()
    return Approvals(world, make_shelf(world.system, world.now))


@pytest.fixture
def live(db: None) -> Approvals:
    """The same at the machine's time, for what goes through the web."""
    world = make_world(now=SystemClock().now())
    return Approvals(world, make_shelf(world.system, world.now))
