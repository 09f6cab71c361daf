"""Importing a file of products: look first, then do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.catalog import actions, queries
from handsel.bid.catalog.errors import ProductNotFound
from handsel.bid.catalog.rules.product_file import COLUMNS
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform import store
from handsel.ground.platform.models import LongTask
from handsel.ground.platform.posted import file_response, go_to

MOST_BYTES = 20 * 1024 * 1024


@page("catalog.edit")
def import_file(request: Request) -> HttpResponseBase:
    """Choose a file; what importing it would do is shown before it is done."""
    message = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        try:
            if given is None or (given.size or 0) > MOST_BYTES:
                raise Invalid(_("Choose a CSV file of at most 20 MB."))
            task = actions.check_import(
                actor=request.actor,
                now=request.now,
                content=given.read(),
                name=given.name or "products.csv",
            )
            return go_to(request, reverse("catalog:import_task", args=[task.pk]))
        except Invalid as wrong:
            message = wrong.message
    context = {
        "header": {
            "title": _("Import products"),
            "trail": [(_("Products"), reverse("catalog:list"))],
        },
        "columns": COLUMNS,
        "message": message,
        "file_field": {
            "name": "file",
            "label": _("File"),
            "type": "file",
            "accept": ".csv,text/csv",
            "required": True,
            "help": _("CSV in UTF-8; the first row names the columns."),
        },
    }
    return render(request, "catalog/import.html", context, status=422 if message else 200)


@page("catalog.edit")
def import_task(request: Request, task_id: int) -> HttpResponseBase:
    """What the file would do, or did."""
    task = queries.get_import(request.actor, task_id)
    if request.method == "POST":
        task = actions.run_import(actor=request.actor, now=request.now, task_id=task_id)
        messages.success(request, _("The products are imported."))
        return go_to(request, reverse("catalog:import_task", args=[task_id]))
    context = {
        "header": {
            "title": task.label,
            "state": (_("Imported"), "good") if task.state == "done" else (_("Checked"), "neutral"),
            "trail": [
                (_("Products"), reverse("catalog:list")),
                (_("Import products"), reverse("catalog:import")),
            ],
            "actions": _task_actions(task),
        },
        "facts": _task_facts(task),
        "reasons": task.summary.get("reasons", []),
        "refused_url": reverse("catalog:import_refused", args=[task_id])
        if task.refused_file_id
        else "",
    }
    return render(request, "catalog/import_task.html", context)


def _task_actions(task: LongTask) -> list[dict[str, Any]]:
    if task.state == "done":
        return [
            {"label": _("Show the products"), "url": reverse("catalog:list"), "kind": "primary"}
        ]
    return [
        {
            "label": _("Import %(count)s products") % {"count": task.total},
            "url": reverse("catalog:import_task", args=[task.pk]),
            "method": "post",
            "kind": "primary",
            "icon": "upload",
            "ok": task.total > 0,
            "why_not": _("no row of the file can be kept"),
        }
    ]


def _task_facts(task: LongTask) -> list[dict[str, Any]]:
    labels = {
        "new": _("New"),
        "known": _("Known already"),
        "added": _("Added"),
        "revised": _("Revised"),
        "unchanged": _("Unchanged"),
        "refused": _("Refused rows"),
    }
    return [
        {"label": label, "value": task.summary[name], "format": "number"}
        for name, label in labels.items()
        if name in task.summary
    ]


@page("catalog.edit")
def import_refused(request: Request, task_id: int) -> HttpResponseBase:
    """The rows that were refused, with the reasons."""
    task = queries.get_import(request.actor, task_id)
    if task.refused_file_id is None:
        raise ProductNotFound("no row was refused", code="file_missing")
    content = store.read(task.refused_file_id)
    return file_response(content, name="refused.csv", media_type="text/csv", inline=False)
