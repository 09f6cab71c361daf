"""A segment's book takes what it lacks from the general book, before anything is converted."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import actions, queries
from handsel.bid.price.errors import NoPrice
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import trial
from handsel.bid.price.queries.basis import basis_of_prices
from handsel.bid.price.queries.lent import list_prices
from handsel.bid.price.queries.times import price_months_of
from handsel.bid.price.rules.context import LineFacts, LineTax, LineTerm, RequestLine
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.losers import losers_of
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions as quotes
from handsel.bid.quote import queries as quote_queries
from handsel.bid.quote.actions import NewLine
from tests.support.bid import Shelf, make_book, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def dealers(world: World, shelf: Shelf) -> PriceBook:
    """The dealers' book has stands only, and 10 % off everything from a quantity of 5."""
    rules = [actions.NewRule(min_quantity=Decimal(5), discount_bps=1000, label="Dealers")]
    prices = {shelf.stand.pk: Decimal(250)}
    return make_book(world.system, world.now, prices, rules, segment="dealer", name="Dealers 2026")


def reckon(book: PriceBook, product_id: int, quantity: str = "1", **facts: Any) -> PricedDocument:
    product = facts_of([product_id])[product_id]
    fresh = PriceBook.objects.get(pk=book.pk)
    context = queries.context_for(fresh, on=DAY, products=[product], taxes={"": LineTax("O", 0)})
    line = RequestLine(
        "1",
        product_id,
        product.title,
        product.group,
        "",
        Decimal(quantity),
        facts=LineFacts(**facts),
    )
    return price(context, [line])


def told(found: PricedDocument) -> list[tuple[str, Decimal | None, str]]:
    trace = found.lines[0].trace
    assert trace is not None
    return [(one.label, one.unit_price, one.why) for one in losers_of(trace)]


def in_dollars(world: World, product_id: int, unit_price: str) -> PriceBook:
    actions.record_rates(
        actor=world.system,
        now=world.now,
        dated_on=DAY,
        source="test",
        rates=[("USD", "EUR", Decimal("0.9187"))],
    )
    prices = {product_id: Decimal(unit_price)}
    return make_book(world.system, world.now, prices, currency="USD", name="Dollars")


def term(world: World, book: PriceBook, **more: Any) -> None:
    """A rule of a published book, as if it had been there from the beginning."""
    PriceBook.objects.filter(pk=book.pk).update(state="draft")
    actions.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=[NewTerm(**more)])
    PriceBook.objects.filter(pk=book.pk).update(state="published")


