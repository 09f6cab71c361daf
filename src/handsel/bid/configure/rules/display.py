"""Numbers shown in the units a reader is used to. Only what is read changes: values stay exact in
the units of their model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from babel.numbers import format_decimal

from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language.units import displayed, ratio
from handsel.bid.configure.rules.model import Derived, Variable
from handsel.ground.document.units import unit_label

Units = Literal["model", "us"]

# Unit of a model -> the unit read in the United States, and how many places of it.
_US: Mapping[str, tuple[str, int]] = {
    "mm": ("in", 2),
    "cm": ("in", 2),
    "m": ("ft", 2),
    "kg": ("lb", 1),
    "g": ("oz", 2),
    "m/min": ("ft/min", 1),
}
_LANGUAGES = ("en", "de")


def shown(variable: Variable, units: Units) -> Variable:
    """The variable as a reader of those units sees it; itself where nothing is converted."""
    wanted = _wanted(variable.unit, units)
    if wanted is None or variable.kind not in ("integer", "decimal"):
        return variable
    unit, _ = wanted
    titles: dict[Value, dict[str, str]] = {
        value: {
            language: _text(value, variable.scale, variable.unit, wanted, language)
            for language in _LANGUAGES
        }
        for value in variable.values
        if isinstance(value, int)
    }
    return replace(variable, unit=unit, value_titles=titles)


def shown_amount(derived: Derived, amount: int, units: Units, language: str) -> str:
    """A derived quantity with its unit, as a reader of those units sees it."""
    wanted = _wanted(derived.unit, units) or (derived.unit, derived.scale)
    text = _text(amount, derived.scale, derived.unit, wanted, language)
    return f"{text} {unit_label(wanted[0], language, one=text == '1')}".strip()


def _wanted(unit: str, units: Units) -> tuple[str, int] | None:
    wanted = _US.get(unit) if units == "us" else None
    return wanted if wanted and ratio(unit, wanted[0]) is not None else None


def _text(value: int, scale: int, unit: str, wanted: tuple[str, int], language: str) -> str:
    other, places = wanted
    if not unit or other == unit:
        number = displayed(value, scale=scale, unit="mm", show_in="mm", places=scale)
    else:
        number = displayed(value, scale=scale, unit=unit, show_in=other, places=places)
    text: str = format_decimal(number, format="#,##0.######", locale=language)
    return text
