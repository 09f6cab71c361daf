"""Looking at a file of leads before anything is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice

from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules import file_rows
from handsel.attract.lead.rules.file_rows import Reading, RowReader, RowValues
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said
from handsel.ground.party.models import Seller
from handsel.ground.party.queries import get_seller
from handsel.ground.platform.actor import Actor

PREVIEW_ROWS = 20


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would happen to a row: `add`, `known` or `refuse`, with the reason."""

    row_number: int
    outcome: str
    reason: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file, read by a mapping; nothing is written."""

    header: list[str]
    mapping: dict[str, str]
    reading: Reading
    rows: list[PreviewRow]
    total: int
    unmapped: list[str] = field(default_factory=list)


def reading_for(content: bytes, seller: Seller, options: Mapping[str, str]) -> Reading:
    """How a file is read: guessed, but for what `options` say (encoding, delimiter, date_order)."""
    guessed = file_rows.guess_reading(content, zone=seller.time_zone)
    named = {name: text for name, text in options.items() if text}
    reading = Reading(**{**asdict(guessed), **named})
    if (
        reading.date_order not in file_rows.DATE_ORDERS
        or reading.encoding not in file_rows.ENCODINGS
        or reading.delimiter not in file_rows.DELIMITERS
    ):
        raise MappingInvalid("unknown encoding, delimiter or order of dates", fields=dict(named))
    return reading


def mapping_for(
    header: Sequence[str], source_name: str, mapping: Mapping[str, str]
) -> dict[str, str]:
    """The mapping to use: the one given, else the one known for the source, else suggested.

    Empty when nothing was given and no column's name says what it holds.
    """
    known = file_rows.KNOWN_SOURCES.get(source_name, {})
    if not mapping and known and set(known) <= set(header):
        mapping = known
    wanted = mapping or file_rows.suggest_mapping(header)
    return file_rows.check_mapping(wanted, header) if wanted else {}


def preview_import(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    content: bytes,
    source_name: str,
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
) -> Preview:
    """Read the first rows as an import would. Raises MappingInvalid for an unreadable file."""
    seller = get_seller(actor, seller_id)
    check_source(source_name)
    reading = reading_for(content, seller, options or {})
    header, rows = file_rows.open_rows(content, reading)
    used = mapping_for(header, source_name, mapping or {})
    reader = RowReader(header, used, reading)
    first = list(islice(rows, PREVIEW_ROWS))
    read = [read_row(reader, n, row, now=now) for n, row in numbered(iter(first))]
    shown = read if used else []
    known = known_ids(seller.pk, source_name, [one.external_id for one in shown])
    return Preview(
        header=header,
        mapping=used,
        reading=reading,
        rows=[_previewed(one, known) for one in shown],
        total=len(first) + count_rows(rows),
        unmapped=[column for column in header if column not in used],
    )


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as read: its values, or the reason why it is refused."""

    number: int
    cells: list[str]
    values: RowValues | None
    reason: str = ""

    @property
    def external_id(self) -> str:
        """The id the row is known by; empty when it is refused."""
        return self.values.external_id if self.values else ""


def numbered(rows: Iterator[list[str]], first: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number a person sees in a spreadsheet: the header is row 1."""
    return enumerate(rows, start=first + 2)


def read_row(reader: RowReader, number: int, row: list[str], *, now: datetime) -> ReadRow:
    """Read one row; what cannot be taken carries its reason."""
    try:
        return ReadRow(number, row, reader.read(row, now=now))
    except Invalid as refused:
        return ReadRow(number, row, None, file_rows.why_refused(refused))


def _previewed(one: ReadRow, known: set[str]) -> PreviewRow:
    if one.values is None:
        return PreviewRow(one.number, "refuse", one.reason, {})
    said = {**asdict(one.values.inquiry), **asdict(one.values.origin)}
    said["external_id"] = one.values.external_id
    said["asked_at"] = one.values.asked_at.isoformat() if one.values.asked_at else ""
    outcome = "known" if one.external_id in known else "add"
    return PreviewRow(one.number, outcome, "", {k: v for k, v in said.items() if v})


def check_source(source_name: str) -> None:
    """Raise MappingInvalid unless the file says where it comes from."""
    if not source_name or len(source_name) > 60:
        raise MappingInvalid(
            "name where the file comes from, in at most 60 characters",
            fields={"source": "a name such as olist"},
        )


def count_rows(rows: Iterator[list[str]]) -> int:
    """How many rows there are still. Raises MappingInvalid when the file breaks off."""
    try:
        return sum(1 for _ in rows)
    except csv.Error as wrong:
        raise MappingInvalid(
            said("the file cannot be read to its end: %(wrong)s", wrong=wrong)
        ) from wrong


def known_ids(seller_id: int, source_name: str, ids: Sequence[str]) -> set[str]:
    """The ids among `ids` under which leads exist already."""
    rows = Lead.objects.filter(
        seller_id=seller_id, external_source=source_name, external_id__in=[i for i in ids if i]
    )
    return set(rows.values_list("external_id", flat=True))
