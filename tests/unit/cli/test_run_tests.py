"""Both halves of the tests run, and neither's failure is lost."""

from __future__ import annotations

import sys

import pytest

from handsel.site.cli.run_tests import _at_once


def saying(words: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"print({words!r}); raise SystemExit({code})"]


@pytest.mark.parametrize(("first", "second", "together"), [(0, 0, 0), (1, 0, 1), (0, 2, 2)])
def test_the_first_failure_is_the_exit_code_and_both_are_heard(
    first: int, second: int, together: int, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert _at_once(saying("one half", first), saying("other half", second)) == together
    assert capfdbinary.readouterr().out.split(b"\n")[:2] == [b"one half", b"other half"]


def test_a_half_that_is_killed_fails_the_whole() -> None:
    killed = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    assert _at_once(saying("well", 0), killed) == -9
