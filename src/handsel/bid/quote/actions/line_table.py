"""Lines of a version as rows of their table: written many at once, one statement for all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from handsel.bid.price.rules.priced import PricedLine
from handsel.bid.quote.actions.pricing import WorkLine
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteLine
from handsel.bid.quote.queries import LineView
from handsel.ground.platform.copying import copy_in

COLUMNS = (
    "version_id",
    "line_key",
    "position",
    "product_id",
    "name",
    "description",
    "quantity",
    "unit",
    "is_optional",
    "is_chosen",
    "list_price",
    "discount_bps",
    "unit_net",
    "list_minor",
    "net_minor",
    "tax_category",
    "tax_rate_bps",
    "tax_reason_code",
    "waterfall",
    "configuration_id",
    "charge",
    "asked",
    "own_minor",
    "tax_minor",
    "takes_discount",
)
# The columns an edit or a new price can change, in the order of the statement below.
_CHANGING = (
    "position",
    "name",
    "description",
    "quantity",
    "is_optional",
    "is_chosen",
    "list_price",
    "discount_bps",
    "unit_net",
    "list_minor",
    "net_minor",
    "tax_category",
    "tax_rate_bps",
    "tax_reason_code",
    "configuration_id",
    "own_minor",
    "tax_minor",
    "takes_discount",
    "waterfall",
)
_UPDATE = """
    UPDATE quote_quoteline AS line SET
        position = c.position, name = c.name, description = c.description,
        quantity = c.quantity, is_optional = c.is_optional, is_chosen = c.is_chosen,
        list_price = c.list_price, discount_bps = c.discount_bps, unit_net = c.unit_net,
        list_minor = c.list_minor, net_minor = c.net_minor, tax_category = c.tax_category,
        tax_rate_bps = c.tax_rate_bps, tax_reason_code = c.tax_reason_code,
        configuration_id = c.configuration_id, own_minor = c.own_minor,
        tax_minor = c.tax_minor, takes_discount = c.takes_discount,
        waterfall = c.waterfall
    FROM unnest(
        %s::uuid[], %s::integer[], %s::text[], %s::text[], %s::numeric[], %s::boolean[],
        %s::boolean[], %s::numeric[], %s::integer[], %s::numeric[], %s::bigint[], %s::bigint[],
        %s::text[], %s::integer[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::boolean[], ARRAY(SELECT jsonb_array_elements(%s::jsonb))
    ) AS c (
        line_key, position, name, description, quantity, is_optional,
        is_chosen, list_price, discount_bps, unit_net, list_minor, net_minor,
        tax_category, tax_rate_bps, tax_reason_code, configuration_id, own_minor, tax_minor,
        takes_discount, waterfall
    )
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""
_PLACE = """
    UPDATE quote_quoteline AS line SET position = c.position
    FROM unnest(%s::uuid[], %s::integer[]) AS c (line_key, position)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""
_ASK = """
    UPDATE quote_quoteline AS line SET charge = c.charge, asked = c.asked
    FROM unnest(%s::uuid[], %s::text[], ARRAY(SELECT jsonb_array_elements(%s::jsonb)))
        AS c (line_key, charge, asked)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""
_PLACES = [COLUMNS.index(name) for name in _CHANGING]
_KEY = COLUMNS.index("line_key")
_CHARGE, _ASKED = COLUMNS.index("charge"), COLUMNS.index("asked")


_MOST_UNIT_PRICE = Decimal(10) ** 14


def insert_lines(
    version_id: int,
    lines: Sequence[WorkLine],
    priced: Sequence[PricedLine],
    positions: Sequence[int],
) -> None:
    """Write new lines with one COPY."""
    if not lines:
        return
    rows = [
        line_row(version_id, place, line, amounts)
        for place, line, amounts in zip(positions, lines, priced, strict=True)
    ]
    copy_in(QuoteLine, COLUMNS, rows)


def update_lines(version_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write changed lines, given as `line_row` makes them, with one statement."""
    if not rows:
        return
    arrays: list[Any] = [[row[place] for row in rows] for place in _PLACES]
    # As one JSON text: each quote in an array of texts would be escaped, a hundred in a waterfall.
    arrays[-1] = json.dumps(arrays[-1])
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [[row[_KEY] for row in rows], *arrays, version_id])


def place_lines(version_id: int, moved: Sequence[tuple[UUID, int]]) -> None:
    """Write the positions of lines of which nothing else changed."""
    if not moved:
        return
    keys, positions = map(list, zip(*moved, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [keys, positions, version_id])


def keep_asked(version_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write what is asked of the prices of lines, given as `line_row` makes them."""
    if not rows:
        return
    columns: list[Any] = [
        [row[_KEY] for row in rows],
        [row[_CHARGE] for row in rows],
        json.dumps([row[_ASKED] for row in rows]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [*columns, version_id])


def is_asked_anew(before: tuple[Any, ...], row: tuple[Any, ...]) -> bool:
    """Whether a line asks something else of its price than it did."""
    return bool(before[_CHARGE] != row[_CHARGE] or before[_ASKED] != row[_ASKED])


def line_row(
    version_id: int, position: int, line: WorkLine | LineView, amounts: PricedLine
) -> tuple[Any, ...]:
    """A line as its row in the table, in the order of the columns. Raises BadQuote for what no line
    can cost."""
    _check_amounts(line, amounts)
    return (
        version_id,
        line.key,
        position,
        line.product_id,
        line.name,
        line.description,
        line.quantity,
        line.unit,
        line.is_optional,
        line.is_chosen,
        amounts.list_price,
        line.discount_bps,
        amounts.unit_net,
        amounts.list_minor,
        amounts.net_minor,
        amounts.tax.category,
        amounts.tax.rate_bps,
        amounts.tax.reason_code,
        [row.as_json() for row in amounts.rows],
        line.configuration_id,
        line.charge,
        dict(line.asked),
        # What is a percentage of other lines, or a fee on them, does not stand by itself.
        None if amounts.is_derived or amounts.is_fee else amounts.own_minor,
        amounts.tax_minor,
        amounts.takes_header,
    )


def _check_amounts(line: WorkLine | LineView, amounts: PricedLine) -> None:
    if amounts.own_minor < 0 < line.quantity:
        raise BadQuote(
            _(
                "%(line)s: what is taken off is more than it costs. A line costs nothing at the "
                "least."
            )
            % {"line": line.name}
        )
    if max(abs(amounts.list_price), abs(amounts.unit_net)) >= _MOST_UNIT_PRICE:
        raise BadQuote(_("%(line)s: such a price is too large to be kept.") % {"line": line.name})
