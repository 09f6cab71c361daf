"""What customers have ordered, for prices that count it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db.models import Sum

from handsel.bid.quote.rules.asked import FEE
from handsel.commit.order.models import OrderLine
from handsel.ground.kernel.money import exponent


class OrderedBefore:
    """Fills the price room's `Bought`: orders that were not cancelled, one statement."""

    def before(
        self,
        *,
        organization_ids: Collection[int],
        seller_ids: Collection[int],
        since: date | None,
        until: date,
        product_id: int | None,
        product_group: str,
        of_amounts: bool,
        currency: str,
    ) -> Decimal:
        """Quantity, or list amount in major units, of what was ordered from a day to before
        another. Fees are nothing that is bought."""
        lines = OrderLine.objects.filter(
            order__organization_id__in=organization_ids,
            order__seller_id__in=seller_ids,
            order__currency=currency,
            order__placed_at__lt=_begin(until),
        ).exclude(order__state="cancelled")
        if since is not None:
            lines = lines.filter(order__placed_at__gte=_begin(since))
        if product_id is not None:
            lines = lines.filter(product_id=product_id)
        elif product_group:
            lines = lines.filter(product__group=product_group)
        lines = lines.exclude(quote_line__asked__has_key=FEE)
        column = "list_minor" if of_amounts else "quantity"
        found = lines.aggregate(sum=Sum(column))["sum"] or 0
        return Decimal(found).scaleb(-exponent(currency)) if of_amounts else Decimal(found)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
