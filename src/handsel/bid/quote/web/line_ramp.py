"""A line cut into periods with quantities and prices of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from handsel.bid.quote.rules.subscription import MOST_SEGMENTS, Step
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.grid import conflict, lock_no_of
from handsel.bid.quote.web.line_price import (
    PERIODS,
    Fields,
    conventions,
    day_of,
    line_of,
    months_field,
)
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_integer
from handsel.ground.platform.posted import go_to

STEPS = 6


@page("quote.edit")
def line_ramp(request: Request, quote_id: int, line_key: UUID) -> HttpResponseBase:
    """Cut a line into periods with quantities and prices of their own."""
    version, lines, place = line_of(request, quote_id, line_key)
    line = lines[place]
    if request.method != "POST":
        return _ramp_form(request, version, line, _present_steps(lines, line), {})
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
        return _ramp_form(request, version, line, request.POST.dict(), errors, status=422)
    return go_to(request, reverse("quote:record", args=[quote_id]))


def _present_steps(lines: Sequence[LineView], line: LineView) -> dict[str, Any]:
    of = line.asked.get("ramp", {}).get("of")
    found = [one for one in lines if of and one.asked.get("ramp", {}).get("of") == of] or [line]
    first = found[0].asked
    days = first.get("term") or first.get("service") or {}
    uplift = next((one.asked["uplift"]["percent"] for one in found if "uplift" in one.asked), "")
    values: dict[str, Any] = {
        "start_on": days.get("start_on", ""),
        "price_months": first.get("price_months", "12"),
        "charge_months": first.get("charge_months", "0"),
        "convention": days.get("convention", ""),
        "uplift": str(uplift).replace(".", parts.decimal_mark()),
        "reason": next((one.asked["reason"] for one in found if "reason" in one.asked), ""),
    }
    for place, one in enumerate(found, 1):
        values[f"step-{place}"] = _shown_step(one)
    return values


def _shown_step(line: LineView) -> str:
    own = line.asked.get("override", {}).get("price")
    said = [line.asked.get("term_months", "12"), parts.shown_number(line.quantity)]
    if line.discount_bps:
        said.append(f"{parts.shown_percent(line.discount_bps)} %")
    if own is not None:
        said.append(f"@ {str(own).replace('.', parts.decimal_mark())}")
    return "; ".join(said)


def _steps(request: Request) -> list[Step]:
    found = []
    for place in range(1, MOST_SEGMENTS + 1):
        field = f"step-{place}"
        text = parts.posted_text(request, field)
        if text:
            found.append(_step(text, field))
    if not found:
        wanted = _("Give at least one period.")
        raise Invalid(wanted, code="no_steps", fields={"step-1": wanted})
    return found


def _step(text: str, field: str) -> Step:
    """ "12; 100; 5 %; @ 80": months, quantity, and a discount or a price of its own."""
    given = [one.strip() for one in text.split(";")]
    wanted = _("Expected months; quantity, and if wanted a discount or @ price.")
    if not 2 <= len(given) <= 4:
        raise Invalid(wanted, code="bad_step", fields={field: wanted})
    try:
        months = parse_integer(given[0], minimum=1, maximum=1_200)
    except Invalid:
        raise Invalid(wanted, code="bad_step", fields={field: wanted}) from None
    discount, price = 0, None
    for one in given[2:]:
        if one.startswith("@"):
            price = parts.posted_number(one.removeprefix("@"), field)
        else:
            discount = parts.posted_percent(one, field)
    return Step(
        months=months,
        quantity=parts.posted_number(given[1], field),
        discount_bps=discount,
        unit_price=price,
    )


def _ramp_fields(values: Mapping[str, Any]) -> Fields:
    once = [("0", _("once for each period"))]
    # Every period there is, however many, so that saving the form drops none.
    count = max(STEPS, sum(1 for name in values if name.startswith("step-")))
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
        *(
            {
                "name": f"step-{place}",
                "label": _("Period %(number)s") % {"number": place},
                "placeholder": "12; 100; 5 %",
                "required": place == 1,
            }
            for place in range(1, count + 1)
        ),
        {
            "name": "reason",
            "label": _("Reason"),
            "help": _("Needed where a period has a price of its own (“12; 100; @ 80”)."),
        },
    ]


def _ramp_form(
    request: Request,
    version: QuoteVersion,
    line: LineView,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponseBase:
    fields = _ramp_fields(values)
    for field in fields:
        field["value"] = values.get(field["name"], field.get("value", ""))
        field["error"] = errors.get(field["name"], "")
    fields[5]["help"] = _("Months; quantity; if wanted a discount (5 %) or a price (@ 80).")
    context = {
        "title": _("Periods of “%(name)s”") % {"name": line.name},
        "fields": fields,
        "lock_no": version.lock_no,
        "action_url": reverse("quote:line_ramp", args=[version.quote_id, line.key]),
        "submit": _("Save the periods"),
        "back_url": reverse("quote:record", args=[version.quote_id]),
    }
    return dialog_or_page(request, context, status)
