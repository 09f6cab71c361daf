"""Writes a database into a backup file; the work of `backup`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from handsel.site.cli import archive, pg_tools, surroundings
from handsel.site.cli.archive import Manifest
from handsel.site.cli.output import Progress

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SCHEMA = "SELECT obj_description(to_regclass('public.django_migrations'), 'pg_class')"


@contextmanager
def full_sight() -> Iterator[tuple[str, bool]]:
    """The address of the program's database for a role that sees every row; whether it is ours."""
    from handsel.ground.platform.database import EmbeddedProvider, roles

    with surroundings.database("owner") as provider:
        if isinstance(provider, EmbeddedProvider):
            yield make_conninfo(provider.url("admin"), dbname=roles.DATABASE), True
        else:
            yield os.environ.get("DATABASE_BACKUP_URL") or provider.url("owner"), False


def save(
    address: str, target: Path, *, now: datetime, embedded: bool, progress: Progress
) -> Manifest:
    """Write the database at `address` into `target`; what was written, verified by reading it."""
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        dump = Path(folder, archive.DUMP)
        with psycopg.connect(address) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            manifest = _dump(connection, address, dump, now=now, embedded=embedded)
        progress(what="packing")
        archive.write(target, manifest, dump)
        progress(what="reading it again")
        again = Path(folder, "again.dump")
        archive.extract_dump(target, archive.read_manifest(target), again)
        major = manifest.postgresql // 10000
        lister = pg_tools.program("pg_restore", server_major=major, embedded=embedded)
        pg_tools.run("Reading the backup", [lister, "--list", str(again)], os.environ)
    return manifest


def _dump(
    connection: psycopg.Connection, address: str, dump: Path, *, now: datetime, embedded: bool
) -> Manifest:
    """Dump and count in one snapshot, so that the counts are those of the dump."""
    snapshot = _one(connection, "SELECT pg_export_snapshot()")
    version = connection.info.server_version
    command = [
        pg_tools.program("pg_dump", server_major=version // 10000, embedded=embedded),
        "--format=custom",
        f"--snapshot={snapshot}",
        f"--file={dump}",
    ]
    pg_tools.run("pg_dump", command, pg_tools.environment(address))
    return Manifest(
        made_at=now.astimezone(UTC).isoformat(),
        postgresql=version,
        schema=str(_one(connection, _SCHEMA) or ""),
        rows=count_rows(connection),
        sha256=archive.sha256(dump),
        size=dump.stat().st_size,
    )


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Rows of every table, by its name."""
    names = [str(row[0]) for row in connection.execute(_TABLES).fetchall()]
    counts: dict[str, int] = {}
    for name in names:
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        row = connection.execute(query).fetchone()
        counts[name] = int(row[0]) if row else 0
    return counts


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
