"""The verdict on a lead follows from four graded questions."""

from __future__ import annotations

import pytest

from handsel.attract.lead.rules.qualification import verdict


@pytest.mark.parametrize(
    ("grades", "state"),
    [
        ((3, 3, 3, 3), "qualified"),
        ((2, 2, 2, 2), "qualified"),
        ((1, 2, 2, 2), "qualified"),
        ((1, 1, 3, 3), "doubtful"),
        ((1, 1, 1, 1), "doubtful"),
        ((0, 3, 3, 3), "not_qualified"),
    ],
)
def test_all_four_answered(grades: tuple[int, ...], state: str) -> None:
    names = ("interest", "purchasing_power", "fit", "timing")
    found = verdict(dict(zip(names, grades, strict=True)))
    assert found.state == state
    assert found.points == sum(grades)


def test_an_open_question_is_named() -> None:
    found = verdict({"interest": 3, "fit": 1})
    assert (found.state, found.missing, found.weak) == (
        "open",
        ("purchasing_power", "timing"),
        ("fit",),
    )


def test_one_no_is_enough_even_while_others_are_open() -> None:
    found = verdict({"purchasing_power": 0})
    assert (found.state, found.refuted) == ("not_qualified", ("purchasing_power",))
