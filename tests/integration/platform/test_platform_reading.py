"""A row read by its key is the row the model's own query gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from handsel.attract.lead.models import Lead
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform.reading import row_by_key
from tests.support.deal import walk_deal
from tests.support.world import make_world

pytestmark = pytest.mark.django_db


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_every_kind_of_row_of_a_deal_is_read_as_django_reads_it() -> None:
    walk_deal(make_world())
    read = set()
    for model in apps.get_models():
        if not model.__module__.startswith("handsel.") or model._meta.pk.name != "id":
            continue
        row = model._default_manager.order_by("pk").last()
        if row is None:
            continue
        again = row_by_key(model, row.pk)
        assert again is not None, model
        assert _values(again) == _values(row)
        assert again == row and not again._state.adding
        read.add(model.__name__)
    assert {"Lead", "QuoteVersion", "Order", "Invoice", "Payment", "JournalEntry"} <= read


def test_rows_of_other_sellers_and_of_no_key_are_not_found() -> None:
    world = make_world()
    lead = Lead.objects.create(
        seller=world.seller, number="L-1", channel="api", asked_at=world.now, captured_at=world.now
    )
    assert row_by_key(Lead, lead.pk, sellers={world.seller.pk}) == lead
    assert row_by_key(Lead, lead.pk, sellers={world.seller.pk + 1}) is None
    assert row_by_key(Lead, lead.pk, sellers=()) is None
    for key in (lead.pk + 1, 0, -1, 2**63, 10**30):
        assert row_by_key(Lead, key) is None


def test_a_lock_is_asked_for_only_where_it_is_wanted() -> None:
    world = make_world()
    with CaptureQueriesContext(connection) as said:
        row_by_key(Seller, world.seller.pk)
        row_by_key(Organization, 1, lock=True)
    assert [" FOR UPDATE" in one["sql"] for one in said.captured_queries] == [False, True]
