"""Rules in the written form, agreed prices and rates, by the room's actions and real database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import actions, queries
from handsel.bid.price.errors import BadBook, BadRates, BookNotEditable, BookNotPublishable
from handsel.bid.price.models import BookTerm, ExchangeRate, PriceBook, PriceEntry
from handsel.bid.price.queries import trial
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.context import LineTax, RequestLine
from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.losers import losers_of
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.price.rules.terms import Ending
from handsel.ground.kernel.errors import HandselError
from handsel.ground.party.models import Organization
from tests.support.bid import Shelf, make_book, make_quote, make_shelf
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
SLAB = {
    "kind": "slab",
    "label": "Volume",
    "steps": [{"from": "1", "to": "11", "percent": "10"}, {"from": "11", "percent": "20"}],
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def draft(world: World, shelf: Shelf) -> PriceBook:
    return actions.copy_book(
        actor=world.system, now=world.now, book_id=shelf.book.pk, valid_from=date(2026, 7, 1)
    )


def add(world: World, book: PriceBook, *terms: NewTerm) -> list[BookTerm]:
    return actions.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)


def reckon(
    book: PriceBook, product_id: int, quantity: str, on: date = DAY, **more: Any
) -> PricedDocument:
    product = facts_of([product_id])[product_id]
    fresh = PriceBook.objects.get(pk=book.pk)
    context = queries.context_for(
        fresh, on=on, products=[product], taxes={"": LineTax("O", 0)}, **more
    )
    line = RequestLine("1", product_id, product.title, product.group, "", Decimal(quantity))
    return price(context, [line])


def test_a_slab_a_promotion_and_a_floor_of_a_book(world: World, shelf: Shelf) -> None:
    book = draft(world, shelf)
    slab, *_others = add(
        world,
        book,
        NewTerm(kind="tiers", definition=SLAB, product_id=shelf.belt.pk),
        NewTerm(
            kind="promotions",
            definition={"label": "Belts", "percent": "5"},
            product_group="belts",
        ),
        NewTerm(kind="limits", definition={"floor": "100"}, product_id=shelf.belt.pk),
    )
    priced = reckon(book, shelf.belt.pk, "20")
    # 2,710.00; ten at 10 % and ten at 20 % are 15 % in all; 5 % of what is left.
    assert [row.amount_minor for row in priced.lines[0].rows] == [2_710_00, -406_50, -115_18]
    row = priced.lines[0].rows[1]
    assert (row.rule, row.version) == (f"price_term:{slab.pk}", 2)
    assert reckon(book, shelf.belt.pk, "1").net_minor == 115_85


def test_a_copy_takes_the_rules_along_and_a_published_book_keeps_them(
    world: World, shelf: Shelf
) -> None:
    book = draft(world, shelf)
    (term,) = add(world, book, NewTerm(kind="tiers", definition=SLAB))
    actions.publish_book(actor=world.system, now=world.now, book_id=book.pk, end_previous=True)
    command = {"actor": world.system, "now": world.now, "book_id": book.pk}
    with pytest.raises(BookNotEditable):
        actions.remove_term(term_id=term.pk, **command)
    with pytest.raises(BookNotEditable):
        actions.add_terms(terms=[NewTerm(kind="tiers", definition=SLAB)], **command)
    copy = actions.copy_book(valid_from=date(2027, 1, 1), **command)
    assert [one.definition for one in queries.terms_of(copy.pk)] == [SLAB]
    (copied,) = queries.terms_of(copy.pk)
    actions.remove_term(actor=world.system, now=world.now, book_id=copy.pk, term_id=copied.pk)
    assert not PriceBook.objects.get(pk=copy.pk).has_terms


@pytest.mark.parametrize(
    ("kind", "definition", "told"),
    [
        ("tiers", {"steps": [{"from": "0", "percent": 2.5}]}, "tiers[0].steps[0].percent"),
        ("tiers", {"steps": []}, "tiers[0].steps: expected at least one step"),
        ("elements", {"key": "x", "formula": "1 +"}, "elements[0].formula"),
        ("promotion", {"percent": "1"}, "“promotion” is none of"),
        ("contracted", {"percent": "1"}, "“contracted” is none of"),
        ("limits", {"floor": "١٢"}, "limits[0].floor"),
        ("percent_of", {"percent": "5"}, "“product” or “group” is missing"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_with_their_path(
    world: World, shelf: Shelf, kind: str, definition: dict[str, Any], told: str
) -> None:
    with pytest.raises(CaseFault) as refused:
        add(world, draft(world, shelf), NewTerm(kind=kind, definition=definition))
    assert told in refused.value.message
    assert not BookTerm.objects.exists()


def test_the_publisher_is_warned_and_a_cycle_is_refused_by_name(world: World, shelf: Shelf) -> None:
    book = draft(world, shelf)
    steps = [{"to": "10", "price": "38"}, {"price": "31"}]
    add(world, book, NewTerm(kind="tiers", definition={"label": "Care", "steps": steps}))
    found = queries.findings_of(PriceBook.objects.get(pk=book.pk))
    assert [one.message for one in found] == [
        "Care: more costs less in all: 10 cost 380, 11 cost 341."
    ]
    add(
        world,
        book,
        NewTerm(
            kind="percent_of",
            definition={"label": "A", "percent": "5", "groups": ["b"]},
            product_group="a",
        ),
        NewTerm(
            kind="percent_of",
            definition={"label": "B", "percent": "5", "groups": ["a"]},
            product_group="b",
        ),
    )
    with pytest.raises(BookNotPublishable, match="A → B → A"):
        actions.publish_book(actor=world.system, now=world.now, book_id=book.pk, end_previous=True)


@pytest.fixture
def group(world: World) -> Organization:
    """The customer's parent."""
    made, _buyer = make_customer(
        world.system, world.now, name="Brandt Holding SE", vat_id="", domain="holding.example"
    )
    Organization.objects.filter(pk=world.customer.pk).update(parent=made)
    return made


