"""Errors, money, clocks and tokens at their edges."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from handsel.ground.kernel.clock import FixedClock, SystemClock, local_date, zone
from handsel.ground.kernel.errors import (
    CurrencyMismatch,
    Forbidden,
    HandselError,
    Invalid,
    NotFound,
    Refused,
)
from handsel.ground.kernel.ids import new_token, token_hash
from handsel.ground.kernel.money import MOST_MINOR, Money, exponent, is_currency, total


def test_errors_carry_status_code_and_facts():
    statuses = {kind: kind.http_status for kind in (NotFound, Refused, Invalid, Forbidden)}
    assert list(statuses.values()) == [404, 409, 422, 403]
    refusal = Refused("The order is on hold.", code="order_on_hold", order_id=7)
    assert (str(refusal), refusal.code, refusal.facts) == (
        "The order is on hold.",
        "order_on_hold",
        {"order_id": 7},
    )
    wrong = Invalid("Check the amounts.", fields={"amount": "a number"})
    assert wrong.code == "invalid" and wrong.fields == {"amount": "a number"}
    assert isinstance(wrong, HandselError)


@pytest.mark.parametrize(
    ("code", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("UYW", 4), ("ISK", 0)]
)
def test_exponents(code, places):
    assert exponent(code) == places
    assert is_currency(code)


@pytest.mark.parametrize("code", ["XAU", "XXX", "XTS", "eur", "EU", "", "EURO", None, 978])
def test_what_is_no_currency(code):
    assert not is_currency(code)
    with pytest.raises(Invalid):
        exponent(code)
    with pytest.raises(Invalid):
        Money(1, code)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1234, "EUR", "12.34"),
        (-5, "EUR", "-0.05"),
        (0, "EUR", "0.00"),
        (-100, "JPY", "-100"),
        (1, "KWD", "0.001"),
        (123456, "CLF", "12.3456"),
    ],
)
def test_money_text(minor, currency, text):
    money = Money(minor, currency)
    assert money.text() == text
    assert str(money) == f"{text} {currency}"
    assert money.amount == Decimal(text)
    assert Money.parse(text, currency) == money


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("12.345", "EUR"),
        ("12.340", "EUR"),
        ("1.0", "JPY"),
        ("1,00", "EUR"),
        ("NaN", "EUR"),
        ("1e2", "EUR"),
        ("1" + "0" * 17, "EUR"),
        ("99999999999999999.99", "EUR"),
        ("1.00", "XAU"),
    ],
)
def test_money_that_is_not_read(text, currency):
    with pytest.raises(Invalid):
        Money.parse(text, currency)


def test_money_of_an_exact_decimal():
    assert Money.exact(Decimal("12.3400"), "EUR") == Money(1234, "EUR")
    assert Money.exact(Decimal("1E+2"), "JPY") == Money(100, "JPY")
    for amount in ("12.345", "NaN", "Infinity", "1E+999999", "1E-999999"):
        with pytest.raises(Invalid):
            Money.exact(Decimal(amount), "EUR")


@pytest.mark.parametrize("amount", [1.0, True, "1", Decimal(1), None])
def test_minor_units_are_exactly_integers(amount):
    with pytest.raises(TypeError):
        Money(amount, "EUR")


def test_money_too_large_for_its_column_is_refused():
    assert Money(MOST_MINOR, "EUR").amount_minor == 2**63 - 1
    with pytest.raises(Invalid):
        Money(MOST_MINOR, "EUR") + Money(1, "EUR")


def test_currencies_do_not_mix():
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    for mix in (
        lambda: euro + dollar,
        lambda: euro - dollar,
        lambda: euro < dollar,
        lambda: euro >= dollar,
        lambda: total([euro, dollar], "EUR"),
    ):
        with pytest.raises(CurrencyMismatch) as refusal:
            mix()
        assert refusal.value.facts == {"left": "EUR", "right": "USD"}
    assert euro != dollar
    assert total([], "EUR") == Money.zero("EUR")


def test_money_meets_money_only():
    for mix in (
        lambda: Money(1, "EUR") + 1,
        lambda: Money(1, "EUR") - Decimal(1),
        lambda: Money(1, "EUR") * 1.5,
        lambda: Money(1, "EUR") * True,
        lambda: Money(1, "EUR") * Decimal(2),
        lambda: Money(1, "EUR") < 5,
    ):
        with pytest.raises(TypeError):
            mix()


def test_money_does_not_change():
    money = Money(1, "EUR")
    with pytest.raises(AttributeError):
        money.amount_minor = 2
    assert copy.deepcopy(money) == money == pickle.loads(pickle.dumps(money))


def test_errors_survive_copying():
    for error in (Invalid("x", code="y", fields={"a": "b"}), CurrencyMismatch("EUR", "USD")):
        again = pickle.loads(pickle.dumps(error))
        assert (again.message, again.code, again.facts) == (error.message, error.code, error.facts)
        assert again.fields == error.fields


def test_clocks():
    assert SystemClock().now().tzinfo is UTC
    clock = FixedClock(datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == datetime(2026, 3, 1, 9, tzinfo=UTC)
    clock.advance(timedelta(minutes=5))
    assert clock.now().minute == 5
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 3, 1))


def test_local_dates():
    """Z1: the billing day 1 March begins when it begins there."""
    year = 2025
    kolkata, bogota = "Asia/Kolkata", "America/Bogota"
    assert local_date(datetime(year, 2, 28, 18, 0, tzinfo=UTC), kolkata) == date(year, 2, 28)
    assert local_date(datetime(year, 2, 28, 19, 0, tzinfo=UTC), kolkata) == date(year, 3, 1)
    assert local_date(datetime(year, 3, 1, 0, 0, tzinfo=UTC), bogota) == date(year, 2, 28)
    with pytest.raises(ValueError, match="zone"):
        local_date(datetime(year, 3, 1), bogota)
    for name in ("Mars/Olympus", "", "../etc/passwd", "/etc/passwd", "Europe", None):
        with pytest.raises(Invalid):
            zone(name)


def test_tokens():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and token.isascii() for token in tokens)
    assert token_hash("abc").hex().startswith("ba7816bf8f01cfea")
    assert len(token_hash("é\ud800")) == 32
