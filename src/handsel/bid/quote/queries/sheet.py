"""A version as a sheet: rows without how their prices came about, groups, sums."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Lower

from handsel.bid.catalog.models import Product
from handsel.bid.quote.models import QuoteLine
from handsel.bid.quote.rules.paid import ramp_of
from handsel.bid.quote.rules.sheet.pasted import BadRow, FoundRow, raw_rows, read_rows
from handsel.bid.quote.rules.sheet.sums import Summand

NO_COSTS: Mapping[UUID, int] = {}


@dataclass(slots=True)
class SheetRow:
    """A line in a sheet; amounts in minor units."""

    key: UUID
    product_id: int
    sku: str
    name: str
    description: str
    quantity: Decimal
    unit: str
    list_price: Decimal
    discount_bps: int
    is_optional: bool
    is_chosen: bool
    list_minor: int
    net_minor: int
    group_key: UUID | None
    alternative_set: str
    charge: str
    configuration_id: int | None
    asked: dict[str, Any]

    @property
    def counts(self) -> bool:
        """Whether the line is part of the totals."""
        return self.is_chosen or not self.is_optional


@dataclass(slots=True)
class SummedRow:
    """A line as far as sums need it."""

    key: UUID
    product_id: int
    quantity: Decimal
    counts: bool
    list_minor: int
    net_minor: int
    group_key: UUID | None
    charge: str
    asked: Mapping[str, Any]


# Read at every edit, as long as the quote is: written out, and nothing parsed that is empty.
_ROWS = """
    SELECT l.line_key, l.product_id, p.sku, l.name, l.description, l.quantity, l.unit,
           l.list_price, l.discount_bps, l.is_optional, l.is_chosen, l.list_minor, l.net_minor,
           l.group_key, l.alternative_set, l.charge, l.configuration_id, NULLIF(l.asked, '{}')::text
    FROM quote_quoteline l JOIN catalog_product p ON p.id = l.product_id
    WHERE l.version_id = %s AND (%s OR l.line_key = ANY(%s))
    ORDER BY l.position
"""


def sheet_rows(version_id: int, keys: Collection[UUID] | None = None) -> list[SheetRow]:
    """A version's lines in their order, or those of them that are asked for: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [version_id, keys is None, list(keys or ())])
        rows = cursor.fetchall()
    return [SheetRow(*(*row[:-1], _asked(row[-1]))) for row in rows]


def _asked(text: str | None) -> dict[str, Any]:
    return {} if text is None else dict(json.loads(text))


def line_order(version_id: int) -> list[UUID]:
    """The keys of a version's lines in their order."""
    rows = QuoteLine.objects.filter(version_id=version_id).order_by("position")
    return list(rows.values_list("line_key", flat=True))


def summands(
    rows: Iterable[SheetRow | SummedRow], costs: Mapping[UUID, int] = NO_COSTS
) -> list[Summand]:
    """Rows as sums see them; periods and their length as they were asked of the price.

    `costs` are what lines cost us, for those who may see it (`queries/costs`).
    """
    return [_summand(row, costs.get(row.key) if costs else None) for row in rows]


def _summand(row: SheetRow | SummedRow, cost_minor: int | None) -> Summand:
    asked = row.asked
    return Summand(
        row.group_key,
        row.charge,
        int(asked.get("charge_months") or 0) if asked else 0,
        int(asked.get("periods") or 1) if asked else 1,
        row.list_minor,
        row.net_minor,
        row.counts,
        cost_minor,
        ramp_of(asked) if asked else "",
    )


def read_pasted(
    text: str,
    *,
    decimal_mark: str,
    titles: Mapping[str, str] | None = None,
    own: Sequence[str] = (),
) -> tuple[list[FoundRow], list[BadRow]]:
    """Rows pasted as text, with their products found by number or name: one query."""
    rows = raw_rows(text, titles=titles, own=own)
    return read_rows(rows, _products({row.article.casefold() for row in rows}), decimal_mark)


def _products(words: Collection[str]) -> dict[str, Sequence[int]]:
    """Keys of products on offer by number, and by name where no number is the same."""
    wanted = list(words)
    active = Product.objects.filter(lifecycle="active")
    numbers = active.annotate(word=Lower("sku")).filter(word__in=wanted)
    found: dict[str, Sequence[int]] = {
        word: (key,) for word, key in numbers.values_list("word", "pk")
    }
    names: dict[str, list[int]] = defaultdict(list)
    named = active.annotate(word=Lower("name")).filter(
        word__in=[w for w in wanted if w not in found]
    )
    for word, key in named.values_list("word", "pk"):
        names[word].append(key)
    return names | found
