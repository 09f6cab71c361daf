"""Where the embedded server keeps its data and its socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from handsel.ground.platform.database.errors import DatabaseUnavailable
from handsel.ground.platform.database.runner import Runner

# A socket's path must fit into sockaddr_un, ending in "/.s.PGSQL.5432" and a zero byte.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
# Only for a private folder within, when TMPDIR is too long for a socket.
SHORT_TEMPORARY = "/tmp"  # noqa: S108
SHARED_STATE = Path("/var/lib/handsel")


def data_folder(folder: Path, runner: Runner, shared: Path = SHARED_STATE) -> Path:
    """The data folder of a server whose files belong into `folder`.

    Root's server runs as somebody weaker. When that user cannot walk into `folder` (a checkout in
    root's home), the data lies in a folder for the whole machine, named by the wished place.
    """
    if not runner.switches or runner.reaches(folder):
        return folder / "data"
    place = shared / _short_hash(folder) / "data"
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not runner.reaches(place.parent):
        raise DatabaseUnavailable(
            f"neither {folder} nor {place.parent} can be entered by the user the database runs as; "
            "start Handsel as an ordinary user, or set DATABASE_URL"
        )
    return place


def socket_folder(data: Path, runner: Runner) -> Path:
    """A short private folder for the socket; only the runner (and root) may enter it."""
    for root in dict.fromkeys((tempfile.gettempdir(), SHORT_TEMPORARY)):
        wished = Path(root, f"handsel-{_short_hash(data)}")
        if not _fits(wished) or not runner.reaches(Path(root)):
            continue
        with contextlib.suppress(FileExistsError):
            runner.make_folder(wished)
        if _is_private(wished, runner):
            return wished
        made = Path(tempfile.mkdtemp(prefix="handsel-", dir=root))
        runner.take(made)
        return made
    raise DatabaseUnavailable("no folder for temporary files with a short enough name; set TMPDIR")


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def _is_private(folder: Path, runner: Runner) -> bool:
    """Not a link or another person's folder laid there to listen in."""
    try:
        info = folder.lstat()
    except OSError:
        return False
    private = stat.S_IMODE(info.st_mode) & 0o077 == 0
    return stat.S_ISDIR(info.st_mode) and info.st_uid == runner.uid and private


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
