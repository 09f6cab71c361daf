"""What every room's pages share: doing a posted command once, reading forms, answering files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from handsel.ground.platform import idempotency
from handsel.ground.platform.actor import Actor


def once_posted(
    request: HttpRequest,
    *,
    actor: Actor,
    now: datetime,
    route: str,
    effect: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Run a posted command once for the form's hidden `idempotency_key`; see `idempotency`."""
    fields = {k: request.POST.getlist(k) for k in request.POST if k != "csrfmiddlewaretoken"}
    return idempotency.once(
        actor=actor,
        route=route,
        key=request.POST.get("idempotency_key", ""),
        request=fields,
        now=now,
        effect=effect,
    )


def file_response(content: bytes, *, name: str, media_type: str, inline: bool) -> HttpResponse:
    """A stored file as an answer; the name travels encoded, and nothing is sniffed or run."""
    disposition = "inline" if inline else "attachment"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """After a command: on to an address, for a form sent by script as for a plain one.

    A script would follow a redirect by itself and put the whole page into a part of this one.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})
