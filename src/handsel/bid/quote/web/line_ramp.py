"""A line cut into periods with quantities and prices of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions
from handsel.bid.quote.actions.price_words import period
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rules.subscription import Step
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.line_price import (
    PERIODS,
    Fields,
    conventions,
    day_of,
    line_of,
    months_field,
    own_months,
)
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.platform.posted import go_to


@page("quote.edit")
def line_ramp(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Cut a line into periods with quantities and prices of their own."""
    version, lines, place = line_of(request, quote_id, line_key)
    line = lines[place]
    if request.method != "POST":
        return _ramp_form(request, version, line, _present_steps(version, lines, line), {})
    try:
        charged = parts.posted_text(request, "charge_months") or "0"
        actions.ramp_line(
            actor=request.actor,
            now=request.now,
            quote_id=quote_id,
            line_key=line_key,
            start_on=day_of("start_on", parts.posted_text(request, "start_on")),
            steps=_steps(request),
            price_months=parse_integer(
                parts.posted_text(request, "price_months") or "12", minimum=1
            ),
            charge_months=parse_integer(charged, minimum=0),
            convention=parts.posted_text(request, "convention"),
            uplift_bps=parts.posted_percent(parts.posted_text(request, "uplift"), "uplift"),
            reason=parts.posted_text(request, "reason"),
            lock_no=lock_no_of(request),
        )
    except StaleEdit as stale:
        return conflict(request, quote_id, stale, _("Change the price of the line"), line_key)
    except Invalid as wrong:
        errors = dict(wrong.fields) or {"start_on": wrong.message}
        typed = {**request.POST.dict(), "steps": _typed_steps(request)}
        return _ramp_form(request, version, line, typed, errors, status=422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _present_steps(
    version: QuoteVersion, lines: Sequence[LineView], line: LineView
) -> dict[str, Any]:
    of = line.asked.get("ramp", {}).get("of")
    found = [one for one in lines if of and one.asked.get("ramp", {}).get("of") == of] or [line]
    first = found[0].asked
    days = first.get("term") or first.get("service") or {}
    uplift = next((one.asked["uplift"]["percent"] for one in found if "uplift" in one.asked), "")
    values: dict[str, Any] = {
        "start_on": days.get("start_on", ""),
        "price_months": first.get("price_months") or own_months(version, line),
        "charge_months": first.get("charge_months", "0"),
        "convention": days.get("convention", ""),
        "uplift": str(uplift).replace(".", parts.decimal_mark()),
        "reason": next((one.asked["reason"] for one in found if "reason" in one.asked), ""),
    }
    values["steps"] = "\n".join(_shown_step(one) for one in found)
    return values


def _shown_step(line: LineView) -> str:
    own = line.asked.get("override", {}).get("price")
    months = line.asked.get("ramp", {}).get("months") or line.asked.get("term_months", "12")
    cells = (
        str(months),
        parts.shown_number(line.quantity),
        parts.shown_percent(line.discount_bps),
        "" if own is None else str(own).replace(".", parts.decimal_mark()),
    )
    return "\t".join(cells).rstrip("\t")


def _steps(request: Request) -> list[Step]:
    """A row for each period. Raises Invalid naming every cell that cannot be read."""
    found: list[Step] = []
    wrong: dict[str, str] = {}
    for row, line in enumerate(_typed_steps(request).split("\n")):
        cells = [cell.strip() for cell in line.split("\t")]
        if any(cells):
            try:
                found.append(_step(cells, row))
            except Invalid as bad:
                wrong |= bad.fields
    if not found and not wrong:
        wrong["steps"] = _("Give at least one period.")
    if wrong:
        raise Invalid(_("Some cells cannot be read; they are marked."), fields=wrong)
    return found


def _typed_steps(request: Request) -> str:
    return str(request.POST.get("steps", "")).replace("\x00", "").replace("\r\n", "\n")


def _step(cells: Sequence[str], row: int) -> Step:
    """Months, quantity, and if wanted a discount in per cent or a price of its own."""
    months, quantity, discount, price = [*cells[:4], *[""] * (4 - len(cells))]
    wrong: dict[str, str] = {}

    def read(column: int, reading: Callable[[], Any], expected: str) -> Any:
        try:
            return reading()
        except Invalid:
            wrong[f"steps:{row},{column}"] = expected
            return None

    length = read(
        0,
        lambda: parse_integer(months, minimum=1, maximum=1_200),
        _("Expected a number of months."),
    )
    count = read(1, lambda: _above_zero(quantity), _("Expected a quantity."))
    bps = read(
        2,
        lambda: parts.posted_percent(discount, "discount"),
        _("Expected a percentage from 0 to 100."),
    )
    own = read(
        3,
        lambda: parts.posted_number(price, "price") if price else None,
        _("Expected a price."),
    )
    if len(cells) > 4 and any(cells[4:]):
        wrong[f"steps:{row},4"] = _("There are four columns.")
    if wrong:
        raise Invalid(_("Some cells cannot be read; they are marked."), fields=wrong)
    return Step(months=length, quantity=count, discount_bps=bps, unit_price=own)


def _ramp_fields() -> Fields:
    once = [("0", _("once for each period"))]
    every = [(str(months), period(months)) for months in PERIODS]
    return [
        {"name": "start_on", "label": _("First day"), "type": "date", "required": True},
        months_field("price_months", _("The list price is for"), "12"),
        {
            "name": "charge_months",
            "label": _("Paid"),
            "type": "select",
            "options": once + every,
            "required": True,
        },
        {
            "name": "convention",
            "label": _("Parts of a period are counted by"),
            "type": "select",
            "options": conventions(),
        },
        {
            "name": "uplift",
            "label": _("Rises every year by"),
            "type": "money",
            "suffix": "%",
        },
        {
            "name": "reason",
            "label": _("Reason"),
            "help": _("Needed where a period has a price of its own."),
        },
    ]


def _above_zero(text: str) -> Decimal:
    value = parts.posted_number(text, "quantity")
    if value <= 0:
        raise Invalid("not above zero")
    return value


def _cells(values: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    """The periods as a grid; what is wrong is told below it and marked where it stands."""
    told = [errors["steps"]] if "steps" in errors else []
    faults = {}
    for path, text in errors.items():
        if path.startswith("steps:"):
            faults[path.removeprefix("steps:")] = text
            row, column = (int(one) + 1 for one in path.removeprefix("steps:").split(","))
            told.append(
                _("Row %(row)s, column %(column)s: %(text)s")
                % {"row": row, "column": column, "text": text}
            )
    return {
        "name": "steps",
        "label": _("Periods"),
        "help": _(
            "One row for each period, one after the other; a discount or a price of its own if "
            "wanted. Paste rows from a spreadsheet."
        ),
        "value": values.get("steps", ""),
        "columns": [_("Months"), _("Quantity"), _("Discount %"), _("Own price")],
        "heads": 0,
        "faults": faults,
        "error": " ".join(told[:10]),
    }


def _ramp_form(
    request: Request,
    version: QuoteVersion,
    line: LineView,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponseBase:
    fields = _ramp_fields()
    for field in fields:
        field["value"] = values.get(field["name"], field.get("value", ""))
        field["error"] = errors.get(field["name"], "")
    context = {
        "title": _("Periods of “%(name)s”") % {"name": line.name},
        "fields": fields,
        "cells": _cells(values, errors),
        "lock_no": version.lock_no,
        "action_url": reverse("quote:line_ramp", args=[version.quote_id, line.key]),
        "submit": _("Save the periods"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)
