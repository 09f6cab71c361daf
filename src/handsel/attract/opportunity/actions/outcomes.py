"""What became of leads we know from another system: deals won there, entered here at their dates.

Each chunk is one transaction, and a lead is converted once, so a file read again, or taken up
after a crash, adds only what is missing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from handsel.attract.lead import actions as lead_actions
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules import file_rows
from handsel.attract.opportunity import queries
from handsel.attract.opportunity.actions.opening import NewDeal, open_many
from handsel.attract.opportunity.actions.setting_up import standing_pipeline
from handsel.attract.opportunity.events import OpportunityWon
from handsel.attract.opportunity.models import Opportunity, StageChange
from handsel.attract.opportunity.rules.outcome_rows import (
    KNOWN_SOURCES,
    Outcome,
    OutcomeReader,
)
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said
from handsel.ground.party.queries import get_seller
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.copying import copy_in

CHUNK = 1000

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class OutcomesRead:
    """What an import of outcomes did, or would do."""

    rows: int = 0
    won: int = 0
    known: int = 0
    before_asked: int = 0
    refused: list[tuple[int, str, list[str]]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The counts, for a program to read. `before_asked` are dated before their inquiry."""
        return {
            "rows": self.rows,
            "won": self.won,
            "known": self.known,
            "refused": len(self.refused),
            "won_before_asked": self.before_asked,
        }


def import_outcomes(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    content: bytes,
    source_name: str,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> OutcomesRead:
    """Enter won deals of leads known under `source_name`; returns counts and refused rows.

    With `dry_run` nothing is written. Raises MappingInvalid when the file cannot be read.
    """
    seller = get_seller(actor, seller_id)
    known_mapping, known_order = KNOWN_SOURCES.get(source_name, ({}, "ymd"))
    guessed = file_rows.guess_reading(content, date_order=known_order, zone=seller.time_zone)
    reading = replace(guessed, **{k: v for k, v in (options or {}).items() if v})
    header, rows = file_rows.open_rows(content, reading)
    reader = OutcomeReader(header, mapping or known_mapping, reading, seller.currency)
    done = OutcomesRead()
    total = content.count(b"\n")
    while batch := _batch(rows):
        outcomes = list(_read(reader, batch, done, now=now))
        with transaction.atomic():
            _enter(seller.pk, source_name, outcomes, done, actor=actor, now=now)
            transaction.set_rollback(dry_run)
        if progress is not None:
            progress(done.rows, total)
    return done


def _batch(rows: Iterator[list[str]]) -> list[list[str]]:
    try:
        return list(islice(rows, CHUNK))
    except csv.Error as wrong:
        raise Invalid(
            said("the file cannot be read to its end: %(wrong)s", wrong=wrong), code="no_csv"
        ) from wrong


def _read(
    reader: OutcomeReader, batch: list[list[str]], done: OutcomesRead, *, now: datetime
) -> Iterator[Outcome]:
    for row in batch:
        done.rows += 1
        try:
            yield reader.read(done.rows + 1, row, now=now)
        except Invalid as refused:
            done.refused.append((done.rows + 1, file_rows.why_refused(refused), list(row)))


def _enter(
    seller_id: int,
    source_name: str,
    outcomes: Sequence[Outcome],
    done: OutcomesRead,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    wanted = {outcome.external_id for outcome in outcomes}
    rows = Lead.objects.select_for_update().filter(
        seller_id=seller_id, external_source=source_name, external_id__in=wanted
    )
    leads = {lead.external_id: lead for lead in rows.order_by("pk")}
    states = _states_of_deals(lead.pk for lead in leads.values())
    fresh: dict[str, Outcome] = {}
    for outcome in outcomes:
        lead = leads.get(outcome.external_id)
        reason = _why_not(lead, states, outcome)
        if reason:
            done.refused.append((outcome.row_number, reason, [outcome.external_id]))
        elif outcome.external_id in fresh or (lead is not None and lead.state == "converted"):
            done.known += 1
        else:
            fresh[outcome.external_id] = outcome
    pairs = [(leads[key], outcome) for key, outcome in fresh.items()]
    done.before_asked += sum(outcome.won_at < lead.asked_at for lead, outcome in pairs)
    _win(seller_id, pairs, actor=actor, now=now)
    done.won += len(pairs)


def _states_of_deals(lead_ids: Iterator[int]) -> dict[int, str]:
    rows = Opportunity.objects.filter(lead_id__in=list(lead_ids))
    return {lead_id: state for lead_id, state in rows.values_list("lead_id", "state") if lead_id}


def _why_not(lead: Lead | None, states: Mapping[int, str], outcome: Outcome) -> str:
    if lead is None:
        return f"there is no lead {outcome.external_id}; import the leads first"
    state = states.get(lead.pk, "won")
    if lead.state == "converted" and state != "won":
        return f"lead {lead.number} is a deal here, and that is {state}"
    return ""


def _win(
    seller_id: int, pairs: Sequence[tuple[Lead, Outcome]], *, actor: Actor, now: datetime
) -> None:
    if not pairs:
        return
    keys = open_many(
        actor=actor,
        now=now,
        seller_id=seller_id,
        deals=[_deal(lead, outcome) for lead, outcome in pairs],
    )
    instants = [outcome.won_at for _, outcome in pairs]
    _close_many(keys, instants, actor=actor)
    log.announce_many(
        [
            OpportunityWon(opportunity_id=key, amount=outcome.amount)
            for key, (_, outcome) in zip(keys, pairs, strict=True)
        ],
        actor=actor,
        now=now,
        occurred_at=instants,
    )
    lead_actions.mark_many_converted(
        actor=actor,
        now=now,
        converted=[(lead.pk, outcome.won_at) for lead, outcome in pairs],
    )


def _deal(lead: Lead, outcome: Outcome) -> NewDeal:
    name = lead.company_name or lead.person_name or lead.number
    return NewDeal(
        name=f"{name}: {outcome.name}" if outcome.name else name,
        amount=outcome.amount,
        organization_id=lead.organization_id,
        person_id=lead.person_id,
        lead_id=lead.pk,
        owner_id=lead.owner_id,
        created_at=outcome.won_at,
    )


def _close_many(keys: Sequence[int], instants: Sequence[datetime], *, actor: Actor) -> None:
    pipeline = standing_pipeline().pk
    won = queries.closing_stage(pipeline, "won")
    start = queries.first_stage(pipeline)
    deals = [
        Opportunity(pk=key, stage=won, state="won", closed_at=at)
        for key, at in zip(keys, instants, strict=True)
    ]
    Opportunity.objects.bulk_update(deals, ["stage", "state", "closed_at"], batch_size=CHUNK)
    copy_in(
        StageChange,
        ["opportunity_id", "from_stage_id", "to_stage_id", "changed_at", "changed_by_id"],
        [
            (key, start.pk, won.pk, at, actor.user_id)
            for key, at in zip(keys, instants, strict=True)
        ],
    )
