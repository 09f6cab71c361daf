"""Families of commands: one function and one line each."""

import argparse
import json

import pytest

from handsel.site.cli import codes
from handsel.site.cli.subcommands import Call, Family, argument


@pytest.fixture
def family() -> Family:
    made = Family("import")

    @made.member(
        "beans", "count beans", argument("file"), argument("--dry-run", action="store_true")
    )
    def count(call: Call) -> int:
        call.output.say(f"counting {call.arguments.file}")
        call.output.result({"beans": 3, "dry_run": call.arguments.dry_run})
        return codes.FINDINGS

    return made


def run(family: Family, *words: str) -> int:
    parser = argparse.ArgumentParser(prog="./handsel import")
    family.configure(parser)
    return family.run(parser.parse_args(words))


def test_a_member_gets_its_arguments_and_gives_the_exit_code(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(family, "beans", "jar.csv") == codes.FINDINGS
    assert capsys.readouterr().out == "counting jar.csv\n"


def test_with_json_stdout_holds_the_result_only(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    run(family, "beans", "jar.csv", "--dry-run", "--json")
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"beans": 3, "dry_run": True}
    assert captured.err == "counting jar.csv\n"


def test_without_a_member_the_help_is_shown(
    family: Family, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(family) == codes.USAGE
    assert "count beans" in capsys.readouterr().out


def test_an_unknown_member_is_a_wrong_usage(family: Family) -> None:
    with pytest.raises(SystemExit) as left:
        run(family, "peas")
    assert left.value.code == codes.USAGE


def test_a_name_is_given_once(family: Family) -> None:
    with pytest.raises(ValueError, match="twice"):
        family.member("beans", "again")(lambda call: 0)
