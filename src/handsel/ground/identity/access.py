"""Every page says who may open it; one that does not is refused at start-up.

`page` and `public_page` mark views. `site` checks that each address leads to a marked view.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import urlencode

from handsel.ground.platform.actor import Actor

P = ParamSpec("P")
PUBLIC = "public"


class Request(HttpRequest):
    """A request as views see it: with who asks and what time it is."""

    actor: Actor
    now: datetime


View = Callable[Concatenate[Request, P], HttpResponseBase]


def page(permission: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Mark a view as open to signed-in users that hold `permission`."""

    def mark(view: View[P]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor: Actor | None = request.actor
            if actor is None:
                return _to_sign_in(request)
            actor.require(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the start-up check
        return guarded

    return mark


def public_page(why: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Mark a view as open to everybody, saying why that is right."""

    def mark(view: View[P]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def opened(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        opened.permission = PUBLIC  # type: ignore[attr-defined]  # read by the start-up check
        opened.public_because = why  # type: ignore[attr-defined]
        return opened

    return mark


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
