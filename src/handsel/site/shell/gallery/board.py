"""Made-up board, line grid and suggestions for `/ui`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rate import Rate

_COLUMNS = [
    ("new", "New"),
    ("need", "Need confirmed"),
    ("quoted", "Quoted"),
    ("talks", "In talks"),
    ("won", "Won"),
]
_CARDS = [
    ("11", "new", "Outfeed line 4", "Brandt Logistik GmbH", 4218000, date(2026, 6, 30), ""),
    ("12", "new", "Spare belts 2026", "Recyclinghof Oststadt", 129900, None, ""),
    ("13", "need", "Washdown line", "Molkerei Sonnwies eG", 2996400, date(2026, 5, 20), "warn"),
    (
        "14",
        "quoted",
        "Care platform, 3 sites",
        "Kartonagenwerk Freyburg & Söhne GmbH",
        814080,
        date(2026, 4, 2),
        "bad",
    ),
    ("15", "quoted", "Drum motor retrofit", "Pharma Lund A/S", 1265000, date(2026, 7, 15), ""),
    ("16", "won", "Incline conveyor line 2", "Nordfjord Seafood AS", 1847250, None, ""),
]


def _card(row: tuple[Any, ...]) -> dict[str, Any]:
    key, _column, title, customer, minor, due_on, due_kind = row
    return {
        "id": key,
        "title": title,
        "subtitle": customer,
        "url": "/ui/record/",
        "amount": Money(minor, "EUR"),
        "due_on": due_on,
        "due_kind": due_kind,
        "owner": "IH",
        "badge": ("legal review", "warn") if key == "15" else None,
        "can_move": key != "16",
    }


def board(card: str = "", column: str = "") -> dict[str, Any]:
    """A pipeline; `card` has moved to `column`."""
    placed = [(column if row[0] == card and column else row[1], row) for row in _CARDS]
    columns = []
    for key, label in _COLUMNS:
        rows = [row for where, row in placed if where == key]
        columns.append(
            {
                "key": key,
                "label": label,
                "count": len(rows),
                "total": total([Money(row[4], "EUR") for row in rows], "EUR"),
                "cards": [_card(row) for row in rows],
            }
        )
    return {"id": "pipeline", "label": "Pipeline", "columns": columns, "move_url": "/ui/board/"}


def _line(
    key: str, name: str, detail: str, values: tuple[str, str, str], minor: int
) -> dict[str, Any]:
    quantity, price, discount = values
    return {
        "id": key,
        "name": name,
        "detail": detail,
        "update_url": "/ui/echo/",
        "delete_url": "/ui/echo/",
        "why": "/ui/#waterfall",
        "fields": {
            "quantity": {"value": quantity, "suffix": "pc"},
            "unit_price": {"value": price, "suffix": "EUR"},
            "discount": {"value": discount, "suffix": "%"},
        },
        "amount": Money(minor, "EUR"),
    }


def grid() -> dict[str, Any]:
    """A quote being edited, one cell refused."""
    rows = [
        _line(
            "1",
            "Incline conveyor BC-600",
            "6,000 × 600 mm, stainless",
            ("3", "6120.00", "3"),
            1780920,
        ),
        _line("2", "Scraper, belt 600", "spare part SP-0214", ("12", "145.00", "0"), 174000),
        _line(
            "3",
            "Installation and run test",
            "by our own fitters",
            ("2.5", "1150.00", "150"),
            287500,
        ),
    ]
    rows[2]["fields"]["discount"]["error"] = "A discount is between 0 and 100 %."
    for position, row in enumerate(rows, start=1):
        row["position"] = position * 10
    return {
        "id": "quote-lines",
        "columns": [
            {"name": "quantity", "label": "Quantity", "type": "decimal", "width": "s"},
            {"name": "unit_price", "label": "× Unit price", "type": "money", "width": "m"},
            {"name": "discount", "label": "− Discount", "type": "percent", "width": "s"},
        ],
        "rows": rows,
        "add_url": "/ui/echo/",
        "product_search_url": "/ui/suggestions/",
        "total": Money(2242420, "EUR"),
    }


def locked_grid() -> dict[str, Any]:
    """The same lines after acceptance."""
    locked = grid()
    locked.update(
        id="accepted-lines",
        readonly="Version 2 was accepted on 2 March; a change needs a new version.",
    )
    del locked["rows"][2]["fields"]["discount"]["error"]
    return locked


_PRODUCTS = [
    ("SP-0214", "Scraper, belt 600", "spare part", "145"),
    ("SP-0217", "Drip tray 2,000 mm", "spare part", "88"),
    ("CARE-VISIT", "Preventive visit, zone 1", "service", "680"),
]


def suggestions(text: str) -> dict[str, Any]:
    """Products whose name or number holds the text, and one that cannot be chosen."""
    wanted = text.casefold().strip()
    hits: list[dict[str, Any]] = [
        {
            "value": key,
            "label": name,
            "detail": f"{key} · {kind}",
            "amount": Rate(Decimal(price), "EUR"),
        }
        for key, name, kind, price in _PRODUCTS
        if wanted and wanted in f"{key} {name}".casefold()
    ]
    if hits:
        hits.append(
            {
                "value": "SP-0100",
                "label": "Scraper, old series",
                "off": "No longer sold since 2025.",
            }
        )
    return {"suggestions": hits, "text": text, "name": "product"}
