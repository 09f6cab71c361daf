"""Fill an empty database from a backup. What is restored is in quarantine.

In quarantine nothing leaves the house (no mail, no webhook, no charge), so that a copy made for a
look writes to no customer. ./handsel restore --release ends it.

All of it happens in one transaction: a damaged or cut-off file leaves the database empty.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from handsel.ground.kernel.clock import SystemClock
from handsel.site.cli import archive, codes, surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, add_json_option

if TYPE_CHECKING:
    from handsel.site.cli.archive import Manifest


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `restore`."""
    parser.add_argument("file", nargs="?", type=Path, help="backup to read")
    parser.add_argument(
        "--replace", action="store_true", help="erase what Handsel's own database holds, first"
    )
    parser.add_argument("--release", action="store_true", help="end the quarantine")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Restore a file, or release what was restored."""
    from handsel.site.cli import filling, saving

    output = Output(as_json=arguments.json)
    if arguments.release:
        return release(output)
    if arguments.file is None:
        raise CouldNotRun("Name the backup to restore, or --release.")
    manifest = archive.read_manifest(arguments.file)
    surroundings.prepare()
    with tempfile.TemporaryDirectory() as folder, saving.full_sight() as (address, embedded):
        dump = Path(folder, archive.DUMP)
        with output.progress("Restoring") as progress:
            progress(what="checking the file")
            archive.extract_dump(arguments.file, manifest, dump)
            if arguments.replace:
                filling.erase(address, embedded=embedded)
            filling.refuse_full(address)
            progress(what="filling the database")
            reason = f"restored from a backup of {manifest.made_at}"
            filling.fill(address, dump, manifest, reason=reason, embedded=embedded)
    _report(output, manifest)
    return codes.OK


def release(output: Output) -> int:
    """Let the installation reach the outside again."""
    with surroundings.django():
        from handsel.ground.platform import installation

        ended = installation.release()
    output.say("Released: mail and the rest leave the house again." if ended else "Not held.")
    output.result({"released": ended, "at": SystemClock().now().isoformat()})
    return codes.OK


def _report(output: Output, manifest: Manifest) -> None:
    from handsel.site.cli import schema

    rows = sum(manifest.rows.values())
    output.say(f"Restored {rows:,} rows of {len(manifest.rows)} tables, as of {manifest.made_at}.")
    output.say("It is in quarantine: nothing leaves the house until ./handsel restore --release.")
    current = manifest.schema == schema.wanted()
    if not current:
        output.say("It was made by another version: run ./handsel migrate next.")
    output.result({"rows": manifest.rows, "quarantined": True, "current": current})
