"""Money adds, orders and prints exactly, within one currency."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.kernel.money import Money, total

MINOR = st.integers(-(10**17), 10**17)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF", "USD"])
MONEY = st.builds(Money, MINOR, CURRENCIES)


@given(MONEY)
def test_text_and_amount_come_back(money):
    assert Money.parse(money.text(), money.currency) == money
    assert Money.exact(money.amount, money.currency) == money
    assert Decimal(money.text()) == money.amount


@given(MINOR, MINOR, MINOR, CURRENCIES)
def test_adding_is_adding_integers(a, b, c, currency):
    x, y, z = Money(a, currency), Money(b, currency), Money(c, currency)
    assert (x + y) + z == x + (y + z) == total([x, y, z], currency)
    assert x - y == -(y - x) == x + -y
    assert x * 3 == 3 * x == x + x + x
    assert abs(x).amount_minor == abs(a)
    assert (x < y) == (a < b) and (x >= y) == (a >= b)
    assert bool(x) == (a != 0)
    assert sorted([x, y, z]) == [Money(n, currency) for n in sorted([a, b, c])]


@given(MONEY)
def test_money_is_a_value(money):
    assert {money: 1}[Money(money.amount_minor, money.currency)] == 1
