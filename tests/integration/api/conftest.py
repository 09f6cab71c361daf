"""One house with one whole deal for all tests of a module; what a test changes is undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from handsel.site.roles import ROLES
from tests.support.deal import Keys, stranger_in_house, walk_deal
from tests.support.world import World, make_world

MISSING = 999_999_999
# Path parameters of records that the walked deal does not make.
NOT_MADE = (
    "term_id",
    "cost_id",
    "key_id",
    "allocation_id",
    "team_id",
    "rule_id",
    "ask_id",
    "write_off_id",
)


@dataclass(frozen=True)
class House:
    """The world and the keys of its deal."""

    world: World
    keys: Keys


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """Built once a module, inside a transaction that is rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        stranger_in_house(world, list(ROLES))
        keys = walk_deal(world) | dict.fromkeys(NOT_MADE, MISSING) | {"key": "pipeline_value"}
        yield House(world, keys)
        transaction.set_rollback(True)


@pytest.fixture
def world(house: House) -> World:
    """The house; what a test does to it is undone with the test."""
    return house.world


@pytest.fixture
def keys(house: House) -> Keys:
    """Path parameter to key of a record."""
    return dict(house.keys)
