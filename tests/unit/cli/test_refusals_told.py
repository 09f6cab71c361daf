"""A refusal on the command line names the places it is about."""

import pytest

from handsel.ground.kernel.errors import Invalid, Refused
from handsel.site.cli.main import _tell


def test_places_and_what_was_expected_there_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(Invalid("the columns are not mapped", fields={"mapping": "map at least one column"}))
    _tell(Refused("it is over"))
    told = capsys.readouterr().err
    assert told == "the columns are not mapped\n  mapping: map at least one column\nit is over\n"
