"""What models mean: numbers in units, components, tables, days and markets."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from handsel.bid.configure.rules.expressions import Assignment, Value, evaluate
from handsel.bid.configure.rules.language import (
    LanguageFault,
    check_model,
    load_model,
    parse_model,
    print_model,
    print_source,
    read_model,
)
from handsel.bid.configure.rules.language.units import displayed
from handsel.bid.configure.rules.model import Law, ProductModel, TableLaw
from tests.support.random_models import amount, assignments, random_model
from tests.support.random_models import holds as meets

HEAD = 'model m "M"\n'


def read(text: str, on: date | None = None, market: str | None = None) -> ProductModel:
    return read_model(HEAD + text, on=on, market=market)


def holds(model: ProductModel, values: Assignment) -> bool:
    """Whether all laws hold, tables too."""
    known = dict(values)
    for quantity in model.derived:
        known[quantity.key] = evaluate(quantity.expression, known)
    return all(
        tuple(known[key] for key in law.scope) in law.rows
        if isinstance(law, TableLaw)
        else bool(evaluate(law.condition, known))
        for law in model.laws
    )


def solutions(model: ProductModel) -> list[dict[str, Value]]:
    keys = [one.key for one in model.variables]
    every = product(*(one.values for one in model.variables))
    found = [dict(zip(keys, values, strict=True)) for values in every]
    return [values for values in found if holds(model, values)]


def test_decimals_are_scaled_and_never_rounded() -> None:
    model = read("decimal w 0.25..1.50 step 0.25 m\nlaw L: w >= 0.6\n")
    assert (model.variables[0].scale, model.variables[0].values) == (2, (25, 50, 75, 100, 125, 150))
    assert [one["w"] for one in solutions(model)] == [75, 100, 125, 150]


@pytest.mark.parametrize(
    ("law", "lengths"),
    [
        ("l >= 2 in", [60, 70]),
        ("l + 10 mm <= 0.05 m", [40]),
        ("2 * l > w", [60, 70]),
        ("l // 20 mm == 3", [60, 70]),
        ("l / 20 mm == 3", [60]),
        ("l in {5 cm..0.06 m}", [50, 60]),
        ("floor(l / 25 mm) == 2", [50, 60, 70]),
        ("ceil(l / 25 mm) == 2", [40, 50]),
        ("round(l / 25 mm) == 2", [40, 50, 60]),
        ("round(l / 40 mm, 1) == 1.3", [50]),
        ("min(l, 55 mm) == 55 mm", [60, 70]),
        ("max(l, 55 mm) == 5.5 cm", [40, 50]),
        ("if l > 50 mm then l < 70 mm else l == 40 mm", [40, 60]),
        ("(if l > 50 mm then l else 1 m) >= 70 mm", [40, 50, 70]),
        ("-l <= -0.06 m", [60, 70]),
        ("count(l > 45 mm, l > 55 mm, l > 65 mm) == 2", [60]),
        ("l not in {40, 70}", [50, 60]),
    ],
)
def test_units_and_scales_are_brought_together_exactly(law: str, lengths: list[int]) -> None:
    model = read(f"integer l 40..70 step 10 mm\ndecimal w {{11.0}} cm\nlaw L: {law}\n")
    assert [one["l"] for one in solutions(model)] == lengths


def test_numbers_are_shown_in_another_unit_but_kept_as_they_are() -> None:
    assert str(displayed(2500, scale=0, unit="mm", show_in="in", places=2)) == "98.43"
    assert str(displayed(125, scale=2, unit="kg", show_in="g", places=0)) == "1250"
    with pytest.raises(ValueError, match="cannot be shown"):
        displayed(1, scale=0, unit="mm", show_in="kg", places=0)


def test_words_have_an_order_only_when_it_is_declared() -> None:
    model = read("ordered ip\n  - IP54\n  - IP55\n  - IP66\nordered wanted\n  - IP54\n  - IP55\n"
                 "  - IP66\nlaw L: ip >= wanted and ip < IP66\n")  # fmt: skip
    assert [(one["ip"], one["wanted"]) for one in solutions(model)] == [
        ("IP54", "IP54"),
        ("IP55", "IP54"),
        ("IP55", "IP55"),
    ]


MODULES = """component module 1..3 "Module" de "Modul"
  integer width {300, 500} mm
  boolean lid
  law WIDE: width == 500 mm -> lid
  law ROW: previous.width <= width
