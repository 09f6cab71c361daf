"""A draft's prices brought in as a list, and a book's prices taken out as one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions, queries
from handsel.bid.price.actions import ListedEntry
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.rate import Rate
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import file_response
from handsel.ground.platform.spreadsheet import csv_bytes
from handsel.ground.platform.table_page import ListPage, list_page

EXAMPLE = "sku;unit_price\nBELT-PU-600;135.50\nSTAND-900;182.00"


@page("price.edit")
def entries_import(request: Request, book_id: int) -> HttpResponseBase:
    """First which prices would stand in the book and which rows not, then it is done."""
    book = queries.get_book(request.actor, book_id)
    back = reverse("price:record", args=[book_id])

    def cells(one: ListedEntry) -> list[Any]:
        before = None if one.before is None else Rate(one.before, book.currency)
        return [f"{one.sku} {one.name}", before, Rate(one.unit_price, book.currency)]

    of = ListPage(
        title=_("Bring in prices"),
        trail=[(_("Price books"), reverse("price:list")), (shown_name(book.called), back)],
        address=reverse("price:entries_import", args=[book_id]),
        back=back,
        fields=actions.ENTRY_FIELDS,
        example=EXAMPLE,
        bring=partial(
            actions.import_entries, actor=request.actor, now=request.now, book_id=book_id
        ),
        columns=[
            {"key": "product", "label": _("Product")},
            {"key": "before", "label": _("Price so far"), "format": "rate", "align": "right"},
            {"key": "price", "label": _("New price"), "format": "rate", "align": "right"},
        ],
        cells=cells,
        hint=_(
            "Prices in %(currency)s per unit of the product. Two columns, article number and "
            "price, can be pasted from a spreadsheet without a head. Prices not named stay."
        )
        % {"currency": book.currency},
    )
    return list_page(request, of)


@page("price.view")
def entries_file(request: Request, book_id: int) -> HttpResponseBase:
    """All prices of a book as CSV, in the form in which they are brought in."""
    book = queries.get_book(request.actor, book_id)
    rows = (
        (entry.product.sku, shown_name(entry.product.called), f"{entry.unit_price.normalize():f}")
        for entry in queries.entries_of(book_id)
    )
    return file_response(
        csv_bytes(actions.ENTRY_FIELDS, rows),
        name=f"{shown_name(book.called)} {book.version}.csv",
        media_type="text/csv",
        inline=False,
    )
