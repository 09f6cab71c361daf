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

from handsel.bid.price.rules.document import PricedDocument, PricedLine, Settlement
from handsel.bid.quote.rules.paid import PLAIN, Paid
from handsel.bid.quote.rules.sheet.sums import Summand, subtotals, totals
from handsel.bid.quote.rules.sheet.tree import Group
from handsel.bid.quote.rules.terms import Terms

FORMAT: Final = "handsel.quote/1"


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """A line as the buyer sees it; what it costs is in the priced document.

    `configuration` is what is built: title, fingerprint, model with version, and every choice;
    `group` the heading it stands under. Of an `alternative_set` exactly one is taken.
    """

    key: UUID
    position: int
    sku: str
    name: str
    description: str
    unit: str
    is_optional: bool
    configuration: Mapping[str, Any] | None = None
    paid: Paid = PLAIN
    group: UUID | None = None
    alternative_set: str = ""


@dataclass(frozen=True, slots=True)
class OfferedGroup:
    """A heading among the lines, in the order of reading; `parent` is the one it lies in."""

    key: UUID
    parent: UUID | None
    title: str


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
    groups: Sequence[OfferedGroup] = ()
    scenario: str = ""


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
            **_of_groups(offer.groups),
            **({"scenario": offer.scenario} if offer.scenario else {}),
            **_totals(priced),
            **_sums(
                [(line.group, line.paid) for line in offer.lines],
                priced,
                {group.key: group.parent for group in offer.groups},
            ),
        }
    )


def chosen_content(kept: bytes, priced: PricedDocument) -> bytes:
    """The bytes of an offer with another choice of options: only choice and amounts differ."""
    content = json.loads(kept)
    for line, amounts in zip(content["lines"], priced.lines, strict=True):
        line.update(_amounts(amounts))
    paid = [
        (UUID(line["group"]) if "group" in line else None, _read_paid(line))
        for line in content["lines"]
    ]
    parents = {
        UUID(group["key"]): UUID(group["parent"]) if "parent" in group else None
        for group in content.get("groups", ())
    }
    return _bytes({**content, **_totals(priced), **_sums(paid, priced, parents)})


def _read_paid(line: Mapping[str, Any]) -> Paid:
    kept = line.get("paid", {})
    return Paid(
        kept.get("charge", "one_time"),
        kept.get("months", 0),
        kept.get("periods", 1),
        ramp=kept.get("ramp", ""),
    )


def _of_groups(groups: Sequence[OfferedGroup]) -> dict[str, Any]:
    """Headings; nothing where there are none, so that such offers keep their bytes."""
    if not groups:
        return {}
    return {
        "groups": [
            {
                "key": str(group.key),
                "title": group.title,
                **({"parent": str(group.parent)} if group.parent else {}),
            }
            for group in groups
        ]
    }


def _sums(
    lines: Sequence[tuple[UUID | None, Paid]],
    priced: PricedDocument,
    parents: Mapping[UUID, UUID | None],
) -> dict[str, Any]:
    """Totals by kind of charge and by group, where there is more than one of either."""
    summands = [
        Summand(
            group,
            paid.charge,
            paid.months,
            paid.periods,
            amounts.list_minor,
            amounts.net_minor,
            amounts.counts,
            ramp=paid.ramp,
        )
        for (group, paid), amounts in zip(lines, priced.lines, strict=True)
    ]
    found: dict[str, Any] = {}
    if any(paid.charge != "one_time" for _group, paid in lines):
        sums = totals(summands)
        found["charges"] = [
            {
                "charge": one.charge,
                "months": one.months,
                "net_minor": one.net_minor,
                "contract_minor": one.contract_minor,
            }
            for one in sums.charges
        ]
        found["contract_minor"] = sums.contract_minor
        found["annual_minor"] = sums.annual_minor
    if parents:
        groups = {key: Group(key, "", parent) for key, parent in parents.items()}
        found["subtotals"] = {
            str(key): sum(net.values()) for key, net in subtotals(summands, groups).items()
        }
    return found


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def hash_of(content: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tax_rows(priced: PricedDocument | Settlement) -> list[dict[str, Any]]:
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
    # What is not there is not said: plain lines keep the bytes they always had.
    built = {} if line.configuration is None else {"configuration": dict(line.configuration)}
    paid = {} if line.paid.is_plain else {"paid": line.paid.as_json()}
    placed = {} if line.group is None else {"group": str(line.group)}
    instead = {"alternative_set": line.alternative_set} if line.alternative_set else {}
    return {
        **built,
        **paid,
        **placed,
        **instead,
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
