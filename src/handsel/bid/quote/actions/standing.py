"""A draft's lines as they stand: read without how their prices came about, priced again only where
they changed, and only that written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.rules.context import LineTax
from handsel.bid.price.rules.document import own_rows, per_unit, with_shares
from handsel.bid.price.rules.reprice import Asked, Repriced, Standing, reprice
from handsel.bid.price.rules.waterfall import Row
from handsel.bid.quote.actions.pricing import (
    Deal,
    WorkLine,
    context_of,
    products_of,
    requested_by_number,
    taxes_of,
)
from handsel.bid.quote.models import QuoteLine
from handsel.bid.quote.rules.listed import list_terms

_READ = """
    SELECT line_key, position, product_id, unit, name, description, quantity, discount_bps,
           is_optional, is_chosen, configuration_id, charge, NULLIF(asked, '{}')::text,
           list_minor, own_minor, net_minor, tax_minor, takes_discount,
           tax_category, tax_rate_bps, tax_reason_code, group_key
    FROM quote_quoteline WHERE version_id = %s ORDER BY position
"""
_SHIFT = """
    UPDATE quote_quoteline AS line SET
        net_minor = c.net_minor, unit_net = c.unit_net, tax_minor = c.tax_minor,
        waterfall = c.waterfall
    FROM unnest(%s::uuid[], %s::bigint[], %s::numeric[], %s::bigint[],
                ARRAY(SELECT jsonb_array_elements(%s::jsonb)))
        AS c (line_key, net_minor, unit_net, tax_minor, waterfall)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""
# Where there was a share of the tax and there is one, it stands in the last row, and the share of
# the discount in the one before.
_SHIFT_BOTH = """
    UPDATE quote_quoteline AS line SET
        net_minor = c.net_minor, unit_net = c.unit_net, tax_minor = c.tax_minor,
        waterfall = jsonb_set(
            jsonb_set(line.waterfall, '{-2,amount_minor}', to_jsonb(c.header_minor)),
            '{-1,amount_minor}', to_jsonb(c.tax_minor))
    FROM unnest(%s::uuid[], %s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[])
        AS c (line_key, net_minor, unit_net, header_minor, tax_minor)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""
_SHIFT_TAX = """
    UPDATE quote_quoteline AS line SET
        tax_minor = c.tax_minor,
        waterfall = jsonb_set(line.waterfall, '{-1,amount_minor}', to_jsonb(c.tax_minor))
    FROM unnest(%s::uuid[], %s::bigint[]) AS c (line_key, tax_minor)
    WHERE line.version_id = %s AND line.line_key = c.line_key
"""


class KeptLine(NamedTuple):
    """A line as it is kept: its place, what a person decided, and what its document needs of it.

    `own_minor` is None where that is not known, or depends on other lines: it is priced every time.
    """

    key: UUID
    position: int
    product_id: int
    unit: str
    name: str
    description: str
    quantity: Decimal
    discount_bps: int
    is_optional: bool
    is_chosen: bool
    configuration_id: int | None
    charge: str
    asked: Mapping[str, Any] | None
    list_minor: int
    own_minor: int | None
    net_minor: int
    tax_minor: int
    takes_discount: bool
    tax_category: str
    tax_rate_bps: int
    tax_reason_code: str
    group_key: UUID | None


_GIVEN: Final = slice(4, 12)
_TAX: Final = slice(18, 21)


def read_lines(version_id: int) -> tuple[list[WorkLine], dict[UUID, KeptLine]]:
    """A version's lines in their order, and as they are kept: two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [version_id])
        rows = cursor.fetchall()
    products = facts_of({row[2] for row in rows}) if rows else {}
    lines, kept = [], {}
    asked: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        one = KeptLine._make(row)
        if one.asked is not None:
            text = str(one.asked)
            if text not in asked:
                asked[text] = json.loads(text)
            one = one._replace(asked=asked[text])
        kept[one.key] = one
        lines.append(
            WorkLine(
                one.key,
                products[one.product_id],
                one.name,
                one.description,
                one.unit,
                one.quantity,
                one.discount_bps,
                one.is_optional,
                one.is_chosen,
                one.configuration_id,
                one.charge,
                one.asked or {},
                one.group_key,
            )
        )
    return lines, kept


