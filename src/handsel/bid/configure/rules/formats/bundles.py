"""Several files given at once, or a ZIP of them: what is in it, within limits said beforehand."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from handsel.bid.configure.rules.formats.files import LARGEST_FILE, text_of
from handsel.bid.configure.rules.formats.uvl import parse_feature_model
from handsel.bid.configure.rules.language.problems import Place, fault
from handsel.ground.kernel.said import said

MOST_FILES = 200
# Of these a program reads nothing: what packers add by themselves.
_IDLE = ("__MACOSX/", ".")

GivenFile = tuple[str, bytes]


def unpacked(given: Sequence[GivenFile]) -> dict[str, bytes]:
    """The files by their paths, ZIP files opened. LanguageFault for what may not be opened."""
    found: dict[str, bytes] = {}
    size = 0
    for name, content in given:
        is_packed = name.lower().endswith(".zip")
        for path, inner in _of_zip(name, content) if is_packed else [(name, content)]:
            size += len(inner)
            if len(found) >= MOST_FILES or size > LARGEST_FILE:
                most = said(
                    "at most %(files)s files of %(bytes)s bytes together",
                    files=MOST_FILES,
                    bytes=f"{LARGEST_FILE:,}",
                )
                raise fault(Place(name, 1, 1), "These are too many files, or too large.", most)
            if path in found:
                message = said("The file “%(path)s” is given twice.", path=path)
                raise fault(Place(path, 1, 1), message, "each file once")
            found[path] = inner
    return found


def _of_zip(name: str, content: bytes) -> Iterator[GivenFile]:
    place = Place(name, 1, 1)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [one for one in packed.infolist() if not one.is_dir()]
            for entry in entries:
                path = entry.filename
                if any(part.startswith(_IDLE[1]) for part in path.split("/") if part != ".."):
                    continue
                if path.startswith(_IDLE[0]):
                    continue
                if not _is_inside(path):
                    message = said("The ZIP holds “%(path)s”, which leaves it.", path=path)
                    raise fault(place, message, "files in it and in its folders")
                with packed.open(entry) as file:
                    yield path, file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        raise fault(place, "The ZIP file cannot be opened.", "a ZIP without a password") from None


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and ".." not in parts
        and not any(sign in path for sign in "\\:\0")
        and (not path.startswith("/"))
    )


def main_file(files: dict[str, bytes], endings: tuple[str, ...]) -> str:
    """Which of the files is the model: the only one, or the UVL file that no other imports."""
    models = [one for one in files if one.lower().removesuffix(".gz").endswith(endings)]
    if len(files) == 1 or len(models) == 1:
        return (models or list(files))[0]
    if not models:
        wanted = said("one of %(values)s", values=", ".join(endings))
        raise fault(Place(next(iter(files), ""), 1, 1), "No file here is a model.", wanted)
    trees = [one for one in models if one.lower().removesuffix(".gz").endswith(".uvl")]
    if len(trees) < len(models):
        raise _several(models)
    imported: set[str] = set()
    for path in trees:
        model = parse_feature_model(text_of(files[path], path), path)
        folder = PurePosixPath(path).parent
        imported |= {f"{folder.joinpath(*one.path)}.uvl" for one in model.imports}
    tops = [one for one in trees if one.removesuffix(".gz") not in imported]
    if len(tops) > 1:
        raise _several(tops)
    # Where each is imported by another, reading the first names the circle.
    return (tops or trees)[0]


def _several(models: list[str]) -> Exception:
    message = said("Which of these is the model: %(names)s?", names=", ".join(models[:6]))
    return fault(Place(models[0], 1, 1), message, "one model, with the files that it imports")
