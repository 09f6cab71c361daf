"""Reading clues: references, invoice numbers in free words, and names that are alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process

from handsel.earn.cash.rules.receivables import OpenItem, Receipt

_SHORTEST_NUMBER = 4
_SHORTEST_DIGITS = 6
_SHORTEST_REFERENCE = 10
_GAP = r"[^0-9A-Z]{0,3}"

_TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae"})
_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "and", "as", "aps", "asa", "bv", "bvba", "co", "company", "corp"),
        *("corporation", "cv", "eg", "gbr", "gesellschaft", "gmbh", "inc", "kg", "kgaa"),
        *("limited", "llc", "llp", "ltd", "mbh", "nv", "ohg", "oy", "oyj", "plc", "sa"),
        *("sarl", "sas", "se", "sl", "slu", "spa", "sprl", "srl", "ug", "und", "v"),
    )
)


class NumberClue(StrEnum):
    """How an invoice number was found in words."""

    WHOLE = "whole"
    DIGITS = "digits"


def plain_reference(text: str) -> str:
    """Return a reference as it is compared: letters and digits, upper case, no leading zeros."""
    letters = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return letters.lstrip("0") if letters.isdigit() else letters


def by_reference(receipt: Receipt, items: Iterable[OpenItem]) -> list[tuple[OpenItem, str]]:
    """Return the items whose creditor reference the receipt states, in a field or in words."""
    stated = {plain_reference(reference) for reference in receipt.references} - {""}
    words = re.sub(r"[^0-9A-Za-z]", "", receipt.text).upper()
    found = []
    for item in items:
        for reference in item.references:
            plain = plain_reference(reference)
            if plain in stated or (len(plain) >= _SHORTEST_REFERENCE and plain in words):
                found.append((item, reference))
                break
    return found


def by_number(
    receipt: Receipt, items: Iterable[OpenItem]
) -> list[tuple[OpenItem, str, NumberClue]]:
    """Return the items whose number stands in the receipt's words, in the order of the words.

    A number is found with other or no separators ("RE 2026 0012"), never inside a longer one
    ("RE-2026-00123"). Without its letters it is found when it has six digits or more.
    """
    text = "\n".join((receipt.text, *receipt.documents, receipt.end_to_end_id)).upper()
    squeezed = re.sub(r"[^0-9A-Z]", "", text)
    found: list[tuple[int, OpenItem, str, NumberClue]] = []
    for item in items:
        whole, digits = _squeezed_number(item.number)
        if len(whole) >= _SHORTEST_NUMBER and whole in squeezed:
            match = _number_pattern(item.number.upper()).search(text)
            if match:
                found.append((match.start(), item, match[0], NumberClue.WHOLE))
                continue
        if len(digits) >= _SHORTEST_DIGITS and digits in squeezed:
            match = _digits_pattern(item.number).search(text)
            if match:
                found.append((match.start(), item, match[0], NumberClue.DIGITS))
    found.sort(key=lambda clue: (clue[0], clue[1].item_id))
    return [(item, text, kind) for _, item, text, kind in found]


@lru_cache(maxsize=200_000)
def _squeezed_number(number: str) -> tuple[str, str]:
    whole = re.sub(r"[^0-9A-Z]", "", number.upper())
    return whole, re.sub(r"[^0-9]", "", whole)


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


@lru_cache(maxsize=100_000)
def plain_name(name: str) -> str:
    """Return a name as it is compared: no accents, no legal form, words in lower case."""
    lowered = name.casefold().translate(_TRANSLITERATED)
    stripped = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", lowered)
        if not unicodedata.combining(letter)
    )
    joined = re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)", "", stripped)  # B.V. is bv
    words = re.findall(r"[0-9a-z]+", joined)
    return " ".join(word for word in words if word not in _LEGAL_FORMS) or " ".join(words)


def alike(name: str, names: Mapping[int, str], *, least: int) -> list[tuple[int, int]]:
    """Return (customer, likeness 0 to 100) for names at least so alike, the most alike first.

    ``names`` are plain. Word order does not matter, missing words do.
    """
    wanted = plain_name(name)
    if not wanted:
        return []
    matches = process.extract(
        wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=least, limit=5
    )
    found = [(customer_id, int(score)) for _, score, customer_id in matches]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
