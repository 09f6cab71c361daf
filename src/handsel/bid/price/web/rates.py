"""Exchange rates: those that are kept, one more, and a list of them as CSV."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.price import actions
from handsel.bid.price.actions import ImportedRates
from handsel.bid.price.models import ExchangeRate
from handsel.bid.price.queries.rates import listed_rates, rates_lacking
from handsel.bid.price.rules.rate_file import COLUMNS
from handsel.bid.price.web import parts
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import go_to

PAGE_SIZE = 50
MOST_BYTES = 2 * 1024 * 1024
MOST_SHOWN = 200


@page("price.view")
def rate_list(request: Request) -> HttpResponseBase:
    """Rates, the latest first, and pairs of our price books that have none."""
    return _list(request)


def _list(request: Request, wrong: Invalid | None = None) -> HttpResponseBase:
    pair = parts.asked(request, "q").upper().replace("→", " ").split()
    start = parts.key(parts.asked(request, "from")) or 0
    base, currency = ([*pair, "", ""])[:2]
    rows = list(listed_rates(base=base, currency=currency)[start : start + PAGE_SIZE + 1])
    query = request.GET.copy()
    addresses = {}
    for name, place in (("previous_url", start - PAGE_SIZE), ("next_url", start + PAGE_SIZE)):
        query["from"] = str(max(0, place))
        addresses[name] = f"?{query.urlencode()}"
    table = {
        "id": "rates",
        "caption": _("Exchange rates"),
        "search": parts.asked(request, "q"),
        "search_label": _("Pair, such as EUR USD"),
        "columns": [
            {"key": "pair", "label": _("One unit of"), "format": "link"},
            {"key": "rate", "label": _("Is"), "align": "right"},
            {"key": "day", "label": _("Day"), "format": "day"},
            {"key": "source", "label": _("Source"), "phone": False},
        ],
        "rows": [_row(row) for row in rows[:PAGE_SIZE]],
        "previous_url": addresses["previous_url"] if start else "",
        "next_url": addresses["next_url"] if len(rows) > PAGE_SIZE else "",
        "shown": f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        "empty": {
            "title": _("No exchange rates"),
            "text": _("Without one, a price in another currency cannot be used."),
            "icon": "calculator",
        },
    }
    lacking = rates_lacking(request.now.date())
    context = {
        "header": {
            "title": _("Exchange rates"),
            "trail": [(_("Price books"), reverse("price:list"))],
            "actions": [
                parts.action(request, _("Bring in a list"), reverse("price:rates_import"), "upload")
            ],
        },
        "table": table,
        "notice": {
            "kind": "warn",
            "text": _(
                "No rate yet for %(pairs)s. A product priced in the first currency only cannot be "
                "quoted in the second."
            )
            % {"pairs": ", ".join(f"{one} → {other}" for one, other in lacking)},
        }
        if lacking and request.actor.may("price.edit")
        else None,
        "fields": _fields(request, wrong) if request.actor.may("price.edit") else [],
        "message": worded(wrong.message, _) if wrong else "",
    }
    return render(request, "price/rates.html", context, status=422 if wrong else 200)


def _row(row: ExchangeRate) -> dict[str, Any]:
    return {
        "id": row.pk,
        "url": f"?q={row.base}+{row.currency}",
        "cells": [
            (f"1 {row.base}", ""),
            f"{parts.shown(row.rate)} {row.currency}",
            row.dated_on,
            row.source,
        ],
    }


def _fields(request: Request, wrong: Invalid | None) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = [
        {"name": "base", "label": _("One unit of"), "required": True, "placeholder": "EUR"},
        {"name": "rate", "label": _("Is"), "type": "money", "required": True},
        {"name": "currency", "label": _("Of the currency"), "required": True, "placeholder": "USD"},
        {
            "name": "dated_on",
            "label": _("Day"),
            "type": "date",
            "required": True,
            "value": request.now.date().isoformat(),
        },
        {"name": "source", "label": _("Source"), "placeholder": "ECB"},
    ]
    for field in fields:
        if wrong:
            field["value"] = parts.posted(request, field["name"])
            field["error"] = parts.told_fields(wrong).get(field["name"], "")
    return fields


@page("price.edit")
def rate_add(request: Request) -> HttpResponseBase:
    """Keep one rate of a day."""
    if request.method == "POST":
        base, currency = (parts.posted(request, name).upper() for name in ("base", "currency"))
        try:
            rate = parts.number(
                parts.posted(request, "rate"), "rate", max_digits=24, scale=12, minimum=0
            )
            day = parts.day(parts.posted(request, "dated_on"), "dated_on")
            new = actions.record_rates(
                actor=request.actor,
                now=request.now,
                dated_on=day,
                rates=[(base, currency, rate)],
                source=parts.posted(request, "source"),
            )
            if not new:
                raise Invalid(
                    _("There is a rate of this pair and day already; it stays as it is."),
                    fields={"dated_on": _("another day")},
                )
        except Invalid as wrong:
            return _list(request, wrong)
        messages.success(request, _("The rate is kept."))
    return go_to(request, reverse("price:rates"))


@page("price.edit")
def rates_import(request: Request) -> HttpResponseBase:
    """A list as CSV: first what would be kept and what not, then it is done."""
    text, message = parts.posted_lines(request, "text"), ""
    both_ways = "both_ways" in request.POST
    found: ImportedRates | None = None
    if request.method == "POST":
        try:
            text = _uploaded(request) or text
            is_trial = "sure" not in request.POST
            found = actions.import_rates(
                actor=request.actor,
                now=request.now,
                text=text,
                both_ways=both_ways,
                source=parts.posted(request, "source"),
                is_trial=is_trial,
            )
            if not is_trial:
                messages.success(request, _("%(count)s rates are new.") % {"count": len(found.new)})
                return go_to(request, reverse("price:rates"))
        except Invalid as wrong:
            message = worded(wrong.message, _)
    context = {
        "header": {
            "title": _("Bring in exchange rates"),
            "trail": [
                (_("Price books"), reverse("price:list")),
                (_("Exchange rates"), reverse("price:rates")),
            ],
        },
        "message": message,
        "fields": _list_fields(request, text, both_ways),
        "found": found,
        "new": _new_table(found) if found else None,
        "refused": _refused_table(found) if found and found.refused else None,
        "text": text,
        "both_ways": both_ways,
        "source": parts.posted(request, "source"),
    }
    return render(request, "price/rates_import.html", context, status=422 if message else 200)


def _uploaded(request: Request) -> str:
    given = request.FILES.get("file")
    if given is None:
        return ""
    if (given.size or 0) > MOST_BYTES:
        raise Invalid(_("Choose a CSV file of at most 2 MB."))
    try:
        return str(given.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(_("The file is not UTF-8; save it as CSV UTF-8.")) from None


def _list_fields(request: Request, text: str, both_ways: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": "file",
            "label": _("File"),
            "type": "file",
            "accept": ".csv,text/csv",
            "help": _("CSV with the columns %(columns)s; the last one may be left out.")
            % {"columns": ", ".join(COLUMNS)},
        },
        {
            "name": "text",
            "label": _("Or the list itself"),
            "type": "textarea",
            "rows": 8,
            "value": text,
            "placeholder": "date,base,currency,rate\n2026-11-20,EUR,USD,1.2043",
        },
        {
            "name": "both_ways",
            "label": _("Each rate the other way round too"),
            "type": "checkbox",
            "value": both_ways,
        },
        {"name": "source", "label": _("Source"), "value": parts.posted(request, "source")},
    ]


def _new_table(found: ImportedRates) -> dict[str, Any]:
    return {
        "id": "new-rates",
        "caption": _("New rates"),
        "columns": [
            {"key": "base", "label": _("One unit of")},
            {"key": "rate", "label": _("Is"), "align": "right"},
            {"key": "day", "label": _("Day"), "format": "day"},
        ],
        "rows": [
            {
                "id": place,
                "cells": [
                    f"1 {one.base}",
                    f"{parts.shown(one.rate)} {one.currency}",
                    one.dated_on,
                ],
            }
            for place, one in enumerate(found.new[:MOST_SHOWN])
        ],
        "empty": {"title": _("None of them is new")},
    }


def _refused_table(found: ImportedRates) -> dict[str, Any]:
    return {
        "id": "refused-rates",
        "caption": _("Refused rows"),
        "columns": [
            {"key": "line", "label": _("Row"), "align": "right"},
            {"key": "text", "label": _("What stood there")},
            {"key": "why", "label": _("Why not")},
        ],
        "rows": [
            {"id": place, "cells": [one.line_no, one.text, one.reason]}
            for place, one in enumerate(found.refused[:MOST_SHOWN])
        ],
    }
