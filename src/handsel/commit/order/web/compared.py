"""The buyer's purchase order beside ours, line by line, for the order's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from handsel.commit.order import queries
from handsel.commit.order.models import Order, OrderLine
from handsel.commit.order.rules.match import Difference
from handsel.commit.order.web import words
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate


def comparison(order: Order, lines: Sequence[OrderLine]) -> dict[str, Any]:
    """Rows of quote, order and purchase order; without his paper, quote and order alone."""
    theirs = queries.purchase_order_lines(order.pk)
    is_compared = order.compared_at is not None
    differences = queries.differences_of(order, lines) if is_compared else []
    rows = []
    for line in lines:
        own = [one for one in differences if one.line_id == line.pk]
        paper = theirs.get(line.pk)
        rows.append(
            {
                "position": line.position,
                "name": line.name,
                "sku": line.product.sku,
                "quantity": Quantity(line.quantity, line.unit),
                "price": Rate(line.unit_net, order.currency),
                "their_sku": paper.sku if paper else "",
                "their_quantity": Quantity(paper.quantity, line.unit) if paper else None,
                "their_price": Rate(paper.unit_price, order.currency) if paper else None,
                "badges": _badges(own, is_compared=is_compared),
            }
        )
    whole = [words.DIFFERENCES[one.kind] for one in differences if one.line_id is None]
    return {
        "is_compared": is_compared,
        "number": order.purchase_order,
        "dated_on": order.purchase_order_on,
        "rows": rows,
        "whole": whole,
        "count": len(differences),
        "agrees": is_compared and not differences,
    }


def _badges(own: Sequence[Difference], *, is_compared: bool) -> list[tuple[Any, str]]:
    if own:
        return [(words.DIFFERENCES[one.kind], "warn") for one in own]
    return [(_("agrees"), "good")] if is_compared else [(_("as quoted"), "good")]
