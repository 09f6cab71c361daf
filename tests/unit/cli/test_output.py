"""Tables and progress."""

import pytest

from handsel.site.cli import output
from handsel.site.cli.output import Progress, table_text


def test_numbers_stand_to_the_right_words_to_the_left() -> None:
    text = table_text(("name", "cost"), [("a", "1,234.50"), ("longer", 7), ("none", "–")])
    assert text.splitlines() == [
        "name        cost",
        "------  --------",
        "a       1,234.50",
        "longer         7",
        "none           –",
    ]


def test_an_empty_table_has_its_head() -> None:
    assert table_text(("a", "b"), []) == "a  b\n-  -"


def test_short_work_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("counting")
    progress(1, 2)
    progress.end()
    assert capsys.readouterr().err == ""


def test_long_work_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter([0.0, 6.0, 6.5, 12.0, 13.0])
    monkeypatch.setattr(output.time, "monotonic", lambda: next(now))
    progress = Progress("counting")
    progress(1_000, 8_000, "beans")
    progress(1_001, 8_000)
    progress(2_000, 8_000)
    progress.end()
    assert capsys.readouterr().err.splitlines() == [
        "  counting · 1,000 of 8,000 · beans … 6 s",
        "  counting · 2,000 of 8,000 … 12 s",
        "  counting: 13.0 s",
    ]
