"""Amounts, percentages and states on the pages of a quote, as the reader's language has them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from handsel.bid.price import actions as price
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.web import parts
from handsel.ground.kernel.money import Money
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.pages import sign_in
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def page_of(client: Client, address: str, language: str = "en") -> str:
    """A page in a language, its white space folded and its hard spaces soft."""
    client.cookies["django_language"] = language
    return " ".join(client.get(address).content.decode().replace("\xa0", " ").split())


@pytest.mark.parametrize(
    ("language", "percent", "amount"),
    [("en", "7.5%", "1,250.50 EUR"), ("de", "7,5 %", "1.250,50 EUR")],
)
def test_amounts_and_percentages_stand_as_the_language_has_them(
    language: str, percent: str, amount: str
) -> None:
    with translation.override(language):
        assert parts.percent_text(750).replace("\xa0", " ") == percent
        assert parts.money_text(Money(125_050, "EUR")) == amount


def test_a_list_price_is_grouped_and_has_the_currencys_decimals(world: World, shelf: Shelf) -> None:
    draft = price.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=world.now.date()
    )
    prices = {shelf.belt.pk: Decimal("117944.9625")}
    price.set_entries(actor=world.system, now=world.now, book_id=draft.pk, prices=prices)
    price.publish_book(actor=world.system, now=world.now, book_id=draft.pk, end_previous=True)
    line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(1))
    (view,) = lines_of(make_quote(world, shelf, lines=[line]).pk)
    with translation.override("de"):
        assert parts.shown_price(view, "EUR") == "117.944,9625 / m"
        (first, *_rest) = parts.waterfall(view, "EUR")["rows"]
        assert first["detail"].startswith("117.944,9625 EUR × 1 · Preis ")


def test_nobody_asked_is_not_told_as_approved(world: World, shelf: Shelf) -> None:
    actions.set_rule(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        name="Line discount",
        condition={"any_line": {"fact": "line.discount", "op": ">", "value": "15"}},
        steps=[{"approvers": [{"role": "sales_manager"}]}],
    )
    version = make_quote(world, shelf)
    rep = world.actor("sales_rep")
    actions.present_quote(actor=rep, now=world.now, quote_id=version.quote_id)
    shown = page_of(sign_in(world, "sales_rep"), f"/quote/{version.quote_id}/")
    panel = shown.partition('id="approval"')[2].partition("</section>")[0]
    assert "Nobody had to be asked" in panel and "Approved" not in panel


def test_forms_of_a_quote_lead_back_to_it(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    key = lines_of(version.pk)[0].key
    client = sign_in(world, "sales_rep")
    record = f"/quote/{version.quote_id}/"
    for address in ("target/", "terms/", f"lines/{key}/price/", f"lines/{key}/ramp/"):
        shown = page_of(client, record + address, "de")
        assert f'<li><a href="{record}">{version.quote.number}</a></li>' in shown, address
        assert f'<a class="btn" href="{record}">Abbrechen</a>' in shown, address


def test_a_book_names_its_units_in_words(world: World, shelf: Shelf) -> None:
    client = sign_in(world, "sales_rep")
    shown = page_of(client, f"/price/{shelf.book.pk}/", "de")
    assert ">Stk.<" in shown and ">piece<" not in shown
