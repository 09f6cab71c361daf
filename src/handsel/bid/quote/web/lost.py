"""What lost to the price of a line, for its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from handsel.bid.price.queries.explaining import as_told
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.queries.lost import losers_of_line
from handsel.ground.document.sentences import readers_sentence
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.rate import Rate


def lost_to(version: QuoteVersion, lines: Sequence[LineView], key: UUID) -> dict[str, Any]:
    """The prices and rules that lost, or why they cannot be told."""
    try:
        found = losers_of_line(version, lines, key)
    except HandselError as refused:
        return {"rows": [], "why_none": readers_sentence(refused.message)}
    if found is None:
        why_none = _("What prices depend on has changed since; what lost cannot be told any more.")
        return {"rows": [], "why_none": why_none}
    currency = version.quote.currency
    return {
        "rows": [
            {
                "name": one.name,
                "rule": one.rule,
                "why": one.why,
                "price": None if one.unit_price is None else Rate(one.unit_price, currency),
            }
            for one in as_told(found)
        ],
        "why_none": _("Nothing else spoke about this product."),
    }
