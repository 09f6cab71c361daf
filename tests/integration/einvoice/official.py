"""CEN's own tests and examples, as they lie beside the project."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

ARCHIVE = Path("..", "shared", "data", "einvoice", "cen-en16931.tar.gz")
MISSING = f"{ARCHIVE} is not there: CEN's tests are not part of the project"

_NS = "{http://difi.no/xsd/vefa/validator/1.0}"


@dataclass(frozen=True)
class Case:
    """One document of a test set, and what each rule must say of it."""

    name: str
    document: bytes
    silent: tuple[str, ...]  # <success>: the rule must not fail
    failing: dict[str, int | None]  # <error>, <warning>: it must, so many times where a number is


@cache
def archive() -> dict[str, bytes]:
    """Every file of the archive by its path; skips with a word where there is none."""
    root = Path(__file__).parents[3]
    path = root / ARCHIVE
    if not path.is_file():
        return {}
    with tarfile.open(path) as tar:
        members = [member for member in tar if member.isfile()]
        return {member.name: _read(tar, member) for member in members}


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


def needed() -> dict[str, bytes]:
    """The archive, or a skip that says what is missing."""
    return archive() or pytest.skip(MISSING)


def sets() -> list[str]:
    """The paths of the rule test sets."""
    return sorted(name for name in archive() if "-unit-UBL/" in name)


def examples() -> list[str]:
    """The paths of the example invoices."""
    return sorted(name for name in archive() if "/examples/" in name)


def cases(path: str) -> Iterator[Case]:
    """The cases of one test set: fragments, each with what the rules must say of it."""
    root = etree.fromstring(archive()[path])
    for position, test in enumerate(root.iterfind(f"{_NS}test"), start=1):
        wanted = test.find(f"{_NS}assert")
        assert wanted is not None
        (document,) = (it for it in test if isinstance(it.tag, str) and it is not wanted)
        failing = [
            (str(it.text).strip(), it.get("number"))
            for kind in ("error", "warning")
            for it in wanted.iterfind(f"{_NS}{kind}")
        ]
        yield Case(
            name=f"{path} test {position}",
            document=etree.tostring(document, with_tail=False),
            silent=tuple(str(it.text).strip() for it in wanted.iterfind(f"{_NS}success")),
            failing={rule: int(number) if number else None for rule, number in failing},
        )
