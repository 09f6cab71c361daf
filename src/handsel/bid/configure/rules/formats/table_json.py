"""Table models in JSON, as the benchmark files of the configuration literature are kept here.

    {"name": "...", "variables": [{"name": "...", "domain": [...]}, ...],
     "tables": [{"name": "...", "scope": [0, 2], "tuples": [[...], ...]}, ...],
     "tables_value_indices": true,
     "expressions": [{"name": "...", "expr": "a + b <= c"}, ...]}

`scope` counts variables from 0; a tuple holds indices into the domains when
`tables_value_indices` is true, else values. The order of variables and of values is kept, since
stored sessions number options by it. A domain of whole numbers is a number, any other is words.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.formats.files import read_text
from handsel.bid.configure.rules.language.domains import MOST_VALUES, places_of
from handsel.bid.configure.rules.language.expression_parser import parse_expression
from handsel.bid.configure.rules.language.lowering import Lowering
from handsel.bid.configure.rules.language.problems import LanguageFault, Place, Problem, fault
from handsel.bid.configure.rules.language.references import Context
from handsel.bid.configure.rules.language.scopes import Scope, VariableEntity
from handsel.bid.configure.rules.language.source import VariableKind, VariableSource
from handsel.bid.configure.rules.language.table_text import MOST_ROWS
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw, Variable

MOST_CELLS = 20_000_000


def read_table_json(path: Path) -> ProductModel:
    """Read a .json or .json.gz file; LanguageFault says what is wrong in it and where."""
    return parse_table_json(read_text(path), path.name)


def parse_table_json(text: str, name: str = "model") -> ProductModel:
    """A model from JSON text; `name` stands in errors. Raises LanguageFault."""
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno)
        raise fault(place, f"This is not JSON: {error.msg}.", "JSON") from None
    except (RecursionError, ValueError) as error:
        raise fault(Place(name, 1, 1), f"This JSON cannot be read: {error}.") from None
    return _Reading(content, name).model()


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


class _Reading:
    def __init__(self, content: Any, name: str) -> None:
        self._name = name
        self._content = content if isinstance(content, dict) else {}
        self._problems: list[Problem] = []
        self._variables: list[VariableEntity] = []
        self._domains: list[list[Any]] = []
        self._keys: set[str] = set()

    def model(self) -> ProductModel:
        for one in self._list(self._content, "variables", "the model"):
            self._try(self._read_variable, one)
        if not self._variables:
            self._problem("The model has no variables.")
        self._give_up_if_wrong()
        laws: list[Law | TableLaw] = []
        for one in self._list(self._content, "tables", "the model"):
            self._try(lambda table: laws.append(self._table(table)), one)
        laws += self._expressions()
        self._give_up_if_wrong()
        return ProductModel(
            str(self._content.get("name", self._name)),
            tuple(self._flat(entity) for entity in self._variables),
            tuple(laws),
        )

    def _problem(self, message: str, expected: str = "") -> None:
        self._problems.append(Problem(Place(self._name, 1, 1), message, expected))

    def _fault(self, message: str, expected: str = "") -> LanguageFault:
        return fault(Place(self._name, 1, 1), message, expected)

    def _give_up_if_wrong(self) -> None:
        if self._problems:
            raise LanguageFault(self._problems)

    def _try(self, act: Any, one: object) -> None:
        try:
            act(one)
        except LanguageFault as found:
            self._problems.extend(found.problems)

    def _list(self, holder: dict[str, Any], key: str, where: str) -> list[Any]:
        found = holder.get(key, [])
        if isinstance(found, list):
            return found
        self._problem(f"“{key}” of {where} is no list.", "a list")
        return []

    # -- variables

    def _read_variable(self, one: Any) -> None:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise self._fault("A variable has no name.", '{"name": "…", "domain": […]}')
        name, domain = one["name"], one.get("domain")
        if name in {entity.key for entity in self._variables}:
            raise self._fault(f"Variable “{name}” is there twice.", "each name once")
        if not isinstance(domain, list) or not domain:
            raise self._fault(f"“{name}” has no domain.", "a list of values")
        if len(domain) > MOST_VALUES:
            raise self._fault(f"“{name}” has {len(domain):,} values.", f"at most {MOST_VALUES:,}")
        self._variables.append(self._entity(name, domain))
        self._domains.append(domain)

    def _entity(self, name: str, domain: list[Any]) -> VariableEntity:
        values, scale = self._values(name, domain)
        if len(set(values)) != len(values):
            raise self._fault(f"“{name}” has a value twice.", "each value once")
        is_words = isinstance(values[0], str)
        kind: VariableKind = "enum" if is_words else "decimal" if scale else "integer"
        source = VariableSource(name, kind, place=Place(self._name, 1, 1))
        return VariableEntity(name, source, values, values, scale)

    def _values(self, name: str, domain: list[Any]) -> tuple[tuple[Value, ...], int]:
        if any(not isinstance(one, str | int | bool | Decimal) for one in domain):
            raise self._fault(f"“{name}” has a value of no known kind.", "words or numbers")
        if all(isinstance(one, int | Decimal) and not isinstance(one, bool) for one in domain):
            numbers = [Decimal(one) for one in domain]
            scale = max(places_of(number) for number in numbers)
            if scale > 9 or any(abs(number) > 10**15 for number in numbers):
                raise self._fault(f"A number of “{name}” is too long.", "at most 15 digits")
            if numbers == sorted(numbers):
                return tuple(int(number.scaleb(scale)) for number in numbers), scale
        return tuple(_word(one) for one in domain), 0

    @staticmethod
    def _flat(entity: VariableEntity) -> Variable:
        if entity.is_words:
            return Variable(entity.key, "enumeration", entity.values)
        kind = "decimal" if entity.scale else "integer"
        return Variable(entity.key, kind, entity.values, scale=entity.scale)  # type: ignore[arg-type]

    # -- laws

    def _key(self, wanted: object, instead: str) -> str:
        base = wanted if isinstance(wanted, str) and wanted else instead
        key, number = base, 1
        while key in self._keys:
            number += 1
            key = f"{base}.{number}"
        self._keys.add(key)
        return key

    def _table(self, one: Any) -> TableLaw:
        if not isinstance(one, dict):
            raise self._fault("A table is no object.", '{"scope": […], "tuples": […]}')
        key = self._key(one.get("name"), f"table{len(self._keys) + 1}")
        scope = self._list(one, "scope", f"table “{key}”")
        count = len(self._variables)
        if not scope or any(type(at) is not int or not 0 <= at < count for at in scope):
            raise self._fault(f"Table “{key}” speaks of unknown variables.", f"0 to {count - 1}")
        tuples = self._list(one, "tuples", f"table “{key}”")
        if len(tuples) > MOST_ROWS:
            raise self._fault(f"Table “{key}” has {len(tuples):,} rows.", f"at most {MOST_ROWS:,}")
        readers = [self._cells(at) for at in scope]
        rows: list[tuple[Value, ...]] = []
        for number, row in enumerate(tuples):
            if not isinstance(row, list) or len(row) != len(scope):
                raise self._fault(f"Row {number} of table “{key}” does not have a cell a variable.")
            try:
                cells = zip(readers, row, strict=True)
                rows.append(tuple(reader[cell] for reader, cell in cells))
            except (KeyError, TypeError):
                raise self._fault(
                    f"Row {number} of table “{key}” has a value that is in no domain: {row}."
                ) from None
        return TableLaw(key, tuple(self._variables[at].key for at in scope), tuple(rows))

    def _cells(self, at: int) -> dict[Any, Value]:
        values = self._variables[at].values
        if self._content.get("tables_value_indices"):
            return dict(enumerate(values))
        return dict(zip(self._domains[at], values, strict=True))

    def _expressions(self) -> list[Law]:
        lowering, scope = Lowering(is_scaled=False), Scope()
        for entity in self._variables:
            scope.names[entity.key] = entity
            if not entity.is_words:
                numbers = [int(value) for value in entity.values]
                lowering.bounds[entity.key] = (min(numbers), max(numbers))
        found: list[Law] = []
        for at, one in enumerate(self._list(self._content, "expressions", "the model")):
            text = one.get("expr") if isinstance(one, dict) else None
            if not isinstance(text, str):
                self._problem(f"Expression {at} has no text.", '{"expr": "a + b <= c"}')
                continue
            key = self._key(one.get("name"), f"expression{at + 1}")
            try:
                node = parse_expression(text, file=f"{self._name}, {key}")
                found.append(Law(key, lowering.condition(node, Context(scope)), {"en": text}))
            except LanguageFault as problem:
                self._problems.extend(problem.problems)
        return found


def _word(one: object) -> str:
    return str(one).lower() if isinstance(one, bool) else str(one)