law SUM: sum(module.width) <= 1100 mm
law LIDS: count(module.lid) <= 1
"""


def test_components_repeat_and_absent_ones_have_their_first_values() -> None:
    model = read(MODULES)
    assert [one.key for one in model.variables] == [
        "module.count",
        *(f"module[{n}].{name}" for n in (1, 2, 3) for name in ("width", "lid")),
    ]
    found = solutions(model)
    for one in found:
        count = int(one["module.count"])
        widths = [int(one[f"module[{n}].width"]) for n in (1, 2, 3)]
        lids = [bool(one[f"module[{n}].lid"]) for n in (1, 2, 3)]
        assert widths[count:] == [300] * (3 - count)
        assert not any(lids[count:])
        assert sum(widths[:count]) <= 1100
        assert sum(lids) <= 1
        assert widths[:count] == sorted(widths[:count])
    # One module: 300, 300 with lid, 500 with lid; two and three likewise, never two lids.
    assert len(found) == 3 + (1 + 2 + 1) + (1 + 3 + 1)
    structural = [law.key for law in model.laws if isinstance(law, Law) and law.is_structural]
    assert structural == ["module[2].absent", "module[3].absent"]
    titles = {group.key: group.titles.get("de") for group in model.groups}
    assert titles == {
        "module": "Modul",
        "module[1]": "Modul 1",
        "module[2]": "Modul 2",
        "module[3]": "Modul 3",
    }


def test_components_nest_and_a_table_holds_only_where_they_are() -> None:
    model = read(
        "component box 0..1\n  enum kind\n    - small\n    - large\n"
        "  component slot 1..2\n    enum card\n      - none\n      - fast\n"
        "  table FITS\n    rows\n      kind | slot[1].card\n      small | *\n      large | fast\n"
        "law TWO: count(box.slot) == 2 -> box.kind == large\n"
    )
    assert [one.key for one in model.variables] == [
        "box.count",
        "box.kind",
        "box.slot.count",
        "box.slot[1].card",
        "box.slot[2].card",
    ]
    for one in solutions(model):
        assert one["box.count"] or (one["box.kind"], one["box.slot[1].card"]) == ("small", "none")
        assert one["box.slot.count"] == 1 or one["box.kind"] == "large"
        assert one["box.kind"] == "small" or one["box.slot[1].card"] == "fast"
    model = read(
        "component box 0..1\n  enum kind\n    - small\n    - large\n  enum card\n    - a\n    - b\n"
        "  table FITS\n    rows\n      kind | card\n      large | *\n"
    )
    found = {(one["box.count"], one["box.kind"], one["box.card"]) for one in solutions(model)}
    assert found == {(0, "small", "a"), (1, "large", "a"), (1, "large", "b")}


def test_previous_is_the_instance_before_of_the_nearest_repeated_component() -> None:
    model = read(
        "boolean x\ncomponent part 2\n  component inner\n    integer n 1..3\n"
        "    law UP: previous.inner.n < n\n"
    )
    assert [law.key for law in model.laws] == ["part[2].inner.UP"]
    assert {(one["part[1].inner.n"], one["part[2].inner.n"]) for one in solutions(model)} == {
        (1, 2),
        (1, 3),
        (2, 3),
    }
    assert len(solutions(read("boolean previous\nlaw L: previous\n"))) == 1
    with pytest.raises(LanguageFault, match="“previous” is not known here"):
        read("boolean a\nlaw L: previous\n")


def test_a_group_with_a_cardinality_counts_its_members() -> None:
    model = read('group extras 1..2 "Extras"\n  boolean a\n  boolean b\n  boolean c\n')
    assert sorted(sum(map(int, one.values())) for one in solutions(model)) == [1, 1, 1, 2, 2, 2]
    assert model.laws[0].key == "extras.cardinality"
    assert model.laws[0].sentences["en"] == "Extras: between 1 and 2 of these."


def test_tables_are_read_as_they_are_pasted() -> None:
    text = "ordered s\n  - S\n  - M\n  - L\ninteger w 1..4\nboolean lid\n"
    bars = "table T\n  rows\n    | s    | w    | lid |\n    |------|------|-----|\n"
    bars += "    | S..M | 1, 3 | no  |\n    | L    | 2..4 | *   |\n"
    tabs = "table T\n  rows <<<\ns\tw\tlid\nS..M\t1, 3\tno\nL\t2..4\t*\n>>>\n"
    assert read(text + bars).laws[0].rows == read(text + tabs).laws[0].rows  # type: ignore[union-attr]
    assert len(solutions(read(text + bars))) == 2 * 2 + 3 * 2


SEASONS = """enum belt
  - PVC
  - PU from 2026-03-01
  - FDA markets EU, UK
  default PU
law OLD until 2026-06-01: belt != PVC
law HERE markets US: belt == PVC
law BOTH: belt in {PU, FDA} -> true
golden "G"
  belt = PU
