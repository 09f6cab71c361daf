"""Pages of quotes: for staff, and the one a buyer opens by his link."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import path

from handsel.ground.identity.access import Request, page, public_page


@page("quote.view")
def record(request: Request, quote_id: int) -> HttpResponseBase:
    """One quote."""
    return HttpResponse()


@public_page("the token in the link is the permission")
def offer(request: Request, token: str) -> HttpResponseBase:
    """The offer."""
    return HttpResponse()


urlpatterns = [path("<int:quote_id>/", record, name="record")]
public_urlpatterns = [path("offer/<str:token>/", offer, name="offer")]
