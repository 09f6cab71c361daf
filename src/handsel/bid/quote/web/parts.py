"""What the pages of a quote are put together from: states, lines, totals, the steps of a price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import get_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from handsel.bid.price.rules.document import PricedDocument, PricedLine
from handsel.bid.price.rules.waterfall import ORDER, STAGE_NAMES, Row, Stage
from handsel.bid.quote.actions.price_words import counted, label_words, said_of, worth_note
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rules.content import plain, tax_rows
from handsel.bid.quote.rules.discounts import single_discount_bps
from handsel.bid.quote.rules.paid import convention_of
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.document.units import unit_label
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_localized_decimal
from handsel.ground.kernel.money import Money, exponent
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.ground.kernel.said import worded

STATES = {
    "draft": (gettext_lazy("Draft"), "neutral"),
    "presented": (gettext_lazy("With the customer"), "progress"),
    "accepted": (gettext_lazy("Accepted"), "good"),
    "declined": (gettext_lazy("Declined"), "bad"),
    "expired": (gettext_lazy("Expired"), "warn"),
    "withdrawn": (gettext_lazy("Withdrawn"), "ended"),
}
VERSION_STATES = {
    "draft": (gettext_lazy("Draft"), "neutral"),
    "presented": (gettext_lazy("With the customer"), "progress"),
    "accepted": (gettext_lazy("Accepted"), "good"),
    "superseded": (gettext_lazy("Replaced"), "ended"),
    "closed": (gettext_lazy("Closed"), "ended"),
}
STAGES = {stage: gettext_lazy(name.template) for stage, name in STAGE_NAMES.items()}
BILLING_METHODS = {
    "on_order": gettext_lazy("In full on order"),
    "on_shipment": gettext_lazy("What was shipped, on shipment"),
    "shares": gettext_lazy("In shares"),
}


def decimal_mark() -> str:
    """The decimal mark of the language the page is in."""
    return "," if get_format("DECIMAL_SEPARATOR") == "," else "."


def shown_number(value: Decimal) -> str:
    """A number as it stands in a field: plain digits with the language's decimal mark."""
    return plain(value).replace(".", decimal_mark())


def shown_price(line: LineView, currency: str) -> str:
    """A list price per unit: "82.40 / m"."""
    price = _price(line.list_price, currency)
    return f"{price} / {unit_label(line.unit, get_language() or 'en', one=True)}"


def _price(value: Decimal, currency: str) -> str:
    """A price with at least the decimals of its currency: "1,082.40"."""
    decimals = len(plain(value).partition(".")[2])
    places = max(decimals, exponent(currency))
    return number_format(value, decimal_pos=places, force_grouping=True)


def shown_percent(bps: int) -> str:
    """Basis points as a percentage in a field; nothing where there is none."""
    return shown_number(Decimal(bps) / 100) if bps else ""


def percent_text(bps: int) -> str:
    """Basis points as the page writes them: "19%" in English, "19 %" in German."""
    return formatting.percent(bps, document_locale(get_language() or "en", ""))


def money_text(money: Money) -> str:
    """An amount as the page writes it, without markup: "1,250.00 EUR"."""
    return f"{number_format(money.amount, force_grouping=True)} {money.currency}"


def posted_number(text: str, field: str) -> Decimal:
    """A number typed into a field; raises Invalid naming the field."""
    try:
        return parse_localized_decimal(text.strip(), decimal_mark(), max_digits=18, scale=6)
    except Invalid as wrong:
        told = worded(wrong.message, _)
        raise Invalid(told, code=wrong.code, fields={field: told}) from None


def posted_percent(text: str, field: str) -> int:
    """A percentage typed into a field as basis points; empty is none."""
    stripped = text.strip().removesuffix("%").strip()
    if not stripped:
        return 0
    try:
        value = parse_localized_decimal(
            stripped, decimal_mark(), max_digits=5, scale=2, minimum=0, maximum=100
        )
        return int(value * 100)
    except (Invalid, InvalidOperation):
        message = _("Expected a percentage from 0 to 100.")
        raise Invalid(message, code="not_a_percentage", fields={field: message}) from None


def posted_text(request: HttpRequest, name: str) -> str:
    """Text of a form without what no database keeps."""
    return str(request.POST.get(name, "")).replace("\x00", "").replace("\r\n", "\n").strip()


def asked_text(request: HttpRequest, name: str, longest: int = 100) -> str:
    """Text of the address without what no database keeps."""
    return str(request.GET.get(name, "")).replace("\x00", "").strip()[:longest]


def whole_number(text: str) -> int | None:
    """A key from an address or form; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 19 else None


def line_key_of(text: str) -> UUID | None:
    """A line's identity from a form; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def address(name: str, *args: Any) -> str:
    """The address of a page by its name, or nothing where no room serves it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def line_row(
    line: LineView, amounts: LineView | PricedLine, currency: str, note: str = ""
) -> dict[str, Any]:
    """A line for the shell's `lines`: quantity × price − discount = amount.

    `note` says which configuration is built.
    """
    discount = amounts.list_minor - amounts.net_minor
    worth = worth_note(line.asked, amounts.rows, currency)
    said = (line.description, worth, note, said_of(line))
    return {
        "position": line.position,
        "name": line.name,
        "detail": " · ".join(one for one in said if one),
        "quantity": Quantity(line.quantity, line.unit),
        "unit_price": Rate(amounts.list_price, currency),
        "discount": Money(discount, currency) if discount else None,
        "discount_bps": single_discount_bps(amounts.rows),
        "amount": Money(amounts.net_minor, currency),
        "list_amount": Money(amounts.list_minor, currency) if discount > 0 else None,
        "key": str(line.key),
        "is_optional": line.is_optional,
        "counts": amounts.counts,
    }


def totals(version: QuoteVersion) -> dict[str, Any]:
    """What a version comes to, for the shell's `totals`."""
    return totals_of(
        version.quote.currency,
        list_minor=version.list_minor,
        net_minor=version.net_minor,
        gross_minor=version.gross_minor,
        taxes=version.tax_rows,
    )


