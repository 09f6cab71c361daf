"""Reading rows of a file of leads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.lead.rules.file_rows import (
    Reading,
    RowReader,
    RowValues,
    check_mapping,
    guess_reading,
    open_rows,
    suggest_mapping,
)
from handsel.ground.kernel.errors import Invalid

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = Reading(zone="Europe/Berlin")


def read(reading: Reading = BERLIN, **cells: str) -> RowValues:
    reader = RowReader(list(cells), {name: name for name in cells}, reading)
    return reader.read(list(cells.values()), now=NOW)


def test_headers_suggest_their_fields_in_two_languages() -> None:
    header = ["Vorname", "Nachname", "E-Mail", "Firma", "Telefon", "Herkunft", "Sonstiges"]
    assert suggest_mapping(header) == {
        "Vorname": "given_name",
        "Nachname": "family_name",
        "E-Mail": "email",
        "Firma": "company_name",
        "Telefon": "phone",
        "Herkunft": "source",
    }


def test_no_field_is_suggested_twice() -> None:
    assert suggest_mapping(["email", "E-Mail"]) == {"email": "email"}


@pytest.mark.parametrize(
    "mapping", [{}, {"nope": "email"}, {"a": "nope"}, {"a": "email", "b": "email"}]
)
def test_a_mapping_that_cannot_work_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(MappingInvalid):
        check_mapping(mapping, ["a", "b"])


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2018-02-01", "ymd", datetime(2018, 1, 31, 23, tzinfo=UTC)),
        ("2018-07-01 14:30", "ymd", datetime(2018, 7, 1, 12, 30, tzinfo=UTC)),
        ("2/26/2018 19:58", "mdy", datetime(2018, 2, 26, 18, 58, tzinfo=UTC)),
        ("26.02.2018", "dmy", datetime(2018, 2, 25, 23, tzinfo=UTC)),
        ("2018-02-01T08:00:00Z", "dmy", datetime(2018, 2, 1, 8, tzinfo=UTC)),
        ("2018-02-01T08:00:00-03:00", "ymd", datetime(2018, 2, 1, 11, tzinfo=UTC)),
    ],
)
def test_dates_are_read_in_the_order_and_zone_given(
    text: str, order: str, expected: datetime
) -> None:
    reading = Reading(zone="Europe/Berlin", date_order=order)
    assert read(reading, asked_at=text, email="a@b.example").asked_at == expected


@pytest.mark.parametrize(
    "text", ["soon", "2018-13-01", "1/2", "31.31.2018", "2030-01-01", "2018-01-01 25:00"]
)
def test_dates_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(asked_at=text, email="a@b.example")


def test_given_and_family_name_make_one_name() -> None:
    assert read(given_name="Mara", family_name="Vogel").inquiry.person_name == "Mara Vogel"


def test_a_row_without_an_id_is_known_by_what_it_says() -> None:
    one, same, other = (read(email=f"{who}@b.example") for who in ("a", "a", "c"))
    assert one.external_id == same.external_id != other.external_id


def test_an_empty_source_stays_empty() -> None:
    assert read(external_id="1", source="").origin.source == ""


def test_rows_of_another_width_and_cells_that_are_too_long_are_refused() -> None:
    reader = RowReader(["email"], {"email": "email"}, BERLIN)
    for row in (["a@b.example", "more"], ["x" * 20_001], ["a\x00"], [""]):
        with pytest.raises(Invalid):
            reader.read(row, now=NOW)


def test_encoding_and_delimiter_are_guessed() -> None:
    found = guess_reading("name;firma\nJürgen;Öl AG\n".encode("cp1252"))
    assert (found.encoding, found.delimiter) == ("cp1252", ";")


@pytest.mark.parametrize("content", [b"", b"a,a\n1,2\n", b"a,\n1,2\n", b"\x00\x01PK", b"\xff\xfe"])
def test_files_that_cannot_be_read_say_so(content: bytes) -> None:
    with pytest.raises(MappingInvalid):
        open_rows(content, Reading())
