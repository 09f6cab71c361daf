"""What a folder's README names is there, and what a room announces its README names."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from handsel import stream
from tests.support.code import PROJECT, SourceFile, all_files

CODE = {".py", ".html", ".ts", ".mjs", ".css", ".typ", ".json", ".toml", ""}
NAME = re.compile(r"`([a-z]+(?:_[a-z0-9]+)+)(?:\(\))?`")
FILE = re.compile(r"`((?:[a-z0-9_-]+/)+[a-z0-9_-]*(?:\.[a-z]+)?)`")
DOTTED = re.compile(r"`([a-z_]*(?:\.[a-z_]+)+)`")
EVENT = re.compile(r'class (\w+)\(\w+\):.*?TYPE: ClassVar\[str\] = "([a-z_.]+)"', re.DOTALL)
# What a README gives as an example, or is made by the build.
NOT_KEPT = {"parts/motor.uvl", "static/built/"}
READMES = [one for one in all_files() if one.name.startswith("src/") and one.path.suffix == ".md"]


@lru_cache(maxsize=1)
def words_of_code() -> frozenset[str]:
    """Every word that stands in code, tests left out."""
    ours = (one for one in all_files() if one.path.suffix in CODE)
    texts = (one.text for one in ours if not one.name.startswith("tests/"))
    return frozenset(word for text in texts for word in re.findall(r"[a-z0-9_]+", text))


@pytest.mark.parametrize("readme", READMES, ids=lambda one: one.name)
def test_names_in_a_readme_stand_in_the_code(readme: SourceFile) -> None:
    assert set(NAME.findall(readme.text)) <= words_of_code()


@pytest.mark.parametrize("readme", READMES, ids=lambda one: one.name)
def test_files_in_a_readme_are_there(readme: SourceFile) -> None:
    own = readme.path.parent
    roots = (own, own.parent, own / "rules", own / "templates", PROJECT / "src/handsel", PROJECT)
    missing = [
        path
        for path in sorted(set(FILE.findall(readme.text)) - NOT_KEPT)
        if not any((root / f"{path}{end}").exists() for root in roots for end in ("", ".py"))
    ]
    assert not missing


@pytest.mark.parametrize("room", stream.ROOMS, ids=lambda room: room.name)
def test_a_room_names_the_events_it_announces_and_no_others(room: stream.Room) -> None:
    folder = f"src/{room.folder}/"
    announced = {
        kind: event
        for one in all_files()
        if one.name.startswith((f"{folder}events.py", f"{folder}events/"))
        for event, kind in EVENT.findall(one.text)
    }
    readme = (PROJECT / folder / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", readme))
    unnamed = {kind for kind, event in announced.items() if not {event, kind.split(".")[2]} & words}
    assert not unnamed
    named, about = set(), ""
    for written in DOTTED.findall(readme):  # “`lead.lead.captured`, `.answered`”
        named.add(about + written if written.startswith(".") else written)
        about = about if written.startswith(".") else written.rpartition(".")[0]
    own = {one for one in named if one.count(".") == 2 and one.startswith(f"{room.name}.")}
    assert own <= announced.keys()
