"""Builds the configurator's kernel, once for each state of its sources.

Needs the standard library only: the launcher runs it before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from handsel.bid.configure.rules.engine import library

COMPILERS = ("cc", "gcc", "clang")
# A compiler that hangs must not keep Handsel from starting.
PATIENCE_S = 180


class NotBuilt(Exception):
    """No compiler here makes the kernel; the message says what each of them said."""


def build(compilers: Iterable[Sequence[str]] = ()) -> Path:
    """Build with the first compiler that can, the system's before those given. Raises NotBuilt."""
    said = []
    for target in library.places():
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
    return {"key": library.key(), "compilers": repr(_system_compilers())}


def _system_compilers() -> list[tuple[str]]:
    found = (shutil.which(name) for name in COMPILERS)
    return [(path,) for path in found if path]


def _compile(command: Sequence[str], target: Path) -> str:
    """Build into place whole or not at all; "" or what went wrong."""
    staging = target.with_name(f"{target.name}.{os.getpid()}.part")
    sources = [str(path) for path in sorted(library.SOURCES.glob("*.c"))]
    try:
        done = subprocess.run(
            [*command, *library.FLAGS, *sources, "-o", str(staging)],
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


if __name__ == "__main__":
    try:
        print(build([sys.argv[1:]] if sys.argv[1:] else ()))
    except NotBuilt as error:
        sys.exit(str(error))
