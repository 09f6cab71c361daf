"""Made-up headers and facts for `/ui`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.site.shell.gallery.values import at, eur

# A primary one, some beside it, one that is off, one that is dangerous.
ACTIONS: Any = [
    {"label": "Release order", "url": "/ui/echo/", "method": "post", "kind": "primary"},
    {"label": "Print", "url": "/ui/#print", "icon": "printer"},
    {"label": "Record payment", "url": "/ui/dialog/", "method": "dialog", "icon": "banknote"},
    {"label": "Change lines", "url": "/ui/#change", "icon": "pencil"},
    {
        "label": "Invoice",
        "url": "/ui/echo/",
        "icon": "receipt",
        "ok": False,
        "why_not": "Nothing has been shipped yet, and this plan bills on shipment.",
    },
    {
        "label": "Cancel order",
        "url": "/ui/echo/",
        "method": "post",
        "kind": "danger",
        "icon": "x",
        "confirm": "Cancel order SO-2026-0117? The customer is told by mail.",
    },
]

# Header of an order.
HEADER: Any = {
    "title": "Nordfjord Seafood AS",
    "number": "SO-2026-0117",
    "state": ("to be checked", "progress"),
    "subtitle": "Incline conveyor line 2, Ålesund",
    "amount": eur(1847250),
    "amount_label": "Order total",
    "trail": [("Orders", "/ui/"), ("Order desk", "/ui/")],
    "actions": ACTIONS,
}

# Header whose main action is off.
OFF_HEADER: Any = {
    "title": "Quote to Brandt Logistik GmbH",
    "number": "Q-2026-0088",
    "state": ("draft", "neutral"),
    "amount": Money(0, "EUR"),
    "actions": [
        {
            "label": "Present",
            "url": "/ui/echo/",
            "method": "post",
            "kind": "primary",
            "ok": False,
            "why_not": "The quote has no line yet.",
        }
    ],
    "meta": [
        {"label": "Valid until", "value": date(2026, 4, 30), "format": "day"},
        {"label": "Owner", "value": "Ines Halvorsen"},
        {"label": "Margin", "value": 3120, "format": "percent"},
    ],
}

# One fact of every format.
FACTS: Any = [
    {
        "label": "Customer",
        "value": "Nordfjord Seafood AS",
        "url": "/ui/",
        "hint": "VAT NO 912 345 678 MVA",
    },
    {"label": "Owner", "value": "Ines Halvorsen"},
    {"label": "Delivery", "value": date(2026, 5, 12), "format": "day"},
    {"label": "Released", "value": at(3, 14, 10, 32), "format": "instant"},
    {"label": "Net", "value": eur(1552310), "format": "money", "why": "/ui/#waterfall"},
    {"label": "Margin", "value": 3120, "format": "percent", "why": "/ui/#waterfall"},
    {"label": "Belt", "value": Quantity(Decimal("12.264"), "m"), "format": "quantity"},
    {"label": "Unit price", "value": Rate(Decimal("0.0125"), "EUR"), "format": "rate"},
    {"label": "Balance", "value": eur(-24550), "format": "money"},
    {"label": "Credit", "value": ("within limit", "good"), "format": "badge"},
    {"label": "Mail", "value": "orders@nordfjord.example", "format": "email"},
    {"label": "Phone", "value": "+47 70 12 34 56", "format": "phone"},
    {"label": "Reference", "value": None},
]

# Header of an invoice.
INVOICE_HEADER: Any = {
    "title": "Nordfjord Seafood AS",
    "number": "INV-2026-0342",
    "state": ("issued, not yet sent", "progress"),
    "amount": eur(1293075),
    "amount_label": "To be paid by 14 Jun 2026",
    "trail": [("Invoices", "/ui/")],
    "actions": [
        {
            "label": "Send",
            "url": "/ui/echo/",
            "method": "post",
            "kind": "primary",
            "icon": "send",
        },
        {"label": "PDF", "url": "/ui/", "icon": "download"},
        {
            "label": "Record payment",
            "url": "/ui/dialog/",
            "method": "dialog",
            "icon": "banknote",
        },
        {"label": "Credit note", "url": "/ui/", "icon": "undo-2"},
    ],
}
