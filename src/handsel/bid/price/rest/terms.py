"""Rules of a book in the written form, mass changes, and the book tried on quotes."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import Field

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import actions, queries
from handsel.bid.price.models import BookTerm
from handsel.bid.price.queries import trial
from handsel.bid.price.queries.trial import Tried
from handsel.bid.price.rest.books import Key, KeyInPath
from handsel.bid.price.rest.routing import router
from handsel.bid.price.rules.checks import Finding
from handsel.bid.price.rules.mass_change import PriceChange
from handsel.bid.price.rules.stored import KINDS, NewTerm
from handsel.bid.price.rules.terms import Ending
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Forbidden
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, DecimalText, MoneyOut

Kind = Annotated[str, Field(pattern=f"^({'|'.join(KINDS)})$", examples=["tiers"])]
Percentage = Annotated[int, Field(ge=-10_000, le=100_000)]
Group = Annotated[str, Field(max_length=60)]


class TermIn(ClosedSchema):
    """A rule in the written form (docs/reference/price-case.md), without what it is about.

    Numbers with decimals are kept as texts: `"7.5"`.
    """

    kind: Kind
    definition: dict[str, Any]
    product_id: Key | None = None
    product_group: Group = ""

    def term(self) -> NewTerm:
        """As the actions take it."""
        return NewTerm(
            kind=self.kind,
            definition=self.definition,
            product_id=self.product_id,
            product_group=self.product_group,
        )


class TermsIn(ClosedSchema):
    """Rules to be added."""

    terms: Annotated[list[TermIn], Field(min_length=1, max_length=1_000)]


class TermOut(AnswerSchema):
    """A rule of a book; `definition` is null where it tells our costs and you may not see them."""

    id: int
    kind: str
    product_id: int | None
    product_group: str
    definition: dict[str, Any] | None

    @classmethod
    def of(cls, row: BookTerm, actor: Actor) -> TermOut:
        """From the row."""
        is_hidden = queries.tells_costs(row.kind, row.definition) and not actor.may("cost.view")
        return cls(
            id=row.pk,
            kind=row.kind,
            product_id=row.product_id,
            product_group=row.product_group,
            definition=None if is_hidden else row.definition,
        )


class FindingOut(AnswerSchema):
    """What a publisher should know; `forbids` keeps the book from being published."""

    kind: str
    rule: str
    message: str
    forbids: bool

    @classmethod
    def of(cls, found: Finding) -> FindingOut:
        """From the check."""
        return cls(kind=found.kind, rule=found.rule, message=found.message, forbids=found.forbids)


class TermsOut(AnswerSchema):
    """Rules, and what a publisher should know of the book with them."""

    terms: list[TermOut]
    findings: list[FindingOut]


class EndingIn(ClosedSchema):
    """New prices are multiples of `step` plus `offset`: 1 and -0.05 end in .95."""

    step: Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$")]
    offset: DecimalText = "0"
    direction: Literal["nearest", "up", "down"] = "nearest"


class ChangeIn(ClosedSchema):
    """New price = old × (1 + percentage) + amount, rounded to `scale` or as `ending` says."""

    percent_bps: Percentage = 0
    amount: DecimalText = "0"
    scale: Annotated[int, Field(ge=0, le=6)] = 2
    ending: EndingIn | None = None
    product_group: Group = ""

    def change(self) -> PriceChange:
        """As the actions take it."""
        ending = None
        if self.ending is not None:
            step, offset = parse_decimal(self.ending.step), parse_decimal(self.ending.offset)
            ending = Ending(
                rule="change", step=step, offset=offset, direction=self.ending.direction
            )
        return PriceChange(
            percent_bps=self.percent_bps,
            amount=parse_decimal(self.amount),
            scale=self.scale,
            ending=ending,
            product_group=self.product_group,
        )


class ChangedOut(AnswerSchema):
    """A list price before and after."""

    product_id: int
    sku: str
    before: str
    after: str


class TriedOut(AnswerSchema):
    """A quote under the book: net so far and then, or why it cannot be priced."""

    quote_id: int
    number: str
    net: MoneyOut
    then: MoneyOut | None
    change: MoneyOut
    refused: str

    @classmethod
    def of(cls, one: Tried) -> TriedOut:
        """From the trial."""
        currency = one.deal.currency
        then = None if one.net_minor is None else MoneyOut.of(one.net_minor, currency)
        return cls(
            quote_id=one.deal.quote_id,
            number=one.deal.number,
            net=MoneyOut.of(one.deal.net_minor, currency),
            then=then,
            change=MoneyOut.of(one.change_minor, currency),
            refused=one.refused,
        )


class ChangedPricesOut(AnswerSchema):
    """The prices that changed."""

    prices: list[ChangedOut]


class ChangePreviewOut(AnswerSchema):
    """The prices that change, and the open quotes they stand in."""

    prices: list[ChangedOut]
    quotes: list[TriedOut]


@router.get(
    "/books/{book_id}/terms",
    permission="price.view",
    response=TermsOut,
    summary="List the rules of a book, with what a publisher should know",
)
def list_terms(request: Request, book_id: KeyInPath) -> TermsOut:
    """In their order."""
    return _terms(request, book_id, list(queries.terms_of(book_id)))


@router.post(
    "/books/{book_id}/terms",
    permission="price.edit",
    response=TermsOut,
    summary="Add rules to a draft",
    status=201,
)
def add_terms(request: Request, book_id: KeyInPath, body: TermsIn) -> TermsOut:
    """Tiers, formulas, promotions, limits …; the answer warns as the publisher is warned."""
    wanted = [one.term() for one in body.terms]
    for one in wanted:
        _may_write(request.actor, one)
    made = actions.add_terms(actor=request.actor, now=request.now, book_id=book_id, terms=wanted)
    return _terms(request, book_id, made)


@router.post(
    "/books/{book_id}/terms/{term_id}",
    permission="price.edit",
    response=TermsOut,
    summary="Put another rule in the place of one of a draft",
)
def change_term(request: Request, book_id: KeyInPath, term_id: KeyInPath, body: TermIn) -> TermsOut:
    """Of the same kind."""
    _may_write(request.actor, body.term())
    made = actions.change_term(
        actor=request.actor, now=request.now, book_id=book_id, term_id=term_id, term=body.term()
    )
    return _terms(request, book_id, [made])


@router.post(
    "/books/{book_id}/terms/{term_id}/remove",
    permission="price.edit",
    response=TermsOut,
    summary="Take a rule out of a draft",
)
def remove_term(request: Request, book_id: KeyInPath, term_id: KeyInPath) -> TermsOut:
    """The answer holds those that are left."""
    queries.get_term(book_id, term_id)
    actions.remove_term(actor=request.actor, now=request.now, book_id=book_id, term_id=term_id)
    return _terms(request, book_id, list(queries.terms_of(book_id)))


@router.post(
    "/books/{book_id}/change/preview",
    permission="price.edit",
    response=ChangePreviewOut,
    summary="Preview a mass change: prices, and the open quotes it touches",
)
def preview_change(request: Request, book_id: KeyInPath, body: ChangeIn) -> ChangePreviewOut:
    """Nothing is changed."""
    book, change = queries.get_book(request.actor, book_id), body.change()
    touched = trial.touched_by(actor=request.actor, book=book, change=change)
    return ChangePreviewOut(
        prices=_changed(queries.changed_prices(book_id, change)),
        quotes=[TriedOut.of(one) for one in touched],
    )


@router.post(
    "/books/{book_id}/change",
    permission="price.edit",
    response=ChangedPricesOut,
    summary="Change many prices of a draft at once",
)
def change_prices(request: Request, book_id: KeyInPath, body: ChangeIn) -> ChangedPricesOut:
    """What the preview showed."""
    changed = actions.change_prices(
        actor=request.actor, now=request.now, book_id=book_id, change=body.change()
    )
    return ChangedPricesOut(prices=_changed(changed))


@router.get(
    "/books/{book_id}/trial",
    permission="price.view",
    response=list[TriedOut],
    summary="Try a book, published or not, on quotes",
)
def try_book(
    request: Request,
    book_id: KeyInPath,
    on: Annotated[Literal["open", "quarter"], Query()] = "open",
) -> list[TriedOut]:
    """On those that are open, or on those begun in the last whole quarter; at most 500."""
    book = queries.get_book(request.actor, book_id)
    if on == "open":
        found = trial.tried_on_open_quotes(actor=request.actor, book=book)
    else:
        since, until = trial.quarter_before(request.now.date())
        found = trial.tried_on_days(actor=request.actor, book=book, since=since, until=until)
    return [TriedOut.of(one) for one in found]


def _terms(request: Request, book_id: int, rows: list[BookTerm]) -> TermsOut:
    book = queries.get_book(request.actor, book_id)
    return TermsOut(
        terms=[TermOut.of(row, request.actor) for row in rows],
        findings=[FindingOut.of(one) for one in queries.findings_of(book)],
    )


def _may_write(actor: Actor, term: NewTerm) -> None:
    if queries.tells_costs(term.kind, term.definition) and not actor.may("cost.view"):
        raise Forbidden("Rules on our costs are made by those who may see them.")


def _changed(prices: dict[int, tuple[Decimal, Decimal]]) -> list[ChangedOut]:
    products = facts_of(prices)
    return [
        ChangedOut(product_id=key, sku=products[key].sku, before=f"{before:f}", after=f"{after:f}")
        for key, (before, after) in prices.items()
    ]
