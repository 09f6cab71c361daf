"""Scenarios of a draft: named choices of its options, kept, offered, dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from handsel.bid.quote.actions.edit import Draft, keep, open_draft
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.events import QuoteScenariosChanged
from handsel.bid.quote.models import QuoteLine, QuoteVersion
from handsel.bid.quote.rules.scenarios import (
    LONGEST_NAME,
    MOST_SCENARIOS,
    Scenario,
    chosen_of,
    read,
    written,
)
from handsel.bid.quote.rules.sheet.sums import is_allowed_choice
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@transaction.atomic
def keep_scenario(
    *, actor: Actor, now: datetime, quote_id: int, name: str, lock_no: int | None = None
) -> QuoteVersion:
    """Keep the options as they are chosen now under a name; one of that name gives way.

    Raises BadQuote for a name that is none, where there are no options, or too many scenarios.
    """
    title = " ".join(name.split())
    if not 0 < len(title) <= LONGEST_NAME:
        raise BadQuote(
            "A scenario needs a name.",
            fields={"name": said("1 to %(longest_name)s characters", longest_name=LONGEST_NAME)},
        )
    draft = open_draft(actor, quote_id, lock_no)
    if not any(line.is_optional for line in draft.lines):
        raise BadQuote(
            "Scenarios are choices of options: make lines options first.",
            fields={"name": "options"},
        )
    found = read(draft.version.scenarios, draft.lines)
    known = [one.name for one in found]
    chosen = chosen_of(draft.lines)
    if title in known:
        found = [replace(one, chosen=chosen) if one.name == title else one for one in found]
    elif len(found) < MOST_SCENARIOS:
        found.append(Scenario(title, chosen))
    else:
        raise BadQuote(
            said("A quote has at most %(most_scenarios)s scenarios.", most_scenarios=MOST_SCENARIOS)
        )
    return _write(draft, found, "kept", title, actor=actor, now=now)


@transaction.atomic
def remove_scenario(
    *, actor: Actor, now: datetime, quote_id: int, name: str, lock_no: int | None = None
) -> QuoteVersion:
    """Drop a scenario; the lines stay as they are chosen. Raises BadQuote for an unknown one."""
    draft = open_draft(actor, quote_id, lock_no)
    found = read(draft.version.scenarios, draft.lines)
    _named(found, name)
    rest = [one for one in found if one.name != name]
    return _write(draft, rest, "removed", name, actor=actor, now=now)


@transaction.atomic
def offer_scenario(
    *, actor: Actor, now: datetime, quote_id: int, name: str, lock_no: int | None = None
) -> QuoteVersion:
    """Choose a scenario's options and offer it: lines only others choose are not on the offer.

    An empty name offers none of them: every option is open to the buyer again, chosen as it was.
    Raises BadQuote for an unknown scenario, or one that does not take one of each alternative.
    """
    draft = open_draft(actor, quote_id, lock_no)
    found = read(draft.version.scenarios, draft.lines)
    if name:
        wanted = _named(found, name)
        sets = QuoteLine.objects.filter(version=draft.version).exclude(alternative_set="")
        if not is_allowed_choice(sets.values_list("line_key", "alternative_set"), wanted.chosen):
            raise BadQuote(
                said(
                    "“%(name)s” does not take exactly one of each set of alternatives; "
                    "choose its lines and keep it again.",
                    name=name,
                ),
                fields={"name": "one of each set of alternatives"},
            )
        for line in draft.lines:
            if line.is_optional:
                line.is_chosen = line.key in wanted.chosen
    offered = [replace(one, is_offered=bool(name) and one.name == name) for one in found]
    return _write(draft, offered, "offered", name, actor=actor, now=now)


def _named(found: list[Scenario], name: str) -> Scenario:
    for one in found:
        if one.name == name:
            return one
    raise BadQuote(
        said("There is no scenario “%(name)s”.", name=name),
        fields={"name": "a scenario of this quote"},
    )


def _write(
    draft: Draft, scenarios: list[Scenario], change: str, name: str, *, actor: Actor, now: datetime
) -> QuoteVersion:
    draft.version.scenarios = written(scenarios)
    version = keep(draft, draft.lines, actor=actor, now=now)
    log.announce(
        QuoteScenariosChanged(
            quote_id=version.quote_id, version_id=version.pk, name=name, change=change
        ),
        actor=actor,
        now=now,
    )
    return version
