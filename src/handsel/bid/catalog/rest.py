"""The JSON API of the catalog: the same actions as the pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Path, Query
from pydantic import Field

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.models import Product, ProductCost
from handsel.bid.catalog.rules.costs import NewCost
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.kernel.names import texts_of
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, NameText, RoomRouter
from handsel.ground.platform.table_rest import ImportedOut, TableIn

router = RoomRouter("catalog")

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
Kind = Literal["good", "service"]
TaxCategory = Literal["standard", "reduced", "zero", "exempt"]
Lifecycle = Literal["draft", "active", "phased_out"]


class ProductIn(ClosedSchema):
    """What a product is. Prices stand in price books."""

    sku: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind = "good"
    description: Annotated[str, Field(max_length=10_000)] = ""
    group: Annotated[str, Field(max_length=60)] = ""
    unit: Annotated[str, Field(max_length=12, examples=["piece"])] = "piece"
    tax_category: TaxCategory = "standard"
    is_stocked: bool = False
    weight_g: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    customs_code: Annotated[str, Field(pattern=r"^([0-9]{6,12})?$")] = ""
    country_of_origin: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""

    def facts(self) -> ProductFacts:
        """As the actions take it."""
        return ProductFacts(**self.model_dump())


class ProductOut(AnswerSchema):
    """A product as it is kept."""

    id: int
    sku: str
    name: str
    name_texts: dict[str, str]
    kind: str
    description: str
    group: str
    unit: str
    tax_category: str
    is_stocked: bool
    weight_g: int | None
    customs_code: str
    country_of_origin: str
    lifecycle: str

    @classmethod
    def of(cls, product: Product) -> ProductOut:
        """From the row."""
        return cls(**{name: getattr(product, name) for name in cls.model_fields})


class GroupIn(ClosedSchema):
    """What a group of products is called: a text, or an object of texts by language."""

    group: Annotated[str, Field(min_length=1, max_length=60)]
    name: NameText


class GroupOut(AnswerSchema):
    """A group of products."""

    group: str
    name_texts: dict[str, str]


class GroupsOut(AnswerSchema):
    """The groups in use."""

    groups: list[GroupOut]


class ProductListOut(AnswerSchema):
    """A page of products; `next_after` is empty on the last."""

    rows: list[ProductOut]
    next_after: str


class LifecycleIn(ClosedSchema):
    """Where the product is to be in its life."""

    lifecycle: Lifecycle


class TextIn(ClosedSchema):
    """Name and description in another language; an empty name takes the text away."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", max_length=8)]
    name: Annotated[str, Field(max_length=200)]
    description: Annotated[str, Field(max_length=10_000)] = ""


class ImportIn(ClosedSchema):
    """Products to be added or, by article number, revised."""

    products: Annotated[list[ProductIn], Field(min_length=1, max_length=20_000)]


class CostIn(ClosedSchema):
    """What a product costs us from a day on: an amount per unit, or a share of its list price."""

    product_id: Key
    valid_from: Annotated[str, Field(max_length=10, examples=["2026-01-01"])]
    unit_cost: Annotated[str, Field(pattern=r"^[0-9]{1,14}(\.[0-9]{1,6})?$")] | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    list_share_bps: Annotated[int, Field(ge=0, le=100_000)] | None = None

    def cost(self) -> NewCost:
        """As the action takes it."""
        return NewCost(
            product_id=self.product_id,
            valid_from=parse_date(self.valid_from),
            unit_cost=None if self.unit_cost is None else parse_decimal(self.unit_cost),
            currency=self.currency,
            list_share_bps=self.list_share_bps,
        )


class CostsIn(ClosedSchema):
    """Costs to be set; one of the same product, currency and day is replaced."""

    costs: Annotated[list[CostIn], Field(min_length=1, max_length=20_000)]


class CostOut(AnswerSchema):
    """What a product costs us from a day on."""

    id: int
    product_id: int
    valid_from: date
    unit_cost: str | None
    currency: str
    list_share_bps: int | None

    @classmethod
    def of(cls, cost: ProductCost) -> CostOut:
        """From the row."""
        same = {name: getattr(cost, name) for name in cls.model_fields if name != "unit_cost"}
        amount = None if cost.unit_cost is None else f"{cost.unit_cost.normalize():f}"
        return cls(**same, unit_cost=amount)


class CostsLeftOut(AnswerSchema):
    """What is known of a product's cost, the newest first."""

    costs: list[CostOut]


class CostsOut(AnswerSchema):
    """How many costs were kept."""

    kept: int


class ImportOut(AnswerSchema):
    """What became of them."""

    added: int
    revised: int
    unchanged: int


@router.get("/", permission="catalog.view", response=ProductListOut, summary="List products")
def list_products(
    request: Request,
    q: Word = "",
    kind: Kind | None = None,
    lifecycle: Lifecycle | None = None,
    group: Word = "",
    after: Word = "",
    limit: Limit = 50,
) -> ProductListOut:
    """By article number; `after` is the `next_after` of the page before."""
    found = queries.listed(text=q, kind=kind or "", lifecycle=lifecycle or "", group=group)
    if after:
        found = found.filter(sku__gt=after)
    rows = list(found[: limit + 1])
    return ProductListOut(
        rows=[ProductOut.of(product) for product in rows[:limit]],
        next_after=rows[limit - 1].sku if len(rows) > limit else "",
    )


