"""A draft's prices from a CSV list or cells of a spreadsheet: each row is kept or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.price.actions.books import lock_draft, set_entries
from handsel.bid.price.models import PriceEntry
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.csv_table import BadTable, Imported, TableRow, each, read_table

ENTRY_FIELDS: Final = ("sku", "name", "unit_price")
_REQUIRED: Final = ("sku", "unit_price")
_MOST_PRICE: Final = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A price that would stand in the book; `before` is None where the product is new in it."""

    product_id: int
    sku: str
    name: str
    unit_price: Decimal
    before: Decimal | None


@transaction.atomic
def import_entries(
    *,
    actor: Actor,
    now: datetime,
    book_id: int,
    text: str,
    mapping: Mapping[str, str] | None = None,
    decimal_mark: str = ".",
    is_trial: bool = False,
) -> Imported[ListedEntry]:
    """Set the prices a list says (`ENTRY_FIELDS`; `name` is for people and changes nothing).

    Two columns without a head are article numbers and prices, as pasted from a spreadsheet.
    Prices not named stay. With `is_trial` only say what would be. Raises BookNotEditable unless
    the book is a draft, and BadTable where nothing can be read.
    """
    actor.require("price.edit")
    book = lock_draft(actor, book_id)
    given = headed(text)
    columns, rows, refused = read_table(
        given,
        fields=ENTRY_FIELDS,
        required=_REQUIRED,
        mapping=mapping,
        decimal_mark=decimal_mark,
    )
    if given is not text:  # rows are told as they stood, without the head that was put before
        rows = [replace(row, line_no=row.line_no - 1) for row in rows]
        refused = [replace(row, line_no=row.line_no - 1) for row in refused]
    found: Imported[ListedEntry] = Imported(columns, refused=refused)
    products = {
        sku: (pk, name)
        for pk, sku, name in Product.objects.filter(
            sku__in={row.text("sku") for row in rows}
        ).values_list("pk", "sku", "name")
    }
    there = dict(PriceEntry.objects.filter(book_id=book.pk).values_list("product_id", "unit_price"))
    seen: dict[int, int] = {}

    def take(row: TableRow) -> None:
        one = _read(row, products, there)
        if one.product_id in seen:
            raise BadTable(
                _("row %(row)s names this product already") % {"row": seen[one.product_id]}
            )
        seen[one.product_id] = row.line_no
        if one.before is None:
            found.new.append(one)
        elif one.before != one.unit_price:
            found.changed.append(one)
        else:
            found.known += 1

    each(found, rows, take)
    kept = {one.product_id: one.unit_price for one in (*found.new, *found.changed)}
    if kept and not is_trial:
        set_entries(actor=actor, now=now, book_id=book_id, prices=kept)
    return found


def headed(text: str) -> str:
    """Two columns copied without their head get one; everything else stays as it is."""
    content = text.removeprefix("\ufeff")
    first = content.split("\n", 1)[0]
    cells = first.split("\t") if "\t" in first else first.split(";")
    if len(cells) != 2 or any(one.strip().strip('"').lower() in ENTRY_FIELDS for one in cells):
        return text
    mark = "\t" if "\t" in first else ";"
    # A head of other words is no price: the reader names the columns it knows.
    if not any(digit in cells[1] for digit in "0123456789"):
        return text
    return f"sku{mark}unit_price\n{content}"


def _read(
    row: TableRow,
    products: Mapping[str, tuple[int, str]],
    there: Mapping[int, Decimal],
) -> ListedEntry:
    sku = row.text("sku")
    if sku not in products:
        raise BadTable(_("there is no product %(sku)s") % {"sku": sku or "–"})
    price = row.decimal("unit_price")
    if price is None:
        raise BadTable(_("a price is needed"))
    if not 0 <= price < _MOST_PRICE:
        raise BadTable(_("a price is zero or more"))
    product_id, name = products[sku]
    return ListedEntry(product_id, sku, name, price, there.get(product_id))
