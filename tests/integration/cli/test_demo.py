"""The demo as a person starts it: filled once, found again, beside another, gone with Ctrl-C."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

from handsel.ground.platform.database.postmaster import running
from handsel.site.cli import codes
from tests.integration.cli.conftest import environment

pytestmark = pytest.mark.slow
LAST_WORDS = "Ctrl-C stops it."


def ignore_interrupts() -> None:
    """As a shell does for what it starts in its background, tests run by a script among it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Demo:
    """One running demo, read up to where it waits."""

    started: ClassVar[list["Demo"]] = []

    def __init__(self, home: Path, *words: str) -> None:
        self.started.append(self)
        self.family: list[psutil.Process] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "handsel.site.cli", "demo", *words],
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=ignore_interrupts,
        )
        assert self._process.stdout is not None
        self.text = ""
        for line in self._process.stdout:
            self.text += line
            if LAST_WORDS in line:
                break
        self.family = psutil.Process(self._process.pid).children(recursive=True)

    @property
    def port(self) -> int:
        found = re.search(r"http://localhost:(\d+)", self.text)
        assert found, self.text
        return int(found.group(1))

    def interrupt(self, number: int = signal.SIGINT) -> int:
        self._process.send_signal(number)
        return self._process.wait(60)

    def kill(self) -> None:
        """As if the power went: nobody gets to clean up."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @classmethod
    def end_all(cls) -> None:
        """Whatever a failed test left behind must not meet the next one."""
        for demo in cls.started:
            demo.kill()
            for one in demo.family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
        cls.started.clear()


def page(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture(scope="module")
def busy() -> Iterator[int]:
    """A port somebody else has."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def first(home: Path, busy: int) -> Iterator[Demo]:
    """The demo on an empty folder, with its port taken."""
    yield Demo(home, "--port", str(busy))
    Demo.end_all()


def test_it_takes_another_port_and_says_so(first: Demo, busy: int) -> None:
    assert f"Port {busy} is taken; using {first.port}." in first.text
    status, text = page(first.port, "/sign-in/login/")
    assert status == 200
    assert "/static/built/" in text


def test_it_names_one_sign_in_per_role(first: Demo) -> None:
    for role in ("Sales rep", "Order desk", "Accountant", "Administrator"):
        assert role in first.text
    assert "@halden.example" in first.text


def test_built_files_are_served(first: Demo) -> None:
    _, text = page(first.port, "/sign-in/login/")
    style = re.search(r"/static/built/app-[0-9a-f]+\.css", text)
    assert style
    assert page(first.port, style.group(0))[0] == 200


def test_a_second_one_beside_it_shares_the_world(home: Path, first: Demo, busy: int) -> None:
    second = Demo(home, "--port", str(busy))
    assert second.port not in (busy, first.port)
    assert page(second.port, "/sign-in/login/")[0] == 200
    assert second.interrupt() == codes.OK
    assert page(first.port, "/sign-in/login/")[0] == 200


def test_the_world_is_not_started_over_under_a_running_one(home: Path, first: Demo) -> None:
    other = Demo(home, "--reset")
    assert "in use by a running Handsel" in other.text
    assert page(first.port, "/sign-in/login/")[0] == 200


def test_ctrl_c_stops_everything(home: Path, first: Demo) -> None:
    assert len(first.family) >= 3, "web server, its worker, the job worker"
    assert first.interrupt() == codes.OK
    _, alive = psutil.wait_procs(first.family, timeout=20)
    assert not alive
    assert running(home / "postgres" / "data") is None


def test_after_a_kill_the_next_start_finds_its_world(home: Path, first: Demo) -> None:
    killed = Demo(home)
    killed.kill()
    ours = [one for one in killed.family if one.is_running() and one.name() != "postgres"]
    _, alive = psutil.wait_procs(ours, timeout=20)
    assert not alive, "what a killed demo started must end with it"
    again = Demo(home)
    assert "Filling" not in again.text
    assert page(again.port, "/sign-in/login/")[0] == 200
    assert again.interrupt(signal.SIGTERM) == codes.OK
    assert running(home / "postgres" / "data") is None
