"""One's own API keys: made here, shown once, revoked here."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.ground.identity import actions, queries
from handsel.ground.identity.access import Request, page
from handsel.ground.identity.errors import KeyNotAllowed
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.grammar import parse_date
from handsel.site.permission_words import permission_title
from handsel.site.roles import PERMISSIONS
from handsel.site.settings_pages.frame import field, posted, refusal, tabs
from handsel.site.settings_pages.users import keys_table


@page("home.view")
def key_list(request: Request) -> HttpResponseBase:
    """The keys of who asks; a new one is shown once, on the page that answers the form."""
    me = _me(request)
    secret = ""
    refused: dict[str, Any] = {"errors": {}}
    values: dict[str, Any] = {"label": "", "permissions": []}
    if request.method == "POST":
        values = {
            "label": request.POST.get("label", "").strip(),
            "expires_on": request.POST.get("expires_on", "").strip(),
            "permissions": request.POST.getlist("permissions"),
        }
        try:
            secret = _make(request, me, values)
            values = {"label": "", "permissions": []}
        except HandselError as failure:
            refused = refusal(failure)
    keys = list(queries.api_keys_of(me))
    context = {
        "header": {"title": _("My API keys")},
        "tabs": tabs(request, "keys"),
        "fields": _fields(request, values, refused["errors"]),
        "notice": refused.get("notice"),
        "secret": secret,
        "table": keys_table(request, keys),
        "live": [key for key in keys if key.revoked_at is None],
    }
    failed = bool(refused.get("notice"))
    response = render(request, "settings/keys.html", context, status=422 if failed else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _me(request: Request) -> int:
    if request.actor.user_id is None:
        raise KeyNotAllowed("only a person who is signed in has keys")
    return request.actor.user_id


def _make(request: Request, me: int, values: dict[str, Any]) -> str:
    """The new secret; empty when this form was sent before, for a secret is kept nowhere."""
    made: list[str] = []

    def effect() -> int:
        key, secret = actions.create_api_key(
            actor=request.actor,
            now=request.now,
            user_id=me,
            label=values["label"],
            permissions=values["permissions"],
            expires_at=_end_of(values["expires_on"], queries.get_user(me).time_zone),
        )
        made.append(secret)
        return key.pk

    posted(request, "key.new", effect)
    return made[0] if made else ""


def _end_of(day: str, zone: str) -> datetime | None:
    """When a key ends that is good until and including a day in its user's zone."""
    if not day:
        return None
    following = parse_date(day) + timedelta(days=1)
    return datetime.combine(following, time(), ZoneInfo(zone))


def _fields(
    request: Request, values: dict[str, Any], errors: dict[str, str]
) -> list[dict[str, Any]]:
    held = [(code, permission_title(code)) for code in PERMISSIONS if request.actor.may(code)]
    return [
        field("label", _("What it is for"), values, errors, required=True, autocomplete="off"),
        field("expires_on", _("Good until"), values, errors, type="date"),
        field(
            "permissions",
            _("May only"),
            values,
            errors,
            type="checkboxes",
            options=held,
            help=_("Nothing chosen: the key may do whatever you may."),
        ),
    ]


@require_POST
@page("home.view")
def key_revoke(request: Request, key_id: int) -> HttpResponseBase:
    """End a key of one's own."""
    me = _me(request)
    posted(
        request,
        f"key.{key_id}.revoke",
        lambda: actions.revoke_api_key(
            actor=request.actor, now=request.now, user_id=me, key_id=key_id
        ),
    )
    return HttpResponseRedirect(reverse("settings:keys"))
