"""What was agreed with an organization and those above it, and prices in other currencies."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from handsel.bid.price.models import BookTerm, ContractedPrice, ExchangeRate, PriceBook, PriceEntry
from handsel.bid.price.queries.lent import MADE_OF, Lender
from handsel.bid.price.rules.terms import About, Contracted, ForeignEntry
from handsel.bid.price.rules.terms import ExchangeRate as Rate
from handsel.ground.kernel.names import translated

_HIGHEST = 20
_AGREED = """
    WITH RECURSIVE above (id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM party_organization WHERE id = %s
        UNION ALL
        SELECT o.id, o.parent_id, above.depth + 1
        FROM party_organization o JOIN above ON o.id = above.parent_id
        WHERE above.depth < %s
    )
    SELECT c.id, above.depth, c.product_id, c.product_group, c.unit_price, c.discount_bps,
           c.is_net, c.label, c.label_texts, c.valid_from, c.valid_until
    FROM price_contractedprice c JOIN above ON above.id = c.organization_id
    WHERE c.currency = %s
      AND (c.product_id = ANY(%s) OR (c.product_id IS NULL AND c.product_group = ANY(%s)))
    ORDER BY above.depth, c.valid_from DESC, c.id DESC
"""


def agreed_for(
    organization_id: int,
    *,
    currency: str,
    product_ids: Collection[int],
    groups: Collection[str],
) -> tuple[Contracted, ...]:
    """What was agreed with an organization (depth 0), its parent (1) and so on: one query.

    Of two agreements of one organization the later one goes first.
    """
    about = (list(product_ids), list(groups))
    with connection.cursor() as cursor:
        cursor.execute(_AGREED, [organization_id, _HIGHEST, currency, *about])
        rows = cursor.fetchall()
    return tuple(
        Contracted(
            rule=f"contracted_price:{pk}",
            label=translated(label, json.loads(texts)),
            about=About(product_id, group),
            depth=depth,
            unit_price=unit_price,
            discount_bps=discount_bps,
            is_net=is_net,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for (
            pk,
            depth,
            product_id,
            group,
            unit_price,
            discount_bps,
            is_net,
            label,
            texts,
            valid_from,
            valid_until,
        ) in rows
    )


_built = BookTerm.objects.filter(
    Q(product_id=OuterRef("product_id"))
    | (Q(product=None, product_group=OuterRef("product__group")) & ~Q(product_group="")),
    book_id=OuterRef("book_id"),
    kind__in=MADE_OF,
)


def foreign_prices(
    book: PriceBook, product_ids: Collection[int], on: date
) -> tuple[Mapping[int | str, ForeignEntry], Mapping[str, Rate], Mapping[int | str, Lender]]:
    """Prices of products in published books of other currencies, the rates of the day, and whose
    prices they are.

    A price that is made of elements or a matrix in its own book is none by itself: it is left out.
    Of several currencies with a rate the first by code is taken. The rate is the latest one not
    after the day, and keeps its date. A price without a rate comes along too, so that the engine
    can say what is missing.
    """
    rates = rates_on(book.currency, on)
    entries = (
        PriceEntry.objects.filter(
            Q(book__valid_until=None) | Q(book__valid_until__gt=on),
            product_id__in=product_ids,
            book__state="published",
            book__segment__in={book.segment, ""},
            book__valid_from__lte=on,
        )
        .filter(~Exists(_built))
        .exclude(book__currency=book.currency)
        .order_by("product_id", "-book__currency", "book__segment")
        .values_list(
            "product_id",
            "pk",
            "unit_price",
            "book__currency",
            "book__version",
            "book_id",
            "book__has_terms",
        )
    )
    found: dict[int | str, ForeignEntry] = {}
    lenders: dict[int | str, Lender] = {}
    for product_id, pk, unit_price, currency, version, book_id, has_terms in entries:
        if currency in rates or product_id not in found:
            found[product_id] = ForeignEntry(f"price_entry:{pk}", unit_price, currency, version)
            lenders[product_id] = Lender(book_id, has_terms)
    return found, rates, lenders


def rates_on(currency: str, on: date) -> dict[str, Rate]:
    """What one unit of other currencies is in this one: the latest rates not after a day."""
    rows = (
        ExchangeRate.objects.filter(currency=currency, dated_on__lte=on)
        .order_by("base", "-dated_on")
        .distinct("base")
        .values_list("base", "rate", "dated_on", "source")
    )
    return {base: Rate(Decimal(rate), dated_on, source) for base, rate, dated_on, source in rows}


def agreements_of(organization_id: int) -> QuerySet[ContractedPrice]:
    """What was agreed with an organization itself, the latest first."""
    agreed = ContractedPrice.objects.filter(organization_id=organization_id)
    return agreed.select_related("product").order_by("-valid_from", "-pk")
