"""What the documents say about the house is what the house is."""

import re

import pytest

from handsel import stream
from handsel.site.cli import registry
from tests.support.code import PROJECT, all_files

LONGEST_README = 80
LONGEST_DECISION = 60
ENVIRONMENT = re.compile(r'environ(?:\.get\(|\[)"([A-Z_]+)"')
# Set by the launcher, by tests, or by the machine.
OF_THE_MACHINE = {"HANDSEL_STARTED_AT", "HANDSEL_CHROMIUM", "XDG_CACHE_HOME"}
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("room", stream.ROOMS, ids=lambda room: room.name)
def test_every_room_introduces_itself(room: stream.Room) -> None:
    readme = PROJECT / "src" / room.folder / "README.md"
    assert readme.exists(), f"{room.name} has no README"
    lines = readme.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_README, f"{room.name}'s README has {len(lines)} lines"


def test_the_table_of_rooms_is_the_stream() -> None:
    text = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert stream.stream_table() in text, (
        "ARCHITECTURE.md must hold this table:\n\n" + stream.stream_table()
    )


def test_no_room_lies_outside_the_stream() -> None:
    known = {room.folder for room in stream.ROOMS}
    stages = [stage.name for stage in (stream.GROUND, *stream.STAGES)]
    package = PROJECT / "src" / "handsel"
    found = {
        path.parent.relative_to(PROJECT / "src")
        for stage in stages
        for path in package.glob(f"{stage}/*/__init__.py")
    }
    assert found <= known


def test_the_readme_names_the_two_commands() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert "./handsel demo" in text
    assert "./handsel test" in text


def test_commands_named_in_documents_exist() -> None:
    names = {command.name for command in registry.COMMANDS}
    unknown = [
        f"{file.name}: ./handsel {word}"
        for file in all_files()
        if file.path.suffix in (".md", ".html")
        for word in re.findall(r"\./handsel ([a-z]+)", file.text)
        if word not in names
    ]
    assert not unknown


def test_links_in_documents_lead_somewhere() -> None:
    broken = [
        f"{file.name}: {target}"
        for file in all_files()
        if file.path.suffix == ".md"
        for target in LINK.findall(file.text)
        if not (file.path.parent / target).exists()
    ]
    assert not broken


def test_decisions_are_short() -> None:
    long = [
        f"{file.name}: {len(file.lines)} lines"
        for file in all_files()
        if file.name.startswith("docs/decisions/") and len(file.lines) > LONGEST_DECISION
    ]
    assert not long


def test_every_setting_of_the_environment_is_told() -> None:
    ours = [one for one in all_files() if one.name.startswith("src/") and one.path.suffix == ".py"]
    read = {name for file in ours for name in ENVIRONMENT.findall(file.text)}
    guide = (PROJECT / "docs/guides/operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([A-Z][A-Z_]+)`", guide))
    assert read - told <= OF_THE_MACHINE
    assert not [name for name in told if not any(name in file.text for file in ours)]
