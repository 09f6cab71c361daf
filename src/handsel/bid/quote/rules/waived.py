"""Fees that one quote is not charged: which, why, and by which other quote they are charged.

They are kept with what all prices of a version depend on (`pricing`), under the identity of the
fee's line, so that they go from version to version and a diff tells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from handsel.ground.kernel.names import texts_of, translated

WAIVED: Final = "waived"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a fee is not charged: somebody's `reason`; or another quote charges it, of which this
    one was a part."""

    label: str
    reason: str = ""
    quote: str = ""
    quote_id: int = 0

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        kept: dict[str, Any] = {"label": str(self.label)}
        if texts_of(self.label):
            kept["label_texts"] = dict(texts_of(self.label))
        if self.reason:
            kept["reason"] = self.reason
        if self.quote_id:
            kept |= {"quote": self.quote, "quote_id": self.quote_id}
        return kept


def waivers_of(pricing: Mapping[str, Any]) -> dict[str, Waiver]:
    """The waivers of a version by the keys of the fees' lines."""
    return {key: _read(kept) for key, kept in pricing.get(WAIVED, {}).items()}


def _read(kept: Mapping[str, Any]) -> Waiver:
    facts = {name: value for name, value in kept.items() if name != "label_texts"}
    return Waiver(**facts | {"label": translated(kept["label"], kept.get("label_texts", {}))})


def with_waivers(pricing: Mapping[str, Any], waivers: Mapping[str, Waiver]) -> dict[str, Any]:
    """What prices depend on, with these waivers instead of those there were."""
    found = {name: value for name, value in pricing.items() if name != WAIVED}
    if waivers:
        found[WAIVED] = {key: waivers[key].as_json() for key in sorted(waivers)}
    return found
