"""What the pages of price books share."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from handsel.bid.price.models import PriceBook, PriceRule
from handsel.ground.document import formatting
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_localized_decimal

STATES = {
    "draft": (gettext_lazy("Draft"), "neutral"),
    "published": (gettext_lazy("Published"), "good"),
    "retired": (gettext_lazy("Retired"), "ended"),
}


def asked(request: HttpRequest, name: str) -> str:
    """Text of the address without what no database keeps."""
    return str(request.GET.get(name, "")).replace("\x00", "").strip()[:100]


def posted(request: HttpRequest, name: str) -> str:
    """Text of a form without what no database keeps."""
    return str(request.POST.get(name, "")).replace("\x00", "").strip()


def key(text: str) -> int | None:
    """A key from an address or form; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None


def decimal_mark() -> str:
    """The decimal mark of the language the page is in."""
    return "," if get_format("DECIMAL_SEPARATOR") == "," else "."


def number(text: str, field: str, **limits: Any) -> Decimal:
    """A number typed into a field; raises Invalid naming the field."""
    try:
        return parse_localized_decimal(text.strip(), decimal_mark(), **limits)
    except Invalid as wrong:
        raise Invalid(wrong.message, code=wrong.code, fields={field: wrong.message}) from None


def shown(value: Decimal, decimals: int = 0) -> str:
    """A number as it stands in a field."""
    whole, _point, rest = f"{value:f}".partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    return f"{whole}{decimal_mark()}{rest}" if rest else whole


def validity(book: PriceBook) -> str:
    """From when to when a book is valid, the last day included."""
    locale = "de_DE" if (get_language() or "en").startswith("de") else "en_GB"
    first = formatting.day(book.valid_from, locale)
    if book.valid_until is None:
        return _("from %(first)s") % {"first": first}
    last = formatting.day(book.valid_until - timedelta(days=1), locale)
    return f"{first} – {last}"


def scope_of(rule: PriceRule) -> str:
    """What a rule is about."""
    if rule.product is not None:
        return f"{rule.product.sku} {rule.product.name}"
    if rule.product_group:
        return _("Group %(group)s") % {"group": rule.product_group}
    return _("Everything")
