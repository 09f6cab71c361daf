"""How a book counts terms of products, and for how many months its prices of them are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from handsel.bid.catalog.queries import ProductFact
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import read_book
from handsel.bid.price.queries.lent import OfTime
from handsel.bid.price.rules.plan import A_YEAR

__all__ = ["OfTime", "price_months_in", "price_months_of", "times_in"]


def price_months_of(book: PriceBook, product: ProductFact, *, on: date) -> int:
    """For how many months a book's price of a product is; a year where nothing else is said."""
    return price_months_in(book, [product], on=on)[product.product_id]


def price_months_in(
    book: PriceBook, products: Iterable[ProductFact], *, on: date
) -> dict[int, int]:
    """The same of many products, of prices from other books too."""
    wanted = list(products)
    found = times_in(book, wanted, on=on).price_months
    return {one.product_id: found.get(one.product_id, A_YEAR) for one in wanted}


def times_in(book: PriceBook, products: Iterable[ProductFact], *, on: date) -> OfTime:
    """How terms of products are counted by a book on a day, and for how long their prices are."""
    read = read_book(book, on=on, products=list(products))
    return OfTime(dict(read.conventions), dict(read.price_months))
