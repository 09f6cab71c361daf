"""Table models in JSON: order kept, expressions read safely, every fault named."""

import json
from pathlib import Path

import pytest

from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.engine import open_engine
from handsel.bid.configure.rules.expressions import evaluate
from handsel.bid.configure.rules.formats.table_json import parse_table_json, read_table_json
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.model import Law, TableLaw

DATA = Path(__file__).parents[5] / "shared/data/configurator"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared benchmark models are absent")

SMALL = {
    "name": "small",
    "variables": [
        {"name": "kind", "domain": ["a", "b"]},
        {"name": "w", "domain": [1, 2, 4]},
        {"name": "x", "domain": [0.5, 1]},
        {"name": "mixed", "domain": [3, 1, "z"]},
    ],
    "tables": [{"name": "t", "scope": [0, 1], "tuples": [["a", 1], ["b", 4]]}],
    "expressions": [
        {"name": "t", "expr": "w + 2 * x >= 3 or not (kind == 'b')"},
        {"expr": "mixed != z"},
    ],
}


def text(**changes: object) -> str:
    return json.dumps({**SMALL, **changes})


def test_variables_and_values_keep_their_order() -> None:
    model = parse_table_json(text())
    assert [(one.key, one.kind, one.values) for one in model.variables] == [
        ("kind", "enumeration", ("a", "b")),
        ("w", "integer", (1, 2, 4)),
        ("x", "decimal", (5, 10)),
        ("mixed", "enumeration", ("3", "1", "z")),
    ]


def test_tables_and_expressions_become_laws_with_keys_of_their_own() -> None:
    model = parse_table_json(text())
    assert [law.key for law in model.laws] == ["t", "t.2", "expression2"]
    table, law, other = model.laws
    assert isinstance(table, TableLaw)
    assert table.rows == (("a", 1), ("b", 4))
    assert isinstance(law, Law)
    for values, holds in (((1, 5, "b"), False), ((1, 10, "b"), True), ((1, 5, "a"), True)):
        named = dict(zip(("w", "x", "kind"), values, strict=True))
        assert evaluate(law.condition, named) is holds
    assert isinstance(other, Law)
    assert not evaluate(other.condition, {"mixed": "z"})


def test_tuples_may_count_values() -> None:
    tables = [{"scope": [1, 0], "tuples": [[2, 0]]}]
    model = parse_table_json(text(tables=tables, tables_value_indices=True))
    assert isinstance(model.laws[0], TableLaw)
    assert (model.laws[0].key, model.laws[0].rows) == ("table1", ((4, "a"),))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "m:1:2: This is not JSON"),
        ("[]", "The model has no variables."),
        ('{"variables": [{"name": "v", "domain": [NaN]}]}', "NaN is not a number"),
        ("[" * 100_000, "cannot be read"),
        ('{"variables": [{"name": "v", "domain": [1e999999999]}]}', "“v” is too long"),
        ('{"variables": [{"name": "v", "domain": [1e-999999999]}]}', "“v” is too long"),
        (text(variables=[{"name": "v"}]), "“v” has no domain."),
        (text(variables=[{"domain": [1]}]), "A variable has no name."),
        (text(variables=[{"name": "v", "domain": [1, 1]}]), "has a value twice"),
        (text(variables=[{"name": "v", "domain": [[1]]}]), "no known kind"),
        (text(variables=[{"name": "v", "domain": list(range(20_001))}]), "at most 20,000"),
        (text(variables=SMALL["variables"] * 2), "Variable “kind” is there twice."),
        (text(tables=[{"scope": [9], "tuples": []}]), "speaks of unknown variables"),
        (text(tables=[{"scope": [0], "tuples": [["q"]]}]), 'a value that is in no domain: ["q"]'),
        (text(tables=[{"scope": [0], "tuples": [["a", 1]]}]), "does not have a cell a variable"),
        (text(tables={}), "“tables” of the model is no list."),
        (text(expressions=[{"expr": "w + v > 1"}]), "m, expression1:1:5: “v” is not known here."),
        (text(expressions=[{"expr": "__import__('os')"}]), "This is not a condition."),
        (text(expressions=[{}]), "Expression 0 has no text."),
    ],
)
def test_each_fault_is_named(content: str, said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        parse_table_json(content, "m")
    assert said in str(found.value)


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.json.gz"
    path.write_bytes(b"\x1f\x8b damaged")
    with pytest.raises(LanguageFault, match="damaged"):
        read_table_json(path)
    path.write_bytes(b"\xff\xff")
    with pytest.raises(LanguageFault, match="UTF-8"):
        read_table_json(path)


@needs_data
@pytest.mark.parametrize(
    ("name", "variables", "values", "tables", "expressions"),
    [("clib-renault-111.json.gz", 99, 396, 111, 0), ("clib-pc.json", 45, 384, 9, 29)],
)
def test_the_benchmark_files_are_read_whole(
    name: str, variables: int, values: int, tables: int, expressions: int
) -> None:
    model = read_table_json(DATA / name)
    assert len(model.variables) == variables
    assert sum(len(one.values) for one in model.variables) == values
    assert sum(isinstance(law, TableLaw) for law in model.laws) == tables
    assert sum(isinstance(law, Law) for law in model.laws) == expressions


def test_numbers_in_no_order_are_numbers_all_the_same() -> None:
    model = parse_table_json(
        '{"variables": [{"name": "n", "domain": [4, 1, 2]}],'
        ' "expressions": [{"expr": "n + n > 3"}],'
        '"tables_value_indices": true, "tables": [{"scope": [0], "tuples": [[0], [1], [2]]}]}'
    )
    compiled = encode(model)
    assert [option.value for option in compiled.options] == [4, 1, 2]
    assert list(open_engine(compiled).domains([]) or b"") == [0, 2, 0]


def test_one_and_true_are_not_the_same() -> None:
    content = {
        "variables": [{"name": "v", "domain": [1, True]}],
        "tables": [{"scope": [0], "tuples": [[1]]}],
    }
    model = parse_table_json(json.dumps(content))
    assert isinstance(model.laws[0], TableLaw)
    assert model.laws[0].rows == (("1",),)
    with pytest.raises(LanguageFault, match="in no domain"):
        parse_table_json(
            json.dumps({**content, "variables": [{"name": "v", "domain": [1, 2]}]}).replace(
                "[1]]", "[true]]"
            )
        )


def test_a_fault_stands_where_its_variable_or_table_is_named() -> None:
    content = json.dumps({**SMALL, "tables": [{"name": "off", "scope": [9]}]}, indent=1)
    with pytest.raises(LanguageFault) as found:
        parse_table_json(content, "m")
    line = next(at for at, line in enumerate(content.split("\n"), 1) if '"off"' in line)
    assert str(found.value).startswith(f"m:{line}:")
