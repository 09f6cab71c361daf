"""Files of outcomes: which lead was won, when, for how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.lead.rules.file_rows import Reading, RowReader
from handsel.attract.opportunity.errors import OpportunityInvalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said

FIELDS: Final = ("external_id", "won_at", "name", "amount", "currency")
MANDATORY: Final = ("external_id", "won_at")

# Files of known origin: their columns, and how their dates are written.
KNOWN_SOURCES: Final[dict[str, tuple[dict[str, str], str]]] = {
    "olist": ({"mql_id": "external_id", "won_date": "won_at", "business_segment": "name"}, "mdy"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One won lead."""

    row_number: int
    external_id: str
    won_at: datetime
    name: str
    amount: Money


def check_mapping(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """Field -> column. Raises MappingInvalid unless id and date of every outcome are mapped."""
    wrong = {
        column: "there is no such column or field"
        for column, field in mapping.items()
        if column not in header or field not in FIELDS
    }
    columns = {field: column for column, field in mapping.items()}
    wrong |= {field: "map a column to it" for field in MANDATORY if field not in columns}
    if wrong:
        raise MappingInvalid("the columns are not mapped in a usable way", fields=wrong)
    return columns


class OutcomeReader:
    """Reads rows of one file of outcomes."""

    def __init__(
        self, header: Sequence[str], mapping: Mapping[str, str], reading: Reading, currency: str
    ) -> None:
        self.header = list(header)
        self.columns = check_mapping(mapping, header)
        self.currency = currency
        self.dates = RowReader(header, {}, reading)

    def read(self, row_number: int, row: Sequence[str], *, now: datetime) -> Outcome:
        """What a row says. Raises Invalid with the reason why it cannot be taken."""
        if len(row) != len(self.header):
            raise OpportunityInvalid(
                said(
                    "%(row)s cells where the header has %(header)s",
                    row=len(row),
                    header=len(self.header),
                )
            )
        cells = dict(zip(self.header, row, strict=True))
        told = {field: cells[column].strip() for field, column in self.columns.items()}
        if not told["external_id"]:
            raise OpportunityInvalid("the row names no lead")
        won_at = self.dates.instant(told["won_at"], now=now)
        if won_at is None:
            raise OpportunityInvalid("the row has no date")
        currency = told.get("currency") or self.currency
        amount = Money.parse(told.get("amount") or "0", currency)
        name = " ".join(told.get("name", "").replace("\x00", "").replace("_", " ").split())
        return Outcome(row_number, told["external_id"], won_at, name[:150], amount)
