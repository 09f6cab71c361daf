"""Price books, by the room's actions against a real database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from handsel.bid.price import actions, queries
from handsel.bid.price.actions import NewRule
from handsel.bid.price.errors import BadBook, BookNotEditable, BookOverlaps, NoBook, NoPrice
from handsel.bid.price.models import PriceBook, PriceEntry, PriceRule
from handsel.bid.price.queries.explaining import explain_price
from handsel.ground.kernel.errors import Invalid
from tests.support.bid import Shelf, make_book, make_products, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def draft(world: World, **more: Any) -> PriceBook:
    facts: dict[str, Any] = {
        "actor": world.system,
        "now": world.now,
        "name": "Next list",
        "currency": "EUR",
        "valid_from": date(2026, 6, 1),
    }
    return actions.draft_book(**(facts | more))


def test_overlapping_books_are_refused_by_name(world: World, shelf: Shelf) -> None:
    book = draft(world)
    prices = {shelf.belt.pk: Decimal(140)}
    command = {"actor": world.system, "now": world.now, "book_id": book.pk}
    actions.set_entries(prices=prices, **command)
    with pytest.raises(BookOverlaps, match="List 2026 is valid in EUR since 2026-01-01"):
        actions.publish_book(**command)
    with pytest.raises(IntegrityError), transaction.atomic():  # and by the database
        PriceBook.objects.filter(pk=book.pk).update(state="published")
    published = actions.publish_book(end_previous=True, **command)
    assert published.state == "published"
    assert PriceBook.objects.get(pk=shelf.book.pk).valid_until == date(2026, 6, 1)
    assert queries.book_on(currency="EUR", on=date(2026, 5, 31)).pk == shelf.book.pk
    assert queries.book_on(currency="EUR", on=date(2026, 6, 1)).pk == book.pk


def test_other_segments_and_currencies_do_not_overlap(world: World, shelf: Shelf) -> None:
    prices = {shelf.belt.pk: Decimal(100)}
    for segment, currency in (("dealer", "EUR"), ("", "USD")):
        made = make_book(world.system, world.now, prices, segment=segment, currency=currency)
        assert made.state == "published"


def test_an_earlier_book_cannot_be_ended_before_it_began(world: World, shelf: Shelf) -> None:
    book = draft(world, valid_from=date(2025, 6, 1))
    command = {"actor": world.system, "now": world.now, "book_id": book.pk}
    actions.set_entries(prices={shelf.belt.pk: Decimal(1)}, **command)
    with pytest.raises(BookOverlaps):
        actions.publish_book(end_previous=True, **command)


def test_the_segments_own_book_goes_first(world: World, shelf: Shelf) -> None:
    prices = {shelf.belt.pk: Decimal(100)}
    dealers = make_book(world.system, world.now, prices, segment="dealer")
    assert queries.book_on(currency="EUR", segment="dealer", on=world.now.date()) == dealers
    assert queries.book_on(currency="EUR", segment="other", on=world.now.date()) == shelf.book
    with pytest.raises(NoBook, match="GBP for 'dealer' is valid on 2026-03-02"):
        queries.book_on(currency="GBP", segment="dealer", on=date(2026, 3, 2))


def test_a_published_book_never_changes(world: World, shelf: Shelf) -> None:
    command = {"actor": world.system, "now": world.now, "book_id": shelf.book.pk}
    for change in (
        lambda: actions.set_entries(prices={shelf.belt.pk: Decimal(1)}, **command),
        lambda: actions.remove_entry(product_id=shelf.belt.pk, **command),
        lambda: actions.add_rules(rules=[NewRule(discount_bps=100)], **command),
        lambda: actions.publish_book(**command),
    ):
        with pytest.raises(BookNotEditable):
            change()
    actions.retire_book(**command)
    with pytest.raises(BookNotEditable):
        actions.retire_book(**command)


def test_a_new_version_has_everything_of_the_last(world: World, shelf: Shelf) -> None:
    book = actions.copy_book(
        actor=world.system,
        now=world.now,
        book_id=shelf.book.pk,
        valid_from=date(2026, 7, 1),
    )
    assert (book.version, book.state) == (2, "draft")
    same = PriceEntry.objects.filter(book=book).values_list("product_id", "unit_price")
    assert set(same) == set(
        PriceEntry.objects.filter(book=shelf.book).values_list("product_id", "unit_price")
    )
    assert PriceRule.objects.filter(book=book).count() == 1


def test_an_empty_book_is_not_published(world: World) -> None:
    with pytest.raises(BadBook, match="no prices yet"):
        actions.publish_book(actor=world.system, now=world.now, book_id=draft(world).pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"currency": "EURO"}, "currency"),
        ({"valid_until": date(2026, 6, 1)}, "valid_until"),
    ],
)
def test_wrong_heads_name_their_field(world: World, change: dict[str, object], field: str) -> None:
    with pytest.raises(BadBook) as refusal:
        draft(world, **change)
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize("price", ["-1", "NaN", "Infinity", "100000000000000"])
def test_what_is_no_price_is_refused(world: World, shelf: Shelf, price: str) -> None:
    with pytest.raises(BadBook):
        actions.set_entries(
            actor=world.system,
            now=world.now,
            book_id=draft(world).pk,
            prices={shelf.belt.pk: Decimal(price)},
        )


def test_two_rules_of_one_scope_need_two_quantities(world: World, shelf: Shelf) -> None:
    command = {"actor": world.system, "now": world.now, "book_id": draft(world).pk}
    for rule in (NewRule(discount_bps=100), NewRule(discount_bps=5, product_id=shelf.belt.pk)):
        actions.add_rules(rules=[rule], **command)
        with pytest.raises(BadBook, match="from this quantity"):
            actions.add_rules(rules=[rule], **command)
    both = NewRule(discount_bps=5, product_id=shelf.belt.pk, product_group="belts")
    with pytest.raises(Invalid):
        actions.add_rules(rules=[both], **command)


def test_a_price_explains_itself_with_the_losers(world: World) -> None:
    belt, _, _ = make_products(world.system, world.now)
    rules = [
        NewRule(product_id=belt.pk, min_quantity=Decimal(10), discount_bps=2000),
        NewRule(product_group="belts", discount_bps=700, label="all belts"),
        NewRule(discount_bps=500),
    ]
    book = make_book(world.system, world.now, {belt.pk: Decimal(100)}, rules)
    found = explain_price(book=book, product_id=belt.pk, quantity=Decimal(3), on=world.now.date())
    assert found.line.amount_minor == 279_00
    assert [one.verdict for one in found.candidates] == [
        "quantity_not_reached",
        "applied",
        "less_specific",
    ]


def test_no_price_names_what_is_missing(world: World, shelf: Shelf) -> None:
    book = make_book(world.system, world.now, {shelf.belt.pk: Decimal(1)}, segment="x")
    actions.retire_book(actor=world.system, now=world.now, book_id=shelf.book.pk)
    with pytest.raises(NoPrice, match=r"STAND-900 Stand 900: no price in List 2026 on 2026-03-02"):
        explain_price(
            book=book,
            product_id=shelf.stand.pk,
            quantity=Decimal(1),
            on=date(2026, 3, 2),
        )


def test_many_lines_cost_one_query(
    world: World, shelf: Shelf, django_assert_num_queries: Any
) -> None:
    from handsel.bid.catalog.queries import facts_of

    products = list(facts_of([shelf.belt.pk, shelf.stand.pk, shelf.visit.pk]).values())
    with django_assert_num_queries(1):
        queries.context_for(shelf.book, on=world.now.date(), products=products, taxes={})
