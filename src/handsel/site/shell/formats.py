"""Values as people read them, by language.

Text only, no markup (that is `markup.py`). A list page formats hundreds of values and has 8 ms, so
what a language needs is read from Babel once (`Reader`) and a table asks for its reader only once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from django.utils import timezone, translation

from handsel.ground.document.units import unit_label
from handsel.ground.kernel.money import exponent

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
# Plain "en" is American in CLDR; sellers here are European, and "1 Mar 2026" misleads nobody.
_BABEL_NAMES = {"en": "en_GB", "de": "de_DE"}


@dataclass(frozen=True, slots=True)
class Reader:
    """How one language writes numbers and dates."""

    language: str
    locale: Locale
    decimal_mark: str
    group_mark: str
    percent_sign: str

    def grouped(self, whole: int, fraction: str) -> str:
        """Whole part in groups of three, then the fraction's digits."""
        text = f"{whole:,}"
        if self.group_mark != ",":
            text = text.replace(",", self.group_mark)
        return f"{text}{self.decimal_mark}{fraction}" if fraction else text

    def minor(self, amount_minor: int, currency: str) -> str:
        """Amount without its currency: 123450 EUR → "1,234.50"; a true minus when negative."""
        digits = exponent(currency)
        if digits:
            whole, rest = divmod(abs(amount_minor), 10**digits)
            text = self.grouped(whole, f"{rest:0{digits}d}")
        else:
            text = self.grouped(abs(amount_minor), "")
        return MINUS + text if amount_minor < 0 else text

    def decimal(self, value: Decimal | int, *, least: int = 0, most: int = 6) -> str:
        """Number with `least` to `most` decimals, trailing zeros dropped in between.

        Raises ValueError for NaN and infinity, which no document may carry.
        """
        if isinstance(value, int):
            text = self.grouped(abs(value), "0" * least)
            return MINUS + text if value < 0 else text
        if not value.is_finite():
            raise ValueError(f"not a number to show: {value}")
        whole, _, fraction = f"{abs(value):.{most}f}".partition(".")
        fraction = fraction.rstrip("0").ljust(least, "0")
        text = self.grouped(int(whole), fraction)
        is_zero = not int(whole) and not fraction.strip("0")
        return MINUS + text if value < 0 and not is_zero else text

    def percent(self, bps: int) -> str:
        """Basis points: 1900 → "19%" (en), "19 %" (de); 750 → "7.5%"."""
        return self.decimal(Decimal(bps) / 100, most=2) + self.percent_sign

    def day(self, value: date) -> str:
        """Calendar date, e.g. "1 Mar 2026" or "01.03.2026"."""
        if isinstance(value, datetime):
            value = timezone.localtime(value).date()
        return _day_text(value, self.language)

    def instant(self, value: datetime) -> str:
        """Instant in the current time zone, e.g. "1 Mar 2026, 14:05"."""
        local = timezone.localtime(value)
        clock = _time_text(local.hour, local.minute, self.language)
        return f"{_day_text(local.date(), self.language)}, {clock}"


@lru_cache(maxsize=64)
def babel_locale(language: str) -> Locale:
    """Babel's locale for a Django language code; English when Babel does not know it."""
    name = _BABEL_NAMES.get(language, language.replace("-", "_"))
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=64)
def reader_of(language: str) -> Reader:
    """The reader of a language, by Django's code for it."""
    locale = babel_locale(language)
    marks = locale.number_symbols["latn"]
    percent_sign = locale.percent_formats[None].suffix[0]
    return Reader(language, locale, marks["decimal"], marks["group"], percent_sign)


def reader() -> Reader:
    """The reader of this request's language."""
    return reader_of(translation.get_language() or "en")


@lru_cache(maxsize=8192)
def _day_text(value: date, language: str) -> str:
    return format_date(value, "medium", babel_locale(language))


@lru_cache(maxsize=2048)
def _time_text(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "short", locale=babel_locale(language))


def money_text(amount_minor: int, currency: str) -> str:
    """Amount with its currency, e.g. "1,234.50 EUR"."""
    return f"{reader().minor(amount_minor, currency)}{NBSP}{currency}"


def quantity_text(value: Decimal, unit: str = "", of: Reader | None = None) -> str:
    """Quantity with the word for its unit: "1 day", "2.5 days", "12 pcs"."""
    chosen = of or reader()
    text = chosen.decimal(value)
    return f"{text}{NBSP}{unit_label(unit, chosen.language, one=value == 1)}" if unit else text
