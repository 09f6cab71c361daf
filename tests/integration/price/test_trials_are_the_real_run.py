"""A trial of a book says what the quotes come to once the book holds, whatever they depend on."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import trial
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.models import QuoteVersion
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def wanted_terms(shelf: Shelf, dice: random.Random) -> list[NewTerm]:
    """Some of everything a price may depend on beside its line."""
    steps = [{"from": "0", "percent": "0"}, {"from": "8", "percent": "6"}]
    table: dict[str, Any] = {"label": "Volume", "steps": steps, "cumulative": dice.random() < 0.7}
    scope = dice.choice(["line", "quote", "contract", "orders"])
    everything = [
        NewTerm(kind="tiers", definition=table | {"scope": scope}, product_id=shelf.belt.pk),
        NewTerm(kind="promotions", definition={"code": "SPRING", "percent": "4"}),
        NewTerm(kind="promotions", definition={"percent": "1.5", "from": "3"}),
        NewTerm(kind="partners", definition={"tier": "gold", "percent": "12"}),
        NewTerm(kind="partners", definition={"percent": "3"}),
        NewTerm(kind="distributors", definition={"tier": "gold", "percent": "2"}),
        NewTerm(kind="fees", definition={"label": "Freight", "amount": "45"}),
        NewTerm(
            kind="fees", definition={"label": "Pack", "percent": "2"}, product_id=shelf.stand.pk
        ),
        NewTerm(kind="percent_of", definition={"percent": "9"}, product_id=shelf.visit.pk),
        NewTerm(kind="limits", definition={"floor": "120"}, product_id=shelf.belt.pk),
        NewTerm(
            kind="conventions",
            definition={"convention": dice.choice(["MONTH_UP", "CAL"]), "price_months": "6"},
            product_group=dice.choice(["", "belts"]),
        ),
        NewTerm(kind="conventions", definition={"convention": "ANNIV"}, product_id=shelf.stand.pk),
    ]
    return [term for term in everything if dice.random() < 0.6]


def a_quote(world: World, shelf: Shelf, dice: random.Random) -> QuoteVersion:
    lines = [
        NewLine(
            product_id=dice.choice([shelf.belt, shelf.stand, shelf.visit]).pk,
            quantity=Decimal(dice.randint(1, 12)),
            discount_bps=dice.choice([0, 0, 750]),
            is_optional=dice.random() < 0.3,
            is_chosen=dice.random() < 0.5,
        )
        for _ in range(dice.randint(1, 5))
    ]
    lines.append(NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)))
    version = make_quote(world, shelf, lines=lines)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    codes, partner = dice.choice([[], ["SPRING"]]), dice.choice(["", "gold"])
    actions.set_pricing(**act, codes=codes, partner=partner)
    if dice.random() < 0.5:
        days = {"start_on": "2026-04-15", "end_on": dice.choice(["2026-06-30", "2027-05-31"])}
        key = queries.lines_of(version.pk)[0].key
        actions.set_line_price(**act, line_key=key, asked={"term": days})
    what = dice.choice(["nothing", "discount", "target"])
    if what == "discount":
        actions.set_terms(**act, changes={"discount_bps": dice.randint(1, 3_000)})
    if what == "target":
        total = (Decimal(version.net_minor * dice.randint(70, 99)) / 10_000).quantize(
            Decimal("0.01")
        )
        actions.set_target(**act, total=total, reason="Closing")
    return queries.get_version(world.actor("sales_rep"), version.quote_id)


def bought(world: World, shelf: Shelf, quantity: int) -> None:
    """The customer ordered belts some days ago."""
    rep, then = world.actor("sales_rep"), world.now - timedelta(days=9)
    lines = [NewLine(product_id=shelf.belt.pk, quantity=Decimal(quantity))]
    version = make_quote(world, shelf, lines=lines)
    actions.present_quote(actor=rep, now=then, quote_id=version.quote_id, mail=False)
    actions.accept_for_buyer(
        actor=rep,
        now=then,
        quote_id=version.quote_id,
        signature=Signature(name="Ada", email="ada@example.com", evidence="by phone"),
    )


def agreed(world: World, shelf: Shelf, dice: random.Random) -> None:
    price.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        product_id=shelf.belt.pk,
        discount_bps=dice.choice([0, 500]),
        valid_from=date(2026, dice.choice([1, 3]), 1),
    )


def draft(world: World, shelf: Shelf, terms: list[NewTerm]) -> PriceBook:
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="New",
        currency="EUR",
        segment="",
        valid_from=DAY,
    )
    prices = {
        shelf.belt.pk: Decimal("141.20"),
        shelf.stand.pk: Decimal("299.99"),
        shelf.visit.pk: Decimal(101),
    }
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    book.refresh_from_db()
    return book


def real_run(world: World, shelf: Shelf, book: PriceBook) -> Mapping[int, int]:
    """The book holds instead of the old one, and every open quote is priced anew."""
    price.retire_book(actor=world.system, now=world.now, book_id=shelf.book.pk)
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    rep = world.actor("sales_rep")
    found = {}
    for quote in queries.visible(rep).filter(state="draft"):
        version = actions.reprice(actor=rep, now=world.now, quote_id=quote.pk)
        found[quote.pk] = version.net_minor
    return found


@pytest.mark.parametrize("seed", range(24))
def test_a_trial_is_the_real_run(world: World, shelf: Shelf, seed: int) -> None:
    dice = random.Random(seed)
    if dice.random() < 0.6:
        agreed(world, shelf, dice)
    if dice.random() < 0.7:
        bought(world, shelf, dice.randint(1, 9))
    for _ in range(3):
        a_quote(world, shelf, dice)
    book = draft(world, shelf, wanted_terms(shelf, dice))
    rep = world.actor("sales_rep")
    if seed % 2:
        change = PriceChange(percent_bps=dice.randint(-900, 900), product_group="")
        tried = trial.touched_by(actor=rep, book=book, change=change)
        price.change_prices(actor=world.system, now=world.now, book_id=book.pk, change=change)
    else:
        tried = trial.tried_on_open_quotes(actor=rep, book=book)
    assert not [one.refused for one in tried if one.refused]
    assert {one.deal.quote_id: one.net_minor for one in tried} == real_run(world, shelf, book)
