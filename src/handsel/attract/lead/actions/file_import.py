"""Files of leads, in chunks: killed anywhere and started again, nothing is lost or doubled.

Each chunk is one transaction: it locks the import's row, reads on from `next_row`, writes leads,
refused rows and the new `next_row` together. A lead is known by (source name, external id), so a
file imported twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from handsel.attract.lead import queries
from handsel.attract.lead.actions.file_leads import write_leads
from handsel.attract.lead.actions.file_preview import (
    ReadRow,
    check_source,
    count_rows,
    known_ids,
    mapping_for,
    numbered,
    read_row,
    reading_for,
)
from handsel.attract.lead.errors import ImportEnded
from handsel.attract.lead.events import LeadImportFinished
from handsel.attract.lead.models import LeadImport, RefusedRow
from handsel.attract.lead.rules import file_rows
from handsel.attract.lead.rules.file_rows import Reading, RowReader, RowValues
from handsel.ground.party.models import Seller
from handsel.ground.party.queries import get_seller
from handsel.ground.platform import log, spreadsheet, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import LongTask

CHUNK = 2000

Progress = Callable[[int, int], None]


@transaction.atomic
def start_import(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    content: bytes,
    file_name: str,
    source_name: str,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    is_draft: bool = False,
) -> LeadImport:
    """Keep the file and get ready to read it; an unfinished import of the same file is taken up.

    Nothing is imported yet: `run_import` does that, here or in a worker. A draft may have no
    mapping yet; `remap_import` gives it one.
    """
    seller = get_seller(actor, seller_id)
    check_source(source_name)
    reading = reading_for(content, seller, options or {})
    header, rows = file_rows.open_rows(content, reading)
    used = mapping_for(header, source_name, mapping or {})
    if not is_draft:
        file_rows.check_mapping(used, header)
    kept = store.keep(content, name=file_name, media_type="text/csv", now=now)
    unfinished = _unfinished(seller, source_name, used, reading, kept.sha256)
    if unfinished is not None:
        return unfinished
    task = LongTask.objects.create(
        kind="lead_import",
        label=file_name[:200],
        total=count_rows(rows),
        source_file=kept,
        started_by_id=actor.user_id,
        created_at=now,
    )
    return LeadImport.objects.create(
        seller=seller,
        task=task,
        source_name=source_name,
        mapping=used,
        options=asdict(reading),
        created_at=now,
    )


def _unfinished(
    seller: Seller, source_name: str, mapping: dict[str, str], reading: Reading, sha256: str
) -> LeadImport | None:
    return (
        LeadImport.objects.select_for_update(of=("self",))
        .select_related("task")
        .filter(
            seller=seller,
            source_name=source_name,
            mapping=mapping,
            options=asdict(reading),
            task__source_file__sha256=sha256,
            task__state__in=["waiting", "running", "failed"],
        )
        .order_by("pk")
        .first()
    )


@transaction.atomic
def remap_import(
    *,
    actor: Actor,
    now: datetime,
    import_id: int,
    mapping: Mapping[str, str],
    options: Mapping[str, str] | None = None,
) -> LeadImport:
    """Change how a file is read, before the first row is. Raises ImportEnded after that."""
    found = queries.get_import(actor, import_id)
    row = LeadImport.objects.select_for_update().get(pk=found.pk)
    if row.next_row or found.task.state != "waiting":
        raise ImportEnded("this import has begun; its columns cannot be changed any more")
    content = store.read(found.task.source_file_id) if found.task.source_file_id else b""
    reading = reading_for(content, found.seller, {**found.options, **(options or {})})
    header, _ = file_rows.open_rows(content, reading)
    found.mapping = file_rows.check_mapping(mapping, header)
    found.options = asdict(reading)
    found.save(update_fields=["mapping", "options"])
    return found


def run_import(
    *,
    actor: Actor,
    now: datetime,
    import_id: int,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> LeadImport:
    """Read the file from where it stands to its end; returns the import with its counts.

    Several runners share the work safely. Raises ImportEnded for an import that was stopped.
    """
    found = queries.get_import(actor, import_id)
    if found.task.state == "stopped":
        raise ImportEnded("this import was stopped; start it again with the file")
    content = store.read(found.task.source_file_id) if found.task.source_file_id else b""
    reading = Reading(**found.options)
    header, rows = file_rows.open_rows(content, reading)
    reader = RowReader(header, found.mapping, reading)
    LongTask.objects.filter(pk=found.task_id, state__in=["waiting", "failed"]).update(
        state="running"
    )
    position = 0
    while True:
        with transaction.atomic():
            row = LeadImport.objects.select_for_update().get(pk=import_id)
            if row.next_row < position:
                raise ImportEnded("this import went back; it is running in another version")
            batch = list(islice(rows, row.next_row - position, row.next_row - position + chunk))
            position = row.next_row + len(batch)
            if not batch:
                return _finish(row, actor=actor, now=now)
            _write_chunk(row, reader, batch, actor=actor, now=now)
        if progress is not None:
            progress(position, found.task.total)


def _write_chunk(
    row: LeadImport, reader: RowReader, batch: list[list[str]], *, actor: Actor, now: datetime
) -> None:
    read = [read_row(reader, n, cells, now=now) for n, cells in numbered(iter(batch), row.next_row)]
    refused = [one for one in read if one.values is None]
    seller = Seller.objects.get(pk=row.seller_id)
    # Two imports of one source would otherwise both find an id unknown.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [f"lead_import:{row.source_name}", seller.pk],
        )
    known = known_ids(seller.pk, row.source_name, [one.external_id for one in read if one.values])
    fresh: dict[str, RowValues] = {}
    for one in read:
        if one.values is not None and one.external_id not in known:
            fresh.setdefault(one.external_id, one.values)
    write_leads(seller, row.source_name, list(fresh.values()), actor=actor, now=now)
    RefusedRow.objects.bulk_create(
        RefusedRow(lead_import=row, row_number=one.number, reason=one.reason, cells=_plain(one))
        for one in refused
    )
    row.next_row += len(batch)
    row.added += len(fresh)
    row.refused += len(refused)
    row.known += len(batch) - len(fresh) - len(refused)
    row.save(update_fields=["next_row", "added", "refused", "known"])
    if not LongTask.objects.filter(pk=row.task_id, state="running").update(done=row.next_row):
        raise ImportEnded("this import was stopped")


def _plain(one: ReadRow) -> list[str]:
    return [cell.replace("\x00", "")[:2000] for cell in one.cells]


def _finish(row: LeadImport, *, actor: Actor, now: datetime) -> LeadImport:
    """Close the task once, with the file of refused rows."""
    task = LongTask.objects.select_for_update().get(pk=row.task_id)
    if task.state != "done":
        task.state, task.done, task.finished_at = "done", row.next_row, now
        task.summary = {"added": row.added, "known": row.known, "refused": row.refused}
        if row.refused:
            task.refused_file = store.keep(
                refused_csv(row),
                name=f"refused-{task.label}"[:200],
                media_type="text/csv",
                now=now,
            )
        task.save()
        event = LeadImportFinished(row.pk, row.added, row.known, row.refused)
        log.announce(event, actor=actor, now=now)
    row.task = task
    return row


def refused_csv(row: LeadImport) -> bytes:
    """The refused rows as CSV: row number, reason, then the cells as they were."""
    rows = ((one.row_number, one.reason, *one.cells) for one in queries.refused_rows(row))
    return spreadsheet.csv_bytes(["row", "reason", "cells as they were"], rows)


@transaction.atomic
def stop_import(*, actor: Actor, now: datetime, import_id: int) -> None:
    """Stop a running import; what it has added stays."""
    found = queries.get_import(actor, import_id)
    changed = LongTask.objects.filter(
        pk=found.task_id, state__in=["waiting", "running", "failed"]
    ).update(state="stopped", finished_at=now)
    if not changed:
        raise ImportEnded("this import has ended already")


def note_failure(*, actor: Actor, now: datetime, import_id: int) -> None:
    """Show that an import broke off; it is taken up where it stood, by hand or by the next try."""
    found = queries.get_import(actor, import_id)
    begun = LongTask.objects.filter(pk=found.task_id, state__in=["waiting", "running"])
    begun.update(state="failed")


def summary(row: LeadImport) -> dict[str, Any]:
    """The counts of an import, for a program to read."""
    return {
        "import_id": row.pk,
        "rows": row.next_row,
        "added": row.added,
        "known": row.known,
        "refused": row.refused,
    }
