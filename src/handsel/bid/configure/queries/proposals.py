"""Up to three complete products side by side, with what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.configure.queries.states import Seen, amount_shown, choices_of, lead_time_of
from handsel.bid.configure.rules.alternatives import Alternative, alternatives, differing
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Variable
from handsel.bid.configure.rules.presence import absent_keys
from handsel.bid.configure.rules.texts import title_of, value_with_unit
from handsel.ground.kernel.money import Money

MOST = 3


def proposals(one: Seen) -> dict[str, Any]:
    """Proposals that keep all that was decided; by rising price where there is a price list."""
    amount = (lambda values: _amount(one, values)) if one.price is not None else None
    found = alternatives(one.ready.configurator, one.decisions, MOST, amount=amount)
    if len(found) < 2:
        return {"alternatives": [], "note": ""}
    names = [_("Good"), _("Better"), _("Best")] if amount else []
    different = differing([each.completion.values for each in found])
    variables, known = one.variables, one.ready.absences
    absent = [absent_keys(known, each.completion.values) for each in found]
    return {
        "alternatives": [
            {
                "title": names[place] if names else _("Proposal %(no)s") % {"no": place + 1},
                "price": _price(one, each),
                "facts": _facts(one, each.completion.values),
                "differences": {
                    title_of(variables[key], one.language): "–"
                    if key in absent[place]
                    else _shown(variables[key], values[place], one.language)
                    for key, values in different.items()
                },
                "choices": choices_of(one, each.completion.values),
            }
            for place, each in enumerate(found)
        ],
        "note": "",
    }


def _price(one: Seen, each: Alternative) -> str:
    if each.amount is None:
        return ""
    return f"{amount_shown(Money(each.amount, one.currency), one.language)} {one.currency}"


def _shown(variable: Variable, value: Value, language: str) -> str:
    return value_with_unit(variable, value, language)


def _facts(one: Seen, values: Mapping[str, Value]) -> list[dict[str, str]]:
    if not one.ready.has_lead_time:
        return []
    label, shown = lead_time_of(one, values)
    return [{"label": label, "value": shown}]


def _amount(one: Seen, values: Mapping[str, Value]) -> int:
    priced = one.priced(values)
    return priced.total.amount_minor if priced else 0
