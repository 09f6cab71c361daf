"""`./handsel import costs FILE` and `import agreements FILE`: lists whose columns are fields."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from handsel.bid.catalog import actions as catalog
from handsel.bid.price import actions as price
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.errors import HandselError
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.csv_table import Imported, decoded
from handsel.ground.platform.spreadsheet import csv_bytes
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

MOST_SHOWN = 20


def bring_in_costs(content: bytes, path: Path, given: Namespace, output: Output) -> int:
    """Set what products cost; the exit code says whether rows were refused."""
    return _bring_in(catalog.import_costs, content, path, given, output)


def bring_in_agreements(content: bytes, path: Path, given: Namespace, output: Output) -> int:
    """Agree prices with customers; the exit code says whether rows were refused."""
    return _bring_in(price.import_agreements, content, path, given, output)


def _bring_in(
    bring: Callable[..., Imported[Any]],
    content: bytes,
    path: Path,
    given: Namespace,
    output: Output,
) -> int:
    try:
        done = bring(
            actor=Actor.system("command line"),
            now=SystemClock().now(),
            text=decoded(content),
            mapping=mapping_of(given),
            decimal_mark=given.decimal_mark,
            is_trial=given.preview,
        )
    except HandselError as refusal:
        output.say(f"{path.name}: refused. {refusal}")
        output.result({"file": str(path), "refused": [{"line": 0, "reason": str(refusal)}]})
        return codes.FINDINGS
    would = "would be " if given.preview else ""
    output.say(
        f"{len(done.new)} {would}new, {len(done.changed)} {would}changed, "
        f"{done.known} known already, {len(done.refused)} refused."
    )
    rows = [(one.line_no, one.reason) for one in done.refused[:MOST_SHOWN]]
    if rows:
        output.table(("line", "why not"), rows)
    kept = "" if given.preview else _keep_refused(done, path, given, output)
    output.result(
        {
            "file": str(path),
            "preview": given.preview,
            "new": len(done.new),
            "changed": len(done.changed),
            "known": done.known,
            "refused": [
                {"line": one.line_no, "cells": list(one.cells), "reason": one.reason}
                for one in done.refused
            ],
            "refused_file": kept,
        }
    )
    return codes.FINDINGS if done.refused else codes.OK


def mapping_of(given: Namespace) -> dict[str, str]:
    """What the columns hold, as --map says it. Raises CouldNotRun."""
    wrong = [text for text in given.map if "=" not in text]
    if wrong:
        raise CouldNotRun(f"--map takes COLUMN=FIELD, not {wrong[0]}")
    pairs = (text.rpartition("=") for text in given.map)
    return {column: field for column, _, field in pairs}


def _keep_refused(done: Imported[Any], path: Path, given: Namespace, output: Output) -> str:
    """Write the refused rows as they were, the reason last; where they are."""
    if not done.refused:
        return ""
    target = Path(given.refused or f"{path.stem}.refused.csv")
    rows = [(*one.cells, one.reason) for one in done.refused]
    try:
        target.write_bytes(csv_bytes((*done.columns, "reason"), rows))
    except OSError as error:
        raise CouldNotRun(
            f"The rest is imported, but {target} cannot be written: {error.strerror}. "
            "Name another file with --refused."
        ) from error
    output.say(f"Refused rows with their reasons: {target}")
    return str(target)
