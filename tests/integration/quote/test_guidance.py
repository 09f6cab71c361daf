"""Guidance from the quotes that were won and lost: one query, of one's own seller."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import QuoteNotFound
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.queries.guidance import guidance_for
from tests.support.bid import make_quote, make_shelf
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def test_guidance_from_deals_of_the_house() -> None:
    world = make_world()
    shelf = make_shelf(world.system, world.now)

    def quote(bps: int, state: str) -> QuoteVersion:
        line = NewLine(product_id=shelf.belt.pk, quantity=Decimal(10), discount_bps=bps)
        version = make_quote(world, shelf, lines=[line])
        Quote.objects.filter(pk=version.quote_id).update(state=state)
        return version

    for bps in (500, 1000, 1500):
        quote(bps, "accepted")
    draft = quote(0, "draft")
    rep = world.actor("sales_rep")
    assert not guidance_for(rep, draft.quote_id, now=world.now).is_enough
    quote(2500, "declined")
    quote(700, "expired")
    quote(900, "withdrawn")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = guidance_for(rep, draft.quote_id, now=world.now)
    assert len(asked) == 1
    assert (found.won, found.lost) == (3, 2)
    assert found.target is not None
    # 10 × 135.50 = 1,355.00 less 10 %.
    assert (found.target.discount_bps, found.target.net_minor) == (1000, 1_219_50)
    assert found.lost_above_bps == 1500
    assert {one.score for one in found.similar} <= set(range(90, 101))
    with pytest.raises(QuoteNotFound):
        guidance_for(world.stranger, draft.quote_id, now=world.now)
