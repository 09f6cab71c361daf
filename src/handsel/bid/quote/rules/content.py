"""What is offered, as canonical bytes with a hash: what was shown is what is accepted.

The bytes are JSON with sorted keys and no spaces, in UTF-8; amounts are integers in minor units,
quantities and prices plain decimal text, dates ISO 8601. The same offer gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from handsel.bid.price.rules.document import PricedDocument, PricedLine
from handsel.bid.quote.rules.terms import Terms

FORMAT: Final = "handsel.quote/1"


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line as the buyer sees it; what it costs is in the priced document.

    `configuration` is what is built: title, fingerprint, model with version, and every choice.
    """

    key: UUID
    position: int
    sku: str
    name: str
    description: str
    unit: str
    is_optional: bool
    configuration: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything a buyer agrees to, beside the priced lines."""

    number: str
    version_no: int
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
    currency: str
    title: str
    language: str
    priced_on: date
    terms: Terms
    lines: Sequence[OfferedLine]


def canonical(offer: Offer, priced: PricedDocument) -> bytes:
    """The offer as bytes. `priced.lines` are those of `offer.lines`, in the same order."""
    return _bytes(
        {
            "format": FORMAT,
            "number": offer.number,
            "version": offer.version_no,
            "title": offer.title,
            "language": offer.language,
            "seller": dict(offer.seller),
            "buyer": dict(offer.buyer),
            "currency": offer.currency,
            "priced_on": offer.priced_on.isoformat(),
            "terms": _terms(offer.terms),
            "lines": [
                {**_line(line), **_amounts(amounts)}
                for line, amounts in zip(offer.lines, priced.lines, strict=True)
            ],
            **_totals(priced),
        }
    )


def chosen_content(kept: bytes, priced: PricedDocument) -> bytes:
    """The bytes of an offer with another choice of options: only choice and amounts differ."""
    content = json.loads(kept)
    for line, amounts in zip(content["lines"], priced.lines, strict=True):
        line.update(_amounts(amounts))
    return _bytes({**content, **_totals(priced)})


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def hash_of(content: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tax_rows(priced: PricedDocument) -> list[dict[str, Any]]:
    """The tax of a document as it is kept with a version: one row per kind, highest rate first."""
    return [
        {
            "category": total.tax.category,
            "rate_bps": total.tax.rate_bps,
            "reason_code": total.tax.reason_code,
            "reason": total.tax.reason,
            "base_minor": total.base_minor,
            "tax_minor": total.tax_minor,
        }
        for total in priced.taxes
    ]


def plain(number: Decimal) -> str:
    """A decimal as the shortest plain text: 2.500000 is "2.5", 1E+2 is "100"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _terms(terms: Terms) -> dict[str, Any]:
    return {
        "valid_until": terms.valid_until.isoformat(),
        "payment_days": terms.payment_days,
        "billing_method": terms.billing_method,
        "billing_shares": list(terms.billing_shares),
        "delivery_terms": terms.delivery_terms,
        "intro": terms.intro,
        "terms": terms.terms,
        "discount_bps": terms.discount_bps,
    }


def _line(line: OfferedLine) -> dict[str, Any]:
    # Lines without a configuration stay byte for byte what they were before there were any.
    built = {} if line.configuration is None else {"configuration": dict(line.configuration)}
    return {
        **built,
        "key": str(line.key),
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "description": line.description,
        "unit": line.unit,
        "is_optional": line.is_optional,
    }


def _amounts(amounts: PricedLine) -> dict[str, Any]:
    return {
        "is_chosen": amounts.counts,
        "quantity": plain(amounts.quantity),
        "list_price": plain(amounts.list_price),
        "list_minor": amounts.list_minor,
        "net_minor": amounts.net_minor,
        "tax_category": amounts.tax.category,
        "tax_rate_bps": amounts.tax.rate_bps,
    }


def _totals(priced: PricedDocument) -> dict[str, Any]:
    return {
        "totals": {
            "list_minor": priced.list_minor,
            "discount_minor": priced.header_minor,
            "net_minor": priced.net_minor,
            "tax_minor": priced.tax_minor,
            "gross_minor": priced.gross_minor,
        },
        "taxes": tax_rows(priced),
    }
