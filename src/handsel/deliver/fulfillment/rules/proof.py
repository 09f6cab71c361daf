"""Which files are kept as proof of delivery, told by their content and not by their name."""

from __future__ import annotations

_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
MOST_BYTES = 10 * 1024 * 1024


def media_type_of(content: bytes) -> str | None:
    """The media type of a PDF, PNG or JPEG; None for anything else."""
    return next((kind for start, kind in _KINDS if content.startswith(start)), None)
