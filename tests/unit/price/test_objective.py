"""The list price as an expression: for 200 conveyors what the engine says, to the cent."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import handsel.site
from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Expression, Value, evaluate
from handsel.bid.configure.rules.language import read_model
from handsel.bid.configure.rules.optimise import Goal, complete_best, nearest
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.price.rules.case.answer import read_case
from handsel.bid.price.rules.case.reading import strict_json
from handsel.bid.price.rules.configured import attributes_of
from handsel.bid.price.rules.context import LineFacts, PriceContext, RequestLine
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.figures import Figure, number, table, truth
from handsel.bid.price.rules.formulas import read_formula
from handsel.bid.price.rules.lowering import Lowering, NotLowered
from handsel.bid.price.rules.objective import list_price
from tests.support.halden import HALDEN

PRICES = Path(handsel.site.__file__).parent / "demo" / "prices" / "halden-conveyor.json"


@cache
def conveyor() -> Configurator:
    model = read_model(HALDEN.read_text(encoding="utf-8"), file="halden-conveyor")
    return Configurator.of(encode(model), model)


@cache
def context() -> PriceContext:
    book = strict_json(PRICES.read_text(encoding="utf-8"))
    book["context"]["date"] = "2026-03-02"
    return read_case({**book, "lines": [{"key": "one", "product": "halden-bc"}]})[0]


@cache
def objective() -> Expression:
    found = list_price(context(), conveyor().model, product_id="halden-bc", group="")
    assert found is not None
    return found


def engine_price(values: Mapping[str, Value]) -> int:
    facts = LineFacts(attributes=attributes_of(conveyor().model, values))
    key = next(iter(context().taxes))
    line = RequestLine(1, "halden-bc", "conveyor", "", key, Decimal(1), facts=facts)
    return price(context(), [line]).list_minor


def some_product(chance: random.Random) -> Mapping[str, Value]:
    wished = {one.key: chance.choice(one.values) for one in conveyor().model.variables}
    found = nearest(conveyor(), (), wished)
    assert found is not None
    return found


def test_the_objective_is_the_engines_list_price_for_200_products() -> None:
    chance = random.Random(20261122)
    seen = set()
    for _ in range(200):
        values = some_product(chance)
        cents = evaluate(objective(), values)
        assert cents == engine_price(values)
        seen.add(cents)
    assert len(seen) > 150


def test_the_cheapest_conveyor_is_found_and_costs_what_it_says() -> None:
    found = complete_best(conveyor(), (Decision("length_mm", 6000),), Goal(objective()))
    assert found.proof in ("optimal", "gap")
    assert found.amount == engine_price(found.values)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("length_mm / 1 m", 6),
        ("round(7 / 3, 2)", Decimal("2.33")),
        ("abs(length_mm / 1 m - 10)", 4),
        ("ceil(length_mm / 4 m)", 2),
        ("floor(length_mm / 4 m)", 1),
        ("max(length_mm / 1 m, warranty / 1 year) * 10", 60),
        ("if not brake and docs in {de, fr} then 7 else 9", 9),
        ("rates[docs] * 2", 3),
        ("12 / (warranty / 1 year)", 12),
        ("if length_mm / 1 m > warranty / 1 year -> brake then 1 else 2", 2),
    ],
)
def test_formulas_come_to_the_same_either_way(formula: str, expected: int | Decimal) -> None:
    model = conveyor().model
    values = complete(conveyor(), (Decision("length_mm", 6000),)).values
    rates = {"else": number(Decimal("1.5"))}
    known: dict[str, Figure] = {"rates": table(rates)}
    read = read_formula(formula)
    assert read.amount(known | attributes_of(model, values)) == expected
    lowered = Lowering(model, known).number(read.tree)
    found = evaluate(lowered.whole, values)
    assert not isinstance(found, str)
    assert found * lowered.unit == expected


@pytest.mark.parametrize("formula", ["1 / (length_mm / 1 m + warranty / 1 year)", "unheard_of * 2"])
def test_what_no_integer_expression_says_is_left_to_the_engine(formula: str) -> None:
    lowering = Lowering(conveyor().model, {"yes": truth(True)})
    with pytest.raises(NotLowered):
        lowering.number(read_formula(formula).tree)
