"""What ``postmaster.pid`` says, and whether it is true.

A server that was killed leaves the file behind. PostgreSQL itself sees through a dead process id,
and checks the shared memory of processes that outlived their server; it does not see through an
id that the system has given to another program since (the rule after a container restarts), and
then refuses to start. Only that case is mended here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

PID_FILE = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server: its process, where its socket is, and whether it takes connections."""

    pid: int
    port: int
    socket_dir: str
    ready: bool


def running(data: Path) -> Postmaster | None:
    """The server working in that data folder, or None; a file that lies counts as none."""
    lines = _lines(data)
    if not lines or not _works_in(_pid(lines), data):
        return None
    lines += [""] * (8 - len(lines))
    return Postmaster(
        pid=_pid(lines),
        port=int(lines[3] or 0),
        socket_dir=lines[4].strip(),
        ready=lines[7].strip() == "ready",
    )


def forget_stranger(data: Path) -> bool:
    """Remove the file when its process id belongs to a program that is no server of this folder.

    Left alone when any process works in the folder: orphans of a killed server may still write.
    """
    lines = _lines(data)
    if not lines or not psutil.pid_exists(_pid(lines)):
        return False
    if any(_works_in(pid, data) for pid in psutil.pids()):
        return False
    (data / PID_FILE).unlink(missing_ok=True)
    return True


def _lines(data: Path) -> list[str]:
    try:
        return (data / PID_FILE).read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _pid(lines: list[str]) -> int:
    text = lines[0].strip()
    return abs(int(text)) if text.lstrip("-").isdigit() else 0


def _works_in(pid: int, data: Path) -> bool:
    """Whether that process is alive and works in the data folder, as servers and backends do."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return data.samefile(process.cwd())
    except (psutil.Error, OSError, ValueError):
        return False
