"""A port for ourselves, even when two of us look for one at the same moment."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import tempfile
from pathlib import Path

from handsel.site.cli.codes import CouldNotRun

TRIES = 100


class Reservation:
    """A free port that no other Handsel takes while this object lives.

    The lock is needed because the web server lets several processes listen on one port, and would
    share it with another installation without a word.
    """

    def __init__(self, port: int, lock: int) -> None:
        self.port = port
        self._lock = lock

    def release(self) -> None:
        """Let others have it."""
        os.close(self._lock)


def reserve(first: int, *, host: str = "127.0.0.1", tries: int = TRIES) -> Reservation:
    """The first free port from `first` on. CouldNotRun when none of `tries` is."""
    for port in range(first, first + tries):
        lock = _lock(port)
        if lock is None:
            continue
        if is_free(port, host):
            return Reservation(port, lock)
        os.close(lock)
    words = f"Port {first} is" if tries == 1 else f"Ports {first} to {first + tries - 1} are"
    raise CouldNotRun(f"{words} taken; choose another with --port.")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # Old connections in TIME_WAIT do not matter; a listener does, whatever it allows.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _lock(port: int) -> int | None:
    path = Path(tempfile.gettempdir(), f"handsel-port-{port}.lock")
    with contextlib.suppress(FileExistsError, PermissionError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o644))
    try:
        # Read only and without O_CREAT: another user's file in /tmp may be locked, not written.
        lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
