"""The embedded server: shared, stopped by the last, found again after a kill, never mistaken."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from handsel.ground.platform.database import (
    DatabaseUnavailable,
    EmbeddedProvider,
    UrlProvider,
    choose_provider,
)
from handsel.ground.platform.database.postmaster import running
from handsel.ground.platform.database.runner import Runner

START_AND_HANG = """
import sys
from pathlib import Path
from handsel.ground.platform.database import EmbeddedProvider
provider = EmbeddedProvider(Path(sys.argv[1]), durable="durable" in sys.argv)
provider.start()
print(provider.pid, flush=True)
sys.stdin.read()
"""


def one_value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def keep_a_row(provider: EmbeddedProvider) -> None:
    with psycopg.connect(provider.url("owner")) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('here')")


def killed_holder(home: Path, word: str = "durable") -> int:
    """Start the server from another process and kill that process; the server's process id."""
    command = [sys.executable, "-c", START_AND_HANG, str(home), word]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    server = int(holder.stdout.readline())
    holder.kill()
    holder.communicate()
    return server


@pytest.fixture(autouse=True)
def _source_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3] / "src"))


def test_program_connects_by_socket_as_a_weak_role(provider: EmbeddedProvider) -> None:
    assert one_value(provider.url("app"), "SELECT current_user") == "handsel_app"
    assert one_value(provider.url("app"), "SHOW listen_addresses") == ""
    assert one_value(provider.url("app"), "SHOW synchronous_commit") == "on"
    assert one_value(provider.url("app"), "SHOW server_encoding") == "UTF8"


def test_a_durable_server_syncs(home: Path) -> None:
    durable = EmbeddedProvider(home)
    durable.start()
    settings = [one_value(durable.url("app"), f"SHOW {name}") for name in ("fsync", "wal_level")]
    durable.stop()
    assert settings == ["on", "replica"]


def test_the_last_user_stops_the_server(home: Path, provider: EmbeddedProvider) -> None:
    second = EmbeddedProvider(home, durable=False)
    second.start()
    assert second.pid == provider.pid
    provider.stop()
    assert one_value(second.url("app"), "SELECT 1") == 1
    second.stop()
    assert running(home / "postgres" / "data") is None


def test_stopping_twice_does_no_harm(provider: EmbeddedProvider) -> None:
    provider.stop()
    provider.stop()


def test_data_survives_a_killed_server(home: Path, provider: EmbeddedProvider) -> None:
    keep_a_row(provider)
    assert provider.pid is not None
    victim = psutil.Process(provider.pid)
    victim.kill()
    victim.wait(10)
    again = EmbeddedProvider(home, durable=False)
    again.start()
    assert one_value(again.url("owner"), "SELECT word FROM kept") == "here"
    again.stop()


def test_a_server_left_by_a_killed_program_is_used_on_and_stopped(home: Path) -> None:
    left_behind = killed_holder(home)
    assert psutil.pid_exists(left_behind)
    found = EmbeddedProvider(home, durable=False)
    found.start()
    assert found.pid == left_behind
    found.stop()
    assert not psutil.pid_exists(left_behind)


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv here")
def test_a_throwaway_server_ends_with_a_killed_test_run(home: Path) -> None:
    server = psutil.Process(killed_holder(home, "throwaway"))
    server.wait(10)
    assert running(home / "postgres" / "data") is None


def test_a_process_id_given_to_another_program_does_not_block(home: Path) -> None:
    first = EmbeddedProvider(home, durable=False)
    first.start()
    keep_a_row(first)
    first.stop()
    data = home / "postgres" / "data"
    runner = Runner.here()
    sleeper = runner.popen(["sleep", "60"], log=subprocess.DEVNULL)
    lines = [str(sleeper.pid), str(data), "1", "5432", "/nowhere", "", "1 1", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    again = EmbeddedProvider(home, durable=False)
    again.start()
    word = one_value(again.url("owner"), "SELECT word FROM kept")
    again.stop()
    assert sleeper.poll() is None, "the stranger must be left alone"
    sleeper.kill()
    sleeper.wait()
    assert word == "here"


def test_erase_refuses_while_in_use_and_starts_over(home: Path, provider: EmbeddedProvider) -> None:
    keep_a_row(provider)
    with pytest.raises(DatabaseUnavailable, match="in use"):
        EmbeddedProvider(home, durable=False).erase()
    provider.stop()
    EmbeddedProvider(home, durable=False).erase()
    provider.start()
    assert one_value(provider.url("owner"), "SELECT to_regclass('kept')") is None


def test_erase_stops_a_server_nobody_uses(home: Path) -> None:
    left_behind = killed_holder(home)
    EmbeddedProvider(home, durable=False).erase()
    assert not psutil.pid_exists(left_behind)


def test_data_of_another_version_is_refused_with_the_way_out(home: Path) -> None:
    server = EmbeddedProvider(home, durable=False)
    server.start()
    server.stop()
    (home / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL 12 .* backup"):
        server.start()


def test_a_failed_start_shows_the_end_of_the_log(home: Path) -> None:
    server = EmbeddedProvider(home, durable=False)
    server.start()
    server.stop()
    with (home / "postgres" / "data" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailable, match="no_such_setting"):
        server.start()


def test_a_temporary_folder_with_a_long_name_is_no_obstacle(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = home.parent / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    server = EmbeddedProvider(home, durable=False)
    server.start()
    assert one_value(server.url("app"), "SELECT 1") == 1
    server.stop()


def test_the_socket_is_nobody_elses(provider: EmbeddedProvider) -> None:
    folder = Path(str(conninfo_to_dict(provider.url("app"))["host"]))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == Runner.here().uid


def test_nothing_stays_behind_in_the_temporary_folder(provider: EmbeddedProvider) -> None:
    folder = Path(str(conninfo_to_dict(provider.url("app"))["host"]))
    provider.stop()
    assert not folder.exists()


def test_a_terminals_interrupt_does_not_reach_the_server(provider: EmbeddedProvider) -> None:
    assert provider.pid is not None
    assert os.getpgid(provider.pid) != os.getpgid(0)


def test_a_named_server_is_checked_but_left_running(provider: EmbeddedProvider) -> None:
    chosen = choose_provider(Path("unused"), {"DATABASE_URL": provider.url("app")})
    assert isinstance(chosen, UrlProvider)
    chosen.start()
    chosen.stop()
    assert chosen.url("owner") == chosen.url("app")
    with pytest.raises(DatabaseUnavailable, match="administrator"):
        chosen.url("admin")
    assert one_value(provider.url("app"), "SELECT 1") == 1


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    absent = UrlProvider("postgresql://ann:secret@localhost:1/handsel")
    with pytest.raises(DatabaseUnavailable) as caught:
        absent.start()
    assert "secret" not in str(caught.value)
    assert "localhost:1/handsel" in str(caught.value)


def test_without_an_address_the_embedded_server_is_chosen(home: Path) -> None:
    assert isinstance(choose_provider(home, {}), EmbeddedProvider)


def test_a_signal_while_starting_leaves_no_user_behind(home: Path) -> None:
    server = EmbeddedProvider(home, durable=False)
    server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGINT)
    psutil.Process(server.pid).wait(10)
    server.stop()
    server.start()
    assert one_value(server.url("app"), "SELECT 1") == 1
    server.stop()
