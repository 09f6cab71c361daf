"""The file a backup is: a tar with `manifest.json` and `database.dump`, in that order.

The manifest holds the hash and size of the dump, the rows of every table at the moment of the
backup, and which version's tables they are.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

from handsel.site.cli.codes import CouldNotRun

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. `made_at` is an instant in ISO 8601, UTC."""

    made_at: str
    postgresql: int
    schema: str
    rows: dict[str, int]
    sha256: str
    size: int
    format: int = FORMAT


def write(target: Path, manifest: Manifest, dump: Path) -> None:
    """Write the file whole or not at all, readable by us only. FileExistsError when it is there."""
    if target.exists():
        raise FileExistsError(target)
    staging = target.with_name(target.name + ".part")
    handle = os.open(staging, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode=0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            text = json.dumps(asdict(manifest), indent=1).encode()
            _add(tar, MANIFEST, len(text), io.BytesIO(text))
            with dump.open("rb") as content:
                _add(tar, DUMP, dump.stat().st_size, content)
        file.flush()
        os.fsync(file.fileno())
    staging.rename(target)


def read_manifest(source: Path) -> Manifest:
    """What the file says about itself. CouldNotRun when it is no backup of ours."""
    try:
        with tarfile.open(source) as tar:
            content = tar.extractfile(MANIFEST)
            fields = json.loads(content.read()) if content else {}
        manifest = Manifest(**fields)
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError) as error:
        raise CouldNotRun(f"{source} is no backup made by Handsel: {error}") from error
    if manifest.format != FORMAT:
        raise CouldNotRun(f"{source} has format {manifest.format}; this version reads {FORMAT}")
    return manifest


def extract_dump(source: Path, manifest: Manifest, target: Path) -> None:
    """Take the dump out and check it against the manifest. CouldNotRun when it was damaged."""
    try:
        with tarfile.open(source) as tar, target.open("wb") as file:
            content = tar.extractfile(DUMP)
            if content is None:
                raise CouldNotRun(f"{source} holds no dump")
            shutil.copyfileobj(content, file, CHUNK_BYTES)
    except (tarfile.TarError, KeyError) as error:
        raise CouldNotRun(f"{source} is damaged: {error}") from error
    if sha256(target) != manifest.sha256 or target.stat().st_size != manifest.size:
        raise CouldNotRun(f"{source} is damaged: the dump is not the one that was written")


def sha256(path: Path) -> str:
    """Hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(tar: tarfile.TarFile, name: str, size: int, content: io.BufferedIOBase) -> None:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    tar.addfile(info, content)
