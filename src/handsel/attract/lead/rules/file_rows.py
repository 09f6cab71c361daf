"""From a file of leads to values: which column means what, and what each row says.

A CSV file has a header row. A mapping says column -> field; a field may be given once. The date
order tells how 2/1/2018 is read; ISO dates are always read. A date without a time is the start of
that day, a time without a zone is local time, both in the seller's zone.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handsel.attract.lead.errors import InquiryInvalid, MappingInvalid
from handsel.attract.lead.rules import inquiry as texts
from handsel.attract.lead.rules.inquiry import Inquiry, Origin
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_instant
from handsel.ground.kernel.said import said

# Field -> names of columns that mean it, in a plain form (see `_plain`).
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "external_id": ("externalid", "id", "leadid", "mqlid", "recordid", "kennung"),
    "asked_at": (
        "askedat",
        "firstcontactdate",
        "createdat",
        "created",
        "createdate",
        "createddate",
        "date",
        "datum",
        "erstelltam",
        "eingang",
        "timestamp",
    ),
    "person_name": ("personname", "name", "fullname", "contact", "contactname", "ansprechpartner"),
    "given_name": ("givenname", "firstname", "vorname"),
    "family_name": ("familyname", "lastname", "surname", "nachname"),
    "email": ("email", "emailaddress", "mail", "emailadresse"),
    "phone": ("phone", "phonenumber", "telephone", "tel", "mobile", "telefon", "mobil"),
    "company_name": ("companyname", "company", "organization", "organisation", "firma", "account"),
    "country": ("country", "countrycode", "land"),
    "language": ("language", "sprache", "lang"),
    "interest": ("interest", "product", "interesse", "produkt"),
    "message": ("message", "comment", "notes", "note", "nachricht", "bemerkung", "description"),
    "source": ("source", "origin", "leadsource", "utmsource", "quelle", "herkunft"),
    "medium": ("medium", "utmmedium"),
    "campaign": ("campaign", "utmcampaign", "kampagne"),
    "landing_page": ("landingpage", "landingpageid", "url"),
    "referrer": ("referrer", "referer"),
    "click_id": ("clickid", "gclid"),
}

# Files of known origin need no mapping and no date order.
KNOWN_SOURCES: Final[dict[str, dict[str, str]]] = {
    "olist": {
        "mql_id": "external_id",
        "first_contact_date": "asked_at",
        "landing_page_id": "landing_page",
        "origin": "source",
    },
}
DATE_ORDERS: Final = ("ymd", "dmy", "mdy")
ENCODINGS: Final = ("utf-8-sig", "cp1252", "latin-1")
DELIMITERS: Final = (",", ";", "\t", "|")
LONGEST_CELL: Final = 20_000
_FUTURE_ALLOWED = timedelta(days=1)

_DATED = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_TIMED = re.compile(r"(.+?)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: encoding, delimiter, date order and the zone of its local times."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    date_order: str = "ymd"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class RowValues:
    """What one row says."""

    external_id: str
    asked_at: datetime | None
    inquiry: Inquiry
    origin: Origin


def open_rows(content: bytes, reading: Reading) -> tuple[list[str], Iterator[list[str]]]:
    """(header, rows after it) of a CSV file. Raises MappingInvalid when it is no such file."""
    try:
        text = content.decode(reading.encoding)
    except UnicodeDecodeError as wrong:
        raise MappingInvalid(
            said(
                "the file is not written in %(encoding)s; name its encoding, such as cp1252",
                encoding=reading.encoding,
            ),
            code="encoding_wrong",
        ) from wrong
    if "\x00" in text[:10_000]:
        raise MappingInvalid("this is no text file; export the list as CSV first", code="no_text")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=reading.delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(rows)]
    except (StopIteration, csv.Error) as wrong:
        raise MappingInvalid("the file has no header row", code="header_missing") from wrong
    if len(set(header)) != len(header) or not all(header):
        raise MappingInvalid(
            "every column needs a name of its own in the first row", code="header_ambiguous"
        )
    return header, rows


def guess_reading(content: bytes, *, date_order: str = "ymd", zone: str = "UTC") -> Reading:
    """How the file is probably written, from its first bytes."""
    encoding = "utf-8-sig"
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
    head = content[:4000].decode(encoding, "replace").splitlines()
    first = head[0] if head else ""
    delimiter = max(DELIMITERS, key=first.count)
    return Reading(encoding, delimiter, date_order, zone)


def suggest_mapping(header: Sequence[str]) -> dict[str, str]:
    """Column -> field for the columns whose names say what they hold; each field once."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for column in header:
        plain = _plain(column)
        field = next((name for name, known in FIELDS.items() if plain in known), "")
        if field and field not in taken:
            taken.add(field)
            found[column] = field
    return found