def is_edited(kept: KeptLine, line: WorkLine) -> bool:
    """Whether a person decided something else of a line than is kept."""
    if kept.group_key != line.group_key:
        return True  # tiers may count the lines of a group together
    return is_asking_anew(kept, line) or kept[_GIVEN] != (
        line.name,
        line.description,
        line.quantity,
        line.discount_bps,
        line.is_optional,
        line.is_chosen,
        line.configuration_id,
        line.charge,
    )


def is_asking_anew(kept: KeptLine, line: WorkLine) -> bool:
    """Whether a line asks something else of its price than it did."""
    return kept.charge != line.charge or (kept.asked or {}) != line.asked


@dataclass(slots=True)
class Change:
    """What differs between lines as they are kept and as they are wanted.

    `fresh` and `edited` are lines that need a price, the others stand; `gone` are no more. `moved`
    says that lines are not in the order they are kept in.
    """

    fresh: list[WorkLine] = field(default_factory=list)
    edited: list[WorkLine] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    gone: list[WorkLine] = field(default_factory=list)
    is_moved: bool = False


def change_of(
    before: Sequence[WorkLine],
    lines: Sequence[WorkLine],
    kept: Mapping[UUID, KeptLine],
    taxes: Mapping[Any, LineTax],
) -> Change:
    """Which lines need a price: new and edited ones, and those with another tax decision.

    What stands is named by its key as a number, which is quicker and sorts the same.
    """
    found = Change()
    standing = found.standing
    kinds = {key: (tax.category, tax.rate_bps, tax.reason_code) for key, tax in taxes.items()}
    last = 0
    for line in lines:
        one = kept.get(line.key)
        if one is None:
            found.fresh.append(line)
            continue
        found.is_moved |= one.position <= last
        last = one.position
        about = line.tax_key
        own = one.own_minor
        if own is None or one[_TAX] != kinds[about] or is_edited(one, line):
            found.edited.append(line)
            continue
        standing.append(
            Standing(
                line.key.int,
                one.list_minor,
                own,
                one.net_minor - own,
                one.tax_minor,
                taxes[about],
                line.is_chosen or not line.is_optional,
                one.takes_discount,
                product_id=one.product_id,
                product_group=line.product.group,
            )
        )
    if len(standing) + len(found.edited) < len(kept):
        present = {line.key for line in lines}
        found.gone = [line for line in before if line.key not in present]
    return found


def price_change(
    deal: Deal,
    before: Sequence[WorkLine],
    lines: Sequence[WorkLine],
    kept: Mapping[UUID, KeptLine],
) -> tuple[Change, Repriced] | None:
    """Price what changed of a deal's lines, and those others it reaches, which then are among the
    edited ones; None where all of them must be priced."""
    change = change_of(before, lines, kept, taxes_of(products_of(lines), deal))
    anew = [*change.fresh, *change.edited]
    context = context_of(deal, products_of((*anew, *change.gone)))
    found = reprice(
        context,
        change.standing,
        requested_by_number(anew, context),
        [(line.product.product_id, line.product.group) for line in change.gone],
    )
    if found is None:
        found = _reaching(deal, before, lines, kept, change)
    if found is None:
        return None
    added = list_terms(found.lines.values(), deal.book.currency)
    document = found.document
    document = replace(document, list_minor=document.list_minor + added)
    return change, replace(found, document=document)


