"""Why a value cannot be had, and what to give up for it, in words."""

from __future__ import annotations

from typing import Any

from handsel.bid.configure.queries.states import Seen, amount_shown
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.repair import Repair, ranked, smallest_repairs
from handsel.bid.configure.rules.texts import decision_title, title_of, value_with_unit
from handsel.ground.kernel.money import Money


def why(one: Seen, wish: Decision, *, fewest: bool = True) -> dict[str, Any]:
    """Reasons and repairs of a wish; of one that can be had, that it can.

    None of the reasons is too many. The `fewest` there are take ten times as long to find and to
    prove, and are no fewer most times: for who asks, not for who passes by.
    """
    others = tuple(each for each in one.decisions if each.variable != wish.variable)
    configurator = one.ready.configurator
    variable = one.variables[wish.variable]
    explanation = configurator.explain(others, wish, smallest=fewest)
    found = [] if explanation is None else smallest_repairs(configurator.explainer, others, wish)
    priced = ranked(found, lambda decisions: _amount(one, decisions))
    value = value_with_unit(variable, wish.value, one.language)
    return {
        "title": f"{title_of(variable, one.language)}: {value}",
        "possible": explanation is None,
        "reasons": [] if explanation is None else reasons(one, explanation),
        "is_fewest": explanation is None or explanation.is_smallest,
        "repairs": [_repair(one, repair) for repair in priced],
    }


def reasons(one: Seen, explanation: Explanation) -> list[dict[str, str]]:
    """The decisions and laws of an explanation, each as a person reads it."""
    variables = one.variables
    chosen = [
        {
            "kind": "choice",
            "key": decision.variable,
            "text": decision_title(variables[decision.variable], decision, one.language),
        }
        for decision in explanation.decisions
    ]
    laws = [
        {"kind": "law", "key": key, "text": one.ready.sentence(key, one.language)}
        for key in explanation.laws
    ]
    return [*chosen, *laws]


def _repair(one: Seen, repair: Repair) -> dict[str, Any]:
    variables = one.variables
    return {
        "give_up": [
            {
                "variable": decision.variable,
                "text": decision_title(variables[decision.variable], decision, one.language),
            }
            for decision in repair.given_up
        ],
        "price_change": _change(one, repair),
    }


def _amount(one: Seen, decisions: Decisions) -> int | None:
    if one.price is None:
        return None
    priced = one.priced(one.ready.completion(decisions).values)
    return None if priced is None else priced.total.amount_minor


def _change(one: Seen, repair: Repair) -> str:
    if one.price is None or repair.amount is None:
        return ""
    change = Money(repair.amount, one.currency) - one.price.total
    sign = "+" if change.amount_minor > 0 else ""
    return f"{sign}{amount_shown(change, one.language)} {change.currency}"
