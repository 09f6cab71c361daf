"""Who runs the server. PostgreSQL refuses to run as root, so root hands it to somebody weaker."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from handsel.ground.platform.database.errors import DatabaseUnavailable

WEAK_USER = "nobody"


@dataclass(frozen=True, slots=True)
class Runner:
    """The system user whose rights the server has; `switches` when that is not who we are."""

    uid: int
    gid: int
    switches: bool

    @classmethod
    def here(cls) -> Runner:
        """Ourselves, or for root the user ``nobody``."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), switches=False)
        try:
            entry = pwd.getpwnam(WEAK_USER)
        except KeyError:
            raise DatabaseUnavailable(
                f"PostgreSQL does not run as root and there is no user {WEAK_USER!r}; "
                "start Handsel as an ordinary user, or set DATABASE_URL"
            ) from None
        return cls(entry.pw_uid, entry.pw_gid, switches=True)

    def make_folder(self, path: Path) -> None:
        """Make a folder only the runner may enter. FileExistsError when something is there."""
        path.mkdir(mode=0o700)
        self.take(path)

    def take(self, path: Path) -> None:
        """Make a folder that we have just made the runner's."""
        if self.switches:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, path: Path) -> bool:
        """Whether the runner may walk to `path` and read it, by the permission bits."""
        if not self.switches:
            return os.access(path, os.R_OK)
        path = path.resolve()
        way = all(self._allowed(parent, stat.S_IXOTH) for parent in path.parents)
        wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
        return way and self._allowed(path, wanted)

    def _allowed(self, path: Path, bits: int) -> bool:
        info = path.stat()
        if info.st_uid == self.uid:
            bits <<= 6
        elif info.st_gid == self.gid:
            bits <<= 3
        return info.st_mode & bits == bits

    def popen(self, command: Sequence[str], *, log: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a command that outlives a Ctrl-C in our terminal; we stop it ourselves."""
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=plain_environment(os.environ),
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.switches else None,
            group=self.gid if self.switches else None,
            extra_groups=() if self.switches else None,
        )


def plain_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would steer PostgreSQL, and with its messages in English."""
    kept = {name: value for name, value in environ.items() if not name.startswith("PG")}
    kept["LC_ALL"] = "C"
    return kept
