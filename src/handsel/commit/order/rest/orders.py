"""Orders: list and get, with their checks and their confirmation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Query

from handsel.commit.order import ports, queries
from handsel.commit.order.errors import ConfirmationMissing
from handsel.commit.order.models import Order
from handsel.commit.order.rest.routing import router
from handsel.commit.order.rest.schemas import (
    DifferenceOut,
    FindingOut,
    HoldOut,
    KeyInPath,
    LineOut,
    OrderListOut,
    OrderOut,
    OrderRecordOut,
    OrderRowOut,
    PurchaseOrderOut,
)
from handsel.commit.order.rules.transitions import ORDER_STATES
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_instant
from handsel.ground.kernel.said import said
from handsel.ground.platform.api import FileOut, MoneyOut

Limit = Annotated[int, Query(ge=1, le=200)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
KeyOrNone = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get(
    "/", permission="order.view", response=OrderListOut, summary="List orders, newest first"
)
def list_orders(
    request: Request,
    q: Word = "",
    state: Word = "",
    held: bool | None = None,
    organization_id: KeyOrNone = None,
    cursor: Word = "",
    limit: Limit = 50,
) -> OrderListOut:
    """`cursor` is the `next_cursor` of the page before."""
    if state and state not in ORDER_STATES:
        raise Invalid("There is no such state.", fields={"state": ", ".join(ORDER_STATES)})
    wanted = queries.ListFilter(text=q, state=state, held=held, organization_id=organization_id)
    found = queries.listed(request.actor, wanted)
    if cursor:
        found = queries.after(found, *position(cursor))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    return OrderListOut(
        rows=[_row(order) for order in rows[:limit]],
        next_cursor=f"{last.placed_at.isoformat()}_{last.pk}" if last else "",
    )


def position(cursor: str) -> tuple[datetime, int]:
    """The instant and key a cursor stands for; raises Invalid for one not given out here."""
    instant, _, key = cursor.rpartition("_")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Invalid("This cursor was not given out here.", fields={"cursor": "a next_cursor"})
    return parse_instant(instant), int(key)


def _row(order: Order) -> OrderRowOut:
    return OrderRowOut(
        id=order.pk,
        number=order.number,
        state=order.state,
        is_held=order.is_held,  # type: ignore[attr-defined]  # annotated by `listed`
        organization=order.organization.name,
        purchase_order=order.purchase_order,
        gross=MoneyOut.of(order.gross_minor, order.currency),
        placed_at=order.placed_at,
        requested_on=order.requested_on,
    )


@router.get(
    "/{order_id}",
    permission="order.view",
    response=OrderRecordOut,
    summary="Get an order with its lines, holds and progress",
)
def get(request: Request, order_id: KeyInPath) -> OrderRecordOut:
    """Ordered, delivered and invoiced on every line."""
    order = queries.get_order(request.actor, order_id)
    progress = ports.progress().of_lines(order_id=order_id)
    nothing = ports.LineProgress()
    return OrderRecordOut(
        order=OrderOut.of(order),
        lines=[
            LineOut.of(line, order.currency, progress.get(line.pk, nothing))
            for line in queries.lines_of(order_id)
        ],
        holds=[HoldOut.of(hold) for hold in queries.holds_of(order_id)],
    )


@router.get(
    "/{order_id}/checks",
    permission="order.view",
    response=list[FindingOut],
    summary="Check an order as the order desk does",
)
def checks(request: Request, order_id: KeyInPath) -> list[FindingOut]:
    """Each check with its evidence; a `stop` forbids the release."""
    order = queries.get_order(request.actor, order_id)
    today = local_date(request.now, order.seller.time_zone)
    findings = [
        *queries.desk_findings(order, today=today),
        queries.credit_finding(request.actor, order),
    ]
    return [FindingOut.of(finding) for finding in findings]


@router.get(
    "/{order_id}/purchase-order",
    permission="order.view",
    response=PurchaseOrderOut,
    summary="Get where the buyer's purchase order differs",
)
def differences(request: Request, order_id: KeyInPath) -> PurchaseOrderOut:
    """None when it agrees or was not entered."""
    order = queries.get_order(request.actor, order_id)
    found = queries.differences_of(order) if order.compared_at is not None else []
    return PurchaseOrderOut(differences=[DifferenceOut.of(one) for one in found])


@router.get(
    "/{order_id}/confirmation",
    permission="order.view",
    response=FileOut,
    summary="Get the order confirmation as PDF",
)
def confirmation(request: Request, order_id: KeyInPath) -> FileOut:
    """As it was sent, byte for byte."""
    order = queries.get_order(request.actor, order_id)
    if order.confirmation is None:
        raise ConfirmationMissing(
            said("order %(number)s is not confirmed yet", number=order.number)
        )
    return FileOut.of(order.confirmation)
