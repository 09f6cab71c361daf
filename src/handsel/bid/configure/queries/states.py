"""A configuration as a page or program sees it: what can be had, what is so and by whom, the price.

Everything here is plain data (`dict`s of text and numbers), the same for pages, links and the API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from babel.numbers import format_decimal

from handsel.bid.configure.errors import NotPossible, StaleModel, UnknownOption
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.ports import ConfigurationPrice, pricing
from handsel.bid.configure.queries.engines import Ready, ready, ready_for
from handsel.bid.configure.queries.prices import AT_LIST, Prices
from handsel.bid.configure.rules.complete import Completion, is_wished, preferred_values
from handsel.bid.configure.rules.decisions import Decision, Decisions, decided
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.display import Units, shown, shown_amount
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.model import LEAD_TIME, Derived, Variable
from handsel.bid.configure.rules.presence import not_there_yet
from handsel.bid.configure.rules.session import Answer, Standing
from handsel.bid.configure.rules.texts import (
    decision_of,
    group_titles,
    own_title,
    placed,
    value_text,
    value_title,
)
from handsel.ground.document.units import unit_label
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.names import text_in
from handsel.ground.kernel.said import said

STATES = {"possible": "0", "so": "1", "impossible": "2"}


@dataclass(frozen=True)
class Seen:
    """One configuration after some decisions, for a reader of a language and a day."""

    configuration: Configuration
    ready: Ready
    decisions: Decisions
    language: str
    currency: str
    on: date
    units: Units = "model"
    prices: Prices = AT_LIST

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """The model's variables by key, as this reader's units show them."""
        known = self.ready.configurator.variables
        return {key: shown(variable, self.units) for key, variable in known.items()}

    @cached_property
    def answer(self) -> Answer:
        """What the decisions leave."""
        return self.ready.configurator.answer(self.decisions)

    @cached_property
    def wished(self) -> Mapping[str, Value]:
        """Values that defaults and preferences propose for what is open; all of them fit."""
        states, configurator = self.answer.states, self.ready.configurator
        if states is None:
            return {}
        if not self.is_priced:
            return preferred_values(configurator, self.decisions, states)
        # What is priced is completed, and completion begins with these.
        mine, values = decided(self.decisions), self.completion.values
        wished = (one.key for one in configurator.model.variables if is_wished(one))
        return {key: values[key] for key in wished if key not in mine}

    @cached_property
    def completion(self) -> Completion:
        """The preferred full configuration with the decisions."""
        return self.ready.completion(self.decisions)

    @cached_property
    def not_there(self) -> frozenset[str]:
        """Variables of parts that nobody asked for so far."""
        return not_there_yet(self.ready.absences, self.answer)

    @property
    def is_priced(self) -> bool:
        """Whether a product is sold that the model configures."""
        return self.configuration.version.model.product_id is not None

    @cached_property
    def price(self) -> ConfigurationPrice | None:
        """What it comes to, with open choices as proposed; None without a price list."""
        if self.prices.kind == "none" or self.configuration.version.model.product_id is None:
            return None  # nothing shown or sold, nothing priced: no need to complete it
        return self.priced(self.completion.values)

    def priced(self, values: Mapping[str, Value]) -> ConfigurationPrice | None:
        """The price of a whole assignment, as this reader may see it."""
        if self.prices.kind == "none":
            return None
        return pricing().price(
            model_key=self.ready.key,
            model=self.ready.model,
            assignment=values,
            currency=self.currency,
            language=self.language,
            on=self.on,
            organization_id=self.prices.organization_id,
        )

    @property
    def is_decided(self) -> bool:
        """Whether every variable has its one value."""
        return self.answer.remaining == len(self.ready.model.variables)


def seen(
    configuration: Configuration,
    *,
    language: str,
    currency: str,
    on: date,
    units: Units = "model",
    prices: Prices = AT_LIST,
) -> Seen:
    """A configuration with its decisions as they are kept."""
    made = ready_for(configuration)
    decisions = kept_decisions(made, configuration.decisions)
    return Seen(
        configuration, made, decisions, language, prices.currency or currency, on, units, prices
    )


def completed_on(configuration: Configuration, *, on: date | None) -> tuple[Ready, Completion]:
    """The model as it holds on a day in a configuration's country, and what was decided completed.

    Raises NotPossible where that can no longer be had together.
    """
    made = ready(configuration.version, on=on, country=configuration.country)
    try:
        decisions = kept_decisions(made, configuration.decisions)
    except StaleModel as gone:
        ended = gone.__cause__
        raise NotPossible(
            said(
                "What was chosen cannot be had on %(day)s in %(country)s: %(changed)s",
                day=on,
                country=configuration.country,
                changed=ended.message if isinstance(ended, UnknownOption) else gone.message,
            )
        ) from gone
    return made, made.completion(decisions)


def kept_decisions(made: Ready, kept: Iterable[Sequence[str]]) -> Decisions:
    """Decisions from how they are kept. Raises StaleModel where a tried draft has others now."""
    variables = made.configurator.variables
    try:
        return tuple(decision_of(variables, key, operator, text) for key, operator, text in kept)
    except UnknownOption as changed:
        raise StaleModel(
            said(
                "The model changed since this was decided: %(changed)s Begin a new trial.",
                changed=changed.message,
            )
        ) from changed


def outline(one: Seen) -> dict[str, Any]:
    """What never changes while one configures: groups, variables and their values by name."""
    model, language = one.ready.model, one.language
    titles = group_titles(model, language)
    return {
        "groups": [
            {
                "key": group.key,
                "parent": group.parent,
                "title": titles[group.key],
            }
            for group in model.groups
        ],
        "variables": [_variable(one.variables[each.key], language) for each in model.variables],
    }


def _variable(variable: Variable, language: str) -> dict[str, Any]:
    return {
        "key": variable.key,
        "title": own_title(variable, language),
        "help": text_in(variable.help_texts, language, ""),
        "group": variable.group,
        "kind": variable.kind,
        "unit": unit_label(variable.unit, language),
        "is_question": variable.is_question,
        "values": [
            {
                "value": value_text(variable, value),
                "title": value_title(variable, value, language),
            }
            for value in variable.values
        ],
    }


def answers(one: Seen, before: Answer | None = None) -> dict[str, Any]:
    """The standing of every variable, or of those that differ from an earlier answer."""
    answer = one.answer
    keys: Iterable[str] = one.ready.configurator.variables
    if before is not None and not one.wished:
        # What could be chosen instead depends on all choices, so those travel every time.
        changed = {each.variable.key: None for each in answer.changed_since(before)}
        keys = changed | dict.fromkeys(decided(one.decisions))
    return {key: _answer(one, answer.of(key)) for key in keys}


def _answer(one: Seen, standing: Standing) -> dict[str, Any]:
    variable, possible = standing.variable, set(standing.possible)
    if standing.origin == "you":
        possible |= one.ready.instead.values(one.decisions, variable.key)
    value, origin = standing.value, standing.origin
    if value is None and variable.key in one.wished:
        value, origin = one.wished[variable.key], "default"
    marks = "".join(
        STATES["impossible"]
        if each not in possible
        else STATES["so"]
        if each == standing.value
        else STATES["possible"]
        for each in variable.values
    )
    return {
        "states": marks,
        "value": variable.values.index(value) if value is not None else None,
        "origin": "" if origin == "open" else origin,
        "bounds": _bounds(one, standing),
    }


def _bounds(one: Seen, standing: Standing) -> str:
    variable, language = one.variables[standing.variable.key], one.language
    is_number = variable.kind in ("integer", "decimal") and not variable.value_titles
    if not is_number or len(standing.possible) < 2:
        return ""
    first, last = standing.possible[0], standing.possible[-1]
    return (
        f"{value_title(variable, first, language)} – {value_title(variable, last, language)}"
        f" {unit_label(variable.unit, language)}"
    ).strip()


def changes(one: Seen, before: Answer | None = None) -> dict[str, Any]:
    """What travels after a decision: changed answers, and all of the rest, which is short."""
    answer = one.answer
    return {
        "lock": one.configuration.lock_no,
        "answers": answers(one, before),
        "remaining": answer.remaining,
        "removed": answer.removed,
        "facts": derived_facts(one),
        "price": price_told(one),
        "lead_time": _lead_time(one),
        "hidden": sorted(one.not_there),
        "can_undo": bool(one.configuration.undo_steps),
        "is_complete": one.is_decided,
    }


def amount_shown(amount: Money, language: str) -> str:
    """An amount as the reader's language writes it, with the decimals of its currency."""
    places = "0" * exponent(amount.currency)
    pattern = f"#,##0.{places}" if places else "#,##0"
    shown: str = format_decimal(amount.amount, format=pattern, locale=language)
    return shown


