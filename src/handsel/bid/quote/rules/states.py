"""Which state a quote and its versions may leave for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUOTE: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"presented", "withdrawn"}),
    "presented": frozenset({"accepted", "declined", "expired", "withdrawn", "draft"}),
    "declined": frozenset({"draft"}),
    "expired": frozenset({"draft"}),
    "withdrawn": frozenset({"draft"}),
    "accepted": frozenset(),
}

VERSION: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"presented", "accepted", "closed"}),
    "presented": frozenset({"accepted", "superseded", "closed"}),
    "accepted": frozenset(),
    "superseded": frozenset(),
    "closed": frozenset(),
}

LIVE: Final = ("draft", "presented", "accepted")
"""Of these a quote has one version at most."""
