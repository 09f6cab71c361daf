"""Why a price is what it is, and where a product has one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.catalog.queries import get_product, search_products
from handsel.bid.price import queries
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries.explaining import Explained, as_told, explain_price
from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.case.values import figure_of
from handsel.bid.price.rules.exactness import rounded
from handsel.bid.price.rules.explain import Candidate
from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.waterfall import STAGE_NAMES, Row, Stage
from handsel.bid.price.web import parts
from handsel.bid.price.web.term_typed import figure_typed
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import worded
from handsel.ground.party.queries import organizations_named
from handsel.ground.platform.naming import shown_name

AROUND = ("day", "customer", "tier", "attributes")


@page("price.view")
def why(request: Request) -> HttpResponseBase:
    """Reckon one price: product, quantity and book; with every rule that was looked at."""
    text = parts.asked(request, "search")
    quantity = parts.asked(request, "quantity") or "1"
    context: dict[str, Any] = {
        "header": {
            "title": _("Why a price"),
            "trail": [(_("Price books"), reverse("price:list"))],
        },
        "books": [
            (book.pk, f"{shown_name(book.called)} · {book.currency}") for book in queries.books()
        ],
        "book_id": parts.key(parts.asked(request, "book")),
        "quantity": quantity,
        "search": text,
        "hits": search_products(text, limit=12) if text else [],
        "message": "",
        "around": _around(request),
        "kept": urlencode({name: text for name in AROUND if (text := parts.asked(request, name))}),
    }
    try:
        product = _product(request)
        book = _book(request)
        context |= {"product": product, "book": book}
        if product is not None and book is not None:
            count = parts.number(quantity, "quantity", max_digits=18)
            found = explain_price(
                book=book, product_id=product.pk, quantity=count, **_circumstances(request, book)
            )
            context |= _explained(found, count)
    except HandselError as refused:
        context["message"] = worded(refused.message, _)
    return render(request, "price/why.html", context)


def _around(request: Request) -> list[dict[str, Any]]:
    """What else a price may depend on, as fields."""
    labels = {
        "day": _("On the day"),
        "customer": _("For the customer"),
        "tier": _("Tier of the reseller"),
        "attributes": _("Attributes"),
    }
    helps = {
        "day": _("Empty: today, or the book’s first day where it begins later."),
        "customer": _("Number or whole name. What was agreed with him counts."),
        "attributes": _("As formulas and matrices name them: length = 3 m; mass = 7.85 kg"),
    }
    return [
        {
            "name": name,
            "id": f"asked-{name}",
            "label": labels[name],
            "help": helps.get(name, ""),
            "type": "date" if name == "day" else "text",
            "value": parts.asked(request, name),
        }
        for name in AROUND
    ]


def _circumstances(request: Request, book: PriceBook) -> dict[str, Any]:
    day, customer = parts.asked(request, "day"), parts.asked(request, "customer")
    return {
        "on": parts.day(day, "day") if day else max(request.now.date(), book.valid_from),
        "organization_id": _customer(customer) if customer else None,
        "tier": parts.asked(request, "tier"),
        "attributes": attributes_typed(parts.asked(request, "attributes")),
    }


def _customer(text: str) -> int:
    keys = organizations_named([text]).get(text.lower(), [])
    if len(keys) != 1:
        said = _("%(name)s is more than one") if keys else _("there is no organization %(name)s")
        raise Invalid(said % {"name": text}, fields={"customer": said % {"name": text}})
    return keys[0]


def attributes_typed(text: str) -> dict[str, Figure]:
    """Attributes of a line as they are typed, "length = 3 m; frame = ss304", numbers in the
    reader's way. Raises Invalid."""
    found: dict[str, Figure] = {}
    for one in filter(None, (each.strip() for each in text.split(";"))):
        name, mark, value = (part.strip() for part in one.partition("="))
        if not (mark and name and value):
            message = _("“%(text)s” says no attribute; write length = 3 m.") % {"text": one}
            raise Invalid(message, fields={"attributes": message})
        found[name] = figure_of(Node(figure_typed(value, "attributes"), name))
    return found


def _product(request: Request) -> Product | None:
    product_id = parts.key(parts.asked(request, "product"))
    return get_product(request.actor, product_id) if product_id is not None else None


def _book(request: Request) -> PriceBook | None:
    book_id = parts.key(parts.asked(request, "book"))
    return queries.get_book(request.actor, book_id) if book_id is not None else None


def _explained(found: Explained, quantity: Decimal) -> dict[str, Any]:
    currency, line = found.book.currency, found.line
    rows = [_step(row, found, quantity) for row in line.rows]
    rows.append({"label": _("Net"), "amount": Money(line.amount_minor, currency), "type": "total"})
    return {
        "waterfall": {"rows": rows},
        "unit_net": Rate(line.unit_net, currency),
        "candidates": _candidates(found),
        "losers": _losers(found),
    }