def _lead_time(one: Seen) -> str:
    """Days until delivery of the product as proposed; "" where the model does not say."""
    if not one.ready.has_lead_time:
        return ""
    title, amount = lead_time_of(one, one.completion.values)
    return f"{title}: {amount}"


def lead_time_of(one: Seen, values: Mapping[str, Value]) -> tuple[str, str]:
    """What the lead time is called, and how long it is for a whole assignment."""
    model = one.ready.model
    (lead,) = (derived for derived in model.derived if derived.key == LEAD_TIME)
    amount = derived_values(model, values)[LEAD_TIME]
    return text_in(lead.titles, one.language, lead.key), _with_unit(one, lead, amount)


def price_told(one: Seen) -> dict[str, Any] | None:
    """The price as this reader reads it; None where there is none for him."""
    found = one.price
    if found is None:
        return None
    rows = list(found.rows)
    if found.total != found.list_total:
        # One row for all that was agreed: how the house came to it stays in the house.
        rows.append((one.prices.terms_title, found.total - found.list_total))
    return {
        "title": one.prices.title,
        "total": found.total.text(),
        "shown": f"{amount_shown(found.total, one.language)} {found.total.currency}",
        "list": f"{amount_shown(found.list_total, one.language)} {found.total.currency}"
        if found.total != found.list_total
        else "",
        "currency": found.total.currency,
        "rows": [
            {
                "label": label,
                "amount": amount.text(),
                "shown": amount_shown(amount, one.language),
            }
            for label, amount in rows
        ],
        "is_whole": one.is_decided,
    }


