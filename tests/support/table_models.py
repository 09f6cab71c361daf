"""The table models of the shared data, read for tests; they are skipped where it is absent."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from handsel.bid.configure.rules.expressions import (
    Calculation,
    Compare,
    Expression,
    Fixed,
    Logic,
    Not,
    Ref,
)
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

FOLDER = Path(__file__).parents[3] / "shared/data/configurator"

COMPARISONS: dict[type[ast.cmpop], Any] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def stored(name: str) -> Path:
    """A file of the shared data; the test is skipped without it."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the shared data has no {name} beside the project")
    return path


def table_model(name: str) -> ProductModel:
    """A model of the table format."""
    path = stored(name)
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    data = json.loads(text)
    variables = tuple(_variable(**one) for one in data["variables"])
    laws: list[Law | TableLaw] = []
    by_position = bool(data.get("tables_value_indices"))
    for at, table in enumerate(data["tables"]):
        scope = [variables[position] for position in table["scope"]]
        rows = tuple(
            tuple(
                own.values[value] if by_position else value
                for own, value in zip(scope, row, strict=True)
            )
            for row in table["tuples"]
        )
        laws.append(TableLaw(table.get("name", f"t{at}"), tuple(v.key for v in scope), rows))
    laws += [
        Law(one["name"], _expression(ast.parse(one["expr"], mode="eval").body))
        for one in data.get("expressions", [])
    ]
    return ProductModel(name, variables, tuple(laws))


def _variable(name: str, domain: list[Any]) -> Variable:
    if all(isinstance(value, int) for value in domain):
        return Variable(name, "integer", tuple(domain))
    return Variable(name, "enumeration", tuple(map(str, domain)))


def _expression(node: ast.expr) -> Expression:
    match node:
        case ast.Name(name):
            return Ref(name)
        case ast.Constant(value) if isinstance(value, int):
            return Fixed(value)
        case ast.BoolOp(operator, values):
            parts = tuple(_expression(value) for value in values)
            return Logic("and" if isinstance(operator, ast.And) else "or", parts)
        case ast.UnaryOp(ast.Not(), operand):
            return Not(_expression(operand))
        case ast.BinOp(left, ast.Add(), right):
            return Calculation("+", (_expression(left), _expression(right)))
        case ast.Compare(left, [operator], [right]):
            return Compare(COMPARISONS[type(operator)], _expression(left), _expression(right))
    raise TypeError(ast.dump(node))
