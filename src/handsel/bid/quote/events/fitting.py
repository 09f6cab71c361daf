"""Facts about lines of a quote that do, or do not, fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class QuoteAdvised(Event):
    """A version went out although laws between its lines advise otherwise; `advice` says them."""

    TYPE: ClassVar[str] = "quote.version.advised"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    laws: tuple[str, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class QuoteMended(Event):
    """A repair of lines that did not fit was done; `change` says which."""

    TYPE: ClassVar[str] = "quote.version.mended"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    kind: str
    change: str
