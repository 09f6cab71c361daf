"""Why a line costs what it costs tells what lost, priced like the version."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from handsel.bid.price import actions as price
from handsel.bid.price.queries.explaining import as_told
from handsel.bid.price.rules.plan import Loser
from handsel.bid.quote import queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.lost import losers_of_line
from tests.support.bid import make_quote, make_shelf
from tests.support.pages import sign_in, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


class House:
    """A stand at an agreed price of 250.00, beside a belt; the agreement can be ended."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.shelf = shelf = make_shelf(self.world.system, self.world.now)
        self.manager = self.world.actor("sales_manager")
        self.agree(shelf.stand.pk, Decimal(250))
        lines = [
            NewLine(product_id=shelf.stand.pk, quantity=Decimal(2)),
            NewLine(product_id=shelf.belt.pk, quantity=Decimal(3), discount_bps=900),
        ]
        self.quote_id = make_quote(self.world, shelf, lines=lines).quote_id

    def agree(self, product_id: int, unit_price: Decimal) -> None:
        price.agree_price(
            actor=self.manager,
            now=self.world.now,
            organization_id=self.world.customer.pk,
            currency="EUR",
            valid_from=date(2026, 1, 1),
            product_id=product_id,
            unit_price=unit_price,
            label="Frame 2026",
        )

    @property
    def version(self) -> QuoteVersion:
        return queries.get_version(self.manager, self.quote_id)

    def losers(self, place: int) -> Sequence[Loser] | None:
        lines = queries.lines_of(self.version.pk)
        return losers_of_line(self.version, lines, lines[place].key)

    def lost(self, place: int) -> list[tuple[str, Decimal | None]] | None:
        found = self.losers(place)
        if found is None:
            return None
        return [(one.rule.partition(":")[0], one.unit_price) for one in found]

    def page(self, place: int) -> str:
        key = queries.lines_of(self.version.pk)[place].key
        return text_of(sign_in(self.world, "sales_rep").get(f"/quote/{self.quote_id}/1/why/{key}/"))


@pytest.fixture
def house() -> House:
    return House()


def test_the_list_price_lost_to_the_agreed_one(house: House) -> None:
    [stand, _belt] = queries.lines_of(house.version.pk)
    assert stand.net_minor == 500_00
    assert house.lost(0) == [("price_entry", Decimal(290)), ("price_rule", None)]


def test_nothing_lost_to_a_price_that_stood_alone(house: House) -> None:
    assert house.lost(1) == []
    assert "Nothing else spoke about this product." in house.page(1)


def test_the_page_tells_it_in_the_readers_language(house: House) -> None:
    page = house.page(0)
    assert "Looked at and not applied (2)" in page
    assert "An agreed price goes before it." in page
    assert "290.00" in page
    with translation.override("de"):
        told = [one.why for one in as_told(house.losers(0) or [])]
    assert told[0] == "Ein vereinbarter Preis geht vor."


def test_what_lost_is_not_guessed_once_prices_depend_on_something_else(house: House) -> None:
    house.agree(house.shelf.belt.pk, Decimal(100))
    assert house.lost(1) is None
    assert "cannot be told any more" in house.page(1)
    assert house.lost(0) == [("price_entry", Decimal(290)), ("price_rule", None)]
