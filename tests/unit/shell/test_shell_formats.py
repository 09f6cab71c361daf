"""Numbers, money and dates in the reader's own marks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.site.shell import formats, markup
from handsel.site.shell.formats import MINUS, NBSP, reader_of

EN, DE = reader_of("en"), reader_of("de")


@pytest.mark.parametrize(
    ("minor", "currency", "english", "german"),
    [
        (123450, "EUR", "1,234.50", "1.234,50"),
        (-5, "EUR", f"{MINUS}0.05", f"{MINUS}0,05"),
        (0, "EUR", "0.00", "0,00"),
        (1234500, "JPY", "1,234,500", "1.234.500"),
        (1234567, "KWD", "1,234.567", "1.234,567"),
        (-123456789012, "EUR", f"{MINUS}1,234,567,890.12", f"{MINUS}1.234.567.890,12"),
    ],
)
def test_money_by_language(minor: int, currency: str, english: str, german: str) -> None:
    assert EN.minor(minor, currency) == english
    assert DE.minor(minor, currency) == german


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_money_reads_back_to_the_same_amount(minor: int, currency: str) -> None:
    for reader in (EN, DE):
        text = reader.minor(minor, currency).replace(MINUS, "-")
        plain = text.replace(reader.group_mark, "").replace(reader.decimal_mark, ".")
        assert Money.parse(plain, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234567.5"), "1,234,567.5"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("-0.0000001"), "0"),
        (Decimal("12.500000"), "12.5"),
        (-1200, f"{MINUS}1,200"),
    ],
)
def test_plain_numbers(value: Decimal | int, shown: str) -> None:
    assert EN.decimal(value) == shown


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        EN.decimal(Decimal("NaN"))


def test_percent_follows_the_language() -> None:
    assert [EN.percent(bps) for bps in (1900, 750, -25, 0)] == [
        "19%",
        "7.5%",
        f"{MINUS}0.25%",
        "0%",
    ]
    assert DE.percent(1900) == f"19{NBSP}%"


def test_dates_name_the_month_or_follow_the_country() -> None:
    assert EN.day(date(2026, 3, 1)) == "1 Mar 2026"
    assert DE.day(date(2026, 3, 1)) == "01.03.2026"


def test_instants_are_shown_in_the_current_zone() -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Paris"):
        assert EN.instant(moment) == "1 Jan 2027, 00:30"
        assert EN.day(moment) == "1 Jan 2027"


def test_an_unknown_language_falls_back_to_english() -> None:
    assert formats.reader_of("xx").minor(123450, "EUR") == "1,234.50"


def test_money_always_carries_its_currency_and_its_sign() -> None:
    with translation.override("en"):
        shown = markup.money(Money(-123450, "USD"))
    assert "negative" in shown
    assert f"{MINUS}1,234.50{NBSP}" in shown
    assert "USD" in shown
    assert markup.money(123450, "EUR") == markup.money(Money(123450, "EUR"))


def test_zero_is_an_amount_and_nothing_is_a_dash() -> None:
    assert "0.00" in markup.money(Money(0, "EUR"))
    assert markup.money(None) == markup.NOTHING


def test_unit_prices_keep_their_decimals() -> None:
    assert "0.0125" in markup.rate(Rate(Decimal("0.0125"), "EUR"))
    assert "6,120.00" in markup.rate(Rate(Decimal(6120), "EUR"))
    assert "6,120.00" in markup.unit_price(Money(612000, "EUR"))


def test_quantities_name_their_unit_in_words() -> None:
    assert f"2.5{NBSP}m<" in markup.quantity(Quantity(Decimal("2.5"), "m"))
    assert f">12{NBSP}pcs<" in markup.quantity(Quantity(Decimal(12), "piece"))
    assert f">1{NBSP}day<" in markup.quantity(Quantity(Decimal(1), "day"))
    with translation.override("de"):
        assert f">2,5{NBSP}Tage<" in markup.quantity(Quantity(Decimal("2.5"), "day"))


@pytest.mark.parametrize("name", ["text", "email", "phone", "badge", "link"])
def test_text_is_escaped_in_every_format(name: str) -> None:
    assert "<script>" not in markup.show("<script>alert(1)</script>", name)


def test_an_unknown_kind_is_neutral_and_an_unknown_format_a_mistake() -> None:
    assert "state-neutral" in markup.badge("odd", "purple")
    with pytest.raises(KeyError):
        markup.show("x", "roman")
