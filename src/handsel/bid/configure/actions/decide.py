"""Deciding: one choice more, one taken back, a repair, all of it at once.

Nothing a person chose is ever changed by the engine: what does not fit is refused with the reason,
and given up only where he says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.errors import (
    ConfigurationFrozen,
    NotPossible,
    StaleConfiguration,
    UnknownOption,
)
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.ports import pricing
from handsel.bid.configure.queries.engines import Ready, ready_for
from handsel.bid.configure.queries.states import kept_decisions
from handsel.bid.configure.rules.complete import Completion, complete
from handsel.bid.configure.rules.decisions import Decision, Decisions, replaced
from handsel.bid.configure.rules.expressions import Expression, Ref
from handsel.bid.configure.rules.model import LEAD_TIME
from handsel.bid.configure.rules.optimise import Goal, complete_best
from handsel.bid.configure.rules.texts import decision_of, kept_form
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

STEPS_BACK = 50
COMPLETE_BY = ("preference", "cheapest", "fastest")
SECONDS_TO_OPTIMIZE = 2

Change = Callable[[Ready, Decisions], Decisions]


def decide(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    variable: str,
    value: str,
    operator: str = "=",
    lock_no: int | None = None,
) -> Configuration:
    """Decide one thing. `value` is in its exact form.

    Raises UnknownOption, NotPossible (nothing else is given up for it), StaleConfiguration.
    """

    def change(made: Ready, before: Decisions) -> Decisions:
        new = decision_of(made.configurator.variables, variable, operator, value)
        made.configurator.decide(before, new)
        return replaced(before, new)

    return _change(actor, now, configuration_id, lock_no, change)


def retract(
    *, actor: Actor, now: datetime, configuration_id: int, variable: str, lock_no: int | None = None
) -> Configuration:
    """Take back what was decided about a variable."""

    def change(made: Ready, before: Decisions) -> Decisions:
        if variable not in made.configurator.variables:
            raise UnknownOption(
                said("The model has no variable %(wrong)s.", wrong=repr(variable[:60])),
                fields={"variable": "one of the model's"},
            )
        return tuple(one for one in before if one.variable != variable)

    return _change(actor, now, configuration_id, lock_no, change)


def repair(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    variable: str,
    value: str,
    give_up: Sequence[str],
    lock_no: int | None = None,
) -> Configuration:
    """Have a value by giving up what was decided about other variables, as its owner agreed to.

    Raises NotPossible when that is not enough.
    """

    def change(made: Ready, before: Decisions) -> Decisions:
        wish = decision_of(made.configurator.variables, variable, "=", value)
        kept = tuple(one for one in before if one.variable not in set(give_up))
        made.configurator.decide(kept, wish)
        return replaced(kept, wish)

    return _change(actor, now, configuration_id, lock_no, change)


@dataclass(frozen=True, slots=True)
class Completed:
    """A configuration in which everything is decided, and what is proved of how."""

    configuration: Configuration
    completion: Completion


def complete_choices(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    by: str,
    currency: str,
    organization_id: int | None = None,
    lock_no: int | None = None,
) -> Completed:
    """Decide everything that is open: by preference, so that it costs least, or comes soonest.

    Raises UnknownOption for another way, NotPossible without a price list or lead time.
    """
    found: list[Completion] = []

    def change(made: Ready, before: Decisions) -> Decisions:
        if by == "preference":
            found.append(complete(made.configurator, before))
        else:
            goal = Goal(_amount(made, by, currency, now, organization_id))
            seconds = SECONDS_TO_OPTIMIZE
            found.append(complete_best(made.configurator, before, goal, seconds=seconds))
        return _all_of(before, found[-1].values)

    configuration = _change(actor, now, configuration_id, lock_no, change)
    return Completed(configuration, found[-1])


def _amount(
    made: Ready, by: str, currency: str, now: datetime, organization_id: int | None
) -> Expression:
    """What is to be least."""
    if by == "cheapest":
        price = pricing().objective(
            model_key=made.key,
            model=made.model,
            currency=currency,
            on=now.date(),
            organization_id=organization_id,
        )
        if price is None:
            raise NotPossible(
                said(
                    "There is no price list for %(key)s in %(currency)s.",
                    key=made.key,
                    currency=currency,
                )
            )
        return price
    if by == "fastest":
        if not made.has_lead_time:
            raise NotPossible(
                said("The model %(key)s says nothing about lead times.", key=made.key)
            )
        return Ref(LEAD_TIME)
    raise UnknownOption(
        said("%(wrong)s is no way to complete.", wrong=repr(by[:20])),
        fields={"by": said("one of %(values)s", values=", ".join(COMPLETE_BY))},
    )


def take_choices(
    *,
    actor: Actor,
    now: datetime,
    configuration_id: int,
    choices: Mapping[str, str],
    lock_no: int | None = None,
) -> Configuration:
    """Take a whole proposal: what was decided stays, what was open is chosen.

    Raises NotPossible when the proposal does not fit what was decided.
    """

    def change(made: Ready, before: Decisions) -> Decisions:
        variables = made.configurator.variables
        chosen = [decision_of(variables, key, "=", value) for key, value in choices.items()]
        mine = {one.variable for one in before if one.operator == "="}
        after = before
        for one in chosen:
            if one.variable not in mine:
                after = replaced(after, one)
        if not made.configurator.is_possible(after):
            raise NotPossible("This proposal does not fit what was decided meanwhile.")
        return after

    return _change(actor, now, configuration_id, lock_no, change)


@transaction.atomic
def undo(
    *, actor: Actor, now: datetime, configuration_id: int, lock_no: int | None = None
) -> Configuration:
    """Go back to the decisions before the last change; nothing happens where there is none."""
    configuration = lock_open(actor, configuration_id, lock_no)
    if configuration.undo_steps:
        configuration.decisions = configuration.undo_steps.pop()
        _keep(configuration, now)
    return configuration


def _all_of(before: Decisions, values: Mapping[str, object]) -> Decisions:
    after = before
    mine = {one.variable for one in before if one.operator == "="}
    for key, value in values.items():
        if key not in mine and isinstance(value, bool | int | str):
            after = replaced(after, Decision(key, value))
    return after


@transaction.atomic
def _change(
    actor: Actor, now: datetime, configuration_id: int, lock_no: int | None, change: Change
) -> Configuration:
    configuration = lock_open(actor, configuration_id, lock_no)
    made = ready_for(configuration)
    after = change(made, kept_decisions(made, configuration.decisions))
    variables = made.configurator.variables
    kept = [kept_form(variables, one) for one in after]
    if kept != configuration.decisions:
        steps = [*configuration.undo_steps, configuration.decisions]
        configuration.undo_steps = steps[-STEPS_BACK:]
        configuration.decisions = kept
        _keep(configuration, now)
    return configuration


def lock_open(actor: Actor, configuration_id: int, lock_no: int | None) -> Configuration:
    """The configuration, locked for a change by somebody who saw its state `lock_no`."""
    rows = Configuration.objects.select_for_update(of=("self",))
    rows = rows.select_related("version__model", "seller")
    rows = rows.defer("version__source", "version__report").filter(
        pk=configuration_id, seller_id__in=actor.seller_ids
    )
    configuration = rows.first()
    if configuration is None:
        return queries.get_configuration(actor, configuration_id)  # raises, naming it
    if configuration.state != "open":
        raise ConfigurationFrozen(
            said(
                "%(title)s is complete and never changes; make a copy of it.",
                title=configuration.title,
            ),
            configuration_id=configuration_id,
        )
    if lock_no is not None and lock_no != configuration.lock_no:
        raise StaleConfiguration(
            "Somebody decided something here meanwhile. What you see now is the newest state; "
            "nothing of yours was changed.",
            lock_no=configuration.lock_no,
        )
    return configuration


def _keep(configuration: Configuration, now: datetime) -> None:
    configuration.lock_no += 1
    configuration.changed_at = now
    configuration.save(update_fields=["decisions", "undo_steps", "lock_no", "changed_at"])
