"""Rules as a price manager types them: in his numbers and words, refused where they say nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price import actions, queries
from handsel.bid.price.errors import BadBook, BookNotPublishable
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.queries.calls import Asked, priced_lines
from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.price.rules.stored import NewTerm
from tests.support.bid import Shelf, make_shelf
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


@pytest.fixture
def draft(world: World, shelf: Shelf) -> PriceBook:
    book = actions.draft_book(
        actor=world.system,
        now=world.now,
        name="List 2027",
        currency="EUR",
        valid_from=date(2027, 1, 1),
    )
    prices = {shelf.belt.pk: Decimal(100), shelf.stand.pk: Decimal(50), shelf.visit.pk: Decimal(0)}
    actions.set_entries(actor=world.system, now=world.now, book_id=book.pk, prices=prices)
    return book


def added(world: World, book: PriceBook, *terms: NewTerm) -> None:
    actions.add_terms(actor=world.system, now=world.now, book_id=book.pk, terms=terms)


def net(book: PriceBook, *lines: dict[str, Any], tier: str = "") -> list[str]:
    found = priced_lines(Asked(on=DAY, book=book, tier=tier), list(lines))
    return [line["net"] for line in found["lines"]]


def findings(book: PriceBook) -> list[tuple[str, bool]]:
    return [
        (one.kind, one.forbids) for one in queries.findings_of(PriceBook.objects.get(pk=book.pk))
    ]


def typed(world: World, book: PriceBook, kind: str, query: str = "", **fields: str) -> Any:
    client = sign_in(world, "product_modeller")
    return submit(client, f"/price/{book.pk}/terms/new/{kind}/{query}", **fields)


def test_a_percentage_of_other_lines_has_a_form_with_article_numbers(
    world: World, draft: PriceBook, shelf: Shelf
) -> None:
    form = {"on": "VISIT", "percent": "18", "of": "list", "products": "BELT-PU-600, STAND-900"}
    wrong = typed(world, draft, "percent_of", **form | {"products": "BELT-PU-600, NONE"})
    assert wrong.status_code == 422
    assert "NONE" in text_of(wrong)
    done = typed(world, draft, "percent_of", **form, least="30")
    assert done.address == f"/price/{draft.pk}/terms/"
    kept = BookTerm.objects.get(book=draft)
    assert kept.definition["products"] == [str(shelf.belt.pk), str(shelf.stand.pk)]
    assert "BELT-PU-600, STAND-900" in text_of(done)
    again = text_of(sign_in(world, "product_modeller").get(f"/price/{draft.pk}/terms/{kept.pk}/"))
    assert 'value="BELT-PU-600, STAND-900"' in again
    # 18 % of 100 + 50 is 27.00, but 30.00 is the least.
    lines = [{"product": "BELT-PU-600"}, {"product": "STAND-900"}, {"product": "VISIT"}]
    draft.refresh_from_db()
    assert net(draft, *lines) == ["100.00", "50.00", "30.00"]


def test_a_percentage_of_a_product_that_no_key_names_is_refused(
    world: World, draft: PriceBook, shelf: Shelf
) -> None:
    definition = {"percent": "18", "products": ["BELT-PU-600"]}
    with pytest.raises(CaseFault) as refused:
        term = NewTerm(kind="percent_of", definition=definition, product_id=shelf.visit.pk)
        added(world, draft, term)
    assert "BELT-PU-600" in str(refused.value)


def test_market_values_are_typed_in_the_readers_numbers(world: World, draft: PriceBook) -> None:
    fields = {"name_0": "nickel", "value_0": "18.40", "name_1": "energy", "value_1": "1x8"}
    wrong = typed(world, draft, "market", **fields)
    assert wrong.status_code == 422
    assert 'id="value_1-error"' in text_of(wrong)
    assert "market[0]" not in text_of(wrong)
    typed(world, draft, "market", **fields | {"value_1": "1,250.5 kg"})
    assert BookTerm.objects.get(book=draft).definition == {"nickel": "18.40", "energy": "1250.5 kg"}


def test_who_does_not_resell_gets_no_resellers_discount(world: World, draft: PriceBook) -> None:
    for kind in ("partners", "distributors"):
        added(world, draft, NewTerm(kind=kind, definition={"percent": "10"}))
    draft.refresh_from_db()
    assert net(draft, {"product": "BELT-PU-600"}) == ["100.00"]
    assert net(draft, {"product": "BELT-PU-600"}, tier="gold") == ["81.00"]
    # A book of a segment is for those who resell: there it holds for all its buyers.
    dealers = actions.change_book(
        actor=world.system,
        now=world.now,
        book_id=draft.pk,
        name="Dealers",
        segment="dealers",
        valid_from=draft.valid_from,
    )
    assert net(dealers, {"product": "BELT-PU-600"}) == ["81.00"]


def test_a_product_for_nothing_is_told_unless_a_rule_prices_it(
    world: World, draft: PriceBook, shelf: Shelf
) -> None:
    found = queries.findings_of(draft)
    assert [(one.kind, str(one.message)) for one in found] == [
        ("zero price", "VISIT: the price is zero.")
    ]
    definition = {"key": "trip", "formula": "80"}
    added(world, draft, NewTerm(kind="elements", definition=definition, product_id=shelf.visit.pk))
    assert findings(draft) == []


@pytest.mark.parametrize(
    ("formula", "forbids"),
    [
        ("1 / 0", True),
        ("1 m + 1 kg", True),
        ("3 m", True),
        ("nickel / 0", True),
        ("length / 1 m", False),
    ],
)
def test_a_formula_that_can_never_be_a_price_cannot_be_published(
    world: World, draft: PriceBook, shelf: Shelf, formula: str, forbids: bool
) -> None:
    market = NewTerm(kind="market", definition={"nickel": "18.4"})
    term = NewTerm(
        kind="elements",
        definition={"key": "x", "formula": formula, "label": "Alloy"},
        product_id=shelf.belt.pk,
    )
    added(world, draft, market, term)
    assert (("formula", True) in findings(draft)) is forbids
    publish = {"actor": world.system, "now": world.now, "book_id": draft.pk, "end_previous": True}
    if forbids:
        with pytest.raises(BookNotPublishable) as refused:
            actions.publish_book(**publish)
        assert "Alloy cannot be reckoned" in str(refused.value)
    else:
        assert actions.publish_book(**publish).state == "published"


def test_promotions_combine_in_one_way(world: World, draft: PriceBook) -> None:
    added(world, draft, NewTerm(kind="combination", definition={"policy": "stack_add"}))
    with pytest.raises(BadBook):
        added(world, draft, NewTerm(kind="combination", definition={"policy": "best"}))
    assert BookTerm.objects.get(book=draft).definition == {"policy": "stack_add"}


def test_a_cost_plus_form_speaks_of_costs(world: World, draft: PriceBook) -> None:
    page = text_of(sign_in(world, "sales_manager").get(f"/price/{draft.pk}/terms/new/cost_plus/"))
    assert "Reckoned as" in page
    assert "attribute such as length" not in page
    tiers = text_of(sign_in(world, "sales_manager").get(f"/price/{draft.pk}/terms/new/tiers/"))
    assert 'value="Quantity"' in tiers
