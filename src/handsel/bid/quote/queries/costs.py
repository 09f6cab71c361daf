"""What the lines of a version cost us, where that is known, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from handsel.bid.quote import ports
from handsel.bid.quote.rules.asked import is_fee
from handsel.ground.identity.queries import roles_of
from handsel.ground.kernel.rate import Rate, extend

SEES_COSTS = "cost.view"


def user_sees_costs(user_id: int | None) -> bool:
    """Whether somebody who is no actor here (he holds a link, or gets a mail) may see costs."""
    if user_id is None:
        return False
    return bool(ports.rights().roles_holding(SEES_COSTS) & set(roles_of(user_id)))


class CostedLine(Protocol):
    """What the cost of a line is reckoned from."""

    @property
    def key(self) -> UUID: ...
    @property
    def product_id(self) -> int: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def list_minor(self) -> int: ...
    @property
    def net_minor(self) -> int: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...


def line_costs(lines: Iterable[CostedLine], *, currency: str, on: date) -> dict[UUID, int]:
    """Cost of lines in minor units, by key; lines whose cost nobody knows are left out.

    A cost that was given with a line counts where the house knows none of its product: nobody
    improves a margin by hand. What a fee costs us is what it brings, where nobody says otherwise.
    One query, two where a cost is converted.
    """
    found = list(lines)
    products = {line.product_id for line in found}
    known = ports.costs().of_products(product_ids=products, currency=currency, on=on)
    costs = {}
    for line in found:
        own = line.asked.get("cost")
        cost = known.get(line.product_id)
        if cost is not None:
            costs[line.key] = cost.of_line(line.quantity, line.list_minor, currency)
        elif own is not None:
            costs[line.key] = extend(Rate(Decimal(str(own)), currency), line.quantity).amount_minor
        elif is_fee(line.asked):
            costs[line.key] = line.net_minor
    return costs
