"""What is typed into a rule's form: read in the reader's way, and shown again in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from handsel.bid.price.rules.term_form import FORMS, IN_LANGUAGE, WAYS
from handsel.bid.price.web import parts, term_grid, term_words
from handsel.ground.kernel.errors import Invalid

NUMBERS = ("from", "percent", "price", "flat", "per", "rate", "base")
_NUMBER = re.compile(r"-?\d+\.\d")


def way_of(typed: Mapping[str, str]) -> str:
    """How a surcharge is reckoned."""
    way = typed.get("way", "")
    return way if way in WAYS else "fixed"


def read(kind: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed in the reader's way, as the canonical values of the form."""
    types = {one.name: one.type for one in FORMS[kind]}
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        if not text:
            continue
        base = re.sub(r"_\d+$", "", name)
        if base not in types and not IN_LANGUAGE.fullmatch(name) and base not in _GRID:
            continue
        try:
            values[name] = (
                term_grid.canonical(kind, typed)
                if name == "grid"
                else _canonical(types.get(base) or _grid_type(base), name, text)
            )
        except Invalid as bad:
            wrong |= bad.fields or {name: bad.message}
    for name in _needed(kind, typed):
        if not values.get(name):
            wrong.setdefault(name, _("Needed."))
    if wrong:
        raise Invalid(_("Some fields cannot be read; they are marked."), fields=wrong)
    return values


def _needed(kind: str, typed: Mapping[str, str]) -> list[str]:
    """The fields that must be filled in."""
    found = [one.name for one in FORMS[kind] if one.required]
    if kind == "elements":
        found += WAYS[way_of(typed)]
    return [*found, "attribute_0"] if kind == "matrices" else found


_OTHERS = ("way", "attribute", "unit", "reading", "index", "formula", "name", "value", "grid")
_GRID = (*NUMBERS, *_OTHERS)


def _grid_type(base: str) -> str:
    if base == "percent":
        return "percent"
    return "number" if base in NUMBERS else "text"


def _canonical(kind: str, name: str, text: str) -> str:
    if kind == "number":
        return f"{parts.number(text, name, max_digits=20, scale=6):f}"
    if kind == "percent":
        return f"{parts.number(text.removesuffix('%').strip(), name, scale=2):f}"
    if name == "basis":
        return term_words.basis_typed(text)
    if name.startswith("value_"):
        return figure_typed(text, name)
    if kind == "whole":
        return str(parts.whole(text, name))
    if kind in ("day", "last_day"):
        return parts.day(text, name).isoformat()
    return text


def figure_typed(text: str, name: str) -> str:
    """A number in the reader's way, perhaps with its unit; a word stays as it is."""
    amount, _space, unit = text.partition(" ")
    if not any(one.isdigit() for one in amount) or amount[:1].isalpha():
        return text
    return f"{parts.number(amount, name, max_digits=20, scale=6):f} {unit}".strip()


def first_values(kind: str) -> dict[str, str] | None:
    """What stands in an empty form; None where the kind has none."""
    if kind not in FORMS:
        return None
    first = {one.name: one.options[0] for one in FORMS[kind] if one.type == "choice"}
    return {**first, "basis": "quantity"} if kind == "tiers" else first


def shown(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """Canonical values as the reader writes them."""
    types = {one.name: one.type for one in FORMS[kind]}
    found = {}
    for name, value in values.items():
        base = re.sub(r"_\d+$", "", name)
        is_number = types.get(base, _grid_type(base)) in ("number", "percent")
        is_number = is_number or (base == "value" and bool(_NUMBER.match(value)))
        found[name] = value.replace(".", parts.decimal_mark()) if is_number else value
        if name == "grid":
            found[name] = term_grid.shown(value)
        if kind == "tiers" and name == "basis":
            found[name] = term_words.basis_shown(value)
    return found
