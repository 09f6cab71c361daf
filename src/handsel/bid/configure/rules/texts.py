"""What variables, values and decisions are called: for people in their language, for programs in
one exact form.

The exact form of a number is in its real unit ("2.5", never scaled), of a truth "true" or "false".
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_decimal

from handsel.bid.configure.errors import UnknownOption
from handsel.bid.configure.rules.decisions import OPERATORS, Decision, Operator
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.problems import did_you_mean
from handsel.bid.configure.rules.model import Group, ProductModel, Texts, Variable
from handsel.ground.document.units import unit_label
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.names import text_in
from handsel.ground.kernel.said import said

_SHOWN_OPERATORS: Mapping[str, str] = {"!=": "≠ ", ">=": "≥ ", "<=": "≤ ", "=": ""}
_MAX_DIGITS = 24


def title_of(variable: Variable, language: str) -> str:
    """What a variable is called where it stands alone: "Station 2 · Width"."""
    return placed(variable.within, own_title(variable, language), language)


def own_title(variable: Variable, language: str) -> str:
    """What it is called under the heading of its part: "Width"."""
    return text_in(variable.titles, language, _spoken(variable.key))


def group_titles(model: ProductModel, language: str) -> dict[str, str]:
    """The headings by key, each behind the one of several like parts it stands in:
    "Station 2 · Lamp"."""
    by_key = {one.key: one for one in model.groups}
    found: dict[str, str] = {}
    for one in model.groups:
        part = _part_around(one, by_key)
        title = text_in(one.titles, language, one.key)
        found[one.key] = f"{found.get(part, part)} · {title}" if part else title
    return found


def _part_around(group: Group, by_key: Mapping[str, Group]) -> str:
    """The key of the nearest of several like parts around a heading; "" where there is none."""
    above = by_key.get(group.parent)
    while above is not None and not above.key.endswith("]"):
        above = by_key.get(above.parent)
    return above.key if above is not None else ""


def placed(within: Texts, title: str, language: str) -> str:
    """A title behind the part it belongs to."""
    part = text_in(within, language, "")
    return f"{part} · {title}" if part else title


def real_value(variable: Variable, value: int) -> Decimal:
    """A number in its real unit."""
    return Decimal(value).scaleb(-variable.scale)


def value_text(variable: Variable, value: Value) -> str:
    """A value in its exact form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{real_value(variable, value):f}"


def value_title(variable: Variable, value: Value, language: str) -> str:
    """What a value is called, without its unit."""
    texts = variable.value_titles.get(value)
    if texts:
        return text_in(texts, language, value_text(variable, value))
    if isinstance(value, bool):
        return _TRUTHS.get(language, _TRUTHS["en"])[value]
    if isinstance(value, str):
        return _spoken(value)
    shown: str = format_decimal(real_value(variable, value), format="#,##0.######", locale=language)
    return shown


def value_with_unit(variable: Variable, value: Value, language: str) -> str:
    """A value with its unit in words; one that has words of its own ("3 years") needs none."""
    title = value_title(variable, value, language)
    is_named = value in variable.value_titles and any(one.isalpha() for one in title)
    if not variable.unit or is_named:
        return title
    return f"{title} {unit_label(variable.unit, language, one=title == '1')}"


_TRUTHS: Mapping[str, tuple[str, str]] = {"en": ("No", "Yes"), "de": ("Nein", "Ja")}


def value_of(variable: Variable, text: str) -> Value:
    """The value an exact form stands for. Raises UnknownOption naming what was expected."""
    if variable.kind == "boolean":
        found: Value | None = {"true": True, "false": False}.get(text)
    elif variable.kind == "enumeration":
        found = text if text in variable.values else None
    else:
        found = _number(variable, text)
    if found is None:
        shown = ", ".join(value_text(variable, value) for value in variable.values[:12])
        more = " …" if len(variable.values) > 12 else ""
        raise UnknownOption(
            said(
                "%(key)s has no value %(wrong)s; it has %(shown)s%(more)s.",
                key=variable.key,
                wrong=repr(text[:60]),
                shown=shown,
                more=more,
            ),
            fields={variable.key: said("one of %(shown)s%(more)s", shown=shown, more=more)},
        )
    return found


def _number(variable: Variable, text: str) -> int | None:
    try:
        scaled = parse_decimal(text, max_digits=_MAX_DIGITS).scaleb(variable.scale)
    except HandselError:
        return None
    if scaled != scaled.to_integral_value():
        return None
    return int(scaled) if int(scaled) in variable.values else None


def decision_of(variables: Mapping[str, Variable], key: str, operator: str, text: str) -> Decision:
    """A decision from what a person or program sent. Raises UnknownOption."""
    variable = variables.get(key)
    if variable is None:
        raise UnknownOption(
            said(
                "The model has no variable %(wrong)s.%(near)s",
                wrong=repr(key[:60]),
                near=did_you_mean(key[:60], variables),
            ),
            fields={"variable": "one of the model's"},
        )
    if operator not in OPERATORS:
        raise UnknownOption(
            said("%(wrong)s is no way to decide.", wrong=repr(operator[:10])),
            fields={"operator": said("one of %(values)s", values=", ".join(OPERATORS))},
        )
    kind: Operator = operator
    return Decision(key, value_of(variable, text), kind)


def decision_title(variable: Variable, decision: Decision, language: str) -> str:
    """A decision as a person reads it: "Length ≥ 2,000 mm"."""
    value = value_with_unit(variable, decision.value, language)
    return f"{title_of(variable, language)}: {_SHOWN_OPERATORS[decision.operator]}{value}"


def kept_form(variables: Mapping[str, Variable], decision: Decision) -> list[str]:
    """A decision as it is kept: [variable, operator, exact value]."""
    variable = variables[decision.variable]
    return [decision.variable, decision.operator, value_text(variable, decision.value)]


def _spoken(word: str) -> str:
    plain = word.rsplit(".", 1)[-1].replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]
