"""File storage: bytes kept in the database with their hash, in the transaction that makes them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.said import said
from handsel.ground.platform.models import StoredFile

MAX_BYTES = 50 * 1024 * 1024


def keep(content: bytes, *, name: str, media_type: str, now: datetime) -> StoredFile:
    """Keep bytes under a name (only ever used as a header, never as a path)."""
    if len(content) > MAX_BYTES:
        raise Invalid(
            said("%(name)s is larger than 50 MB", name=name),
            code="file_too_large",
            size=len(content),
        )
    return StoredFile.objects.create(
        sha256=hashlib.sha256(content).hexdigest(),
        name=name[:200],
        media_type=media_type,
        size=len(content),
        content=content,
        created_at=now,
    )


def read(file_id: int) -> bytes:
    """The bytes of a stored file, checked against their hash."""
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None:
        raise NotFound("this file does not exist", code="file_missing")
    content = bytes(row.content)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise RuntimeError(f"stored file {file_id} does not match its hash")
    return content
