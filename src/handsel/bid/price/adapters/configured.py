"""Prices configurations by the same books and the same engine as quotes do."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.configure.ports import ConfigurationPrice
from handsel.bid.configure.queries import product_of
from handsel.bid.configure.rules.expressions import Expression, Value
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.price.errors import NoBook, NoPrice
from handsel.bid.price.models import PriceBook
from handsel.bid.price.queries import book_on, context_for
from handsel.bid.price.queries.agreed import agreed_for
from handsel.bid.price.rules.configured import attributes_of
from handsel.bid.price.rules.context import LineFacts, LineTax, PriceContext, RequestLine
from handsel.bid.price.rules.engine import extend
from handsel.bid.price.rules.formulas import FormulaFault
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.objective import list_price
from handsel.bid.price.rules.waterfall import LAST_LIST_STAGE, ORDER
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.names import name_in
from handsel.ground.party import queries as party

MOST_KEPT = 32
_NO_TAX = {"": LineTax("O", 0)}
_Kept = tuple[ProductModel, Expression | None]


class ConfiguredPrices:
    """Fills the configurator's port `ConfigurationPricing`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._objectives: OrderedDict[tuple[Any, ...], _Kept] = OrderedDict()

    def price(
        self,
        *,
        model_key: str,
        model: ProductModel,
        assignment: Mapping[str, Value],
        currency: str,
        language: str,
        on: date,
        organization_id: int | None = None,
    ) -> ConfigurationPrice | None:
        """The price of one piece with a row for every element that adds to its list price.

        For an organization by its segment's book and what was agreed with it, as a quote would.
        """
        line = _priced(model_key, model, assignment, currency, on, organization_id)
        if line is None:
            return None
        rows = tuple(
            (name_in(row.label, language), Money(row.amount_minor, currency))
            for row in line.rows
            if row.amount_minor and ORDER[row.stage] <= LAST_LIST_STAGE
        )
        own = line.list_minor if organization_id is None else line.amount_minor
        return ConfigurationPrice(Money(own, currency), rows, Money(line.list_minor, currency))

    def objective(
        self,
        *,
        model_key: str,
        model: ProductModel,
        currency: str,
        on: date,
        organization_id: int | None = None,
    ) -> Expression | None:
        """The list price over the model's variables; kept, because it takes a moment to say."""
        found = _context(model_key, currency, on, organization_id)
        if found is None:
            return None
        context, product = found
        key = (context.book_id, on, product.product_id, id(model))
        with self._lock:
            kept = self._objectives.get(key)
            if kept is None:
                stated = list_price(
                    context, model, product_id=product.product_id, group=product.group
                )
                # The model is kept too, so that no other one can have its identity.
                kept = self._objectives[key] = (model, stated)
            self._objectives.move_to_end(key)
            while len(self._objectives) > MOST_KEPT:
                self._objectives.popitem(last=False)
        return kept[1]

    def amounts(
        self,
        *,
        model_key: str,
        model: ProductModel,
        assignment: Mapping[str, Value],
        currency: str,
        on: date,
    ) -> Mapping[str, str] | None:
        """The list total and the sums of the price list's parts, by name."""
        line = _priced(model_key, model, assignment, currency, on)
        if line is None or line.trace is None:
            return None
        part_of = {one.rule: one.part for one in line.trace.recipe.elements if one.part}
        found = dict.fromkeys(part_of.values(), 0)
        for row in line.rows:
            if row.rule in part_of:
                found[part_of[row.rule]] += row.amount_minor
        found["list_total"] = line.list_minor
        return {name: Money(minor, currency).text() for name, minor in found.items()}


def _priced(
    model_key: str,
    model: ProductModel,
    assignment: Mapping[str, Value],
    currency: str,
    on: date,
    organization_id: int | None = None,
) -> ExtendedLine | None:
    found = _context(model_key, currency, on, organization_id)
    if found is None:
        return None
    context, product = found
    if organization_id is not None:
        context = _agreed(context, product, organization_id)
    facts = LineFacts(attributes=attributes_of(model, assignment))
    asked = RequestLine(
        0, product.product_id, product.title, product.group, "", Decimal(1), facts=facts
    )
    try:
        (line,) = extend(context, [asked])
    except (NoPrice, FormulaFault):
        return None  # a quote says why; whoever configures goes on without a price
    return line


def _agreed(context: PriceContext, product: ProductFact, organization_id: int) -> PriceContext:
    """What was agreed may change any moment, so that it is read every time: one query."""
    contracted = agreed_for(
        organization_id,
        currency=context.currency,
        product_ids=[product.product_id],
        groups={product.group, ""},
    )
    if not contracted:
        return context
    return replace(context, terms=replace(context.terms, contracted=contracted))


def _context(
    model_key: str, currency: str, on: date, organization_id: int | None = None
) -> tuple[PriceContext, ProductFact] | None:
    product_id = product_of(model_key)
    if product_id is None:
        return None
    segment = ""
    if organization_id is not None:
        segment = party.get_organization(organization_id).price_segment
    try:
        book = book_on(currency=currency, segment=segment, on=on)
    except NoBook:
        return None
    return _frozen(book.pk, product_id, on)


@lru_cache(maxsize=MOST_KEPT)
def _frozen(book_id: int, product_id: int, on: date) -> tuple[PriceContext, ProductFact]:
    """A published book never changes, so what was read of it once holds."""
    product = facts_of([product_id])[product_id]
    book = PriceBook.objects.get(pk=book_id)
    return context_for(book, on=on, products=[product], taxes=_NO_TAX), product
