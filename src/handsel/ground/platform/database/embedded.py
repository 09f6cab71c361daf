"""PostgreSQL from the wheel, started and stopped by whoever needs it.

Several processes may use one data folder (a demo in one terminal, an import in another): the first
starts the server, the last stops it. Who uses it is told by file locks, so that a process that was
killed counts no longer; the server it left behind is found by the next one and used on.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from handsel.ground.platform.database import binaries, locks, places, postmaster, roles
from handsel.ground.platform.database.address import socket_url
from handsel.ground.platform.database.errors import DatabaseUnavailable
from handsel.ground.platform.database.postmaster import Postmaster
from handsel.ground.platform.database.provider import Role
from handsel.ground.platform.database.runner import Runner

ADMIN = "handsel_admin"
PORT = 5432
PREPARED = "handsel.prepared"
START_TIMEOUT_S = 300
STOP_TIMEOUT_S = 60
ORPHANS_TIMEOUT_S = 15
POLL_S = 0.02
LONGEST_LOG_BYTES = 4_000_000

_USERS: dict[Role, str] = {"admin": ADMIN, "owner": roles.OWNER, "app": roles.APP}

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "synchronous_commit": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    "log_checkpoints": "off",
}
# For databases that live no longer than a test run; never for data anybody wants to keep.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


class EmbeddedProvider:
    """A server of our own with its data under `home`. `durable=False` is for tests only."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self._folder = home.resolve() / "postgres"
        self._durable = durable
        self._use: locks.Use | None = None
        self._server: Postmaster | None = None

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._folder / "log"

    @property
    def pid(self) -> int | None:
        """Process id of the server, for measuring; None when it was not started."""
        return self._server.pid if self._server else None

    def start(self) -> None:
        """Start the server, or join the one that runs. Raises DatabaseUnavailable."""
        if self._use is not None:
            return
        runner = Runner.here()
        self._folder.mkdir(parents=True, exist_ok=True)
        with locks.exclusive(self._folder / "start.lock"):
            use = locks.Use(self._folder / "users.lock")
            try:
                data = places.data_folder(self._folder, runner)
                self._initialise(data, runner)
                self._server = self._joined(data) or self._started(data, runner)
                self._prepare(data)
            except BaseException:
                use.end()
                raise
            self._use = use

    def stop(self) -> None:
        """Stop the server when no other process uses it."""
        if self._use is None:
            return
        with locks.exclusive(self._folder / "start.lock"):
            self._use.end()
            self._use = None
            if locks.unused(self._folder / "users.lock"):
                self._halt()
        self._server = None

    def erase(self) -> None:
        """Remove all data. Raises DatabaseUnavailable while another process uses it."""
        if not self._folder.exists():
            return
        with locks.exclusive(self._folder / "start.lock"):
            if self._use is not None or not locks.unused(self._folder / "users.lock"):
                raise DatabaseUnavailable(
                    f"the database in {self._folder} is in use by a running Handsel; stop it first"
                )
            data = places.data_folder(self._folder, Runner.here())
            self._server = postmaster.running(data)
            self._halt()
            shutil.rmtree(data, ignore_errors=True)
            if data.exists():
                raise DatabaseUnavailable(f"{data} could not be removed; is it another user's?")

    def url(self, role: Role) -> str:
        """The address for that role; the database is the program's, or `postgres` for admin."""
        database = "postgres" if role == "admin" else roles.DATABASE
        return self._address(_USERS[role], database)

    def describe(self) -> str:
        """One line about this server."""
        return f"embedded PostgreSQL {binaries.wheel_version()} in {self._folder}"

    def _address(self, user: str, database: str) -> str:
        if self._server is None:
            raise DatabaseUnavailable("the embedded database has not been started")
        return socket_url(
            user=user,
            database=database,
            socket_dir=self._server.socket_dir,
            port=self._server.port,
        )

    def _initialise(self, data: Path, runner: Runner) -> None:
        if (data / "PG_VERSION").exists():
            self._check_version(data)
            return
        staging = data.with_name("data.new")
        shutil.rmtree(staging, ignore_errors=True)
        runner.make_folder(staging)
        command = [
            str(binaries.reachable_folder(runner) / "bin" / "initdb"),
            f"--pgdata={staging}",
            f"--username={ADMIN}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *([] if self._durable else ["--no-sync"]),
        ]
        with self.log.open("ab") as log:
            if runner.popen(command, log=log).wait() != 0:
                raise self._failure("PostgreSQL could not make its data folder")
        # initdb is not repeatable half done: the folder gets its name when it is whole.
        staging.rename(data)

    def _check_version(self, data: Path) -> None:
        made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = binaries.wheel_version().partition(".")[0]
        if made_by != ours:
            raise DatabaseUnavailable(
                f"the data in {data} was made by PostgreSQL {made_by} and this is {ours}: run "
                "`./handsel backup` with the version of Handsel that made it, then `restore` here"
            )

    def _joined(self, data: Path) -> Postmaster | None:
        """The server that already works in the folder, once it is ready; None without one."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while found := postmaster.running(data):
            if found.ready:
                return found
            if time.monotonic() > deadline:
                raise self._failure(f"the server {found.pid} in {data} does not become ready")
            _wait(found.pid, POLL_S)
        return None

    def _started(self, data: Path, runner: Runner) -> Postmaster:
        postmaster.forget_stranger(data)
        command = self._command(data, runner)
        self._shorten_log()
        deadline = time.monotonic() + ORPHANS_TIMEOUT_S
        while True:
            with self.log.open("ab") as log:
                begin = log.tell()
                process = runner.popen(command, log=log)
            if found := self._awaited(data, process):
                return found
            # Backends of a killed server live a moment longer than it and keep its memory.
            orphans = b"is still in use" in self.log.read_bytes()[begin:]
            if not orphans or time.monotonic() > deadline:
                raise self._failure("PostgreSQL did not start")
            _wait(process.pid, POLL_S * 10)

    def _command(self, data: Path, runner: Runner) -> list[str]:
        program = binaries.reachable_folder(runner) / "bin" / "postgres"
        settings = SETTINGS | ({} if self._durable else THROWAWAY)
        settings["unix_socket_directories"] = f'"{places.socket_folder(data, runner)}"'
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*self._ends_with_us(), str(program), "-D", str(data), *options]

    def _ends_with_us(self) -> list[str]:
        """A throwaway server ends with a killed test run, where the system can arrange that."""
        arranger = None if self._durable else shutil.which("setpriv")
        return [arranger, "--pdeathsig", "INT", "--"] if arranger else []

    def _awaited(self, data: Path, process: subprocess.Popen[bytes]) -> Postmaster | None:
        """The server once it is ready (recovery after a crash takes its time); None if it ended."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            found = postmaster.running(data)
            if found and found.ready and found.pid == process.pid:
                return found
            try:
                process.wait(POLL_S)
                return None
            except subprocess.TimeoutExpired:
                continue
        process.send_signal(signal.SIGQUIT)
        raise self._failure(f"PostgreSQL was not ready after {START_TIMEOUT_S} s")

    def _prepare(self, data: Path) -> None:
        """Roles and the database, once per data folder and again when their definition changes."""
        wanted = hashlib.sha256(roles.script().encode()).hexdigest()
        marker = data / PREPARED
        if marker.exists() and marker.read_text(encoding="ascii") == wanted:
            return
        with psycopg.connect(self._address(ADMIN, "postgres"), autocommit=True) as connection:
            roles.create_roles(connection)
            roles.create_database(connection)
        with psycopg.connect(self._address(ADMIN, roles.DATABASE)) as connection:
            roles.prepare_schema(connection)
        marker.write_text(wanted, encoding="ascii")

    def _halt(self) -> None:
        """Fast shutdown: sessions end, everything is on disk. Immediate if that takes too long."""
        server = self._server
        if server is None:
            return
        for number, patience_s in ((signal.SIGINT, STOP_TIMEOUT_S), (signal.SIGQUIT, 10)):
            try:
                process = psutil.Process(server.pid)
                process.send_signal(number)
                process.wait(patience_s)
            except psutil.NoSuchProcess:
                break
            except psutil.TimeoutExpired:
                continue
            break
        with contextlib.suppress(OSError):
            Path(server.socket_dir).rmdir()
        self._server = None

    def _shorten_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_BYTES:
            self.log.replace(self.log.with_name("log.old"))

    def _failure(self, what: str) -> DatabaseUnavailable:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        tail = "\n".join(f"    {line}" for line in text.splitlines()[-8:])
        return DatabaseUnavailable(f"{what}. The end of {self.log}:\n{tail}")


def _wait(pid: int, seconds: float) -> None:
    """Wait for a process to end, but no longer than that."""
    try:
        psutil.Process(pid).wait(seconds)
    except (psutil.TimeoutExpired, psutil.NoSuchProcess):
        return
