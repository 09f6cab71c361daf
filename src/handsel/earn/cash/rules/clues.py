"""Reading clues: creditor references and invoice numbers, in fields and in free words."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from handsel.earn.cash.rules.open_items import OpenInCurrency, plain_reference
from handsel.earn.cash.rules.receivables import OpenItem, Receipt

_SHORTEST_NUMBER = 4
_SHORTEST_DIGITS = 6
_SHORTEST_REFERENCE = 10
_GAP = r"[^0-9A-Z]{0,3}"


class NumberClue(StrEnum):
    """How an invoice number was found in words."""

    WHOLE = "whole"
    DIGITS = "digits"


class NumberFound(NamedTuple):
    """A number found: which item's, the words it was found as, and how."""

    item: OpenItem
    text: str
    clue: NumberClue


def references_in(receipt: Receipt, listed: OpenInCurrency) -> list[tuple[OpenItem, str]]:
    """Return the items whose creditor reference the receipt states, in a field or in words."""
    stated = {plain_reference(reference) for reference in receipt.references} - {""}
    words = re.sub(r"[^0-9A-Za-z]", "", receipt.text).upper()
    found: dict[int, tuple[OpenItem, str]] = {}
    for plain, printed, item in listed.references:
        if plain in stated or (len(plain) >= _SHORTEST_REFERENCE and plain in words):
            found.setdefault(item.item_id, (item, printed))
    return list(found.values())


def numbers_in(receipt: Receipt, listed: OpenInCurrency) -> list[NumberFound]:
    """Return the items whose number stands in the receipt's words, in the order of the words.

    A number is found with other or no separators ("RE 2026 0012"), never inside a longer one
    ("RE-2026-00123"). Without its letters it is found when it has six digits or more.
    """
    text = "\n".join((receipt.text, *receipt.documents, receipt.end_to_end_id)).upper()
    squeezed = re.sub(r"[^0-9A-Z]", "", text)
    found: list[tuple[int, NumberFound]] = []
    for whole, digits, item in listed.numbers:
        match, clue = None, NumberClue.WHOLE
        if len(whole) >= _SHORTEST_NUMBER and whole in squeezed:
            match = _number_pattern(item.number.upper()).search(text)
        if match is None and len(digits) >= _SHORTEST_DIGITS and digits in squeezed:
            match, clue = _digits_pattern(item.number).search(text), NumberClue.DIGITS
        if match is not None:
            found.append((match.start(), NumberFound(item, match[0], clue)))
    found.sort(key=lambda one: (one[0], one[1].item.item_id))
    return [one for _, one in found]


@lru_cache(maxsize=4096)
def _number_pattern(number: str) -> re.Pattern[str]:
    parts = re.findall(r"[A-Z]+|[0-9]+", number)
    before = r"(?<![0-9])" if parts[0].isdigit() else r"(?<![A-Z])"
    after = r"(?![0-9])" if parts[-1].isdigit() else r"(?![A-Z])"
    return re.compile(before + _GAP.join(parts) + after)


@lru_cache(maxsize=4096)
def _digits_pattern(number: str) -> re.Pattern[str]:
    # Behind other letters ("SO-2026-0001") the digits are the number of another document.
    parts = re.findall(r"[0-9]+", number)
    return re.compile(r"(?<![0-9A-Z])(?<![A-Z][-/_])" + _GAP.join(parts) + r"(?![0-9])")