def derived_facts(one: Seen) -> list[dict[str, str]]:
    """Derived quantities that the decisions settle, with their units."""
    if not one.ready.model.derived:
        return []
    values: dict[str, Value] = {
        standing.variable.key: standing.value
        for standing in one.answer.standings()
        if standing.value is not None
    }
    facts = []
    for derived in one.ready.model.derived:
        amount = _derived(derived, values)
        if amount is None:
            continue
        values[derived.key] = amount
        if derived.titles and not _is_of(derived.key, one.not_there):
            facts.append(
                {
                    "label": placed(
                        derived.within,
                        text_in(derived.titles, one.language, derived.key),
                        one.language,
                    ),
                    "value": _with_unit(one, derived, amount),
                }
            )
    return facts


def _is_of(key: str, absent: frozenset[str]) -> bool:
    """Whether a quantity belongs to a part of which nothing is there."""
    part = key.rpartition(".")[0]
    return bool(part) and any(one.startswith(f"{part}.") for one in absent)


def _derived(derived: Derived, values: Mapping[str, Value]) -> Value | None:
    try:
        return evaluate(derived.expression, values)
    except KeyError:  # something it is made of is still open
        return None


def _with_unit(one: Seen, derived: Derived, amount: Value) -> str:
    if isinstance(amount, bool | str):
        return str(amount)
    return shown_amount(derived, amount, one.units, one.language)


def choices_of(one: Seen, values: Mapping[str, Value]) -> dict[str, str]:
    """A full configuration in exact forms."""
    variables = one.ready.configurator.variables
    return {key: value_text(variables[key], value) for key, value in values.items()}


def wish_of(one: Seen, key: str, text: str) -> Decision:
    """The decision somebody wishes for. Raises UnknownOption."""
    return decision_of(one.ready.configurator.variables, key, "=", text)
