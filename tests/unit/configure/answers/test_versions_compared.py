"""Two versions of a model compared where words, steps and kinds changed between them."""

from __future__ import annotations

from handsel.bid.configure.rules.analysis.difference import Difference, difference
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.language import read_model

OLD = """model press "Press"
enum coat
  - plain
  - teflon
ordered ip
  - IP54
  - IP67
decimal gap 0.5..2.5 step 0.5 mm
boolean horn
map loss by coat = {plain: 1.00, else: 0.95}
derived need places 1 = round(10 * gap / 1 mm * loss[coat], 1)
law P1: horn -> ip >= IP67
law P2: need <= 20
table T1
  rows
    gap | coat
    0.5..1.5 | *
    2..2.5 | teflon
"""


def compared(old: str, new: str) -> Difference:
    return difference(read_model(old, file="old"), read_model(new, file="new"), encode)


def test_a_new_word_is_gained_where_numbers_are_read_by_it() -> None:
    new = OLD.replace("  - teflon\n", "  - teflon\n  - zinc\n").replace(
        "  - IP67", "  - IP65\n  - IP67"
    )
    found = compared(OLD, new)
    assert found.is_certain
    assert found.lost is None
    assert found.gained is not None
    assert found.gained["coat"] == "zinc" or found.gained["ip"] == "IP65"
    assert found.values_added == {"coat": ("zinc",), "ip": ("IP65",)}
    back = compared(new, OLD)
    assert (back.gained, back.lost is None) == (None, False)


def test_finer_steps_are_the_same_numbers_and_more() -> None:
    finer = OLD.replace("0.5..2.5 step 0.5 mm", "0.5..2.5 step 0.25 mm")
    found = compared(OLD, finer)
    assert found.lost is None
    assert found.gained is not None
    assert found.values_added == {"gap": (75, 125, 175, 225)}
    assert found.variables["gap"].scale == 2
    assert found.gained["gap"] in (75, 125, 175, 225)
    assert compared(finer, OLD).gained is None
    same = compared(OLD, OLD.replace("0.5..2.5 step 0.5", "0.50..2.50 step 0.50"))
    assert same.is_same_product_range


def test_a_variable_of_another_kind_is_another_variable() -> None:
    found = compared(
        OLD, OLD.replace("boolean horn", "integer horn 0..2").replace("horn ->", "horn > 0 ->")
    )
    assert found.variables_added == ("horn",)
    assert found.variables_removed == ("horn",)
    assert found.is_same_product_range


def test_a_tighter_law_loses_what_it_forbids_and_no_more() -> None:
    found = compared(OLD, OLD.replace("need <= 20", "need <= 15"))
    assert found.gained is None
    assert found.lost is not None
    assert found.lost["gap"] in (20, 25)
    assert found.laws_changed == ("P2",)
