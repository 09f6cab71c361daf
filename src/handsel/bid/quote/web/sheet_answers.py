"""What the sheet of a quote is answered with, as JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.quote.queries.sheet import SheetRow, SummedRow
from handsel.bid.quote.rules.asked import FEE, is_fee
from handsel.bid.quote.rules.sheet.edits import Conflict, Refusal
from handsel.bid.quote.rules.sheet.sums import Totals
from handsel.ground.kernel.said import worded


def wire_fees(found: Iterable[SheetRow | SummedRow]) -> list[dict[str, Any]]:
    """Freight and fees, which no row of the sheet is."""
    return [
        {
            "key": str(row.key),
            "name": row.asked[FEE]["label"],
            "net": row.net_minor,
            "waived": row.asked[FEE].get("waived", ""),
        }
        for row in found
        if is_fee(row.asked)
    ]


def wire_sums(sums: Totals) -> dict[str, Any]:
    """What everything comes to."""
    return {
        "charges": [
            {
                "charge": one.charge,
                "months": one.months,
                "list": one.list_minor,
                "net": one.net_minor,
                "contract": one.contract_minor,
            }
            for one in sums.charges
        ],
        "list": sums.list_minor,
        "net": sums.net_minor,
        "contract": sums.contract_minor,
        "annual": sums.annual_minor,
        "margin": sums.margin_minor,
        "margin_bps": sums.margin_bps,
    }


def wire_conflict(one: Conflict) -> dict[str, Any]:
    """Both values, and who changed it."""
    return {
        "index": one.index,
        "key": str(one.key),
        "field": one.field,
        "was": one.was,
        "wanted": one.wanted,
        "found": one.found,
        "by": one.by,
        "at": one.at.isoformat() if one.at else "",
    }


def wire_refusal(one: Refusal) -> dict[str, Any]:
    """Which edit, which field, what was expected."""
    return {
        "index": one.index,
        "key": str(one.key or ""),
        "field": one.field,
        "given": one.given,
        "expected": worded(one.expected, _),
    }
