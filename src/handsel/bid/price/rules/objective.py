"""The list price of a configured product in minor units, as an expression over its variables."""

from __future__ import annotations

from fractions import Fraction

from handsel.bid.configure.rules.expressions import Expression, Fixed
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.price.rules.context import PriceContext
from handsel.bid.price.rules.figures import Figure, number
from handsel.bid.price.rules.lowering import Amount, Lowering, NotLowered, alike, plus, product
from handsel.bid.price.rules.plan import Plan, Recipe
from handsel.bid.price.rules.surcharges import in_order
from handsel.bid.price.rules.terms import Element
from handsel.ground.kernel.money import exponent


def list_price(
    context: PriceContext, model: ProductModel, *, product_id: int | str, group: str
) -> Expression | None:
    """What one piece comes to by the book's entry and elements; equal to the engine's list amount.

    None where it cannot be said: a price by tables, or a formula no integer expression states.
    """
    recipe = Recipe(Plan(context), product_id, group)
    other = recipe.price_tables or recipe.matrices or recipe.cost_plus or recipe.percent_of
    if recipe.entry is None or other:
        return None
    base = Fraction(recipe.entry.unit_price)
    known: dict[str, Figure] = {**context.terms.market, **context.terms.tables}
    known |= {"quantity": number(1), "base": number(base)}
    lowering = Lowering(model, known)
    lowering.amounts |= {one.part: Amount(Fixed(0)) for one in recipe.elements if one.part}
    total = Amount(Fixed(base.numerator), Fraction(1, base.denominator))
    try:
        for element in _sequence(recipe.elements):
            total = _added(lowering, element, total)
        return lowering.rounded(total, exponent(context.currency)).whole
    except NotLowered:
        return None


def _sequence(elements: tuple[Element, ...]) -> list[Element]:
    """As the engine takes them: sums before factors, the markets last."""
    ordered = in_order(elements)
    return [
        one
        for is_market in (False, True)
        for one in (
            *(each for each in ordered if not each.is_factor),
            *(each for each in elements if each.is_factor),
        )
        if one.is_market is is_market
    ]


def _added(lowering: Lowering, element: Element, total: Amount) -> Amount:
    found = lowering.number(element.formula.tree)
    if element.is_factor:
        return Amount(product(total.whole, found.whole), total.unit * found.unit)
    if element.scale is not None:
        found = lowering.rounded(found, element.scale)
    lowering.amounts[element.key] = found
    if element.part:
        lowering.amounts[element.part] = _sum(lowering.amounts[element.part], found)
    return _sum(total, found)


def _sum(one: Amount, other: Amount) -> Amount:
    wholes, unit = alike([one, other])
    return Amount(plus(wholes), unit)
