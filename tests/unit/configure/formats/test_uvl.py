"""UVL: trees, attributes, typed features, arithmetic; refusals; export that means the same."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.engine import open_engine
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.formats.dimacs import read_dimacs
from handsel.bid.configure.rules.formats.uvl import (
    export_uvl,
    parse_feature_model,
    parse_uvl,
    read_uvl,
    write_feature_model,
)
from handsel.bid.configure.rules.language import LanguageFault, read_model
from handsel.bid.configure.rules.model import ProductModel, TableLaw

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared/data/configurator"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared benchmark models are absent")

SHOP = """include
\tArithmetic.*
namespace Shop

features
\tShop {abstract}
\t\tmandatory
\t\t\tPayment
\t\t\t\tor
\t\t\t\t\tCard {fee 1.5, tags ['a', 'b']}
\t\t\t\t\t"Bank transfer" {fee 0.5}
\t\t\tSearch
\t\t\t\talternative
\t\t\t\t\tBasic {fee 0}
\t\t\t\t\tFull {fee 2}
\t\toptional
\t\t\tCatalog
\t\t\t\t[1..2]
\t\t\t\t\tPDF
\t\t\t\t\tHTML
\t\t\t\t\tPaper

constraints
\tPaper => Full & !"Bank transfer" // said to the printers
\tsum(fee) <= 3
"""


def solutions(model: ProductModel) -> Iterator[dict[str, Value]]:
    keys = [one.key for one in model.variables]
    for values in product(*(one.values for one in model.variables)):
        known = dict(zip(keys, values, strict=True))
        if all(
            tuple(known[key] for key in law.scope) in law.rows
            if isinstance(law, TableLaw)
            else evaluate(law.condition, known)
            for law in model.laws
        ):
            yield known


def selected(model: ProductModel) -> set[frozenset[str]]:
    return {frozenset(key for key, on in one.items() if on is True) for one in solutions(model)}


def test_a_tree_means_what_its_groups_say() -> None:
    found = selected(parse_uvl(SHOP))
    always = {"Shop", "Payment", "Search"}
    payments = [{"Card"}, {"Bank transfer"}, {"Card", "Bank transfer"}]
    kinds = ("PDF", "HTML", "Paper")
    some = [{one} for one in kinds] + [set(kinds) - {one} for one in kinds]
    catalogs = [set(), *({"Catalog", *one} for one in some)]
    fees = {"Card": 1.5, "Bank transfer": 0.5, "Basic": 0, "Full": 2}
    expected = set()
    for payment, search, catalog in product(payments, ("Basic", "Full"), catalogs):
        one = {*always, *payment, search, *catalog}
        fits = "Paper" not in one or (search == "Full" and "Bank transfer" not in one)
        if fits and sum(fees.get(name, 0) for name in one) <= 3:
            expected.add(frozenset(one))
    assert found == expected


def test_a_tree_is_the_same_when_written_and_read() -> None:
    tree = parse_feature_model(SHOP)
    assert parse_feature_model(write_feature_model(tree)) == tree
    assert write_feature_model(tree).count('\n\t\t\t\t\t"Bank transfer" {fee 0.5}') == 1


TYPED = """features
    Root
        mandatory
            Integer Width {min 1, max 5}
        optional
            Real Load {values [0.5, 1, 2.5]}
            String Colour {values ['red', 'blue']}
            A {p 1}
            B {p 4}
constraints
    Width <= 4 & Width >= 2
    {line}