def agree(world: World, organization_id: int, **more: Any) -> None:
    facts: dict[str, Any] = {"currency": "EUR", "valid_from": date(2026, 1, 1)}
    actions.agree_price(
        actor=world.system, now=world.now, organization_id=organization_id, **(facts | more)
    )


def test_the_nearest_agreement_wins_and_the_others_are_told(
    world: World, shelf: Shelf, group: Organization
) -> None:
    belt = shelf.belt.pk
    agree(world, group.pk, product_id=belt, unit_price=Decimal(110), label="Group")
    agree(world, group.pk, product_group="belts", discount_bps=1200, label="Frame")
    buyer = {"organization_id": world.customer.pk}
    assert reckon(shelf.book, belt, "1", **buyer).net_minor == 110_00
    agree(
        world,
        world.customer.pk,
        product_id=belt,
        unit_price=Decimal(105),
        valid_until=date(2026, 7, 1),
    )
    priced = reckon(shelf.book, belt, "1", **buyer)
    assert priced.net_minor == 105_00
    assert priced.lines[0].trace is not None
    told = [(one.label, one.why) for one in losers_of(priced.lines[0].trace)]
    assert told[:2] == [
        ("Group", "One that is nearer or more specific goes before it."),
        ("", "An agreed price goes before it."),
    ]
    assert ("Frame", "A fixed price takes no percentage on top.") in told
    assert reckon(shelf.book, belt, "1", on=date(2026, 7, 1), **buyer).net_minor == 110_00
    assert reckon(shelf.book, belt, "1", organization_id=group.pk).net_minor == 110_00
    assert reckon(shelf.book, belt, "1").net_minor == 135_50


def test_agreements_that_are_refused(world: World, shelf: Shelf) -> None:
    for wrong in (
        {},
        {"unit_price": Decimal(1), "discount_bps": 5},
        {"unit_price": Decimal("NaN")},
        {"discount_bps": 10_001},
        {"unit_price": Decimal(1), "currency": "EURO"},
        {"unit_price": Decimal(1), "valid_until": date(2025, 1, 1)},
    ):
        with pytest.raises(BadBook):
            agree(world, world.customer.pk, **wrong)


def test_an_agreement_ends(world: World, shelf: Shelf) -> None:
    agree(world, world.customer.pk, discount_bps=1000)
    (made,) = queries.agreements_of(world.customer.pk)
    command = {"actor": world.system, "now": world.now, "agreement_id": made.pk}
    actions.end_agreement(until=date(2026, 3, 1), **command)
    buyer = {"organization_id": world.customer.pk}
    assert reckon(shelf.book, shelf.belt.pk, "1", **buyer).net_minor == 135_50
    with pytest.raises(BadBook):
        actions.end_agreement(until=date(2026, 1, 1), **command)


