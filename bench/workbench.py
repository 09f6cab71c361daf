"""Measures pieces of work: CPU milliseconds of the program plus PostgreSQL, and wall time."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import psutil
import psycopg

CALIBRATION_STEPS = 2_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a figure came to. Times are medians over `runs`, in milliseconds for one of `n`.

    `value` is given where a figure is neither CPU nor wall time (bytes, requests, findings).
    """

    cpu_ms: float
    wall_ms: float
    n: int = 1
    runs: int = 1
    value: float | None = None


class Workbench:
    """What a figure is given to measure with."""

    def __init__(self, database_pid: int | None, owner_url: str = "") -> None:
        self._database_pid = database_pid
        self._owner_url = owner_url

    def settle(self) -> None:
        """Let the database count what was just loaded, as it has in a house that is lived in."""
        if self._owner_url:
            with psycopg.connect(self._owner_url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")

    def measure(
        self,
        work: Callable[[], object],
        *,
        n: int = 1,
        runs: int = 7,
        warm_up: int = 1,
        before: Callable[[], object] | None = None,
    ) -> Measured:
        """Do `work` (which does `n` things) `runs` times; `before` each time is not counted."""
        cpu: list[float] = []
        wall: list[float] = []
        for number in range(warm_up + runs):
            if before is not None:
                before()
            # Looking at the server's processes costs this process time too: that stays outside.
            server_begin, own_begin = self.database_cpu_s(), time.process_time()
            wall_begin = time.perf_counter()
            work()
            wall_s = time.perf_counter() - wall_begin
            own_s = time.process_time() - own_begin
            cpu_s = own_s + self.database_cpu_s() - server_begin
            if number >= warm_up:
                cpu.append(cpu_s * 1000 / n)
                wall.append(wall_s * 1000 / n)
        return Measured(statistics.median(cpu), statistics.median(wall), n, runs)

    def database_cpu_s(self) -> float:
        """CPU seconds so far of the database server, its sessions, and those that have ended."""
        if self._database_pid is None:
            return 0.0
        try:
            server = psutil.Process(self._database_pid)
            ended = server.cpu_times()
            living = sum(cpu_s_of(child.pid) for child in server.children())
        except psutil.NoSuchProcess:
            return 0.0
        return cpu_s_of(server.pid) + ended.children_user + ended.children_system + living


def cpu_s_of(pid: int) -> float:
    """CPU seconds of a process without threads: to the nanosecond where the system tells."""
    try:
        fields = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
        return int(fields[0]) / 1e9
    except (OSError, ValueError, IndexError):
        pass
    try:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    except psutil.Error:
        return 0.0


def calibrate() -> float:
    """CPU milliseconds of a fixed piece of integer arithmetic: scales one run to another."""
    samples = []
    for _ in range(5):
        begin = time.process_time()
        value = 1
        for _step in range(CALIBRATION_STEPS):
            value = (value * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        samples.append((time.process_time() - begin) * 1000)
    return statistics.median(samples)


@lru_cache(maxsize=1)
def machine(database: str) -> str:
    """The machine and what runs on it, in one line."""
    return (
        f"{os.cpu_count()} × {_processor()}, {platform.system()}, "
        f"Python {platform.python_version()}, {database}"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
