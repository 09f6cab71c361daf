"""A draft whose every discount is within its limit, and whose margin all the same is not."""

from __future__ import annotations

from handsel.site.demo.open_deals import FAR, valid
from handsel.site.demo.stories import Stories


def write(world: Stories) -> None:
    """9 % by the list, 15 % on the line and 8 % on the quote leave 18.5 % of the price."""
    deal = world.deal("kornfeld-erfurt", "horn", "Zwölf Förderer für die Packhalle")
    deal.on("11-18 16:00", deal.open, "25000.00", "2026-12-18")
    deal.on("11-20 15:00", deal.draft, [("BC-600-3000", 12, 1500)], **valid(FAR))
    deal.on("11-20 15:20", deal.discount, 800)
