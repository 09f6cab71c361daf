"""The strict grammar in front of Decimal, int, date and JSON (reliability E20 to E22)."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import (
    parse_date,
    parse_decimal,
    parse_instant,
    parse_integer,
    parse_localized_decimal,
)

PLAIN = frozenset("0123456789.-")


@given(st.decimals(-(10**13), 10**13, places=6, allow_nan=False))
def test_what_is_written_plainly_is_read(value):
    assert parse_decimal(f"{value:f}") == value


@given(st.text(max_size=20))
@example("1_000")
@example("１２")
@example("١٢٣")
@example(" 12 ")
@example("NaN")
@example("1e999999")
def test_anything_else_is_refused(text):
    try:
        value = parse_decimal(text)
    except Invalid:
        return
    assert set(text) <= PLAIN and text.isascii()
    assert value.is_finite()


REFUSED = [
    *("1_000", "１２", "١٢٣", " 12 ", "12 ", "\t12", "NaN", "sNaN", "Infinity", "-inf"),
    *("1e9", "1E9", "1e999999", "+5", "1,000", "1,5", "1.000.000", ".5", "5.", "-", "", "--1"),
    *("0x10", "1\n", "½", "²", "1/2", "1" * 65, "−5", "1 000"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused_numbers(text):
    with pytest.raises(Invalid):
        parse_decimal(text)
    with pytest.raises(Invalid):
        parse_integer(text)


@pytest.mark.parametrize("text", [None, 5, 1.5, b"5", Decimal(5), ["5"]])
def test_only_text_is_read(text):
    for parse in (parse_decimal, parse_integer, parse_date, parse_instant):
        with pytest.raises(Invalid):
            parse(text)
    with pytest.raises(Invalid):
        parse_localized_decimal(text, ",")


def test_scale_size_and_bounds():
    assert parse_decimal("007.10") == Decimal("7.10")
    assert str(parse_decimal("-0.00")) == "0.00"
    assert parse_decimal("99999999999999.999999") == Decimal("99999999999999.999999")
    for text, limits in [
        ("0.0000001", {}),
        ("100000000000000", {}),
        ("1.23", {"scale": 1}),
        ("-1", {"minimum": 0}),
        ("101", {"maximum": 100}),
        ("1000", {"max_digits": 5, "scale": 2}),
    ]:
        with pytest.raises(Invalid):
            parse_decimal(text, **limits)
    assert parse_integer("-12", minimum=-12, maximum=0) == -12
    with pytest.raises(Invalid):
        parse_integer("1.0")


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1'234.50", ".", "1234.50"),
        ("1\u202f234,5", ",", "1234.5"),
        ("1\u00a0234", ",", "1234"),
        ("-1.234.567", ",", "-1234567"),
        ("12,5", ",", "12.5"),
        ("12", ",", "12"),
        ("1.234,0", ",", "1234.0"),
    ],
)
def test_localized_numbers(text, mark, expected):
    assert parse_localized_decimal(text, mark) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1.234", ","),  # 1234 or 1.234? asked back, not guessed
        ("1,234", "."),
        ("12.5", ","),
        ("1.23.456", ","),
        ("1.234'567,0", ","),
        ("1.2345,0", ","),
        (".123,0", ","),
        ("1,234,5", ","),
        ("1,5.000", ","),
        (" 1,5", ","),
        ("1, 5", ","),
        ("", ","),
        ("-", ","),
        (",", ","),
        ("١٢,5", ","),
    ],
)
def test_ambiguous_or_broken_localized_numbers(text, mark):
    with pytest.raises(Invalid):
        parse_localized_decimal(text, mark)


@given(st.dates(date(1000, 1, 1)))
def test_dates_come_back(day):
    assert parse_date(day.isoformat()) == day


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_instants_come_back(instant):
    assert parse_instant(instant.isoformat()) == instant


@pytest.mark.parametrize(
    "text",
    ["2026-3-1", "20260301", "2026-02-30", "2026-W09-1", "01.03.2026", "2026-03-01 ", "٢٠٢٦-03-01"],
)
def test_refused_dates(text):
    with pytest.raises(Invalid):
        parse_date(text)


def test_instants_need_a_zone():
    parsed = parse_instant("2026-03-01T10:30:00.5+01:00")
    assert parsed == datetime(2026, 3, 1, 9, 30, 0, 500_000, tzinfo=UTC)
    assert parsed.tzinfo is UTC
    for text in (
        *("2026-03-01T10:30:00", "2026-03-01", "2026-03-01 10:30:00Z", "2026-03-01T25:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "2026-03-01T10:30:00+99:00", "2026-03-01T10:30Z"),
    ):
        with pytest.raises(Invalid):
            parse_instant(text)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=8).filter(lambda text: "\x00" not in text),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=4).filter(lambda key: "\x00" not in key), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON, st.booleans())
def test_plain_json_comes_back(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert strict_json.loads(text) == value
    assert strict_json.loads(text.encode()) == value


@given(st.binary(max_size=64))
def test_no_bytes_break_the_reader(source):
    with suppress(Invalid):
        strict_json.loads(source)


def test_numbers_stay_exact():
    read = strict_json.loads('{"price": 0.10, "large": 1e3, "count": 3}')
    assert read == {"price": Decimal("0.10"), "large": Decimal(1000), "count": 3}
    assert type(read["price"]) is Decimal and type(read["count"]) is int
    assert str(read["price"]) == "0.10"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('{"a": 1, "a": 2}', "json_duplicate_key"),
        ('[{"x": {"a": 1, "b": 2, "a": 1}}]', "json_duplicate_key"),
        ("NaN", "json_number"),
        ("[Infinity]", "json_number"),
        ("-Infinity", "json_number"),
        ("1e400", "json_number"),
        ("-1.5e999999", "json_number"),
        ("1e-400", "json_number"),
        ("0e999999999999", "json_number"),
        ("9223372036854775808", "json_number"),
        ("1" * 5000, "json_number"),
        ("0." + "1" * 5000, "json_number"),
        ("[" * 65 + "]" * 65, "json_depth"),
        ('{"a":' * 65 + "1" + "}" * 65, "json_depth"),
        ("[" * 200_000, "json_depth"),
        ('{"a":' * 200_000, "json_depth"),
        ('"\\u0000"', "json_text"),
        ('{"\\ud800": 1}', "json_text"),
        ('["\\udfff"]', "json_text"),
        ("\ufeff{}", "json_encoding"),
        ("\ud800", "json_encoding"),
        (b"\xff\xfe{\x00}\x00", "json_encoding"),
        ("", "json_syntax"),
        ("{} {}", "json_syntax"),
        ("{'a': 1}", "json_syntax"),
        ("[1,]", "json_syntax"),
        ("01", "json_syntax"),
        ("+1", "json_syntax"),
        ('"\n"', "json_syntax"),
    ],
)
def test_json_that_is_refused(source, code):
    with pytest.raises(Invalid) as refusal:
        strict_json.loads(source)
    assert refusal.value.code == code
    assert refusal.value.http_status == 422


def test_json_depth_is_counted_in_containers():
    deepest = "[" * 64 + "1" + "]" * 64
    assert strict_json.loads(deepest) is not None
    assert strict_json.loads('"\\ud83d\\ude00"') == "😀"
    with pytest.raises(Invalid):
        strict_json.loads("[[1]]", max_depth=1)
