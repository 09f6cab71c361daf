"""Making and changing the public forms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.attract.lead import actions, queries
from handsel.attract.lead.models import CaptureForm
from handsel.ground.identity.access import Request, page
from handsel.ground.party.queries import default_seller
from handsel.ground.platform.posted import go_to, once_posted


@page("lead.edit")
def form_list(request: Request) -> HttpResponseBase:
    """The forms of the user's sellers, with their addresses."""
    rows = [
        {
            "id": form.pk,
            "url": reverse("lead:form", args=[form.pk]),
            "state": "" if form.is_active else "muted",
            "cells": [
                form.title,
                f"/form/{form.key}/",
                form.source,
                (_("on"), "good") if form.is_active else (_("off"), "ended"),
            ],
        }
        for form in queries.forms(request.actor)[:200]
    ]
    table = {
        "id": "forms",
        "caption": _("Forms"),
        "columns": [
            {"key": "title", "label": _("Form"), "format": "link"},
            {"key": "key", "label": _("Address")},
            {"key": "source", "label": _("Source"), "phone": False},
            {"key": "state", "label": _("State"), "format": "badge"},
        ],
        "rows": rows,
        "empty": {
            "title": _("No forms yet"),
            "text": _("A form takes inquiries from your website, with their source."),
            "icon": "file-text",
            "action": {"label": _("New form"), "url": reverse("lead:form_new")},
        },
    }
    new = {
        "label": _("New form"),
        "url": reverse("lead:form_new"),
        "kind": "primary",
        "icon": "plus",
    }
    header = {
        "title": _("Forms"),
        "trail": [(_("Leads"), reverse("lead:list"))],
        "actions": [new],
    }
    return render(request, "lead/list.html", {"header": header, "table": table})


@page("lead.edit")
def form_new(request: Request) -> HttpResponseBase:
    """Make a form."""
    if request.method != "POST":
        fields = [_key_field(), *_fields(request, None)]
        header = {"title": _("New form"), "trail": [(_("Forms"), reverse("lead:forms"))]}
        return render(request, "lead/form_edit.html", {"header": header, "fields": fields})

    def effect() -> dict[str, Any]:
        made = actions.create_form(
            actor=request.actor,
            now=request.now,
            seller_id=default_seller(request.actor).pk,
            key=request.POST.get("key", "").strip(),
            **_facts(request),
        )
        return {"id": made.pk}

    made = once_posted(
        request, actor=request.actor, now=request.now, route="lead:form_new", effect=effect
    )
    messages.success(request, _("The form is there"))
    return go_to(request, reverse("lead:form", args=[made["id"]]))


@page("lead.edit")
def form_edit(request: Request, form_id: int) -> HttpResponseBase:
    """Change a form; shows how to put it on a website."""
    form = queries.get_form(request.actor, form_id)
    if request.method != "POST":
        address = f"{settings.PUBLIC_BASE_URL}{reverse('lead_public:form', args=[form.key])}"
        header = {
            "title": form.title,
            "state": (_("on"), "good") if form.is_active else (_("off"), "ended"),
            "trail": [(_("Forms"), reverse("lead:forms"))],
            "actions": [
                {
                    "label": _("Look at it"),
                    "url": reverse("lead_public:form", args=[form.key]),
                    "icon": "eye",
                    "new_tab": True,
                }
            ],
        }
        context = {
            "header": header,
            "fields": _fields(request, form),
            "address": address,
            "embed": f'<iframe src="{address}" title="{form.title}" width="100%" height="760">'
            "</iframe>",
        }
        return render(request, "lead/form_edit.html", context)

    def effect() -> dict[str, Any]:
        actions.revise_form(
            actor=request.actor, now=request.now, form_id=form_id, facts=_facts(request)
        )
        return {}

    route = f"lead:form:{form_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, _("The form is changed"))
    return go_to(request, reverse("lead:form", args=[form_id]))


def _facts(request: Request) -> dict[str, Any]:
    values = request.POST
    owner = values.get("owner_id", "")
    return {
        "title": values.get("title", ""),
        "intro": values.get("intro", ""),
        "language": "de" if values.get("language") == "de" else "en",
        "source": values.get("source", ""),
        "interest_choices": values.get("interest_choices", "").splitlines(),
        "consent_text": values.get("consent_text", ""),
        "frame_ancestors": values.get("frame_ancestors", "").splitlines(),
        "owner_id": int(owner) if owner.isdecimal() and len(owner) < 18 else None,
        "is_active": bool(values.get("is_active")),
    }


def _key_field() -> dict[str, Any]:
    return {
        "name": "key",
        "label": _("Address"),
        "required": True,
        "placeholder": "contact",
        "pattern": "[a-z0-9][a-z0-9\\-]*",
        "help": _("The form stands at /form/address/ and keeps that address."),
    }


def _fields(request: Request, form: CaptureForm | None) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title"), "required": True},
        {"name": "intro", "label": _("Introduction"), "type": "textarea", "rows": 2},
        {
            "name": "language",
            "label": _("Language"),
            "type": "select",
            "required": True,
            "options": settings.LANGUAGES,
        },
        {"name": "source", "label": _("Source"), "help": _("Where a link names no source itself")},
        {
            "name": "interest_choices",
            "label": _("Choices"),
            "type": "textarea",
            "help": _("What it can be about, one a line"),
        },
        {
            "name": "consent_text",
            "label": _("Consent"),
            "type": "textarea",
            "help": _("Asked with a box that is not ticked; kept with the time when it is."),
        },
        {
            "name": "frame_ancestors",
            "label": _("Pages that may embed it"),
            "type": "textarea",
            "rows": 2,
            "help": _("One origin a line, such as https://www.example.com"),
        },
        {
            "name": "owner_id",
            "label": _("Owner of its leads"),
            "type": "select",
            "options": [("", _("Nobody")), *queries.owners(request.actor)],
        },
        {"name": "is_active", "label": _("The form is on"), "type": "checkbox"},
    ]
    for field in fields:
        field["value"] = _value(form, field["name"])
    return fields


def _value(form: CaptureForm | None, name: str) -> Any:
    if form is None:
        return name == "is_active" or ""
    value = getattr(form, name)
    return "\n".join(value) if isinstance(value, list) else value
