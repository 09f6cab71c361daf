"""Made-up figures for `/ui`: lines, sums, pictures. They add up, as they must everywhere."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.site.shell.gallery.values import eur

# From list price to gross; rows sum.
WATERFALL: Any = {
    "title": "Incline conveyor BC-600, 3 pieces",
    "rows": [
        {
            "label": "List price",
            "detail": "3 × 6,120.00 EUR, price book EUR 2026",
            "amount": eur(1836000),
            "type": "base",
        },
        {
            "label": "Volume tier",
            "detail": "3% from 3 conveyors",
            "amount": eur(-55080),
            "why": "/ui/",
        },
        {
            "label": "Line discount",
            "detail": "12.83% by Ines Halvorsen",
            "amount": eur(-228610),
        },
        {"label": "Net", "amount": eur(1552310), "type": "subtotal"},
        {"label": "VAT 19%", "detail": "supply in Germany, § 12 UStG", "amount": eur(294939)},
        {"label": "Gross", "amount": eur(1847249), "type": "total"},
    ],
}

# Quantity × price − discount = amount, then tax.
TOTALS: Any = {
    "rows": [
        {"label": "Sum of lines", "amount": eur(2039770)},
        {
            "label": "Discount on the quote",
            "detail": "5%",
            "amount": eur(-101989),
            "type": "discount",
        },
        {"label": "Net", "amount": eur(1937781), "type": "subtotal"},
        {
            "label": "VAT",
            "detail": "19% on 19,377.81 EUR",
            "amount": eur(368178),
            "type": "tax",
        },
        {"label": "Total", "amount": eur(2305959), "type": "total"},
    ],
    "note": "Payable within 30 days of the invoice; 2 % discount within 10 days.",
}

# Lines of a document with arithmetic.
LINES: Any = {
    "caption": "Lines",
    "rows": [
        {
            "name": "Incline conveyor BC-600",
            "detail": "6,000 × 600 mm, 20°, stainless, washdown",
            "quantity": Quantity(Decimal(3), "piece"),
            "unit_price": Rate(Decimal("6120"), "EUR"),
            "discount_bps": 300,
            "discount": eur(-55080),
            "amount": eur(1780920),
            "why": "/ui/#waterfall",
            "progress": [
                ("Delivered", Quantity(Decimal(2), "piece"), Quantity(Decimal(3), "piece")),
                ("Invoiced", Quantity(Decimal(2), "piece"), Quantity(Decimal(3), "piece")),
            ],
        },
        {
            "name": "Installation and run test",
            "quantity": Quantity(Decimal("2.5"), "day"),
            "unit_price": Rate(Decimal("1150"), "EUR"),
            "amount": eur(287500),
        },
        {
            "name": "Return of the loan conveyor",
            "detail": "credit agreed on 2 March",
            "quantity": Quantity(Decimal(1), "piece"),
            "unit_price": Rate(Decimal("-286.5"), "EUR"),
            "amount": eur(-28650),
        },
    ],
    "total": eur(2039770),
}

# Figures with and without trend.
STATS: Any = [
    {
        "label": "Open pipeline",
        "amount": eur(48236000),
        "detail": "37 opportunities",
        "url": "/ui/",
    },
    {
        "label": "First response",
        "value": "2 h 14 min",
        "detail": "median of 63 leads in March",
        "trend": "18 min faster",
        "trend_kind": "good",
    },
    {
        "label": "Lead conversion",
        "value": "13.3%",
        "detail": "cohort January 2026; 4 still open",
        "url": "/ui/",
    },
    {
        "label": "Overdue",
        "amount": eur(2431080),
        "detail": "7 invoices",
        "kind": "bad",
        "url": "/ui/",
    },
]

# A small funnel.
BARS: Any = {
    "label": "Leads by origin",
    "rows": [
        {"label": "Organic search", "value": 2296, "detail": "28.7%", "url": "/ui/"},
        {"label": "Paid search", "value": 1586, "detail": "19.8%"},
        {"label": "No origin given", "value": 1099, "detail": "13.7%", "kind": "neutral"},
        {"label": "Refused rows", "value": 12, "kind": "bad"},
    ],
}

_AGES = [
    ("Not due", 6214350, 18),
    ("1–30 days", 1821500, 5),
    ("31–60 days", 430080, 1),
    ("61–90 days", 0, 0),
    ("Over 90 days", 179500, 1),
]

# Receivables by age.
AGEING: Any = {
    "buckets": [
        {"label": label, "amount": eur(minor), "count": count, "url": "/ui/"}
        for label, minor, count in _AGES
    ],
    "total": eur(sum(minor for _label, minor, _count in _AGES)),
    "as_of": date(2026, 5, 31),
}
