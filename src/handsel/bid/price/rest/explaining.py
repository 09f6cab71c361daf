"""A price before tax, and why it is what it is."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Query
from pydantic import Field

from handsel.bid.price import queries
from handsel.bid.price.queries.explaining import explain_price
from handsel.bid.price.rest.books import KeyInQuery, QuantityPattern
from handsel.bid.price.rest.routing import router
from handsel.bid.price.rules.exactness import plain
from handsel.bid.price.rules.explain import Candidate
from handsel.bid.price.rules.plan import Loser
from handsel.bid.price.rules.waterfall import Row
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.names import texts_of
from handsel.ground.platform.api import AnswerSchema, MoneyOut

Verdict = Literal["applied", "quantity_not_reached", "higher_step_applies", "less_specific"]


class StepOut(AnswerSchema):
    """One row of the waterfall before tax; `label_texts` is the label in other languages."""

    stage: str
    label: str
    label_texts: dict[str, str] = {}
    amount: MoneyOut
    rule: str
    bps: int | None

    @classmethod
    def of(cls, row: Row, currency: str) -> StepOut:
        """From the engine's row."""
        amount = MoneyOut.of(row.amount_minor, currency)
        return cls(
            stage=row.stage.value,
            label=str(row.label),
            label_texts=dict(texts_of(row.label)),
            amount=amount,
            rule=row.rule,
            bps=row.bps,
        )


class CandidateOut(AnswerSchema):
    """A rule that was looked at, and what came of it."""

    rule: str
    rule_id: int | None = Field(description="Of a discount of its own; none where a table has it.")
    scope: Literal["product", "group", "all"]
    verdict: Verdict

    @classmethod
    def of(cls, one: Candidate) -> CandidateOut:
        """From what was looked at."""
        key = one.rule.rule_id
        return cls(
            rule=one.rule.rule,
            rule_id=key if isinstance(key, int) else None,
            scope=one.scope,
            verdict=one.verdict,
        )


class LoserOut(AnswerSchema):
    """A price or rule that was looked at and did not apply, and why."""

    stage: str
    rule: str
    version: int
    label: str
    label_texts: dict[str, str] = {}
    why: str
    unit_price: str | None

    @classmethod
    def of(cls, one: Loser) -> LoserOut:
        """From what lost."""
        return cls(
            stage=one.stage.value,
            rule=one.rule,
            version=one.version,
            label=str(one.label),
            label_texts=dict(texts_of(one.label)),
            why=str(one.why),
            unit_price=None if one.unit_price is None else plain(one.unit_price),
        )


class PriceOut(AnswerSchema):
    """A price and why it is what it is."""

    book_id: int
    product_id: int
    quantity: str
    list_price: str
    unit_net: str
    net: MoneyOut
    waterfall: list[StepOut]
    rules: list[CandidateOut]
    losers: list[LoserOut]


@router.get(
    "/explain",
    permission="price.view",
    response=PriceOut,
    summary="A price before tax, and why it is what it is",
)
def explain(
    request: Request,
    product_id: KeyInQuery,
    quantity: Annotated[str, Query(pattern=QuantityPattern)],
    book_id: KeyInQuery,
) -> PriceOut:
    """From any book, published or not, with the rules that did not apply."""
    book = queries.get_book(request.actor, book_id)
    found = explain_price(
        book=book,
        product_id=product_id,
        quantity=parse_decimal(quantity, max_digits=18, minimum=0),
        on=request.now.date(),
    )
    line = found.line
    return PriceOut(
        book_id=book.pk,
        product_id=product_id,
        quantity=quantity,
        list_price=f"{line.list_price:f}",
        unit_net=f"{line.unit_net:f}",
        net=MoneyOut.of(line.amount_minor, book.currency),
        waterfall=[StepOut.of(row, book.currency) for row in line.rows],
        rules=[CandidateOut.of(one) for one in found.candidates],
        losers=[LoserOut.of(one) for one in found.losers],
    )
