"""A Python prompt with Django and every room loaded.

./handsel shell -c "…" runs one line and ends.
"""

from __future__ import annotations

import argparse

from handsel.site.cli import codes, surroundings


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `shell`."""
    parser.add_argument("-c", "--command", default=None, help="Python to run instead of a prompt")


def run(arguments: argparse.Namespace) -> int:
    """Open the prompt."""
    with surroundings.django():
        from django.core.management import call_command

        call_command("shell", command=arguments.command)
    return codes.OK
