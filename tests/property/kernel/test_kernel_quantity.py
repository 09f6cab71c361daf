"""Conversions are exact and reversible, or refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.errors import Invalid, UnitMismatch
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.units import UNITS, unece_code

VALUES = st.decimals(0, 10**9, places=6, allow_nan=False)
PAIRS = st.sampled_from([(a.symbol, b.symbol) for a in UNITS.values() for b in UNITS.values()])
SAME_DIMENSION = PAIRS.filter(lambda pair: UNITS[pair[0]].dimension == UNITS[pair[1]].dimension)


@given(VALUES, SAME_DIMENSION)
def test_a_conversion_is_exact_and_comes_back_or_is_refused(value, pair):
    here, there = pair
    quantity = Quantity(value, here)
    exact = Fraction(value) * UNITS[here].factor / UNITS[there].factor
    try:
        converted = quantity.to(there)
    except Invalid as refusal:
        assert refusal.code == "quantity_not_exact"
        rest = exact.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        assert rest > 1
    else:
        assert Fraction(converted.value) == exact
        assert converted.to(here).value == value
        assert converted <= quantity <= converted


@given(VALUES, SAME_DIMENSION, st.integers(0, 9))
def test_a_rounded_conversion_is_within_half_a_step(value, pair, scale):
    converted = Quantity(value, pair[0]).to(pair[1], scale=scale)
    exact = Fraction(value) * UNITS[pair[0]].factor / UNITS[pair[1]].factor
    assert abs(Fraction(converted.value) - exact) <= Fraction(1, 2 * 10**scale)


@given(VALUES, PAIRS)
def test_dimensions_never_mix(value, pair):
    here, there = pair
    if UNITS[here].dimension != UNITS[there].dimension:
        with pytest.raises(UnitMismatch):
            Quantity(value, here).to(there)
        with pytest.raises(UnitMismatch):
            _ = Quantity(value, here) < Quantity(value, there)


@given(VALUES, VALUES)
def test_adding_converts(metres, millimetres):
    together = Quantity(metres, "m") + Quantity(millimetres, "mm")
    assert together.unit == "m"
    assert Fraction(together.value) == Fraction(metres) + Fraction(millimetres) / 1000
    assert together - Quantity(metres, "m") == Quantity(millimetres, "mm").to("m")


@pytest.mark.parametrize(
    ("value", "here", "there", "expected"),
    [
        ("25.4", "mm", "in", "1"),
        ("1", "ft", "m", "0.3048"),
        ("1", "lb", "kg", "0.45359237"),
        ("2.5", "t", "kg", "2500"),
        ("1.5", "h", "min", "90"),
        ("2", "week", "day", "14"),
        ("1", "year", "month", "12"),
        ("3", "dozen", "piece", "36"),
        ("0.75", "l", "ml", "750"),
    ],
)
def test_worked_conversions(value, here, there, expected):
    assert Quantity(Decimal(value), here).to(there).value == Decimal(expected)


def test_rounding_has_to_be_asked_for():
    with pytest.raises(Invalid, match="no exact value"):
        Quantity(Decimal(1), "mm").to("in")
    assert Quantity(Decimal(1), "mm").to("in", scale=4).value == Decimal("0.0394")


@pytest.mark.parametrize("value", ["-1", "-0.000001", "NaN", "Infinity"])
def test_a_quantity_is_zero_or_more(value):
    with pytest.raises(Invalid):
        Quantity(Decimal(value), "piece")
    with pytest.raises(Invalid):
        Quantity(Decimal(1), "piece") - Quantity(Decimal(2), "piece")


def test_unknown_units_and_hostile_sizes_are_refused():
    with pytest.raises(Invalid, match="furlong"):
        Quantity(Decimal(1), "furlong")
    with pytest.raises(Invalid):
        Quantity(Decimal("1E+999999"), "m").to("mm")
    with pytest.raises(TypeError):
        Quantity(1.0, "m")
    with pytest.raises(Invalid):
        Quantity.parse("-1", "m")
    assert Quantity.parse("2.5", "m") == Quantity(Decimal("2.5"), "m")


def test_unece_codes():
    assert [unece_code(unit) for unit in ("piece", "m", "kg", "h", "day", "month", "l")] == [
        "H87",
        "MTR",
        "KGM",
        "HUR",
        "DAY",
        "MON",
        "LTR",
    ]
    assert len({unit.unece for unit in UNITS.values()}) == len(UNITS)
