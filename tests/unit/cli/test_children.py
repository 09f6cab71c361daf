"""Programs in the background end when they are told to, and when their parent is killed."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from handsel.site.cli import children

ENDLESS = (
    "import signal, sys; {setup}; print('up', flush=True); sys.stdin.readline(); signal.pause()"
)


class Plain(children.Child):
    """A child that runs a line of Python instead of one of our commands."""

    def __init__(self, code: str, log: Path) -> None:
        log.touch()
        self.name, self.log, self._log_begin = "plain", log, 0
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def await_words(self) -> None:
        while not self.log.read_bytes():
            assert not self.ended(0.02)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE_S", 0.3)


def test_a_willing_child_is_asked(tmp_path: Path) -> None:
    child = Plain(ENDLESS.format(setup="pass"), tmp_path / "log")
    child.await_words()
    assert not child.ended()
    child.stop()
    assert child.ended()


def test_an_unwilling_child_is_made_to(tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    child = Plain(ENDLESS.format(setup=deaf), tmp_path / "log")
    child.await_words()
    child.stop()
    assert child.ended()


def test_last_words_are_those_of_this_start(tmp_path: Path) -> None:
    child = Plain("print('one'); print('two')", tmp_path / "log")
    child.ended(10)
    assert child.last_words() == "    one\n    two"
    assert child.last_words(1) == "    two"
    child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
def test_a_child_follows_a_killed_parent(tmp_path: Path) -> None:
    inner = (
        "from handsel.site.cli import children; children.follow_parent();"
        "print('up', flush=True); import signal; signal.pause()"
    )
    outer = (
        "import os, subprocess, sys;"
        "os.environ['HANDSEL_PARENT'] = str(os.getpid());"
        f"child = subprocess.Popen([sys.executable, '-c', {inner!r}], stdout=subprocess.PIPE);"
        "child.stdout.readline(); print(child.pid, flush=True); sys.stdin.read()"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", outer],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    child.wait(10)
    assert not child.is_running()
