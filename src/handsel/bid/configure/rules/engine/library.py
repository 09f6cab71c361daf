"""Where the built kernel lies. It is built by `handsel.site.cli.kernel`; this only finds it.

Needs the standard library only, because the launcher asks before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from functools import lru_cache
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "kernel"
PROJECT = Path(__file__).resolve().parents[6]
# Portable within its processor family: nothing here is for one machine's processor alone.
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden")


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


def _is_ours(place: Path) -> bool:
    """Whether it is there and belongs to us or root: a library loaded is code run."""
    try:
        return place.stat().st_uid in (os.getuid(), 0, PROJECT.stat().st_uid)
    except OSError:
        return False
