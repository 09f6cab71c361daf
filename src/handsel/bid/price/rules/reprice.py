"""A document of which some lines changed, priced without pricing the others again.

`reprice` answers exactly what `engine.price` would, for lines of which everything but a few stands
as it was priced before. Lines that cost a percentage of others' net are always among those that
are priced. Where a change can reach other lines' own amounts (tiers over a group or the whole
document, percentages of what only a line's steps tell) it answers None, and all is priced.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handsel.bid.price.rules.context import LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.derived import Base, derive
from handsel.bid.price.rules.document import (
    Settlement,
    header_shares,
    priced_line,
    settlement,
)
from handsel.bid.price.rules.engine import extended_lines
from handsel.bid.price.rules.exactness import WORK
from handsel.bid.price.rules.plan import Plan, Recipe
from handsel.bid.price.rules.priced import PricedLine
from handsel.bid.price.rules.taxing import Extended
from handsel.bid.price.rules.terms import Point
from handsel.bid.price.rules.tiers import ProductKey, TierScope
from handsel.bid.price.rules.waterfall import Stage


@dataclass(slots=True)
class Standing:
    """A line as it was priced, as far as the rest of its document depends on it.

    `amount_minor` is its own amount (stage 13), `header_minor` and `tax_minor` its shares of the
    document's discount and tax.
    """

    key: Any
    list_minor: int
    amount_minor: int
    header_minor: int
    tax_minor: int
    tax: LineTax
    counts: bool = True
    takes_header: bool = True
    is_derived: bool = False
    product_id: Any = None
    product_group: str = ""

    @property
    def trace(self) -> None:
        """How it was priced is not known any more."""
        return None


@dataclass(frozen=True, slots=True)
class Repriced:
    """What a change comes to: the lines priced anew, the shares (of discount, of tax) that moved
    of lines that were not, and the document."""

    lines: Mapping[Any, PricedLine]
    shifted: Mapping[Any, tuple[int, int]]
    document: Settlement


def standing(line: PricedLine, product_group: str = "") -> Standing:
    """A priced line as it stands."""
    header_minor = sum(row.amount_minor for row in line.rows if row.stage is Stage.HEADER)
    return Standing(
        line.key,
        line.list_minor,
        line.own_minor,
        header_minor,
        line.tax_minor,
        line.tax,
        line.counts,
        line.takes_header,
        line.is_derived,
        line.product_id,
        product_group,
    )


def reprice(
    context: PriceContext,
    kept: Sequence[Standing],
    changed: Sequence[RequestLine],
    gone: Iterable[tuple[ProductKey, str]] = (),
) -> Repriced | None:
    """Price `changed` lines among `kept` ones, which were priced in the same context.

    `gone` are product and group of lines that are no more; lines that are a percentage of others
    must be among the `changed`. The context needs to know the products of those two only. Linear
    in the lines, but only in whole numbers. Raises what `engine.price` raises. None where other
    lines' own amounts may depend on the change.
    """
    with decimal.localcontext(WORK):
        plan = Plan(context)
        about = {(line.product_id, line.product_group) for line in changed}
        if any(_reaches_others(Recipe(plan, *one)) for one in about | set(gone)):
            return None
        if any(line.is_derived for line in kept):
            return None
        found = extended_lines(plan, changed)
        if any(work.percent_of and work.percent_of.point is not Point.NET for work in plan.works):
            return None
        shares = _shares(context, plan, [*kept, *found.values()])
        if len(found) < len(changed):
            bases: dict[Any, Base] = {line.key: line for line in kept}
            found |= derive(plan, bases | found, shares)
        document = _settlement(context, plan, [*kept, *found.values()], shares)
        shifted = _shifted(kept, document, context.policy.prices_include_tax)
        if shifted is None:
            return None
        lines = {
            key: priced_line(
                line,
                document.header.get(key, 0),
                document.tax[key],
                context.currency,
                context.policy,
            )
            for key, line in found.items()
        }
        return Repriced(lines, shifted, document)


def _reaches_others(recipe: Recipe) -> bool:
    tables = (*recipe.price_tables, *recipe.discount_tables)
    return any(table.scope is not TierScope.LINE for table in tables)


def _shares(context: PriceContext, plan: Plan, lines: Sequence[Extended]) -> dict[Any, int]:
    return header_shares(
        [line for line in lines if line.counts],
        scale=plan.scale,
        header_bps=context.header_bps,
        header=context.header,
    )


def _settlement(
    context: PriceContext, plan: Plan, lines: Sequence[Extended], shares: Mapping[Any, int]
) -> Settlement:
    return settlement(
        lines,
        shares,
        currency=context.currency,
        scale=plan.scale,
        header_bps=context.header_bps,
        policy=context.policy,
        fees=context.terms.fees,
        taxes=context.taxes,
    )


def _shifted(
    kept: Sequence[Standing], document: Settlement, tax_is_inside: bool
) -> dict[Any, tuple[int, int]] | None:
    """The shares that moved; None where a share that goes to nothing leaves a net unit price that
    only the line's own steps tell."""
    header, tax = document.header.get, document.tax
    found = {}
    for line in kept:
        key = line.key
        bears, owes = header(key, 0), tax[key]
        if bears != line.header_minor or owes != line.tax_minor:
            if (line.header_minor and not bears) or (tax_is_inside and line.tax_minor and not owes):
                return None
            found[key] = (bears, owes)
    return found
