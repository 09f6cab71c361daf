"""Rules of the everyday kinds as the fields of a form, and back: what a form can say and what not.

Values are text in one canonical form: numbers plain decimals with a point, days ISO, flags "on".
A form says a rule if it gives back the same rule; all others are for the written form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from handsel.bid.price.rules.grid_form import matrix_of, matrix_values, tables_of, tables_values
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.terms import Combination, CostBasis, Point
from handsel.bid.price.rules.tiers import TierKind, TierScope
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import name_from, name_values, read_name, written_name

Type = Literal[
    "number",
    "percent",
    "whole",
    "text",
    "name",
    "words",
    "choice",
    "flag",
    "day",
    "last_day",
]
Values = Mapping[str, str]
MOST_STEPS: Final = 60
STEP: Final = ("from", "percent", "price", "flat", "per")
_ROW = re.compile(r"(from|percent|price|flat|per|name|value)_(\d{1,3})")


@dataclass(frozen=True, slots=True)
class TermField:
    """A field of the form that says one field of the written form."""

    name: str
    type: Type
    options: tuple[str, ...] = ()
    required: bool = False


DAYS: Final = (TermField("valid_from", "day"), TermField("valid_until", "last_day"))
_LABEL: Final = TermField("label", "name")
IN_LANGUAGE = re.compile(r"label_[a-z]{2}")
"""The field of a label in another language than the main one."""
FORMS: Final[Mapping[str, tuple[TermField, ...]]] = {
    "tiers": (
        _LABEL,
        TermField("kind", "choice", tuple(TierKind), required=True),
        TermField("basis", "text"),
        TermField("unit", "text"),
        TermField("scope", "choice", tuple(TierScope), required=True),
        TermField("cumulative", "flag"),
        TermField("first", "flag"),
        *DAYS,
    ),
    "promotions": (
        _LABEL,
        TermField("percent", "percent"),
        TermField("per_unit", "number"),
        TermField("from", "number"),
        TermField("code", "text"),
        *DAYS,
    ),
    "combination": (TermField("policy", "choice", tuple(Combination), required=True),),
    "elements": (
        _LABEL,
        TermField("key", "text", required=True),
        TermField("scale", "whole"),
        TermField("market", "flag"),
        TermField("discountable", "flag"),
        *DAYS,
    ),
    "market": (),
    "limits": (
        _LABEL,
        TermField("floor", "number"),
        TermField("ceiling", "number"),
        TermField("margin_percent", "percent"),
        *DAYS,
    ),
    "endings": (
        _LABEL,
        TermField("step", "number", required=True),
        TermField("offset", "number"),
        TermField("direction", "choice", ("nearest", "up", "down"), required=True),
        TermField("from_price", "number"),
        *DAYS,
    ),
    "cost_plus": (
        _LABEL,
        TermField("basis", "choice", tuple(CostBasis), required=True),
        TermField("percent", "percent", required=True),
        *DAYS,
    ),
    "term_discounts": (
        _LABEL,
        TermField("percent", "percent", required=True),
        TermField("from_months", "whole"),
        TermField("billing", "text"),
        *DAYS,
    ),
    "partners": (
        _LABEL,
        TermField("percent", "percent", required=True),
        TermField("tier", "text"),
        TermField("off_list", "flag"),
        *DAYS,
    ),
    "fees": (
        _LABEL,
        TermField("amount", "number"),
        TermField("percent", "percent"),
        TermField("article", "text"),
        *DAYS,
    ),
    "conventions": (
        TermField("convention", "choice", tuple(Convention), required=True),
        TermField("price_months", "number"),
    ),
    "distributors": (
        _LABEL,
        TermField("percent", "percent", required=True),
        TermField("tier", "text"),
        TermField("off_list", "flag"),
        *DAYS,
    ),
    "matrices": (_LABEL, *DAYS),
    "tables": (),
    "percent_of": (
        _LABEL,
        TermField("percent", "percent", required=True),
        TermField("of", "choice", tuple(reversed(Point)), required=True),
        TermField("products", "words"),
        TermField("groups", "words"),
        TermField("except_products", "words"),
        TermField("except_groups", "words"),
        TermField("least", "number"),
        TermField("most", "number"),
        *DAYS,
    ),
}
GRIDS: Final = ("matrices", "tables")
# How a surcharge is reckoned, with the fields it needs.
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("rate",),
    "per_unit_of": ("rate", "attribute", "unit"),
    "alloy": ("index", "base", "attribute", "unit"),
    "factor": ("rate",),
    "formula": ("formula",),
}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_NAME = r"([A-Za-z_]\w*)"
_UNIT = r"([A-Za-z]+[23]?)"
_WRITTEN: Final = (
    ("fixed", re.compile(_NUMBER), ("rate",)),
    (
        "per_unit_of",
        re.compile(f"{_NUMBER} \\* {_NAME} / 1 {_UNIT}"),
        ("rate", "attribute", "unit"),
    ),
    (
        "alloy",
        re.compile(f"max\\({_NAME} - {_NUMBER}, 0\\) \\* {_NAME} / 1 {_UNIT}"),
        ("index", "base", "attribute", "unit"),
    ),
)
_FLAGS: Final[Mapping[str, Any]] = {"first": 1, "discountable": False}
"""What a ticked box is written as, where that is not true; `discountable` is ticked for "not"."""


def definition_of(kind: str, values: Values) -> dict[str, Any]:
    """The rule as it is written, without what it is about. What is empty is left out."""
    label = name_from("label", values) if _LABEL in FORMS[kind] else ""
    found: dict[str, Any] = {"label": written_name(label)} if label else {}
    for one in FORMS[kind]:
        text = values.get(one.name, "")
        if one is _LABEL or not text or (kind == "tiers" and (one.name, text) in _PLAIN_TIERS):
            continue
        found[one.name] = _written_value(one, text)
    if kind == "tiers":
        found["steps"] = _steps(values)
    if kind == "elements":
        found |= _formula(values)
    if kind == "matrices":
        found |= matrix_of(values)
    if kind == "tables":
        found = tables_of(values)
    if kind == "market":
        found = {row["name"]: row["value"] for row in rows_of(values, ("name", "value"))}
    return found


def _written_value(one: TermField, text: str) -> Any:
    match one.type:
        case "flag":
            return _FLAGS.get(one.name, True)
        case "last_day":
            return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
        case "words":
            return words_in(text)
        case "whole":
            return int(text)
        case _:
            return text


def words_in(text: str) -> list[str]:
    """Words between commas, semicolons or line ends."""
    return [one.strip() for one in re.split(r"[,;\n]", text) if one.strip()]


_PLAIN_AXIS: Final = (("reading", "exact"), ("unit", ""))
_PLAIN_TIERS: Final = (("kind", "all_units"), ("scope", "line"), ("basis", "quantity"))


def rows_of(values: Values, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a grid that are not empty, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in values.items():
        found = _ROW.fullmatch(name)
        if found is not None and found[1] in columns and text:
            rows.setdefault(int(found[2]), {})[found[1]] = text
    return [rows[place] for place in sorted(rows)]


def row_places(values: Values, columns: tuple[str, ...]) -> list[int]:
    """Where in the grid the rows stand that `rows_of` gives."""
    places = set()
    for name, text in values.items():
        found = _ROW.fullmatch(name)
        if found is not None and found[1] in columns and text:
            places.add(int(found[2]))
    return sorted(places)


def _steps(values: Values) -> list[dict[str, str]]:
    return [{"from": "0", **row} for row in rows_of(values, STEP)]


def _formula(values: Values) -> dict[str, Any]:
    way = values.get("way", "fixed")
    given = {name: values.get(name, "") for name in WAYS.get(way, ())}
    if way == "per_unit_of":
        return {"formula": "{rate} * {attribute} / 1 {unit}".format(**given)}
    if way == "alloy":
        return {"formula": "max({index} - {base}, 0) * {attribute} / 1 {unit}".format(**given)}
    if way == "factor":
        return {"formula": given["rate"], "factor": True}
    return {"formula": given.get("rate") or given.get("formula", "")}


def values_of(kind: str, definition: Mapping[str, Any]) -> dict[str, str] | None:
    """A kept rule as the values of its form; None where no form can say it."""
    if kind not in FORMS:
        return None
    try:
        values = _values(kind, definition)
        said = definition_of(kind, values)
    except (ValueError, TypeError, AttributeError, LookupError, InvalidOperation, Invalid):
        return None
    return values if _canonical(said) == _canonical(_without_plain(kind, definition)) else None


def _values(kind: str, definition: Mapping[str, Any]) -> dict[str, str]:
    if kind == "market":
        pairs = enumerate(definition.items())
        return {
            text: said
            for place, (name, value) in pairs
            for text, said in ((f"name_{place}", name), (f"value_{place}", str(value)))
        }
    if kind == "tables":
        return tables_values(definition)
    values = _fields_of(kind, definition)
    if kind == "percent_of":
        values = {"of": Point.NET.value, **values}
    if kind == "tiers":
        values = {"kind": "all_units", "scope": "line", "basis": "quantity", **values}
        for place, step in enumerate(definition.get("steps", ())):
            values |= {f"{name}_{place}": str(value) for name, value in step.items()}
    if kind == "elements":
        values |= _way_of(definition)
    if kind == "matrices":
        values |= matrix_values(definition)
    return values


def _fields_of(kind: str, definition: Mapping[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in FORMS[kind]:
        value = definition.get(one.name)
        if value is None:
            continue
        if one.type == "name":
            values |= name_values(one.name, read_name(value))
        elif one.type == "flag":
            wanted = _FLAGS.get(one.name, True)
            values[one.name] = "on" if value in (wanted, str(wanted)) else ""
        elif one.type == "last_day":
            values[one.name] = (date.fromisoformat(value) - timedelta(days=1)).isoformat()
        elif one.type == "words":
            values[one.name] = ", ".join(str(word) for word in value)
        else:
            values[one.name] = str(value)
    return values


def _way_of(definition: Mapping[str, Any]) -> dict[str, str]:
    formula = str(definition.get("formula", ""))
    if definition.get("factor") is True:
        return {"way": "factor", "rate": formula}
    for way, pattern, names in _WRITTEN:
        found = pattern.fullmatch(formula)
        if found is not None:
            return {"way": way, **dict(zip(names, found.groups(), strict=True))}
    return {"way": "formula", "formula": formula}


def _without_plain(kind: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "matrices":
        axes = [
            {name: value for name, value in axis.items() if (name, value) not in _PLAIN_AXIS}
            for axis in definition["axes"]
        ]
        return {**definition, "axes": axes}
    if kind == "percent_of":
        return {"of": Point.NET.value, **definition}
    if kind != "tiers":
        return dict(definition)
    return {name: value for name, value in definition.items() if (name, value) not in _PLAIN_TIERS}


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _canonical(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    if isinstance(value, bool):
        return value
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value
