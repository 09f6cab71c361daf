"""Values as safe markup: one function a format, and `show` that picks by name.

Formats: text money day instant quantity percent number rate badge email phone html.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from handsel.site.shell import formats

KINDS = frozenset({"neutral", "progress", "good", "warn", "bad", "ended"})
NUMERIC_FORMATS = frozenset({"money", "quantity", "percent", "number", "rate"})
NOTHING = mark_safe('<span class="nothing" aria-hidden="true">–</span>')


def pick(thing: Any, name: str, default: Any = None) -> Any:
    """A parameter of a component, which may be a dict or an object."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


def pair(value: Any) -> tuple[Any, Any]:
    """(first, second) of a pair, or (value, None) of a single value."""
    if isinstance(value, (tuple, list)):
        return value[0], (value[1] if len(value) > 1 else None)
    return value, None


def money(value: Any, currency: str | None = None) -> SafeString:
    """Money, or minor units with their currency."""
    if value is None or value == "":
        return NOTHING
    if currency is None:
        minor, currency = value.amount_minor, str(value.currency)
    else:
        minor = int(value)
    sign = " negative" if minor < 0 else ""
    text = formats.minor_text(minor, currency)
    code = conditional_escape(currency)
    return mark_safe(
        f'<span class="money{sign}">{text}{formats.NBSP}<span class="currency">{code}</span></span>'
    )


def rate(value: Any, currency: str | None = None) -> SafeString:
    """Rate, or a decimal unit price with its currency."""
    if value is None or value == "":
        return NOTHING
    if currency is None:
        value, currency = value.value, str(value.currency)
    text, _, code = formats.rate_text(Decimal(value), currency).rpartition(formats.NBSP)
    sign = " negative" if value < 0 else ""
    return mark_safe(
        f'<span class="money{sign}">{text}{formats.NBSP}'
        f'<span class="currency">{conditional_escape(code)}</span></span>'
    )


def unit_price(value: Any) -> SafeString:
    """What one costs: a Rate, or Money."""
    return rate(value) if hasattr(value, "value") else money(value)


def money_list(value: Any) -> SafeString:
    """Money, or several in different currencies, one a line."""
    if isinstance(value, (list, tuple)):
        return mark_safe("<br>".join(money(one) for one in value)) if value else NOTHING
    return money(value)


def quantity(value: Any, unit: str | None = None) -> SafeString:
    """Quantity, or a decimal with its unit."""
    if value is None or value == "":
        return NOTHING
    if unit is None and hasattr(value, "unit"):
        value, unit = value.value, str(value.unit)
    text = formats.quantity_text(Decimal(value), unit or "")
    return mark_safe(f'<span class="number">{conditional_escape(text)}</span>')


def percent(bps: Any) -> SafeString:
    """Basis points as a percentage."""
    if bps is None or bps == "":
        return NOTHING
    return mark_safe(f'<span class="number">{formats.percent_text(int(bps))}</span>')


def number(value: Any) -> SafeString:
    """Plain number in the reader's marks."""
    if value is None or value == "":
        return NOTHING
    return mark_safe(f'<span class="number">{formats.decimal_text(value)}</span>')


def counted(value: Any) -> SafeString:
    """A count: whole numbers grouped, words ("1,000+") as they are."""
    return number(value) if isinstance(value, (int, Decimal)) else text(value)


def day(value: date | None) -> SafeString:
    """Calendar date as a `time` element."""
    if not value:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return mark_safe(
        f'<time class="day" datetime="{value.isoformat()}">{formats.day_text(value)}</time>'
    )


def instant(value: datetime | None) -> SafeString:
    """Instant as a `time` element."""
    if not value:
        return NOTHING
    return mark_safe(
        f'<time class="day" datetime="{value.isoformat()}">{formats.instant_text(value)}</time>'
    )


def badge(label: Any, kind: str | None = None) -> SafeString:
    """State with its meaning as colour; the word carries it without colour."""
    if label is None or label == "":
        return NOTHING
    meaning = kind if kind in KINDS else "neutral"
    return mark_safe(f'<span class="state state-{meaning}">{conditional_escape(label)}</span>')


def email(value: str) -> SafeString:
    """Mail address as a link."""
    if not value:
        return NOTHING
    return format_html('<a class="link" href="mailto:{}">{}</a>', value, value)


def phone(value: str) -> SafeString:
    """Phone number as a link."""
    if not value:
        return NOTHING
    return format_html('<a class="link" href="tel:{}">{}</a>', str(value).replace(" ", ""), value)


def text(value: Any) -> SafeString:
    """Anything else, escaped."""
    if value is None or value == "":
        return NOTHING
    return conditional_escape(value)


_FORMATS: dict[str, Callable[[Any], SafeString]] = {
    "text": text,
    "html": text,
    "link": text,
    "money": money,
    "rate": rate,
    "quantity": quantity,
    "percent": percent,
    "number": number,
    "day": day,
    "instant": instant,
    "email": email,
    "phone": phone,
}


def show(value: Any, format_name: str | None = "text", kind: str | None = None) -> SafeString:
    """A value in one of the formats; unknown formats raise KeyError (a typing error in a page)."""
    if format_name == "badge":
        label, own_kind = pair(value)
        return badge(label, own_kind or kind)
    return _FORMATS[format_name or "text"](value)
