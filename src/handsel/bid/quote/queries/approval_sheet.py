"""The sheet an approver is shown: the offer, its waterfall, and why he is asked, as fixed bytes.

The bytes are JSON with sorted keys, in UTF-8; amounts are integers in minor units. They are made
once, when approval is asked for; every decision keeps their hash.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Final

from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.bid.quote.models import ApprovalRequest
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.approval import Picture
from handsel.bid.quote.rules.content import plain
from handsel.ground.platform import store

FORMAT: Final = "handsel.approval/1"


def sheet_of(picture: Picture, *, requester: str, comment: str) -> bytes:
    """The sheet of a version as its picture shows it."""
    version = picture.version
    quote = version.quote
    counted = [line for line in picture.lines if line.counts]
    facts = picture.facts.as_json()
    open_keys = {line.key for line in picture.facts.left_open}
    sheet = {
        "format": FORMAT,
        "number": quote.number,
        "version": version.version_no,
        "lock_no": version.lock_no,
        "title": quote.title,
        "customer": quote.organization.name,
        "requester": requester,
        "comment": comment,
        "currency": quote.currency,
        "totals": {
            "list_minor": version.list_minor,
            "net_minor": version.net_minor,
            "tax_minor": version.tax_minor,
            "gross_minor": version.gross_minor,
        },
        "waterfall": [
            {"stage": stage, "amount_minor": amount} for stage, amount in summed_waterfall(counted)
        ],
        "facts": facts["quote"],
        "terms": picture.facts.clauses,
        "line_facts": facts["lines"],
        "option_facts": facts["options"],
        "asks": [
            {
                "stage": ask.stage,
                "step": ask.step.as_data(),
                "quorum": ask.quorum,
                "reasons": [reason.as_json() for reason in ask.reasons],
            }
            for ask in picture.plan.asks
        ],
        "lines": [_line(line) for line in counted],
        "options": [_line(line) for line in picture.lines if str(line.key) in open_keys],
    }
    return json.dumps(
        sheet, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def summed_waterfall(lines: list[LineView]) -> list[tuple[str, int]]:
    """The waterfall of all lines together, stage by stage, down to the net amount."""
    stages: dict[str, int] = defaultdict(int)
    for line in lines:
        for row in line.rows:
            if row.stage is not Stage.TAX:
                stages[row.stage.value] += row.amount_minor
    return sorted(stages.items(), key=lambda row: ORDER[row[0]])


def _line(line: LineView) -> dict[str, Any]:
    return {
        "key": str(line.key),
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "list_price": plain(line.list_price),
        "discount_bps": line.discount_bps,
        "list_minor": line.list_minor,
        "net_minor": line.net_minor,
        "waterfall": [row.as_json() for row in line.rows],
        **({"charge": line.charge} if line.charge != "one_time" else {}),
        **({"asked": dict(line.asked)} if line.asked else {}),
    }


def facts_kept(request: ApprovalRequest) -> dict[str, Any]:
    """The facts as they were when approval was asked for, as `QuoteFacts.as_json` gives them."""
    sheet = json.loads(store.read(request.content_id))
    # Before terms and options were kept, an offer without any had none to keep.
    return {
        "quote": sheet["facts"],
        "terms": sheet.get("terms", ""),
        "lines": sheet["line_facts"],
        "options": sheet.get("option_facts", []),
    }
