"""Warehouses, stock, counts and tolerances."""

from __future__ import annotations

from handsel.deliver.fulfillment import actions, queries
from handsel.deliver.fulfillment.rest.routing import router
from handsel.deliver.fulfillment.rest.schemas import (
    CountIn,
    KeyInPath,
    KeyOrNone,
    Limit,
    MoveListOut,
    MoveOut,
    ReceiptIn,
    RecountOut,
    Start,
    StockItemOut,
    StockListOut,
    ToleranceIn,
    ToleranceOut,
    WarehouseIn,
    WarehouseOut,
    Word,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.party import queries as party


@router.get(
    "/warehouses",
    permission="fulfillment.view",
    response=list[WarehouseOut],
    summary="List warehouses, the default first",
)
def warehouses(request: Request) -> list[WarehouseOut]:
    """Those of your sellers."""
    return [WarehouseOut.of(one) for one in queries.visible_warehouses(request.actor)]


@router.post(
    "/warehouses",
    permission="fulfillment.adjust",
    response=WarehouseOut,
    summary="Open a warehouse",
    status=201,
)
def open_warehouse(request: Request, body: WarehouseIn) -> WarehouseOut:
    """Of your first seller, unless one is named."""
    seller_id = body.seller_id or party.default_seller(request.actor).pk
    made = actions.create_warehouse(
        actor=request.actor, now=request.now, seller_id=seller_id, name=body.name
    )
    return WarehouseOut.of(made)


@router.get(
    "/stock", permission="fulfillment.view", response=StockListOut, summary="List stock by item"
)
def stock(
    request: Request,
    q: Word = "",
    warehouse_id: KeyOrNone = None,
    only_short: bool = False,
    start: Start = 0,
    limit: Limit = 50,
) -> StockListOut:
    """On hand, reserved and available; `only_short` leaves those with nothing free."""
    wanted = queries.StockFilter(text=q, warehouse_id=warehouse_id, only_short=only_short)
    rows = list(queries.listed_stock(request.actor, wanted)[start : start + limit + 1])
    return StockListOut(
        rows=[StockItemOut.of(item) for item in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.get(
    "/stock/{stock_item_id}",
    permission="fulfillment.view",
    response=StockItemOut,
    summary="Get a stock item",
)
def stock_item(request: Request, stock_item_id: KeyInPath) -> StockItemOut:
    """On hand, reserved and available."""
    return StockItemOut.of(queries.get_stock_item(request.actor, stock_item_id))


@router.get(
    "/stock/{stock_item_id}/moves",
    permission="fulfillment.view",
    response=MoveListOut,
    summary="List the moves a stock is the sum of",
)
def moves(
    request: Request, stock_item_id: KeyInPath, start: Start = 0, limit: Limit = 50
) -> MoveListOut:
    """Newest first."""
    item = queries.get_stock_item(request.actor, stock_item_id)
    rows = list(queries.moves_of(item.pk)[start : start + limit + 1])
    return MoveListOut(
        rows=[MoveOut.of(move) for move in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.get(
    "/recount",
    permission="fulfillment.view",
    response=list[RecountOut],
    summary="Recount stock from its moves and reservations",
)
def recount(request: Request) -> list[RecountOut]:
    """What differs from the kept balances; nothing when all is well."""
    return [RecountOut.of(one) for one in queries.recount(request.actor)]


@router.post(
    "/receipts",
    permission="fulfillment.adjust",
    response=StockItemOut,
    summary="Receive stock",
    status=201,
)
def receive(request: Request, body: ReceiptIn) -> StockItemOut:
    """Orders that wait for it are served at once."""
    item = actions.receive_stock(
        actor=request.actor,
        now=request.now,
        warehouse_id=body.warehouse_id,
        product_id=body.product_id,
        quantity=parse_decimal(body.quantity),
        note=body.note,
    )
    return StockItemOut.of(queries.get_stock_item(request.actor, item.pk))


@router.post(
    "/counts",
    permission="fulfillment.adjust",
    response=StockItemOut,
    summary="Set a stock to what was counted",
    status=201,
)
def count(request: Request, body: CountIn) -> StockItemOut:
    """Less than was promised takes the newest promises back."""
    item = actions.count_stock(
        actor=request.actor,
        now=request.now,
        warehouse_id=body.warehouse_id,
        product_id=body.product_id,
        counted=parse_decimal(body.counted),
        note=body.note,
    )
    return StockItemOut.of(queries.get_stock_item(request.actor, item.pk))


@router.post(
    "/tolerances",
    permission="fulfillment.adjust",
    response=ToleranceOut,
    summary="Agree on a tolerance for delivered quantities",
)
def tolerance(request: Request, body: ToleranceIn) -> ToleranceOut:
    """The most special one holds: customer and product, customer, product, all."""
    agreed = actions.set_tolerance(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or party.default_seller(request.actor).pk,
        tolerance_bps=body.tolerance_bps,
        organization_id=body.organization_id,
        product_id=body.product_id,
    )
    return ToleranceOut.of(agreed)
