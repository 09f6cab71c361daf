"""Money: integer minor units of one ISO 4217 currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import iso4217

from handsel.ground.kernel.errors import CurrencyMismatch, Invalid
from handsel.ground.kernel.exact import plain
from handsel.ground.kernel.grammar import parse_decimal
from handsel.ground.kernel.said import said

MOST_MINOR = 2**63 - 1
"""What a bigint column holds; larger amounts are refused before the database would."""

# Metals, test codes and "no currency" have no minor unit and are not money here.
_EXPONENT: dict[str, int] = {
    currency.code: currency.exponent
    for currency in iso4217.Currency
    if currency.exponent is not None
}


def is_currency(code: str) -> bool:
    """Say whether ``code`` is an ISO 4217 currency with a minor unit ("EUR", not "XAU")."""
    return code in _EXPONENT


def exponent(currency: str) -> int:
    """Return the number of decimals of a currency: EUR 2, JPY 0, KWD 3, CLF 4."""
    try:
        return _EXPONENT[currency]
    except (KeyError, TypeError):
        raise _unknown_currency(currency) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, such as 1234 EUR cents. Ordered within its currency only."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        # bool is an int and float is not money: exactly int, or it is a mistake in the program.
        if type(self.amount_minor) is not int:
            raise TypeError(f"amount_minor must be int, not {type(self.amount_minor).__name__}")
        if self.currency not in _EXPONENT:
            raise _unknown_currency(self.currency)
        if not -MOST_MINOR <= self.amount_minor <= MOST_MINOR:
            raise Invalid("The amount is too large to be kept.", code="money_size")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in a currency."""
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read "12.34" by the strict grammar; more decimals than the currency has are refused."""
        places = exponent(currency)
        value = parse_decimal(text, max_digits=19, scale=places)
        return cls(int(value.scaleb(places)), currency)

    @classmethod
    def exact(cls, amount: Decimal, currency: str) -> Money:
        """Turn a decimal that already is a whole number of minor units into Money, unrounded."""
        numerator, denominator = plain(amount).as_integer_ratio()
        minor, rest = divmod(numerator * 10 ** exponent(currency), denominator)
        if rest:
            raise Invalid(
                said(
                    "%(amount)s has more decimals than %(currency)s has (%(currency2)s).",
                    amount=amount,
                    currency=currency,
                    currency2=exponent(currency),
                ),
                code="number_scale",
                scale=exponent(currency),
            )
        return cls(minor, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with the currency's number of decimals."""
        return Decimal(self.amount_minor).scaleb(-_EXPONENT[self.currency])

    def text(self) -> str:
        """Return "12.34": plain digits, a point, the currency's decimals; "-0.05" if negative."""
        places = _EXPONENT[self.currency]
        sign = "-" if self.amount_minor < 0 else ""
        digits = str(abs(self.amount_minor))
        if not places:
            return sign + digits
        digits = digits.zfill(places + 1)
        return f"{sign}{digits[:-places]}.{digits[-places:]}"

    def __str__(self) -> str:
        return f"{self.text()} {self.currency}"

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.amount_minor - self._same(other), self.currency)

    def __mul__(self, factor: int) -> Money:
        if type(factor) is not int:
            return NotImplemented
        return Money(self.amount_minor * factor, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.amount_minor), self.currency)

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount_minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount_minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount_minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount_minor >= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount_minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Sum amounts that must all be in ``currency``; nothing sums to zero."""
    minor = 0
    for amount in amounts:
        if amount.currency != currency:
            raise CurrencyMismatch(currency, amount.currency)
        minor += amount.amount_minor
    return Money(minor, currency)


def _unknown_currency(code: object) -> Invalid:
    return Invalid(
        said("“%(code)s” is not a currency; expected an ISO 4217 code such as EUR.", code=code),
        code="unknown_currency",
        currency=code,
    )
