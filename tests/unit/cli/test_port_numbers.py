"""Ports asked for on the command line."""

import argparse

import pytest

from handsel.site.cli import ports


@pytest.mark.parametrize("text", ["0", "65536", "99999999", "-1", "abc", "", "8e3"])
def test_what_is_no_port_is_said_at_once(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="ports go from 1 to 65535"):
        ports.number(text)


def test_a_port_is_taken_as_it_stands() -> None:
    assert ports.number("8000") == 8000
