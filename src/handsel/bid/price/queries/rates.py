"""Exchange rates for people."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from handsel.bid.price.models import ExchangeRate, PriceBook


def listed_rates(*, base: str = "", currency: str = "") -> QuerySet[ExchangeRate]:
    """Rates of a pair, or of all, the latest first."""
    found = ExchangeRate.objects.order_by("-dated_on", "base", "currency")
    if base:
        found = found.filter(base=base)
    return found.filter(currency=currency) if currency else found


def rates_lacking(on: date) -> list[tuple[str, str]]:
    """Pairs of currencies, both with published price books, without a rate up to a day."""
    books = PriceBook.objects.filter(state="published")
    currencies = sorted(set(books.values_list("currency", flat=True)))
    known = set(
        ExchangeRate.objects.filter(dated_on__lte=on).values_list("base", "currency").distinct()
    )
    return [
        (base, currency)
        for base in currencies
        for currency in currencies
        if base != currency and (base, currency) not in known
    ]
