"""The list of commands and the help a person sees."""

import subprocess
import sys

import pytest

from handsel.site.cli import codes, registry
from tests.support.code import PROJECT


def launcher(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The launcher itself, by the Python of the system's standard library alone."""
    command = [sys.executable, "-S", "-I", str(PROJECT / "handsel"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_page_names_every_command() -> None:
    done = launcher("--help")
    assert done.returncode == codes.OK
    for command in registry.COMMANDS:
        assert f"  {command.name} " in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_no_word_at_all_is_a_question_too() -> None:
    assert launcher().stdout == launcher("--help").stdout


@pytest.mark.parametrize("command", registry.COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself_before_anything_is_installed(
    command: registry.Command,
) -> None:
    done = launcher(command.name, "--help")
    assert done.returncode == codes.OK, done.stderr
    assert f"./handsel {command.name}" in done.stdout


def test_a_wrong_word_gets_a_hint_and_the_code_for_it() -> None:
    done = launcher("tset")
    assert done.returncode == codes.USAGE
    assert "Did you mean test?" in done.stderr
    assert done.stdout == ""


def test_names_are_unique() -> None:
    names = [command.name for command in registry.COMMANDS]
    assert len(names) == len(set(names))


def test_help_among_the_arguments_of_pytest_is_pytests() -> None:
    assert registry.asks_for_help(["test", "--help"])
    assert not registry.asks_for_help(["test", "tests/unit", "--help"])
    assert registry.asks_for_help(["import", "leads", "--help"])