"""


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Width * 2 > 5", lambda v: v["Width.value"] * 2 > 5),
        ("Load => Load >= 1.0", lambda v: not v["Load"] or v["Load.value"] >= 10),
        ("Load + Width == 3", lambda v: v["Load"] * v["Load.value"] + 10 * v["Width.value"] == 30),
        ("Colour == 'red'", lambda v: v["Colour"] and v["Colour.value"] == "red"),
        ("len(Colour) > 3", lambda v: v["Colour"] and v["Colour.value"] == "blue"),
        ("len(Colour) < 3", lambda v: not v["Colour"]),
        ("avg(p) >= 2.5", lambda v: v["B"]),
        ("sum(Root, p) == 4", lambda v: v["B"] and not v["A"]),
        ("A.p + B.p != 4", lambda v: v["A"] or not v["B"]),
        ("floor(Width / 2) == ceil(Width / 3)", lambda v: v["Width.value"] in (2, 3, 4)),
        ("A <=> B", lambda v: v["A"] == v["B"]),
        ("!(A | B) & -Width < -3", lambda v: not v["A"] and not v["B"] and v["Width.value"] > 3),
    ],
)  # fmt: skip
def test_typed_features_and_arithmetic(line: str, kept: object) -> None:
    text = TYPED.replace("{line}", f"{line}\n    Colour == 'red' | true")
    model = parse_uvl(text)
    found = list(solutions(model))
    assert callable(kept)
    assert found
    assert all(kept(one) for one in found)
    everything = list(solutions(parse_uvl(text.replace(line, "true", 1))))
    assert len(found) == sum(bool(kept(one)) for one in everything)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("features\n\tA\n\t\tmandatry\n\t\t\tB", "m:3:3: “mandatry” is no group. Did you mean"),
        ("features\n\tA\n\tB", "There are 2 features at the top. Expected one root feature."),
        ("constraints\n\tA", "There are 0 features at the top."),
        ("feature\n\tA", "m:1:1: “feature” begins no section. Did you mean “features”?"),
        ("features\n\tA\n\t\toptional\n\t\t\tA", "“A” is there twice."),
        ("features\n\tA\n\t\toptional", "The group is empty."),
        ("features\n\tA\n\t\t[3..2]\n\t\t\tB", "[3..2] holds no number."),
        ("features\n\tA\n\t\t[3..4]\n\t\t\tB", "The group has 1 features. Expected 3 or more."),
        ("features\n\tInteger A", "“A” has no bounds. Expected attributes such as {min 0, max"),
        ("features\n\tString A", "The text of “A” may be anything."),
        ("features\n\tInteger A {min 0, max 99999}", "“A” has 100,000 values. Expected at most 20"),
        ("features\n\tA\nconstraints\n\tAB => A", "m:4:2: There is no feature “AB”."),
        ("features\n\tA\nconstraints\n\tA =>", "m:4:6: the end of the line cannot stand here."),
        ("features\n\tA\nconstraints\n\tA.p > 1", "“A” has no attribute “p”."),
        ("features\n\tA {p 1}\nconstraints\n\tA.p", "“p” is no condition."),
        ("features\n\tA {p 'x'}\nconstraints\n\tA.p > 1", "The attribute is no number."),
        ("features\n\tA\nconstraints\n\tsum(p) > 1", "No feature has an attribute “p”."),
        ("features\n\tA {p 1}\nconstraints\n\t1 / A.p > 1", "The divisor can be zero."),
        ("features\n\tA ?", "“?” cannot stand here."),
        ("features\n\tA\nconstraints\n\t" + "(" * 99 + "A", "The constraint is nested too deeply."),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_said(text: str, said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        parse_uvl(text, "m")
    assert said in str(found.value), str(found.value)


FLAT = """model m
enum kind
  - a
  - b
integer n {1, 2, 4}
boolean x
boolean y
map w by kind = {a: 3, b: 5}
derived total = n * w[kind]
law L1: kind == a -> n >= 2
law L2: total // 2 >= 4
law L3: count(x, y) == 1
law L4: x xor kind in {b}
table T
  rows
    kind | n
    a | 2, 4
    b | *
