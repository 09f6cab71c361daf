"""The file a backup is: whole or refused."""

import stat
from pathlib import Path

import pytest

from handsel.site.cli import archive, pg_tools
from handsel.site.cli.archive import Manifest
from handsel.site.cli.codes import CouldNotRun

CONTENT = bytes(range(256)) * 300


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    dump = tmp_path / "some.dump"
    dump.write_bytes(CONTENT)
    digest = archive.sha256(dump)
    manifest = Manifest("2026-03-01T08:00:00+00:00", 180006, "s", {"a": 2}, digest, len(CONTENT))
    target = tmp_path / "one.backup"
    archive.write(target, manifest, dump)
    return target


def test_what_was_written_is_read(saved: Path, tmp_path: Path) -> None:
    manifest = archive.read_manifest(saved)
    assert manifest.rows == {"a": 2}
    archive.extract_dump(saved, manifest, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == CONTENT


def test_it_is_for_us_only_and_nothing_half_done_stays(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert not list(saved.parent.glob("*.part"))


def test_nothing_is_overwritten(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        archive.write(saved, archive.read_manifest(saved), tmp_path / "some.dump")


@pytest.mark.parametrize("at", [3000, 40_000, 70_000])
def test_one_changed_byte_is_noticed(saved: Path, tmp_path: Path, at: int) -> None:
    content = bytearray(saved.read_bytes())
    content[at] ^= 0xFF
    saved.write_bytes(content)
    with pytest.raises(CouldNotRun, match="damaged"):
        archive.extract_dump(saved, archive.read_manifest(saved), tmp_path / "again")


@pytest.mark.parametrize("length", [0, 100, 2000, 30_000])
def test_a_cut_file_is_noticed(saved: Path, tmp_path: Path, length: int) -> None:
    saved.write_bytes(saved.read_bytes()[:length])
    with pytest.raises(CouldNotRun, match=r"damaged|no backup"):
        archive.extract_dump(saved, archive.read_manifest(saved), tmp_path / "again")


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir")
    with pytest.raises(CouldNotRun, match="no backup"):
        archive.read_manifest(other)
    with pytest.raises(CouldNotRun, match="no backup"):
        archive.read_manifest(tmp_path / "absent")


def test_passwords_go_by_the_environment() -> None:
    environ = pg_tools.environment("postgresql://ann:secret@db.test:5433/deals?sslmode=require")
    named = {name: value for name, value in environ.items() if name.startswith("PG")}
    assert named == {
        "PGUSER": "ann",
        "PGPASSWORD": "secret",
        "PGHOST": "db.test",
        "PGPORT": "5433",
        "PGDATABASE": "deals",
        "PGSSLMODE": "require",
    }


def test_a_program_older_than_the_server_is_not_used() -> None:
    assert pg_tools.program("pg_dump", server_major=15, embedded=True)
    with pytest.raises(CouldNotRun, match="PostgreSQL 99"):
        pg_tools.program("pg_dump", server_major=99, embedded=True)
