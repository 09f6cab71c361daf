"""The web server: granian in front of Django, built files served without it."""

from __future__ import annotations

import gc
import hashlib
import os
from contextlib import suppress
from pathlib import Path

from handsel.site.cli import surroundings

STATIC_SECONDS = 30 * 24 * 3600  # built files are named by their content
BLOCKING_THREADS = 4
KILL_AFTER_S = 10


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until asked to stop. Django must be loaded and the environment complete.

    The workers are forks of this process (up to Python 3.13), so what is loaded here is loaded
    once; connections must not be handed down, and what is loaded is kept out of the collector's
    sight, so that its pages stay shared.
    """
    from django.db import connections
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    static = collect_static()
    if workers > 1:  # what one worker needs alone it makes beside its first requests
        _warm_up()
    connections.close_all()
    gc.freeze()
    Server(
        "handsel.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        backpressure=256,
        websockets=False,
        log_level=LogLevels.warning,
        static_path_route=["/static"],
        static_path_mount=[static],
        static_path_expires=STATIC_SECONDS,
        respawn_failed_workers=True,
        # A worker asked to end in the moment it starts does not hear it.
        workers_kill_timeout=KILL_AFTER_S,
    ).serve()


def _warm_up() -> None:
    """Make product models ready once for all workers, so that nobody's first choice waits."""
    from django.db import DatabaseError

    from handsel.bid.configure.queries import engines
    from handsel.ground.kernel.clock import SystemClock

    with suppress(DatabaseError):  # the first requests will tell
        engines.warm_up(now=SystemClock().now())


def collect_static() -> Path:
    """Bring the built files of all applications together; nothing to do when none changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name("static.sha256")
    wanted = _static_hash()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted, encoding="ascii")
    return root


def _static_hash() -> str:
    """Names, sizes and times of our own files; those of libraries are told by the lock."""
    digest = hashlib.sha256((surroundings.PROJECT / "requirements" / "base.txt").read_bytes())
    for folder in sorted((surroundings.PROJECT / "src").rglob("static")):
        for path in sorted(folder.rglob("*")):
            info = path.stat()
            digest.update(f"{path}\0{info.st_size}\0{info.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def default_workers() -> int:
    """One a core, at most four: each holds the whole program in memory."""
    return min(4, os.cpu_count() or 1)
