"""Users: who may sign in, what they may do, for which legal entities."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.ground.identity import actions, queries
from handsel.ground.identity.access import Request, page
from handsel.ground.identity.models import ApiKey, User
from handsel.ground.kernel.errors import HandselError
from handsel.ground.party import actions as party_actions
from handsel.ground.party import queries as party
from handsel.ground.platform.timeline_view import timeline_of
from handsel.site.permission_words import permission_title
from handsel.site.roles import ROLES
from handsel.site.settings_pages.frame import (
    field,
    page_address,
    posted,
    refusal,
    start_of,
    tabs,
)
from handsel.site.sign_in import make_sign_in_link

PAGE_SIZE = 50


@page("settings.view")
def user_list(request: Request) -> HttpResponseBase:
    """Everybody of the house, active ones first."""
    text, start = request.GET.get("q", "").strip()[:100], start_of(request)
    found = list(queries.users(text)[start : start + PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    new = {
        "label": _("New user"),
        "url": reverse("settings:user_new"),
        "method": "get",
        "kind": "primary",
        "icon": "plus",
        "ok": request.actor.may("settings.edit"),
        "why_not": _("Your role may not change settings"),
    }
    table = {
        "id": "users",
        "caption": _("Users"),
        "columns": [
            {"key": "name", "label": _("Name"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "roles", "label": _("Roles")},
            {"key": "sellers", "label": _("Works for"), "phone": False},
        ],
        "rows": _rows(request, shown),
        "search": text,
        "search_label": _("Search by name or address"),
        "shown": f"{start + 1}–{start + len(shown)}" if shown else "",
        "previous_url": page_address(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": page_address(request, start + PAGE_SIZE) if len(found) > PAGE_SIZE else "",
    }
    context = {
        "header": {"title": _("Users"), "actions": [new]},
        "tabs": tabs(request, "users"),
        "table": table,
    }
    return render(request, "settings/list.html", context)


def _rows(request: Request, shown: list[User]) -> list[dict[str, Any]]:
    keys = [user.pk for user in shown]
    held, seats = queries.roles_of_users(keys), party.sellers_of_users(keys)
    names = {seller.pk: seller.name for seller in party.sellers_of(request.actor)}
    return [
        {
            "id": user.pk,
            "url": reverse("settings:user", args=[user.pk]),
            "state": "" if user.is_active else "muted",
            "cells": [
                (user.name, user.email),
                _state(user),
                ", ".join(str(_(ROLES[role])) for role in held.get(user.pk, ()) if role in ROLES),
                ", ".join(names[key] for key in seats.get(user.pk, ()) if key in names),
            ],
        }
        for user in shown
    ]


def _state(user: User) -> tuple[str, str]:
    if not user.is_active:
        return _("Deactivated"), "ended"
    return (_("Active"), "good") if user.has_usable_password() else (_("Invited"), "progress")


@page("settings.edit")
def user_new(request: Request) -> HttpResponseBase:
    """Add somebody who may sign in; he chooses his password by a link."""
    values: dict[str, Any] = {"language": "en", "time_zone": "Europe/Berlin"}
    values["sellers"] = [str(seller.pk) for seller in party.sellers_of(request.actor)]
    refused: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        values = _posted_values(request)
        try:
            answer = posted(request, "user.new", lambda: _create(request, values))
            return HttpResponseRedirect(reverse("settings:user", args=[answer["id"]]))
        except HandselError as failure:
            refused = refusal(failure)
    context = {
        "header": {"title": _("New user"), "trail": [(_("Users"), reverse("settings:users"))]},
        "tabs": tabs(request, "users"),
        "fields": _fields(request, values, refused["errors"], is_new=True),
        "notice": refused.get("notice"),
        "save": _("Add user"),
        "back_url": reverse("settings:users"),
    }
    return render(request, "settings/form.html", context, status=422 if refused["errors"] else 200)


def _posted_values(request: Request) -> dict[str, Any]:
    single = {
        name: request.POST.get(name, "").strip()
        for name in ("email", "name", "language", "time_zone")
    }
    lists = {name: request.POST.getlist(name) for name in ("roles", "sellers")}
    return {**single, **lists}


@transaction.atomic
def _create(request: Request, values: dict[str, Any]) -> int:
    user = actions.create_user(
        actor=request.actor,
        now=request.now,
        email=values["email"],
        name=values["name"],
        password=None,
        roles=values["roles"],
        language=values["language"],
        time_zone=values["time_zone"],
    )
    _seat(request, user.pk, values["sellers"])
    return user.pk


def _seat(request: Request, user_id: int, wanted: list[str]) -> None:
    """Give and take seats at the sellers the administrator himself works for; others stay."""
    held = set(party.sellers_of_users([user_id]).get(user_id, ()))
    for seller in party.sellers_of(request.actor):
        change = None
        if str(seller.pk) in wanted and seller.pk not in held:
            change = party_actions.add_seller_member
        elif str(seller.pk) not in wanted and seller.pk in held:
            change = party_actions.remove_seller_member
        if change is not None:
            change(actor=request.actor, now=request.now, seller_id=seller.pk, user_id=user_id)


def _fields(
    request: Request, values: dict[str, Any], errors: dict[str, str], *, is_new: bool
) -> list[dict[str, Any]]:
    roles = [(code, str(_(title))) for code, title in ROLES.items()]
    sellers = [(str(one.pk), one.name) for one in party.sellers_of(request.actor)]
    address = field("email", _("E-mail"), values, errors, type="email", required=True)
    languages = [(code, str(name)) for code, name in settings.LANGUAGES]
    return [
        *([address] if is_new else []),
        field("name", _("Name"), values, errors, required=True, autocomplete="off"),
        field("language", _("Language"), values, errors, type="select", options=languages),
        field("time_zone", _("Time zone"), values, errors, required=True),
        field("roles", _("Roles"), values, errors, type="checkboxes", options=roles, required=True),
        field(
            "sellers",
            _("Works for"),
            values,
            errors,
            type="checkboxes",
            options=sellers,
            required=True,
        ),
    ]


@page("settings.view")
def user_record(request: Request, user_id: int) -> HttpResponseBase:
    """One user: who he is, what he may do, his keys, what happened."""
    user = queries.get_user(user_id)
    values: dict[str, Any] = {
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "roles": queries.roles_of(user_id),
        "sellers": [str(key) for key in party.sellers_of_users([user_id]).get(user_id, ())],
    }
    refused: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        request.actor.require("settings.edit")
        values = _posted_values(request)
        try:
            posted(request, f"user.{user_id}", lambda: _revise(request, user_id, values))
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("settings:user", args=[user_id]))
        except HandselError as failure:
            refused = refusal(failure)
    return _record(request, user, values, refused)


def _record(
    request: Request, user: User, values: dict[str, Any], refused: dict[str, Any], **more: Any
) -> HttpResponseBase:
    keys = queries.api_keys_of(user.pk)
    context = {
        "header": _header(request, user),
        "tabs": tabs(request, "users"),
        "fields": _fields(request, values, refused["errors"], is_new=False),
        "may_edit": request.actor.may("settings.edit"),
        "notice": refused.get("notice"),
        "keys_table": keys_table(request, list(keys)),
        "may_revoke": [key for key in keys if key.revoked_at is None],
        "person": user,
        "timeline": timeline_of(("user", user.pk), of_rooms=("identity", "party")),
        **more,
    }
    return render(request, "settings/user.html", context, status=422 if refused["errors"] else 200)


def keys_table(request: Request, keys: list[ApiKey]) -> dict[str, Any]:
    """The keys of a user; what they are for, never what they are."""
    return {
        "id": "keys",
        "caption": _("API keys"),
        "columns": [
            {"key": "label", "label": _("For"), "format": "text"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "prefix", "label": _("Begins with"), "phone": False},
            {"key": "rights", "label": _("May"), "phone": False},
            {"key": "used", "label": _("Last used"), "format": "instant"},
            {"key": "expires", "label": _("Expires"), "format": "instant", "phone": False},
        ],
        "rows": [
            {
                "id": key.pk,
                "cells": [
                    key.label,
                    _key_state(request, key),
                    f"{key.prefix}…",
                    ", ".join(permission_title(code) for code in key.permissions)
                    or _("all its user may"),
                    key.last_used_at,
                    key.expires_at,
                ],
            }
            for key in keys
        ],
        "empty": {"title": _("No keys"), "text": _("Programs sign in with a key of their own.")},
    }


def _held(codes: list[str]) -> str:
    return ", ".join(map(permission_title, codes)) or _("all its user may")


def _key_state(request: Request, key: ApiKey) -> tuple[str, str]:
    if key.revoked_at is not None:
        return _("Revoked"), "ended"
    if key.expires_at is not None and key.expires_at <= request.now:
        return _("Expired"), "ended"
    return _("Active"), "good"


@transaction.atomic
def _revise(request: Request, user_id: int, values: dict[str, Any]) -> int:
    facts = {name: values[name] for name in ("name", "language", "time_zone")}
    who: dict[str, Any] = {"actor": request.actor, "now": request.now, "user_id": user_id}
    actions.revise_user(**who, facts=facts)
    actions.set_roles(**who, roles=values["roles"])
    _seat(request, user_id, values["sellers"])
    return user_id


def _header(request: Request, user: User) -> dict[str, Any]:
    may = request.actor.may("settings.edit")
    link = {
        "label": _("Send a link to choose a password"),
        "url": reverse("settings:user_link", args=[user.pk]),
        "method": "post",
        "kind": "secondary" if user.has_usable_password() else "primary",
        "icon": "send",
    }
    off = {
        "label": _("Deactivate"),
        "url": reverse("settings:user_off", args=[user.pk]),
        "method": "post",
        "kind": "danger",
        "confirm": _("Deactivate %(name)s? His API keys end with it.") % {"name": user.name},
        "ok": user.pk != request.actor.user_id,
        "why_not": _("You cannot deactivate yourself"),
    }
    on = {
        "label": _("Let sign in again"),
        "url": reverse("settings:user_on", args=[user.pk]),
        "method": "post",
        "kind": "primary",
    }
    offered = [link, off] if user.is_active else [on]
    return {
        "title": user.name,
        "state": _state(user),
        "subtitle": user.email,
        "trail": [(_("Users"), reverse("settings:users"))],
        "actions": offered if may else [],
    }


@require_POST
@page("settings.edit")
def user_off(request: Request, user_id: int) -> HttpResponseBase:
    """Deactivate; not oneself, and not the last administrator."""
    queries.get_user(user_id)
    if user_id != request.actor.user_id:
        posted(
            request,
            f"user.{user_id}.off",
            lambda: actions.deactivate_user(actor=request.actor, now=request.now, user_id=user_id),
        )
    return HttpResponseRedirect(reverse("settings:user", args=[user_id]))


@require_POST
@page("settings.edit")
def user_on(request: Request, user_id: int) -> HttpResponseBase:
    """Let a user sign in again."""
    posted(
        request,
        f"user.{user_id}.on",
        lambda: actions.reactivate_user(actor=request.actor, now=request.now, user_id=user_id),
    )
    return HttpResponseRedirect(reverse("settings:user", args=[user_id]))


@require_POST
@page("settings.edit")
def user_link(request: Request, user_id: int) -> HttpResponseBase:
    """Mail a user the link by which he chooses a password."""
    user = queries.get_user(user_id)
    made = make_sign_in_link(actor=request.actor, now=request.now, user=user)
    messages.success(request, _("The link is on its way to %(email)s.") % {"email": user.email})
    if not made.is_shown:
        return HttpResponseRedirect(reverse("settings:user", args=[user_id]))
    values = {
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "roles": queries.roles_of(user_id),
        "sellers": [str(key) for key in party.sellers_of_users([user_id]).get(user_id, ())],
    }
    return _record(request, user, values, {"errors": {}}, link=made.url)


@require_POST
@page("settings.edit")
def key_revoke(request: Request, user_id: int, key_id: int) -> HttpResponseBase:
    """End a key of any user."""
    posted(
        request,
        f"key.{key_id}.revoke",
        lambda: actions.revoke_api_key(
            actor=request.actor, now=request.now, user_id=user_id, key_id=key_id
        ),
    )
    return HttpResponseRedirect(reverse("settings:user", args=[user_id]))
