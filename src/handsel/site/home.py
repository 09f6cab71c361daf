"""The first page, health, the API's document, and the pages for what is not there."""

from __future__ import annotations

import json

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import path

from handsel.ground.identity.access import Request, page, public_page
from handsel.site.middleware import error_page


@page("home.view")
def home(request: Request) -> HttpResponseBase:
    """What needs this user's hand today."""
    return render(request, "house/home.html", {})


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
    return error_page(request, 404, "This page does not exist.")


def broken(request: HttpRequest) -> HttpResponse:
    """The page when even the error page failed."""
    return HttpResponse("Something failed here. Nothing was changed.\n", status=500)


urlpatterns = [
    path("health/", health, name="health"),
    path("openapi.json", openapi, name="openapi"),
]