def check_mapping(mapping: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """The mapping as it will be used. Raises MappingInvalid naming what is wrong with it."""
    wrong: dict[str, str] = {}
    used: dict[str, str] = {}
    for column, field in mapping.items():
        if column not in header:
            wrong[column] = "there is no such column"
        elif field not in FIELDS:
            wrong[column] = said(
                "there is no field %(field)s; there are %(fields)s",
                field=repr(field),
                fields=", ".join(FIELDS),
            )
        elif field in used:
            wrong[column] = said(
                "%(field)s is already taken from %(used)s", field=field, used=used[field]
            )
        else:
            used[field] = column
    if not wrong and not used:
        wrong["mapping"] = "map at least one column"
    if wrong:
        raise MappingInvalid("the columns are not mapped in a usable way", fields=wrong)
    return {column: field for field, column in used.items()}


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]", "", column.casefold())


class RowReader:
    """Reads rows of one file by one mapping."""

    def __init__(self, header: Sequence[str], mapping: Mapping[str, str], reading: Reading) -> None:
        self.width = len(header)
        places = {column: place for place, column in enumerate(header)}
        self.places = {field: places[column] for column, field in mapping.items()}
        self.order = reading.date_order
        self.zone = ZoneInfo(reading.zone)

    def read(self, row: Sequence[str], *, now: datetime) -> RowValues:
        """What a row says. Raises Invalid with the reason why it cannot be taken."""
        if len(row) != self.width:
            raise InquiryInvalid(
                said("%(row)s cells where the header has %(width)s", row=len(row), width=self.width)
            )
        if any(len(cell) > LONGEST_CELL or "\x00" in cell for cell in row):
            raise InquiryInvalid("a cell is too long or holds characters that cannot be kept")
        values = {field: row[place].strip() for field, place in self.places.items()}
        asked_at = self.instant(values.get("asked_at", ""), now=now)
        external_id = values.get("external_id", "") or _fingerprint(row)
        if len(external_id) > 100:
            raise InquiryInvalid("external_id is longer than 100 characters")
        if not any(values.values()):
            raise InquiryInvalid("the row is empty")
        if "person_name" not in values:
            both = (values.get("given_name", ""), values.get("family_name", ""))
            values["person_name"] = " ".join(part for part in both if part)
        found = texts.inquiry(values, need_contact=False)
        return RowValues(external_id, asked_at, found, texts.origin(values))

    def instant(self, text: str, *, now: datetime | None = None) -> datetime | None:
        """An instant from a cell; None from an empty one. Raises Invalid."""
        if not text:
            return None
        if text[-1] in "Z" or re.search(r"T.*[+-]\d\d:\d\d$", text):
            found = parse_instant(text)
        else:
            found = self._local(text).replace(tzinfo=self.zone).astimezone(UTC)
        if now is not None and found > now + _FUTURE_ALLOWED:
            raise InquiryInvalid(said("%(text)s lies in the future", text=text))
        return found

    def _local(self, text: str) -> datetime:
        timed = _TIMED.fullmatch(text)
        day_text = timed[1] if timed else text
        dated = _DATED.fullmatch(day_text)
        if dated is None:
            raise InquiryInvalid(said("“%(text)s” is not a date", text=text[:40]))
        order = "ymd" if len(dated[1]) == 4 else self.order
        parts = dict(zip(order, dated.groups(), strict=True))
        day = parse_date(f"{parts['y']:0>4}-{parts['m']:0>2}-{parts['d']:0>2}")
        hour, minute, second = (timed[2], timed[3], timed[4] or 0) if timed else (0, 0, 0)
        try:
            return datetime.combine(day, time(int(hour), int(minute), int(second)))
        except ValueError as wrong:
            raise InquiryInvalid(said("“%(text)s” is not a time", text=text[:40])) from wrong


def _fingerprint(row: Sequence[str]) -> str:
    """An id for a row without one: the same row is the same lead, whenever it is read."""
    text = json.dumps(list(row), ensure_ascii=False)
    return "row:" + hashlib.sha256(text.encode()).hexdigest()[:40]


def why_refused(failure: Invalid) -> str:
    """The reason in one sentence, as it is written into the file of refused rows."""
    named = "; ".join(f"{field}: {expected}" for field, expected in failure.fields.items())
    return (named or str(failure))[:300]
