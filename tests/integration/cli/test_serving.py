"""`serve` answers soon, refuses what is unsafe, and leaves nothing running."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from handsel.ground.platform.database.postmaster import running
from handsel.site.cli import codes
from tests.integration.cli.conftest import Run, environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "handsel.site.cli", *words]
    return subprocess.Popen(
        command,
        env={**environment(home), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def status(port: int, process: subprocess.Popen[str], path: str) -> int:
    """The status of a page, once somebody answers."""
    while process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    raise AssertionError(process.stdout.read() if process.stdout else "")


@pytest.fixture
def served(home: Path, handsel: Run) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = start(home, "serve", "--port", str(port), "--workers", "1")
    yield process, port
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_end_leaves_nothing_running(
    home: Path, served: tuple[subprocess.Popen[str], int], number: int
) -> None:
    process, port = served
    assert status(port, process, "/sign-in/login/") < 500
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.send_signal(number)
    process.wait(60)
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    assert running(home / "postgres" / "data") is None


def test_a_taken_port_is_said(home: Path, handsel: Run) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        done = handsel("serve", "--port", str(listener.getsockname()[1]))
    assert done.returncode == codes.COULD_NOT_RUN
    assert "is taken" in done.stderr


def test_production_is_told_every_reason_not_to_start(handsel: Run) -> None:
    port = str(free_port())
    done = handsel("serve", "--port", port, HANDSEL_ENV="production", DEBUG="1", SECRET_KEY="short")
    assert done.returncode == codes.COULD_NOT_RUN
    for reason in ("DEBUG is on", "SECRET_KEY is shorter", "PUBLIC_BASE_URL"):
        assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_production_without_a_named_database_is_refused(home: Path, handsel: Run) -> None:
    port = str(free_port())
    done = handsel("serve", "--port", port, HANDSEL_ENV="production", HANDSEL_HOME="")
    assert done.returncode == codes.COULD_NOT_RUN
    assert "DATABASE_URL" in done.stderr


def test_a_server_that_does_not_answer_is_said_without_a_trace(handsel: Run) -> None:
    done = handsel("migrate", DATABASE_URL="postgresql://ann:secret@localhost:1/deals")
    assert done.returncode == codes.COULD_NOT_RUN
    assert "does not answer" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_the_shell_runs_a_line(handsel: Run) -> None:
    line = "from django.db import connection as c; print(c.vendor)"
    assert handsel("shell", "-c", line).stdout.splitlines()[-1] == "postgresql"
