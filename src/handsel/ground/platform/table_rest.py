"""A CSV list by the API: what is sent, and what became of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from handsel.ground.platform.api import AnswerSchema, ClosedSchema
from handsel.ground.platform.csv_table import Imported

_Name = Annotated[str, Field(max_length=100)]


class TableIn(ClosedSchema):
    """A list as CSV, its first row naming the columns; `mapping` says what columns hold."""

    text: Annotated[str, Field(max_length=5_000_000)]
    mapping: Annotated[dict[_Name, _Name], Field(max_length=100)] = Field(default_factory=dict)
    decimal_mark: Literal[".", ","] = "."
    is_trial: bool = False


class RefusedRowOut(AnswerSchema):
    """A row that was not kept, and why."""

    line_no: int
    cells: list[str]
    reason: str


class ImportedOut(AnswerSchema):
    """What became of a list; with `is_trial` what would."""

    new: int
    changed: int
    known: int
    refused: list[RefusedRowOut]

    @classmethod
    def of(cls, done: Imported[Any]) -> ImportedOut:
        """From what the action tells."""
        return cls(
            new=len(done.new),
            changed=len(done.changed),
            known=done.known,
            refused=[
                RefusedRowOut(line_no=one.line_no, cells=list(one.cells), reason=one.reason)
                for one in done.refused
            ],
        )
