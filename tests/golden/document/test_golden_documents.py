"""Every document says what it said before: its text, page by page, against a kept file.

After a wanted change, run with UPDATE_GOLDEN=1, look at the PDFs, and commit the new texts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handsel.ground.document.documents import typeset_document
from tests.unit.document import samples
from tests.unit.document.pdf import reader

FOLDER = Path(__file__).parent


def shown(name: str) -> str:
    """The lines of each page as a reader sees them, without zero-width marks."""
    pages = reader(typeset_document(samples.ALL[name]())).pages
    texts = [page.extract_text().replace("\u200b", "").replace("\u00a0", " ") for page in pages]
    lines = [[line.rstrip() for line in text.splitlines()] for text in texts]
    return "\n---- next page ----\n".join("\n".join(page) for page in lines) + "\n"


@pytest.mark.parametrize("name", samples.ALL)
def test_a_document_says_what_it_said_before(name: str) -> None:
    kept = FOLDER / f"{name}.txt"
    text = shown(name)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(samples.ALL)
