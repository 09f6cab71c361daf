"""What the sheet of a quote is sent and answered with, as JSON values."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from handsel.bid.quote.actions.draft import MOST_LINES
from handsel.bid.quote.actions.price_words import is_waived
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.queries.fees import fees_of
from handsel.bid.quote.queries.sheet import SheetRow, SummedRow
from handsel.bid.quote.rules.asked import FEE, fee_label, is_fee
from handsel.bid.quote.rules.sheet.edits import Conflict, Refusal
from handsel.bid.quote.rules.sheet.sums import Totals
from handsel.ground.identity.access import Request
from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.said import said, worded
from handsel.ground.platform.naming import shown_name

Data = Callable[..., HttpResponseBase]


def answering(view: Data) -> Data:
    """Refusals as problem documents that the sheet shows; the rest as the view answers."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except HandselError as refused:
            fields = refused.fields if isinstance(refused, Invalid) else {}
            body = {
                "type": f"/problems/{refused.code}",
                "title": refused.code.replace("_", " "),
                "status": refused.http_status,
                "detail": worded(refused.message, _),
                "code": refused.code,
                "fields": {name: worded(text, _) for name, text in fields.items()},
            }
            status = refused.http_status
            return JsonResponse(body, status=status, content_type="application/problem+json")

    return guarded


def posted(request: Request) -> dict[str, Any]:
    """The JSON object that was sent."""
    try:
        body = strict_json.loads(request.body)
    except RequestDataTooBig:
        raise BadQuote(
            said(
                "That is too much at once: at most %(most_lines)s lines.",
                most_lines=f"{MOST_LINES:,}",
            )
        ) from None
    if not isinstance(body, dict):
        raise Invalid("Expected an object.", code="bad_edits")
    return body


def wire_fees(version_id: int, found: Iterable[SheetRow | SummedRow]) -> list[dict[str, Any]]:
    """Freight and fees, which no row of the sheet is; one query for what those are worth that are
    waived."""
    fees = [row for row in found if is_fee(row.asked)]
    worth: dict[UUID, int] = {}
    if any(is_waived(row.asked) for row in fees):
        worth = {line.key: line.rows[0].amount_minor for line in fees_of(version_id) if line.rows}
    return [
        {
            "key": str(row.key),
            "name": shown_name(fee_label(row.asked)),
            "net": row.net_minor,
            "waived": row.asked[FEE].get("waived", ""),
            "worth": worth.get(row.key, 0) if is_waived(row.asked) else 0,
        }
        for row in fees
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
