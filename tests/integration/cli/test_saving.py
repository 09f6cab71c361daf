"""What was saved comes back, whole or not at all, and reaches nobody."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from handsel.ground.platform.database import EmbeddedProvider, roles
from handsel.site.cli import codes
from tests.integration.cli.conftest import Run


@contextmanager
def database(home: Path, role: str = "app") -> Iterator[psycopg.Connection]:
    provider = EmbeddedProvider(home)
    provider.start()
    admin = make_conninfo(provider.url("admin"), dbname=roles.DATABASE)
    address = provider.url("app") if role == "app" else admin
    try:
        with psycopg.connect(address) as connection:
            yield connection
    finally:
        provider.stop()


@pytest.fixture
def series(home: Path, handsel: Run) -> Callable[[], list[tuple[str, int]]]:
    """Numbered series, two of them written; a function that reads them."""
    with database(home) as connection:
        connection.execute("DELETE FROM platform_numberseries")
        connection.execute(
            "INSERT INTO platform_numberseries (seller_id, kind, year, last_number) "
            "VALUES (1, 'invoice', 2026, 41), (1, 'Gutschrift „ß“', 2026, 7)"
        )

    def read() -> list[tuple[str, int]]:
        with database(home) as connection:
            query = "SELECT kind, last_number FROM platform_numberseries ORDER BY last_number"
            return connection.execute(query).fetchall()

    return read


SERIES = [("Gutschrift „ß“", 7), ("invoice", 41)]


@pytest.fixture
def backup(home: Path, handsel: Run, series: Callable[[], object], tmp_path: Path) -> Path:
    target = tmp_path / "all of it.backup"
    done = handsel("backup", str(target), "--json")
    assert done.returncode == codes.OK, done.stderr
    assert json.loads(done.stdout)["rows"]["platform_numberseries"] == 2
    return target


def test_restored_rows_are_those_saved_and_held_in_quarantine(
    home: Path, handsel: Run, series: Callable[[], object], backup: Path
) -> None:
    with database(home) as connection:
        connection.execute("UPDATE platform_numberseries SET last_number = 99")
    done = handsel("restore", str(backup), "--replace", "--json")
    assert done.returncode == codes.OK, done.stderr
    assert json.loads(done.stdout)["quarantined"]
    assert series() == SERIES
    state = "SELECT quarantined_at IS NOT NULL, quarantine_reason FROM platform_installationstate"
    with database(home) as connection:
        held, reason = connection.execute(state).fetchone() or (None, "")
    assert held
    assert reason.startswith("restored from a backup of 20")
    assert "leave the house again" in handsel("restore", "--release").stdout
    assert "Not held" in handsel("restore", "--release").stdout
    assert handsel("migrate", "--check").returncode == codes.OK


def test_the_program_works_with_what_was_restored_and_may_not_more(
    home: Path, handsel: Run, backup: Path
) -> None:
    assert handsel("restore", str(backup), "--replace").returncode == codes.OK
    with database(home) as connection:
        owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(owners).fetchall() == [("handsel_owner",)]
        connection.execute("UPDATE platform_numberseries SET last_number = last_number + 1")
        insert = (
            "INSERT INTO platform_numberseries (seller_id, kind, year, last_number) "
            "VALUES (2, 'x', 2026, 0) RETURNING id"
        )
        assert connection.execute(insert).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("TRUNCATE platform_numberseries")


def test_guarding_triggers_are_restored(home: Path, handsel: Run, backup: Path) -> None:
    query = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%' AND tgenabled = 'O'"
    with database(home) as connection:
        before = connection.execute(query).fetchone()
    assert handsel("restore", str(backup), "--replace").returncode == codes.OK
    with database(home) as connection:
        assert connection.execute(query).fetchone() == before
    assert before is not None
    assert before[0] > 0


def test_a_full_database_is_not_filled(
    handsel: Run, series: Callable[[], object], backup: Path
) -> None:
    done = handsel("restore", str(backup))
    assert done.returncode == codes.COULD_NOT_RUN
    assert "fills an empty one" in done.stderr
    assert series() == SERIES


def test_a_damaged_backup_changes_nothing(
    handsel: Run, series: Callable[[], object], backup: Path
) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)
    done = handsel("restore", str(backup), "--replace")
    assert done.returncode == codes.COULD_NOT_RUN
    assert "damaged" in done.stderr
    assert series() == SERIES


def test_rows_that_are_missing_end_the_transaction(
    home: Path, handsel: Run, backup: Path, tmp_path: Path
) -> None:
    from handsel.site.cli import archive

    manifest = archive.read_manifest(backup)
    manifest.rows["platform_numberseries"] += 1
    dump = tmp_path / "x.dump"
    archive.extract_dump(backup, manifest, dump)
    lying = tmp_path / "lying.backup"
    archive.write(lying, manifest, dump)
    done = handsel("restore", str(lying), "--replace")
    assert done.returncode == codes.COULD_NOT_RUN
    assert "platform_numberseries has not its 3 rows" in done.stderr
    with database(home, "admin") as connection:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchone() == (0,)
    assert handsel("restore", str(backup)).returncode == codes.OK


def test_a_backup_overwrites_nothing(handsel: Run, backup: Path) -> None:
    before = backup.read_bytes()
    done = handsel("backup", str(backup))
    assert done.returncode == codes.COULD_NOT_RUN
    assert backup.read_bytes() == before
