"""Models written as UVL: trees as they were, components that repeat, every kind of law."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.uvl import (
    export_uvl,
    library_of,
    parse_feature_model,
    parse_uvl,
)
from handsel.bid.configure.rules.language import load_model, print_model, read_model
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator

MODELS = Path(__file__).parents[4] / "src/handsel/site/demo/models"
CART = """features
	Cart
		mandatory
			Wheel cardinality [2..4]
				alternative
					Round
					Square
				optional
					Brake
					Integer Bolts {values [1, 3, 5]}
			String Colour {values ['red', 'blue']}
		optional
			Bell

constraints
	Bell => Brake
	Square => !Brake & (Bolts > 1 | !Bolts)
	Colour == 'red' => Bell
"""


def kept(model: ProductModel) -> ProductModel:
    """As the workbench keeps it: text of our own language."""
    return read_model(print_model(model))


def products(model: ProductModel) -> int:
    found = count_variants(Configurator.of(encode(model), model), ())
    assert found.is_exact
    return found.count


def test_what_was_read_is_written_again() -> None:
    written = export_uvl(kept(parse_uvl(CART)))
    assert written.partition("features\n")[2] == CART.partition("features\n")[2]
    again = parse_uvl(written)
    assert {one.key for one in again.variables} == {one.key for one in parse_uvl(CART).variables}
    assert products(again) == products(parse_uvl(CART)) > 100


def bare(model: ProductModel) -> ProductModel:
    """The same without what the file said of it: no facts, no sentences."""
    variables = tuple(replace(one, facts=()) for one in model.variables)
    return replace(
        model, variables=variables, laws=tuple(replace(one, sentences={}) for one in model.laws)
    )


def test_attributes_are_written_again() -> None:
    text = CART.replace("Wheel cardinality [2..4]", "Wheel cardinality [2..4] {price 5.5, rim}")
    text = text.replace("Bell\n", "Bell {price 0.5, tags ['a', 'b'], made {by 'us', in 2020}}\n", 1)
    text += "\tsum(price) <= 21\n\tWheel.price > 5\n\tavg(price) > 3 => Bell & Wheel.rim\n"
    written = export_uvl(kept(parse_uvl(text)))
    assert written.partition("features\n")[2] == text.partition("features\n")[2]


def test_what_counts_in_instances_is_written_for_all_of_them() -> None:
    text = CART.replace("Wheel cardinality [2..4]", "Wheel cardinality [2..4] {price 5}")
    text = text.replace("Brake\n\t\t\t\t\tInteger", "Brake {price 3}\n\t\t\t\t\tInteger")
    # What is said of some instance is told from its sentence alone.
    text = text.replace("\tBell => Brake\n", "")
    text += (
        "\tsum(price) <= 21\n\tWheel.price + Brake.price < 8 | Bolts\n\tavg(price) > 3 => Bell\n"
    )
    written = export_uvl(bare(parse_uvl(text)))
    assert "Wheel cardinality [2..4] {" in written
    assert "price" not in written
    assert "[1]" not in written
    assert products(parse_uvl(written)) == products(parse_uvl(text)) < products(parse_uvl(CART))


def test_imported_features_are_written_in_one_file_under_names_that_others_read() -> None:
    main = "imports\n w\nfeatures\n Car\n  mandatory\n   w.Wheel cardinality [1..2]\n"
    main += "  optional\n   B\n"
    files = {"w.uvl": "features\n Wheel\n  optional\n   Hub\nconstraints\n Hub => Wheel\n"}
    model = parse_uvl(f"{main}constraints\n w.Hub => B\n", "main.uvl", library_of(files))
    written = export_uvl(kept(model))
    assert '"w,Wheel" cardinality [1..2]' in written
    assert '"w,Hub" => B' in written
    assert products(parse_uvl(written)) == products(model)


RACK = """model rack
integer height 1..3
boolean door
component shelf 1..3
  enum kind
    - wood
    - steel
  integer load 1..3
  boolean lamp
  law A: kind == wood -> load <= 2
  law B: lamp -> load >= 2
law C: door -> shelf.count >= 2
law D: count(shelf) + height <= 4
"""


def test_a_repeating_component_is_a_feature_that_repeats() -> None:
    model = read_model(RACK)
    written = export_uvl(model)
    tree = parse_feature_model(written)
    shelf = next(one for group in tree.root.groups for one in group.features if one.name == "shelf")
    assert shelf.cardinality == (1, 3)
    told = [one.text for one in tree.constraints]
    assert '"kind = wood" => load <= 2' in told
    assert products(parse_uvl(written)) == products(model)


@pytest.mark.parametrize(
    ("more", "repeats"),
    [
        ("component box 2\n  boolean lock\n", ["shelf", "box"]),
        ("component box 0..2\n  boolean lock\nlaw E: all(box.lock)\n", ["shelf", "box"]),
        ("component box 0..2\n  boolean lock\nlaw E: any(box.lock) -> door\n", ["shelf"]),
        ("component box 0..1\n  boolean lock\nlaw E: box.lock\n", ["shelf"]),
        ("component box 1..2\n  component bin 1..2\n    boolean lid\n", ["shelf"]),
        ("law E: sum(shelf.load) <= 5\n", []),
        ("law E: shelf[2].lamp -> door\n", []),
        ("law E: max(height, shelf[1].load) == 2\n", []),
    ],
)
def test_a_component_is_told_flat_where_a_feature_would_say_something_else(
    more: str, repeats: list[str]
) -> None:
    model = read_model(RACK + more)
    written = export_uvl(model)
    assert [name for name in ("shelf", "box") if f"{name} cardinality [" in written] == repeats
    assert products(parse_uvl(written)) == products(model)


@pytest.mark.parametrize(
    "law",
    [
        "min(n, m) == 2",
        "max(n, m, 2) <= 3",
        "(if x then n else m + 1) >= 2",
        "(if n > m then 3 else 1) + m == 4",
        "{1: 4, 2: 6, 4: 9}[n] + m > 9",
        "count(n > 1, m > 1, x) == 2",
        "12 // max(n, m) >= 4",
        "floor(n * m / (n + 1)) == 1 or x",
        "n == 2 xor m == 2",
        "n in {1, 4} and not (x <-> m > 1)",
    ],
)
def test_every_kind_of_law_is_written(law: str) -> None:
    text = f"model m\ninteger n {{1, 2, 4}}\ninteger m 1..3\nboolean x\nlaw L: {law}\n"
    model = read_model(text)
    assert 0 < products(model) < 18
    assert products(parse_uvl(export_uvl(model))) == products(model)


@pytest.mark.parametrize("name", ["halden-care", "halden-conveyor"])
def test_the_models_of_the_house_are_written(name: str) -> None:
    model = load_model(MODELS / f"{name}.model")
    read = parse_uvl(export_uvl(model))
    assert len(read.variables) > len(model.variables)
    words = {one.key: one.values for one in model.variables if one.kind == "enumeration"}
    features = {one.key for one in read.variables}
    assert words
    assert all(f"{key} = {value}".replace(".", ",") in features
               for key, values in words.items() for value in values)  # fmt: skip


def test_a_typed_feature_that_is_not_there_counts_0_also_where_it_is_told_flat() -> None:
    text = """features
    F1
        optional
            F2 cardinality [2]
                optional
                    Integer F3 {values [1, 3]}
            F6 {p 1}
constraints
    sum(F6, p) < F3 | F3 == 3
    avg(p) < F3
"""
    model = parse_uvl(text)
    written = export_uvl(bare(model))
    assert "cardinality [" not in written
    assert products(parse_uvl(written)) == products(model)
