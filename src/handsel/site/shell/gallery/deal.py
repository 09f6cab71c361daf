"""A made-up deal for `/ui`: its thread and its timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from handsel.site.shell.gallery.values import at, eur

# A deal on its way: done, late, current, still to come.
STEPS: Any = [
    {
        "stage": "lead",
        "number": "L-2031",
        "state": "converted",
        "kind": "good",
        "on": date(2026, 1, 8),
        "url": "/ui/",
    },
    {
        "stage": "opportunity",
        "number": "Line 2, Ålesund",
        "state": "won",
        "kind": "good",
        "on": date(2026, 1, 19),
        "amount": eur(1800000),
        "url": "/ui/",
        "gap": "11 days",
    },
    {
        "stage": "quote",
        "number": "Q-2026-0061",
        "state": "accepted",
        "kind": "good",
        "on": date(2026, 3, 2),
        "amount": eur(1847250),
        "url": "/ui/",
        "gap": "42 days",
    },
    {
        "stage": "order",
        "number": "SO-2026-0117",
        "state": "released",
        "kind": "good",
        "on": date(2026, 3, 3),
        "amount": eur(1847250),
        "url": "/ui/",
    },
    {
        "stage": "delivery",
        "number": "D-2026-0204",
        "state": "partly delivered",
        "kind": "warn",
        "on": date(2026, 5, 14),
        "url": "/ui/",
        "late": "2 days late",
    },
    {
        "stage": "invoice",
        "number": "INV-2026-0342",
        "state": "issued",
        "kind": "progress",
        "on": date(2026, 5, 15),
        "amount": eur(1293075),
        "current": True,
        "note": "70 % of the plan",
    },
    {"stage": "cash"},
    {"stage": "ledger"},
]

# Newest first, every kind once.
TIMELINE: Any = {
    "entries": [
        {
            "at": at(5, 15, 8, 2),
            "actor": "Ada Winter",
            "title": "Invoice INV-2026-0342 issued",
            "detail": "Passed 312 rules of EN 16931",
            "kind": "progress",
            "icon": "receipt",
            "amount": eur(1293075),
            "url": "/ui/",
        },
        {
            "at": at(5, 14, 15, 40),
            "actor": "Warehouse",
            "title": "Shipment D-2026-0204 delivered in part",
            "detail": "2 of 3 conveyors; the third waits for its motor",
            "kind": "warn",
            "icon": "truck",
        },
        {
            "at": at(3, 3, 9, 11),
            "actor": "Order desk",
            "title": "Order released",
            "kind": "good",
            "icon": "check",
        },
        {
            "at": at(3, 2, 17, 58),
            "actor": "Sigrid Aune (buyer)",
            "title": "Quote accepted",
            "detail": "Signed by name, e-mail and time; the page is kept byte for byte",
            "kind": "good",
            "icon": "signature",
            "amount": eur(1847250),
        },
        {
            "at": at(2, 12, 11, 5),
            "actor": "Mail server",
            "title": "Mail to purchasing@nordfjord.example refused",
            "kind": "bad",
            "icon": "mail",
        },
        {
            "at": at(1, 8, 7, 30),
            "title": "Asked through the form on halden.example",
            "kind": "neutral",
            "icon": "inbox",
        },
    ],
    "more_url": "/ui/",
}
