"""A line's prices by name, with the rule behind each step; and what of them a buyer reads."""

from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from handsel.bid.price.models import BookTerm
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.actions.proposals import preview_proposal
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.web.parts import points_of
from tests.integration.quote.test_fees import shelf_with
from tests.support.bid import make_quote
from tests.support.pages import sign_in, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stages", "named"),
    [
        ("base tax", {}),
        ("base tier tax", {}),  # the net follows at once
        ("base tier manual tax", {1: "Regular price"}),
        ("base option market tier tax", {2: "List price"}),
        (
            "base option tier manual partner ending rounding",
            {1: "List price", 2: "Regular price", 3: "Customer’s price"},
        ),
        ("base agreement partner", {1: "Regular price"}),
        ("base manual header tax", {1: "Customer’s price"}),
    ],
)
def test_prices_have_names_where_something_led_to_them(stages: str, named: dict[int, str]) -> None:
    rows = [Row(Stage(stage), "", 1) for stage in stages.split()]
    assert points_of(rows) == named


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def resold(world: World) -> QuoteVersion:
    """3 m of belt at 135.50 less 9 %, sold to a reseller who gets 20 % of that and 3 % more."""
    shelf = shelf_with(
        world,
        NewTerm(kind="promotions", definition={"percent": "10", "label": "Spring"}),
        NewTerm(
            kind="partners",
            definition={"percent": "20", "tier": "gold", "label": "Gold terms"},
        ),
        NewTerm(
            kind="distributors",
            definition={"percent": "3", "tier": "gold", "label": "Depot terms"},
        ),
    )
    line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(3), discount_bps=900)
    version = make_quote(world, shelf, lines=[line])
    return actions.set_pricing(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        codes=[],
        partner="gold",
    )


def test_a_line_says_its_prices_by_name_and_the_rules_by_key_and_version(
    world: World, resold: QuoteVersion
) -> None:
    (line,) = queries.lines_of(resold.pk)
    address = f"/quote/{resold.quote_id}/1/why/{line.key}/"
    page = text_of(sign_in(world, "sales_rep").get(address))
    for name in ("Regular price", "Customer’s price"):
        assert name in page
    for term in BookTerm.objects.exclude(kind="fees"):
        assert f"Rule {term.pk}, version 1" in page
    # 406.50 − 10 % = 365.85; − 9 % = 332.92; − 20 % = 266.34; − 3 % = 258.35
    for amount in ("406.50", "365.85", "332.9", "258.35"):
        assert amount in page
    assert line.net_minor == 258_35


def test_a_buyer_reads_no_terms_of_resellers(world: World, resold: QuoteVersion) -> None:
    paper = preview_proposal(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=resold.quote_id,
        body="{block lines}{block totals}{block waterfall}",
        with_waterfall=True,
    )
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    assert "Spring" in text
    for secret in ("Gold terms", "Depot terms", "Partner", "Distributor"):
        assert secret not in text
    assert "258.35" in text
    # What all of them leave of 365.85, as one discount: 107.50.
    assert "107.50" in text
