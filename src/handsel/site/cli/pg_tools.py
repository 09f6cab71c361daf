"""PostgreSQL's own programs for saving and filling databases, called with secrets kept off `ps`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from handsel.site.cli.codes import CouldNotRun

# libpq's environment variables for the parts of an address.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
}


def environment(address: str) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach that address, password included."""
    parts = conninfo_to_dict(address)
    named = {_VARIABLES[key]: str(value) for key, value in parts.items() if key in _VARIABLES}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **named, "LC_ALL": "C"}


def program(name: str, *, server_major: int, embedded: bool) -> str:
    """A program at least as new as the server.

    The wheel's is always there but has no TLS, so for a server somewhere else the system's own is
    taken when it is new enough.
    """
    ours = _wheel() / name
    found = None if embedded else shutil.which(name)
    for path in (found, str(ours) if ours.exists() else None):
        if path and _major(path) >= server_major:
            return path
    raise CouldNotRun(f"There is no {name} for PostgreSQL {server_major} here; install one.")


def failure(what: str, done: subprocess.CompletedProcess[bytes]) -> CouldNotRun:
    """What a program said when it failed."""
    text = done.stderr.decode("utf-8", "replace").strip()
    return CouldNotRun(f"{what} failed:\n{text}")


def run(what: str, command: list[str], environ: Mapping[str, str]) -> bytes:
    """Run a program to its end; what it printed. CouldNotRun with its words when it fails."""
    done = subprocess.run(command, env=dict(environ), capture_output=True, check=False)
    if done.returncode != 0:
        raise failure(what, done)
    return done.stdout


def _wheel() -> Path:
    from handsel.ground.platform.database import binaries

    return binaries.installed_folder() / "bin"


def _major(path: str) -> int:
    text = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\b(\d+)(\.\d+)?", text)
    return int(found.group(1)) if found else 0
