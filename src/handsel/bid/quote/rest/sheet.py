"""A draft's lines as a sheet: read it, apply a batch of edits, or see what a batch would do."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.placing import groups_of
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.costs import SEES_COSTS, line_costs
from handsel.bid.quote.queries.sheet import SheetRow, sheet_rows, summands
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import KeyInPath
from handsel.bid.quote.rules.asked import is_fee
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.sheet.edits import Conflict, Refusal
from handsel.bid.quote.rules.sheet.fields import kind_of
from handsel.bid.quote.rules.sheet.price_fields import hand_of, paid_as, term_of
from handsel.bid.quote.rules.sheet.sums import Totals, subtotals, totals
from handsel.bid.quote.rules.sheet.tree import reading_order
from handsel.bid.quote.rules.sheet.wire import edits_of
from handsel.ground.identity.access import Request
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, MoneyOut

MOST_EDITS = 15_000


class EditsIn(ClosedSchema):
    """A batch of edits, each an object with its `kind`:

    `set` (line_key, field, was, now), `add` (ref, product_id, quantity and what else the line has),
    `remove` (line_key, was), `move` (line_key, group_key, before_key), `group_add`, `group_rename`,
    `group_move`, `group_remove`. `was` is what you saw: where it no longer stands, the edit is a
    conflict and the others are applied.
    """

    edits: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_EDITS)]


class SheetLineOut(AnswerSchema):
    """A line; `kind` is fixed, option or chosen. Fees come with the price book, last of all.

    `paid` is one_time, usage or recurring/3 (every three months), `term` its first and last day as
    2026-04-01/2029-03-31, `hand` a price by hand with its reason as “override 120 as last year”.
    """

    key: UUID
    product_id: int
    sku: str
    name: str
    description: str
    quantity: str
    unit: str
    list_price: str
    discount_bps: int
    kind: str
    alternative_set: str
    group_key: UUID | None
    configuration_id: int | None
    charge: str
    paid: str
    term: str
    hand: str
    is_fee: bool
    list_amount: MoneyOut
    net: MoneyOut

    @classmethod
    def of(cls, row: SheetRow, currency: str) -> SheetLineOut:
        """From the row."""
        same = (
            "key",
            "product_id",
            "sku",
            "name",
            "description",
            "unit",
            "discount_bps",
            "alternative_set",
            "group_key",
            "configuration_id",
            "charge",
        )
        return cls(
            **{name: getattr(row, name) for name in same},
            quantity=plain(row.quantity),
            list_price=plain(row.list_price),
            kind=kind_of(row.is_optional, row.is_chosen),
            paid=paid_as(row.charge, row.asked),
            term=term_of(row.asked),
            hand=hand_of(row.asked),
            is_fee=is_fee(row.asked),
            list_amount=MoneyOut.of(row.list_minor, currency),
            net=MoneyOut.of(row.net_minor, currency),
        )


class GroupOut(AnswerSchema):
    """A group of lines, with the net of what lies in it by kind of charge."""

    key: UUID
    title: str
    parent_key: UUID | None
    depth: int
    sums: dict[str, MoneyOut]


class ChargeOut(AnswerSchema):
    """The lines of one kind of charge and period, and what they come to over the contract."""

    charge: str
    months: int
    list_amount: MoneyOut
    net: MoneyOut
    contract: MoneyOut


class SumsOut(AnswerSchema):
    """What all lines that count come to. `annual` is null without recurring lines; `margin` where
    a cost is unknown, or is not for you."""

    charges: list[ChargeOut]
    list_amount: MoneyOut
    net: MoneyOut
    contract: MoneyOut
    annual: MoneyOut | None
    margin: MoneyOut | None
    margin_bps: int | None

    @classmethod
    def of(cls, sums: Totals, currency: str) -> SumsOut:
        """From the sums."""

        def money(minor: int | None) -> MoneyOut | None:
            return None if minor is None else MoneyOut.of(minor, currency)

        return cls(
            charges=[
                ChargeOut(
                    charge=one.charge,
                    months=one.months,
                    list_amount=MoneyOut.of(one.list_minor, currency),
                    net=MoneyOut.of(one.net_minor, currency),
                    contract=MoneyOut.of(one.contract_minor, currency),
                )
                for one in sums.charges
            ],
            list_amount=MoneyOut.of(sums.list_minor, currency),
            net=MoneyOut.of(sums.net_minor, currency),
            contract=MoneyOut.of(sums.contract_minor, currency),
            annual=money(sums.annual_minor),
            margin=money(sums.margin_minor),
            margin_bps=sums.margin_bps,
        )


class SheetOut(AnswerSchema):
    """A version as a sheet, its lines in their order."""

    quote_id: int
    version_no: int
    state: str
    lock_no: int
    lines: list[SheetLineOut]
    groups: list[GroupOut]
    sums: SumsOut


class ConflictOut(AnswerSchema):
    """An edit somebody else was quicker than; `found` is what stands there now."""

    index: int
    key: UUID
    field: str
    was: str
    wanted: str
    found: str | None
    by: str
    at: datetime | None

    @classmethod
    def of(cls, one: Conflict) -> ConflictOut:
        """From the merge."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class RefusalOut(AnswerSchema):
    """An edit that cannot be: the field, what was given, what was expected."""

    index: int
    key: UUID | None
    field: str
    given: str
    expected: str

    @classmethod
    def of(cls, one: Refusal) -> RefusalOut:
        """From the merge."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class AppliedOut(AnswerSchema):
    """What became of a batch; edits are named by their index, new lines by their `ref`."""

    applied: list[int]
    conflicts: list[ConflictOut]
    refused: list[RefusalOut]
    added: dict[str, UUID]
    changed: list[UUID]
    sheet: SheetOut


class SeenOut(AnswerSchema):
    """What a batch would do."""

    conflicts: list[ConflictOut]
    refused: list[RefusalOut]
    net_before: MoneyOut
    net_after: MoneyOut


@router.get(
    "/{quote_id}/sheet",
    permission="quote.view",
    response=SheetOut,
    summary="Get the lines of a quote as a sheet, with groups and sums",
)
def sheet(request: Request, quote_id: KeyInPath) -> SheetOut:
    """Of the newest version."""
    return _sheet(request, queries.get_version(request.actor, quote_id))


@router.post(
    "/{quote_id}/sheet/edits",
    permission="quote.edit",
    response=AppliedOut,
    summary="Apply a batch of edits to a draft's sheet",
)
def apply_edits(request: Request, quote_id: KeyInPath, body: EditsIn) -> AppliedOut:
    """Merged with what others did meanwhile, priced once; nobody's edit is lost."""
    done = actions.apply_edits(
        actor=request.actor, now=request.now, quote_id=quote_id, edits=edits_of(body.edits)
    )
    version = queries.get_version(request.actor, quote_id)
    return AppliedOut(
        applied=list(done.applied),
        conflicts=[ConflictOut.of(one) for one in done.conflicts],
        refused=[RefusalOut.of(one) for one in done.refused],
        added=dict(done.added),
        changed=list(done.changed),
        sheet=_sheet(request, version),
    )


