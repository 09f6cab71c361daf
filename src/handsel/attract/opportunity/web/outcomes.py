"""A file of won leads: look, then enter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.opportunity import actions
from handsel.attract.opportunity.rules.outcome_rows import FIELDS, KNOWN_SOURCES
from handsel.ground.identity.access import Request, page
from handsel.ground.party.queries import default_seller

LARGEST_FILE = 10 * 1024 * 1024


@page("lead.import")
def outcomes(request: Request) -> HttpResponseBase:
    """Choose a file; see what it would do, or let it."""
    context: dict[str, Any] = {
        "header": {
            "title": _("Import outcomes"),
            "subtitle": _("Which imported leads were won, when, for how much"),
            "trail": [(_("Opportunities"), reverse("opportunity:list"))],
        },
        "fields": _fields(request),
    }
    if request.method == "POST":
        is_look = "look" in request.POST
        done = _read(request, is_look=is_look)
        if not is_look:
            text = _("%(won)d deals entered, %(known)d were known, %(refused)d rows refused")
            messages.success(request, text % done.as_dict())
        context |= {"done": done.as_dict(), "refused": done.refused[:100], "is_look": is_look}
    return render(request, "opportunity/outcomes.html", context)


def _read(request: Request, *, is_look: bool) -> actions.OutcomesRead:
    found = request.FILES.get("file")
    if found is None or found.size is None or found.size > LARGEST_FILE:
        raise MappingInvalid("choose a CSV file of at most 10 MB", fields={"file": "a CSV file"})
    return actions.import_outcomes(
        actor=request.actor,
        now=request.now,
        seller_id=default_seller(request.actor).pk,
        content=found.read(),
        source_name=request.POST.get("source", "").strip(),
        mapping=_mapping(request),
        options={"date_order": request.POST.get("date_order", "")},
        dry_run=is_look,
    )


def _mapping(request: Request) -> dict[str, str]:
    """Column -> field; empty for sources whose files are known."""
    values = request.POST
    return {values[f"map-{field}"]: field for field in FIELDS if values.get(f"map-{field}")}


def _fields(request: Request) -> list[dict[str, Any]]:
    said = request.POST
    labels = {
        "external_id": _("Column of the lead's id"),
        "won_at": _("Column of the date"),
        "name": _("Column of the name"),
        "amount": _("Column of the amount"),
        "currency": _("Column of the currency"),
    }
    known = ", ".join(KNOWN_SOURCES)
    return [
        {"name": "file", "label": _("File"), "type": "file", "required": True,
         "accept": ".csv,text/csv", "help": _("CSV with a header row, at most 10 MB")},
        {"name": "source", "label": _("Where it comes from"), "required": True,
         "value": said.get("source", ""),
         "help": _("The name the leads were imported under. Known files: %(known)s")
         % {"known": known}},
        {"name": "date_order", "label": _("Dates are written"), "type": "select",
         "value": said.get("date_order", ""),
         "options": [("", _("as known for the source")), ("ymd", "2026-12-31"),
                     ("dmy", "31.12.2026"), ("mdy", "12/31/2026")]},
        *({"name": f"map-{field}", "label": labels[field], "value": said.get(f"map-{field}", "")}
          for field in FIELDS),
    ]  # fmt: skip
