"""Drafts of price books: a list brought in, pages of many prices, name and days, laid aside."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.actions import ProductFacts
from handsel.bid.catalog.models import Product
from handsel.bid.price import actions
from handsel.bid.price.errors import BookNotEditable
from handsel.bid.price.models import PriceBook, PriceEntry
from handsel.bid.price.rules.stored import NewTerm
from tests.support.bid import Shelf, make_shelf
from tests.support.calls import api_of
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def draft(world: World, shelf: Shelf) -> PriceBook:
    return actions.draft_book(
        actor=world.system,
        now=world.now,
        name="List 2027",
        currency="EUR",
        valid_from=date(2027, 1, 1),
    )


def prices_of(book: PriceBook) -> dict[str, Decimal]:
    return dict(PriceEntry.objects.filter(book=book).values_list("product__sku", "unit_price"))


def brought(world: World, book: PriceBook, text: str, **more: Any) -> Any:
    return actions.import_entries(
        actor=world.system, now=world.now, book_id=book.pk, text=text, **more
    )


def test_prices_come_from_a_list_and_wrong_rows_are_told(world: World, draft: PriceBook) -> None:
    text = (
        "sku,name,unit_price\nBELT-PU-600,Belt,149.90\nNONE,,1\nSTAND-900,,-3\nVISIT,,NaN\n"
        "BELT-PU-600,,150\nVISIT,,1e400\nVISIT,,\nVISIT,,٣\n"
    )
    tried = brought(world, draft, text, is_trial=True)
    assert [one.sku for one in tried.new] == ["BELT-PU-600"]
    assert [one.line_no for one in tried.refused] == [3, 4, 5, 6, 7, 8, 9]
    assert "row 2" in tried.refused[3].reason
    assert not prices_of(draft)
    brought(world, draft, text)
    assert prices_of(draft) == {"BELT-PU-600": Decimal("149.9")}
    again = brought(world, draft, "sku;unit_price\nBELT-PU-600;151,5\nVISIT;99", decimal_mark=",")
    assert [one.before for one in again.changed] == [Decimal("149.9")]
    assert prices_of(draft) == {"BELT-PU-600": Decimal("151.5"), "VISIT": Decimal(99)}
    assert brought(world, draft, "sku,unit_price\nVISIT,99\n").known == 1


def test_two_columns_of_a_spreadsheet_need_no_head(world: World, draft: PriceBook) -> None:
    pasted = "BELT-PU-600\t149,90\nSTAND-900\t300\nNONE\t1\nVISIT"
    found = brought(world, draft, pasted, decimal_mark=",")
    assert sorted(one.line_no for one in found.refused) == [3, 4]
    assert prices_of(draft) == {"BELT-PU-600": Decimal("149.9"), "STAND-900": Decimal(300)}


def test_a_published_book_takes_no_list(world: World, shelf: Shelf) -> None:
    with pytest.raises(BookNotEditable):
        brought(world, shelf.book, "sku,unit_price\nVISIT,1\n")
    assert prices_of(shelf.book)["VISIT"] == Decimal(98)


def test_the_page_shows_what_a_list_would_do_and_the_file_comes_back(
    world: World, draft: PriceBook
) -> None:
    client = sign_in(world, "product_modeller")
    address = f"/price/{draft.pk}/entries/import/"
    looked = submit(client, address, text="BELT-PU-600\t149.90\nNONE\t1", decimal_mark=".")
    assert "149.90" in text_of(looked)
    assert "there is no product NONE" in text_of(looked)
    assert not prices_of(draft)
    done = submit(client, address, text="BELT-PU-600\t149.90", decimal_mark=".", sure="1")
    assert done.address == f"/price/{draft.pk}/"
    file = client.get(f"/price/{draft.pk}/entries.csv").content.decode("utf-8-sig")
    assert file.splitlines()[1].endswith(",149.9")
    assert brought(world, draft, file).known == 1


def test_a_list_comes_by_the_api(world: World, draft: PriceBook) -> None:
    api = api_of(world, "product_modeller")
    address = f"/price/books/{draft.pk}/entries/import"
    status, told = api.post(address, text="sku,unit_price\nVISIT,99\nNONE,1\n")
    assert (status, told["new"], len(told["refused"])) == (200, 1, 1)
    assert api_of(world, "sales_rep").post(address, text="sku,unit_price\nVISIT,9\n")[0] == 403
    assert prices_of(draft) == {"VISIT": Decimal(99)}


def test_who_edits_the_second_page_stays_on_it(world: World, draft: PriceBook) -> None:
    many = [ProductFacts(sku=f"M{place:03d}", name=f"Many {place}") for place in range(120)]
    catalog.import_products(actor=world.system, now=world.now, products=many)
    rows = "".join(f"M{place:03d},{place + 1}\n" for place in range(119))
    brought(world, draft, f"sku,unit_price\n{rows}")
    client = sign_in(world, "product_modeller")
    second = text_of(client.get(f"/price/{draft.pk}/?from=50"))
    assert "51–100" in second
    product = Product.objects.get(sku="M060")
    address = f"/price/{draft.pk}/entries/{product.pk}/?from=50"
    assert address in second
    answer = client.post(address, {"unit_price": "7"}, headers=HTMX)
    assert "M060" in text_of(answer)
    assert "M010" not in text_of(answer)
    wrong = client.post(address, {"unit_price": "x7"}, headers=HTMX)
    assert 'value="x7"' in text_of(wrong)
    last = Product.objects.get(sku="M119")
    add = f"/price/{draft.pk}/entries/add/?from=50"
    added = client.post(add, {"product_id": last.pk}, headers=HTMX)
    assert "M119" in text_of(added), "the page of the product that was added"
    client.post(address, {"unit_price": "8"}, headers=HTMX)
    client.post(f"/price/{draft.pk}/entries/add/", {"product_id": product.pk}, headers=HTMX)
    assert prices_of(draft)["M060"] == 8, "added twice it keeps its price"


def test_name_and_days_of_a_draft_change(world: World, draft: PriceBook, shelf: Shelf) -> None:
    client = sign_in(world, "product_modeller")
    address = f"/price/{draft.pk}/head/"
    given = {"name": "List 2028", "segment": "dealers", "valid_from": "2028-01-01"}
    wrong = submit(client, address, **given, last_day="2027-12-31")
    assert wrong.status_code == 422
    assert 'id="field-last_day-error"' in text_of(wrong) or "a day after the first" in text_of(
        wrong
    )
    done = submit(client, address, **given, last_day="2028-12-31")
    assert done.address == f"/price/{draft.pk}/"
    draft.refresh_from_db()
    assert (draft.name, draft.segment) == ("List 2028", "dealers")
    assert (draft.valid_from, draft.valid_until) == (date(2028, 1, 1), date(2029, 1, 1))
    api = api_of(world, "product_modeller")
    held = api.post(f"/price/books/{shelf.book.pk}/head", name="X", valid_from="2028-01-01")
    assert held[0] == 409
    head = api.post(f"/price/books/{draft.pk}/head", name="X", valid_from="2028-02-01")
    assert (head[0], head[1]["segment"], head[1]["valid_until"]) == (200, "", None)


def test_what_is_wrong_with_a_new_book_is_told_at_its_field(world: World) -> None:
    client = sign_in(world, "product_modeller")
    page = text_of(
        submit(
            client,
            "/price/new/",
            name="List",
            currency="EURO",
            valid_from="2027-01-01",
            last_day="2026-01-01",
        )
    )
    assert page.count('class="field-error"') == 2
    assert "a day after the first" in page
    bad_day = submit(client, "/price/new/", name="List", currency="EUR", valid_from="2027-02-30")
    assert bad_day.status_code == 422


def test_a_draft_is_laid_aside(world: World, draft: PriceBook) -> None:
    client = sign_in(world, "product_modeller")
    assert "Lay aside" in text_of(client.get(f"/price/{draft.pk}/"))
    submit(client, f"/price/{draft.pk}/retire/")
    draft.refresh_from_db()
    assert (draft.state, draft.published_at) == ("retired", None)


def test_publishing_says_before_why_it_cannot_be(world: World, draft: PriceBook) -> None:
    client = sign_in(world, "product_modeller")
    assert "it has no prices yet" in text_of(client.get(f"/price/{draft.pk}/"))
    brought(world, draft, "sku,unit_price\nVISIT,1\n")
    circle = [
        NewTerm(kind="elements", definition={"key": "a", "formula": "b + 1", "label": "First"}),
        NewTerm(kind="elements", definition={"key": "b", "formula": "a + 1", "label": "Second"}),
    ]
    actions.add_terms(actor=world.system, now=world.now, book_id=draft.pk, terms=circle)
    page = text_of(client.get(f"/price/{draft.pk}/"))
    assert "Publish is off: First → Second → First" in page
    tried = submit(client, f"/price/{draft.pk}/publish/")
    assert (tried.status_code, tried.address) == (200, f"/price/{draft.pk}/")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_book_that_another_follows_is_not_told_to_be_retired(
    world: World, draft: PriceBook, shelf: Shelf
) -> None:
    brought(world, draft, "sku,unit_price\nVISIT,99\n")
    actions.publish_book(actor=world.system, now=world.now, book_id=draft.pk, end_previous=True)
    shelf.book.refresh_from_db()
    assert (shelf.book.state, shelf.book.valid_until) == ("published", date(2027, 1, 1))
    page = text_of(sign_in(world, "product_modeller").get(f"/price/{shelf.book.pk}/"))
    assert "Last day set: another price book follows" in page
    assert "Price book retired" not in page
