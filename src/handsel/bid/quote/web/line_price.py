"""The price of one line: its term and charge, a price by hand, a share of other lines, a ramp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.queries.times import price_months_of
from handsel.bid.price.rules.proration import Convention
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions.price_words import counted, length, period, ways_by_hand
from handsel.bid.quote.errors import QuoteNotFound, StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rules.asked import YEAR, is_fee
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.subscription import Subscription, without_time
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_integer
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

MOST_NAMED = 200
BY_HAND = ("manual", "override", "reason")
PERIODS = (1, 3, 6, 12)
PRICE_PERIODS = (*PERIODS, 24, 36, 48, 60)
Fields = list[dict[str, Any]]


def line_of(request: Request, quote_id: int, key: UUID) -> tuple[QuoteVersion, list[LineView], int]:
    """A version, its lines without fees, and the place of one of them."""
    version = queries.get_version(request.actor, quote_id)
    lines = [line for line in queries.lines_of(version.pk) if not is_fee(line.asked)]
    for place, line in enumerate(lines):
        if line.key == key:
            return version, lines, place
    raise QuoteNotFound(_("This version has no such line."))


@page("quote.edit")
def line_price(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Say what is asked of a line's price."""
    version, lines, place = line_of(request, quote_id, line_key)
    line = lines[place]
    if request.method != "POST":
        present = _present(line, own_months(version, line))
        return _price_form(request, version, lines, line, present, {})
    try:
        charge, asked = _asked(request, line)
        actions.set_line_price(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_key=line_key,
            asked=asked,
            charge=charge,
            lock_no=lock_no_of(request),
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Change the price of the line"), line_key)
    except Invalid as wrong:
        fields = {_field_of(name): worded(text, _) for name, text in wrong.fields.items()}
        errors = fields or {"reason": worded(wrong.message, _)}
        typed = {**request.POST.dict(), "lines": request.POST.getlist("lines")}
        return _price_form(request, version, lines, line, typed, errors, status=422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _field_of(path: str) -> str:
    """The field of the form that a path of what is asked is typed into."""
    name = path.removeprefix("asked.")
    if name.startswith("percent_of"):
        return "least" if name.endswith("least") else "percent"
    if name.startswith(("manual", "override")):
        return "amount"
    return "end_on" if name.startswith(("term", "service")) else name.partition(".")[0]


def own_months(version: QuoteVersion, line: LineView) -> str:
    """For how many months the list price of a line's product is."""
    if version.price_book is None:
        return str(YEAR)
    product = facts_of([line.product_id])[line.product_id]
    return str(price_months_of(version.price_book, product, on=version.priced_on))


def _present(line: LineView, price_months: str) -> dict[str, Any]:
    asked = line.asked
    days = asked.get("term") or asked.get("service") or {}
    share = asked.get("percent_of") or {}
    how, amount = _by_hand(asked)
    return {
        "charge": line.charge,
        "start_on": days.get("start_on", ""),
        "end_on": days.get("end_on", ""),
        "price_months": asked.get("price_months", price_months),
        "charge_months": asked.get("charge_months", "1"),
        "convention": days.get("convention", ""),
        "how": how,
        "amount": amount.replace(".", parts.decimal_mark()),
        "reason": asked.get("reason", ""),
        "percent": str(share.get("percent", "")).replace(".", parts.decimal_mark()),
        "of": share.get("of", "net"),
        "lines": share.get("lines", []),
        "least": str(share.get("least", "")).replace(".", parts.decimal_mark()),
    }


def _by_hand(asked: Mapping[str, Any]) -> tuple[str, str]:
    if "override" in asked:
        return "override", str(asked["override"]["price"])
    for how, amount in asked.get("manual", {}).items():
        return how, str(amount)
    return "", ""


def _asked(request: Request, line: LineView) -> tuple[str, dict[str, Any]]:
    """What the form says; what it does not know of stays as it was."""
    mine = (*BY_HAND, "percent_of")
    asked = {name: one for name, one in without_time(line.asked).items() if name not in mine}
    if "uplift" in line.asked:
        asked["uplift"] = line.asked["uplift"]
    charge = parts.posted_text(request, "charge") or "one_time"
    start, end = parts.posted_text(request, "start_on"), parts.posted_text(request, "end_on")
    if start or end:
        asked |= _term(request, charge, start, end)
    elif charge == "recurring":
        asked |= {"charge_months": parts.posted_text(request, "charge_months") or "1"}
    how = parts.posted_text(request, "how")
    if how:
        amount = plain(parts.posted_number(parts.posted_text(request, "amount"), "amount"))
        asked |= {"override": {"price": amount}} if how == "override" else {"manual": {how: amount}}
        asked["reason"] = parts.posted_text(request, "reason")
    if percent := parts.posted_text(request, "percent"):
        asked["percent_of"] = {
            "percent": plain(parts.posted_number(percent, "percent")),
            "of": parts.posted_text(request, "of") or "net",
            "lines": request.POST.getlist("lines"),
        }
        if least := parts.posted_text(request, "least"):
            asked["percent_of"]["least"] = plain(parts.posted_number(least, "least"))
        if not asked["percent_of"]["lines"]:
            del asked["percent_of"]["lines"]
    return charge, asked


def _term(request: Request, charge: str, start: str, end: str) -> dict[str, Any]:
    months = parts.posted_text(request, "charge_months") or "1"
    return Subscription(
        start_on=day_of("start_on", start),
        end_on=day_of("end_on", end),
        price_months=parse_integer(parts.posted_text(request, "price_months") or "12", minimum=1),
        charge_months=parse_integer(months, minimum=1) if charge == "recurring" else 0,
        convention=parts.posted_text(request, "convention"),
    ).asked()


def day_of(field: str, text: str) -> date:
    """A day typed into a field; raises Invalid naming it."""
    try:
        return parse_date(text)
    except Invalid as wrong:
        told = worded(wrong.message, _)
        raise Invalid(told, code=wrong.code, fields={field: told}) from None


def months_field(field: str, label: str, value: object) -> dict[str, Any]:
    """A choice of how long a period is."""
    return {
        "name": field,
        "label": label,
        "type": "select",
        "options": [(str(months), length(months)) for months in PRICE_PERIODS],
        "value": value,
        "required": True,
    }


def conventions() -> list[tuple[str, str]]:
    """The ways of counting parts of a period."""
    return [("", _("The product’s own")), *((one.value, counted(one.value)) for one in Convention)]


def _price_form(
    request: Request,
    version: QuoteVersion,
    lines: Sequence[LineView],
    line: LineView,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponseBase:
    charged = str(line.asked.get("charge_months", ""))
    fields = [*_time_fields(charged), *_hand_fields(), *_share_fields(lines, line)]
    for field in fields:
        field["value"] = values.get(field["name"], field.get("value", ""))
        if field["name"] in ("amount", "least"):
            field["suffix"] = version.quote.currency
        field["error"] = errors.get(field["name"], "")
    shown = {one["name"] for one in fields}
    left = [text for name, text in errors.items() if name not in shown]
    if left:
        fields[0]["error"] = " ".join([fields[0]["error"], *left]).strip()
    context = {
        "title": _("Price of “%(name)s”") % {"name": line.name},
        "sections": _sections(fields),
        "lock_no": version.lock_no,
        "action_url": reverse("quote:line_price", args=[version.quote_id, line.key]),
        "submit": _("Save the price"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)


def _sections(fields: Fields) -> list[tuple[str, list[Fields]]]:
    """The fields under their headings, those that belong together side by side."""
    named = {field["name"]: field for field in fields}
    rows = {
        _("Time"): [
            ("charge",),
            ("start_on", "end_on"),
            ("price_months", "charge_months"),
            ("convention",),
        ],
        _("Price by hand"): [("how", "amount"), ("reason",)],
        _("Percentage of other lines"): [("percent", "of"), ("lines",), ("least",)],
    }
    return [
        (title, [[named[name] for name in row] for row in names]) for title, names in rows.items()
    ]


def _time_fields(charged: str) -> Fields:
    """`charged` is how often it is paid now, which may be none of the usual ways."""
    periods = sorted({*PERIODS, parse_integer(charged or "1", minimum=1)})
    charges = [
        ("one_time", _("Paid once")),
        ("recurring", _("Paid by the period")),
        ("usage", _("Estimate, billed as used")),
    ]
    return [
        {
            "name": "charge",
            "label": _("How it is paid"),
            "type": "select",
            "options": charges,
            "required": True,
        },
        {"name": "start_on", "label": _("First day"), "type": "date"},
        {"name": "end_on", "label": _("Last day"), "type": "date"},
        months_field("price_months", _("The list price is for"), "12"),
        {
            **months_field("charge_months", _("Paid by the period: how often"), "1"),
            "options": [(str(months), period(months)) for months in periods],
        },
        {
            "name": "convention",
            "label": _("Parts of a period are counted by"),
            "type": "select",
            "options": conventions(),
        },
    ]


def _hand_fields() -> Fields:
    ways = [("", _("None")), *ways_by_hand().items()]
    return [
        {"name": "how", "label": _("Kind"), "type": "select", "options": ways},
        {"name": "amount", "label": _("Amount by hand"), "type": "money"},
        {
            "name": "reason",
            "label": _("Reason"),
            "help": _("Needed for a price by hand; approvers read it, the customer does not."),
        },
    ]


def _share_fields(lines: Sequence[LineView], line: LineView) -> Fields:
    points = [
        ("list", _("List prices")),
        ("regular", _("Prices before discounts by hand")),
        ("customer", _("Prices after discounts by hand")),
        ("net", _("Net")),
    ]
    others = [(str(one.key), f"{one.position}. {one.name}") for one in lines if one is not line]
    return [
        {
            "name": "percent",
            "label": _("Costs a percentage of other lines"),
            "type": "money",
            "suffix": "%",
        },
        {"name": "of", "label": _("Percentage of"), "type": "select", "options": points},
        {
            "name": "lines",
            "label": _("Of which lines"),
            "type": "multiple",
            "options": others[:MOST_NAMED],
            "help": _("None chosen: all lines that have a price of their own."),
        },
        {"name": "least", "label": _("At least"), "type": "money"},
    ]
