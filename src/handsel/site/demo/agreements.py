"""What Halden agreed with customers: a frame agreement, and what one of the plants got on top."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from handsel.bid.price import actions as prices
from handsel.site.demo.house import House, in_both

NEXT_YEAR = date(2027, 1, 1)
FRAME = in_both("Frame 2027", "Rahmenvertrag 2027")
LINE_7 = in_both("Line 7, blue belt", "Linie 7, blauer Gurt")


def agree_prices(house: House, now: datetime) -> None:
    """The food processor's frame agreement of next year: 6 % on belts, one plant more on one."""
    actor = house.actor("sales")
    group, plant = house.organizations["kornfeld"], house.organizations["kornfeld-ulm"]
    for organization, product, what in (
        (group, "", {"product_group": "belts", "discount_bps": 600, "label": FRAME}),
        (
            group,
            "BC-600-3000",
            {"unit_price": Decimal(2650), "is_net": True, "label": FRAME},
        ),
        (plant, "SP-BELT-PU-600", {"unit_price": Decimal("112.50"), "label": LINE_7}),
    ):
        prices.agree_price(
            actor=actor,
            now=now,
            organization_id=organization.pk,
            currency="EUR",
            valid_from=NEXT_YEAR,
            product_id=house.products[product].pk if product else None,
            **what,  # type: ignore[arg-type]
        )
