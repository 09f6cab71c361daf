"""The list price of a line with a term is that of the term, so that on every page and paper
quantity × price − discount = amount, and a shorter term is no discount."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from handsel.bid.price.rules.context import LineFacts
from handsel.bid.price.rules.exactness import SHOWN_SCALE, WORK, Scale
from handsel.bid.price.rules.plan import A_YEAR
from handsel.bid.price.rules.priced import PricedDocument, PricedLine
from handsel.bid.price.rules.proration import Convention, due

WHOLE_BPS = 10_000
_SHOWN = Decimal(1).scaleb(-SHOWN_SCALE)


def times_of(
    facts: LineFacts, convention: Convention = Convention.DAY365, price_months: int = A_YEAR
) -> Fraction:
    """How often a line's list price is due: its term, and what it has risen by then. 1 for most."""
    times = facts.multiplier or Fraction(1)
    months = facts.price_months or price_months
    if facts.term is not None:
        term = facts.term
        by = term.convention or convention
        times = due(by, term.start_on, term.end_on, months, term.anchor_on)
    if facts.uplift_bps and facts.uplifts:
        times *= Fraction(WHOLE_BPS + facts.uplift_bps, WHOLE_BPS) ** facts.uplifts
    return times


def with_terms_listed(priced: PricedDocument) -> PricedDocument:
    """The same document with list prices for the terms of its lines; nets stay what they are."""
    added = list_terms(priced.lines, priced.currency)
    return replace(priced, list_minor=priced.list_minor + added) if added else priced


def list_terms(lines: Iterable[PricedLine], currency: str) -> int:
    """Set the list prices of lines to those of their terms; what that adds to the total."""
    with_terms = [line for line in lines if _has_term(line.facts)]
    if not with_terms:
        return 0
    scale = Scale.of(currency)
    before = sum(line.list_minor for line in with_terms if line.counts)
    with decimal.localcontext(WORK):
        for line in with_terms:
            _list(line, scale)
    return sum(line.list_minor for line in with_terms if line.counts) - before


def _has_term(facts: LineFacts) -> bool:
    return facts.term is not None or facts.multiplier is not None or bool(facts.uplifts)


def _list(line: PricedLine, scale: Scale) -> None:
    times = times_of(line.facts)
    if line.trace is not None:
        recipe = line.trace.recipe
        times = times_of(line.facts, recipe.convention, recipe.price_months)
    unit = line.list_price * times.numerator / times.denominator
    line.list_price = unit.quantize(_SHOWN, scale.rounding)
    line.list_minor = scale.minor(unit * line.quantity)
