"""Splits of money: parts sum, stay close to their proportion, and mirror their sign."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money, total
from handsel.ground.kernel.rounding import Rounding, divide
from handsel.ground.kernel.split import apportion, portion, portion_bps, split

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**9), st.decimals(0, 10**6, places=4, allow_nan=False)),
    min_size=1,
    max_size=40,
).filter(lambda weights: sum(weights) > 0)
ROUNDINGS = st.sampled_from(Rounding)


def minor(parts: list[Money]) -> list[int]:
    return [part.amount_minor for part in parts]


def proportions(amount: int, weights: list[int | Decimal]) -> list[Fraction]:
    whole = sum(Fraction(weight) for weight in weights)
    return [amount * Fraction(weight) / whole for weight in weights]


@given(AMOUNTS, WEIGHTS, ROUNDINGS)
def test_a_split_sums_and_stays_within_one_minor_unit(amount, weights, rounding):
    parts = split(Money(amount, "EUR"), weights, rounding)
    assert total(parts, "EUR") == Money(amount, "EUR")
    for part, exact in zip(minor(parts), proportions(amount, weights), strict=True):
        assert abs(part - exact) <= 1


@given(AMOUNTS, WEIGHTS, ROUNDINGS)
def test_a_split_is_cumulative(amount, weights, rounding):
    """billing-and-revenue: part k = round(total x cum k) - round(total x cum k-1)."""
    parts = minor(split(Money(amount, "EUR"), weights, rounding))
    cumulated = Fraction(0)
    whole = sum(Fraction(weight) for weight in weights)
    for index, weight in enumerate(weights):
        cumulated += Fraction(weight)
        exact = amount * cumulated / whole
        assert sum(parts[: index + 1]) == divide(exact.numerator, exact.denominator, rounding)


@given(AMOUNTS, WEIGHTS)
def test_apportioning_sums_and_stays_below_one_minor_unit(amount, weights):
    parts = apportion(Money(amount, "EUR"), weights)
    assert total(parts, "EUR") == Money(amount, "EUR")
    for part, exact in zip(minor(parts), proportions(amount, weights), strict=True):
        assert abs(part - exact) < 1


@given(AMOUNTS, WEIGHTS, ROUNDINGS)
def test_a_credit_splits_as_the_mirror_of_its_charge(amount, weights, rounding):
    charge, credit = Money(amount, "EUR"), Money(-amount, "EUR")
    assert split(credit, weights, rounding) == [-part for part in split(charge, weights, rounding)]
    assert apportion(credit, weights) == [-part for part in apportion(charge, weights)]


@given(AMOUNTS, st.integers(-30_000, 30_000), ROUNDINGS)
def test_basis_points_mirror_and_stay_within_half_a_minor_unit(amount, bps, rounding):
    part = portion_bps(Money(amount, "EUR"), bps, rounding)
    assert abs(part.amount_minor - Fraction(amount * bps, 10_000)) <= Fraction(1, 2)
    assert portion_bps(Money(-amount, "EUR"), bps, rounding) == -part


@pytest.mark.parametrize(
    ("amount", "currency", "weights", "expected"),
    [
        ("100", "JPY", [1, 1, 1], ["33", "34", "33"]),  # F3
        ("1.000", "KWD", [1, 1, 1], ["0.333", "0.334", "0.333"]),  # F3
        ("9999.99", "EUR", [30, 60, 10], ["3000.00", "5999.99", "1000.00"]),  # D3
        ("100.00", "EUR", [50, 25, 75], ["33.33", "16.67", "50.00"]),  # R4
        (
            "75000.00",
            "EUR",
            [60000, 10000, 12000],
            ["54878.05", "9146.34", "10975.61"],
        ),  # R13
        ("0.00", "EUR", [1, 2], ["0.00", "0.00"]),
        ("0.01", "EUR", [1, 0, 1], ["0.01", "0.00", "0.00"]),
        ("10.00", "EUR", [Decimal("0.5"), Decimal("1.5")], ["2.50", "7.50"]),
    ],
)
def test_worked_splits(amount, currency, weights, expected):
    assert [part.text() for part in split(Money.parse(amount, currency), weights)] == expected


def test_revenue_of_a_year_by_days():
    """R1: 1,200.00 for 2025 by the days of its months."""
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    expected = "101.92 92.05 101.92 98.63 101.92 98.63 101.92 101.91 98.63 101.92 98.63 101.92"
    assert [part.text() for part in split(Money(120_000, "EUR"), days)] == expected.split()


@pytest.mark.parametrize(
    ("amount", "weights", "expected"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),  # P-33
        ("50.00", ["120.10", "79.95", "33.33"], ["25.73", "17.13", "7.14"]),  # P-33
        ("1.51", ["2.19", "5.38"], ["0.44", "1.07"]),  # P-34
        ("-1.51", ["2.19", "5.38"], ["-0.44", "-1.07"]),
    ],
)
def test_worked_apportionments(amount, weights, expected):
    parts = apportion(Money.parse(amount, "EUR"), [Decimal(weight) for weight in weights])
    assert [part.text() for part in parts] == expected


def test_worked_portions():
    price = Money.parse("249.95", "USD")
    assert portion(price, 14, 30).text() == "116.64"  # P1
    assert portion(price, 14, 31).text() == "112.88"
    assert portion(price, 26, 31).text() == "209.64"
    assert portion(-price, 27, 31).text() == "-217.70"  # P2
    assert portion(Money.parse("2399.95", "USD"), 9, 366).text() == "59.02"  # P4
    assert portion_bps(Money.parse("19935.66", "EUR"), 1500).text() == "2990.35"  # E1


@pytest.mark.parametrize(
    "weights", [[], [0], [0, 0], [1, -1], [2, -1], [Decimal("NaN")], [Decimal("1E+900000")]]
)
def test_shares_that_share_nothing_are_refused(weights):
    for rule in (split, apportion):
        with pytest.raises(Invalid):
            rule(Money(100, "EUR"), weights)


def test_a_float_is_no_share():
    with pytest.raises(TypeError):
        split(Money(100, "EUR"), [0.5, 0.5])
