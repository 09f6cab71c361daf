"""Products, by the room's actions against a real database."""

from dataclasses import replace

import pytest

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.errors import (
    BadProduct,
    ProductNotFound,
    ProductNotSellable,
    SkuTaken,
)
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.ground.platform.log import timeline
from handsel.ground.platform.models import BusinessEvent
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
BELT = ProductFacts(sku="B-1", name="Belt", unit="m", description="endless")


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_number_is_given_once(world: World) -> None:
    product = actions.add_product(actor=world.system, now=world.now, facts=BELT)
    with pytest.raises(SkuTaken):
        actions.add_product(actor=world.system, now=world.now, facts=BELT)
    other = actions.add_product(actor=world.system, now=world.now, facts=replace(BELT, sku="B-2"))
    with pytest.raises(SkuTaken):
        actions.revise_product(actor=world.system, now=world.now, product_id=other.pk, facts=BELT)
    assert [event.type for event in timeline(("product", product.pk))] == ["catalog.product.added"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": "two words"}, "sku"),
        ({"name": " "}, "name"),
        ({"unit": "parsec"}, "unit"),
        ({"kind": "service", "is_stocked": True}, "is_stocked"),
        ({"weight_g": -1}, "weight_g"),
        ({"country_of_origin": "Germany"}, "country_of_origin"),
        ({"tax_category": "low"}, "tax_category"),
    ],
)
def test_wrong_facts_name_their_field(world: World, change: dict[str, object], field: str) -> None:
    with pytest.raises(BadProduct) as refusal:
        actions.add_product(
            actor=world.system,
            now=world.now,
            facts=replace(BELT, **change),  # type: ignore[arg-type]
        )
    assert set(refusal.value.fields) == {field}


def test_lifecycle_goes_its_way(world: World) -> None:
    product = actions.add_product(actor=world.system, now=world.now, facts=BELT, lifecycle="draft")
    go = {"actor": world.system, "now": world.now, "product_id": product.pk}
    with pytest.raises(ProductNotSellable):
        actions.set_lifecycle(lifecycle="phased_out", **go)
    for state in ("active", "phased_out", "active"):
        assert actions.set_lifecycle(lifecycle=state, **go).lifecycle == state
    with pytest.raises(ProductNotSellable):
        actions.set_lifecycle(lifecycle="draft", **go)


def test_names_in_the_language_asked_for(world: World) -> None:
    product = actions.add_product(actor=world.system, now=world.now, facts=BELT)
    text = {"actor": world.system, "now": world.now, "product_id": product.pk, "language": "de"}
    actions.set_text(name="Band", **text)
    assert queries.facts_of([product.pk], language="de")[product.pk].name == "Band"
    assert queries.facts_of([product.pk], language="de")[product.pk].description == "endless"
    assert queries.facts_of([product.pk], language="fr")[product.pk].name == "Belt"
    actions.set_text(name="", **text)
    assert queries.facts_of([product.pk], language="de")[product.pk].name == "Belt"


def test_unknown_products_are_named(world: World) -> None:
    with pytest.raises(ProductNotFound, match="987654"):
        queries.facts_of([987_654])
    with pytest.raises(ProductNotFound, match="X-9"):
        queries.ids_of(["X-9"])


def test_importing_twice_adds_nothing(world: World) -> None:
    facts = [ProductFacts(sku=f"I-{place}", name=f"Item {place}") for place in range(2_500)]
    first = actions.import_products(actor=world.system, now=world.now, products=facts)
    assert (first.added, first.revised, first.unchanged) == (2_500, 0, 0)
    facts[7] = replace(facts[7], name="Renamed")
    second = actions.import_products(actor=world.system, now=world.now, products=facts)
    assert (second.added, second.revised, second.unchanged) == (0, 1, 2_499)
    assert Product.objects.get(sku="I-7").name == "Renamed"
    assert BusinessEvent.objects.filter(type="catalog.product.added").count() == 2_500


def test_a_file_is_looked_at_before_it_is_imported(world: World) -> None:
    actor = world.actor("product_modeller")
    actions.add_product(actor=actor, now=world.now, facts=BELT)
    content = b"sku,name,unit\nB-1,Belt renamed,m\nB-2,Other,m\n,Nothing,m\n"
    task = actions.check_import(actor=actor, now=world.now, content=content, name="p.csv")
    assert task.summary["new"] == task.summary["known"] == task.summary["refused"] == 1
    assert Product.objects.count() == 1
    for _ in range(2):
        done = actions.run_import(actor=actor, now=world.now, task_id=task.pk)
    assert (done.state, done.summary["added"], done.summary["revised"]) == ("done", 1, 1)
    with pytest.raises(ProductNotFound):
        actions.run_import(actor=world.actor("sales_rep"), now=world.now, task_id=task.pk)
