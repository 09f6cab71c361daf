"""The scenarios of a version side by side: what each costs, and which lines they differ in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from handsel.bid.price.rules.document import PricedDocument
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView, lines_of
from handsel.bid.quote.queries.offer import settled
from handsel.bid.quote.rules.paid import sums_of
from handsel.bid.quote.rules.scenarios import differing, read
from handsel.bid.quote.rules.sheet.sums import Totals


@dataclass(frozen=True, slots=True)
class PricedScenario:
    """A scenario with its totals; `priced.lines` are in the order of the version's lines."""

    name: str
    chosen: frozenset[UUID]
    is_offered: bool
    priced: PricedDocument
    sums: Totals


@dataclass(frozen=True, slots=True)
class Comparison:
    """The scenarios of a version, its lines, and those of them that not all scenarios have."""

    scenarios: list[PricedScenario]
    lines: list[LineView]
    differing: list[UUID]


def compared_scenarios(version: QuoteVersion) -> Comparison:
    """Every scenario priced as if it were the offer."""
    lines = lines_of(version.pk)
    found = []
    for one in read(version.scenarios, lines):
        priced = settled(version, lines, one.chosen)
        sums = sums_of(lines, priced)
        found.append(PricedScenario(one.name, one.chosen, one.is_offered, priced, sums))
    return Comparison(found, lines, differing([one.chosen for one in found], lines))
