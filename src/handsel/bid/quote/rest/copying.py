"""Copies, splits, merges, templates, proposals, guidance."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Path
from pydantic import Field

from handsel.bid.quote import actions
from handsel.bid.quote.models import ProposalTemplate, QuoteTemplate
from handsel.bid.quote.queries.guidance import guidance_for
from handsel.bid.quote.queries.proposals import listed_proposals, quote_templates
from handsel.bid.quote.rest.answers import QuoteOut
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import Key, KeyInPath, LockNo, Name
from handsel.ground.identity.access import Request
from handsel.ground.platform.api import AnswerSchema, ClosedSchema

TemplateInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
TemplateName = Annotated[str, Field(min_length=1, max_length=120)]


class CopyIn(ClosedSchema):
    """For the same customer where none is named; the newest version where none is."""

    version_no: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    organization_id: Key | None = None
    person_id: Key | None = None
    title: Name = ""


class SplitIn(ClosedSchema):
    """The lines that become a quote of their own."""

    line_keys: Annotated[list[UUID], Field(min_length=1, max_length=15_000)]
    title: Name = ""
    lock_no: LockNo = None


class MergeIn(ClosedSchema):
    """The draft whose lines are taken in."""

    other_id: Key
    lock_no: LockNo = None


class KeepIn(ClosedSchema):
    """The name of a template."""

    name: TemplateName


class BeginIn(ClosedSchema):
    """For whom a quote is begun from a template."""

    organization_id: Key | None = None
    opportunity_id: Key | None = None
    person_id: Key | None = None
    title: Name = ""


class ProposalIn(ClosedSchema):
    """The text of a proposal by the grammar of the room's README."""

    name: TemplateName
    body: Annotated[str, Field(max_length=40_000)]
    seller_id: Key | None = None
    template_id: Key | None = None
    lock_no: LockNo = None


class ChoiceIn(ClosedSchema):
    """What a draft goes out as; without a template, as the standard document."""

    template_id: Key | None = None
    with_waterfall: bool = False
    lock_no: LockNo = None


class TemplateOut(AnswerSchema):
    """What quotes can begin from."""

    id: int
    name: str
    seller_id: int
    line_count: int

    @classmethod
    def of(cls, row: QuoteTemplate) -> TemplateOut:
        """From the row."""
        return cls(id=row.pk, name=row.name, seller_id=row.seller_id, line_count=len(row.lines))


class ProposalOut(AnswerSchema):
    """One version of a proposal template."""

    id: int
    key: UUID
    version_no: int
    name: str
    state: str
    body: str
    seller_id: int
    lock_no: int

    @classmethod
    def of(cls, row: ProposalTemplate) -> ProposalOut:
        """From the row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class SimilarOut(AnswerSchema):
    """A quote like this one, with the points behind the score."""

    quote_id: int
    number: str
    outcome: str
    discount_bps: int
    score: int
    groups: int
    size: int
    segment: int
    customer: int


class GuidanceOut(AnswerSchema):
    """Discounts in basis points; None where there are too few deals to say."""

    won: int
    lost: int
    is_enough: bool
    stretch_bps: int | None
    target_bps: int | None
    floor_bps: int | None
    lost_above_bps: int | None
    similar: list[SimilarOut]


@router.get(
    "/templates",
    permission="quote.view",
    response=list[TemplateOut],
    summary="List the templates quotes can begin from",
)
def templates(request: Request) -> list[TemplateOut]:
    """By name."""
    return [TemplateOut.of(row) for row in quote_templates(request.actor)]


@router.post(
    "/templates/{template_id}/begin",
    permission="quote.edit",
    response=QuoteOut,
    summary="Begin a quote from a template",
    status=201,
)
def begin(request: Request, template_id: TemplateInPath, body: BeginIn) -> QuoteOut:
    """At today's prices for this customer."""
    version = actions.draft_from_template(
        actor=request.actor, now=request.now, template_id=template_id, **body.model_dump()
    )
    return QuoteOut.of(version)


@router.post(
    "/templates/{template_id}/end",
    permission="quote.edit",
    response=TemplateOut,
    summary="Let no quote begin from a template any more",
)
def end_template(request: Request, template_id: TemplateInPath) -> TemplateOut:
    """Quotes begun from it stay as they are."""
    row = actions.end_template(actor=request.actor, now=request.now, template_id=template_id)
    return TemplateOut.of(row)


