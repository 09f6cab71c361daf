"""The merge dictionary: every name a template may use, and nothing else.

`text` is shown and can be compared with a quoted text, `number` can be compared with a number,
`flag` can only be asked. `line.*`, `group.*` and `option.*` stand inside their `for`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["text", "number", "flag"]

NAMES: Final[Mapping[str, Kind]] = {
    "quote.number": "text",
    "quote.title": "text",
    "quote.version": "number",
    "quote.date": "text",
    "quote.valid_until": "text",
    "quote.currency": "text",
    "quote.language": "text",
    "quote.net": "text",
    "quote.tax": "text",
    "quote.gross": "text",
    "quote.list": "text",
    "quote.saved": "text",
    "quote.first_year": "text",
    "quote.contract_value": "text",
    "quote.net_amount": "number",
    "quote.discount": "number",
    "quote.line_count": "number",
    "quote.intro": "text",
    "quote.terms": "text",
    "quote.payment_terms": "text",
    "quote.delivery_terms": "text",
    "quote.payment_days": "number",
    "seller.name": "text",
    "seller.phone": "text",
    "seller.email": "text",
    "seller.country": "text",
    "buyer.name": "text",
    "buyer.contact": "text",
    "buyer.city": "text",
    "buyer.country": "text",
    "buyer.number": "text",
    "owner.name": "text",
    "owner.email": "text",
    "has_options": "flag",
    "has_alternatives": "flag",
    "has_groups": "flag",
    "has_discount": "flag",
    "has_pictures": "flag",
    "has_recurring": "flag",
    "has_years": "flag",
}
COLLECTIONS: Final[Mapping[str, tuple[str, Mapping[str, Kind]]]] = {
    "lines": (
        "line",
        {
            "line.position": "text",
            "line.name": "text",
            "line.sku": "text",
            "line.description": "text",
            "line.quantity": "text",
            "line.amount": "text",
            "line.net_amount": "number",
            "line.charge": "text",
        },
    ),
    "options": (
        "option",
        {
            "option.position": "text",
            "option.name": "text",
            "option.sku": "text",
            "option.description": "text",
            "option.quantity": "text",
            "option.amount": "text",
        },
    ),
    "groups": (
        "group",
        {
            "group.title": "text",
            "group.amount": "text",
            "group.line_count": "number",
            "group.depth": "number",
        },
    ),
}
LANGUAGES: Final = ("en", "de")
BLOCKS: Final = (
    "cover",
    "lines",
    "options",
    "totals",
    "waterfall",
    "terms",
    "pictures",
    "signature",
    "page",
)
