"""Addresses for the shell's tests: its own, and a landing page for two rooms."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from handsel.ground.identity.access import public_page


def landing(request: HttpRequest) -> HttpResponse:
    """A room's first page."""
    return HttpResponse("a room")


landing.permission = "quote.view"  # type: ignore[attr-defined]  # as `page` would mark it
opened = public_page("a test")(landing)

urlpatterns = [
    path("", opened, name="home"),
    path("quote/", include(([path("", landing, name="list")], "quote"))),
    path("lead/", include(([path("", opened, name="list")], "lead"))),
    path("ui/", include("handsel.site.shell.urls")),
    path("language/", set_language, name="set_language"),
]
