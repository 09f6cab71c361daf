"""Lists, board, pipelines, the past, and files of outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query

from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.models import Stage
from handsel.attract.opportunity.rest.routing import router
from handsel.attract.opportunity.rest.schemas import (
    ColumnOut,
    DealAtOut,
    OpportunityListOut,
    OpportunityRowOut,
    OutcomesIn,
    OutcomesOut,
    PipelineOut,
    RefusedOut,
    StageOut,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.party.queries import default_seller
from handsel.ground.platform.api import MoneyOut

Page = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, Query(max_length=100)]


@router.get(
    "/",
    permission="opportunity.view",
    response=OpportunityListOut,
    summary="List opportunities, newest first",
)
def list_opportunities(
    request: Request,
    state: Word = "",
    owner: Word = "",
    closing: Word = "",
    step: Word = "",
    q: Word = "",
    cursor: Word = "",
    limit: Page = 50,
) -> Any:
    """Filters as on the page; `cursor` is the `next_cursor` of the page before."""
    filters = {"state": state, "owner": owner, "closing": closing, "step": step, "q": q}
    if any("\x00" in text for text in filters.values()):
        raise Invalid("text with a NUL character finds nothing", code="invalid")
    rows = queries.filtered(request.actor, filters, today=request.now.date())
    if cursor:
        rows = queries.after(rows, *_position(cursor))
    found, more = queries.page(rows, sort="-created_at", limit=limit)
    last = found[-1] if more else None
    return OpportunityListOut(
        rows=[_row(row) for row in found],
        next_cursor=f"{last['created_at'].isoformat()}_{last['id']}" if last else "",
    )


def _position(cursor: str) -> tuple[datetime, int]:
    instant, _, key = cursor.rpartition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Invalid("this cursor was not given out here", fields={"cursor": "a next_cursor"})
    return parse_instant(instant), int(key)


def _row(row: dict[str, Any]) -> OpportunityRowOut:
    return OpportunityRowOut(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        stage=row["stage__name"],
        organization=row["organization__name"],
        amount=MoneyOut.of(row["amount_minor"], row["currency"]),
        expected_close_on=row["expected_close_on"],
        next_step=row["next_subject"],
        created_at=row["created_at"],
    )


def _stage(stage: Stage) -> StageOut:
    return StageOut(**{name: getattr(stage, name) for name in StageOut.model_fields})


@router.get(
    "/pipelines",
    permission="opportunity.view",
    response=list[PipelineOut],
    summary="List pipelines with their stages",
)
def pipelines(request: Request) -> list[PipelineOut]:
    """In the order in which they are shown."""
    return [
        PipelineOut(
            id=one.pk, name=one.name, stages=[_stage(stage) for stage in queries.stages(one.pk)]
        )
        for one in queries.pipelines()
    ]


@router.get(
    "/board",
    permission="opportunity.view",
    response=list[ColumnOut],
    summary="Open deals and their value by stage",
)
def board(request: Request, owner: Word = "") -> list[ColumnOut]:
    """Of the first pipeline. Amounts in two currencies are never added."""
    filters = {"state": "open", "owner": owner}
    rows = queries.filtered(request.actor, filters, today=request.now.date())
    pipeline = queries.default_pipeline()
    totals = queries.stage_totals(rows.filter(pipeline=pipeline))
    columns = []
    for stage in queries.stages(pipeline.pk):
        number, amounts = totals.get(stage.pk, (0, []))
        sums = [MoneyOut.of(amount.amount_minor, amount.currency) for amount in amounts]
        columns.append(ColumnOut(stage=_stage(stage), number=number, totals=sums))
    return columns


@router.get(
    "/past",
    permission="opportunity.view",
    response=list[DealAtOut],
    summary="The pipeline as it stood at an instant",
)
def past(request: Request, as_of: Annotated[str, Query(max_length=40)]) -> list[DealAtOut]:
    """Every deal there was then, rebuilt from events."""
    found = queries.pipeline_at(request.actor, as_of=parse_instant(as_of))
    return [
        DealAtOut(
            opportunity_id=deal.opportunity_id,
            state=deal.state,
            stage_id=deal.stage_id,
            amount=MoneyOut.of(deal.amount.amount_minor, deal.amount.currency),
            expected_close_on=deal.expected_close_on,
            owner_id=deal.owner_id,
        )
        for deal in found
    ]


@router.post(
    "/outcomes",
    permission="lead.import",
    response=OutcomesOut,
    summary="Enter won deals of imported leads from a file",
)
def outcomes(request: Request, body: OutcomesIn) -> OutcomesOut:
    """The same file again adds nothing; `dry_run` writes nothing at all."""
    done = actions.import_outcomes(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or default_seller(request.actor).pk,
        content=body.content.encode(),
        source_name=body.source,
        mapping=body.mapping,
        options={"date_order": body.date_order},
        dry_run=body.dry_run,
    )
    return OutcomesOut(
        rows=done.rows,
        won=done.won,
        known=done.known,
        won_before_asked=done.before_asked,
        refused=[RefusedOut(row_number=n, reason=why) for n, why, _ in done.refused[:1000]],
    )
