"""The versions of a quote as its page lists them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from handsel.bid.quote import queries
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.web import parts
from handsel.ground.identity.access import Request
from handsel.ground.kernel.money import Money


def version_rows(request: Request, quote_id: int) -> list[dict[str, Any]]:
    """All versions with state, total and papers."""
    versions = queries.versions_of(request.actor, quote_id)
    return [_version_row(one, versions) for one in versions]


def _version_row(version: QuoteVersion, versions: list[QuoteVersion]) -> dict[str, Any]:
    before = next((one for one in versions if one.version_no == version.version_no - 1), None)
    compare = reverse("quote:compare", args=[version.quote_id])
    return {
        "number": version.version_no,
        "state": parts.VERSION_STATES[version.state],
        "amount": Money(version.gross_minor, version.quote.currency),
        "presented_at": version.presented_at,
        "pdf_url": reverse("quote:pdf", args=[version.quote_id, version.version_no])
        if version.content_id
        else "",
        "compare_url": f"{compare}?before={before.version_no}&after={version.version_no}"
        if before
        else "",
    }