def _reaching(
    deal: Deal,
    before: Sequence[WorkLine],
    lines: Sequence[WorkLine],
    kept: Mapping[UUID, KeptLine],
    change: Change,
) -> Repriced | None:
    """Price what changed where lines count together: in a context of all of them."""
    context = context_of(deal, products_of((*before, *lines)))
    by_key = {line.key: line for line in lines}
    stand = [by_key[UUID(int=one.key)] for one in change.standing]
    were = [_as_kept(kept[line.key], line) for line in (*change.edited, *change.gone)]
    found = reprice(
        context,
        change.standing,
        requested_by_number([*change.fresh, *change.edited], context),
        asked=Asked(requested_by_number(stand, context), requested_by_number(were, context)),
    )
    if found is not None:
        change.edited += [line for line in stand if line.key.int in found.lines]
        change.standing = [one for one in change.standing if one.key not in found.lines]
    return found


def _as_kept(one: KeptLine, line: WorkLine) -> WorkLine:
    """A line as it was before it was edited."""
    return replace(
        line,
        quantity=one.quantity,
        discount_bps=one.discount_bps,
        is_optional=one.is_optional,
        is_chosen=one.is_chosen,
        configuration_id=one.configuration_id,
        charge=one.charge,
        asked=one.asked or {},
        group_key=one.group_key,
    )


def shift_lines(
    version_id: int,
    change: Change,
    shares: Mapping[int, tuple[int, int]],
    kept: Mapping[UUID, KeptLine],
    *,
    currency: str,
) -> dict[UUID, tuple[int, int]]:
    """Give lines their new shares of the document's discount and tax; the list and net amounts of
    those whose net is another. One statement each for those of which only the tax moved, and those
    that had and have a share of both."""
    taxed: dict[UUID, int] = {}
    both: list[tuple[UUID, int, Decimal, int, int]] = []
    others: dict[UUID, Standing] = {}
    changed: dict[UUID, tuple[int, int]] = {}
    for line in change.standing:
        share = shares.get(line.key)
        if share is None:
            continue
        header, tax = share
        key, net_minor = UUID(int=line.key), line.amount_minor + header
        if header != line.header_minor:
            changed[key] = (line.list_minor, net_minor)
        if not tax or not line.tax_minor:
            others[key] = line
        elif header == line.header_minor:
            taxed[key] = tax
        elif header and line.header_minor:
            unit_net = per_unit(net_minor, kept[key].quantity, currency)
            both.append((key, net_minor, unit_net, header, tax))
        else:
            others[key] = line
    with connection.cursor() as cursor:
        if taxed:
            cursor.execute(_SHIFT_TAX, [list(taxed), list(taxed.values()), version_id])
        if both:
            cursor.execute(_SHIFT_BOTH, [*map(list, zip(*both, strict=True)), version_id])
    if others:
        _shift(version_id, others, shares, currency)
    return changed


def _shift(
    version_id: int,
    lines: Mapping[UUID, Standing],
    shares: Mapping[int, tuple[int, int]],
    currency: str,
) -> None:
    rows = QuoteLine.objects.filter(version_id=version_id, line_key__in=list(lines))
    columns: list[list[Any]] = [[], [], [], []]
    waterfalls = []
    for key, quantity, unit_net, waterfall in rows.values_list(
        "line_key", "quantity", "unit_net", "waterfall"
    ):
        line = lines[key]
        *values, steps = _shifted(line, shares[line.key], quantity, unit_net, waterfall, currency)
        waterfalls.append(steps)
        for column, value in zip(columns, (key, *values), strict=True):
            column.append(value)
    with connection.cursor() as cursor:
        cursor.execute(_SHIFT, [*columns, json.dumps(waterfalls), version_id])


def _shifted(
    line: Standing,
    shares: tuple[int, int],
    quantity: Decimal,
    unit_net: Decimal,
    waterfall: Sequence[Mapping[str, Any]],
    currency: str,
) -> tuple[int, Decimal, int, list[dict[str, Any]]]:
    rows, net_minor, unit_net = with_shares(
        own_rows(map(Row.from_json, waterfall)),
        *shares,
        amount_minor=line.amount_minor,
        unit_net=unit_net,
        quantity=quantity,
        tax=line.tax,
        currency=currency,
    )
    return net_minor, unit_net, shares[1], [row.as_json() for row in rows]
