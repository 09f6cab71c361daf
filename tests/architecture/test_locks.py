"""What is named as a dependency stands in every lock that has to hold it, in one version."""

import re
from pathlib import Path

import pytest

from tests.support.code import PROJECT

REQUIREMENTS = PROJECT / "requirements"
NAME = re.compile(r"^([A-Za-z0-9._-]+)", re.MULTILINE)
PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==([^ ;\\]+)", re.MULTILINE)


def named(path: Path) -> set[str]:
    """The libraries a list names, without those it takes over from another."""
    found = NAME.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[._-]+", "-", name).lower() for name in found if not name.startswith("-")}


def pinned(name: str) -> dict[str, str]:
    return dict(PINNED.findall((REQUIREMENTS / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("listed", "lock"),
    [("base.in", "base.txt"), ("base.in", "dev.txt"), ("dev.in", "dev.txt")],
)
def test_a_lock_holds_all_that_is_named(listed: str, lock: str) -> None:
    assert named(REQUIREMENTS / listed) - set(pinned(lock)) == set()


def test_what_runs_is_what_is_tested() -> None:
    base, dev = pinned("base.txt"), pinned("dev.txt")
    assert base.items() <= dev.items()
