"""The groups of products: what each is called in the languages of those who read lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.web.parts import asked, posted
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import name_from, name_values, texts_of
from handsel.ground.platform.naming import name_field, shown_name
from handsel.ground.platform.posted import go_to


@page("catalog.view")
def group_list(request: Request) -> HttpResponseBase:
    """All groups in use."""
    may = request.actor.may("catalog.edit")
    table = {
        "id": "groups",
        "caption": _("Product groups"),
        "columns": [
            {"key": "name", "label": _("Name"), "format": "link"},
            {"key": "languages", "label": _("In other languages")},
        ],
        "rows": [_row(key, name, may=may) for key, name in queries.group_names().items()],
        "empty": {
            "title": _("No product groups"),
            "text": _("A product says which group it is in."),
            "icon": "package",
        },
    }
    trail = [(_("Products"), reverse("catalog:list"))]
    header = {"title": _("Product groups"), "trail": trail}
    return render(request, "catalog/list.html", {"header": header, "table": table})


def _row(key: str, name: str, *, may: bool) -> dict[str, Any]:
    own = shown_name(name)
    others = [text for text in dict.fromkeys(texts_of(name).values()) if text != own]
    products = f"{reverse('catalog:list')}?{urlencode({'group': key})}"
    edit = f"{reverse('catalog:group')}?{urlencode({'key': key})}"
    return {
        "id": key,
        "url": edit if may else products,
        "cells": [(own, key if key != own else ""), " · ".join(others)],
    }


@page("catalog.edit")
def group_edit(request: Request) -> HttpResponseBase:
    """What one group is called."""
    key = asked(request, "key")
    name = queries.group_names().get(key, key)
    typed, wrong = name_values("name", name), None
    if request.method == "POST":
        typed = {field: posted(request, field) for field in request.POST}
        try:
            actions.name_group(
                actor=request.actor, now=request.now, key=key, name=name_from("name", typed)
            )
        except Invalid as refused:
            wrong = refused
        else:
            return go_to(request, reverse("catalog:groups"))
    field = {
        "name": "name",
        "label": _("Name"),
        "help": _("Products and price rules keep the key %(key)s.") % {"key": key},
        "error": "; ".join(wrong.fields.values()) if wrong else "",
    }
    trail = [
        (_("Products"), reverse("catalog:list")),
        (_("Product groups"), reverse("catalog:groups")),
    ]
    context = {
        "header": {"title": shown_name(name), "trail": trail},
        "fields": [name_field(field, typed)],
        "action_url": request.get_full_path(),
        "submit": _("Save the group"),
    }
    return render(request, "catalog/form.html", context, status=422 if wrong else 200)
