"""The sheet's JSON: rows, batches of edits, previews, pasted rows."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from handsel.bid.quote import queries
from handsel.bid.quote.models import QuoteVersion
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def rep(world: World) -> Client:
    return session_of(world.users["sales_rep"])


def post(client: Client, quote_id: int, name: str, body: Any) -> Any:
    return client.post(
        f"/quote/{quote_id}/sheet/{name}/", json.dumps(body), content_type="application/json"
    )


def batch(*edits: Any, lock: int = 1, key: str = "") -> dict[str, Any]:
    return {"key": key or uuid4().hex, "lock": lock, "edits": list(edits)}


def test_rows_are_the_whole_sheet(world: World, shelf: Shelf, rep: Client) -> None:
    version = make_quote(world, shelf)
    sheet = rep.get(f"/quote/{version.quote_id}/sheet/rows/").json()
    assert (sheet["may_edit"], sheet["currency"], sheet["exponent"]) == (True, "EUR", 2)
    belt, stand = sheet["rows"]
    assert belt[1:5] == ["BELT-PU-600", "Conveyor belt PU 600", "", "3"]
    assert (belt[11], belt[12], stand[12]) == (406_50, 369_91, 580_00)
    assert sheet["sums"]["net"] == sheet["net"] == 949_91
    assert sheet["sums"]["charges"] == [
        {"charge": "one_time", "months": 0, "list": 986_50, "net": 949_91, "contract": 949_91}
    ]
    clerk = session_of(world.users["accountant"])
    assert clerk.get(f"/quote/{version.quote_id}/sheet/rows/").json()["may_edit"] is False
    assert post(clerk, version.quote_id, "edits", batch()).status_code == 403


def test_a_batch_answers_the_rows_that_changed_and_runs_once(
    world: World, shelf: Shelf, rep: Client
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt = queries.lines_of(QuoteVersion.objects.get(quote_id=quote_id).pk)[0]
    edit = {"kind": "set", "line_key": str(belt.key), "field": "quantity", "was": "3", "now": "5"}
    add = {"kind": "add", "ref": "new", "product_id": shelf.visit.pk, "quantity": "2.5"}
    wanted = batch(edit, add, key="one batch")
    answer = post(rep, quote_id, "edits", wanted).json()
    assert (answer["applied"], answer["is_whole"], answer["lock"]) == ([0, 1], False, 2)
    assert {row[0] for row in answer["rows"]} >= {str(belt.key), answer["added"]["new"]}
    assert len(answer["order"]) == 3
    again = post(rep, quote_id, "edits", wanted).json()
    assert again["added"] == answer["added"]
    assert QuoteVersion.objects.get(quote_id=quote_id).lock_no == 2


def test_who_missed_an_edit_of_somebody_else_gets_it_with_his_conflict(
    world: World, shelf: Shelf, rep: Client
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    belt = queries.lines_of(QuoteVersion.objects.get(quote_id=quote_id).pk)[0]
    field = {"kind": "set", "line_key": str(belt.key), "field": "quantity", "was": "3"}
    post(rep, quote_id, "edits", batch({**field, "now": "5"}))
    boss = session_of(world.users["sales_manager"])
    answer = post(boss, quote_id, "edits", batch({**field, "now": "9"})).json()
    assert (answer["is_whole"], [row[4] for row in answer["rows"]]) == (False, ["5"])
    (conflict,) = answer["conflicts"]
    assert (conflict["found"], conflict["wanted"]) == ("5", "9")
    assert conflict["by"] == world.actor("sales_rep").label


def test_pasted_rows_are_read_before_they_are_added(
    world: World, shelf: Shelf, rep: Client
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    text = "stand-900\t12\t10\r\nService visit\t1.5\t\nNONE-1\t1\nBELT-PU-600\tmany\t101 %\n\n"
    answer = post(rep, quote_id, "paste", {"text": text}).json()
    assert [(row["sku"], row["quantity"], row["discount_bps"]) for row in answer["found"]] == [
        ("STAND-900", "12", 1000),
        ("VISIT", "1.5", 0),
    ]
    assert answer["found"][1]["net"] == 147_00
    assert [(one["number"], one["column"]) for one in answer["bad"]] == [
        (3, "article"),
        (4, "quantity"),
        (4, "discount"),
    ]
    assert answer["net_after"] > answer["net_before"] == 949_91
    assert QuoteVersion.objects.get(quote_id=quote_id).net_minor == 949_91


def test_a_hundred_thousand_pasted_rows_are_refused_in_one_sentence(
    world: World, shelf: Shelf, rep: Client
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    answer = post(rep, quote_id, "paste", {"text": "STAND-900\t1\n" * 100_000})
    assert answer.status_code == 422
    assert "100,000 rows" in answer.json()["detail"]
    # A million are more than is taken in at all; the same sentence, and no page of errors.
    answer = post(rep, quote_id, "paste", {"text": "STAND-900\t1\n" * 1_000_000})
    assert answer.status_code == 422
    assert "15000 lines" in answer.json()["detail"].replace(",", "")
    many = [{"kind": "remove", "line_key": str(uuid4())}] * 15_001
    assert post(rep, quote_id, "edits", batch(*many)).status_code == 422


def test_a_preview_says_what_a_discount_would_do(world: World, shelf: Shelf, rep: Client) -> None:
    quote_id = make_quote(world, shelf).quote_id
    lines = queries.lines_of(QuoteVersion.objects.get(quote_id=quote_id).pk)
    edits = [
        {
            "kind": "set",
            "line_key": str(line.key),
            "field": "discount_bps",
            "was": str(line.discount_bps),
            "now": "1000",
        }
        for line in lines
    ]
    seen = post(rep, quote_id, "preview", {"edits": edits}).json()
    assert (seen["changed"], seen["net_before"], seen["net_after"]) == (2, 949_91, 887_85)


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "set"},
        {"kind": "other"},
        {"kind": "set", "line_key": "x", "field": "quantity", "was": "1", "now": "2"},
        {"kind": "add", "ref": "a", "product_id": True, "quantity": "1"},
        {"kind": "add", "ref": "a", "product_id": 1, "quantity": "1e400"},
        "set",
        None,
    ],
)
def test_what_is_no_edit_is_named(world: World, shelf: Shelf, rep: Client, edit: Any) -> None:
    quote_id = make_quote(world, shelf).quote_id
    answer = post(rep, quote_id, "edits", batch(edit))
    assert answer.status_code == 422
    assert "Edit 1" in answer.json()["detail"]


def test_the_page_shows_the_sheet_and_what_is_around_it(
    world: World, shelf: Shelf, rep: Client
) -> None:
    quote_id = make_quote(world, shelf).quote_id
    page = rep.get(f"/quote/{quote_id}/").content.decode()
    assert f'<handsel-quotegrid src="/quote/{quote_id}/sheet/"' in page
    assert "<noscript>" in page
    around = rep.get(f"/quote/{quote_id}/sheet/around/", headers={"HX-Request": "true"})
    assert 'id="quote-totals" hx-swap-oob' in around.content.decode()
    found = rep.get(f"/quote/{quote_id}/sheet/products/?q=stand").json()["products"]
    assert [one["sku"] for one in found] == ["STAND-900"]
