"""Made-up figures for `/ui`: every component in all its states. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.site.shell.gallery import board, deal, figures, forms, headers, lists
from handsel.site.shell.gallery.values import at, eur

_KINDS = [
    ("draft", "neutral"),
    ("sent", "progress"),
    ("paid", "good"),
    ("due in 2 days", "warn"),
    ("overdue", "bad"),
    ("cancelled", "ended"),
]
_VALUES: dict[str, Any] = {
    "moneys": [eur(123450), eur(-123450), eur(0), Money(1234500, "JPY"), Money(1234567, "KWD")],
    "quantities": [
        Quantity(Decimal("2.5"), "m"),
        Quantity(Decimal(12), "piece"),
        Quantity(Decimal(1200), "kg"),
    ],
    "rate": Rate(Decimal("0.0125"), "EUR"),
    "number": Decimal("1234567.5"),
    "day": date(2026, 3, 1),
    "instant": at(3, 1, 14, 5),
}


def everything(query: Mapping[str, str]) -> dict[str, Any]:
    """The context of the gallery; `query` makes its table sort and search like a real one."""
    return {
        **_VALUES,
        "header": headers.HEADER,
        "off_header": headers.OFF_HEADER,
        "facts": headers.FACTS,
        "thread": {"steps": deal.STEPS},
        "timeline": deal.TIMELINE,
        "quiet_timeline": {"entries": []},
        "waterfall": figures.WATERFALL,
        "totals": figures.TOTALS,
        "lines": figures.LINES,
        "stats": figures.STATS,
        "ageing": figures.AGEING,
        "bars": figures.BARS,
        "works": forms.WORKS,
        "notices": forms.NOTICES,
        "fields": forms.FIELDS,
        "board": board.board(),
        "grid": board.grid(),
        "locked_grid": board.locked_grid(),
        "table": lists.table(query),
        "empty_table": lists.empty_table(),
        "tabs": lists.tabs(),
        "kinds": _KINDS,
        "toasts": [
            {"text": "Saved.", "kind": "good"},
            {"text": "The statement is held.", "kind": "bad"},
        ],
        "statuses": [403, 404, 409, 422, 500],
    }


def record() -> dict[str, Any]:
    """The context of the record page."""
    return {
        "header": headers.INVOICE_HEADER,
        "thread": {"steps": deal.STEPS},
        "facts": headers.FACTS[:7],
        "lines": figures.LINES,
        "totals": figures.TOTALS,
        "tabs": lists.tabs(),
        "timeline": deal.TIMELINE,
    }


def payment_dialog() -> dict[str, Any]:
    """The payment dialog, already filled in."""
    return {"fields": forms.PAYMENT_FIELDS}


def public_quote() -> dict[str, Any]:
    """The buyers' page of a quote."""
    return {
        "seller_name": "Halden Fördertechnik GmbH",
        "seller_legal": "Halden Fördertechnik GmbH · Werkstraße 8, Bremen · VAT DE123456789",
        "lines": figures.LINES,
        "totals": figures.TOTALS,
        "header": {
            "title": "Incline conveyor line 2",
            "number": "Q-2026-0087",
            "subtitle": "for Nordfjord Seafood AS, Sigrid Aune",
            "amount": eur(2305959),
            "amount_before": eur(2492872),
        },
    }
