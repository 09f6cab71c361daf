"""Whatever column of a version, a line or a group differs is told by the comparison.

Every column is tried; the few that no reader is told of stand here with the reason.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from handsel.bid.quote import actions
from handsel.bid.quote.models import QuoteGroup, QuoteLine, QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.compare import compared, documents_changed, price_steps
from tests.support.bid import make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
UNTOLD = {
    QuoteVersion: {
        "quote": "what is compared",
        "version_no": "what is compared",
        "state": "stands beside each version",
        "created_at": "stands beside each version",
        "lock_no": "counts edits, offers nothing",
        "priced_with": "whether it must be priced again, offers nothing",
        "document": "the paper of the bytes that are told",
        "content": "the bytes whose hash is told",
        "content_hash": "a draft has none, so that it is told of these two already",
        "presented_at": "a draft has none, so that it is told of these two already",
    },
    QuoteLine: {
        "version": "what is compared",
        "line_key": "which line is compared",
        "product": "never another one on the same line",
        "own_minor": "a step of the price, which is told",
        "takes_discount": "asked of the price, which is told",
        "unit_net": "net by quantity, which are told",
        "tax_minor": "the rate of the net, which are told",
        "configuration": "its choices are told (test_configured_pages)",
    },
    QuoteGroup: {"version": "what is compared", "group_key": "which group is compared"},
}


def columns(model: type[models.Model]) -> list[str]:
    """A model's columns that must be told."""
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    return [one.name for one in fields if one.name not in UNTOLD[model]]


def another(value: Any) -> Any:
    """A value that is not this one, of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int | Decimal):
        return value + 1
    return "other" if isinstance(value, str) else value


OTHER: dict[str, Any] = {
    "billing_method": "on_order",
    "billing_shares": [10_000],
    "target_minor": 5,
    "scenarios": [{"name": "Lean", "chosen": []}],
    "pricing": {"codes": ["X"]},
    "tax_rows": [],
    "tax_category": "E",
    "charge": "usage",
    "asked": {"reason": "x"},
    "waterfall": [],
    "presented_at": None,
    "parent_key": None,
    "group_key": None,
    "position": 9_000_000,
}


def drafted_after(world: World) -> QuoteVersion:
    """The draft after a presented version, the same offer; its first line in two groups."""
    version = make_quote(world, make_shelf(world.system, world.now))
    act = {"actor": world.actor("sales_rep"), "now": world.now}
    first, second = (line.key for line in lines_of(version.pk))
    QuoteGroup.objects.create(version=version, group_key=second, title="Site", position=1)
    QuoteGroup.objects.create(
        version=version, group_key=first, parent_key=second, title="Hall", position=2
    )
    QuoteLine.objects.filter(version=version, line_key=first).update(group_key=first)
    actions.present_quote(**act, quote_id=version.quote_id)  # type: ignore[arg-type]
    return actions.new_version(**act, quote_id=version.quote_id)  # type: ignore[arg-type]


def is_told(world: World, quote_id: int) -> set[str]:
    """Everything the comparison says."""
    old, new, found = compared(world.system, quote_id, 1, 2)
    told = {change.field for change in (*found.terms, *found.totals)}
    told |= {change.field for line in found.lines for change in line.changes}
    told |= {change.field for one in price_steps(old, new).values() for change in one}
    told |= {f"document:{one.field}" for one in documents_changed(old, new)}
    moved = found.is_reordered or found.headings_moved
    return told | ({"order"} if moved else set())


@pytest.fixture
def world() -> World:
    """A seller and a customer."""
    return make_world()


def changed(row: models.Model, column: str) -> None:
    """Put another value into a column past everything that would keep it right."""
    field = row._meta.get_field(column)
    value = getattr(row, field.attname)  # type: ignore[union-attr]
    new = None if column == "price_book" else OTHER.get(column, another(value))
    if column == "position" and isinstance(row, QuoteGroup):
        new = 0  # before the one it stands behind
    type(row)._default_manager.filter(pk=row.pk).update(**{field.attname: new})  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("model", "column"), [(one, name) for one in UNTOLD for name in columns(one)]
)
def test_every_column_is_told(world: World, model: type[models.Model], column: str) -> None:
    after = drafted_after(world)
    untouched = is_told(world, after.quote_id)
    assert untouched <= {"document:content_hash", "document:presented_at"}
    if model is QuoteVersion:
        row: models.Model | None = after
    else:
        rows = model._default_manager.filter(version=after).order_by("position")
        row = rows.last() if model is QuoteGroup else rows.first()
    assert row is not None
    changed(row, column)
    assert is_told(world, after.quote_id) - untouched
