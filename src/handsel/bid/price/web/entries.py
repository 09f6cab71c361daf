"""Prices and discounts of a draft, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import groups as product_groups
from handsel.bid.catalog.queries import ids_of, search_products
from handsel.bid.price import actions, queries
from handsel.bid.price.actions import NewRule
from handsel.bid.price.models import PriceBook, PriceEntry
from handsel.bid.price.web import parts
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

GRID_ID = "book-entries"
SHOWN = 50


def grid(
    book: PriceBook, entries: list[PriceEntry], errors: Mapping[int, tuple[str, str]] | None = None
) -> dict[str, Any]:
    """A draft's prices, edited in place. `errors`: product → (what was typed, what is wrong)."""
    wrong = errors or {}
    decimals = exponent(book.currency)
    rows: list[dict[str, Any]] = []
    for place, entry in enumerate(entries, 1):
        product = entry.product
        typed, error = wrong.get(product.pk, (parts.shown(entry.unit_price, decimals), ""))
        rows.append(
            {
                "id": product.pk,
                "name": product.name,
                "detail": product.sku,
                "position": place,
                "update_url": reverse("price:entry_set", args=[book.pk, product.pk]),
                "delete_url": reverse("price:entry_remove", args=[book.pk, product.pk]),
                "unit": unit_label(product.unit, (get_language() or "en")[:2], one=True),
                "price": typed,
                "error": error,
            }
        )
    return {
        "id": GRID_ID,
        "price_label": _("List price in %(currency)s") % {"currency": book.currency},
        "rows": rows,
        "add_url": reverse("price:entry_add", args=[book.pk]),
        "add_label": _("Add a product: name or number"),
        "product_search_url": reverse("price:products", args=[book.pk]),
    }


def _answer(
    request: Request, book_id: int, errors: Mapping[int, tuple[str, str]] | None = None
) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return go_to(request, reverse("price:record", args=[book_id]))
    book = queries.get_book(request.actor, book_id)
    entries = list(queries.entries_of(book_id)[:SHOWN])
    return render(request, "price/entries.html", {"grid": grid(book, entries, errors)})


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
            "label": product.name,
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
    if request.method == "POST" and product_id is not None:
        actions.set_entries(
            actor=request.actor, now=request.now, book_id=book_id, prices={product_id: Decimal(0)}
        )
    return _answer(request, book_id)


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


@page("price.edit")
def rule_add(request: Request, book_id: int) -> HttpResponseBase:
    """Add a discount to a draft."""
    if request.method == "POST":
        try:
            actions.add_rules(
                actor=request.actor, now=request.now, book_id=book_id, rules=[_rule(request)]
            )
        except (Invalid, NotFound) as wrong:
            messages.error(request, worded(wrong.message, _))
    return go_to(request, reverse("price:record", args=[book_id]))


def _rule(request: Request) -> NewRule:
    scope = parts.posted(request, "scope")
    percent = parts.number(
        parts.posted(request, "discount"), "discount", scale=2, minimum=-1000, maximum=100
    )
    is_group = scope in product_groups()
    return NewRule(
        discount_bps=int(percent * 100),
        min_quantity=parts.number(parts.posted(request, "min_quantity") or "0", "min_quantity"),
        product_id=ids_of([scope])[scope] if scope and not is_group else None,
        product_group=scope if is_group else "",
        label=parts.posted(request, "label"),
    )


@page("price.edit")
def rule_remove(request: Request, book_id: int, rule_id: int) -> HttpResponseBase:
    """Take a discount out of a draft."""
    if request.method == "POST":
        actions.remove_rule(actor=request.actor, now=request.now, book_id=book_id, rule_id=rule_id)
    return go_to(request, reverse("price:record", args=[book_id]))
