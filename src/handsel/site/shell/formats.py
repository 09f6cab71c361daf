"""Values as people read them, by language.

Text only, no markup (that is `markup.py`). Written for speed: a list page formats hundreds of
values, so symbols and month names are read from Babel once per language and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from django.utils import timezone, translation

from handsel.ground.kernel.money import exponent

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
# Plain "en" is American in CLDR; sellers here are European, and "1 Mar 2026" misleads nobody.
_BABEL_NAMES = {"en": "en_GB", "de": "de_DE"}


@dataclass(frozen=True)
class Symbols:
    """The marks of one language: decimal mark, grouping mark, and what follows a percentage."""

    decimal: str
    group: str
    percent: str


@lru_cache(maxsize=64)
def babel_locale(language: str) -> Locale:
    """Babel's locale for a Django language code; English when Babel does not know it."""
    name = _BABEL_NAMES.get(language, language.replace("-", "_"))
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@lru_cache(maxsize=64)
def symbols(language: str) -> Symbols:
    """Number marks of a language."""
    locale = babel_locale(language)
    table = locale.number_symbols["latn"]
    suffix = locale.percent_formats[None].suffix[0]
    return Symbols(table["decimal"], table["group"], suffix)


def current_language() -> str:
    """The language of this request, as Django names it."""
    return translation.get_language() or "en"


def _grouped(whole: int, fraction: str, marks: Symbols) -> str:
    text = f"{whole:,}"
    if marks.group != ",":
        text = text.replace(",", marks.group)
    return f"{text}{marks.decimal}{fraction}" if fraction else text


def minor_text(amount_minor: int, currency: str) -> str:
    """Amount without its currency: 123450 EUR → "1,234.50"; a true minus sign when negative."""
    marks = symbols(current_language())
    digits = exponent(currency)
    if digits == 0:
        text = _grouped(abs(amount_minor), "", marks)
    else:
        whole, rest = divmod(abs(amount_minor), 10**digits)
        text = _grouped(whole, f"{rest:0{digits}d}", marks)
    return MINUS + text if amount_minor < 0 else text


def money_text(amount_minor: int, currency: str) -> str:
    """Amount with its currency, e.g. "1,234.50 EUR"."""
    return f"{minor_text(amount_minor, currency)}{NBSP}{currency}"


def decimal_text(value: Decimal | int, *, least: int = 0, most: int = 6) -> str:
    """Number in the reader's marks; `least`..`most` decimals, trailing zeros dropped in between.

    Raises ValueError for NaN and infinity, which no document may carry.
    """
    if not isinstance(value, Decimal):
        value = Decimal(value)
    if not value.is_finite():
        raise ValueError(f"not a number to show: {value}")
    fixed = f"{abs(value):.{most}f}"
    whole, _, fraction = fixed.partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    text = _grouped(int(whole), fraction, symbols(current_language()))
    is_zero = not int(whole) and not fraction.strip("0")
    return MINUS + text if value < 0 and not is_zero else text


def rate_text(value: Decimal, currency: str) -> str:
    """Unit price with its currency; at least the currency's decimals, up to six."""
    return f"{decimal_text(value, least=exponent(currency))}{NBSP}{currency}"


def percent_text(bps: int) -> str:
    """Basis points as a percentage: 1900 → "19%" (en), "19 %" (de); 750 → "7.5%"."""
    return decimal_text(Decimal(bps) / 100, most=2) + symbols(current_language()).percent


def quantity_text(value: Decimal, unit: str = "") -> str:
    """Quantity with its unit; "piece" needs no word."""
    text = decimal_text(value)
    return f"{text}{NBSP}{unit}" if unit and unit != "piece" else text


@lru_cache(maxsize=8192)
def _day_text(value: date, language: str) -> str:
    return format_date(value, "medium", babel_locale(language))


def day_text(value: date) -> str:
    """Calendar date, e.g. "1 Mar 2026" or "01.03.2026"."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day_text(value, current_language())


@lru_cache(maxsize=2048)
def _time_text(hour: int, minute: int, language: str) -> str:
    return format_time(time(hour, minute), "short", locale=babel_locale(language))


def instant_text(value: datetime) -> str:
    """Instant in the current time zone, e.g. "1 Mar 2026, 14:05"."""
    local = timezone.localtime(value)
    language = current_language()
    clock = _time_text(local.hour, local.minute, language)
    return f"{_day_text(local.date(), language)}, {clock}"
