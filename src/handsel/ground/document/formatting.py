"""Values as a reader of a document expects them: money, numbers, dates, units, addresses.

Pure: the locale is an argument ("de_DE", "en_GB"), never the language of a request. Symbols and
patterns come from Babel once per locale and are kept, because a document of 1,000 lines formats
thousands of amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import NumberPattern, get_currency_symbol
from django.utils.formats import number_format
from django.utils.translation import get_language

from handsel.ground.document.units import unit_label
from handsel.ground.kernel.clock import zone
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
LANGUAGES = ("en", "de")
RATE_DECIMALS = 6
_LOCALE_NAME = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The marks of one locale, and what stands before and after an amount and a percentage.

    `groups` are the sizes of the last and of the further groups: (3, 3), or (3, 2) in India.
    """

    decimal: str
    group: str
    groups: tuple[int, int]
    before_money: str
    after_money: str
    after_percent: str


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """Babel's locale for a name such as "de_DE"; raises Invalid for one it does not know."""
    try:
        if not _LOCALE_NAME.fullmatch(name):
            raise ValueError(name)
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        raise Invalid(
            f"“{name}” is not a locale; expected a name such as de_DE or en_GB.",
            code="unknown_locale",
        ) from None


def language_of(locale: str) -> str:
    """The language a document's words are in: "en" or "de"; raises Invalid for any other."""
    language = locale_of(locale).language
    if language not in LANGUAGES:
        raise Invalid(
            f"Documents are written in English or German, not in “{language}”.",
            code="unknown_language",
        )
    return language


@lru_cache(maxsize=64)
def number_style(locale: str) -> NumberStyle:
    """The number marks of a locale, in Latin digits."""
    found = locale_of(locale)
    marks = found.number_symbols["latn"]
    pattern: NumberPattern = found.currency_formats["standard"]
    return NumberStyle(
        decimal=marks["decimal"],
        group=marks["group"],
        groups=pattern.grouping,
        before_money=pattern.prefix[0],
        after_money=pattern.suffix[0],
        after_percent=found.percent_formats[None].suffix[0],
    )


def _grouped(digits: str, style: NumberStyle) -> str:
    last, further = style.groups
    if last == further == 3:
        text = f"{int(digits):,}"
        return text if style.group == "," else text.replace(",", style.group)
    head, tail = digits[:-last], digits[-last:]
    parts = [tail]
    while head:
        parts.insert(0, head[-further:])
        head = head[:-further]
    return style.group.join(parts)


def _digits(plain: str, style: NumberStyle) -> str:
    """Put a locale's marks into plain digits: "1234.50" → "1.234,50"."""
    whole, _, fraction = plain.partition(".")
    grouped = _grouped(whole, style)
    return f"{grouped}{style.decimal}{fraction}" if fraction else grouped


@lru_cache(maxsize=1024)
def _around(currency: str, locale: str) -> tuple[str, str]:
    style = number_style(locale)
    symbol = get_currency_symbol(currency, locale_of(locale))
    before = style.before_money.replace("¤", symbol)
    if before[-1:].isalpha():
        before += NO_BREAK_SPACE
    return before, style.after_money.replace("¤", symbol)


def _with_currency(plain: str, currency: str, locale: str) -> str:
    before, after = _around(currency, locale)
    negative = plain.startswith("-")
    text = before + _digits(plain.lstrip("-"), number_style(locale)) + after
    return MINUS + text if negative else text


def money(value: Money, locale: str) -> str:
    """An amount with its currency: "1.234,50 €" in de_DE, "€1,234.50" in en_GB.

    The decimals are those of ISO 4217, not CLDR's, and a negative amount has a true minus sign.
    """
    return _with_currency(value.text(), value.currency, locale)


def rate(value: Rate, locale: str) -> str:
    """A unit price with its currency: at least the currency's decimals, at most six."""
    return _with_currency(
        _plain_decimal(value.value, least=exponent(value.currency)), value.currency, locale
    )


def _plain_decimal(value: Decimal, *, least: int = 0, most: int = RATE_DECIMALS) -> str:
    if not value.is_finite():
        raise Invalid("A document can show finite numbers only.", code="number_not_finite")
    text = f"{value:.{most}f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    if not fraction.strip("0") and not whole.strip("-0"):
        whole = "0"
    return f"{whole}.{fraction}" if fraction else whole


def number(value: Decimal, locale: str) -> str:
    """A plain number with at most six decimals and no trailing zeros."""
    plain = _plain_decimal(value)
    text = _digits(plain.lstrip("-"), number_style(locale))
    return MINUS + text if plain.startswith("-") else text


def quantity(value: Quantity, locale: str) -> str:
    """A quantity with its unit in the reader's words: "2,5 m", "3 Stk.", "1 hour"."""
    label = unit_label(value.unit, language_of(locale), one=value.value == 1)
    return f"{number(value.value, locale)}{NO_BREAK_SPACE}{label}"


def percent(bps: int, locale: str) -> str:
    """Basis points as a percentage: 1900 → "19 %" in de_DE, "19%" in en_GB; 750 → "7,5 %"."""
    return number(Decimal(bps) / 100, locale) + number_style(locale).after_percent


@lru_cache(maxsize=8192)
def day(value: date, locale: str) -> str:
    """A calendar date: "01.03.2026" in de_DE, "1 Mar 2026" in en_GB."""
    return format_date(value, "medium", locale_of(locale))


def readers_day(value: date) -> str:
    """A calendar date as the pages of this request write it."""
    return day(value, "de_DE" if (get_language() or "en").startswith("de") else "en_GB")


def readers_money(value: Money) -> str:
    """An amount as the pages of this request write it, without markup: "1,250.00 EUR"."""
    return f"{number_format(value.amount, force_grouping=True)} {value.currency}"


def instant(value: datetime, locale: str, time_zone: str) -> str:
    """An instant in a zone, with the zone's name: "1 Mar 2026, 14:05 CET".

    Raises ValueError for a naive datetime and Invalid for an unknown zone.
    """
    if value.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    local = value.astimezone(zone(time_zone))
    clock = format_time(local.time(), "short", locale=locale_of(locale))
    name = get_timezone_name(local, width="short", locale=locale_of(locale))
    return f"{day(local.date(), locale)}, {clock} {name}".replace("\N{NARROW NO-BREAK SPACE}", " ")


def iban(value: str) -> str:
    """An IBAN in groups of four, as printed on paper (ISO 13616)."""
    compact = "".join(value.split()).upper()
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))


def country_name(code: str, locale: str) -> str:
    """The name of an ISO 3166 country in the reader's language; the code itself if unknown."""
    return str(locale_of(locale).territories.get(code, code))
