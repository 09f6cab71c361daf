"""Matrices, tables and distributors of a book by their forms, in the reader's way of writing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from handsel.bid.price import actions
from handsel.bid.price.models import BookTerm, PriceBook
from tests.support.bid import Shelf, make_shelf
from tests.support.pages import sign_in
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def book(world: World, shelf: Shelf) -> PriceBook:
    return actions.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 7, 1)
    )


def german(world: World) -> Client:
    client = sign_in(world, "product_modeller")
    client.cookies["django_language"] = "de"
    return client


AXES = {"attribute_0": "height", "attribute_1": "width", "unit_1": "mm", "reading_1": "step"}


def test_a_matrix_is_pasted_and_comes_back_as_it_was_typed(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = german(world)
    page = f"/price/{book.pk}/terms/new/matrices/"
    assert "data-cells=" in client.get(page).content.decode()
    grid = "\t600\t800,5\r\nklein\t1.100,50\t120\r\ngroß\t\t140,25"
    kept = client.post(page, {"on": shelf.belt.sku, "grid": grid, **AXES})
    assert kept.status_code == 303
    term = BookTerm.objects.get(book=book)
    assert (term.kind, term.product_id) == ("matrices", shelf.belt.pk)
    assert term.definition["axes"][1] == {
        "attribute": "width",
        "unit": "mm",
        "reading": "step",
        "points": ["600", "800.5"],
    }
    assert term.definition["cells"] == [["1100.50", "120"], [None, "140.25"]]
    again = client.get(f"/price/{book.pk}/terms/{term.pk}/").content.decode()
    assert ">height\t600\t800,5\nklein\t1100,50\t120\ngroß\t\t140,25</textarea>" in again
    listed = client.get(f"/price/{book.pk}/terms/").content.decode()
    assert "height (2) × width (2)" in listed
    written = client.get(f"/price/{book.pk}/terms/{term.pk}/?as=written").content.decode()
    assert "800.5" in written and "data-cells=" not in written


def test_what_is_wrong_in_a_matrix_is_marked_where_it_stands(
    world: World, shelf: Shelf, book: PriceBook
) -> None:
    client = german(world)
    page = f"/price/{book.pk}/terms/new/matrices/"

    def refused(grid: str, **more: str) -> str:
        answer = client.post(page, {"on": "belts", "grid": grid, **AXES, **more})
        assert answer.status_code == 422
        return answer.content.decode()

    assert re.search("Zeile 2, Spalte 3: ", refused("\t600\t800\nklein\t1\tviel"))
    assert "Zeile 3, Spalte 1: Zeile 2 besagt das schon." in refused("\t600\nk\t1\nk\t2")
    assert "Zeile 2, Spalte 2: " in refused("\t600\nk\t-5")
    backwards = refused("\t800\t600\nk\t1\t2")
    assert "Zahlen, jede größer als die davor" in backwards
    assert "furlong" in refused("\t600\nk\t1", unit_1="furlong")
    assert not BookTerm.objects.filter(book=book).exists()


def test_tables_and_distributors_have_forms(world: World, shelf: Shelf, book: PriceBook) -> None:
    client = german(world)
    grid = "belt_m2\tPVC\t\t0\r\n\tPU\t\t14,5\r\nleg\tP80\tlow\t3 mm"
    assert client.post(f"/price/{book.pk}/terms/new/tables/", {"grid": grid}).status_code == 303
    form = {"percent": "3,5", "tier": "gold", "off_list": "on"}
    client.post(f"/price/{book.pk}/terms/new/distributors/", form)
    tables, distributor = BookTerm.objects.filter(book=book).order_by("pk")
    assert tables.definition == {
        "belt_m2": {"PVC": "0", "PU": "14.5"},
        "leg": {"P80": {"low": "3 mm"}},
    }
    assert distributor.definition == {"percent": "3.5", "tier": "gold", "off_list": True}
    again = client.get(f"/price/{book.pk}/terms/{tables.pk}/").content.decode()
    assert "belt_m2\tPU\t\t14,5" in again
    mixed = client.post(
        f"/price/{book.pk}/terms/new/tables/", {"grid": "a\tx\t\t1 mm\na\ty\t\t2 kg"}
    )
    assert mixed.status_code == 422
    assert "Werte einer Art und Einheit" in mixed.content.decode()
