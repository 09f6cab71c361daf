"""Whether the lines of a draft fit together, why not, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.bid.configure.queries.fitting import mends_of
from handsel.bid.configure.queries.fitting_told import models_of, told, told_mend
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import Mending
from handsel.bid.quote.queries.fitting import fitting_of
from handsel.bid.quote.rest.answers import QuoteOut
from handsel.bid.quote.rest.routing import router
from handsel.bid.quote.rest.schemas import KeyInPath, LockNo, QuantityText, number
from handsel.ground.identity.access import Request
from handsel.ground.platform.api import AnswerSchema, ClosedSchema

MOST_TOLD = 50
MOST_MENDED = 8
Language = Annotated[str, Query(pattern=r"^[a-z]{2}$")]
Name = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


class LineNamedOut(AnswerSchema):
    """A line, with the place it is shown at."""

    key: UUID
    place: int
    name: str


class BecauseOut(AnswerSchema):
    """A value that breaks the law together with the others; `line` is null for a total, `more`
    says how many further lines are alike."""

    line: LineNamedOut | None
    more: int
    variable: str
    text: str

    @classmethod
    def of(cls, said: dict[str, Any]) -> BecauseOut:
        """From what was told."""
        return cls(
            line=said["line"],
            more=said.get("more", 0),
            variable=said["variable"],
            text=said["text"],
        )


class ChangeOut(AnswerSchema):
    """A value that changes with a repair."""

    title: str
    before: str
    after: str


class MendOut(AnswerSchema):
    """A repair; post its `kind`, line, variable, value, give_up, quantity and sku to have it, and
    the same of each of `further`, which go with it. An article that `is_configured` is configured
    first and then added as a line."""

    kind: Literal["choose", "quantity", "add", "remove"]
    line: LineNamedOut | None
    variable: str
    value: str
    wish: str
    before: str
    give_up: list[str]
    gives_up: list[str]
    also: list[ChangeOut]
    sku: str
    is_configured: bool
    quantity: str
    further: list[MendOut]


class MisfitOut(AnswerSchema):
    """A law that lines break. It `forbids` to present, unless it is advice or would be broken only
    where the `option` is chosen."""

    laws_key: str
    laws: str
    law: str
    sentence: str
    forbids: bool
    is_advice: bool
    option: LineNamedOut | None
    lines: list[LineNamedOut]
    more_lines: int
    because: list[BecauseOut]
    comes_to: list[BecauseOut]
    mends: list[MendOut]


class FittingOut(AnswerSchema):
    """What does not fit, the forbidding first. `is_whole` says that nothing was left out; with
    `is_unread` some laws could not be read against the models in use and were not asked."""

    fits: bool
    is_whole: bool
    is_unread: bool
    misfits: list[MisfitOut]


class ChangeIn(ClosedSchema):
    """One change of a repair."""

    kind: Literal["choose", "quantity", "add", "remove"]
    line_key: UUID | None = None
    variable: Name = ""
    value: Name = ""
    give_up: Annotated[list[Name], Field(max_length=100)] = []
    quantity: QuantityText | None = None
    sku: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""

    def mending(self) -> Mending:
        """As the action takes it."""
        given = self.model_dump(include=set(_CHANGED))
        quantity = number(self.quantity) if self.quantity is not None else None
        return Mending(**given, quantity=quantity)


_CHANGED = ("kind", "line_key", "variable", "value", "give_up", "sku")


class MendIn(ChangeIn):
    """A repair as it was told, with the changes that go with it."""

    further: Annotated[list[ChangeIn], Field(max_length=2)] = []
    lock_no: LockNo = None


@router.get(
    "/{quote_id}/fitting",
    permission="quote.view",
    response=FittingOut,
    summary="Tell whether the lines of a quote fit together",
)
def fitting(request: Request, quote_id: KeyInPath, language: Language = "en") -> FittingOut:
    """By the laws its seller published, of the newest version; with repairs for the first ones."""
    version = queries.get_version(request.actor, quote_id)
    version.quote = queries.get_quote(request.actor, quote_id)
    fit = fitting_of(version, now=request.now)
    misfits = []
    for index, found in enumerate(fit.found[:MOST_TOLD]):
        said = told(fit, found, language)
        mends = mends_of(fit, found) if index < MOST_MENDED else []
        models = models_of(fit, mends)
        said["because"] = [BecauseOut.of(one) for one in said["because"]]
        said["comes_to"] = [BecauseOut.of(one) for one in said["comes_to"]]
        said["mends"] = [told_mend(fit, one, models, language) for one in mends]
        misfits.append(MisfitOut(**said))
    return FittingOut(
        fits=not fit.found and not fit.unread,
        is_whole=not fit.is_cut and len(fit.found) <= MOST_TOLD,
        is_unread=fit.unread,
        misfits=misfits,
    )


@router.post(
    "/{quote_id}/mend",
    permission="quote.edit",
    response=QuoteOut,
    summary="Do a repair of lines that do not fit",
)
def mend(request: Request, quote_id: KeyInPath, body: MendIn) -> QuoteOut:
    """As an edit of the draft; a configured line gets a configuration of its own."""
    version = actions.mend_quote(
        actor=request.actor,
        now=request.now,
        quote_id=quote_id,
        lock_no=body.lock_no,
        mending=replace(body.mending(), further=[one.mending() for one in body.further]),
    )
    return QuoteOut.of(version)
