"""`./handsel import leads FILE` and `import outcomes FILE`: preview, progress, refused rows."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from handsel.attract.lead import actions as leads
from handsel.attract.lead import queries
from handsel.attract.opportunity import actions as opportunities
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.spreadsheet import csv_bytes
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

MOST_SHOWN = 20
REFUSED_HEAD = ("row", "reason", "cells as they were")


def bring_in_leads(content: bytes, path: Path, given: argparse.Namespace, output: Output) -> int:
    """Import leads, or only show what would happen; 1 when rows were refused.

    An import that was interrupted is taken up where it stood: call it again the same way.
    """
    seller, actor = _who(given)
    now = SystemClock().now()
    wanted: dict[str, Any] = {
        "actor": actor,
        "now": now,
        "seller_id": seller.pk,
        "content": content,
        "source_name": given.source,
        "mapping": _mapping(given),
        "options": _options(given),
    }
    if given.preview:
        return _preview(leads.preview_import(**wanted), output)
    begun = leads.start_import(file_name=path.name, **wanted)
    if begun.next_row:
        output.say(f"Taken up at row {begun.next_row + 2}.")
    with output.progress(f"Importing {path.name}") as progress:
        done = leads.run_import(actor=actor, now=now, import_id=begun.pk, progress=progress)
    counts = leads.summary(done)
    output.say("{added} added, {known} known already, {refused} refused.".format(**counts))
    rows = queries.refused_rows(done).values_list("row_number", "reason", "cells")
    refused = [(number, reason, *cells) for number, reason, cells in rows]
    kept = _keep_refused(refused, path, given, output)
    output.result({"file": str(path), **counts, "refused_file": kept})
    return codes.FINDINGS if refused else codes.OK


def _preview(preview: leads.Preview, output: Output) -> int:
    how, plural = preview.reading, "" if preview.total == 1 else "s"
    mark = "tab" if how.delimiter == "\t" else f'"{how.delimiter}"'
    output.say(
        f"{preview.total} row{plural}, read as {how.encoding}, columns parted by {mark}, "
        f"dates as {how.date_order}, times of {how.zone}"
    )
    pairs = [(column, preview.mapping.get(column, "left out")) for column in preview.header]
    output.table(("column", "field"), pairs)
    output.say()
    rows = [(row.row_number, row.outcome, row.reason or _said(row.values)) for row in preview.rows]
    output.table(("row", "would be", "what it says"), rows)
    output.say("\nNothing was imported. Leave out --preview to do it.")
    output.result(
        {
            "total": preview.total,
            "mapping": preview.mapping,
            "reading": asdict(preview.reading),
            "rows": [asdict(row) for row in preview.rows],
        }
    )
    refused = any(row.outcome == "refuse" for row in preview.rows)
    return codes.FINDINGS if refused else codes.OK


def _said(values: dict[str, str]) -> str:
    shown = {name: text for name, text in values.items() if name != "language"}
    return " · ".join(text[:40] for text in shown.values())[:100]


def bring_in_outcomes(content: bytes, path: Path, given: argparse.Namespace, output: Output) -> int:
    """Enter won deals of leads imported before; 1 when rows were refused."""
    seller, actor = _who(given)
    with output.progress(f"Entering {path.name}") as progress:
        done = opportunities.import_outcomes(
            actor=actor,
            now=SystemClock().now(),
            seller_id=seller.pk,
            content=content,
            source_name=given.source,
            mapping=_mapping(given),
            options=_options(given),
            dry_run=given.preview,
            progress=progress,
        )
    counts = done.as_dict()
    word = "would be " if given.preview else ""
    output.say(
        f"{counts['won']} {word}won, {counts['known']} known already, {counts['refused']} refused."
    )
    if counts["won_before_asked"]:
        output.say(f"{counts['won_before_asked']} are dated before their inquiry.")
    refused = [(number, reason, *cells) for number, reason, cells in done.refused]
    kept = "" if given.preview else _keep_refused(refused, path, given, output)
    for number, reason, *_ in refused[:MOST_SHOWN]:
        output.say(f"  row {number}: {reason}")
    output.result({"file": str(path), **counts, "refused_file": kept})
    return codes.FINDINGS if refused else codes.OK


def _who(given: argparse.Namespace) -> tuple[Seller, Actor]:
    sellers = list(Seller.objects.order_by("pk"))
    chosen = [one for one in sellers if given.seller in (None, one.pk)]
    if not chosen:
        names = ", ".join(f"{one.pk} {one.name}" for one in sellers) or "none yet"
        raise CouldNotRun(f"There is no such seller; there are: {names}.")
    return chosen[0], Actor.system("command line", seller_ids=[chosen[0].pk])


def _mapping(given: argparse.Namespace) -> dict[str, str]:
    pairs = [text.rpartition("=") for text in given.map]
    wrong = [text for text in given.map if "=" not in text]
    if wrong:
        raise CouldNotRun(f"--map takes COLUMN=FIELD, not {wrong[0]}")
    return {column: field for column, _, field in pairs}


def _options(given: argparse.Namespace) -> dict[str, str]:
    delimiter = {"tab": "\t"}.get(given.delimiter, given.delimiter)
    named = {
        "date_order": given.date_order,
        "encoding": given.encoding,
        "delimiter": delimiter,
    }
    return {name: text for name, text in named.items() if text}


def _keep_refused(
    refused: Sequence[Iterable[Any]], path: Path, given: argparse.Namespace, output: Output
) -> str:
    """Write the refused rows beside the file (or where --refused says); where they are."""
    if not refused:
        return ""
    target = Path(given.refused or f"{path.stem}.refused.csv")
    try:
        target.write_bytes(csv_bytes(REFUSED_HEAD, [tuple(row) for row in refused]))
    except OSError as error:
        raise CouldNotRun(
            f"The rest is imported, but {target} cannot be written: {error.strerror}. "
            "Name another file with --refused."
        ) from error
    output.say(f"Refused rows with their reasons: {target}")
    return str(target)
