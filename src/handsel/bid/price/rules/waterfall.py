"""The waterfall: every step from list price to gross, each with the rule that caused it.

The stages are those of the house's order of calculation, `docs/reference/price-case.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from handsel.ground.kernel.names import Name, translated
from handsel.ground.kernel.said import Said, said


class Stage(StrEnum):
    """Stages in the order in which they are applied."""

    BASE = "base"
    OPTION = "option"
    MARKET = "market"
    TIER = "tier"
    AGREEMENT = "agreement"
    PROMOTION = "promotion"
    TERM = "term"
    PRORATION = "proration"
    MANUAL = "manual"
    PARTNER = "partner"
    DISTRIBUTOR = "distributor"
    ENDING = "ending"
    ROUNDING = "rounding"
    HEADER = "header"
    DERIVED = "derived"
    FEE = "fee"
    INCLUDED = "included"
    TAX = "tax"


ORDER: Final[Mapping[str, int]] = {stage.value: place for place, stage in enumerate(Stage)}
STAGE_NAMES: Final[Mapping[Stage, Said]] = {
    Stage.BASE: said("List price × quantity"),
    Stage.OPTION: said("Options"),
    Stage.MARKET: said("Market surcharge"),
    Stage.TIER: said("Price list discount"),
    Stage.AGREEMENT: said("Agreed with the customer"),
    Stage.PROMOTION: said("Promotion"),
    Stage.TERM: said("Term and way of paying"),
    Stage.PRORATION: said("Part or multiple of the price’s period"),
    Stage.MANUAL: said("Discount on this line"),
    Stage.PARTNER: said("Partner"),
    Stage.DISTRIBUTOR: said("Distributor"),
    Stage.ENDING: said("Price ending and limits"),
    Stage.DERIVED: said("Percentage of other lines"),
    Stage.FEE: said("Fee"),
    Stage.ROUNDING: said("Rounding"),
    Stage.HEADER: said("Share of the discount on the quote"),
    Stage.INCLUDED: said("Tax contained in the price"),
    Stage.TAX: said("Share of the tax"),
}
"""What stages are called, for people."""

LAST_LIST_STAGE: Final = ORDER[Stage.MARKET]
"""Base, options and market surcharges: what the list price of a configured product is made of."""

LAST_NET_STAGE: Final = ORDER[Stage.INCLUDED]
"""`included` takes the tax out of a price that contains it, so that net and tax add up."""


class Row(NamedTuple):
    """One step of a line: what changed, by how much, and by which version of which rule.

    `rule` reads ``price_entry:17`` or ``price_rule:4``; it is empty where the step is arithmetic
    or a person's own doing. The label may have translations (a `Name`), which are kept with it.
    `bps` is the percentage behind the step where there is one. Version 0
    is a rule that has no versions.
    """

    stage: Stage
    label: str
    amount_minor: int
    rule: str = ""
    bps: int | None = None
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        """The row as it is kept with the line."""
        kept: dict[str, Any] = {
            "stage": self.stage.value,
            "label": self.label,
            "amount_minor": self.amount_minor,
            "rule": self.rule,
        }
        if isinstance(self.label, Name):
            kept["label_texts"] = dict(self.label.texts)
        if self.bps is not None:
            kept["bps"] = self.bps
        if self.version:
            kept["version"] = self.version
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Row:
        """The row from what was kept."""
        label = kept["label"]
        if "label_texts" in kept:
            label = translated(label, kept["label_texts"])
        return cls(
            Stage(kept["stage"]),
            label,
            kept["amount_minor"],
            kept["rule"],
            kept.get("bps"),
            kept.get("version", 0),
        )


def net_of(rows: Iterable[Row]) -> int:
    """The net amount in minor units that rows lead to: everything before tax."""
    return sum(row.amount_minor for row in rows if ORDER[row.stage] <= LAST_NET_STAGE)


def gross_of(rows: Iterable[Row]) -> int:
    """The gross amount in minor units: all rows."""
    return sum(row.amount_minor for row in rows)
