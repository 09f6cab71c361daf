"""Bring data in: with preview, progress, and a file of what was refused and why.

Nothing is added twice: an import that is repeated, or taken up again, adds what is missing.
"""

from __future__ import annotations

from pathlib import Path

from handsel.site.cli import surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.subcommands import Call, Family, argument

IMPORTS = Family("import")
configure = IMPORTS.configure
run = IMPORTS.run


@IMPORTS.member(
    "statement",
    "a bank's file: camt.053 or MT940; what is clear is matched",
    argument("file", help="the file of the bank"),
    argument("--dry-run", action="store_true", help="show what would happen, change nothing"),
)
def import_statement(call: Call) -> int:
    """Bring a bank's file in: 0 when all is well, 1 when something was held or refused."""
    path = Path(call.arguments.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from error
    with surroundings.django():
        from handsel.site.cli.statement_import import bring_in_file

        return bring_in_file(content, path, call.output, is_trial=call.arguments.dry_run)
