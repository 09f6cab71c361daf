"""Builds the kernel, once for each state of its sources, and finds what was built.

Needs the standard library only: the launcher runs it before anything is installed. The library is
portable within its processor family, so it is built without options for one machine's processor.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "kernel"
PROJECT = Path(__file__).resolve().parents[6]
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden")
COMPILERS = ("cc", "gcc", "clang")
# A compiler that hangs must not keep Handsel from starting.
PATIENCE_S = 180


class NotBuilt(Exception):
    """No compiler here makes the kernel; the message says what each of them said."""


@lru_cache(maxsize=1)
def key() -> str:
    """Names the sources with what they are built for."""
    digest = hashlib.sha256(repr((FLAGS, sys.platform, platform.machine())).encode())
    for path in sorted(SOURCES.glob("*.[ch]")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]


def places() -> list[Path]:
    """Where the library may lie, best first: the project's own state, then the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folders = [PROJECT / ".handsel" / "kernel", Path(cache) / "handsel" / "kernel"]
    return [folder / f"configure-{key()}.so" for folder in folders]


def find() -> Path | None:
    """The library of these sources, or None when it is not built."""
    return next((place for place in places() if _is_ours(place)), None)


def build(compilers: Iterable[Sequence[str]] = ()) -> Path:
    """Build with the first compiler that can, the system's before those given. Raises NotBuilt."""
    said = []
    for target in places():
        try:
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError as error:
            said.append(str(error))
            continue
        if not os.access(target.parent, os.W_OK):
            said.append(f"{target.parent} cannot be written")
            continue
        for command in [*_system_compilers(), *compilers]:
            problem = _compile(command, target)
            if not problem:
                return target
            said.append(f"{command[0]}: {problem}")
        break
    raise NotBuilt("; ".join(said) or "there is no C compiler")


def has_system_compiler() -> bool:
    """Whether a C compiler is on PATH."""
    return bool(_system_compilers())


def trial() -> dict[str, str]:
    """What a try to build depends on: tried in vain, it is worth another when this has changed."""
    return {"key": key(), "compilers": repr(_system_compilers())}


def _system_compilers() -> list[tuple[str]]:
    found = (shutil.which(name) for name in COMPILERS)
    return [(path,) for path in found if path]


def _compile(command: Sequence[str], target: Path) -> str:
    """Build into place whole or not at all; "" or what went wrong."""
    staging = target.with_name(f"{target.name}.{os.getpid()}.part")
    sources = [str(path) for path in sorted(SOURCES.glob("*.c"))]
    try:
        done = subprocess.run(
            [*command, *FLAGS, *sources, "-o", str(staging)],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it failed"])[-1][:200]
        staging.replace(target)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)[:200]
    finally:
        staging.unlink(missing_ok=True)
    return ""


def _is_ours(place: Path) -> bool:
    """Whether it is there and belongs to us or root: a library loaded is code run."""
    try:
        return place.stat().st_uid in (os.getuid(), 0, PROJECT.stat().st_uid)
    except OSError:
        return False


if __name__ == "__main__":
    try:
        print(build([sys.argv[1:]] if sys.argv[1:] else ()))
    except NotBuilt as error:
        sys.exit(str(error))
