"""The chain of issued documents: each names the hash of the one before it in its series.

A series is a seller's documents of one kind in one year (reliability N2); its first document has
no predecessor. What is hashed is kept beside the document as it was hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class ChainLink:
    """What is sealed of a document: a change of any of it breaks the chain."""

    series: str
    number: str
    kind: str
    issued_on: str
    currency: str
    net_minor: int
    tax_minor: int
    payable_minor: int
    tax_rows: Sequence[tuple[str, int, str, int, int]]
    lines: Sequence[tuple[int, str, str, int]]
    buyer_id: int
    previous_hash: str


def sealed_text(link: ChainLink) -> str:
    """The canonical text of a link: ASCII JSON, keys sorted, no spaces."""
    body = {"format": FORMAT_VERSION, **asdict(link)}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def text_hash(text: str) -> str:
    """SHA-256 over a sealed text, as hex."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def number_before(number: str) -> str | None:
    """The number before one in its series, or None for the first: I-2026-00042 → I-2026-00041."""
    head, _, tail = number.rpartition("-")
    return f"{head}-{int(tail) - 1:05d}" if int(tail) > 1 else None
