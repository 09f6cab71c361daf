"""Pages of products and price books as a browser asks for them."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.bid.catalog.models import Product, ProductText
from handsel.bid.price import actions
from handsel.bid.price.models import PriceBook, PriceEntry, PriceRule
from tests.support.bid import Shelf, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def browser(world: World, role: str = "product_modeller") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def keyed(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"idempotency_key": f"price-page-{number}"} | fields


def test_a_product_is_added_changed_and_phased_out(world: World, shelf: Shelf) -> None:
    client = browser(world)
    form = {
        "sku": "N-1",
        "name": "New thing",
        "kind": "good",
        "unit": "piece",
        "tax_category": "standard",
    }
    wrong = client.post("/catalog/new/", keyed(1, **form | {"sku": "two words"}))
    assert wrong.status_code == 422
    assert b"two words" in wrong.content
    page = client.post("/catalog/new/", keyed(2, **form))["Location"]
    client.post(f"{page}edit/", form | {"name": "Renamed", "weight_g": "250"})
    client.post(f"{page}text/", {"language": "de", "name": "Ding", "description": ""})
    client.post(f"{page}lifecycle/", {"lifecycle": "phased_out"})
    product = Product.objects.get(sku="N-1")
    assert (product.name, product.weight_g, product.lifecycle) == ("Renamed", 250, "phased_out")
    assert ProductText.objects.get().name == "Ding"
    body = client.get(page).content.decode()
    assert "Phased out" in body
    assert "Ding" in body
    listed = client.get("/catalog/", {"lifecycle": "phased_out"}).content.decode()
    assert "Renamed" in listed
    assert "BELT-PU-600" not in listed
    exported = b"".join(client.get("/catalog/export.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"N-1,Renamed,good" in exported
    assert browser(world, "accountant").post(f"{page}edit/", form).status_code == 403


def test_a_file_is_shown_before_it_is_imported(world: World, shelf: Shelf) -> None:
    client = browser(world)
    content = b"sku,name,unit\nBELT-PU-600,Belt renamed,m\nX-1,Extra,piece\n,Bad,piece\n"
    upload = SimpleUploadedFile("p.csv", content, content_type="text/csv")
    page = client.post("/catalog/import/", {"file": upload})["Location"]
    shown = client.get(page).content.decode()
    assert "Import 2 products" in shown
    assert "Line 4" in shown
    assert not Product.objects.filter(sku="X-1").exists()
    client.post(page)
    assert Product.objects.filter(sku="X-1").exists()
    assert Product.objects.get(pk=shelf.belt.pk).name == "Belt renamed"
    refused = client.get(f"{page}refused.csv").content
    assert refused.splitlines()[0] == b"sku,name,unit,reason"
    assert browser(world, "product_modeller").get(page).status_code == 200
    bad = SimpleUploadedFile("p.csv", b"name\nx\n", content_type="text/csv")
    assert client.post("/catalog/import/", {"file": bad}).status_code == 422


def test_a_book_is_made_and_published_on_pages(world: World, shelf: Shelf) -> None:
    client = browser(world)
    form = {"name": "List 2027", "currency": "eur", "valid_from": "2027-01-01", "segment": ""}
    page = client.post("/price/new/", keyed(1, **form))["Location"]
    book = PriceBook.objects.get(name="List 2027")
    found = client.get(f"{page}products/", {"q": "belt"}, headers=HTMX).content
    assert b"BELT-PU-600" in found
    client.post(f"{page}entries/add/", {"product_id": shelf.belt.pk}, headers=HTMX)
    wrong = client.post(
        f"{page}entries/{shelf.belt.pk}/", {"unit_price": "-3"}, headers=HTMX
    ).content
    assert b'aria-invalid="true"' in wrong
    client.post(f"{page}entries/{shelf.belt.pk}/", {"unit_price": "149.9"}, headers=HTMX)
    assert PriceEntry.objects.get(book=book).unit_price == Decimal("149.9")
    rule = {"scope": "belts", "min_quantity": "10", "discount": "7.5", "label": "Belts"}
    client.post(f"{page}rules/add/", rule)
    kept = PriceRule.objects.get(book=book)
    assert (kept.product_group, kept.discount_bps) == ("belts", 750)
    again = client.post(f"{page}rules/add/", rule)
    assert again.status_code == 422
    assert b"in the book already" in again.content
    assert b'value="7.5"' in again.content
    refused = client.post(f"{page}publish/", keyed(2))
    assert refused.status_code == 409
    assert b"End List 2026 on" in refused.content
    client.post(f"{page}publish/", keyed(3, end_previous="1"))
    book.refresh_from_db()
    assert book.state == "published"
    assert b"New version" in client.get(page).content
    copied = client.post(f"{page}copy/", keyed(4, name="List 2028", valid_from="2028-01-01"))
    assert client.get(copied["Location"]).status_code == 200
    client.post(f"{page}retire/")
    book.refresh_from_db()
    assert book.state == "retired"


def test_a_price_explains_itself(world: World, shelf: Shelf) -> None:
    client = browser(world, "sales_rep")
    asked = {"book": shelf.book.pk, "product": shelf.stand.pk, "quantity": "10"}
    body = client.get("/price/why/", asked).content.decode()
    assert "2,755.00" in body
    assert "from 10 stands" in body
    assert "applies" in body
    few = client.get("/price/why/", asked | {"quantity": "9"}).content.decode()
    assert "quantity not reached" in few
    odd = client.get("/price/why/", asked | {"quantity": "1,000"}).content.decode()
    assert "can be read in two ways" in odd
    found = client.get("/price/why/", {"book": shelf.book.pk, "search": "belt"})
    assert re.search(rb"product=\d+", found.content)
    assert b"List 2026" in client.get(f"/price/of-product/{shelf.belt.pk}/").content
    assert client.get("/price/").status_code == 200


def test_a_published_book_is_shown_and_not_edited(world: World, shelf: Shelf) -> None:
    client = browser(world)
    body = client.get(f"/price/{shelf.book.pk}/", {"q": "stand"}).content.decode()
    assert "STAND-900" in body
    assert "BELT-PU-600" not in body
    assert "data-cell" not in body
    answer = client.post(
        f"/price/{shelf.book.pk}/entries/{shelf.belt.pk}/", {"unit_price": "1"}, headers=HTMX
    )
    assert answer.status_code == 409
    actions.copy_book(
        actor=world.system,
        now=world.now,
        book_id=shelf.book.pk,
        valid_from=shelf.book.valid_from,
    )
    assert client.get("/price/").content.count(b"List 2026") >= 2
