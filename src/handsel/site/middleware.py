"""What happens around every request: host, headers, who asks, and how refusals look."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext

from handsel.ground.kernel.clock import Clock, SystemClock, zone
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.said import worded
from handsel.site.actors import actor_of

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("handsel.site")
clock: Clock = SystemClock()


def known_host(get_response: Handler) -> Handler:
    """Answer 421 to a request for a host that is not ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return HttpResponse("This host is not served here.\n", status=421)
        return get_response(request)

    return middleware


def content_security_policy(get_response: Handler) -> Handler:
    """A strict policy: our own files, scripts by nonce, no third-party host."""

    def middleware(request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # read by the frame's template
        response = get_response(request)
        ancestors = getattr(response, "frame_ancestors", "'none'")
        if "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = (
                f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
                "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
                f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
            )
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response

    return middleware


class ActorMiddleware:
    """Gives every request its actor (or None) and the present instant."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Set `request.actor` and `request.now`; speak the user's language, show his clock."""
        request.now = clock.now()
        request.actor = actor_of(request)
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if "django_language" not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(zone(user.time_zone)):
            return self.get_response(request)


class ErrorPageMiddleware:
    """Turns expected failures into pages that say what happened and what was kept."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, failure: Exception) -> HttpResponse | None:
        """A page for the failure; unexpected ones get an incident id and are logged."""
        if type(failure).__module__.startswith("allauth."):
            return None  # sign-in answers its own: "confirm who you are first"
        if isinstance(failure, HandselError):
            message = worded(failure.message, gettext)
            return error_page(request, failure.http_status, message, failure)
        if isinstance(failure, Http404):
            return error_page(request, 404, gettext("This page does not exist."))
        if isinstance(failure, PermissionDenied):
            return error_page(request, 403, gettext("This is not allowed."))
        if isinstance(failure, (BadRequest, SuspiciousOperation)):
            return unreadable_page(request, failure)
        if settings.DEBUG:
            return None
        incident = uuid.uuid4().hex[:12]
        log.error("incident %s at %s", incident, request.path, exc_info=failure)
        return error_page(request, 500, "", incident=incident)


def unreadable_page(request: HttpRequest, failure: Exception) -> HttpResponse:
    """The page for a request that cannot be read, or is more than is read (413)."""
    if isinstance(failure, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        told = gettext("More than %(limit)s MB arrived at once.") % {"limit": limit}
        return error_page(request, 413, told)
    if isinstance(failure, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        told = gettext("More than %(most)s fields arrived at once.") % {"most": f"{most:,}"}
        return error_page(request, 413, told)
    return error_page(request, 400, gettext("This request cannot be read."))


def error_page(
    request: HttpRequest,
    status: int,
    message: str,
    failure: HandselError | None = None,
    incident: str = "",
) -> HttpResponse:
    """The shell's error page, its fragment when htmx asked, a problem document for a program."""
    if _is_program(request):
        return _problem(status, message, failure)
    template = "shell/error_fragment.html" if _is_fragment(request) else "shell/error.html"
    context = {
        "status": status,
        "message": message,
        "fields": getattr(failure, "fields", {}),
        "incident": incident,
        "back_url": request.headers.get("Referer", "/"),
    }
    response = render(request, template, context, status=status)
    if _is_fragment(request):
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML"
    return response


def _problem(status: int, message: str, failure: HandselError | None) -> HttpResponse:
    from handsel.site import rest

    code = failure.code if failure else _CODES.get(status, "refused")
    return rest.problem(status, code, message, getattr(failure, "fields", {}))


_CODES = {400: "unreadable", 403: "forbidden", 404: "not_found", 413: "too_large"}


def _is_program(request: HttpRequest) -> bool:
    """Whether JSON is what was sent or is wanted: a call of the API, or a component of a page."""
    wanted = (request.content_type or "", request.headers.get("Accept", ""))
    return request.path.startswith("/api/") or "application/json" in wanted


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")