"""


def test_a_flat_model_goes_out_and_comes_back_meaning_the_same() -> None:
    model = read_model(FLAT)
    back = parse_uvl(export_uvl(model))
    ours = {(one["kind"], one["n"], one["x"], one["y"]) for one in _with_derived(model)}
    theirs = set()
    for one in solutions(back):
        kind = "a" if one["kind = a"] else "b"
        theirs.add((kind, one["n.value"], one["x"], one["y"]))
    assert theirs == ours
    assert ours


def _with_derived(model: ProductModel) -> Iterator[dict[str, Value]]:
    keys = [one.key for one in model.variables]
    for values in product(*(one.values for one in model.variables)):
        known = dict(zip(keys, values, strict=True))
        for quantity in model.derived:
            known[quantity.key] = evaluate(quantity.expression, known)
        if all(
            tuple(known[key] for key in law.scope) in law.rows
            if isinstance(law, TableLaw)
            else evaluate(law.condition, known)
            for law in model.laws
        ):
            yield known


def test_export_names_the_laws_it_cannot_say() -> None:
    rows = "\n".join(f"    {n} | {n}" for n in range(1, 5_002))
    wide = "model m\ninteger a 1..6000\ninteger b 1..6000\ntable WIDE\n  rows\n    a | b\n"
    with pytest.raises(LanguageFault, match="WIDE: UVL cannot say a table of 5,001 rows"):
        export_uvl(read_model(f"{wide}{rows}\n"))


@needs_data
@pytest.mark.parametrize(("name", "file"), [("eshop", "eshop.uvl"), ("finserv", "finserv.uvl.gz")])
def test_shared_models_answer_like_their_dimacs(name: str, file: str) -> None:
    stored = json.loads((DATA / f"sessions/{name}.dimacs.json").read_text("utf-8"))
    names = [option.variable for option in read_dimacs(DATA / f"{name}.dimacs.gz").options]
    model = read_uvl(DATA / file)
    for one in (model, parse_uvl(export_uvl(model))):
        compiled = encode(one)
        numbers = {option.variable: at for at, option in enumerate(compiled.options, 1)}
        ours = [numbers[key] for key in names]
        engine = open_engine(compiled)
        for session in stored["sessions"]:
            for at, digest in enumerate(session["digests"], 1):
                given = session["decisions"][:at]
                decisions = [ours[abs(x) - 1] * (1 if x > 0 else -1) for x in given]
                states = engine.domains(decisions)
                assert states is not None
                told = bytes(states[number - 1] for number in ours)
                assert hashlib.sha256(told).hexdigest()[:16] == digest
        engine.close()


@needs_data
def test_pc_richmond_is_read_and_written() -> None:
    # The stored UVL spells names with commas and lacks 13 features below “M.2 SSD”.
    tree = parse_feature_model((DATA / "pc-richmond.uvl").read_text("utf-8"))
    assert parse_feature_model(write_feature_model(tree)) == tree
    model = read_uvl(DATA / "pc-richmond.uvl")
    names = {option.variable.replace(".", ",") for option in
             read_dimacs(DATA / "pc-richmond.dimacs.gz").options}  # fmt: skip
    assert len(model.variables) == 364
    assert {variable.key for variable in model.variables} < names


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "shop.uvl.gz"
    path.write_bytes(gzip.compress(SHOP.encode()))
    assert read_uvl(path) == parse_uvl(SHOP)


def test_brackets_and_comments_may_go_over_lines() -> None:
    text = """features // of a lamp
    Lamp { /* both
        lines */ price 3,
        constraint Red =>
            Dim,
        constraints [!Red, Dim | Red]
    }
        optional // more
            Red
            Dim
constraints
    (Red =>
        !Dim)
"""
    model = parse_uvl(text)
    assert {(v["Red"], v["Dim"]) for v in solutions(model)} == {(False, True)}
    told = [law.sentences["en"] for law in model.laws if law.key.startswith("constraint ")]
    assert told == ["(Red => !Dim)", "Red => Dim", "!Red", "Dim | Red"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("features\n  A {\n    p 1,\n    q @\n  }", "m:4:7: “@” cannot stand here."),
        ("features\n  A {p 1\n    optional\n      B\n", "m:2:5: “{” is never closed."),
        ("features\n  A\nconstraints\n  (A &\n     C)", "m:5:6: There is no feature “C”."),
        ("features\n  String A\nconstraints\n  len(A) > 1 & A != 'x'", "may be any other is not"),
    ],
)
def test_faults_inside_brackets_have_their_own_place(text: str, said: str) -> None:
    with pytest.raises(LanguageFault) as found:
        parse_uvl(text, "m")
    assert said in str(found.value), str(found.value)


def test_a_real_without_a_step_is_as_fine_as_what_it_is_compared_with() -> None:
    model = parse_uvl(
        "features\n\ta\n\t\tmandatory\n\t\t\tReal x {min 0, max 10}\n"
        "\t\t\tReal y {min 0, max 1, step 0.5}\nconstraints\n\tx > 2.25 => y < 1\n"
    )
    x, y = model.variable("x.value"), model.variable("y.value")
    assert (x.scale, len(x.values)) == (2, 1001)
    assert x.help_texts["en"].startswith("In steps of 0.01;")
    assert (y.values, dict(y.help_texts)) == ((0, 5, 10), {})
