"""Pages of the outbox: what was sent, to whom, and what became of it."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handsel.ground.document import actions, queries
from handsel.ground.document.models import Mail
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import NotFound
from handsel.ground.platform.posted import file_response, once_posted
from handsel.ground.platform.timeline_view import timeline_of

PAGE_SIZE = 50
# Every link for outsiders ends in a 256-bit key of 43 characters.
_LOCAL = re.compile(r"http://localhost:\d+(?![\w.:])")
_LINK_KEY = re.compile(r"(https?://\S*/)[A-Za-z0-9_\-]{43}(?=/|\s|$)")
STATES = {
    "queued": (gettext_lazy("Waiting"), "progress"),
    "sending": (gettext_lazy("Being handed over"), "progress"),
    "sent": (gettext_lazy("Taken by the mail server"), "good"),
    "failed": (gettext_lazy("Not sent"), "bad"),
}


@page("mail.view")
def mail_list(request: Request) -> HttpResponseBase:
    """The mails of the actor's sellers, newest first."""
    text, state = request.GET.get("q", ""), request.GET.get("state", "")
    start = _start(request.GET.get("from", ""))
    found = queries.search_mails(request.actor, text=text, state=state)
    rows = list(found[start : start + PAGE_SIZE + 1])
    table = {
        "id": "mails",
        "caption": _("Mails"),
        "columns": [
            {"key": "subject", "label": _("Subject"), "format": "link"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "queued_at", "label": _("Written"), "format": "instant", "phone": False},
            {"key": "sent_at", "label": _("Sent"), "format": "instant"},
        ],
        "rows": [_row(mail) for mail in rows[:PAGE_SIZE]],
        "search": text,
        "search_label": _("Search by subject or address"),
        "filters": [
            {
                "name": "state",
                "label": _("Any state"),
                "options": [(key, label) for key, (label, _kind) in STATES.items()],
                "value": state,
            }
        ],
        "shown": f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        "previous_url": _page_url(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": _page_url(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "empty": {
            "title": _("No mails"),
            "text": _("Quotes, order confirmations and invoices that are sent appear here."),
            "icon": "mail",
        },
    }
    header = {"title": _("Mails")}
    return render(request, "document/mails.html", {"header": header, "table": table})


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _page_url(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


def _row(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.pk,
        "url": reverse("document:record", args=[mail.pk]),
        "cells": [
            (mail.subject, ", ".join(mail.to)),
            STATES[mail.state],
            mail.queued_at,
            mail.sent_at,
        ],
    }


@page("mail.view")
def mail_record(request: Request, mail_id: int) -> HttpResponseBase:
    """One mail as its reader gets it, as text, with its files."""
    mail = queries.get_mail(request.actor, mail_id)
    files = [
        {"name": one["name"], "url": reverse("document:enclosure", args=[mail.pk, place])}
        for place, one in enumerate(mail.attachments)
    ]
    return render(
        request,
        "document/mail.html",
        {
            "mail": mail,
            "body": None
            if (text := queries.text_of(request.actor, mail)) is None
            else without_keys(text),
            "header": _header(request, mail),
            "facts": _facts(mail),
            "files": files,
            "timeline": timeline_of(("mail", mail.pk)),
        },
    )


def _header(request: Request, mail: Mail) -> dict[str, Any]:
    again = {
        "label": _("Send again"),
        "url": reverse("document:send_again", args=[mail.pk]),
        "method": "post",
        "kind": "primary",
        "icon": "send",
    }
    may = mail.state == "failed" and request.actor.may("mail.send")
    return {
        "title": mail.subject,
        "state": STATES[mail.state],
        "subtitle": mail.last_error,
        "trail": [(_("Mails"), reverse("document:list"))],
        "actions": [again] if may else [],
    }


def without_keys(text: str) -> str:
    """A mail's words for the house: the key in a customer's link is for the customer alone.

    Where mails are only kept and never sent (the demo), the page is how they are read, and their
    links lead to the port the demo has today, which need not be the one it had then.
    """
    if settings.MAIL_TRANSPORT == "kept":
        here = settings.PUBLIC_BASE_URL
        return _LOCAL.sub(here, text) if _LOCAL.fullmatch(here) else text
    return _LINK_KEY.sub(r"\1…", text)


def _facts(mail: Mail) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("To"), "value": ", ".join(mail.to)},
        {"label": _("Copy to"), "value": ", ".join(mail.cc)},
        {"label": _("From"), "value": mail.from_address},
        {"label": _("Answers to"), "value": mail.reply_to},
        {"label": _("Written"), "value": mail.queued_at, "format": "instant"},
        {"label": _("Sent"), "value": mail.sent_at, "format": "instant"},
        {"label": _("Tries"), "value": mail.attempts, "format": "number"},
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


@page("mail.view")
def enclosure(request: Request, mail_id: int, place: int) -> HttpResponseBase:
    """A file that went with a mail, found through the mail."""
    mail = queries.get_mail(request.actor, mail_id)
    if place >= len(mail.attachments):
        raise NotFound("This mail has no such file.", code="file_missing")
    found = queries.enclosure_of(mail.attachments[place])
    return file_response(found.content, name=found.name, media_type=found.media_type, inline=False)


@page("mail.send")
def send_again(request: Request, mail_id: int) -> HttpResponseBase:
    """Queue a failed mail once more."""

    def effect() -> dict[str, Any]:
        actions.send_again(actor=request.actor, now=request.now, mail_id=mail_id)
        return {"mail_id": mail_id}

    if request.method == "POST":
        once_posted(
            request,
            actor=request.actor,
            now=request.now,
            route="document.send_again",
            effect=effect,
        )
        messages.success(request, _("The mail is waiting to be sent."))
    return HttpResponseRedirect(reverse("document:record", args=[mail_id]))


urlpatterns = [
    path("", mail_list, name="list"),
    path("mails/<int:mail_id>/", mail_record, name="record"),
    path("mails/<int:mail_id>/files/<int:place>/", enclosure, name="enclosure"),
    path("mails/<int:mail_id>/send-again/", send_again, name="send_again"),
]
