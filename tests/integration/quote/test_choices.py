"""What a buyer's choice of options comes to: what pricing the chosen lines would give."""

import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.errors import BadQuote, ChoiceNotPriced
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.offer import settled, shown_offer
from handsel.bid.quote.rules.content import tax_rows
from tests.support.bid import Shelf, make_products, make_quote
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    """Prices with a tier over the whole quote, and a visit that costs 10 % of everything."""
    belt, stand, visit = make_products(world.system, world.now)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Depending",
        currency="EUR",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = {belt.pk: Decimal("135.50"), stand.pk: Decimal("290.33"), visit.pk: Decimal(98)}
    price.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    steps = [{"from": "5", "percent": "5"}, {"from": "20", "percent": "12.5"}]
    terms = [
        NewTerm(kind="tiers", definition={"rule": "volume", "scope": "quote", "steps": steps}),
        NewTerm(kind="percent_of", definition={"percent": "10"}, product_id=visit.pk),
    ]
    price.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)
    price.publish_book(actor=world.system, now=world.now, book_id=book.pk)
    return Shelf(belt, stand, visit, book)


def a_quote(world: World, shelf: Shelf, dice: random.Random) -> QuoteVersion:
    """A draft with fixed lines, options chosen and open, and now and then a discount or target."""
    lines = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(dice.randint(1, 6)))]
    for _ in range(dice.randint(2, 6)):
        product = dice.choice([shelf.belt, shelf.stand, shelf.visit])
        lines.append(
            NewLine(
                product_id=product.pk,
                quantity=Decimal(dice.randint(1, 12)) / dice.choice([1, 4]),
                discount_bps=dice.choice([0, 0, 750]),
                is_optional=dice.random() < 0.7,
                is_chosen=dice.random() < 0.5,
            )
        )
    version = make_quote(world, shelf, lines=lines)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    what = dice.choice(["nothing", "discount", "target"])
    if what == "discount":
        return actions.set_terms(**act, changes={"discount_bps": dice.randint(1, 3_000)})
    if what == "target":
        total = Decimal(version.net_minor * dice.randint(70, 99)) / 10_000
        total = total.quantize(Decimal("0.01"))
        return actions.set_target(**act, total=total, reason="Closing")
    return version


def amounts(lines: object) -> list[tuple[int, int, bool]]:
    return [(one.list_minor, one.net_minor, one.counts) for one in lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize("seed", range(12))
def test_a_choice_costs_what_pricing_the_chosen_lines_gives(
    world: World, shelf: Shelf, seed: int
) -> None:
    dice = random.Random(seed)
    version = a_quote(world, shelf, dice)
    lines = queries.lines_of(version.pk)
    standing = settled(version, lines, [one.key for one in lines if one.is_optional and one.counts])
    assert amounts(standing.lines) == amounts(lines)
    assert standing.gross_minor == version.gross_minor
    options = [line.key for line in lines if line.is_optional]
    chosen = {key for key in options if dice.random() < 0.5}
    found = settled(version, lines, chosen)
    assert found.net_minor == sum(line.net_minor for line in found.lines if line.counts)
    if version.target_minor is not None:
        return  # another choice has the same share taken off, not the same total
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    for key in options:
        version = actions.set_line(**act, line_key=key, is_chosen=key in chosen)
    assert amounts(found.lines) == amounts(queries.lines_of(version.pk))
    assert (found.net_minor, found.gross_minor) == (version.net_minor, version.gross_minor)
    assert tax_rows(found) == version.tax_rows


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_an_accepted_choice_is_kept_as_it_was_reckoned(
    world: World, shelf: Shelf, seed: int
) -> None:
    dice = random.Random(seed)
    version = a_quote(world, shelf, dice)
    lines = queries.lines_of(version.pk)
    chosen = [line.key for line in lines if line.is_optional and not line.is_chosen]
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    presented = actions.present_quote(**act, mail=False)
    shown = shown_offer(presented.version, chosen)
    acceptance = actions.accept_quote(
        now=world.now,
        token=presented.link.rstrip("/").rsplit("/", 1)[1],
        content_hash=shown.content_hash,
        signature=Signature(name="Ada Buyer", email="ada@example.com"),
        chosen=chosen,
    )
    accepted = acceptance.version
    kept = queries.lines_of(accepted.pk)
    assert amounts(kept) == amounts(shown.priced.lines)
    assert accepted.net_minor == sum(line.net_minor for line in kept if line.counts)
    again = shown_offer(accepted)
    assert amounts(again.priced.lines) == amounts(kept)
    assert again.content_hash == acceptance.content_hash


def test_a_choice_is_refused_once_prices_depend_on_something_else(
    world: World, shelf: Shelf
) -> None:
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(4)),
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(4), is_optional=True),
    ]
    version = make_quote(world, shelf, lines=lines)
    option = queries.lines_of(version.pk)[1].key
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    version = queries.get_version(world.actor("sales_rep"), version.quote_id)
    dearer = shown_offer(version, [option]).priced
    assert dearer.lines[0].net_minor < version.net_minor  # eight pieces reach the tier
    price.agree_price(
        actor=world.system,
        now=world.now - timedelta(days=1),
        organization_id=world.customer.pk,
        currency="EUR",
        product_id=shelf.stand.pk,
        unit_price=Decimal(200),
        valid_from=date(2026, 1, 1),
    )
    with pytest.raises(ChoiceNotPriced):
        shown_offer(version, [option])
    assert shown_offer(version).priced.net_minor == version.net_minor


def test_the_periods_of_a_ramp_are_chosen_together(world: World, shelf: Shelf) -> None:
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)),
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(1), is_optional=True),
    ]
    version = make_quote(world, shelf, lines=lines)
    key = queries.lines_of(version.pk)[1].key
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    steps = [actions.RampStep(months=12, quantity=Decimal(n)) for n in (1, 2)]
    actions.ramp_line(**act, line_key=key, start_on=date(2026, 4, 1), steps=steps)
    actions.present_quote(**act, mail=False)
    version = queries.get_version(world.actor("sales_rep"), version.quote_id)
    with pytest.raises(BadQuote, match="belong together"):
        shown_offer(version, [key])
    both: list[UUID] = [one.key for one in queries.lines_of(version.pk) if one.is_optional]
    assert len(both) == 2
    shown_offer(version, both)
