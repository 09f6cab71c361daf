"""A configuration looked at under the version of its model that is in use now, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handsel.bid.configure import queries
from handsel.bid.configure.errors import NothingNewer, NotPossible
from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.configure.queries.engines import Ready, ready, ready_for
from handsel.bid.configure.queries.prices import Prices
from handsel.bid.configure.queries.states import Seen, amount_shown, kept_decisions
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import Variable
from handsel.bid.configure.rules.presence import absent_keys
from handsel.bid.configure.rules.reopen import Changed, Loss, Lost, Reopened, reopen
from handsel.bid.configure.rules.texts import decision_title, title_of, value_of, value_with_unit
from handsel.ground.kernel.said import said


@dataclass(frozen=True)
class Reopening:
    """What becomes of a configuration under `version`: kept, changed and lost choices. `values`
    are those of the old product; None where it was still open."""

    version: ModelVersion
    old: Ready
    new: Ready
    found: Reopened
    values: Mapping[str, Value] | None = None


def reopening(configuration: Configuration, *, on: date) -> Reopening:
    """The choices of a configuration taken to the version in use, as it holds on that day.

    Raises NothingNewer where it was made with that one, and ModelNotPublished.
    """
    version = queries.published_of(configuration.version.model_id)
    if version.pk == configuration.version_id:
        raise NothingNewer(
            said(
                "“%(title)s” was made with version %(version_no)s, which is the one in use.",
                title=configuration.title,
                version_no=version.version_no,
            )
        )
    old, new = ready_for(configuration), ready(version, on=on, country=configuration.country)
    decisions = kept_decisions(old, configuration.decisions)
    variables = old.configurator.variables
    values: dict[str, Value] = {
        key: value_of(variables[key], text) for key, text in configuration.assignment.items()
    }
    found = reopen(decisions, old.model, new.configurator, values=values or None)
    return Reopening(version, old, new, found, values or None)


def told(one: Reopening, language: str) -> dict[str, Any]:
    """Kept, changed and impossible choices as a person reads them, each with its reasons."""
    variables = one.new.configurator.variables
    nothing = _not_there(one)
    return {
        "version_no": one.version.version_no,
        "kept": [decision_title(variables[d.variable], d, language) for d in one.found.kept],
        "changed": [
            _changed(one, change, language)
            for change in one.found.changed
            if change.variable not in nothing
        ],
        "impossible": [_lost(one, lost, language) for lost in one.found.impossible],
    }


def _not_there(one: Reopening) -> set[str]:
    """Variables of parts that neither the old nor the new product has."""
    old, new = one.values, one.found.values
    if old is None or new is None:
        return set()
    before, after = absent_keys(one.old.absences, old), absent_keys(one.new.absences, new)
    return {
        key
        for key in before | after
        if (key in before or key not in old) and (key in after or key not in new)
    }


def _changed(one: Reopening, change: Changed, language: str) -> dict[str, Any]:
    after = one.new.configurator.variables.get(change.variable)
    before = one.old.configurator.variables.get(change.variable)
    known = after or before
    return {
        "title": title_of(known, language) if known else change.variable,
        "before": _shown(before, change.old, language),
        "after": _shown(after, change.new, language),
        "reasons": _reasons(one, change.explanation, language),
    }


def _shown(variable: Variable | None, value: Value | None, language: str) -> str:
    if variable is None or value is None:
        return ""
    return value_with_unit(variable, value, language)


def _lost(one: Reopening, lost: Lost, language: str) -> dict[str, Any]:
    variable = one.old.configurator.variables[lost.decision.variable]
    return {
        "title": decision_title(variable, lost.decision, language),
        "why": _(_LOSSES[lost.why]),
        "reasons": _reasons(one, lost.explanation, language),
    }


_LOSSES: Mapping[Loss, str] = {
    "no such variable": gettext_noop("This is not chosen any more."),
    "no such value": gettext_noop("This value is not offered any more."),
    "not exact in the new scale": gettext_noop("The steps are others now."),
    "contradiction": gettext_noop("It does not go with what stays."),
}


@dataclass(frozen=True)
class PriceChange:
    """What the product comes to as it was and as it would be, by the prices of one day."""

    before: str
    after: str
    change: str


def price_change(
    configuration: Configuration, one: Reopening, prices: Prices, *, on: date, language: str
) -> PriceChange | None:
    """What reopening does to the price; None without a price list, or where none can be had."""
    currency = prices.currency or configuration.seller.currency
    old, new = (
        Seen(configuration, made, decisions, language, currency, on, prices=prices)
        for made, decisions in (
            (one.old, kept_decisions(one.old, configuration.decisions)),
            (one.new, one.found.kept),
        )
    )
    if not old.is_priced:
        return None
    try:
        was = old.priced(one.values or old.completion.values)
        will = new.priced(one.found.values or new.completion.values)
    except NotPossible:
        return None
    if was is None or will is None:
        return None
    change = will.total - was.total
    sign = "+" if change.amount_minor > 0 else ""
    before, after = (f"{amount_shown(each.total, language)} {currency}" for each in (was, will))
    return PriceChange(before, after, f"{sign}{amount_shown(change, language)} {currency}")


def _reasons(one: Reopening, explanation: Explanation | None, language: str) -> list[str]:
    if explanation is None:
        return []
    variables = one.new.configurator.variables
    chosen = [decision_title(variables[d.variable], d, language) for d in explanation.decisions]
    return [*chosen, *(one.new.sentence(key, language) for key in explanation.laws)]