@router.get(
    "/proposals",
    permission="quote.view",
    response=list[ProposalOut],
    summary="List proposal templates in all their versions",
)
def proposals(request: Request) -> list[ProposalOut]:
    """By name, newest version first."""
    return [ProposalOut.of(row) for row in listed_proposals(request.actor)]


@router.post(
    "/proposals",
    permission="quote.edit",
    response=ProposalOut,
    summary="Write a proposal template, or the next draft of one",
    status=201,
)
def write_proposal(request: Request, body: ProposalIn) -> ProposalOut:
    """A text that cannot be read is refused with line and column."""
    row = actions.write_proposal(actor=request.actor, now=request.now, **body.model_dump())
    return ProposalOut.of(row)


@router.post(
    "/proposals/{template_id}/publish",
    permission="quote.publish_proposals",
    response=ProposalOut,
    summary="Publish a draft of a proposal template",
)
def publish_proposal(request: Request, template_id: TemplateInPath) -> ProposalOut:
    """The version before it is replaced."""
    row = actions.publish_proposal(actor=request.actor, now=request.now, template_id=template_id)
    return ProposalOut.of(row)


@router.post(
    "/{quote_id}/proposal",
    permission="quote.edit",
    response=QuoteOut,
    summary="Choose what a draft goes out as",
)
def choose_proposal(request: Request, quote_id: KeyInPath, body: ChoiceIn) -> QuoteOut:
    """A published template of the quote's seller, or the standard document."""
    version = actions.choose_proposal(
        actor=request.actor, now=request.now, quote_id=quote_id, **body.model_dump()
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/copy",
    permission="quote.edit",
    response=QuoteOut,
    summary="Copy a quote, for the same or another customer",
    status=201,
)
def copy(request: Request, quote_id: KeyInPath, body: CopyIn) -> QuoteOut:
    """Priced anew."""
    version = actions.copy_quote(
        actor=request.actor, now=request.now, quote_id=quote_id, **body.model_dump()
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/split",
    permission="quote.edit",
    response=QuoteOut,
    summary="Move lines of a draft into a quote of their own",
    status=201,
)
def split(request: Request, quote_id: KeyInPath, body: SplitIn) -> QuoteOut:
    """Answers with the new quote."""
    version = actions.split_quote(
        actor=request.actor, now=request.now, quote_id=quote_id, **body.model_dump()
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/merge",
    permission="quote.edit",
    response=QuoteOut,
    summary="Take in the lines of another draft of the same customer",
)
def merge(request: Request, quote_id: KeyInPath, body: MergeIn) -> QuoteOut:
    """The other quote is withdrawn."""
    version = actions.merge_quotes(
        actor=request.actor, now=request.now, quote_id=quote_id, **body.model_dump()
    )
    return QuoteOut.of(version)


@router.post(
    "/{quote_id}/keep-template",
    permission="quote.edit",
    response=TemplateOut,
    summary="Keep a quote's lines and terms as a template",
    status=201,
)
def keep_template(request: Request, quote_id: KeyInPath, body: KeepIn) -> TemplateOut:
    """One of that name gives way to it."""
    row = actions.keep_as_template(
        actor=request.actor, now=request.now, quote_id=quote_id, name=body.name
    )
    return TemplateOut.of(row)


@router.get(
    "/{quote_id}/guidance",
    permission="quote.view",
    response=GuidanceOut,
    summary="Say what quotes like this one won and lost with",
)
def guidance(request: Request, quote_id: KeyInPath) -> GuidanceOut:
    """Of the last two years, in the same currency."""
    found = guidance_for(request.actor, quote_id, now=request.now)
    return GuidanceOut(
        won=found.won,
        lost=found.lost,
        is_enough=found.is_enough,
        stretch_bps=found.stretch.discount_bps if found.stretch else None,
        target_bps=found.target.discount_bps if found.target else None,
        floor_bps=found.floor.discount_bps if found.floor else None,
        lost_above_bps=found.lost_above_bps,
        similar=[
            SimilarOut(
                quote_id=one.deal.quote_id,
                number=one.deal.number,
                outcome=one.deal.outcome or "",
                discount_bps=one.deal.discount_bps,
                score=one.score,
                groups=one.groups,
                size=one.size,
                segment=one.segment,
                customer=one.customer,
            )
            for one in found.similar
        ],
    )
