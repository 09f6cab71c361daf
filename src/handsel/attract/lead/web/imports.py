"""Files of leads: choose, map the columns, look, run, come back later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import MappingInvalid
from handsel.attract.lead.jobs import IMPORT_JOB
from handsel.attract.lead.models import LeadImport
from handsel.attract.lead.rules.file_rows import DATE_ORDERS, FIELDS
from handsel.attract.lead.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.party.queries import default_seller
from handsel.ground.platform import store
from handsel.ground.platform.jobs import enqueue
from handsel.ground.platform.models import LongTask
from handsel.ground.platform.posted import file_response, go_to, once_posted

_DATES = ("2026-12-31", "31.12.2026", "12/31/2026")
LARGEST_FILE = 10 * 1024 * 1024
STATES = {
    "waiting": (gettext_lazy("waiting"), "progress"),
    "running": (gettext_lazy("running"), "progress"),
    "done": (gettext_lazy("done"), "good"),
    "failed": (gettext_lazy("failed"), "bad"),
    "stopped": (gettext_lazy("stopped"), "ended"),
}
OUTCOMES = {
    "add": (gettext_lazy("add"), "good"),
    "known": (gettext_lazy("known"), "neutral"),
    "refuse": (gettext_lazy("refuse"), "bad"),
}


@page("lead.import")
def imports(request: Request) -> HttpResponseBase:
    """Earlier imports, and the way to a new one."""
    rows = [_row(found) for found in queries.imports(request.actor)[:100]]
    table = {
        "id": "imports",
        "caption": _("Imports"),
        "columns": [
            {"key": "file", "label": _("File"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "added", "label": _("Added"), "format": "number"},
            {"key": "known", "label": _("Known"), "format": "number", "phone": False},
            {"key": "refused", "label": _("Refused"), "format": "number"},
            {"key": "when", "label": _("Begun"), "format": "instant", "phone": False},
        ],
        "rows": rows,
        "empty": {
            "title": _("Nothing imported yet"),
            "text": _("Choose a CSV file above. You see what would happen before it does."),
            "icon": "upload",
        },
    }
    header = {"title": _("Import leads"), "trail": [(_("Leads"), reverse("lead:list"))]}
    return render(
        request, "lead/imports.html", {"header": header, "table": table, "fields": _choose()}
    )


def _row(found: LeadImport) -> dict[str, Any]:
    return {
        "id": found.pk,
        "url": reverse(f"lead:{_where(found)}", args=[found.pk]),
        "cells": [
            (found.task.label, found.source_name),
            STATES[found.task.state],
            found.added,
            found.known,
            found.refused,
            found.created_at,
        ],
    }


def _where(found: LeadImport) -> str:
    """What has not begun leads to its columns."""
    return "import_look" if found.task.state == "waiting" else "import"


def _choose() -> list[dict[str, Any]]:
    return [
        {
            "name": "file",
            "label": _("File"),
            "type": "file",
            "accept": ".csv,text/csv",
            "required": True,
            "help": _("CSV with a header row, at most 10 MB"),
        },
        {
            "name": "source",
            "label": _("Where it comes from"),
            "required": True,
            "help": _("A name such as fair-2026. An id counts once within one source."),
        },
        {
            "name": "date_order",
            "label": _("Dates are written"),
            "type": "select",
            "required": True,
            "options": list(zip(DATE_ORDERS, _DATES, strict=True)),
        },
    ]


@require_POST
@page("lead.import")
def upload(request: Request) -> HttpResponseBase:
    """Keep the file as an import that has not begun, and go on to its columns."""
    found = request.FILES.get("file")
    if found is None or found.size is None or found.size > LARGEST_FILE:
        raise MappingInvalid("choose a CSV file of at most 10 MB", fields={"file": "a CSV file"})
    draft = actions.start_import(
        actor=request.actor,
        now=request.now,
        seller_id=default_seller(request.actor).pk,
        content=found.read(),
        file_name=found.name or "leads.csv",
        source_name=request.POST.get("source", "").strip(),
        options={"date_order": request.POST.get("date_order", "")},
        is_draft=True,
    )
    return go_to(request, reverse("lead:import_look", args=[draft.pk]))


@page("lead.import")
def look(request: Request, import_id: int) -> HttpResponseBase:
    """What would happen to the first rows, by the columns chosen in the address."""
    found = queries.get_import(request.actor, import_id)
    chosen = _mapping(request.GET)
    preview = actions.preview_import(
        actor=request.actor,
        now=request.now,
        seller_id=found.seller_id,
        content=store.read(found.task.source_file_id) if found.task.source_file_id else b"",
        source_name=found.source_name,
        mapping=chosen or found.mapping,
        options=found.options,
    )
    context = {
        "header": {
            "title": found.task.label,
            "subtitle": _("Nothing is imported yet"),
            "trail": [(_("Import leads"), reverse("lead:imports"))],
        },
        "columns": [
            {
                "name": f"map-{column}",
                "label": column,
                "type": "select",
                "value": preview.mapping.get(column, ""),
                "options": [("", _("leave out")), *words.FILE_FIELDS.items()],
            }
            for column in preview.header
        ],
        "mapping": preview.mapping,
        "found": found,
        "total": preview.total,
        "table": _preview_table(preview),
    }
    return render(request, "lead/import_look.html", context)


def _mapping(values: Any) -> dict[str, str]:
    return {
        name.removeprefix("map-"): value
        for name, value in values.items()
        if name.startswith("map-") and value
    }


def _preview_table(preview: actions.Preview) -> dict[str, Any]:
    shown = [field for field in FIELDS if field in set(preview.mapping.values())]
    shown = [field for field in shown if field not in ("given_name", "family_name")][:5]
    columns = [
        {"key": "row", "label": _("Row")},
        {"key": "outcome", "label": _("Would"), "format": "badge"},
        {"key": "reason", "label": _("Reason")},
    ]
    return {
        "id": "preview",
        "caption": _("The first rows"),
        "columns": [
            *columns,
            *(
                {
                    "key": name,
                    "label": words.FILE_FIELDS[name],
                    "format": "instant" if name == "asked_at" else "text",
                }
                for name in shown
            ),
        ],
        "rows": [
            {
                "id": row.row_number,
                "cells": [
                    str(row.row_number),
                    OUTCOMES[row.outcome],
                    row.reason,
                    *(_cell(name, row.values.get(name, "")) for name in shown),
                ],
            }
            for row in preview.rows
        ],
    }


def _cell(name: str, text: str) -> Any:
    if name == "asked_at":
        return datetime.fromisoformat(text) if text else None
    return text[:60]


@require_POST
@page("lead.import")
def start(request: Request, import_id: int) -> HttpResponseBase:
    """Begin the import in the background."""

    def effect() -> dict[str, Any]:
        found = actions.remap_import(
            actor=request.actor,
            now=request.now,
            import_id=import_id,
            mapping=_mapping(request.POST),
        )
        _enqueue(found)
        return {}

    route = f"lead:import:{import_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    return go_to(request, reverse("lead:import", args=[import_id]))


def _enqueue(found: LeadImport) -> None:
    enqueue(
        IMPORT_JOB,
        lock=f"lead-import-{found.pk}",
        import_id=found.pk,
        seller_id=found.seller_id,
    )


@require_POST
@page("lead.import")
def import_resume(request: Request, import_id: int) -> HttpResponseBase:
    """Let an import that broke off go on where it stood."""
    found = queries.get_import(request.actor, import_id)

    def effect() -> dict[str, Any]:
        _enqueue(found)
        return {}

    route = f"lead:import_resume:{import_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, _("The import goes on"))
    return go_to(request, reverse("lead:import", args=[import_id]))


@page("lead.import")
def lead_import(request: Request, import_id: int) -> HttpResponseBase:
    """How far it is, and what came of it."""
    found = queries.get_import(request.actor, import_id)
    if request.headers.get("HX-Request") == "true":
        return render(request, "shell/progress.html", {"progress": _progress(found)})
    header: dict[str, Any] = {
        "title": found.task.label,
        "state": STATES[found.task.state],
        "trail": [(_("Import leads"), reverse("lead:imports"))],
        "meta": [{"label": _("Source"), "value": found.source_name}],
    }
    if found.task.state == "failed":
        again = {
            "label": _("Go on"),
            "url": reverse("lead:import_resume", args=[found.pk]),
            "method": "post",
            "kind": "primary",
            "icon": "play",
        }
        header["actions"] = [again]
    elif found.task.state in ("waiting", "running"):
        stop = {
            "label": _("Stop"),
            "url": reverse("lead:import_stop", args=[found.pk]),
            "method": "post",
            "kind": "danger",
            "confirm": _("Stop this import? What it has added stays."),
        }
        header["actions"] = [stop]
    context = {
        "header": header,
        "progress": _progress(found),
        "refused": queries.refused_rows(found)[:20],
        "found": found,
    }
    return render(request, "lead/import.html", context)


def _progress(found: LeadImport) -> dict[str, Any]:
    task: LongTask = found.task
    counts = {"added": found.added, "known": found.known, "refused": found.refused}
    progress: dict[str, Any] = {
        "label": task.label,
        "done": found.next_row,
        "total": task.total,
        "text": _("Waits for a free worker")
        if task.state == "waiting"
        else _("%(added)d added, %(known)d known, %(refused)d refused") % counts,
        "state": {"done": "done", "failed": "failed", "stopped": "failed"}.get(
            task.state, "running"
        ),
        "poll_url": reverse("lead:import", args=[found.pk]),
    }
    if task.state == "done":
        progress["results_url"] = f"{reverse('lead:list')}?channel=import"
    if task.refused_file_id is not None:
        progress["refused_url"] = reverse("lead:import_refused", args=[found.pk])
        progress["refused"] = found.refused
    return progress


@require_POST
@page("lead.import")
def import_stop(request: Request, import_id: int) -> HttpResponseBase:
    """Stop a running import."""

    def effect() -> dict[str, Any]:
        actions.stop_import(actor=request.actor, now=request.now, import_id=import_id)
        return {}

    route = f"lead:import_stop:{import_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, _("Stopped"))
    return go_to(request, reverse("lead:import", args=[import_id]))


@page("lead.import")
def import_refused(request: Request, import_id: int) -> HttpResponseBase:
    """The refused rows with their reasons, as CSV."""
    found = queries.get_import(request.actor, import_id)
    name = f"refused-{found.task.label}"
    return file_response(
        actions.refused_csv(found), name=name, media_type="text/csv; charset=utf-8", inline=False
    )
