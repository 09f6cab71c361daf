"""What this installation is, and the one switch it has: letting a copy speak to the world."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from handsel import __version__
from handsel.ground.document import actions as document
from handsel.ground.identity.access import Request, page
from handsel.ground.platform import installation
from handsel.site.settings_pages.frame import posted, tabs

_COUNTS = """
    SELECT (SELECT version()), pg_size_pretty(pg_database_size(current_database())),
           (SELECT count(*) FROM document_mail WHERE state IN ('queued', 'sending')),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
           (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))
"""


@page("settings.view")
def overview(request: Request) -> HttpResponseBase:
    """State of the installation, and the end of a quarantine."""
    state = installation.state()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        server, size, mails, failed, waiting = cursor.fetchone()
    facts: list[dict[str, Any]] = [
        {"label": _("Handsel"), "value": __version__},
        {"label": _("Runs as"), "value": settings.HANDSEL_ENV},
        {"label": _("Database"), "value": " ".join(str(server).split()[:2])},
        {"label": _("Size"), "value": size},
        {"label": _("Installation"), "value": str(state.installation_id)},
        {"label": _("Mails waiting"), "value": mails, "format": "number"},
        {"label": _("Jobs waiting"), "value": waiting, "format": "number"},
        {"label": _("Jobs given up"), "value": failed, "format": "number"},
    ]
    held = state.quarantined_at is not None
    context = {
        "header": {
            "title": _("Installation"),
            "state": (_("In quarantine"), "warn") if held else (_("Open to the world"), "good"),
            "actions": [_release_action(request)] if held else [],
        },
        "tabs": tabs(request, "installation"),
        "facts": facts,
        "state": state,
        "held": held,
    }
    return render(request, "settings/installation.html", context)


def _release_action(request: Request) -> dict[str, Any]:
    return {
        "label": _("End the quarantine"),
        "url": reverse("settings:release"),
        "method": "post",
        "kind": "primary",
        "confirm": _("From now on mails leave this installation, those that wait included."),
        "ok": request.actor.may("settings.edit"),
        "why_not": _("Your role may not change settings"),
    }


@require_POST
@page("settings.edit")
def release(request: Request) -> HttpResponseBase:
    """End the quarantine and send what waits."""
    sent = posted(request, "release", _release)["id"]
    if sent is None:
        messages.info(request, _("There was no quarantine."))
    else:
        text = ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", sent)
        messages.success(request, _("The quarantine is over.") + " " + text % {"n": sent})
    return HttpResponseRedirect(reverse("settings:installation"))


@transaction.atomic
def _release() -> int | None:
    return document.enqueue_waiting() if installation.release() else None