"""


def test_a_model_is_that_of_its_day_and_market() -> None:
    def values(on: date | None, market: str | None) -> list[Value]:
        return [one["belt"] for one in solutions(read(SEASONS, on, market))]

    assert values(date(2026, 2, 28), "EU") == ["FDA"]
    assert values(date(2026, 3, 1), "EU") == ["PU", "FDA"]
    assert values(date(2026, 6, 1), "UK") == ["PVC", "PU", "FDA"]
    assert values(date(2026, 6, 1), "US") == ["PVC"]
    assert read(SEASONS).variables[0].values == ("PVC", "PU", "FDA")
    early = read(SEASONS, date(2026, 2, 1))
    assert (early.variables[0].default, early.goldens) == (None, ())


def test_what_is_wrong_on_one_day_or_market_only_is_found_beforehand() -> None:
    text = HEAD + "enum belt\n  - PVC until 2026-06-01\n  - PU markets US\n"
    text += "boolean b\nlaw L markets EU: b\n"
    assert [str(one) for one in check_model(text)] == [
        "model:2:1: “belt” has no value on this day and market. Expected one at least."
    ]
    assert check_model(HEAD + "enum belt\n  - PVC until 2026-06-01\n  - PU\n") == ()


def test_files_include_each_other_and_stay_in_their_folder(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/belts.model").write_text("enum belt\n  - PVC\n  - PU\n", "utf-8")
    main = tmp_path / "main.model"
    main.write_text(HEAD + 'include "parts/belts.model"\nlaw L: belt == PU\n', "utf-8")
    assert [one["belt"] for one in solutions(load_model(main))] == ["PU"]
    main.write_text(HEAD + 'include "../other.model"\n', "utf-8")
    with pytest.raises(LanguageFault, match="There is no file"):
        load_model(main)
    main.write_bytes(b"\xff\xfe")
    with pytest.raises(LanguageFault, match="UTF-8"):
        load_model(main)


WHOLE = (
    MODULES
    + SEASONS
    + """group g "G" de "G"
  decimal d {0.5, 1.5..3.0 step 0.5} kg "D" question
    help "Help" de "Hilfe"
    - 0.5 "half" de "halb"
    default 1.5
    prefer 3.0, 0.5
  enum `odd names`
    - `two words` "Two"
    - 1x230
map m by d kg = {0.5: 1, else: -2.5}
derived t kg places 2 = m[d] * 2
  "T" de "T"
condition c = `odd names` == `two words`
law N: c or t > 0 kg
table TT from 2026-01-01
  "In words." de "In Worten."
  by d
  rows
    d | odd names
    0.5..3.0 | *
golden "H" until 2030-01-01
  module.count = 2, module[2].width = 500
  expect t = 2.00
  refuse belt = FDA
  amount total = 12.50
"""
)


def test_printed_and_read_again_a_text_is_the_same() -> None:
    source = parse_model(HEAD + WHOLE.replace("  by d\n", ""))
    assert parse_model(print_source(source)) == source
    assert print_source(parse_model(print_source(source))) == print_source(source)


def test_printed_and_read_again_a_flat_model_is_the_same() -> None:
    def bare(model: ProductModel) -> ProductModel:
        parts = {
            name: tuple(replace(one, line=0) for one in getattr(model, name))
            for name in ("variables", "laws", "derived", "goldens")
        }
        return replace(model, **parts)

    model = read(WHOLE.replace("  by d\n", ""))
    assert bare(read_model(print_model(model))) == bare(model)


def test_the_reference_document_shows_a_model_that_reads() -> None:
    text = (Path(__file__).parents[4] / "docs/reference/model-language.md").read_text("utf-8")
    of_one_model = text[: text.index("## Laws between lines")]
    example = "\n".join(re.findall(r"```\n(.*?)```", of_one_model, re.DOTALL))
    assert check_model(example) == ()
    model = read_model(example)
    golden = model.goldens[0]
    known = {**golden.chosen, "heater": False}
    assert evaluate(model.derived[0].expression, known) == golden.expected["power_w"] == 347


@pytest.mark.parametrize("seed", range(60))
def test_random_flat_models_are_the_same_when_printed_and_read(seed: int) -> None:
    model = random_model(seed)
    back = read_model(print_model(model))
    for values in assignments(model):
        for one, other in zip(model.laws, back.laws, strict=True):
            assert meets(model, one, values) == meets(back, other, values)
        for quantity, same in zip(model.derived, back.derived, strict=True):
            ours = amount(model, quantity.expression, values)
            assert ours == amount(back, same.expression, values)


@pytest.mark.parametrize(
    ("law", "meant"),
    [
        ("a / b + 1 == c", lambda a, b, c: Fraction(a, b) + 1 == c),
        ("a / b - c / (b + 1) < 1", lambda a, b, c: Fraction(a, b) - Fraction(c, b + 1) < 1),
        ("max(a / b, c / 2, 1) == 2", lambda a, b, c: max(Fraction(a, b), Fraction(c, 2), 1) == 2),
        ("min(a / b, 3) * 2 > c", lambda a, b, c: min(Fraction(a, b), 3) * 2 > c),
    ],
)
def test_quotients_are_exact_in_sums_too(law: str, meant: Callable[[int, int, int], bool]) -> None:
    model = read(f"integer a 0..6\ninteger b 1..4\ninteger c 0..5\nlaw L: {law}\n")
    condition = model.laws[0].condition  # type: ignore[union-attr]
    for a, b, c in product(range(7), range(1, 5), range(6)):
        assert evaluate(condition, {"a": a, "b": b, "c": c}) == meant(a, b, c), (a, b, c)
