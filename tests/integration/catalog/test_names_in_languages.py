"""What products, their groups and models are called, as readers of lists read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.errors import BadProduct
from handsel.bid.catalog.models import Product, ProductGroup
from handsel.ground.kernel.names import name_in, named
from tests.support.bid import Shelf, make_shelf
from tests.support.calls import api_of
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

BELTS = {"en": "Belts", "de": "Gurte"}


@pytest.fixture(autouse=True)
def whose_language() -> Iterator[None]:
    """What a page was read in is not what the next test is told in."""
    yield
    translation.deactivate()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def name_belt(world: World, shelf: Shelf, name: str) -> Product:
    actions.set_text(
        actor=world.system, now=world.now, product_id=shelf.belt.pk, language="de", name=name
    )
    return Product.objects.get(pk=shelf.belt.pk)


def test_a_product_is_listed_and_found_by_its_name_in_each_language(
    world: World, shelf: Shelf
) -> None:
    belt = name_belt(world, shelf, "Fördergurt PU")
    assert name_in(belt.called, "de") == "Fördergurt PU"
    assert [one.pk for one in queries.search_products("fördergurt")] == [belt.pk]
    client = sign_in(world, "product_modeller")
    for language, own, other in (
        ("de", "Fördergurt PU", belt.name),
        ("en", belt.name, "Fördergurt PU"),
    ):
        client.cookies["django_language"] = language
        for address in ("/catalog/", "/catalog/?q=gurt", f"/price/{shelf.book.pk}/"):
            page = text_of(client.get(address))
            if "q=" not in address or language == "de":
                assert own in page
                assert f">{other}<" not in page
    gone = name_belt(world, shelf, "")
    assert gone.name_texts == {}
    assert list(queries.search_products("fördergurt")) == []


def test_a_group_is_named_and_rules_tell_it_so(world: World, shelf: Shelf) -> None:
    Product.objects.filter(pk=shelf.belt.pk).update(group="belts")
    client = sign_in(world, "product_modeller")
    address = "/catalog/groups/name/?key=belts"
    submit(client, address, name="Belts", name_de="Gurte")
    assert ProductGroup.objects.get(key="belts").name_texts == BELTS
    assert 'value="Gurte"' in text_of(client.get(address))
    client.cookies["django_language"] = "de"
    for page in ("/catalog/", "/catalog/groups/", f"/catalog/{shelf.belt.pk}/"):
        assert "Gurte" in text_of(client.get(page))
    refused = client.post(address, {"name": "x" * 61, "idempotency_key": "k"})
    assert refused.status_code == 422


def test_a_group_no_product_is_in_cannot_be_named(world: World, shelf: Shelf) -> None:
    with pytest.raises(BadProduct):
        actions.name_group(actor=world.system, now=world.now, key="none", name=named(BELTS))


def test_the_api_names_groups(world: World, shelf: Shelf) -> None:
    Product.objects.filter(pk=shelf.belt.pk).update(group="belts")
    api = api_of(world, "product_modeller")
    assert api.get("/catalog/groups") == (200, {"groups": [{"group": "belts", "name_texts": {}}]})
    status, made = api.post("/catalog/groups", group="belts", name=BELTS)
    assert (status, made) == (200, {"group": "belts", "name_texts": BELTS})
    assert api_of(world, "accountant").post("/catalog/groups", group="belts", name="B")[0] == 403
