"""Programs started from here, and ended from here."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PARENT = "HANDSEL_PARENT"
PATIENCE_S = 15
PR_SET_PDEATHSIG = 1


class Child:
    """One of our own commands, running in the background with its words in a log."""

    def __init__(self, arguments: Sequence[str], log: Path, environ: Mapping[str, str]) -> None:
        self.name = arguments[0]
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            self._log_begin = file.tell()
            # A session of its own: Ctrl-C in the terminal reaches us, and we end it in order.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "handsel.site.cli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**environ, PARENT: str(os.getpid())},
                start_new_session=True,
            )

    def ended(self, wait_s: float = 0.0) -> bool:
        """Whether it is no longer running, after waiting that long for it."""
        try:
            self._process.wait(wait_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask it to end; make it, when it does not."""
        if self.ended():
            return
        self._process.terminate()
        if not self.ended(PATIENCE_S):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of what it wrote since it was started."""
        text = self.log.read_bytes()[self._log_begin :].decode("utf-8", "replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def stop_undisturbed() -> None:
    """From here on neither Ctrl-C nor SIGTERM: a second one must not leave anything running."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def follow_parent() -> None:
    """End when the process that started us ends, even when it is killed. Linux only."""
    parent = int(os.environ.get(PARENT, "0"))
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
