"""Why a VAT category carries no VAT: the sentence the law wants on the document."""

from __future__ import annotations

from typing import Final

from handsel.ground.tax.rules import texts

_BY_CATEGORY: Final = {
    "AE": texts.REVERSE_CHARGE,
    "K": texts.INTRA_COMMUNITY,
    "G": texts.EXPORT_FROM_ELSEWHERE,
    "O": texts.OUTSIDE_SCOPE,
    "E": texts.EXEMPT,
}


def legal_text(category: str, reason_code: str) -> str:
    """The message id of the reason (BT-120) for a category and VATEX code; empty where none is due.

    Source: EN 16931 BR-AE-10, BR-IC-10, BR-G-10, BR-O-10, BR-E-10.
    """
    if category == "G" and reason_code == "VATEX-EU-G":
        return texts.EXPORT_FROM_EU
    return _BY_CATEGORY.get(category, texts.NONE)
