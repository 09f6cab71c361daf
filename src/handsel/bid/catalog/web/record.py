"""The page of a product, and the form to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.facts import TRANSITIONS, ProductFacts
from handsel.bid.catalog.rules.product_file import COLUMNS
from handsel.bid.catalog.web import costs
from handsel.bid.catalog.web.parts import (
    KINDS,
    LIFECYCLES,
    TAX_CATEGORIES,
    posted,
    request_language,
)
from handsel.ground.document.units import unit_label
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.units import UNITS
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to, once_posted
from handsel.ground.platform.timeline_view import timeline_of


@page("catalog.view")
def record(request: Request, product_id: int) -> HttpResponseBase:
    """One product."""
    return product_page(request, product_id, costs.panel(request, product_id))


def product_page(
    request: Request, product_id: int, shown_costs: dict[str, Any] | None, status: int = 200
) -> HttpResponseBase:
    """The page of a product, with its costs for those who may see them."""
    product = queries.get_product(request.actor, product_id)
    context = {
        "product": product,
        "header": {
            "title": shown_name(product.called),
            "number": product.sku,
            "state": LIFECYCLES[product.lifecycle],
            "subtitle": _group(product),
            "trail": [(_("Products"), reverse("catalog:list"))],
            "actions": _record_actions(request, product),
        },
        "facts": _facts(product),
        "texts": queries.texts_of(product_id),
        "may_edit": request.actor.may("catalog.edit"),
        "text_fields": _text_fields(),
        "costs": shown_costs,
        "timeline": timeline_of(("product", product_id)),
    }
    return render(request, "catalog/record.html", context, status=status)


def _group(product: Product) -> str:
    names = queries.group_names() if product.group else {}
    return shown_name(names.get(product.group, product.group))


def _record_actions(request: Request, product: Product) -> list[dict[str, Any]]:
    may = request.actor.may("catalog.edit")
    why_not = _("Your role may not change products")
    found = [
        {
            "label": _("Edit"),
            "url": reverse("catalog:edit", args=[product.pk]),
            "icon": "pencil",
            "kind": "primary",
            "ok": may,
            "why_not": why_not,
        }
    ]
    words = {"active": _("Put on sale"), "phased_out": _("Phase out")}
    for target in sorted(TRANSITIONS[product.lifecycle]):
        found.append(
            {
                "label": words[target],
                "url": reverse("catalog:lifecycle", args=[product.pk]),
                "method": "post",
                "fields": {"lifecycle": target},
                "icon": "play" if target == "active" else "pause",
                "ok": may,
                "why_not": why_not,
            }
        )
    if not request.actor.may("price.view"):
        return found
    try:  # prices belong to a later room; the way there is its address
        prices = reverse("price:of_product", args=[product.pk])
        found.append({"label": _("Prices"), "url": prices, "icon": "tag"})
    except NoReverseMatch:
        pass
    return found


def _facts(product: Product) -> list[dict[str, Any]]:
    weight = None
    if product.weight_g is not None:
        weight = Quantity.parse(str(product.weight_g), "g").to("kg")
    facts: list[dict[str, Any]] = [
        {"label": _("Number"), "value": product.sku},
        {"label": _("Kind"), "value": KINDS[product.kind]},
        {"label": _("Group"), "value": _group(product)},
        {"label": _("Unit"), "value": unit_label(product.unit, request_language(), one=True)},
        {"label": _("Tax"), "value": TAX_CATEGORIES.get(product.tax_category, "")},
        {"label": _("Kept in stock"), "value": _("yes") if product.is_stocked else _("no")},
        {"label": _("Weight"), "value": weight, "format": "quantity"},
        {"label": _("Customs code"), "value": product.customs_code},
        {"label": _("Country of origin"), "value": product.country_of_origin},
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _text_fields() -> list[dict[str, Any]]:
    return [
        {
            "name": "language",
            "label": _("Language"),
            "type": "select",
            "options": settings.LANGUAGES,
            "required": True,
        },
        {"name": "name", "label": _("Name"), "help": _("Leave it empty to take the text away.")},
        {"name": "description", "label": _("Description"), "type": "textarea", "rows": 3},
    ]


@page("catalog.edit")
def new(request: Request) -> HttpResponseBase:
    """Add a product."""
    if request.method != "POST":
        return _form(request, None, _values(None), {})

    def effect() -> dict[str, Any]:
        product = actions.add_product(
            actor=request.actor, now=request.now, facts=_posted_facts(request)
        )
        return {"product_id": product.pk}

    try:
        made = once_posted(
            request, actor=request.actor, now=request.now, route="catalog.new", effect=effect
        )
    except Invalid as wrong:
        return _form(request, None, request.POST, wrong.fields, status=422)
    return go_to(request, reverse("catalog:record", args=[made["product_id"]]))


@page("catalog.edit")
def edit(request: Request, product_id: int) -> HttpResponseBase:
    """Change a product."""
    product = queries.get_product(request.actor, product_id)
    if request.method != "POST":
        return _form(request, product, _values(product), {})
    try:
        actions.revise_product(
            actor=request.actor,
            now=request.now,
            product_id=product_id,
            facts=_posted_facts(request),
        )
    except Invalid as wrong:
        return _form(request, product, request.POST, wrong.fields, status=422)
    return go_to(request, reverse("catalog:record", args=[product_id]))


def _posted_facts(request: Request) -> ProductFacts:
    weight = posted(request, "weight_g")
    try:
        grams = parse_integer(weight, minimum=0) if weight else None
    except Invalid as wrong:
        raise Invalid(wrong.message, fields={"weight_g": wrong.message}) from None
    words = ("sku", "name", "kind", "description", "group", "unit", "tax_category")
    return ProductFacts(
        **{name: posted(request, name) for name in words},
        is_stocked="is_stocked" in request.POST,
        weight_g=grams,
        customs_code=posted(request, "customs_code"),
        country_of_origin=posted(request, "country_of_origin").upper(),
    )


def _values(product: Product | None) -> dict[str, Any]:
    if product is None:
        return {"kind": "good", "unit": "piece", "tax_category": "standard"}
    return {name: getattr(product, name) for name in COLUMNS}


def _form(
    request: Request,
    product: Product | None,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponseBase:
    language = request_language()
    units = [(symbol, unit_label(symbol, language, one=True)) for symbol in UNITS]
    fields: list[dict[str, Any]] = [
        {"name": "sku", "label": _("Number"), "required": True},
        {"name": "name", "label": _("Name"), "required": True},
        {"name": "description", "label": _("Description"), "type": "textarea", "rows": 3},
        {
            "name": "kind",
            "label": _("Kind"),
            "type": "select",
            "options": list(KINDS.items()),
            "required": True,
        },
        {
            "name": "unit",
            "label": _("Unit"),
            "type": "select",
            "options": units,
            "required": True,
        },
        {
            "name": "tax_category",
            "label": _("Tax"),
            "type": "select",
            "options": list(TAX_CATEGORIES.items()),
            "required": True,
        },
        {"name": "group", "label": _("Group")},
        {"name": "is_stocked", "label": _("Kept in stock"), "type": "checkbox"},
        {"name": "weight_g", "label": _("Weight in grams"), "type": "number", "min": 0},
        {"name": "customs_code", "label": _("Customs code")},
        {"name": "country_of_origin", "label": _("Country of origin (two letters)")},
    ]
    for field in fields:
        value = values.get(field["name"], "")
        field |= {"value": "" if value is None else value, "error": errors.get(field["name"], "")}
    trail = [(_("Products"), reverse("catalog:list"))]
    if product is not None:
        trail.append((product.sku, reverse("catalog:record", args=[product.pk])))
    context = {
        "header": {"title": _("Edit product") if product else _("New product"), "trail": trail},
        "fields": fields,
        "action_url": request.path,
    }
    return render(request, "catalog/form.html", context, status=status)


@page("catalog.edit")
def lifecycle(request: Request, product_id: int) -> HttpResponseBase:
    """Put on sale or phase out."""
    if request.method == "POST":
        actions.set_lifecycle(
            actor=request.actor,
            now=request.now,
            product_id=product_id,
            lifecycle=posted(request, "lifecycle"),
        )
    return go_to(request, reverse("catalog:record", args=[product_id]))


@page("catalog.edit")
def text(request: Request, product_id: int) -> HttpResponseBase:
    """Name and description in another language."""
    if request.method == "POST":
        actions.set_text(
            actor=request.actor,
            now=request.now,
            product_id=product_id,
            language=posted(request, "language"),
            name=posted(request, "name"),
            description=posted(request, "description"),
        )
    return go_to(request, reverse("catalog:record", args=[product_id]))