def _step(row: Row, found: Explained, quantity: Decimal) -> dict[str, Any]:
    details = [shown_name(row.label)] if row.label else []
    if row.stage is Stage.BASE:
        price = parts.price_text(_base_price(row, found, quantity), found.book.currency)
        details.append(f"{price} {found.book.currency} × {parts.shown(quantity)}")
    elif row.bps is not None:
        details.append(parts.percent_text(row.bps))
    if row.rule:
        details.append(f"{row.rule} v{row.version}" if row.version else row.rule)
    return {
        "label": worded(STAGE_NAMES[row.stage], _),
        "amount": Money(row.amount_minor, found.book.currency),
        "type": "base" if row.stage is Stage.BASE else "change",
        "detail": " · ".join(details),
    }


def _base_price(row: Row, found: Explained, quantity: Decimal) -> Decimal:
    """The price of one before options and market surcharges, which the list price has in it."""
    if not quantity or not any(
        one.stage in (Stage.OPTION, Stage.MARKET) for one in found.line.rows
    ):
        return found.line.list_price
    return rounded(Money(row.amount_minor, found.book.currency).amount / quantity, 6)


def _candidates(found: Explained) -> dict[str, Any]:
    url = reverse("price:record", args=[found.book.pk])
    return {
        "id": "candidates",
        "caption": _("Discounts looked at"),
        "columns": [
            {"key": "rule", "label": _("Discount on"), "format": "link"},
            {"key": "verdict", "label": _("What came of it"), "format": "badge"},
            {"key": "since", "label": _("From"), "format": "number", "align": "right"},
            {"key": "bps", "label": _("Discount"), "format": "percent", "align": "right"},
        ],
        "rows": [
            {"id": one.rule.rule_id, "url": url, "cells": _cells(one)} for one in found.candidates
        ],
        "empty": {"title": _("No discount of this book speaks about this product.")},
    }


def _losers(found: Explained) -> dict[str, Any]:
    currency, url = found.book.currency, reverse("price:record", args=[found.book.pk])
    return {
        "id": "losers",
        "caption": _("Looked at and not applied"),
        "columns": [
            {"key": "rule", "label": _("Price or rule"), "format": "link"},
            {"key": "why", "label": _("Why not")},
            {"key": "price", "label": _("Would have been"), "format": "rate", "align": "right"},
        ],
        "rows": [
            {
                "id": place,
                "url": url,
                "cells": [
                    (one.name, one.rule),
                    one.why,
                    None if one.unit_price is None else Rate(one.unit_price, currency),
                ],
            }
            for place, one in enumerate(as_told(found.losers))
        ],
        "empty": {"title": _("Nothing else spoke about this product.")},
    }


def _cells(one: Candidate) -> list[Any]:
    verdicts = {
        "applied": (_("applies"), "good"),
        "quantity_not_reached": (_("quantity not reached"), "neutral"),
        "higher_step_applies": (_("a higher step applies"), "ended"),
        "less_specific": (_("a more specific rule applies"), "ended"),
    }
    scopes = {"product": _("this product"), "group": _("its group"), "all": _("everything")}
    return [
        (scopes[one.scope], shown_name(one.rule.label)),
        verdicts[one.verdict],
        one.rule.min_quantity or None,
        one.rule.discount_bps,
    ]


@page("price.view")
def of_product(request: Request, product_id: int) -> HttpResponseBase:
    """Where a product has a price."""
    product = get_product(request.actor, product_id)
    table = {
        "id": "prices",
        "caption": _("Prices"),
        "columns": [
            {"key": "book", "label": _("Price book"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "validity", "label": _("Valid"), "phone": False},
            {"key": "price", "label": _("List price"), "format": "rate", "align": "right"},
        ],
        "rows": [
            {
                "id": entry.pk,
                "url": f"{reverse('price:why')}?book={entry.book_id}&product={product_id}",
                "cells": [
                    (shown_name(entry.book.called), entry.book.segment),
                    parts.STATES[entry.book.state],
                    parts.validity(entry.book),
                    Rate(entry.unit_price, entry.book.currency),
                ],
            }
            for entry in queries.prices_of_product(product_id)
        ],
        "empty": {
            "title": _("No price yet"),
            "text": _("Add the product to a price book, so that it can be quoted."),
        },
    }
    header = {
        "title": shown_name(product.called),
        "number": product.sku,
        "subtitle": _("Prices"),
        "trail": [
            (_("Products"), reverse("catalog:list")),
            (product.sku, reverse("catalog:record", args=[product_id])),
        ],
    }
    return render(request, "price/list.html", {"header": header, "table": table})
