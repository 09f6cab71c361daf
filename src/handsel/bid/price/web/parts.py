"""What the pages of price books share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.formats import get_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import group_names, ids_of
from handsel.bid.price.models import BookTerm, ContractedPrice, PriceBook, PriceRule
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid, NotFound
from handsel.ground.kernel.grammar import parse_date, parse_integer, parse_localized_decimal
from handsel.ground.kernel.money import exponent
from handsel.ground.kernel.names import name_from, texts_of
from handsel.ground.kernel.said import worded
from handsel.ground.platform.naming import shown_name

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


def posted_name(request: HttpRequest, name: str) -> str:
    """A name with its translations, from a form."""
    typed = {key: posted(request, key) for key in request.POST}
    return name_from(name, typed)


def posted_lines(request: HttpRequest, name: str) -> str:
    """Text of several lines of a form."""
    return str(request.POST.get(name, "")).replace("\x00", "").replace("\r\n", "\n")


def action(
    request: Request, label: str, url: str, icon: str, *, kind: str = "primary", **more: Any
) -> dict[str, Any]:
    """Something only who may change prices can do."""
    facts = {
        "label": label,
        "url": url,
        "icon": icon,
        "kind": kind,
        "ok": request.actor.may("price.edit"),
        "why_not": _("Your role may not change prices"),
    }
    return {**facts, **more}


def shown_percent(bps: int) -> str:
    """Basis points as a percentage in a field."""
    return shown(Decimal(bps) / 100)


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
        told = worded(wrong.message, _)
        raise Invalid(told, code=wrong.code, fields={field: told}) from None


def shown(value: Decimal, decimals: int = 0) -> str:
    """A number as it stands in a field."""
    whole, _point, rest = f"{value:f}".partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    return f"{whole}{decimal_mark()}{rest}" if rest else whole


def whole(text: str, field: str) -> int:
    """A whole number typed into a field; raises Invalid naming the field."""
    try:
        return parse_integer(text.strip(), minimum=0, maximum=10_000)
    except Invalid as wrong:
        told = worded(wrong.message, _)
        raise Invalid(told, code=wrong.code, fields={field: told}) from None


def told_fields(wrong: Invalid | None) -> dict[str, str]:
    """What is wrong by field, in the reader's language."""
    return {name: worded(text, _) for name, text in wrong.fields.items()} if wrong else {}


def price_text(value: Decimal, currency: str) -> str:
    """A price as the page writes it, with at least the decimals of its currency: "1,082.40"."""
    decimals = max(len(f"{value.normalize():f}".partition(".")[2]), exponent(currency))
    return number_format(value, decimal_pos=decimals, force_grouping=True)


def percent_text(bps: int) -> str:
    """Basis points as the page writes them: "19%" in English, "19 %" in German."""
    return formatting.percent(bps, document_locale(get_language() or "en", ""))


def day(text: str, field: str) -> date:
    """A day typed into a field; raises Invalid naming the field."""
    try:
        return parse_date(text)
    except Invalid as wrong:
        told = worded(wrong.message, _)
        raise Invalid(told, code=wrong.code, fields={field: told}) from None


def percent(text: str, field: str, *, minimum: int = -1000, maximum: int = 100) -> int:
    """A percentage typed into a field, as basis points."""
    typed = text.strip().removesuffix("%").strip()
    return int(number(typed, field, scale=2, minimum=minimum, maximum=maximum) * 100)


def subject(text: str, field: str = "scope") -> tuple[int | None, str]:
    """A product's key or a group from what was typed; neither is everything."""
    groups = group_names()
    if not text or text in groups:
        return None, text
    for key, name in groups.items():
        if text.casefold() in {one.casefold() for one in (name, *texts_of(name).values())}:
            return None, key
    try:
        return ids_of([text])[text], ""
    except NotFound:
        message = _("There is no product and no group “%(name)s”.") % {"name": text}
        raise Invalid(message, fields={field: message}) from None


def validity(book: PriceBook) -> str:
    """From when to when a book is valid, the last day included."""
    return days(book.valid_from, book.valid_until)


def days(first_on: date, until: date | None) -> str:
    """From when to when something holds, the last day included; `until` is the day after it."""
    locale = "de_DE" if (get_language() or "en").startswith("de") else "en_GB"
    first = formatting.day(first_on, locale)
    if until is None:
        return _("from %(first)s") % {"first": first}
    last = formatting.day(until - timedelta(days=1), locale)
    return f"{first} – {last}"


def groups_shown() -> dict[str, str]:
    """The groups of products by key, as the reader calls them: one query."""
    return {key: shown_name(name) for key, name in group_names().items()}


def scope_of(
    rule: PriceRule | ContractedPrice | BookTerm, groups: Mapping[str, str] | None = None
) -> str:
    """What a rule is about; with many rules the `groups_shown` are given."""
    if rule.product is not None:
        return f"{rule.product.sku} {shown_name(rule.product.called)}"
    if rule.product_group:
        names = groups_shown() if groups is None else groups
        return _("Group %(group)s") % {"group": names.get(rule.product_group, rule.product_group)}
    return _("Everything")
