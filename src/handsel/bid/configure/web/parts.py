"""What the pages of this room share."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from handsel.bid.configure.queries.states import Seen, price_told
from handsel.bid.configure.rules.presence import absent_keys
from handsel.bid.configure.rules.texts import group_titles, own_title, value_of, value_with_unit

STATES = {"open": (_("open"), "progress"), "complete": (_("complete"), "good")}
VERSION_STATES = {
    "draft": (_("draft"), "neutral"),
    "tested": (_("tested"), "progress"),
    "published": (_("in use"), "good"),
    "retired": (_("replaced"), "ended"),
}


def price_panel(one: Seen) -> dict[str, Any] | None:
    """The price with its rows, the total in the heading; None where the reader sees none."""
    told = price_told(one)
    if told is None:
        return None
    facts = [{"label": row["label"], "value": row["shown"]} for row in told["rows"]]
    if told["list"]:
        facts.insert(len(facts) - 1, {"label": _("List price"), "value": told["list"]})
    return {"title": f"{told['title']}: {told['shown']}", "facts": facts}


def number_in(text: str) -> int | None:
    """The key that was sent, if it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def choice_rows(one: Seen) -> list[dict[str, Any]]:
    """A complete configuration by groups: each variable with its value, as a person reads it."""
    model, language = one.ready.model, one.language
    assignment = one.configuration.assignment
    values = {v.key: value_of(v, assignment[v.key]) for v in model.variables}
    absent = absent_keys(one.ready.absences, values)
    rows: dict[str, list[dict[str, Any]]] = {}
    for variable in model.variables:
        if variable.key in absent:
            continue
        value = values[variable.key]
        fact = {
            "label": own_title(variable, language),
            "value": value_with_unit(variable, value, language),
        }
        rows.setdefault(variable.group, []).append(fact)
    titles = group_titles(model, language)
    return [{"title": titles.get(key, ""), "facts": facts} for key, facts in rows.items()]
