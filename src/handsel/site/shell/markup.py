"""Values as safe markup: one function a format, and `show` that picks by name.

Formats: text money day instant quantity percent number rate badge email phone html.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from html import escape as escape_text
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from handsel.ground.kernel.money import exponent
from handsel.site.shell import formats
from handsel.site.shell.formats import NBSP, Reader

KINDS = frozenset({"neutral", "progress", "good", "warn", "bad", "ended"})
NUMERIC_FORMATS = frozenset({"money", "quantity", "percent", "number", "rate"})
NOTHING = mark_safe('<span class="nothing" aria-hidden="true">–</span>')


def pick(thing: Any, name: str, default: Any = None) -> Any:
    """A parameter of a component, which may be a dict or an object."""
    if isinstance(thing, dict):
        return thing.get(name, default)
    return getattr(thing, name, default)


class Given(dict[str, Any]):
    """Parameters of a component as its template reads them: one not given is None at once.

    On a plain dict a template tries four ways to find it, which costs more than showing it.
    """

    def __missing__(self, name: str) -> None:
        return None


def pair(value: Any) -> tuple[Any, Any]:
    """(first, second) of a pair, or (value, None) of a single value."""
    if isinstance(value, (tuple, list)):
        return value[0], (value[1] if len(value) > 1 else None)
    return value, None


def safe(value: Any) -> str:
    """A value escaped for markup; plain text takes a short cut past Django's lazy machinery."""
    return escape_text(value) if type(value) is str else conditional_escape(value)


def _amount(text: str, currency: str, *, negative: bool) -> SafeString:
    sign = " negative" if negative else ""
    return SafeString(
        f'<span class="money{sign}">{text}{NBSP}'
        f'<span class="currency">{safe(currency)}</span></span>'
    )


def money(value: Any, currency: str | None = None, reader: Reader | None = None) -> SafeString:
    """Money, or minor units with their currency."""
    if value is None or value == "":
        return NOTHING
    if currency is None:
        minor, currency = value.amount_minor, str(value.currency)
    else:
        minor = int(value)
    text = (reader or formats.reader()).minor(minor, currency)
    return _amount(text, currency, negative=minor < 0)


def rate(value: Any, currency: str | None = None, reader: Reader | None = None) -> SafeString:
    """Rate, or a decimal unit price with its currency; up to six decimals."""
    if value is None or value == "":
        return NOTHING
    if currency is None:
        value, currency = value.value, str(value.currency)
    value = Decimal(value)
    text = (reader or formats.reader()).decimal(value, least=exponent(currency))
    return _amount(text, currency, negative=value < 0)


def unit_price(value: Any) -> SafeString:
    """What one costs: a Rate, or Money."""
    return rate(value) if hasattr(value, "value") else money(value)


def money_list(value: Any) -> SafeString:
    """Money, or several in different currencies, one a line."""
    if isinstance(value, (list, tuple)):
        return mark_safe("<br>".join(money(one) for one in value)) if value else NOTHING
    return money(value)


def quantity(value: Any, unit: str | None = None, reader: Reader | None = None) -> SafeString:
    """Quantity, or a decimal with its unit."""
    if value is None or value == "":
        return NOTHING
    if unit is None and hasattr(value, "unit"):
        value, unit = value.value, str(value.unit)
    text = formats.quantity_text(Decimal(value), unit or "", reader)
    return SafeString(f'<span class="number">{safe(text)}</span>')


def bare(value: Any) -> SafeString:
    """A Quantity without its unit, where the unit stands beside it."""
    return number(getattr(value, "value", value))


def percent(bps: Any, reader: Reader | None = None) -> SafeString:
    """Basis points as a percentage."""
    if bps is None or bps == "":
        return NOTHING
    return SafeString(
        f'<span class="number">{(reader or formats.reader()).percent(int(bps))}</span>'
    )


def number(value: Any, reader: Reader | None = None) -> SafeString:
    """Plain number in the reader's marks."""
    if value is None or value == "":
        return NOTHING
    return SafeString(f'<span class="number">{(reader or formats.reader()).decimal(value)}</span>')


def counted(value: Any) -> SafeString:
    """A count: whole numbers grouped, words ("1,000+") as they are."""
    return number(value) if isinstance(value, (int, Decimal)) else text(value)


def day(value: date | None, reader: Reader | None = None) -> SafeString:
    """Calendar date as a `time` element."""
    if not value:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    shown = (reader or formats.reader()).day(value)
    return SafeString(f'<time class="day" datetime="{value.isoformat()}">{shown}</time>')


def instant(value: datetime | None, reader: Reader | None = None) -> SafeString:
    """Instant as a `time` element."""
    if not value:
        return NOTHING
    shown = (reader or formats.reader()).instant(value)
    return SafeString(f'<time class="day" datetime="{value.isoformat()}">{shown}</time>')


def badge(label: Any, kind: str | None = None) -> SafeString:
    """State with its meaning as colour; the word carries it without colour."""
    if label is None or label == "":
        return NOTHING
    meaning = kind if kind in KINDS else "neutral"
    return SafeString(f'<span class="state state-{meaning}">{safe(label)}</span>')


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
    return SafeString(safe(value))


_READ = NUMERIC_FORMATS | {"day", "instant"}
_FORMATS: dict[str, Callable[..., SafeString]] = {
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


def shower(format_name: str | None) -> Callable[[Any], SafeString]:
    """The function that shows many values of one format in this request's language."""
    if format_name == "badge":
        return lambda value: badge(*pair(value))
    function = _FORMATS[format_name or "text"]
    if format_name in _READ:
        return partial(function, reader=formats.reader())
    return function
