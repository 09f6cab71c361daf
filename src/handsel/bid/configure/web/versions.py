"""More of the workbench: trying a version, comparing two, tables pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.analysis.difference import Difference, difference
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.texts import title_of, value_title
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to


@page("configure.model")
def try_it(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Configure with a version that is not in use, to see how it answers."""
    here = reverse("configure:version", args=[model_id, version_no])
    if request.method != "POST":
        return go_to(request, here)
    try:
        made = actions.try_version(
            actor=request.actor, now=request.now, model_id=model_id, version_no=version_no
        )
    except LanguageFault as fault:
        messages.error(
            request,
            _("The text cannot be read: %(why)s") % {"why": worded(fault.problems[0].sentence, _)},
        )
        return go_to(request, here)
    return go_to(request, reverse("configure:record", args=[made.pk]))


@page("configure.model")
def table(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Put rows of a spreadsheet into a draft, checked row by row."""
    one = queries.get_version(model_id, version_no)
    values = {name: request.POST.get(name, "") for name in ("key", "rows")}
    problems: list[str] = []
    if request.method == "POST":
        try:
            actions.add_table(
                actor=request.actor,
                now=request.now,
                model_id=model_id,
                version_no=version_no,
                key=values["key"],
                rows=values["rows"],
            )
            messages.success(request, _("The table stands at the end of the text."))
            return go_to(request, reverse("configure:version", args=[model_id, version_no]))
        except LanguageFault as fault:
            problems = [worded(problem.sentence, _) for problem in fault.problems[:20]]
    fields: list[dict[str, Any]] = [
        {"name": "key", "label": _("Key of the table"), "value": values["key"], "required": True},
        {
            "name": "rows",
            "label": _("Rows, the first with the names of variables"),
            "type": "textarea",
            "rows": 14,
            "value": values["rows"],
            "required": True,
            "error": "; ".join(problems),
            "help": _("Several values in a cell with commas, * for any, 10..20 for a range."),
        },
    ]
    context = {
        "title": _("Paste a table"),
        "fields": fields,
        "submit": _("Check and add"),
        "action_url": reverse("configure:version_table", args=[model_id, version_no]),
        "back_url": reverse("configure:version", args=[one.model_id, one.version_no]),
    }
    is_fragment = bool(request.headers.get("HX-Request")) and request.method != "POST"
    name = "configure/dialog.html" if is_fragment else "configure/form.html"
    return render(request, name, context, status=422 if problems else 200)


@page("configure.model")
def compare(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """What can be had with this version and not with the one in use, and the other way round."""
    new = queries.get_version(model_id, version_no)
    old = queries.published_of(model_id)
    context: dict[str, Any] = {
        "header": {
            "title": _("Version %(new)s compared with %(old)s")
            % {"new": version_no, "old": old.version_no},
            "trail": [
                (_("Product models"), reverse("configure:models")),
                (new.model.title, reverse("configure:model", args=[model_id])),
            ],
        },
    }
    try:
        was, will = model_of(old), model_of(new)
        context |= _told(difference(was, will, encode), was, will)
    except LanguageFault as fault:
        context["problem"] = worded(fault.problems[0].sentence, _)
    return render(request, "configure/compare.html", context)


def _told(found: Difference, old: ProductModel, new: ProductModel) -> dict[str, Any]:
    return {
        "is_same": found.is_same_product_range,
        "gained": _example(found.gained, new),
        "lost": _example(found.lost, old),
        "changes": [
            (_("Variables added"), ", ".join(found.variables_added)),
            (_("Variables removed"), ", ".join(found.variables_removed)),
            (_("Values added"), _values(found.values_added)),
            (_("Values removed"), _values(found.values_removed)),
            (_("Laws added"), ", ".join(found.laws_added)),
            (_("Laws removed"), ", ".join(found.laws_removed)),
            (_("Laws changed"), ", ".join(found.laws_changed)),
        ],
    }


def _values(values: Mapping[str, tuple[Value, ...]]) -> str:
    return "; ".join(f"{key}: {', '.join(map(str, more))}" for key, more in values.items())


def _example(product: Mapping[str, Value] | None, model: ProductModel) -> list[dict[str, str]]:
    if product is None:
        return []
    language = get_language() or "en"
    return [
        {
            "label": title_of(variable, language),
            "value": value_title(variable, product[variable.key], language),
        }
        for variable in model.variables
        if variable.key in product
    ]
