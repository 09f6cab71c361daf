"""Prices agreed with organizations: who has what, from when, and what goes before what."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from handsel.bid.price import actions
from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.queries import agreements as queries
from handsel.bid.price.queries.agreements import Filter, Standing
from handsel.bid.price.rest.books import DayText, Key, KeyInPath, Limit, PriceText, Word
from handsel.bid.price.rest.routing import router
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, CurrencyCode, NameText
from handsel.ground.platform.table_rest import ImportedOut, TableIn

Percentage = Annotated[int, Field(ge=-100_000, le=10_000)]
DayInQuery = Annotated[str, Query(max_length=10)]


class AgreedIn(ClosedSchema):
    """A unit price or a percentage, one of them; a net price takes no other discount.

    `valid_until` is the first day it no longer holds.
    """

    valid_from: DayText
    valid_until: DayText | None = None
    unit_price: PriceText | None = None
    discount_bps: Percentage | None = None
    is_net: bool = False
    label: NameText = ""

    def values(self) -> dict[str, Any]:
        """As the actions take them."""
        price = self.unit_price
        return {
            "valid_from": parse_date(self.valid_from),
            "valid_until": parse_date(self.valid_until) if self.valid_until else None,
            "unit_price": None if price is None else parse_decimal(price, max_digits=20),
            "discount_bps": self.discount_bps,
            "is_net": self.is_net,
            "label": self.label,
        }


class AgreementIn(AgreedIn):
    """What is agreed with whom: on a product, a group, or (neither given) everything."""

    organization_id: Key
    currency: CurrencyCode
    product_id: Key | None = None
    product_group: Annotated[str, Field(max_length=60)] = ""


class EndIn(ClosedSchema):
    """The first day it no longer holds."""

    until: DayText


class AgreementOut(AnswerSchema):
    """A price or percentage agreed with an organization."""

    id: int
    organization_id: int
    product_id: int | None
    product_group: str
    currency: str
    unit_price: str | None
    discount_bps: int | None
    is_net: bool
    label: str
    label_texts: dict[str, str]
    valid_from: date
    valid_until: date | None

    @classmethod
    def of(cls, row: ContractedPrice) -> AgreementOut:
        """From the row."""
        same = {name: getattr(row, name) for name in cls.model_fields if name != "unit_price"}
        price = None if row.unit_price is None else f"{row.unit_price.normalize():f}"
        return cls(**same, unit_price=price)


class AgreementListOut(AnswerSchema):
    """A page of agreements; `next_start` is null on the last."""

    rows: list[AgreementOut]
    next_start: int | None


class StandingOut(AnswerSchema):
    """An agreement as it stands for one organization: made `depth` levels up the tree; `behind`
    is the agreement that goes before it on everything it speaks of."""

    agreement: AgreementOut
    depth: int
    behind: int | None

    @classmethod
    def of(cls, one: Standing) -> StandingOut:
        """From the ranking."""
        behind = one.behind.pk if one.behind else None
        return cls(agreement=AgreementOut.of(one.agreement), depth=one.depth, behind=behind)


class TakenBackOut(AnswerSchema):
    """The key of what is gone."""

    id: int


class ReachOut(AnswerSchema):
    """An organization, and the agreement that applies to it there."""

    organization_id: int
    organization: str
    agreement_id: int


@router.get(
    "/agreements",
    permission="price.view",
    response=AgreementListOut,
    summary="List agreed prices, the latest first",
)
def list_agreements(
    request: Request,
    q: Word = "",
    organization_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    holds_on: DayInQuery = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Limit = 200,
) -> AgreementListOut:
    """By words, organization, and the day they hold on."""
    day = parse_date(holds_on) if holds_on else None
    found = queries.agreements(Filter(q, organization_id, day))
    rows = list(found[start : start + limit + 1])
    return AgreementListOut(
        rows=[AgreementOut.of(row) for row in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.post(
    "/agreements",
    permission="price.edit",
    response=AgreementOut,
    summary="Agree a price or percentage with an organization",
    status=201,
)
def agree(request: Request, body: AgreementIn) -> AgreementOut:
    """It holds for the organization and all below it; the nearest agreement goes first."""
    made = actions.agree_price(
        actor=request.actor,
        now=request.now,
        organization_id=body.organization_id,
        currency=body.currency,
        product_id=body.product_id,
        product_group=body.product_group,
        **body.values(),
    )
    return AgreementOut.of(made)


@router.get(
    "/agreements/of/{organization_id}",
    permission="price.view",
    response=list[StandingOut],
    summary="What is agreed for an organization by itself and those above it, in order",
)
def of_organization(
    request: Request, organization_id: KeyInPath, on: DayInQuery = ""
) -> list[StandingOut]:
    """On a day, today where none is given."""
    day = parse_date(on) if on else request.now.date()
    found = queries.standing_for(request.actor, organization_id, on=day)
    return [StandingOut.of(one) for one in found]


@router.post(
    "/agreements/import",
    permission="price.edit",
    response=ImportedOut,
    summary="Agree prices, given as CSV",
)
def import_list(request: Request, body: TableIn) -> ImportedOut:
    """Rows that are refused come back with the reason; with `is_trial` nothing is kept."""
    done = actions.import_agreements(actor=request.actor, now=request.now, **body.model_dump())
    return ImportedOut.of(done)


@router.get(
    "/agreements/{agreement_id}",
    permission="price.view",
    response=AgreementOut,
    summary="Get an agreed price",
)
def get_agreement(request: Request, agreement_id: KeyInPath) -> AgreementOut:
    """With its days."""
    return AgreementOut.of(queries.get_agreement(agreement_id))


@router.get(
    "/agreements/{agreement_id}/reach",
    permission="price.view",
    response=list[ReachOut],
    summary="Who is reached by an agreed price, and who has one nearer",
)
def reach(request: Request, agreement_id: KeyInPath, on: DayInQuery = "") -> list[ReachOut]:
    """The organization and those below it, each with what applies to it; at most 200."""
    day = parse_date(on) if on else request.now.date()
    found = queries.reach_of(queries.get_agreement(agreement_id), on=day)
    return [
        ReachOut(
            organization_id=one.organization.pk,
            organization=one.organization.name,
            agreement_id=one.agreement.pk,
        )
        for one in found
    ]


@router.post(
    "/agreements/{agreement_id}/change",
    permission="price.edit",
    response=AgreementOut,
    summary="Agree something else from a day on",
    status=201,
)
def change(request: Request, agreement_id: KeyInPath, body: AgreedIn) -> AgreementOut:
    """The old one ends there; the answer is the new one."""
    made = actions.change_agreement(
        actor=request.actor, now=request.now, agreement_id=agreement_id, **body.values()
    )
    return AgreementOut.of(made)


@router.post(
    "/agreements/{agreement_id}/take-back",
    permission="price.edit",
    response=TakenBackOut,
    summary="Take back an agreed price that has not begun",
)
def take_back(request: Request, agreement_id: KeyInPath) -> TakenBackOut:
    """One that holds already can only end."""
    actions.take_back_agreement(actor=request.actor, now=request.now, agreement_id=agreement_id)
    return TakenBackOut(id=agreement_id)


@router.post(
    "/agreements/{agreement_id}/end",
    permission="price.edit",
    response=AgreementOut,
    summary="Let an agreed price end",
)
def end(request: Request, agreement_id: KeyInPath, body: EndIn) -> AgreementOut:
    """Quotes priced from it keep their prices."""
    actions.end_agreement(
        actor=request.actor,
        now=request.now,
        agreement_id=agreement_id,
        until=parse_date(body.until),
    )
    return AgreementOut.of(queries.get_agreement(agreement_id))
