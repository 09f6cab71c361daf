"""The base of a line's price is told as it is multiplied: without options and surcharges."""

from decimal import Decimal

import pytest

from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import queries
from handsel.bid.quote.actions import NewLine
from tests.integration.quote.test_fees import shelf_with
from tests.support.bid import make_quote
from tests.support.pages import sign_in, text_of
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def test_a_surcharge_is_no_part_of_the_base() -> None:
    world = make_world()
    energy = {"key": "energy", "formula": "12.5", "market": True, "label": "Energy"}
    shelf = shelf_with(world, NewTerm(kind="elements", definition=energy))
    line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(3))
    version = make_quote(world, shelf, lines=[line])
    (shown,) = (one for one in queries.lines_of(version.pk) if one.sku == "BELT-PU-600")
    page = sign_in(world, "sales_rep").get(f"/quote/{version.quote_id}/1/why/{shown.key}/")
    text = text_of(page)
    # 3 × 135.50 = 406.50 and 3 × 12.50 = 37.50: 444.00.
    assert "135.50 EUR × 3" in text
    for amount in ("406.50", "37.50", "444.00"):
        assert amount in text
    assert shown.net_minor == 444_00
