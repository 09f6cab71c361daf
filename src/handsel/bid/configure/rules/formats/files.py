"""Model files on disk: read whole, gzipped or not, within limits said beforehand."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.ground.kernel.said import said

LARGEST_FILE = 64_000_000
_GZIP = b"\x1f\x8b"


def read_text(path: Path, *, strictly: bool = True) -> str:
    """The text of a file; LanguageFault when it is too large, damaged or not UTF-8.

    At most 64 MB, counted after unpacking, and no more than that is ever unpacked. Where it need
    not be UTF-8 `strictly`, other bytes become signs that stand for none.
    """
    with path.open("rb") as file:
        return text_of(file.read(LARGEST_FILE + 1), path.name, strictly=strictly)


def text_of(content: bytes, name: str, *, strictly: bool = True) -> str:
    """The same for a file that is read already; `name` stands in errors."""
    place = Place(name, 1, 1)
    if content[:2] == _GZIP:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(LARGEST_FILE + 1)
        except (OSError, EOFError, zlib.error) as error:
            is_short = isinstance(error, EOFError)
            why = said("its end is missing") if is_short else said("gzip cannot unpack it")
            raise fault(place, said("The file is damaged: %(error)s.", error=why)) from None
    if len(content) > LARGEST_FILE:
        most = said("at most %(most)s bytes", most=f"{LARGEST_FILE:,}")
        raise fault(place, "The file is too large.", most)
    try:
        return content.decode("utf-8-sig", "strict" if strictly else "replace")
    except UnicodeDecodeError:
        raise fault(place, "The file is not UTF-8 text.", "UTF-8") from None
