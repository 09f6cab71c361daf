"""Oneself: name, language and time zone, and where the sign-in is made safe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.ground.identity import actions, queries
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError
from handsel.site.settings_pages.frame import field, posted, refusal, tabs


@page("home.view")
def profile(request: Request) -> HttpResponseBase:
    """What one can change about oneself."""
    me = queries.get_user(request.actor.user_id or 0)
    values: dict[str, Any] = {
        "name": me.name,
        "language": me.language,
        "time_zone": me.time_zone,
    }
    refused: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip() for name in values}
        try:
            posted(
                request,
                "profile",
                lambda: (
                    actions.revise_user(
                        actor=request.actor, now=request.now, user_id=me.pk, facts=values
                    ).pk
                ),
            )
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("settings:profile"))
        except HandselError as failure:
            refused = refusal(failure)
    languages = [(code, str(name)) for code, name in settings.LANGUAGES]
    errors = refused["errors"]
    context = {
        "header": {"title": _("My profile"), "subtitle": me.email},
        "tabs": tabs(request, "profile"),
        "fields": [
            field("name", _("Name"), values, errors, required=True),
            field("language", _("Language"), values, errors, type="select", options=languages),
            field("time_zone", _("Time zone"), values, errors, required=True),
        ],
        "notice": refused.get("notice"),
        "save": _("Save"),
        "back_url": reverse("home"),
    }
    return render(request, "settings/form.html", context, status=422 if errors else 200)
