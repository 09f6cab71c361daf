"""What is wrong with a model is said with file, line, column and what was expected."""

import random
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from handsel.bid.configure.rules.language import LanguageFault, check_model, read_model
from handsel.bid.configure.rules.language.table_text import MOST_ROWS
from handsel.ground.kernel.said import Said, said, worded
from handsel.ground.kernel.said_kept import as_said, kept

SITE = Path(__file__).parents[4] / "src/handsel/site"
HALDEN_CARE = SITE / "demo/models/halden-care.model"
GERMAN = SITE / "locale/de/LC_MESSAGES/django.po"
HEAD = 'model m "M"\n'


def problems(text: str, library: dict[str, str] | None = None) -> list[str]:
    given = (library or {}).__getitem__
    with pytest.raises(LanguageFault) as found:
        read_model(HEAD + text, file="m.model", library=given)
    return [str(problem) for problem in found.value.problems]


FIVE = (
    "5 combinations are in no row: belt PVC with w 2, belt PVC with w 3, "
    "belt PU with w 1, belt PU with w 2, belt PU with w 3."
)
BELT = "enum belt\n  - PVC\n  - PU\n"


FAULTS = [
    ("law L belt == PVC", "m.model:2:7: “belt” cannot stand here. Expected “:” and the law"),
    (BELT + "law L: bellt == PVC", "m.model:5:8: “bellt” is not known here. Did you mean"),
    (BELT + "law L: belt == PVX", "m.model:5:16: “belt” cannot be PVX. Did you mean “PVC”?"),
    (BELT + "law L: belt in {PU, XX}", "m.model:5:21: “belt” cannot be XX. Expected one of"),
    (BELT + "law L: belt + 1 == 2", "m.model:5:8: “belt” is no number."),
    (BELT + "law L: belt > PVC", "The values of “belt” have no order. Expected “ordered”"),
    (BELT + "law L: belt", "m.model:5:8: This is not a condition."),
    (BELT + BELT, "m.model:5:1: “belt” is declared twice. Expected each name once."),
    ("enum e\n  - a\n  - a", "m.model:4:3: “a” is said twice."),
    ("enum e", "m.model:2:1: “e” has no values. Expected lines “- value” under it."),
    ("integer n", "m.model:2:10: the end of the line cannot stand here. Expected a range"),
    ("integer n 1..", "Expected the last number of the range."),
    ("integer n 1..20001", "m.model:2:1: “n” has 20,001 values. Expected at most 20,000"),
    ("integer n 1..999999999999999999", "values. Expected at most 20,000"),
    ("integer n 1..10 step 4", "Steps of 4 from 1 do not meet 10."),
    ("integer n 5..1", "5..1 holds nothing."),
    ("integer n 1..5 step 0", "The step is not above zero."),
    ("integer n 0.5..2.5 step 1", "“n” has decimals. Expected “decimal” or whole numbers."),
    ("decimal n 0.5..2.5", "A decimal's range needs a step."),
    ("integer n 1..5 mmm", "“mmm” is not a unit. Did you mean “mm”?"),
    ("component c 1..", "a cardinality must have an end"),
    ("component c 0..0", "The component can never be had."),
    ("component c 1..999999999\n  boolean b", "Components come to 999,999,999 instances"),
    ("bolean b", "“bolean” begins no declaration. Did you mean “boolean”?"),
    ("boolean b\n\tdefault no", "m.model:3:1: A tab indents. Expected blanks."),
    ("boolean a\n  boolean b", "“boolean” cannot stand here."),
    ('boolean a "A" de "A" de "B"', "There is a text in “de” already."),
    ("boolean a\nlaw L: a\nlaw L: not a", "m.model:4:1: Law “L” is there twice."),
    ("integer n 0..5\nlaw L: 10 // n > 2", "m.model:3:11: The divisor can be zero."),
    ("integer n -2..2\nlaw L: 10 / (n * n) > 2", "The divisor can be zero."),
    ("integer n 1..5 mm\nlaw L: n > 3 kg", "kg and mm do not measure the same."),
    ("integer n 1..5 mm\ninteger k 1..5\nlaw L: n > k", "A plain number stands against one"),
    ("derived a = b + 1\nderived b = a", "m.model:3:13: “a” is derived from itself."),
    ("condition a = b\ncondition b = not a", "is said by itself."),
    ("integer n 1..5\nderived d = n / 3", "The quantity is not exact in so many decimals."),
    ("integer n 1..5\nlaw L: foo(n) > 1", "“foo” is not a function. Expected one of sum"),
    ("integer n 1..5\nmap m by n = {1: 2}\nlaw L: m[n] > 1", "The map has no number for 2."),
    ("boolean a\nlaw L from 2026-02-30: a", "m.model:3:12: 2026-02-30 is no date."),
    ("boolean a\nlaw L from 2026-02-02 until 2026-02-01: a", "The period is empty."),
    ("component c 1..3\n  boolean x\nlaw L: c.x", "There can be several of “c”. Expected one"),
    ("component c 1..3\n  boolean x\nlaw L: c[4].x", "There is no c[4]. Expected 1 to 3."),
    ("component c\n  boolean x\nlaw L: c.y", "“c” has no “y”."),
    ('golden "G"\n  b = 1', "“b” is not known here."),
    ('boolean b\ngolden "G"\n  b = 1', "“b” cannot be 1. Expected one of yes, no."),
    ("group g 1..2\n  enum e\n    - a", "Group “g” counts nothing."),
    (BELT + "table T\n  rows\n    belt\n    PVZ", "m.model:8:5: “belt” cannot be “PVZ”. Did"),
    (BELT + "table T\n  rows\n    belt | belt\n", "Column “belt” is there twice."),
    (BELT + "table T\n  rows\n    belt\n    PVC | 1", "The row has 2 cells. Expected 1, one a"),
    (BELT + "table T", "Table “T” has no rows."),
    (BELT + "table T\n  rows <<<\nbelt\nPVC", "The rows do not end. Expected a line “>>>”."),
    ('include "x.model"', "There is no file “x.model”."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_each_fault_has_its_place_and_what_was_expected(text: str, told: str) -> None:
    assert any(told in one for one in problems(text)), problems(text)


@pytest.fixture(scope="module")
def german() -> dict[str, str]:
    with GERMAN.open("rb") as file:
        catalogue = read_po(file, locale="de")
    return {one.id: str(one.string) for one in catalogue if isinstance(one.id, str)}


def templates(one: Said) -> list[str]:
    """What a sentence is made of."""
    inner = [fact for fact in one.facts.values() if isinstance(fact, Said)]
    return [one.template, *(text for fact in inner for text in templates(fact))]


@pytest.mark.parametrize("text", [text for text, _told in FAULTS])
def test_each_fault_has_german_words(text: str, german: dict[str, str]) -> None:
    with pytest.raises(LanguageFault) as found:
        read_model(HEAD + text, file="m.model")
    for problem in found.value.problems:
        for template in templates(problem.sentence):
            assert template in german or not any(letter.isalpha() for letter in template)


def test_a_fault_is_worded_in_german_to_its_last_part(german: dict[str, str]) -> None:
    (problem,) = check_model(HEAD + BELT + "law L: bellt == PVC", file="m.model")
    assert worded(problem.sentence, lambda text: german.get(text, text)) == (
        "m.model:5:8: „bellt“ ist hier nicht bekannt. Meinten Sie „belt“? "
        "Erwartet: ein vereinbarter Name."
    )
    assert as_said(kept(problem.sentence)) == problem.sentence


def test_what_has_no_facts_is_worded_as_it_stands() -> None:
    assert worded(said("100 % of it"), str.upper) == "100 % OF IT"
    assert worded("plain", str.upper) == "PLAIN"
    assert worded("", str.upper) == ""


def test_all_faults_are_told_in_one_run_in_the_order_of_the_text() -> None:
    text = "enum e\ninteger n\n  default 1\nboolean b\nlaw L: b = 1\nlaw K: c\n"
    assert [one.split(":")[1] for one in problems(text)] == ["3", "6"]
    text = "enum e\n  - a\nlaw L: f == 1\nlaw K: e == b\nderived d = e\n"
    assert [one.split(":")[1] for one in problems(text)] == ["4", "5", "6"]


def test_a_model_without_a_name_is_refused() -> None:
    with pytest.raises(LanguageFault) as found:
        read_model("boolean a\n")
    assert "The model has no name." in str(found.value)


def test_inclusion_in_a_circle_names_the_circle() -> None:
    library = {"a.model": 'include "b.model"\n', "b.model": 'include "a.model"\n'}
    (said,) = problems('include "a.model"\n', library)
    assert said.startswith("b.model:1:1: The files include each other: a.model → b.model → a.model")


def test_a_fault_in_an_included_file_names_that_file() -> None:
    (said,) = problems('include "a.model"\n', {"a.model": "boolean b\nlaw L: c\n"})
    assert said.startswith("a.model:2:8: “c” is not known here.")


def test_ten_million_rows_are_refused_long_before_they_are_kept() -> None:
    rows = "".join(f"  a{n % 7}\n" for n in range(MOST_ROWS + 2))
    text = "enum e\n  - a0\ntable T\n  rows\n    e\n" + rows.replace("  a", "    a")
    (said,) = problems(text)
    assert "The table is too long. Expected at most 250,000 rows." in said
    (said,) = problems("enum e\n" + " " * 16_000_000)
    assert "Expected at most 16000000" in said


def test_wildcards_that_explode_are_refused() -> None:
    columns = "\n".join(f"integer v{n} 1..200" for n in range(3))
    table = "table T\n  rows\n    v0 | v1 | v2\n    * | * | *\n"
    (said,) = problems(f"{columns}\n{table}")
    assert "too many rows when written out. Expected at most 250,000" in said


def test_components_of_components_do_not_explode() -> None:
    text = "".join("  " * level + f"component c{level} 1..40\n" for level in range(6))
    assert any("Expected at most 5,000 in all." in one for one in problems(text))


def test_any_damage_to_a_text_is_a_fault_and_never_a_crash() -> None:
    chance = random.Random(7)
    text = HALDEN_CARE.read_text("utf-8")
    for _ in range(60):
        damaged = list(text)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.choice('(){}[].,:"`-+*/<>= \n#9aé１')
        for problem in check_model("".join(damaged)):
            assert problem.place.line > 0
            assert problem.message


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    text = "".join("  " * level + f"group g{level}\n" for level in range(300))
    assert "Groups are nested too deeply." in problems(text)[0]


def test_warnings_name_rows_said_twice_and_values_no_row_speaks_of() -> None:
    text = (
        HEAD + BELT + "integer w 1..3\n"
        "table T\n  by belt, w\n  rows\n    belt | w\n    PVC | 1\n    PVC | 1\n"
    )
    said = [(one.severity, one.message) for one in check_model(text)]
    assert said == [
        ("warning", FIVE),
        ("warning", "“belt” is in no row as PU."),
        ("warning", "“w” is in no row as 2, 3."),
        ("warning", "This row is there already, in line 10."),
    ]  # fmt: skip


def test_rows_that_contradict_each_other_are_an_error() -> None:
    text = (
        BELT
        + "integer w 1..3\ntable T\n  by belt\n  rows\n    belt | w\n    PVC | 1\n    PVC | 2\n"
    )
    (said,) = problems(text)
    assert said.startswith("m.model:11:1: This row contradicts line 10: belt PVC is there already.")


def test_a_row_that_contradicts_itself_says_so() -> None:
    told = problems(
        "enum use\n  - a\n  - b\nenum coat\n  - x\n  - y\n"
        "table T\n  by use\n  rows\n    use | coat\n    a | x, y\n    b | x\n"
    )
    assert [one for one in told if "This row says several things of use a." in one]
    assert not [one for one in told if "contradicts line" in one]
