"""From a snapshot to a PDF: check that it adds up, put it into words, typeset it."""

from __future__ import annotations

from handsel.ground.document.arithmetic import check
from handsel.ground.document.letter import Letter
from handsel.ground.document.present import present
from handsel.ground.document.typesetting import typeset

MEDIA_TYPE = "application/pdf"


def typeset_document(document: Letter) -> bytes:
    """The document as PDF/A-3b bytes; the same document always gives the same bytes.

    Raises DoesNotAddUp when its amounts contradict each other, Invalid for a locale or time zone
    nobody knows.
    """
    check(document)
    return typeset(document.TEMPLATE, present(document), produced_at=document.produced_at)
