"""Small product models whose valid products can all be listed, and ways to draw them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from hypothesis import strategies as st

from handsel.bid.configure.rules.compiled import Builder, Compiled
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.expressions import (
    Calculation,
    Compare,
    Expression,
    Fixed,
    Logic,
    Not,
    OneOf,
    Ref,
    Value,
    evaluate,
    keys_of,
)
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable
from handsel.bid.configure.rules.session import Configurator

Product = Mapping[str, Value]


def compile_small(model: ProductModel) -> Compiled:
    """Clauses by truth tables: slow and plain, for models of a few values only."""
    builder = Builder()
    literal: dict[tuple[str, Value], int] = {}
    for variable in model.variables:
        if variable.kind == "boolean":
            literal[variable.key, True] = builder.fresh()
            literal[variable.key, False] = -literal[variable.key, True]
            builder.add_option(variable.key, True, literal[variable.key, True])
            continue
        for value in variable.values:
            literal[variable.key, value] = builder.fresh()
            builder.add_option(variable.key, value, literal[variable.key, value])
        own = [literal[variable.key, value] for value in variable.values]
        builder.add(own)
        for one, other in itertools.combinations(own, 2):
            builder.add([-one, -other])
    for law in model.laws:
        if isinstance(law, Law) and law.is_structural:
            builder.begin_structure()
        else:
            builder.begin_law(law.key)
        scope = (
            law.scope if isinstance(law, TableLaw) else tuple(dict.fromkeys(keys_of(law.condition)))
        )
        for row in itertools.product(*(model.variable(key).values for key in scope)):
            if not holds(law, dict(zip(scope, row, strict=True))):
                builder.add([-literal[key, value] for key, value in zip(scope, row, strict=True)])
    return builder.build()


def holds(law: Law | TableLaw, values: Product) -> bool:
    """Whether a law holds, by the definition of expressions."""
    if isinstance(law, TableLaw):
        return tuple(values[key] for key in law.scope) in law.rows
    return bool(evaluate(law.condition, values))


def configurator(model: ProductModel) -> Configurator:
    """A configurator of a small model."""
    return Configurator.of(compile_small(model), model)


def products(model: ProductModel) -> Iterator[dict[str, Value]]:
    """All valid products, by trying everything."""
    keys = [variable.key for variable in model.variables]
    for row in itertools.product(*(variable.values for variable in model.variables)):
        values = dict(zip(keys, row, strict=True))
        if all(holds(law, values) for law in model.laws):
            yield values


def fulfils(product: Product, decision: Decision) -> bool:
    """Whether a product is as a decision says."""
    value, bound = product[decision.variable], decision.value
    match decision.operator:
        case "=":
            return value == bound
        case "!=":
            return value != bound
        case ">=":
            return value >= bound  # type: ignore[operator]
        case "<=":
            return value <= bound  # type: ignore[operator]


def enumeration(key: str, values: str, **more: object) -> Variable:
    """A variable of words: `enumeration("belt", "PVC PU POM")`."""
    return Variable(key, "enumeration", tuple(values.split()), **more)  # type: ignore[arg-type]


def boolean(key: str, **more: object) -> Variable:
    """A yes or no."""
    return Variable(key, "boolean", (False, True), **more)  # type: ignore[arg-type]


def integer(key: str, *values: int, **more: object) -> Variable:
    """A number with these values."""
    return Variable(key, "integer", values, **more)  # type: ignore[arg-type]


def implies(key: str, condition: Expression, then: Expression) -> Law:
    """A law `condition -> then`."""
    return Law(key, Logic("implies", (condition, then)), {"en": f"law {key}"})


def among(key: str, *values: Value) -> OneOf:
    """The variable has one of these values."""
    return OneOf(key, frozenset(values))


@st.composite
def models(draw: st.DrawFn, most_variables: int = 5, most_laws: int = 6) -> ProductModel:
    """A random small model; it may have no valid product at all."""
    variables = []
    for at in range(draw(st.integers(2, most_variables))):
        kind = draw(st.sampled_from(["boolean", "enumeration", "integer"]))
        wish = draw(st.booleans())
        if kind == "boolean":
            variables.append(boolean(f"v{at}", default=True if wish else None))
        elif kind == "enumeration":
            words = "abcd"[: draw(st.integers(2, 4))]
            variables.append(
                enumeration(f"v{at}", " ".join(words), default=words[-1] if wish else None)
            )
        else:
            count = draw(st.integers(2, 4))
            variables.append(integer(f"v{at}", *range(1, count + 1), is_question=wish))
    laws = [draw(_law(f"L{at}", variables)) for at in range(draw(st.integers(0, most_laws)))]
    return ProductModel("random", tuple(variables), tuple(laws))


@st.composite
def _law(draw: st.DrawFn, key: str, variables: list[Variable]) -> Law | TableLaw:
    shape = draw(st.sampled_from(["implies", "or", "table", "sum"]))
    numbers = [one for one in variables if one.kind == "integer"]
    if shape == "sum" and len(numbers) >= 2:
        one, other = draw(st.permutations(numbers))[:2]
        total = Calculation("+", (Ref(one.key), Ref(other.key)))
        limit = draw(st.integers(3, 7))
        operator = draw(st.sampled_from(["<=", ">=", "!="]))
        return Law(key, Compare(operator, total, Fixed(limit)))
    if shape == "table":
        scope = draw(st.permutations(variables))[:2]
        rows = list(itertools.product(*(one.values for one in scope)))
        kept = draw(st.lists(st.sampled_from(rows), min_size=2, unique=True))
        return TableLaw(key, tuple(one.key for one in scope), tuple(kept))
    left, right = draw(_condition(variables)), draw(_condition(variables))
    return Law(key, Logic("implies" if shape == "implies" else "or", (left, right)))


@st.composite
def _condition(draw: st.DrawFn, variables: list[Variable]) -> Expression:
    variable = draw(st.sampled_from(variables))
    values = draw(st.sets(st.sampled_from(variable.values), min_size=1, max_size=2))
    condition: Expression = OneOf(variable.key, frozenset(values))
    return Not(condition) if draw(st.booleans()) else condition


def decisions_of(model: ProductModel) -> st.SearchStrategy[list[Decision]]:
    """Up to four decisions about different variables, which may contradict each other."""
    return st.lists(
        st.sampled_from(model.variables).flatmap(_decision_about),
        max_size=4,
        unique_by=lambda one: one.variable,
    )


def _decision_about(variable: Variable) -> st.SearchStrategy[Decision]:
    operators = ["=", "=", "!="] + ([">=", "<="] if variable.kind == "integer" else [])
    return st.builds(
        lambda value, operator: Decision(variable.key, value, operator),
        st.sampled_from(variable.values),
        st.sampled_from(operators),
    )
