"""What a file is, told by its first bytes and never by its name or what its sender says."""

from __future__ import annotations

_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def media_type_of(content: bytes) -> str | None:
    """The media type of a PDF, PNG or JPEG; None for anything else."""
    return next((kind for start, kind in _KINDS if content.startswith(start)), None)