@router.post(
    "/{quote_id}/sheet/preview",
    permission="quote.edit",
    response=SeenOut,
    summary="See what a batch of edits would do to a draft",
)
def preview_edits(request: Request, quote_id: KeyInPath, body: EditsIn) -> SeenOut:
    """Nothing is changed."""
    seen = actions.preview_edits(
        actor=request.actor, now=request.now, quote_id=quote_id, edits=edits_of(body.edits)
    )
    currency = seen.version.quote.currency
    return SeenOut(
        conflicts=[ConflictOut.of(one) for one in seen.conflicts],
        refused=[RefusalOut.of(one) for one in seen.refused],
        net_before=MoneyOut.of(seen.version.net_minor, currency),
        net_after=MoneyOut.of(seen.net_minor, currency),
    )


def _sheet(request: Request, version: QuoteVersion) -> SheetOut:
    currency = version.quote.currency
    rows, groups = sheet_rows(version.pk), groups_of(version.pk)
    costs = (
        line_costs(rows, currency=currency, on=version.priced_on, book=version.price_book)
        if request.actor.may(SEES_COSTS)
        else {}
    )
    lines = summands(rows, costs)
    sums = subtotals(lines, groups)
    return SheetOut(
        quote_id=version.quote_id,
        version_no=version.version_no,
        state=version.state,
        lock_no=version.lock_no,
        lines=[SheetLineOut.of(row, currency) for row in rows],
        groups=[
            GroupOut(
                key=place.group.key,
                title=place.group.title,
                parent_key=place.group.parent_key,
                depth=place.depth,
                sums={
                    charge: MoneyOut.of(minor, currency)
                    for charge, minor in sums[place.group.key].items()
                },
            )
            for place in reading_order(groups.values())
        ],
        sums=SumsOut.of(totals(lines), currency),
    )
