"""What does not fit, and what mends it, as plain data in a reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handsel.bid.configure.queries import published_models
from handsel.bid.configure.queries.fitting import Fitting, Found
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.display import shown_amount
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.fit.changes import Mend
from handsel.bid.configure.rules.fit.lines import FitLine, LineKey, Misfit
from handsel.bid.configure.rules.fit.reason import reason_of
from handsel.bid.configure.rules.language.law_sets import LawSet, Role
from handsel.bid.configure.rules.model import Derived, ProductModel, Variable
from handsel.bid.configure.rules.system import SEPARATOR
from handsel.bid.configure.rules.texts import title_of, value_text, value_with_unit
from handsel.ground.kernel.names import text_in

MOST_LINES = 12


def told(fit: Fitting, found: Found, language: str) -> dict[str, Any]:
    """A broken law: its sentence, the lines it speaks of, and which of their values break it."""
    misfit = found.misfit
    law = misfit.law.law
    reason = reason_of(misfit)
    because = [_said(fit, misfit, one, language) for one in reason.decisions]
    comes_to = [_quantity(fit, misfit, one, value, language) for one, value in reason.derived]
    return {
        "laws_key": misfit.laws_key,
        "laws": text_in(misfit.laws.titles, language, misfit.laws.name),
        "law": law.key,
        "sentence": text_in(law.sentences, language, law.key),
        "forbids": found.forbids,
        "is_advice": misfit.law.is_advice,
        "in_a_row": any(misfit.laws.role(role).after for role in misfit.lines),
        "option": _line(fit, found.option),
        "lines": [_line(fit, one.key) for one in misfit.all_lines[:MOST_LINES]],
        "more_lines": max(0, len(misfit.all_lines) - MOST_LINES),
        "because": because,
        "comes_to": comes_to,
    }


def told_mend(
    fit: Fitting, mend: Mend, models: Mapping[LineKey, ProductModel], language: str
) -> dict[str, Any]:
    """A repair in words, and what to send to have it done; `further` are what is done with it."""
    further = [told_mend(fit, one, models, language) for one in mend.further]
    return _told_part(fit, mend, models, language) | {"further": further}


def _told_part(
    fit: Fitting, mend: Mend, models: Mapping[LineKey, ProductModel], language: str
) -> dict[str, Any]:
    base: dict[str, Any] = {
        "kind": mend.kind,
        "line": _line(fit, mend.line),
        "variable": "",
        "value": "",
        "wish": "",
        "before": "",
        "give_up": [],
        "gives_up": [],
        "also": [],
        "sku": mend.product,
        "is_configured": bool(mend.product) and is_configured(mend.product),
        "quantity": "" if mend.quantity is None else f"{mend.quantity.normalize():f}",
    }
    if mend.kind != "choose" or mend.wish is None or mend.after is None:
        return base
    model = models[mend.line]
    variables = {one.key: one for one in model.variables}
    wish = variables[mend.wish.variable]
    before, after = (mend.before or fit.by_line[mend.line]).values, mend.after.values
    return base | {
        "variable": wish.key,
        "value": value_text(wish, mend.wish.value),
        "wish": f"{title_of(wish, language)}: {_value(wish, mend.wish.value, language)}",
        "before": _value(wish, before[wish.key], language),
        "give_up": [one.variable for one in mend.given_up],
        "gives_up": [title_of(variables[one.variable], language) for one in mend.given_up],
        "also": [
            {
                "title": title_of(one, language),
                "before": _value(one, before[one.key], language),
                "after": _value(one, after[one.key], language),
            }
            for one in model.variables
            if one.key != wish.key and before[one.key] != after[one.key]
        ],
    }


def is_configured(sku: str) -> bool:
    """Whether an article has to be configured before it can be a line."""
    return published_models().filter(product__sku=sku).exists()


def models_of(fit: Fitting, mends: Iterable[Mend]) -> dict[LineKey, ProductModel]:
    """The models of the lines that repairs choose otherwise."""
    return {
        one.line: fit.by_line[one.line].version.model  # type: ignore[attr-defined]
        for mend in mends
        for one in (mend, *mend.further)
        if one.kind == "choose" and one.line is not None
    }


def _line(fit: Fitting, key: LineKey | None) -> dict[str, Any] | None:
    line = (fit.lines or {}).get(key) if key is not None else None
    return {"key": str(line.key), "place": line.place, "name": line.name} if line else None


def _said(fit: Fitting, misfit: Misfit, decision: Decision, language: str) -> dict[str, Any]:
    role, key = _owner(misfit.laws, decision.variable)
    if role.is_total:
        return _of_total(misfit, role, decision.value, language)
    variable = misfit.laws.model.variable(decision.variable)
    own = f"{title_of(variable, language)}: {_value(variable, decision.value, language)}"
    return {**_whose(fit, misfit, role, language), "variable": key, "text": own}


def _quantity(
    fit: Fitting, misfit: Misfit, derived: Derived, value: Value, language: str
) -> dict[str, Any]:
    role, key = _owner(misfit.laws, derived.key)
    amount = str(value) if isinstance(value, bool | str) else ""
    if not amount:
        amount = shown_amount(derived, int(value), "model", language)
    title = text_in(derived.titles, language, key.replace("_", " "))
    whose = _whose(fit, misfit, role, language)
    return {**whose, "variable": key, "text": f"{title}: {amount}"}


def _of_total(misfit: Misfit, role: Role, value: Value, language: str) -> dict[str, Any]:
    title = text_in(role.titles, language, ", ".join(role.products))
    return {"line": None, "variable": role.key, "text": f"{title}: {value}"}


def _whose(fit: Fitting, misfit: Misfit, role: Role, language: str) -> dict[str, Any]:
    lines: tuple[FitLine, ...] = misfit.lines[role.key]
    found = _line(fit, lines[0].key)
    return {"line": found, "more": len(lines) - 1, "role": text_in(role.titles, language, role.key)}


def _owner(laws: LawSet, key: str) -> tuple[Role, str]:
    role, _, own = key.partition(SEPARATOR)
    return laws.role(role), own


def _value(variable: Variable, value: Value, language: str) -> str:
    return value_with_unit(variable, value, language)
