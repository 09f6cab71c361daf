"""Write everything into one file: all tables as they were at one moment, documents included.

Handsel may go on working meanwhile. The file is read again before this command says it is done.
On a server of your own, DATABASE_BACKUP_URL may name a role that sees every row.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from handsel.ground.kernel.clock import SystemClock
from handsel.site.cli import codes, surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, add_json_option


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `backup`."""
    parser.add_argument("file", nargs="?", type=Path, help="file to write (made of the date)")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the backup and read it again."""
    from handsel.site.cli import saving

    output = Output(as_json=arguments.json)
    now = SystemClock().now()
    target: Path = arguments.file or Path(f"handsel-{now:%Y-%m-%d-%H%M%S}.backup")
    if target.exists():
        raise CouldNotRun(f"{target} exists; a backup overwrites nothing.")
    if not target.absolute().parent.is_dir():
        raise CouldNotRun(f"There is no folder {target.absolute().parent}.")
    surroundings.prepare()
    with (
        saving.full_sight() as (address, embedded),
        output.progress("Writing the backup") as progress,
    ):
        manifest = saving.save(address, target, now=now, embedded=embedded, progress=progress)
    rows = sum(manifest.rows.values())
    output.say(f"{target}: {rows:,} rows of {len(manifest.rows)} tables, read again and whole.")
    output.result({"file": str(target), "rows": manifest.rows, "sha256": manifest.sha256})
    return codes.OK
