"""Values as text: money, numbers, dates, units, IBANs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.document import formatting, units
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.units import UNITS

LOCALES = ("de_DE", "de_AT", "de_CH", "en_GB", "en_US", "en_IN", "en_IE")


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (123450, "EUR", "de_DE", "1.234,50 €"),
        (123450, "EUR", "en_GB", "€1,234.50"),
        (-123450, "EUR", "de_DE", "−1.234,50 €"),
        (-5, "USD", "en_US", "−$0.05"),
        (1234, "JPY", "en_US", "¥1,234"),
        (1234567, "KWD", "en_GB", "KWD 1,234.567"),
        (123450, "CHF", "en_GB", "CHF 1,234.50"),
        (123456789, "INR", "en_IN", "₹12,34,567.89"),
        (0, "EUR", "de_DE", "0,00 €"),
    ],
)
def test_money_carries_its_currency(minor: int, currency: str, locale: str, text: str) -> None:
    assert formatting.money(Money(minor, currency), locale).replace("\u00a0", " ") == text


@given(
    st.integers(-(10**14), 10**14),
    st.sampled_from(["EUR", "USD", "GBP", "CHF", "PLN"]),
    st.sampled_from(LOCALES),
)
def test_money_reads_like_babel_where_both_know_the_decimals(
    minor: int, currency: str, locale: str
) -> None:
    amount = Money(minor, currency)
    ours = formatting.money(amount, locale).replace("−", "-").replace("\u00a0", "")
    theirs = format_currency(amount.amount, currency, locale=locale).replace("\u00a0", "")
    assert ours.replace("-", "") == theirs.replace("-", "")
    assert ours.count("-") == theirs.count("-") == (minor < 0)


def test_decimals_are_those_of_the_iso_standard() -> None:
    # CLDR writes Iraqi dinars without decimals; ISO 4217 gives them three.
    assert formatting.money(Money(1500, "IQD"), "en_US").endswith("1.500")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("148", "148,00 €"),
        ("3.2145", "3,2145 €"),
        ("0.00012", "0,00012 €"),
        ("1234.5", "1.234,50 €"),
    ],
)
def test_a_unit_price_keeps_its_decimals(value: str, text: str) -> None:
    shown = formatting.rate(Rate(Decimal(value), "EUR"), "de_DE")
    assert shown.replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("value", "unit", "locale", "text"),
    [
        ("1", "piece", "en_GB", "1 pc"),
        ("12", "piece", "en_GB", "12 pcs"),
        ("2.5", "working_day", "de_DE", "2,5 Arbeitstage"),
        ("1", "working_day", "de_DE", "1 Arbeitstag"),
        ("1250", "mm", "de_DE", "1.250 mm"),
        ("0.000001", "m2", "en_GB", "0.000001 m²"),
        ("3.000000", "h", "en_GB", "3 hours"),
    ],
)
def test_a_quantity_speaks_the_readers_language(
    value: str, unit: str, locale: str, text: str
) -> None:
    shown = formatting.quantity(Quantity(Decimal(value), unit), locale)
    assert shown.replace("\u00a0", " ") == text


def test_every_unit_has_a_word_in_both_languages() -> None:
    for unit in UNITS:
        assert units.unit_label(unit, "en")
        assert "_" not in units.unit_label(unit, "de")


@pytest.mark.parametrize(
    ("bps", "locale", "text"),
    [(1900, "de_DE", "19 %"), (1900, "en_GB", "19%"), (750, "de_DE", "7,5 %"), (0, "en_GB", "0%")],
)
def test_basis_points_are_shown_as_a_percentage(bps: int, locale: str, text: str) -> None:
    assert formatting.percent(bps, locale).replace("\u00a0", " ") == text


def test_dates_and_instants_follow_locale_and_zone() -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    assert formatting.day(date(2026, 3, 1), "de_DE") == "01.03.2026"
    assert formatting.day(date(2026, 3, 1), "en_GB") == "1 Mar 2026"
    assert formatting.instant(new_year, "de_DE", "Europe/Berlin") == "01.01.2026, 00:30 MEZ"
    assert formatting.instant(new_year, "en_GB", "Europe/London") == "31 Dec 2025, 23:30 GMT"
    with pytest.raises(ValueError, match="zone"):
        formatting.instant(datetime(2026, 1, 1), "de_DE", "Europe/Berlin")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        formatting.number(Decimal(value), "de_DE")


def test_a_number_that_rounds_to_nothing_has_no_sign() -> None:
    assert formatting.number(Decimal("-0.0000001"), "en_GB") == "0"
    assert formatting.number(Decimal("-0.5"), "en_GB") == "−0.5"


@pytest.mark.parametrize("locale", ["xx", "", "../de", "de_DE; rm"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    with pytest.raises(Invalid):
        formatting.day(date(2026, 1, 1), locale)


def test_documents_are_in_english_or_german() -> None:
    assert formatting.language_of("de_CH") == "de"
    with pytest.raises(Invalid, match="English or German"):
        formatting.language_of("fr_FR")


def test_an_iban_is_printed_in_fours() -> None:
    assert formatting.iban("de89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert formatting.iban("GB29 NWBK 6016 1331 9268 19") == "GB29 NWBK 6016 1331 9268 19"
