"""When what part of an order is billed: items with triggers whose amounts sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handsel.earn.billing.errors import SharesInvalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.split import split

WHOLE_BPS = 10_000


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One part of a plan: what makes it due, its share in basis points, its net amount."""

    trigger: str
    share_bps: int | None
    net: Money


def plan_items(method: str, shares_bps: Sequence[int], net: Money) -> list[PlannedItem]:
    """The items of a plan known at release.

    ``on_order`` is one item due at once; ``on_shipment`` has none yet (each shipment makes one);
    ``shares`` splits by cumulative rounding: deposits first, the last share on delivery.
    Raises SharesInvalid when the shares are not positive or do not sum to 10,000 basis points.
    """
    if method == "on_order":
        return [PlannedItem("on_order", WHOLE_BPS, net)]
    if method == "on_shipment":
        return []
    shares = list(shares_bps)
    if not shares or any(s <= 0 for s in shares) or sum(shares) != WHOLE_BPS:
        raise SharesInvalid(
            "billing shares must be positive and sum to 100 %",
            fields={"billing_shares": "such as 30, 60 and 10 %"},
        )
    triggers = _triggers(len(shares))
    amounts = split(net, shares)
    return [PlannedItem(*part) for part in zip(triggers, shares, amounts, strict=True)]


def _triggers(count: int) -> list[str]:
    """First share with the order, last on delivery, second on shipment, others by hand."""
    if count == 1:
        return ["on_delivery"]
    middle = ["on_shipment", *["by_hand"] * max(0, count - 3)] if count > 2 else []
    return ["on_order", *middle, "on_delivery"]
