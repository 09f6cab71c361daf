"""What customers have ordered, for prices that count it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db.models import Sum

from handsel.commit.order.models import OrderLine
from handsel.ground.kernel.money import exponent


class OrderedBefore:
    """Fills the quote room's `Bought`: orders that were not cancelled, one statement."""

    def before(
        self,
        *,
        organization_id: int,
        seller_id: int,
        on: date,
        product_id: int | None,
        product_group: str,
        of_amounts: bool,
        currency: str,
    ) -> Decimal:
        """Quantity, or list amount in major units, of what was ordered before a day."""
        lines = OrderLine.objects.filter(
            order__organization_id=organization_id,
            order__seller_id=seller_id,
            order__currency=currency,
            order__placed_at__lt=datetime.combine(on, time(), UTC),
        ).exclude(order__state="cancelled")
        if product_id is not None:
            lines = lines.filter(product_id=product_id)
        elif product_group:
            lines = lines.filter(product__group=product_group)
        column = "list_minor" if of_amounts else "quantity"
        found = lines.aggregate(sum=Sum(column))["sum"] or 0
        return Decimal(found).scaleb(-exponent(currency)) if of_amounts else Decimal(found)
