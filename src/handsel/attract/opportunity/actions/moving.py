"""Moving deals between stages, winning, losing, opening again. Every move leaves a row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.attract.opportunity import queries
from handsel.attract.opportunity.actions.opening import checked_amount
from handsel.attract.opportunity.errors import (
    OpportunityClosed,
    OpportunityInvalid,
    ReasonNeeded,
)
from handsel.attract.opportunity.events import (
    OpportunityLost,
    OpportunityMoved,
    OpportunityReopened,
    OpportunityWon,
)
from handsel.attract.opportunity.models import Opportunity, Stage, StageChange
from handsel.attract.opportunity.rules import states
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state

CLOSED = "opportunity_closed"


@transaction.atomic
def move(
    *, actor: Actor, now: datetime, opportunity_id: int, stage_id: int, cause: str = ""
) -> Opportunity:
    """Move an open deal to another stage of its pipeline, forward or back.

    The won stage wins it; the lost stage is refused, because losing needs a reason.
    """
    deal = queries.locked_opportunity(actor, opportunity_id)
    stage = queries.get_stage(deal.pipeline_id, stage_id)
    if stage.kind == "lost":
        raise ReasonNeeded("say why the deal is lost: use “lost” on its page and give the reason")
    if stage.kind == "won":
        return win(actor=actor, now=now, opportunity_id=opportunity_id, cause=cause)
    if deal.state != "open":
        raise OpportunityClosed(
            said("this deal is %(state)s; open it again to move it", state=deal.state)
        )
    if stage.pk == deal.stage_id:
        return deal
    event = OpportunityMoved(
        opportunity_id=deal.pk, from_stage_id=deal.stage_id, to_stage_id=stage.pk
    )
    _write_move(deal, stage, actor=actor, now=now, cause=cause)
    Opportunity.objects.filter(pk=deal.pk).update(stage=stage)
    log.announce(event, actor=actor, now=now)
    return deal


def _write_move(
    deal: Opportunity, stage: Stage, *, actor: Actor, now: datetime, cause: str
) -> None:
    StageChange.objects.create(
        opportunity=deal,
        from_stage_id=deal.stage_id,
        to_stage=stage,
        changed_at=now,
        changed_by_id=actor.user_id,
        cause=cause[:200],
    )
    deal.stage = stage


@transaction.atomic
def win(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int,
    amount: Money | None = None,
    cause: str = "",
) -> Opportunity:
    """The customer said yes, to `amount` (default: what the deal is worth so far).

    A deal that is won already stays as it is, so that a second acceptance does no harm; a lost one
    is won after all.
    """
    deal = queries.locked_opportunity(actor, opportunity_id)
    if deal.state == "won":
        return deal
    worth = checked_amount(amount or Money(deal.amount_minor, deal.currency))
    stage = queries.closing_stage(deal.pipeline_id, "won")
    _write_move(deal, stage, actor=actor, now=now, cause=cause)
    facts = {
        "stage": stage,
        "amount_minor": worth.amount_minor,
        "currency": worth.currency,
        "closed_at": now,
        "lost_reason": "",
        "lost_to": "",
    }
    _close(deal, "won", facts)
    event = OpportunityWon(opportunity_id=deal.pk, amount=worth)
    log.announce(event, actor=actor, now=now)
    return deal


@transaction.atomic
def lose(
    *, actor: Actor, now: datetime, opportunity_id: int, reason: str, lost_to: str = ""
) -> Opportunity:
    """The deal is lost, for one of `rules.states.LOST_REASONS`, perhaps to a competitor.

    "no_decision" is lost too, but to nobody.
    """
    deal = queries.locked_opportunity(actor, opportunity_id)
    _check_loss(reason, lost_to)
    if deal.state != "open":
        raise OpportunityClosed(
            said("this deal is %(state)s; only an open one can be lost", state=deal.state)
        )
    stage = queries.closing_stage(deal.pipeline_id, "lost")
    _write_move(deal, stage, actor=actor, now=now, cause=reason)
    facts = {
        "stage": stage,
        "closed_at": now,
        "lost_reason": reason,
        "lost_to": lost_to.strip(),
    }
    _close(deal, "lost", facts)
    event = OpportunityLost(opportunity_id=deal.pk, reason=reason, lost_to=deal.lost_to)
    log.announce(event, actor=actor, now=now)
    return deal


def _check_loss(reason: str, lost_to: str) -> None:
    wrong: dict[str, str] = {}
    if reason not in states.LOST_REASONS:
        wrong["reason"] = said(
            "one of %(lost_reasons)s", lost_reasons=", ".join(states.LOST_REASONS)
        )
    if len(lost_to) > 100 or "\x00" in lost_to:
        wrong["lost_to"] = "a name of at most 100 characters"
    elif lost_to.strip() and reason not in states.NAMES_A_COMPETITOR:
        wrong["lost_to"] = "nobody, for this reason"
    elif reason == "competitor" and not lost_to.strip():
        wrong["lost_to"] = "the competitor it was lost to"
    if wrong:
        raise OpportunityInvalid("say why the deal is lost", fields=wrong)


def _close(deal: Opportunity, state: str, facts: dict[str, object]) -> None:
    change_state(Opportunity, deal.pk, to=state, allowed=states.TRANSITIONS, code=CLOSED, **facts)
    deal.state = state
    for name, value in facts.items():
        setattr(deal, name, value)


@transaction.atomic
def reopen(
    *,
    actor: Actor,
    now: datetime,
    opportunity_id: int,
    stage_id: int | None = None,
    cause: str = "",
) -> Opportunity:
    """Open a closed deal again, in the stage it was closed from (or in the open one given)."""
    deal = queries.locked_opportunity(actor, opportunity_id)
    if deal.state == "open":
        raise OpportunityClosed("this deal is open already")
    stage = _stage_to_return_to(deal, stage_id)
    event = OpportunityMoved(
        opportunity_id=deal.pk, from_stage_id=deal.stage_id, to_stage_id=stage.pk
    )
    _write_move(deal, stage, actor=actor, now=now, cause=cause)
    facts: dict[str, object] = {
        "stage": stage,
        "closed_at": None,
        "lost_reason": "",
        "lost_to": "",
    }
    _close(deal, "open", facts)
    reopened = OpportunityReopened(opportunity_id=deal.pk)
    log.announce_many([reopened, event], actor=actor, now=now)
    return deal


def _stage_to_return_to(deal: Opportunity, stage_id: int | None) -> Stage:
    if stage_id is not None:
        stage = queries.get_stage(deal.pipeline_id, stage_id)
        if stage.kind != "open":
            raise OpportunityInvalid("name an open stage", fields={"stage_id": "an open stage"})
        return stage
    last = (
        StageChange.objects.filter(opportunity=deal, from_stage__kind="open")
        .select_related("from_stage")
        .order_by("-changed_at", "-pk")
        .first()
    )
    if last is None or last.from_stage is None:
        return queries.first_stage(deal.pipeline_id)
    return last.from_stage
