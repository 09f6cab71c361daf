"""Made-up lists for `/ui`; the table sorts and searches like a real one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from handsel.ground.kernel.money import Money

_DEALS: list[tuple[str, str, str, tuple[str, str], int]] = [
    (
        "Q-2026-0088",
        "Brandt Logistik GmbH",
        "Outfeed line 4, Kassel",
        ("draft", "neutral"),
        4218000,
    ),
    (
        "Q-2026-0087",
        "Nordfjord Seafood AS",
        "Incline conveyor line 2",
        ("accepted", "good"),
        1847250,
    ),
    (
        "Q-2026-0085",
        "Molkerei Sonnwies eG",
        "Washdown line",
        ("with the buyer", "progress"),
        2996400,
    ),
    (
        "Q-2026-0084",
        "Kartonagenwerk Freyburg & Söhne GmbH",
        "Care platform, 3 sites",
        ("expires in 2 days", "warn"),
        814080,
    ),
    (
        "Q-2026-0082",
        "Recyclinghof Oststadt",
        "Cleated belt replacement",
        ("expired", "ended"),
        129900,
    ),
    (
        "Q-2026-0079",
        "Pharma Lund A/S",
        "Credit for returned drum motor",
        ("to be credited", "bad"),
        -286500,
    ),
]


def tabs() -> list[dict[str, Any]]:
    """Parts of a record."""
    return [
        {"label": "Lines", "url": "/ui/#lines", "current": True, "count": 3},
        {"label": "Documents", "url": "/ui/#documents", "count": 2},
        {"label": "Mails", "url": "/ui/#mails", "count": 0},
        {"label": "Books", "url": "/ui/#books"},
    ]


def _rows() -> list[dict[str, Any]]:
    rows = []
    for index, (number, customer, what, state, minor) in enumerate(_DEALS):
        rows.append(
            {
                "id": index + 1,
                "url": "/ui/record/",
                "cells": [
                    (customer, what),
                    number,
                    state,
                    date(2026, 3, 20) - timedelta(days=3 * index),
                    "Ines Halvorsen" if index % 2 else "Tom Reuter",
                    3120 - 210 * index,
                    Money(minor, "EUR"),
                ],
                "state": "muted" if state[1] == "ended" else "late" if state[1] == "bad" else "",
                "why_not_select": "Accepted quotes stay as they are." if index == 1 else "",
            }
        )
    return rows


_COLUMNS: list[dict[str, Any]] = [
    {"key": "customer", "label": "Customer", "format": "link", "sortable": True},
    {"key": "number", "label": "Number"},
    {"key": "state", "label": "State", "format": "badge", "sortable": True},
    {"key": "created_on", "label": "Created", "format": "day", "sortable": True},
    {"key": "owner", "label": "Owner", "phone": False},
    {"key": "margin", "label": "Margin", "format": "percent", "sortable": True, "phone": False},
    {"key": "net", "label": "Net", "format": "money", "sortable": True},
]


def _sorted(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    keys = [column["key"] for column in _COLUMNS]
    if sort.lstrip("-") not in keys:
        return rows
    index = keys.index(sort.lstrip("-"))
    return sorted(rows, key=lambda row: row["cells"][index], reverse=sort.startswith("-"))


def table(query: Mapping[str, str]) -> dict[str, Any]:
    """A list of quotes with everything a list can have."""
    text, sort = query.get("q", ""), query.get("sort", "-created_on")
    rows = [row for row in _rows() if text.casefold() in str(row["cells"]).casefold()]
    state = query.get("state", "")
    return {
        "id": "quotes",
        "caption": "Quotes",
        "columns": _COLUMNS,
        "rows": _sorted(rows, sort),
        "sort": sort,
        "search": text,
        "search_label": "Search quotes",
        "filters": [
            {
                "name": "state",
                "label": "Any state",
                "options": [("draft", "Draft"), ("open", "With the buyer")],
                "value": state,
            },
            {"name": "owner", "label": "Anybody's", "options": [("me", "Mine")], "value": ""},
        ],
        "chips": [("State: with the buyer", "?")] if state == "open" else [],
        "views": [
            ("All", "?", not state, 1204),
            ("Mine", "?owner=me", False, 31),
            ("With the buyer", "?state=open", state == "open", 12),
            ("Expiring soon", "?state=expiring", False, 4),
        ],
        "bulk": [
            {"label": "Assign", "url": "/ui/echo/"},
            {
                "label": "Withdraw",
                "url": "/ui/echo/",
                "kind": "danger",
                "confirm": "Withdraw them?",
            },
        ],
        "exports": [("CSV", "/ui/?format=csv"), ("XLSX", "/ui/?format=xlsx")],
        "totals": ["Total", None, None, None, None, None, Money(9719130, "EUR")],
        "shown": f"1–{len(rows)}",
        "next_url": "?page=2",
        "empty": {"title": "No quote fits", "text": "Try fewer words or another state."},
    }


def empty_table() -> dict[str, Any]:
    """A list before its first row."""
    return {
        "id": "contracts",
        "columns": _COLUMNS,
        "rows": [],
        "empty": {
            "title": "No quote yet",
            "text": "A quote starts from an opportunity, or from nothing for a customer who calls.",
            "icon": "file-text",
            "action": {"label": "New quote", "url": "/ui/", "kind": "primary", "icon": "plus"},
        },
    }
