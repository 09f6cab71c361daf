"""Teams: groups of users that work one queue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.ground.identity import actions, queries
from handsel.ground.identity.access import Request, page
from handsel.ground.identity.models import Team
from handsel.ground.kernel.errors import HandselError
from handsel.site.settings_pages.frame import field, posted, refusal, tabs


@page("settings.view")
def team_list(request: Request) -> HttpResponseBase:
    """All teams with their members."""
    names = queries.members_of_teams()
    new = {
        "label": _("New team"),
        "url": reverse("settings:team_new"),
        "method": "get",
        "kind": "primary",
        "icon": "plus",
        "ok": request.actor.may("settings.edit"),
        "why_not": _("Your role may not change settings"),
    }
    table = {
        "id": "teams",
        "caption": _("Teams"),
        "columns": [
            {"key": "name", "label": _("Team"), "format": "link"},
            {"key": "members", "label": _("Members")},
        ],
        "rows": [
            {
                "id": team.pk,
                "url": reverse("settings:team", args=[team.pk]),
                "cells": [team.name, ", ".join(names.get(team.pk, ()))],
            }
            for team in queries.teams()
        ],
        "empty": {
            "title": _("No teams"),
            "text": _("Make one for people who work the same queue."),
        },
    }
    context = {
        "header": {"title": _("Teams"), "actions": [new]},
        "tabs": tabs(request, "teams"),
        "table": table,
    }
    return render(request, "settings/list.html", context)


@page("settings.edit")
def team_new(request: Request) -> HttpResponseBase:
    """Make a team."""
    return _form(request, None)


@page("settings.edit")
def team_record(request: Request, team_id: int) -> HttpResponseBase:
    """Rename a team or change who is in it."""
    return _form(request, queries.get_team(team_id))


def _form(request: Request, team: Team | None) -> HttpResponseBase:
    values: dict[str, Any] = {"name": "", "members": []}
    if team is not None:
        values = {"name": team.name, "members": [str(k) for k in queries.members_of(team.pk)]}
    refused: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        values = {
            "name": request.POST.get("name", "").strip(),
            "members": request.POST.getlist("members"),
        }
        try:
            route = f"team.{team.pk if team else 'new'}"
            posted(request, route, lambda: _save(request, team, values))
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("settings:teams"))
        except HandselError as failure:
            refused = refusal(failure)
    people = [(str(user.pk), user.name) for user in queries.active_users()]
    errors = refused["errors"]
    context = {
        "header": {
            "title": team.name if team else _("New team"),
            "trail": [(_("Teams"), reverse("settings:teams"))],
        },
        "tabs": tabs(request, "teams"),
        "fields": [
            field("name", _("Name"), values, errors, required=True),
            field("members", _("Members"), values, errors, type="checkboxes", options=people),
        ],
        "notice": refused.get("notice"),
        "save": _("Save"),
        "back_url": reverse("settings:teams"),
    }
    failed = bool(refused.get("notice"))
    return render(request, "settings/form.html", context, status=422 if failed else 200)


def _save(request: Request, team: Team | None, values: dict[str, Any]) -> int:
    known = {str(user.pk): user.pk for user in queries.active_users()}
    members = [known[key] for key in values["members"] if key in known]
    who: dict[str, Any] = {"actor": request.actor, "now": request.now}
    if team is None:
        return actions.create_team(**who, name=values["name"], members=members).pk
    return actions.revise_team(**who, team_id=team.pk, name=values["name"], members=members).pk
