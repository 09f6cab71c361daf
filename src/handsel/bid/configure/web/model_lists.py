"""Product models and laws between lines: what there is, and new ones begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.web.heads import product_id
from handsel.bid.configure.web.parts import number_in
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party import queries as party
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted

FIRST_TEXT = """model new_product "New product"

group main "Main"
  enum size "Size"
    - small "Small"
    - large "Large"
    default small
"""
FIRST_LAWS = """model lines_together "Lines together"

line first of "a-model" "A line of the quote"
line second of "a-model" after first "The next line"

# law L1: second.speed >= first.speed
#   "What a seller reads."
"""


@page("configure.model")
def models(request: Request) -> HttpResponseBase:
    """All product models."""
    table = {
        "id": "models",
        "caption": _("Product models"),
        "columns": [
            {"key": "title", "label": _("Product model"), "format": "link"},
            {"key": "product", "label": _("Product"), "phone": False},
            {"key": "version", "label": _("In use")},
            {"key": "draft", "label": _("In work")},
        ],
        "rows": [_model_row(model) for model in queries.models()],
        "empty": {"title": _("No product models yet"), "text": _("Begin one."), "icon": "settings"},
    }
    new = {"label": _("New model"), "url": reverse("configure:model_new"), "kind": "primary"}
    laws = {
        "label": _("Laws between lines"),
        "url": reverse("configure:laws"),
        "icon": "scale",
    }
    header = {
        "title": _("Product models"),
        "trail": [(_("Configurations"), reverse("configure:list"))],
        "actions": [{**new, "icon": "plus"}, laws],
    }
    return render(request, "configure/list.html", {"header": header, "table": table})


@page("configure.model")
def laws(request: Request) -> HttpResponseBase:
    """All texts of laws between the lines of quotes, of the reader's sellers."""
    table = {
        "id": "laws",
        "caption": _("Laws between lines"),
        "columns": [
            {"key": "title", "label": _("Laws between lines"), "format": "link"},
            {"key": "seller", "label": _("Seller"), "phone": False},
            {"key": "version", "label": _("In use")},
            {"key": "draft", "label": _("In work")},
        ],
        "rows": [_model_row(one) for one in queries.law_sets(request.actor)],
        "empty": {
            "title": _("No laws between lines yet"),
            "text": _("They say which lines fit together in one quote."),
            "icon": "settings",
        },
    }
    new_laws = {"label": _("New laws"), "url": reverse("configure:laws_new"), "kind": "primary"}
    header = {
        "title": _("Laws between lines"),
        "trail": [(_("Product models"), reverse("configure:models"))],
        "actions": [{**new_laws, "icon": "plus"}],
    }
    return render(request, "configure/list.html", {"header": header, "table": table})


def _model_row(model: ConfigurationModel) -> dict[str, Any]:
    numbers = {one.state: one.version_no for one in queries.versions_of(model.pk)}
    draft = numbers.get("tested") or numbers.get("draft")
    return {
        "id": model.pk,
        "url": reverse("configure:model", args=[model.pk]),
        "cells": [
            (shown_name(model.called), model.key),
            belongs(model),
            _("version %(no)s") % {"no": numbers["published"]} if "published" in numbers else "–",
            _("version %(no)s") % {"no": draft} if draft else "–",
        ],
    }


def belongs(model: ConfigurationModel) -> str:
    """The product a model configures; of laws their seller."""
    if model.is_laws:
        return model.seller.name if model.seller else ""
    if model.product is None:
        return ""
    return f"{model.product.sku} {shown_name(model.product.called)}"


@dataclass(frozen=True, slots=True)
class _Begun:
    """What differs between beginning a model and beginning laws: the words, one field, the act."""

    title: str
    example: str
    field: dict[str, Any]
    address: str
    back: str
    route: str
    draft: Callable[..., ModelVersion]
    source: str
    # The field's value as the act takes it.
    belongs: Callable[[str], dict[str, int | None]]


@page("configure.model")
def new_laws(request: Request) -> HttpResponseBase:
    """Begin a text of laws between lines."""
    sellers = [(str(one.pk), one.name) for one in party.sellers_of(request.actor)]
    return _begin(
        request,
        _Begun(
            title=_("New laws"),
            example=_("Such as conveyor-lines"),
            field={
                "name": "seller",
                "label": _("Seller"),
                "type": "select",
                "options": sellers,
            },
            address=reverse("configure:laws_new"),
            back=reverse("configure:laws"),
            route="configure.draft_laws",
            draft=actions.draft_laws,
            source=FIRST_LAWS,
            belongs=lambda seller: {"seller_id": number_in(seller)},
        ),
    )


@page("configure.model")
def new(request: Request) -> HttpResponseBase:
    """Begin a model."""
    return _begin(
        request,
        _Begun(
            title=_("New model"),
            example=_("Such as belt-conveyor"),
            field={"name": "sku", "label": _("Article number of the product it configures")},
            address=reverse("configure:model_new"),
            back=reverse("configure:models"),
            route="configure.draft_model",
            draft=actions.draft_model,
            source=FIRST_TEXT,
            belongs=lambda sku: {"product_id": product_id(sku)},
        ),
    )


def _begin(request: Request, what: _Begun) -> HttpResponseBase:
    own = str(what.field["name"])
    values = {name: request.POST.get(name, "").strip() for name in ("key", "title", own)}
    errors: dict[str, str] = {}
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            made = what.draft(
                actor=request.actor,
                now=request.now,
                key=values["key"],
                title=values["title"],
                source=what.source,
                **what.belongs(values[own]),
            )
            return {"id": made.model_id}

        try:
            done = once_posted(
                request,
                actor=request.actor,
                now=request.now,
                route=what.route,
                effect=effect,
            )
            return go_to(request, reverse("configure:version", args=[done["id"], 1]))
        except Invalid as wrong:
            errors = wrong.fields
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title"), "required": True},
        {"name": "key", "label": _("Key"), "required": True, "help": what.example},
        dict(what.field),
    ]
    for field in fields:
        name = str(field["name"])
        field |= {"value": values[name], "error": errors.get(name, "")}
    context = {
        "title": what.title,
        "fields": fields,
        "submit": _("Begin"),
        "action_url": what.address,
        "back_url": what.back,
    }
    return render(request, "configure/form.html", context, status=422 if errors else 200)


def home(model: ConfigurationModel) -> tuple[str, str]:
    """The list a model stands in, for the trail."""
    if model.is_laws:
        return _("Laws between lines"), reverse("configure:laws")
    return _("Product models"), reverse("configure:models")
