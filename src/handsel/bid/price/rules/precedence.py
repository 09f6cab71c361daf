"""Which agreed price applies to whom: the nearest organization's, there the most specific, there
the latest. The order is the engine's; here it is told for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement as far as it decides who goes first.

    `product_group` is what it was agreed for; `group_of_product` the group its product is in. It
    is a price, or else a percentage: the two do not compete, a price takes no percentage.
    """

    agreement_id: int
    organization_id: int
    currency: str
    product_id: int | None
    product_group: str
    group_of_product: str
    is_price: bool
    valid_from: date

    def covers(self, other: Agreed) -> bool:
        """Whether it speaks of everything the other one speaks of, in the same way."""
        if (self.currency, self.is_price) != (other.currency, other.is_price):
            return False
        if self.product_id is not None:
            return self.product_id == other.product_id
        if self.product_group:
            return self.product_group in (other.product_group, other.group_of_product)
        return True


@dataclass(frozen=True, slots=True)
class Ranked:
    """An agreement for one organization: how far up it was made, and what goes before it, if
    something does on everything it speaks of."""

    agreed: Agreed
    depth: int
    behind: Agreed | None


def ranked(chain: Sequence[int], agreed: Iterable[Agreed]) -> list[Ranked]:
    """Agreements in the order in which they are asked, for the first organization of a chain.

    `chain` is the organization, its parent, and so on; what was agreed with others is left out.
    """
    depth_of = {organization_id: depth for depth, organization_id in enumerate(chain)}
    mine = [one for one in agreed if one.organization_id in depth_of]
    mine.sort(key=lambda one: _order(one, depth_of[one.organization_id]))
    return [
        Ranked(
            one,
            depth_of[one.organization_id],
            next((other for other in mine[:place] if other.covers(one)), None),
        )
        for place, one in enumerate(mine)
    ]


def applying(
    chains: Mapping[int, Sequence[int]], agreed: Sequence[Agreed], asked: Agreed
) -> dict[int, Agreed]:
    """For each organization (with its chain): what applies to all that `asked` speaks of."""
    found = {}
    for organization_id, chain in chains.items():
        rows = ranked(chain, agreed)
        first = next((row.agreed for row in rows if row.agreed.covers(asked)), None)
        if first is not None:
            found[organization_id] = first
    return found


def _order(one: Agreed, depth: int) -> tuple[int, int, int, int]:
    specific = 0 if one.product_id is not None else 1 if one.product_group else 2
    return depth, specific, -one.valid_from.toordinal(), -one.agreement_id
