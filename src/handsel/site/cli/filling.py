"""Fills an empty database from a dump; the work of `restore`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from handsel.site.cli import archive, pg_tools, saving
from handsel.site.cli.archive import Manifest
from handsel.site.cli.codes import CouldNotRun

# Newer programs switch off a time-out that older servers do not know.
UNKNOWN_TO_OLD_SERVERS = b"SET transaction_timeout"
HEADER_LINES = 40

_QUARANTINE = """
INSERT INTO public.platform_installationstate
    (singleton, installation_id, quarantined_at, quarantine_reason)
VALUES (true, gen_random_uuid(), now(), {reason})
ON CONFLICT (singleton) DO UPDATE SET installation_id = excluded.installation_id,
    quarantined_at = excluded.quarantined_at, quarantine_reason = excluded.quarantine_reason;
"""


def fill(address: str, dump: Path, manifest: Manifest, *, reason: str, embedded: bool) -> None:
    """Fill an empty database in one transaction: tables, rows, their count, rules, quarantine."""
    environ = pg_tools.environment(address)
    major = _server_major(address)
    psql = pg_tools.program("psql", server_major=major, embedded=embedded)
    reader = pg_tools.program("pg_restore", server_major=major, embedded=embedded)
    command = [psql, "--single-transaction", "--no-psqlrc", "--quiet", "--file=-"]
    command += ["--set=ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        )
        try:
            with process.stdin or tempfile.TemporaryFile() as script:
                if embedded:
                    script.write(b"SET ROLE handsel_owner;\n")
                _write_script(script, [reader, str(dump)], manifest, reason)
        except BrokenPipeError:
            pass  # psql gave up; its words say why
        except BaseException:
            process.kill()  # the transaction ends with it
            raise
        finally:
            code = process.wait()
        if code != 0:
            words.seek(0)
            raise CouldNotRun(f"Restoring failed, nothing was changed:\n{words.read().decode()}")


def _write_script(script: IO[bytes], reader: list[str], manifest: Manifest, reason: str) -> None:
    """Rows are counted before row security is on, which would hide them even from the owner."""
    for section in ("pre-data", "data", "post-data"):
        command = [*reader, "--file=-", "--no-owner", f"--section={section}"]
        _copy_section(command, script)
        if section == "data":
            script.writelines(_counts_or_fail(manifest))
    script.write(_plain(sql.SQL(_QUARANTINE).format(reason=sql.Literal(reason))))


def _copy_section(command: list[str], script: IO[bytes]) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        if process.stdout is None:
            raise CouldNotRun("the backup cannot be read")
        for _ in range(HEADER_LINES):
            line = process.stdout.readline()
            if not line.startswith(UNKNOWN_TO_OLD_SERVERS):
                script.write(line)
        shutil.copyfileobj(process.stdout, script, archive.CHUNK_BYTES)
    if process.returncode != 0:
        raise CouldNotRun("The backup cannot be read to its end.")


def _counts_or_fail(manifest: Manifest) -> Iterator[bytes]:
    """Statements that end the transaction unless every table has the rows it had."""
    check = sql.SQL(
        "DO $$ BEGIN IF (SELECT count(*) FROM public.{table}) <> {rows} THEN "
        "RAISE EXCEPTION 'table % has not its {rows} rows', {name}; END IF; END $$;\n"
    )
    for name, rows in manifest.rows.items():
        parts = {
            "table": sql.Identifier(name),
            "rows": sql.Literal(rows),
            "name": sql.Literal(name),
        }
        yield _plain(check.format(**parts))


def _plain(statement: sql.Composed) -> bytes:
    return statement.as_bytes(None)


def refuse_full(address: str) -> None:
    with psycopg.connect(address) as connection:
        tables = saving.count_rows(connection)
    if tables:
        raise CouldNotRun(
            f"The database has {len(tables)} tables; a backup fills an empty one. "
            "(--replace erases Handsel's own database first.)"
        )


def erase(address: str, *, embedded: bool) -> None:
    """Make the embedded database anew. Another server's is not ours to erase."""
    from handsel.ground.platform.database import roles

    if not embedded:
        raise CouldNotRun("--replace is for Handsel's own database; make an empty one yourself.")
    maintenance = make_conninfo(address, dbname="postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        name = sql.Identifier(roles.DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        roles.create_database(connection)
    with psycopg.connect(address) as connection:
        roles.prepare_schema(connection)


def _server_major(address: str) -> int:
    with psycopg.connect(address) as connection:
        return connection.info.server_version // 10000
