"""Forms for a book's everyday rules; the written form says the others. Both go the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions, queries
from handsel.bid.price.errors import TermNotFound
from handsel.bid.price.models import BookTerm, PriceBook
from handsel.bid.price.rules.case.reading import CaseFault, strict_json
from handsel.bid.price.rules.stored import KINDS, NewTerm
from handsel.bid.price.rules.term_form import (
    FORMS,
    GRIDS,
    STEP,
    WAYS,
    TermField,
    definition_of,
    row_places,
    values_of,
)
from handsel.bid.price.web import parts, term_grid, term_typed, term_words
from handsel.bid.price.web.term_products import keyed_products, named_products
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Forbidden, Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import name_field, shown_name
from handsel.ground.platform.posted import go_to

ROWS_SHOWN = 5
MORE_ROWS = 5
MOST_ROWS = 60
_LANGUAGE = re.compile(r"label\.([a-z]{2})$")
_PLACE = re.compile(r"\.steps\[(\d+)\](?:\.(\w+))?")


@page("price.edit")
def term_new(request: Request, book_id: int, kind: str) -> HttpResponseBase:
    """A new rule of a kind, by its form or (kinds without one) in the written form."""
    book = queries.get_book(request.actor, book_id)
    if kind not in KINDS:
        raise TermNotFound("there is no such kind of rule", kind=kind)
    return _edit(request, book, kind, None)


@page("price.edit")
def term_edit(request: Request, book_id: int, term_id: int) -> HttpResponseBase:
    """A rule of a draft, changed in its place."""
    book = queries.get_book(request.actor, book_id)
    row = queries.get_term(book_id, term_id)
    return _edit(request, book, row.kind, row)


def _edit(request: Request, book: PriceBook, kind: str, row: BookTerm | None) -> HttpResponseBase:
    _guard(request, kind, row.definition if row else {})
    definition = named_products(kind, row.definition) if row else {}
    values = term_typed.first_values(kind) if row is None else values_of(kind, definition)
    is_written = values is None or request.GET.get("as") == "written"
    if request.method != "POST":
        typed = term_typed.shown(kind, values) if values is not None and not is_written else {}
        typed["on"] = _scope(row)
        if request.GET.get("way"):
            typed["way"] = parts.asked(request, "way")
            if row is None and typed["way"] == "alloy":
                typed["market"] = "on"
        typed["definition"] = json.dumps(definition, ensure_ascii=False, indent=1) if row else ""
        return _form(request, book, kind, row, typed, None, is_written=is_written)
    typed = {name: parts.posted_lines(request, name).strip() for name in request.POST}
    if "grid" in typed:  # its first cell may be an empty one
        typed["grid"] = parts.posted_lines(request, "grid").strip("\n")
    if "more" in request.POST:
        return _form(request, book, kind, row, typed, None, is_written=is_written)
    try:
        term = _term(request, kind, typed, is_written=is_written)
        _guard(request, kind, term.definition)
        _save(request, book, term, row)
    except Invalid as wrong:
        return _form(request, book, kind, row, typed, wrong, is_written=is_written)
    messages.success(request, _("The rule is kept."))
    return go_to(request, reverse("price:terms", args=[book.pk]))


def _guard(request: Request, kind: str, definition: Mapping[str, Any]) -> None:
    if queries.tells_costs(kind, definition) and not request.actor.may("cost.view"):
        raise Forbidden(_("Rules on our costs are made by those who may see them."))


def _save(request: Request, book: PriceBook, term: NewTerm, row: BookTerm | None) -> None:
    if row is None:
        actions.add_terms(actor=request.actor, now=request.now, book_id=book.pk, terms=[term])
    else:
        actions.change_term(
            actor=request.actor, now=request.now, book_id=book.pk, term_id=row.pk, term=term
        )


def _term(request: Request, kind: str, typed: Mapping[str, str], *, is_written: bool) -> NewTerm:
    product_id, group = parts.subject(typed.get("on", ""), "on")
    if is_written:
        try:
            definition = strict_json(typed.get("definition", ""))
        except CaseFault as fault:
            told = worded(fault.message, _)
            raise Invalid(told, fields={"definition": told}) from None
        if not isinstance(definition, dict):
            message = _("The rule is an object {…} of the written form.")
            raise Invalid(message, code="price_case", fields={"definition": message})
    else:
        definition = definition_of(kind, term_typed.read(kind, typed))
    definition = keyed_products(kind, definition)
    return NewTerm(kind=kind, definition=definition, product_id=product_id, product_group=group)


def _scope(row: BookTerm | None) -> str:
    if row is None:
        return ""
    return row.product.sku if row.product is not None else row.product_group


def _form(
    request: Request,
    book: PriceBook,
    kind: str,
    row: BookTerm | None,
    typed: Mapping[str, str],
    wrong: Invalid | None,
    *,
    is_written: bool,
) -> HttpResponseBase:
    errors = _errors(kind, typed, wrong)
    name = term_words.kind_name(kind)
    can_both = kind in FORMS and (row is None or values_of(kind, row.definition) is not None)
    context: dict[str, Any] = {
        "header": {
            "title": name if row else _("New: %(kind)s") % {"kind": name},
            "trail": [
                (_("Price books"), reverse("price:list")),
                (shown_name(book.called), reverse("price:record", args=[book.pk])),
                (_("Rules"), reverse("price:terms", args=[book.pk])),
            ],
        },
        "message": _message(wrong, is_written=is_written),
        "scope": {
            "name": "on",
            "label": _("Product number or group"),
            "help": _("Whose price the percentage is.")
            if kind == "percent_of"
            else _("Leave it empty for everything."),
            "required": kind == "percent_of",
            "value": typed.get("on", ""),
            "error": errors.get("on", ""),
        }
        if kind not in ("combination", "market", "tables", "words")
        else None,
        "action_url": request.get_full_path(),
        "other_url": ("?" if is_written else "?as=written") if can_both else "",
        "is_written": is_written,
    }
    if is_written:
        context["fields"] = [
            {
                "name": "definition",
                "label": _("Rule in the written form"),
                "type": "textarea",
                "rows": 14,
                "required": True,
                "value": typed.get("definition", ""),
                "error": errors.get("definition", ""),
            }
        ]
    else:
        context |= _by_fields(kind, typed, errors)
        for field in context["fields"]:
            if field["name"] == "amount":
                field["suffix"] = book.currency
        if kind in GRIDS:
            context |= term_grid.context(request, kind, typed, errors)
    return render(request, "price/term_form.html", context, status=422 if wrong else 200)


def _message(wrong: Invalid | None, *, is_written: bool) -> str:
    """What is wrong with the rule; a form has no paths of the written form."""
    if isinstance(wrong, CaseFault) and not is_written:
        return worded(next(iter(wrong.fields.values()), wrong.message), _)
    return worded(wrong.message, _) if wrong else ""


def _errors(kind: str, typed: Mapping[str, str], wrong: Invalid | None) -> dict[str, str]:
    """What is wrong, by field; paths of the written form are led to the field that says it."""
    if wrong is None:
        return {}
    told = {path: worded(message, _) for path, message in wrong.fields.items()}
    if kind in GRIDS:
        return term_grid.faults(kind, typed, told)
    found = {}
    places = row_places(typed, STEP)
    named = {typed.get(f"name_{place}", ""): place for place in row_places(typed, ("name",))}
    for path, message in told.items():
        step = _PLACE.search(path)
        name = path.rpartition(".")[2]
        if kind == "market" and name in named:
            found[f"value_{named[name]}"] = message
        elif step is not None and int(step[1]) < len(places):
            found[f"{step[2] or 'from'}_{places[int(step[1])]}"] = message
        else:
            name = _LANGUAGE.sub(r"label_\1", path).rpartition(".")[2]
            found[_FIELD_OF.get(name, name)] = message
    return found


# What the written form says of a list is told at the field of the list.
_FIELD_OF = {f"percent_of[0]{end}": "on" for end in ("", ".product", ".group")}


def _by_fields(kind: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    flags = [one for one in FORMS[kind] if one.type == "flag"]
    plain = [one for one in FORMS[kind] if one.type != "flag"]
    context: dict[str, Any] = {
        "fields": [_field(kind, one, typed, errors) for one in plain],
        "flags": [_field(kind, one, typed, errors) for one in flags],
    }
    if kind == "elements":
        context["reckoned"] = _reckoned(typed, errors)
        context["tabs"] = _tabs(typed)
        context["way_hint"] = term_words.WAY_HINTS[term_typed.way_of(typed)]
    if kind in ("tiers", "market"):
        columns = STEP if kind == "tiers" else ("name", "value")
        context["grid"] = _grid(columns, typed, errors)
        context["grid_hint"] = (
            _(
                "A step holds from its bound on. Per cent or price; started packages need their "
                "size, blocks a flat amount and, if wanted, a price beyond."
            )
            if kind == "tiers"
            else _("Values that formulas name, such as the price of a kilogram of steel.")
        )
    return context


def _field(
    kind: str, one: TermField, typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, Any]:
    kinds = {
        "number": "money",
        "percent": "money",
        "whole": "number",
        "choice": "select",
        "flag": "checkbox",
        "day": "date",
        "last_day": "date",
    }
    value: Any = typed.get(one.name, "")
    field = {
        "name": one.name,
        "id": f"term-{one.name}",
        "label": term_words.field_label(kind, one.name),
        "type": kinds.get(one.type, "text"),
        "help": term_words.field_help(kind, one.name),
        "options": [(key, term_words.choice(one.name, key)) for key in one.options],
        "suffix": "%" if one.type == "percent" else "",
        "required": one.required,
        "value": bool(value) if one.type == "flag" else value,
        "error": errors.get(one.name, ""),
    }
    return name_field(field, typed, errors) if one.type == "name" else field


def _reckoned(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of the way a surcharge is reckoned in."""
    way = term_typed.way_of(typed)
    fields = [
        {
            "name": name,
            "id": f"term-{name}",
            "label": term_words.LABELS[name],
            "help": term_words.HELPS.get(name, ""),
            "type": "money" if name in ("rate", "base") else "text",
            "required": True,
            "value": typed.get(name, ""),
            "error": errors.get(name, ""),
        }
        for name in WAYS[way]
    ]
    return [{"name": "way", "id": "term-way", "type": "hidden", "value": way}, *fields]


def _tabs(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": term_words.CHOICES[key],
            "url": f"?way={key}",
            "current": key == term_typed.way_of(typed),
        }
        for key in WAYS
    ]


def _grid(
    columns: tuple[str, ...], typed: Mapping[str, str], errors: Mapping[str, str]
) -> dict[str, Any]:
    filled = row_places(typed, columns)
    shown = max([place + 1 for place in filled], default=0) + 1
    asked = typed.get("rows", "")
    count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    count += MORE_ROWS if "more" in typed else 0
    count = min(max(shown, count, ROWS_SHOWN), MOST_ROWS)
    return {
        "columns": [(name, term_words.field_label("tiers", name)) for name in columns],
        "count": count,
        "rows": [
            [
                {
                    "name": f"{name}_{place}",
                    "label": term_words.LABELS[name],
                    "value": typed.get(f"{name}_{place}", ""),
                    "error": errors.get(f"{name}_{place}", ""),
                    "is_number": name in term_typed.NUMBERS,
                }
                for name in columns
            ]
            for place in range(count)
        ],
    }
