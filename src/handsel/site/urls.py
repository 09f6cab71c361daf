"""Every address: the rooms in stream order, what the public may open, sign-in, the API."""

from __future__ import annotations

import importlib

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from handsel import stream
from handsel.site import home, sign_in
from handsel.site.rest import api

handler400 = "handsel.site.home.unreadable"
handler404 = "handsel.site.home.not_found"
handler500 = "handsel.site.home.broken"


def room_urls() -> list[URLPattern | URLResolver]:
    """`/<room>/…` for staff, and the public addresses that rooms declare."""
    found: list[URLPattern | URLResolver] = []
    for room in stream.ROOMS:
        if "web" in room.without:
            continue
        web = importlib.import_module(f"{room.module}.web")
        found.append(path(f"{room.name}/", include((web.urlpatterns, room.name))))
        public = getattr(web, "public_urlpatterns", [])
        if public:
            found.append(path("", include((public, f"{room.name}_public"))))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("api/", api.urls),  # first, so that a program's call asks no page whether it is meant
    *home.urlpatterns,
    *room_urls(),
    path("ui/", include("handsel.site.shell.urls")),
    path("settings/", include("handsel.site.settings_pages.urls")),
    path("sign-in/", include(sign_in.urlpatterns)),
    path("sign-in/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
]
