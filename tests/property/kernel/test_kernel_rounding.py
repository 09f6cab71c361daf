"""Rate times quantity is rounded once, exactly, and the same way on both sides of zero."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate, Rounding, extend, round_amount
from handsel.ground.kernel.rounding import divide

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
RATES = st.decimals(-(10**9), 10**9, places=6, allow_nan=False)
COUNTS = st.decimals(0, 10**6, places=6, allow_nan=False)
ROUNDINGS = st.sampled_from(Rounding)


@given(RATES, COUNTS, CURRENCIES, ROUNDINGS)
def test_extending_rounds_the_exact_product_once(rate, count, currency, rounding):
    exact = Fraction(rate) * Fraction(count) * 10 ** exponent(currency)
    expected = divide(exact.numerator, exact.denominator, rounding)
    assert extend(Rate(rate, currency), count, rounding).amount_minor == expected
    as_quantity = Quantity(count, "piece")
    assert extend(Rate(rate, currency), as_quantity, rounding).amount_minor == expected


@given(RATES, COUNTS, CURRENCIES, ROUNDINGS)
def test_a_credit_mirrors_its_charge(rate, count, currency, rounding):
    charge = extend(Rate(rate, currency), count, rounding)
    assert extend(Rate(-rate, currency), count, rounding) == -charge
    assert extend(Rate(rate, currency), -count, rounding) == -charge


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20), ROUNDINGS)
def test_integer_division_is_nearest_and_odd(numerator, denominator, rounding):
    quotient = divide(numerator, denominator, rounding)
    assert abs(quotient - Fraction(numerator, denominator)) <= Fraction(1, 2)
    assert divide(-numerator, denominator, rounding) == -quotient


@given(st.integers(-(10**12), 10**12))
def test_halves_go_away_from_zero_or_to_the_even_neighbour(whole):
    half = 2 * whole + 1
    away = divide(half, 2, Rounding.HALF_UP)
    even = divide(half, 2, Rounding.HALF_EVEN)
    assert abs(away) == (abs(half) + 1) // 2
    assert even % 2 == 0


@pytest.mark.parametrize(
    ("value", "rounding", "expected"),
    [
        ("2.125", Rounding.HALF_UP, "2.13"),  # P-44
        ("-2.125", Rounding.HALF_UP, "-2.13"),
        ("2.125", Rounding.HALF_EVEN, "2.12"),
        ("-2.125", Rounding.HALF_EVEN, "-2.12"),
        ("2.135", Rounding.HALF_EVEN, "2.14"),
        ("890.169", Rounding.HALF_UP, "890.17"),  # P-03
        ("-0.004", Rounding.HALF_UP, "0.00"),
    ],
)
def test_worked_roundings(value, rounding, expected):
    assert extend(Rate(Decimal(value), "EUR"), Decimal(1), rounding).text() == expected
    assert round_amount(Decimal(value), "EUR", rounding).text() == expected


@pytest.mark.parametrize(
    ("rate", "count", "currency", "expected"),
    [
        ("0.9187", "1000", "EUR", "918.70"),  # P-39
        ("151.37", "1000", "JPY", "151370"),
        ("0.3071", "1000", "KWD", "307.100"),
        ("0.000001", "1", "EUR", "0.00"),
        ("135.50", "3", "EUR", "406.50"),  # P-31
        # 28 digits times 12 digits: only an exact product settles this half rightly.
        ("0.1234567890123456789012345678", "100000000000", "EUR", "12345678901.23"),
        ("1.004999999999999999999999999999", "1", "EUR", "1.00"),
    ],
)
def test_worked_extensions(rate, count, currency, expected):
    assert extend(Rate(Decimal(rate), currency), Decimal(count)).text() == expected


@pytest.mark.parametrize("count", ["NaN", "Infinity", "sNaN", "1E+999999", "1E+30"])
def test_what_no_column_could_hold_is_refused(count):
    with pytest.raises(Invalid):
        extend(Rate(Decimal("1.5"), "EUR"), Decimal(count))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_rate_is_finite(value):
    with pytest.raises(Invalid):
        Rate(Decimal(value), "EUR")


def test_floats_and_integers_are_no_rates_or_quantities():
    with pytest.raises(TypeError):
        Rate(1.5, "EUR")
    with pytest.raises(TypeError):
        extend(Rate(Decimal(1), "EUR"), 2.0)
    with pytest.raises(ValueError, match="positive"):
        divide(1, 0)