def taxes_of(priced: PricedDocument) -> list[dict[str, Any]]:
    """The tax rows of a priced document as they are kept with a version."""
    return tax_rows(priced)


def totals_of(
    currency: str,
    *,
    list_minor: int,
    net_minor: int,
    gross_minor: int,
    taxes: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """List, what is saved, net, tax by kind, total. `taxes` are rows as kept with a version."""
    rows: list[dict[str, Any]] = []
    if list_minor != net_minor:
        rows.append({"label": _("List prices"), "amount": Money(list_minor, currency)})
        saved = Money(net_minor - list_minor, currency)
        label = _("Discount") if net_minor < list_minor else _("Surcharge")
        rows.append({"label": label, "amount": saved, "type": "discount"})
    rows.append({"label": _("Net"), "amount": Money(net_minor, currency), "type": "subtotal"})
    for row in taxes:
        rows.append(
            {
                "label": _("VAT %(rate)s") % {"rate": percent_text(row["rate_bps"])},
                "amount": Money(row["tax_minor"], currency),
                "type": "tax",
                "detail": _(row["reason"]) if row["reason"] else "",
            }
        )
    rows.append({"label": _("Total"), "amount": Money(gross_minor, currency), "type": "total"})
    return {"rows": rows}


# Where a price has a name: at the end of a stage, where something came before it and comes after.
_POINTS = (
    (Stage.MARKET, gettext_lazy("List price")),
    (Stage.PRORATION, gettext_lazy("Regular price")),
    (Stage.MANUAL, gettext_lazy("Customer’s price")),
)


def waterfall(line: LineView, currency: str) -> dict[str, Any]:
    """How a line's price came about, for the shell's `waterfall`: list, regular and customer's
    price, net, gross."""
    rows: list[dict[str, Any]] = []
    named = points_of(line.rows)
    running = 0
    for place, row in enumerate(line.rows):
        if row.stage is Stage.TAX:
            rows.append(_sum(_("Net"), running, currency, "subtotal"))
        # A product priced by its elements alone begins with nothing; that says nothing either.
        if row.stage is not Stage.BASE or row.amount_minor or len(line.rows) == 1:
            rows.append(_step(line, row, currency))
        running += row.amount_minor
        if place in named:
            rows.append(_sum(named[place], running, currency, "subtotal"))
    last = _("With tax") if line.rows[-1].stage is Stage.TAX else _("Net")
    rows.append(_sum(last, running, currency, "total"))
    return {"rows": rows}


def points_of(rows: Sequence[Row]) -> dict[int, str]:
    """The named prices on the way from list to net, by the place of the row they stand behind.

    One is left out where nothing led to it, and where only the net comes after it.
    """
    found: dict[int, str] = {}
    begun = 0
    for last, name in _POINTS:
        end = sum(1 for row in rows if ORDER[row.stage] <= ORDER[last])
        goes_on = any(ORDER[row.stage] <= ORDER[Stage.HEADER] for row in rows[end:])
        if end - begun > (1 if last is Stage.MARKET else 0) and goes_on:
            found[end - 1] = str(name)
        begun = end
    return found


def rule_words(row: Row) -> str:
    """Which rule made a step, by its key and version; nothing where nobody's rule did."""
    kind, _mark, key = row.rule.partition(":")
    if kind not in _RULES or not key.isdigit():
        return ""
    name = f"{_RULES[kind]} {key}"
    if not row.version:
        return name
    return _("%(rule)s, version %(version)s") % {"rule": name, "version": row.version}


_RULES = {
    "price_entry": gettext_lazy("Price"),
    "price_rule": gettext_lazy("Discount"),
    "price_term": gettext_lazy("Rule"),
    "contracted_price": gettext_lazy("Agreement"),
}


_IN_LIST_PRICE = (Stage.OPTION, Stage.MARKET, Stage.PRORATION, Stage.TERM)


def _step(line: LineView, row: Row, currency: str) -> dict[str, Any]:
    is_element = row.stage is Stage.OPTION and bool(row.label)
    details = [label_words(row.label)] if row.label and not is_element else []
    if row.stage is Stage.BASE:
        # What is listed has options and surcharges in it, and may be the price for a term, or
        # risen; the base is before them.
        exact = Money(row.amount_minor, currency).amount / line.quantity
        is_more = any(one.stage in _IN_LIST_PRICE for one in line.rows)
        price = exact.quantize(Decimal("0.000001")) if is_more else line.list_price
        details.append(f"{_price(price, currency)} {currency} × {shown_number(line.quantity)}")
    elif row.stage is Stage.PRORATION:
        way = convention_of(row)
        details.append(counted(way) if way else "")
    elif row.bps is not None:
        details.append(percent_text(row.bps))
    details.append(rule_words(row))
    return {
        "label": label_words(row.label) if is_element else STAGES.get(row.stage, row.stage.value),
        "amount": Money(row.amount_minor, currency),
        "type": "base" if row.stage is Stage.BASE else "change",
        "detail": " · ".join(one for one in details if one),
    }


def _sum(label: str, minor: int, currency: str, kind: str) -> dict[str, Any]:
    return {"label": label, "amount": Money(minor, currency), "type": kind}
