"""Models of other programs: files read into a draft, a version written as UVL."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.actions.importing import ENDINGS
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.formats.uvl import export_uvl
from handsel.bid.configure.rules.language import LanguageFault
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import worded
from handsel.ground.platform.posted import file_response, go_to

MOST_TOLD = 20


@page("configure.model")
def import_file(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """Put a file in the place of a draft's text, with those that it imports."""
    queries.get_version(model_id, version_no, request.actor)
    here = reverse("configure:version", args=[model_id, version_no])
    error = ""
    if request.method == "POST":
        files = request.FILES.getlist("file")
        try:
            if not files:
                raise Invalid("Choose a file.")
            actions.import_files(
                actor=request.actor,
                now=request.now,
                model_id=model_id,
                version_no=version_no,
                files=[(one.name or "", one.read()) for one in files],
            )
            messages.success(request, _("The file stands in the place of the text."))
            return go_to(request, here)
        except LanguageFault as fault:
            error = "; ".join(worded(one.sentence, _) for one in fault.problems[:MOST_TOLD])
        except Invalid as refused:
            error = worded(refused.message, _)
    field: dict[str, Any] = {
        "name": "file",
        "label": _("File of a model"),
        "type": "file",
        "many": True,
        "required": True,
        "error": error,
        "help": _(
            "%(endings)s. It takes the place of the draft’s text. Choose with a UVL file those "
            "that it imports, or a ZIP file of them all."
        )
        % {"endings": ", ".join(ENDINGS)},
    }
    context = {
        "title": _("Import a file"),
        "fields": [field],
        "upload": True,
        "submit": _("Read it"),
        "action_url": reverse("configure:version_import", args=[model_id, version_no]),
        "back_url": here,
    }
    is_fragment = bool(request.headers.get("HX-Request")) and request.method != "POST"
    name = "configure/dialog.html" if is_fragment else "configure/form.html"
    return render(request, name, context, status=422 if error else 200)


@page("configure.model")
def export(request: Request, model_id: int, version_no: int) -> HttpResponseBase:
    """A version as UVL, naming what UVL cannot say; laws between lines as the text they are."""
    one = queries.get_version(model_id, version_no, request.actor)
    if one.model.is_laws:
        name = f"{one.model.key}-{version_no}.laws"
        content = one.source.encode()
        return file_response(content, name=name, media_type="text/plain", inline=False)
    try:
        text = export_uvl(model_of(one))
    except LanguageFault as fault:
        why = worded(fault.problems[0].sentence, _)
        messages.error(request, _("It cannot be written as UVL: %(why)s") % {"why": why})
        return go_to(request, reverse("configure:version", args=[model_id, version_no]))
    name = f"{one.model.key}-{version_no}.uvl"
    return file_response(text.encode(), name=name, media_type="text/plain", inline=False)