def test_a_price_is_converted_by_the_latest_rate_and_its_own_goes_first(
    world: World, shelf: Shelf
) -> None:
    dollars = make_book(
        world.system, world.now, {shelf.stand.pk: Decimal(310)}, currency="USD", name="USD list"
    )
    with pytest.raises(HandselError, match="no rate from EUR to USD"):
        reckon(dollars, shelf.belt.pk, "1")
    record = {"actor": world.system, "now": world.now, "source": "ECB"}
    for day, rate in ((27, "1.09"), (28, "1.10")):
        made = actions.record_rates(
            dated_on=date(2026, 2, day), rates=[("EUR", "USD", Decimal(rate))], **record
        )
        assert made == 1
    again = [("EUR", "USD", Decimal(2))]
    assert actions.record_rates(dated_on=date(2026, 2, 28), rates=again, **record) == 0
    assert ExchangeRate.objects.count() == 2
    priced = reckon(dollars, shelf.belt.pk, "1")
    assert priced.net_minor == 149_05  # 135.50 × 1.10
    assert "2026-02-28" in priced.lines[0].rows[0].label
    assert reckon(dollars, shelf.stand.pk, "1").net_minor == 310_00
    with pytest.raises(BadRates):
        actions.record_rates(dated_on=DAY, rates=[("EUR", "USD", Decimal("NaN"))], **record)


def test_a_mass_change_is_previewed_and_then_made(world: World, shelf: Shelf) -> None:
    book = draft(world, shelf)
    ending = Ending(rule="", step=Decimal(1), offset=Decimal("0.95"), direction="up")
    change = PriceChange(percent_bps=350, ending=ending)
    before = dict(PriceEntry.objects.filter(book=book).values_list("product_id", "unit_price"))
    preview = queries.changed_prices(book.pk, change)
    assert preview[shelf.belt.pk] == (Decimal("135.50"), Decimal("140.95"))  # 140.2425
    assert preview[shelf.stand.pk] == (Decimal(290), Decimal("300.95"))  # 300.15
    entries = PriceEntry.objects.filter(book=book)
    assert dict(entries.values_list("product_id", "unit_price")) == before
    made = actions.change_prices(actor=world.system, now=world.now, book_id=book.pk, change=change)
    assert made == preview
    assert entries.get(product=shelf.belt).unit_price == Decimal("140.95")
    only_belts = queries.changed_prices(
        book.pk, PriceChange(percent_bps=100, product_group="belts")
    )
    assert list(only_belts) == [shelf.belt.pk]
    with pytest.raises(HandselError, match="would become"):
        queries.changed_prices(book.pk, PriceChange(amount=Decimal(-500)))


def test_everything_costs_a_handful_of_queries(
    world: World, shelf: Shelf, django_assert_num_queries: Any
) -> None:
    book = draft(world, shelf)
    add(world, book, NewTerm(kind="tiers", definition=SLAB))
    products = list(facts_of([shelf.belt.pk, shelf.stand.pk, shelf.visit.pk]).values())
    fresh = PriceBook.objects.get(pk=book.pk)
    with django_assert_num_queries(3):
        queries.context_for(
            fresh, on=DAY, products=products, taxes={}, organization_id=world.customer.pk
        )


def test_a_quote_takes_the_agreed_price(world: World, shelf: Shelf) -> None:
    agree(world, world.customer.pk, product_id=shelf.stand.pk, unit_price=Decimal(250))
    version = make_quote(world, shelf)
    assert version.net_minor == 369_91 + 500_00


def test_a_book_is_tried_on_open_quotes_and_on_a_quarter(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    assert version.net_minor == 369_91 + 580_00
    book = draft(world, shelf)
    actions.change_prices(
        actor=world.system, now=world.now, book_id=book.pk, change=PriceChange(percent_bps=1000)
    )
    rep = world.actor("sales_rep")
    (found,) = trial.tried_on_open_quotes(actor=rep, book=book)
    # 3 × 149.05 − 9 % is 406.91; 2 × 319 is 638.
    assert (found.deal.quote_id, found.net_minor) == (version.quote_id, 406_91 + 638_00)
    assert found.change_minor == 95_00
    assert len(trial.tried_on_days(actor=rep, book=book, since=DAY, until=date(2026, 3, 3))) == 1
    assert trial.tried_on_days(actor=rep, book=book, since=date(2026, 1, 1), until=DAY) == []
    assert trial.tried_on_open_quotes(actor=world.stranger, book=book) == []
    actions.remove_entry(
        actor=world.system, now=world.now, book_id=book.pk, product_id=shelf.stand.pk
    )
    (found,) = trial.tried_on_open_quotes(actor=rep, book=book)
    assert found.net_minor is None
    assert "Stand 900" in found.refused


def test_the_quarter_before() -> None:
    assert trial.quarter_before(date(2026, 3, 2)) == (date(2025, 10, 1), date(2026, 1, 1))
    assert trial.quarter_before(date(2026, 11, 22)) == (date(2026, 7, 1), date(2026, 10, 1))
