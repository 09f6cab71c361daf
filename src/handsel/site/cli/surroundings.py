"""What is around a command: its folders, its environment, the database, Django."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from handsel.site.cli.codes import CouldNotRun

if TYPE_CHECKING:
    from handsel.ground.platform.database import Provider, Role

# Objects made before the collector looks (Python's own 700 means a look in every request), and how
# many looks at the young before the older.
COLLECT_AFTER = (20_000, 20, 20)
PROJECT = Path(__file__).resolve().parents[4]


def home() -> Path:
    """The folder that holds this installation's state, made if it is missing."""
    folder = Path(os.environ.get("HANDSEL_HOME") or PROJECT / ".handsel").resolve()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder


def prepare(default_environment: str = "demo") -> None:
    """Fill in what the environment leaves out. In production nothing is made up."""
    environ = os.environ
    named_home = bool(environ.get("HANDSEL_HOME"))
    environ.setdefault("HANDSEL_ENV", default_environment)
    environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.site.settings.django")
    environ["HANDSEL_HOME"] = str(home())
    if environ["HANDSEL_ENV"] == "production":
        if not environ.get("DATABASE_URL") and not named_home:
            raise CouldNotRun(
                "In production the database is named: set DATABASE_URL, or HANDSEL_HOME to a "
                "folder for a database of Handsel's own. (To look around, use ./handsel demo.)"
            )
        return
    environ.setdefault("SECRET_KEY", _own_secret_key())


@contextmanager
def database(role: Role = "app") -> Iterator[Provider]:
    """The database, reachable by DATABASE_URL as that role: `app`, or `owner` for migrations."""
    from handsel.ground.platform.database import choose_provider

    provider = choose_provider(home(), os.environ)
    before = os.environ.get("DATABASE_URL")
    provider.start()
    try:
        os.environ["DATABASE_URL"] = provider.url(role)
        yield provider
    finally:
        if before is None:
            os.environ.pop("DATABASE_URL", None)
        else:
            os.environ["DATABASE_URL"] = before
        provider.stop()


@contextmanager
def django(role: Role = "app", default_environment: str = "demo") -> Iterator[None]:
    """The database and Django on top of it: what commands that work with data run in."""
    prepare(default_environment)
    with database(role):
        start_django()
        yield
        from django.db import connections

        connections.close_all()


def start_django() -> None:
    """Load the applications. Once a process, after the environment is complete."""
    import django as framework

    with without_collecting():
        framework.setup()
    # What is loaded stays: the collector need not walk it, and requests make few cycles.
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Loading makes many objects and drops few: looking for dropped ones is a third of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _own_secret_key() -> str:
    """A key of this installation's own, so that no two demos share one."""
    path = home() / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode=0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
