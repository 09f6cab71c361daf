"""What approvers were shown, as it is kept: the bytes whose hash every decision carries."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote.models import ApprovalAsk
from handsel.bid.quote.queries.approval_asks import get_ask
from handsel.bid.quote.queries.costs import SEES_COSTS
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Forbidden
from handsel.ground.platform import store
from handsel.ground.platform.posted import file_response


@page("quote.approve")
def kept_sheet(request: Request, ask_id: int) -> HttpResponseBase:
    """The sheet of a question, byte for byte."""
    asked = get_ask(request.actor, ask_id).request
    if not request.actor.may(SEES_COSTS):
        raise Forbidden(_("It names what things cost us, which your role does not see."))
    name = f"{asked.quote.number}-{asked.version.version_no}-approval.json"
    content = store.read(asked.content_id)
    return file_response(content, name=name, media_type="application/json", inline=False)


def kept_as(request: Request, ask: ApprovalAsk) -> dict[str, Any] | None:
    """Where the sheet can be fetched, and its hash; None for who may not see all of it."""
    if not request.actor.may(SEES_COSTS):
        return None
    return {
        "url": reverse("quote:approval_sheet", args=[ask.pk]),
        "hash": ask.request.content_hash,
    }
