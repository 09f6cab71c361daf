"""The first page, health, the API's document, and the pages for what is not there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from handsel.ground.identity.access import Request, page, public_page
from handsel.ground.platform import installation
from handsel.site.middleware import error_page, unreadable_page
from handsel.site.shell import formats


@page("home.view")
def home(request: Request) -> HttpResponseBase:
    """What needs this user's hand today."""
    from handsel.site.today import queues, rows

    user = getattr(request, "user", None)
    zone = ZoneInfo(getattr(user, "time_zone", "") or "UTC")
    today = request.now.astimezone(zone).date()
    found = queues.queues_of(request.actor, today)
    stats = [
        {
            "label": str(queue.short),
            "value": len(work) if len(work) < rows.MOST else f"{rows.MOST - 1}+",
            "kind": queue.kind if work and queue.kind != "progress" else "",
            "url": f"#{queue.key}" if work else queues.list_address(queue),
        }
        for queue, work in found
    ]
    tasks = [
        {
            "id": queue.key,
            "title": str(queue.title),
            "count": len(work),
            "url": queues.list_address(queue) if len(work) > queues.SHOWN else "",
            "table": queues.table_of(queue, work),
        }
        for queue, work in found
        if work
    ]
    context = {
        "header": {
            "title": _("Today"),
            "subtitle": format_date(today, "full", formats.reader().locale),
        },
        "stats": stats,
        "tasks": tasks,
        "held": request.actor.may("settings.view") and installation.is_quarantined(),
        "homeless": not request.actor.seller_ids,
        "nothing": _nothing(found),
    }
    return render(request, "house/home.html", context)


def _nothing(found: Sequence[object]) -> dict[str, str]:
    if found:
        return {
            "title": _("Nothing waits for you"),
            "text": _("What needs your hand appears here by itself."),
            "icon": "circle-check",
        }
    return {
        "title": _("Welcome"),
        "text": _("Your role has no daily work here; the menu leads to what you may see."),
        "icon": "info",
    }


@public_page("a load balancer asks it; it tells nothing but that the program answers")
def health(request: Request) -> HttpResponseBase:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@public_page("the document describes addresses, not data")
def openapi(request: Request) -> HttpResponseBase:
    """The API's OpenAPI document."""
    from handsel.site import rest

    return JsonResponse(json.loads(json.dumps(rest.openapi(), default=str)))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address that leads nowhere."""
    return error_page(request, 404, _("This page does not exist."))


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what cannot be read, or is too much, before any page is asked."""
    return unreadable_page(request, exception)


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was opened before its reader signed in anew."""
    told = _("This page was opened before you signed in anew. Load it again; nothing was changed.")
    return error_page(request, 403, told)


def broken(request: HttpRequest) -> HttpResponse:
    """The page when even the error page failed."""
    return HttpResponse("Something failed here. Nothing was changed.\n", status=500)


urlpatterns = [
    path("health/", health, name="health"),
    path("openapi.json", openapi, name="openapi"),
]
