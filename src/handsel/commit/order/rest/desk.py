"""What the order desk does: complete, compare, hold, release, cancel."""

from __future__ import annotations

from handsel.commit.order import actions, queries
from handsel.commit.order.rest.routing import router
from handsel.commit.order.rest.schemas import (
    DifferenceOut,
    HoldIn,
    HoldOut,
    KeyInPath,
    OrderOut,
    PurchaseOrderIn,
    PurchaseOrderOut,
    ReasonIn,
    ReviseIn,
)
from handsel.ground.identity.access import Request
from handsel.ground.kernel.grammar import parse_date


@router.post(
    "/{order_id}/revise",
    permission="order.edit",
    response=OrderOut,
    summary="Complete an order before its release",
)
def revise(request: Request, order_id: KeyInPath, body: ReviseIn) -> OrderOut:
    """Addresses, purchase order, wanted date and contact; never prices."""
    actions.revise_order(
        actor=request.actor, now=request.now, order_id=order_id, changes=body.changes()
    )
    return OrderOut.of(queries.get_order(request.actor, order_id))


@router.post(
    "/{order_id}/release",
    permission="order.release",
    response=OrderOut,
    summary="Release an order to delivery and billing",
)
def release(request: Request, order_id: KeyInPath) -> OrderOut:
    """Refused while it is on hold or a check says stop."""
    actions.release_order(actor=request.actor, now=request.now, order_id=order_id)
    return OrderOut.of(queries.get_order(request.actor, order_id))


@router.post(
    "/{order_id}/cancel",
    permission="order.edit",
    response=OrderOut,
    summary="Cancel an order of which nothing has left",
)
def cancel(request: Request, order_id: KeyInPath, body: ReasonIn) -> OrderOut:
    """What was reserved for it is free again."""
    actions.cancel_order(
        actor=request.actor, now=request.now, order_id=order_id, reason=body.reason
    )
    return OrderOut.of(queries.get_order(request.actor, order_id))


@router.post(
    "/{order_id}/holds",
    permission="order.hold",
    response=HoldOut,
    summary="Put an order on hold",
    status=201,
)
def hold(request: Request, order_id: KeyInPath, body: HoldIn) -> HoldOut:
    """It is neither released nor shipped until the hold ends."""
    placed = actions.hold_order(
        actor=request.actor,
        now=request.now,
        order_id=order_id,
        kind=body.kind,
        reason=body.reason,
    )
    return HoldOut.of(placed)


@router.post(
    "/{order_id}/holds/{hold_id}/release",
    permission="order.hold",
    response=HoldOut,
    summary="End a hold",
)
def release_hold(
    request: Request, order_id: KeyInPath, hold_id: KeyInPath, body: ReasonIn
) -> HoldOut:
    """With the reason why it may go on."""
    ended = actions.release_hold(
        actor=request.actor,
        now=request.now,
        order_id=order_id,
        hold_id=hold_id,
        reason=body.reason,
    )
    return HoldOut.of(ended)


@router.post(
    "/{order_id}/purchase-order",
    permission="order.edit",
    response=PurchaseOrderOut,
    summary="Compare the buyer's purchase order with the order, line by line",
)
def match(request: Request, order_id: KeyInPath, body: PurchaseOrderIn) -> PurchaseOrderOut:
    """Differences put the order on hold; an agreeing paper ends the holds of an earlier one."""
    found = actions.match_purchase_order(
        actor=request.actor,
        now=request.now,
        order_id=order_id,
        number=body.number,
        dated_on=parse_date(body.dated_on) if body.dated_on else None,
        lines=[line.line() for line in body.lines],
    )
    return PurchaseOrderOut(differences=[DifferenceOut.of(one) for one in found])