def test_the_general_price_goes_before_a_converted_one_and_names_its_book(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    in_dollars(world, shelf.belt.pk, "100")
    found = reckon(dealers, shelf.belt.pk)
    (line,) = found.lines
    assert (line.net_minor, line.list_price) == (135_50, Decimal("135.50"))
    row = line.rows[0]
    assert (row.label, row.version) == ("List 2026", 1)
    assert row.rule.startswith("price_entry:")
    assert told(found) == [
        ("100 USD × 0.9187 (2026-03-02)", Decimal("91.87"), LISTED),
        ("Dealers", None, "It begins at 5; 1 are counted."),
    ]


LISTED = "The list price goes before it."


def test_the_segments_own_price_goes_before_the_general_one(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    found = reckon(dealers, shelf.stand.pk)
    assert found.net_minor == 250_00
    assert told(found)[0] == (
        "List 2026",
        Decimal(290),
        "The price of the book itself goes before it.",
    )
    assert reckon(shelf.book, shelf.stand.pk).net_minor == 290_00


def test_lent_is_the_price_and_not_the_rules(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    """5 % from 10 stands is the general book's, 10 % from 5 of anything the dealers'."""
    term(
        world,
        shelf.book,
        kind="promotions",
        definition={"percent": "50"},
        product_id=shelf.belt.pk,
    )
    assert reckon(shelf.book, shelf.belt.pk, "10").net_minor == 677_50
    assert reckon(dealers, shelf.belt.pk, "10").net_minor == 1219_50


def test_a_lent_price_is_for_as_long_as_it_is_in_its_book(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    """A price for a month: two years are 24 of them, counted as the general book says."""
    term(
        world,
        shelf.book,
        kind="conventions",
        definition={"convention": "ANNIV", "price_months": 1},
        product_id=shelf.visit.pk,
    )
    two_years = LineTerm(date(2026, 1, 1), date(2027, 12, 31))
    assert reckon(dealers, shelf.visit.pk, term=two_years).net_minor == 24 * 98_00
    product = facts_of([shelf.visit.pk])[shelf.visit.pk]
    assert price_months_of(dealers, product, on=DAY) == 1
    dollars = in_dollars(world, shelf.visit.pk, "100")
    assert reckon(dollars, shelf.visit.pk, term=two_years).net_minor == 200_00


def test_a_converted_price_is_for_as_long_as_it_is_in_its_book(world: World, shelf: Shelf) -> None:
    dollars = in_dollars(world, support := product(world), "100")
    term(
        world,
        dollars,
        kind="conventions",
        definition={"convention": "ANNIV", "price_months": 1},
    )
    year = LineTerm(date(2026, 1, 1), date(2026, 12, 31))
    assert reckon(shelf.book, support, term=year).net_minor == 12 * 91_87


def product(world: World) -> int:
    from handsel.bid.catalog import actions as catalog
    from handsel.bid.catalog.rules.facts import ProductFacts

    facts = ProductFacts(sku="HOUR", name="Hour of support", kind="service", unit="h")
    return catalog.add_product(actor=world.system, now=world.now, facts=facts).pk


def test_what_is_made_of_rules_is_not_lent(world: World, shelf: Shelf, dealers: PriceBook) -> None:
    term(
        world,
        shelf.book,
        kind="elements",
        definition={"key": "width", "formula": "12"},
        product_group="belts",
    )
    with pytest.raises(NoPrice):
        reckon(dealers, shelf.belt.pk)
    assert reckon(dealers, shelf.visit.pk).net_minor == 98_00


def test_what_a_price_stands_on_knows_the_general_book(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    def basis(book: PriceBook) -> str:
        return basis_of_prices(book, on=DAY, organization_id=world.customer.pk).told

    before = basis(dealers), basis(shelf.book)
    newer = actions.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 3, 5)
    )
    assert (basis(dealers), basis(shelf.book)) == before
    actions.publish_book(actor=world.system, now=world.now, book_id=newer.pk, end_previous=True)
    assert basis(dealers) != before[0]
    assert basis(shelf.book) == before[1]


def test_a_change_of_the_general_book_touches_the_quotes_it_lends_to(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    world.customer.price_segment = "dealer"
    world.customer.save()
    belts, stands = (
        make_quote(world, shelf, lines=[NewLine(product_id=one.pk, quantity=Decimal(1))])
        for one in (shelf.belt, shelf.stand)
    )
    assert (belts.net_minor, stands.net_minor) == (135_50, 250_00)
    book = actions.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=DAY
    )
    change = PriceChange(percent_bps=1000, product_group="")
    rep = world.actor("sales_rep")
    touched = trial.touched_by(actor=rep, book=book, change=change)
    assert [(one.deal.quote_id, one.net_minor) for one in touched] == [(belts.quote_id, 149_05)]
    actions.change_prices(actor=world.system, now=world.now, book_id=book.pk, change=change)
    tried = trial.tried_on_open_quotes(actor=rep, book=book)
    assert [(one.deal.quote_id, one.net_minor) for one in tried] == [(belts.quote_id, 149_05)]
    actions.retire_book(actor=world.system, now=world.now, book_id=shelf.book.pk)
    actions.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    for version, net in ((belts, 149_05), (stands, 250_00)):
        again = quotes.reprice(actor=rep, now=world.now, quote_id=version.quote_id)
        assert again.net_minor == net
    (line,) = quote_queries.lines_of(belts.pk)
    assert line.rows[0].label == "List 2026"


def test_a_product_is_found_with_the_price_that_is_lent(
    world: World, shelf: Shelf, dealers: PriceBook
) -> None:
    keys = [shelf.belt.pk, shelf.stand.pk, product(world)]
    assert list_prices(dealers, keys, on=DAY) == {
        shelf.belt.pk: Decimal("135.50"),
        shelf.stand.pk: Decimal(250),
    }
