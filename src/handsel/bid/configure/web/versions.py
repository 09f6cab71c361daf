"""More of the workbench: trying a version, comparing two, tables pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.analysis.aligned import FORMER
from handsel.bid.configure.rules.analysis.difference import Difference, difference
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.language.domains import shown_value
from handsel.bid.configure.rules.model import ProductModel, Variable
from handsel.bid.configure.rules.presence import absences, absent_keys
from handsel.bid.configure.rules.texts import title_of, value_with_unit
from handsel.bid.configure.web.parts import VERSION_STATES, number_in
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.posted import go_to

MOST_VALUES = 40


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
    """What can be had with this version and not with another one, and the other way round."""
    new = queries.get_version(model_id, version_no)
    others = [one for one in queries.versions_of(model_id) if one.version_no != version_no]
    old_no = _other(others, version_no, request.GET.get("with", ""))
    today = request.now.date()
    title = _("Version %(new)s compared with %(old)s") % {"new": version_no, "old": old_no}
    context: dict[str, Any] = {
        "header": {
            "title": title if others else _("There is no other version yet"),
            "meta": [
                {"label": _("As of"), "value": today, "format": "day"},
                {"label": _("Markets"), "value": _("all")},
            ],
            "trail": [
                (_("Product models"), reverse("configure:models")),
                (shown_name(new.model.called), reverse("configure:model", args=[model_id])),
            ],
        },
        "others": [
            {
                "no": one.version_no,
                "label": f"{one.version_no} ({VERSION_STATES[one.state][0]})",
            }
            for one in others
        ],
        "with_no": old_no,
    }
    if old_no is not None:
        old = queries.get_version(model_id, old_no)
        try:
            was, will = model_of(old, on=today), model_of(new, on=today)
            context |= _told(difference(was, will, encode), was, will)
        except LanguageFault as fault:
            context["problem"] = worded(fault.problems[0].sentence, _)
    return render(request, "configure/compare.html", context)


def _other(others: Sequence[ModelVersion], version_no: int, wanted: str) -> int | None:
    """The version to compare with: the one asked for, the one in use, or the one before."""
    numbers = [one.version_no for one in others]
    if number_in(wanted) in numbers:
        return number_in(wanted)
    in_use = [one.version_no for one in others if one.state == "published"]
    before = [number for number in numbers if number < version_no]
    return next(iter([*in_use, *before, *numbers]), None)


def _told(found: Difference, old: ProductModel, new: ProductModel) -> dict[str, Any]:
    structural = {law.key for one in (old, new) for law in one.laws if _is_structural(law)}

    def laws(keys: Sequence[str]) -> str:
        return ", ".join(key for key in keys if key not in structural)

    changes = [
        (_("Variables added"), ", ".join(found.variables_added)),
        (_("Variables removed"), ", ".join(found.variables_removed)),
        (_("Values added"), _values(found, found.values_added)),
        (_("Values removed"), _values(found, found.values_removed)),
        (_("Laws added"), laws(found.laws_added)),
        (_("Laws removed"), laws(found.laws_removed)),
        (_("Laws changed"), laws(found.laws_changed)),
    ]
    return {
        "is_same": found.is_same_product_range,
        "is_certain": found.is_certain,
        "gained": _example(found, found.gained, new),
        "lost": _example(found, found.lost, old),
        "changes": changes,
        "has_changes": any(value for _label, value in changes),
    }


def _is_structural(law: object) -> bool:
    return bool(getattr(law, "is_structural", False))


def _values(found: Difference, values: Mapping[str, tuple[Value, ...]]) -> str:
    return "; ".join(
        f"{key}: {_listed(found.variables[key], more)}" for key, more in values.items()
    )


def _listed(variable: Variable, values: Sequence[Value]) -> str:
    shown = [shown_value(one, variable.scale) for one in values[:MOST_VALUES]]
    return ", ".join(shown) + (" …" if len(values) > MOST_VALUES else "")


def _example(
    found: Difference, product: Mapping[str, Value] | None, model: ProductModel
) -> list[dict[str, str]]:
    """A product as a person reads it, parts that it does not have left out."""
    if product is None:
        return []
    language = get_language() or "en"
    own = {one.key: one for one in model.variables}
    values = {
        key.removeprefix(FORMER): _in_scale(value, found.variables[key], own)
        for key, value in product.items()
    }
    absent = absent_keys(absences(model), values)
    return [
        {
            "label": title_of(one, language),
            "value": value_with_unit(one, values[one.key], language),
        }
        for one in model.variables
        if one.key in values and one.key not in absent
    ]


def _in_scale(value: Value, variable: Variable, own: Mapping[str, Variable]) -> Value:
    """A value of both versions in the scale of the one that has it."""
    if isinstance(value, bool | str):
        return value
    known = own[variable.key.removeprefix(FORMER)]
    return value // int(10 ** (variable.scale - known.scale))
