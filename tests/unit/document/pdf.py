"""What a reader finds in a PDF."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All text, page by page, with runs of white space as one space and no zero-width marks."""
    pages = [page.extract_text() for page in reader(content).pages]
    return "\n".join(plain(page) for page in pages)


def plain(text: str) -> str:
    return re.sub(r"[ \t\n\u00a0\u202f]+", " ", text.replace("\u200b", "")).strip()
