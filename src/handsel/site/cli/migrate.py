"""Bring the database to the tables of this version. Runs as DATABASE_OWNER_URL's role.

On a server of your own, make the roles first: ./handsel migrate --roles prints the SQL.
"""

from __future__ import annotations

import argparse
import os

from handsel.site.cli import codes, surroundings
from handsel.site.cli.output import Output, add_json_option


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `migrate`."""
    parser.add_argument("--check", action="store_true", help="only say whether something is due")
    parser.add_argument("--roles", action="store_true", help="print the SQL that makes the roles")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Migrate; with --check, exit code 1 when something is due."""
    from handsel.ground.platform.database import roles

    output = Output(as_json=arguments.json)
    if arguments.roles:
        output.say(roles.script())
        return codes.OK
    surroundings.prepare("production")
    with surroundings.database("owner"):
        return _migrate(output, only_check=arguments.check)


def _migrate(output: Output, *, only_check: bool) -> int:
    from handsel.site.cli import schema

    url = os.environ["DATABASE_URL"]
    current = schema.is_current(url)
    if only_check:
        output.say("The database is current." if current else "Migrations are due.")
        output.result({"current": current})
        return codes.OK if current else codes.FINDINGS
    applied = 0
    if not current:
        surroundings.start_django()
        with output.progress("Preparing the database") as progress:
            applied = schema.migrate(url, progress)
    output.say(f"{applied} migrations applied." if applied else "The database is current.")
    output.result({"current": True, "applied": applied})
    return codes.OK
