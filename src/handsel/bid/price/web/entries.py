"""Prices and discounts of a draft, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import search_products
from handsel.bid.price import actions, queries
from handsel.bid.price.models import PriceBook, PriceEntry
from handsel.bid.price.web import parts
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import name_field, shown_name
from handsel.ground.platform.posted import go_to

GRID_ID = "book-entries"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a book's prices: those found by `text`, from `start` on."""

    entries: list[PriceEntry]
    start: int
    text: str
    has_more: bool

    @property
    def places(self) -> str:
        """Which of them: "51–100"."""
        return f"{self.start + 1}–{self.start + len(self.entries)}" if self.entries else ""

    @property
    def here(self) -> str:
        """The page as the query of an address."""
        asked = {"q": self.text, "from": str(self.start) if self.start else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def previous_url(self) -> str:
        """The page before, where there is one."""
        return self._from(max(0, self.start - SHOWN)) if self.start else ""

    @property
    def next_url(self) -> str:
        """The page after, where there is one."""
        return self._from(self.start + SHOWN) if self.has_more else ""

    def _from(self, start: int) -> str:
        return "?" + urlencode({"q": self.text, "from": str(start)})


def shown_entries(request: Request, book: PriceBook, *, with_id: int | None = None) -> Shown:
    """The page of prices that is asked for; with `with_id` the one this product stands on."""
    text = parts.asked(request, "q")
    found = queries.entries_of(book.pk, text=text)
    start = parts.key(parts.asked(request, "from")) or 0
    if with_id is not None:
        text, found = "", queries.entries_of(book.pk)
        place = list(found.values_list("product_id", flat=True)).index(with_id)
        start = place - place % SHOWN
    rows = list(found[start : start + SHOWN + 1])
    if start and not rows:  # the last one of the last page was taken out
        start = max(0, start - SHOWN)
        rows = list(found[start : start + SHOWN + 1])
    return Shown(rows[:SHOWN], start, text, len(rows) > SHOWN)


def grid(
    book: PriceBook, shown: Shown, errors: Mapping[int, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """A draft's prices, edited in place. `errors`: product → (what was typed, what is wrong)."""
    wrong = errors or {}
    decimals = exponent(book.currency)
    here = f"?{shown.here}" if shown.here else ""
    rows: list[dict[str, Any]] = []
    for place, entry in enumerate(shown.entries, shown.start + 1):
        product = entry.product
        typed, error = wrong.get(product.pk, (parts.shown(entry.unit_price, decimals), ""))
        rows.append(
            {
                "id": product.pk,
                "name": shown_name(product.called),
                "detail": product.sku,
                "position": place,
                "update_url": reverse("price:entry_set", args=[book.pk, product.pk]) + here,
                "delete_url": reverse("price:entry_remove", args=[book.pk, product.pk]) + here,
                "unit": unit_label(product.unit, (get_language() or "en")[:2], one=True),
                "price": typed,
                "error": error,
            }
        )
    return {
        "id": GRID_ID,
        "price_label": _("List price in %(currency)s") % {"currency": book.currency},
        "rows": rows,
        "add_url": reverse("price:entry_add", args=[book.pk]) + here,
        "add_label": _("Add a product: name or number"),
        "product_search_url": reverse("price:products", args=[book.pk]),
    }


def _answer(
    request: Request,
    book_id: int,
    errors: Mapping[int, tuple[str, str]] | None = None,
    *,
    with_id: int | None = None,
) -> HttpResponseBase:
    book = queries.get_book(request.actor, book_id)
    shown = shown_entries(request, book, with_id=with_id)
    if not request.headers.get("HX-Request"):
        query = f"?{shown.here}" if shown.here else ""
        return go_to(request, reverse("price:record", args=[book_id]) + query)
    context = {"book": book, "grid": grid(book, shown, errors), "shown": shown}
    return render(request, "price/entries.html", context)


@page("price.view")
def products(request: Request, book_id: int) -> HttpResponseBase:
    """Products to add to a book."""
    text = parts.asked(request, "q")
    found = list(search_products(text, limit=12)) if text else []
    ids = [product.pk for product in found]
    there = set(
        PriceEntry.objects.filter(book_id=book_id, product_id__in=ids).values_list(
            "product_id", flat=True
        )
    )
    suggestions = [
        {
            "value": product.pk,
            "label": shown_name(product.called),
            "detail": product.sku,
            "off": _("In the book already") if product.pk in there else "",
        }
        for product in found
    ]
    context = {"name": "product_id", "suggestions": suggestions, "text": text}
    return render(request, "shell/suggestions.html", context)


@page("price.edit")
def entry_add(request: Request, book_id: int) -> HttpResponseBase:
    """Add a product with a price still to be typed."""
    product_id = parts.key(parts.posted(request, "product_id"))
    if request.method != "POST" or product_id is None:
        return _answer(request, book_id)
    # One that is there already keeps its price.
    if not PriceEntry.objects.filter(book_id=book_id, product_id=product_id).exists():
        actions.set_entries(
            actor=request.actor, now=request.now, book_id=book_id, prices={product_id: Decimal(0)}
        )
    return _answer(request, book_id, with_id=product_id)


@page("price.edit")
def entry_set(request: Request, book_id: int, product_id: int) -> HttpResponseBase:
    """Set a price; what is wrong is shown in its cell."""
    if request.method != "POST":
        return _answer(request, book_id)
    typed = parts.posted(request, "unit_price")
    try:
        price = parts.number(typed, "unit_price", minimum=0)
        actions.set_entries(
            actor=request.actor, now=request.now, book_id=book_id, prices={product_id: price}
        )
    except Invalid as wrong:
        return _answer(request, book_id, {product_id: (typed, worded(wrong.message, _))})
    return _answer(request, book_id)


@page("price.edit")
def entry_remove(request: Request, book_id: int, product_id: int) -> HttpResponseBase:
    """Take a product out of a draft."""
    if request.method == "POST":
        actions.remove_entry(
            actor=request.actor, now=request.now, book_id=book_id, product_id=product_id
        )
    return _answer(request, book_id)


def rule_fields(typed: Mapping[str, str], wrong: Invalid | None = None) -> list[dict[str, Any]]:
    """The form of a discount, as it was typed."""
    told = parts.told_fields(wrong)
    errors = {_FIELD_OF.get(name, name): text for name, text in told.items()}
    fields: list[dict[str, Any]] = [
        {
            "name": "scope",
            "label": _("Product number or group"),
            "help": _("Leave it empty for everything."),
        },
        {"name": "min_quantity", "label": _("From quantity"), "type": "money", "value": "0"},
        {
            "name": "discount",
            "label": _("Discount"),
            "type": "money",
            "suffix": "%",
            "required": True,
            "help": _("A minus makes it a surcharge."),
        },
        {"name": "label", "label": _("Words for it")},
    ]
    for field in fields:
        name = field["name"]
        field["value"] = typed.get(name, field.get("value", ""))
        field["error"] = errors.get(name, "")
    return [*fields[:-1], name_field(fields[-1], typed)]


# What the action calls otherwise than the form.
_FIELD_OF = {"discount_bps": "discount", "product_group": "scope"}
