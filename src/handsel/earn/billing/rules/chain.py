"""The chain of issued documents: each names the hash of the one before it in its series."""

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


def link_hash(link: ChainLink) -> str:
    """SHA-256 over the canonical bytes of the link, as hex."""
    body = {"format": FORMAT_VERSION, **asdict(link)}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
