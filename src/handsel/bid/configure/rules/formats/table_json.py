"""Table models in JSON, as the benchmark files of the configuration literature are kept here.

    {"name": "...", "variables": [{"name": "...", "domain": [...]}, ...],
     "tables": [{"name": "...", "scope": [0, 2], "tuples": [[...], ...]}, ...],
     "tables_value_indices": true,
     "expressions": [{"name": "...", "expr": "a + b <= c"}, ...]}

`scope` counts variables from 0; a tuple holds indices into the domains when
`tables_value_indices` is true, else values. The order of variables and of values is kept, since
stored sessions number options by it. A domain of numbers is a number, any other is words.
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
from handsel.bid.configure.rules.model import Kind, Law, ProductModel, TableLaw, Variable
from handsel.ground.kernel.said import said


def read_table_json(path: Path) -> ProductModel:
    """Read a .json or .json.gz file; LanguageFault says what is wrong in it and where."""
    return parse_table_json(read_text(path), path.name)


def parse_table_json(text: str, name: str = "model") -> ProductModel:
    """A model from JSON text; `name` stands in errors. Raises LanguageFault."""
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno)
        raise fault(place, said("This is not JSON: %(error)s.", error=said(error.msg))) from None
    except (RecursionError, ValueError) as error:
        message = said("This JSON cannot be read: %(error)s.", error=error)
        raise fault(Place(name, 1, 1), message) from None
    return _Reading(content, text, name).model()


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


class _Reading:
    def __init__(self, content: Any, text: str, name: str) -> None:
        self._name = name
        self._content = content if isinstance(content, dict) else {}
        self._problems: list[Problem] = []
        self._text = text
        self._variables: list[VariableEntity] = []
        self._listed: dict[str, tuple[Value, ...]] = {}
        self._domains: list[list[Any]] = []
        self._keys: set[str] = set()

    def model(self) -> ProductModel:
        for one in self._list(self._content, "variables", said("the model")):
            self._try(self._read_variable, one)
        self._give_up_if_wrong()
        if not self._variables:
            raise self._fault("The model has no variables.")
        laws: list[Law | TableLaw] = []
        for one in self._list(self._content, "tables", said("the model")):
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

    def _fault(self, message: str, expected: str = "", about: object = None) -> LanguageFault:
        """A fault, placed where a name or text it is about stands first in the file."""
        at = -1
        if isinstance(about, str):
            written = (json.dumps(about), json.dumps(about, ensure_ascii=False))
            at = max(self._text.find(one) for one in written)
        before = self._text[: max(at, 0)]
        place = Place(self._name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return fault(place, message, expected)

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
        self._problem(said("“%(key)s” of %(where)s is no list.", key=key, where=where), "a list")
        return []

    # -- variables

    def _read_variable(self, one: Any) -> None:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise self._fault("A variable has no name.", '{"name": "…", "domain": […]}')
        name, domain = one["name"], one.get("domain")
        if name in {entity.key for entity in self._variables}:
            message = said("Variable “%(name)s” is there twice.", name=name)
            raise self._fault(message, "each name once", name)
        if not isinstance(domain, list) or not domain:
            raise self._fault(
                said("“%(name)s” has no domain.", name=name), "a list of values", name
            )
        if len(domain) > MOST_VALUES:
            message = said("“%(name)s” has %(count)s values.", name=name, count=f"{len(domain):,}")
            raise self._fault(message, said("at most %(most)s", most=f"{MOST_VALUES:,}"), name)
        self._variables.append(self._entity(name, domain))
        self._domains.append(domain)

    def _entity(self, name: str, domain: list[Any]) -> VariableEntity:
        values, scale = self._values(name, domain)
        if len(set(values)) != len(values):
            message = said("“%(name)s” has a value twice.", name=name)
            raise self._fault(message, "each value once", name)
        is_words = isinstance(values[0], str)
        kind: VariableKind = "enum" if is_words else "decimal" if scale else "integer"
        self._listed[name] = values
        if not is_words:
            values = tuple(sorted(values))
        source = VariableSource(name, kind, place=Place(self._name, 1, 1))
        return VariableEntity(name, source, values, values, scale)

    def _values(self, name: str, domain: list[Any]) -> tuple[tuple[Value, ...], int]:
        if any(not isinstance(one, str | int | bool | Decimal) for one in domain):
            message = said("“%(name)s” has a value of no known kind.", name=name)
            raise self._fault(message, "words or numbers", name)
        if all(isinstance(one, int | Decimal) and not isinstance(one, bool) for one in domain):
            numbers = [Decimal(one) for one in domain]
            scale = max(places_of(number) for number in numbers)
            if scale > 9 or any(number.adjusted() > 15 for number in numbers):
                message = said("A number of “%(name)s” is too long.", name=name)
                raise self._fault(message, "at most 15 digits", name)
            return tuple(int(number.scaleb(scale)) for number in numbers), scale
        return tuple(_word(one) for one in domain), 0

    def _flat(self, entity: VariableEntity) -> Variable:
        if entity.is_words:
            return Variable(entity.key, "enumeration", entity.values)
        kind: Kind = "decimal" if entity.scale else "integer"
        listed = self._listed[entity.key]
        listed = () if listed == entity.values else listed
        return Variable(entity.key, kind, entity.values, scale=entity.scale, listed=listed)

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
        scope = self._list(one, "scope", said("table “%(key)s”", key=key))
        count = len(self._variables)
        if not scope or any(type(at) is not int or not 0 <= at < count for at in scope):
            message = said("Table “%(key)s” speaks of unknown variables.", key=key)
            raise self._fault(message, said("0 to %(last)s", last=count - 1), one.get("name"))
        tuples = self._list(one, "tuples", said("table “%(key)s”", key=key))
        if len(tuples) > MOST_ROWS:
            message = said("Table “%(key)s” has %(count)s rows.", key=key, count=f"{len(tuples):,}")
            most = said("at most %(most)s", most=f"{MOST_ROWS:,}")
            raise self._fault(message, most, one.get("name"))
        readers = [self._cells(at) for at in scope]
        rows: list[tuple[Value, ...]] = []
        for number, row in enumerate(tuples):
            if not isinstance(row, list) or len(row) != len(scope):
                message = said(
                    "Row %(number)s of table “%(key)s” does not have a cell a variable.",
                    number=number,
                    key=key,
                )
                raise self._fault(message, "", one.get("name"))
            try:
                cells = zip(readers, row, strict=True)
                rows.append(tuple(reader[_cell(cell)] for reader, cell in cells))
            except (KeyError, TypeError):
                message = said(
                    "Row %(number)s of table “%(key)s” has a value that is in no domain: %(row)s.",
                    number=number,
                    key=key,
                    row=json.dumps(row, default=str, ensure_ascii=False)[:80],
                )
                raise self._fault(message, "", one.get("name")) from None
        return TableLaw(key, tuple(self._variables[at].key for at in scope), tuple(rows))

    def _cells(self, at: int) -> dict[Any, Value]:
        values = self._listed[self._variables[at].key]
        if self._content.get("tables_value_indices"):
            return {_cell(index): value for index, value in enumerate(values)}
        return dict(zip(map(_cell, self._domains[at]), values, strict=True))

    def _expressions(self) -> list[Law]:
        lowering, scope = Lowering(is_scaled=False), Scope()
        for entity in self._variables:
            scope.names[entity.key] = entity
            if not entity.is_words:
                numbers = [int(value) for value in entity.values]
                lowering.bounds[entity.key] = (min(numbers), max(numbers))
        found: list[Law] = []
        for at, one in enumerate(self._list(self._content, "expressions", said("the model"))):
            text = one.get("expr") if isinstance(one, dict) else None
            if not isinstance(text, str):
                self._problem(
                    said("Expression %(at)s has no text.", at=at), '{"expr": "a + b <= c"}'
                )
                continue
            key = self._key(one.get("name"), f"expression{at + 1}")
            try:
                node = parse_expression(text, file=f"{self._name}, {key}")
                found.append(Law(key, lowering.condition(node, Context(scope)), {"en": text}))
            except LanguageFault as problem:
                self._problems.extend(problem.problems)
        return found


def _cell(one: object) -> tuple[bool, object]:
    """A value to look up; to Python 1 and True are the same, and nobody means both by one."""
    return isinstance(one, bool), one


def _word(one: object) -> str:
    return str(one).lower() if isinstance(one, bool) else str(one)
