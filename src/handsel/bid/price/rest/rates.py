"""Exchange rates of days."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Query
from pydantic import Field

from handsel.bid.price import actions
from handsel.bid.price.models import ExchangeRate
from handsel.bid.price.queries.rates import listed_rates
from handsel.bid.price.rest.books import DayText, Limit
from handsel.bid.price.rest.routing import router
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, CurrencyCode

RateText = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,12})?$", examples=["0.9187"])]
CurrencyInQuery = Annotated[str, Query(pattern=r"^([A-Z]{3})?$")]


class RateIn(ClosedSchema):
    """What one unit of `base` is in `currency`."""

    base: CurrencyCode
    currency: CurrencyCode
    rate: RateText


class RatesIn(ClosedSchema):
    """Rates of one day, and where they are from."""

    dated_on: DayText
    rates: Annotated[list[RateIn], Field(min_length=1, max_length=1_000)]
    source: Annotated[str, Field(max_length=50)] = ""


class ListIn(ClosedSchema):
    """A list with the columns date, base, currency, rate and, if wanted, source."""

    text: Annotated[str, Field(max_length=10_000)]
    both_ways: bool = False
    source: Annotated[str, Field(max_length=50)] = ""
    is_trial: bool = False


class RateOut(AnswerSchema):
    """What one unit of `base` was in `currency` on a day."""

    base: str
    currency: str
    rate: str
    dated_on: date
    source: str

    @classmethod
    def of(cls, row: ExchangeRate) -> RateOut:
        """From the row."""
        same = {name: getattr(row, name) for name in cls.model_fields if name != "rate"}
        return cls(**same, rate=f"{row.rate.normalize():f}")


class RecordedOut(AnswerSchema):
    """How many rates were new; those that stood there stay as they are."""

    new: int


class RefusedRateOut(AnswerSchema):
    """A row that was not kept, and why."""

    line_no: int
    text: str
    reason: str


class ListedOut(AnswerSchema):
    """What became of a list."""

    new: int
    known: int
    refused: list[RefusedRateOut]


@router.get(
    "/rates",
    permission="price.view",
    response=list[RateOut],
    summary="List exchange rates, the latest first",
)
def list_rates(
    request: Request,
    base: CurrencyInQuery = "",
    currency: CurrencyInQuery = "",
    limit: Limit = 200,
) -> list[RateOut]:
    """Of a pair, or of all."""
    return [RateOut.of(row) for row in listed_rates(base=base, currency=currency)[:limit]]


@router.post(
    "/rates",
    permission="price.edit",
    response=RecordedOut,
    summary="Record exchange rates of a day",
    status=201,
)
def record(request: Request, body: RatesIn) -> RecordedOut:
    """A rate that is there already stays as it is."""
    new = actions.record_rates(
        actor=request.actor,
        now=request.now,
        dated_on=parse_date(body.dated_on),
        rates=[
            (one.base, one.currency, parse_decimal(one.rate, max_digits=24, scale=12))
            for one in body.rates
        ],
        source=body.source,
    )
    return RecordedOut(new=new)


@router.post(
    "/rates/import",
    permission="price.edit",
    response=ListedOut,
    summary="Record a list of exchange rates, given as CSV",
)
def import_list(request: Request, body: ListIn) -> ListedOut:
    """With `is_trial` nothing is kept. Rows that are refused come back with the reason."""
    done = actions.import_rates(
        actor=request.actor,
        now=request.now,
        text=body.text,
        both_ways=body.both_ways,
        source=body.source,
        is_trial=body.is_trial,
    )
    return ListedOut(
        new=len(done.new),
        known=done.known,
        refused=[
            RefusedRateOut(line_no=one.line_no, text=one.text, reason=one.reason)
            for one in done.refused
        ],
    )