@router.post(
    "/", permission="catalog.edit", response=ProductOut, summary="Add a product", status=201
)
def add(request: Request, body: ProductIn) -> ProductOut:
    """It can be sold once a price book has a price for it."""
    product = actions.add_product(actor=request.actor, now=request.now, facts=body.facts())
    return ProductOut.of(product)


@router.get("/groups", permission="catalog.view", response=GroupsOut, summary="List product groups")
def list_groups(request: Request) -> GroupsOut:
    """Those that products are in, with what each is called."""
    found = queries.group_names()
    return GroupsOut(
        groups=[GroupOut(group=key, name_texts=dict(texts_of(name))) for key, name in found.items()]
    )


@router.post(
    "/groups",
    permission="catalog.edit",
    response=GroupOut,
    summary="Name a product group in languages",
)
def name_group(request: Request, body: GroupIn) -> GroupOut:
    """Its key, which products and price rules name, stays."""
    group = actions.name_group(actor=request.actor, now=request.now, key=body.group, name=body.name)
    return GroupOut(group=group.key, name_texts=group.name_texts)


@router.post(
    "/import",
    permission="catalog.edit",
    response=ImportOut,
    summary="Add or revise many products by article number",
)
def import_products(request: Request, body: ImportIn) -> ImportOut:
    """The same products again change nothing."""
    outcome = actions.import_products(
        actor=request.actor, now=request.now, products=[one.facts() for one in body.products]
    )
    return ImportOut(added=outcome.added, revised=outcome.revised, unchanged=outcome.unchanged)


@router.post(
    "/costs",
    permission="cost.edit",
    response=CostsOut,
    summary="Set what products cost us from a day on",
)
def set_costs(request: Request, body: CostsIn) -> CostsOut:
    """Margins of quotes that are worked on are reckoned with it from then on."""
    made = actions.set_costs(
        actor=request.actor, now=request.now, costs=[one.cost() for one in body.costs]
    )
    return CostsOut(kept=len(made))


@router.post(
    "/costs/import",
    permission="cost.edit",
    response=ImportedOut,
    summary="Set what products cost, given as CSV",
)
def import_costs(request: Request, body: TableIn) -> ImportedOut:
    """Rows that are refused come back with the reason; with `is_trial` nothing is kept."""
    done = actions.import_costs(actor=request.actor, now=request.now, **body.model_dump())
    return ImportedOut.of(done)


@router.get(
    "/{product_id}/costs",
    permission="cost.view",
    response=list[CostOut],
    summary="List what a product costs us, the newest first",
)
def list_costs(request: Request, product_id: KeyInPath) -> list[CostOut]:
    """Of the rows of a currency, or shares, the newest that has begun holds."""
    queries.get_product(request.actor, product_id)
    return [CostOut.of(cost) for cost in queries.costs_of(request.actor, product_id)]


@router.post(
    "/{product_id}/costs/{cost_id}/remove",
    permission="cost.edit",
    response=CostsLeftOut,
    summary="Take away a cost that was set by mistake",
)
def remove_cost(request: Request, product_id: KeyInPath, cost_id: KeyInPath) -> CostsLeftOut:
    """The one before it holds again."""
    actions.remove_cost(
        actor=request.actor, now=request.now, product_id=product_id, cost_id=cost_id
    )
    left = queries.costs_of(request.actor, product_id)
    return CostsLeftOut(costs=[CostOut.of(cost) for cost in left])


@router.get(
    "/{product_id}", permission="catalog.view", response=ProductOut, summary="Get a product"
)
def get(request: Request, product_id: KeyInPath) -> ProductOut:
    """As it is now; quotes and orders keep what they copied."""
    return ProductOut.of(queries.get_product(request.actor, product_id))


@router.post(
    "/{product_id}/revise",
    permission="catalog.edit",
    response=ProductOut,
    summary="Change what a product is",
)
def revise(request: Request, product_id: KeyInPath, body: ProductIn) -> ProductOut:
    """All facts; quotes and orders keep what they copied."""
    product = actions.revise_product(
        actor=request.actor, now=request.now, product_id=product_id, facts=body.facts()
    )
    return ProductOut.of(product)


@router.post(
    "/{product_id}/lifecycle",
    permission="catalog.edit",
    response=ProductOut,
    summary="Activate a product or phase it out",
)
def set_lifecycle(request: Request, product_id: KeyInPath, body: LifecycleIn) -> ProductOut:
    """What is phased out cannot be put on a quote any more."""
    product = actions.set_lifecycle(
        actor=request.actor, now=request.now, product_id=product_id, lifecycle=body.lifecycle
    )
    return ProductOut.of(product)


@router.post(
    "/{product_id}/texts",
    permission="catalog.edit",
    response=ProductOut,
    summary="Name a product in another language",
)
def set_text(request: Request, product_id: KeyInPath, body: TextIn) -> ProductOut:
    """Quotes in that language use it from now on."""
    actions.set_text(
        actor=request.actor,
        now=request.now,
        product_id=product_id,
        language=body.language,
        name=body.name,
        description=body.description,
    )
    return ProductOut.of(queries.get_product(request.actor, product_id))
