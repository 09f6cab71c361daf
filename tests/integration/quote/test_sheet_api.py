"""A quote's sheet over the API: the same edits, merges and previews as on the page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api import ApiClient
from tests.support.bid import Shelf, make_quote, make_shelf, set_costs
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def address(world: World, shelf: Shelf) -> str:
    return f"/quote/{make_quote(world, shelf).quote_id}/sheet"


def quantity(line: dict[str, Any], now: str, was: str = "") -> dict[str, Any]:
    was = was or line["quantity"]
    return {"kind": "set", "line_key": line["key"], "field": "quantity", "was": was, "now": now}


def test_edits_are_previewed_applied_and_merged(world: World, shelf: Shelf, address: str) -> None:
    rep = ApiClient(world, "sales_rep")
    sheet = rep.get(address)[1]
    belt = sheet["lines"][0]
    assert (belt["sku"], belt["quantity"], sheet["sums"]["net"]["amount"]) == (
        "BELT-PU-600",
        "3",
        "949.91",
    )
    add = {"kind": "add", "ref": "n", "product_id": shelf.visit.pk, "quantity": "2"}
    batch = {"edits": [quantity(belt, "10"), add]}
    seen = rep.post(f"{address}/preview", batch)[1]
    assert (seen["net_before"]["amount"], seen["net_after"]["amount"]) == ("949.91", "2009.05")
    assert rep.get(address)[1] == sheet
    done = rep.post(f"{address}/edits", batch)[1]
    assert (done["applied"], done["conflicts"], done["refused"]) == ([0, 1], [], [])
    assert done["sheet"]["sums"]["net"]["amount"] == "2009.05"
    assert done["sheet"]["lines"][-1]["key"] == done["added"]["n"]
    late = rep.post(f"{address}/edits", {"edits": [quantity(belt, "4")]})[1]
    assert (late["applied"], late["conflicts"][0]["found"]) == ([], "10")


def test_what_is_no_edit_is_refused(world: World, address: str) -> None:
    rep = ApiClient(world, "sales_rep")
    status, answer = rep.post(f"{address}/edits", {"edits": [{"kind": "shout"}]})
    assert (status, answer["code"]) == (422, "bad_edits")
    belt = rep.get(address)[1]["lines"][0]
    refused = rep.post(f"{address}/edits", {"edits": [quantity(belt, "NaN")]})[1]["refused"]
    assert refused[0]["given"] == "NaN"
    assert ApiClient(world, "accountant").post(f"{address}/edits", {"edits": []})[0] == 403


def test_the_margin_is_in_the_sums_of_who_may_see_costs(
    world: World, shelf: Shelf, address: str
) -> None:
    set_costs(world, {shelf.belt.pk: "100", shelf.stand.pk: "200"})
    assert ApiClient(world, "sales_rep").get(address)[1]["sums"]["margin"] is None
    sums = ApiClient(world, "sales_manager").get(address)[1]["sums"]
    assert sums["margin"]["amount"] == "249.91"  # 949.91 less 3 × 100 and 2 × 200
