"""What a model is called, which product it configures, and what outsiders may see of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.bid.configure import actions, queries
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said
from handsel.ground.platform.posted import go_to


def product_id(sku: str) -> int | None:
    """The product of an article number; None for no number. Raises Invalid for one that is none."""
    if not sku:
        return None
    product = Product.objects.filter(sku=sku).first()
    if product is None:
        raise Invalid(
            said("There is no product %(wrong)s.", wrong=sku[:60]),
            fields={"sku": _("an article of the catalog")},
        )
    return product.pk


@page("configure.model")
def settings(request: Request, model_id: int) -> HttpResponseBase:
    """A model's head, apart from its text: it holds for all versions at once."""
    one = queries.get_model(model_id)
    here = reverse("configure:model", args=[model_id])
    values: dict[str, Any] = {
        "title": one.title,
        "sku": one.product.sku if one.product else "",
        "public": one.is_public,
        "prices": one.public_prices,
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "").strip() for name in ("title", "sku")}
        values |= {name: name in request.POST for name in ("public", "prices")}
        try:
            actions.set_model_head(
                actor=request.actor,
                now=request.now,
                model_id=model_id,
                title=values["title"],
                product_id=product_id(values["sku"]),
                is_public=values["public"],
                public_prices=values["prices"],
            )
            messages.success(request, _("Kept."))
            return go_to(request, here)
        except Invalid as wrong:
            errors = wrong.fields
    context = {
        "title": _("Settings"),
        "fields": _fields(values, errors, one.key),
        "submit": _("Keep"),
        "action_url": reverse("configure:model_settings", args=[model_id]),
        "back_url": here,
    }
    is_fragment = bool(request.headers.get("HX-Request")) and request.method != "POST"
    name = "configure/dialog.html" if is_fragment else "configure/form.html"
    return render(request, name, context, status=422 if errors else 200)


def _fields(values: dict[str, Any], errors: dict[str, str], key: str) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": _("Title"), "required": True},
        {"name": "sku", "label": _("Article number of the product it configures")},
        {
            "name": "public",
            "label": _("Anybody may configure it"),
            "type": "checkbox",
            "help": _("Without an account, at %(address)s.")
            % {"address": reverse("configure_public:welcome", args=[key])},
        },
        {"name": "prices", "label": _("Visitors see list prices"), "type": "checkbox"},
    ]
    return [
        {**field, "value": values[field["name"]], "error": errors.get(field["name"], "")}
        for field in fields
    ]
