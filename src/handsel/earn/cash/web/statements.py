"""Bank statements: bringing a file in, trying it first, and one statement with its chain."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import BankStatement
from handsel.earn.cash.web import parts, words
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid, Refused, in_words
from handsel.ground.kernel.money import Money
from handsel.ground.platform import store
from handsel.ground.platform.idempotency import once
from handsel.ground.platform.posted import go_to

MOST_BYTES = 20 * 1024 * 1024
_SALT = "cash.statement.tried"


@page("cash.view")
def statement_list(request: Request) -> HttpResponseBase:
    """What the banks told us, newest first, with a place to bring in more."""
    start = parts.start_of(request)
    state = request.GET.get("state", "")
    found = queries.visible_statements(request.actor).select_related("bank_account", "seller")
    if state in words.STATEMENT_STATES:
        found = found.filter(state=state)
    rows = list(found.order_by("-until_on", "-pk")[start : start + parts.PAGE_SIZE + 1])
    counts = queries.entry_counts([row.pk for row in rows])
    table = {
        "id": "statements",
        "caption": _("Bank statements"),
        "columns": [
            {"key": "statement", "label": _("Statement"), "format": "link"},
            {"key": "until", "label": _("Until"), "format": "day"},
            {"key": "state", "label": _("State"), "format": "badge"},
            {"key": "entries", "label": _("Entries"), "format": "number", "phone": False},
            {"key": "open", "label": _("To match"), "format": "number"},
            {"key": "closing", "label": _("Closing balance"), "format": "money"},
        ],
        "rows": [_row(row, counts.get(row.pk, {})) for row in rows[: parts.PAGE_SIZE]],
        "filters": [
            {
                "name": "state",
                "label": _("Any state"),
                "options": [(k, v[0]) for k, v in words.STATEMENT_STATES.items() if k != "known"],
                "value": state,
            }
        ],
        "empty": {
            "title": _("No bank statements yet"),
            "text": _("Bring in a file of your bank (camt.053 or MT940) above."),
            "icon": "landmark",
        },
    }
    context = {
        "header": {"title": _("Bank statements")},
        "tabs": parts.sections(request, "list"),
        "table": parts.paged(request, table, start, len(rows)),
        "may_edit": request.actor.may("cash.edit"),
        "file_field": _file_field(),
    }
    return render(request, "cash/statements.html", context)


def _file_field() -> dict[str, Any]:
    return {
        "name": "file",
        "label": _("File of the bank"),
        "type": "file",
        "required": True,
        "accept": ".xml,.sta,.mt940,.txt,.940",
        "help": _("camt.053 or MT940. A file imported before adds nothing."),
    }


def _row(row: BankStatement, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "url": reverse("cash:statement", args=[row.pk]),
        "cells": [
            (row.statement_id, f"{row.bank_account.iban} · {row.seller.name}"),
            row.until_on,
            words.STATEMENT_STATES[row.state],
            sum(counts.values()),
            counts.get("open", 0),
            Money(row.closing_minor, row.currency),
        ],
        "state": "muted" if row.state == "rejected" else "",
    }


@require_POST
@page("cash.edit")
def take_in(request: Request) -> HttpResponseBase:
    """Import a file and match what is clear; with `act=try`, only show what would happen."""
    try:
        content, name = _content(request)
        if request.POST.get("act") == "try":
            return _tried(request, content, name)
        answer = once(
            actor=request.actor,
            route="cash:take_in",
            key=request.POST.get("idempotency_key", ""),
            request={"sha256": hashlib.sha256(content).hexdigest()},
            now=request.now,
            effect=lambda: _bring_in(request, content, name),
        )
    except (Refused, Invalid) as refusal:
        messages.error(request, str(refusal))
        return go_to(request, reverse("cash:list"))
    for line in answer["said"]:
        messages.add_message(request, line["level"], line["text"])
    keys = answer["keys"]
    target = reverse("cash:statement", args=keys) if len(keys) == 1 else reverse("cash:list")
    return go_to(request, target)


def _content(request: Request) -> tuple[bytes, str]:
    upload = request.FILES.get("file")
    if upload is not None:
        if (upload.size or 0) > MOST_BYTES:
            raise Invalid(_("This file is larger than 20 MB."))
        return upload.read(), upload.name or "statement"
    try:
        kept = signing.loads(request.POST.get("kept", ""), salt=_SALT, max_age=86400)
    except signing.BadSignature:
        raise Invalid(_("Choose the file that the bank sent.")) from None
    if kept["user"] != request.actor.user_id:
        raise Invalid(_("Choose the file that the bank sent."))
    return store.read(kept["file"]), kept["name"]


def _bring_in(request: Request, content: bytes, name: str) -> dict[str, Any]:
    outcome = actions.bring_in(actor=request.actor, now=request.now, content=content, name=name)
    said = [{"level": level, "text": text} for level, text in map(_said, outcome)]
    keys = [one.imported.statement.pk for one in outcome if one.imported.statement]
    return {"said": said, "keys": keys}


def _said(one: actions.BroughtIn) -> tuple[int, str]:
    name = one.imported.statement_id
    if one.imported.outcome == "known":
        text = _("Statement %(name)s was imported before; nothing was added.")
        return messages.INFO, text % {"name": name}
    if one.imported.outcome == "held":
        text = _("Statement %(name)s is held: look at what was found.")
        return messages.WARNING, text % {"name": name}
    matched = ngettext("%(n)d entry matched", "%(n)d entries matched", one.matched)
    waiting = ngettext("%(n)d waits for you", "%(n)d wait for you", one.waiting)
    text = f"{matched % {'n': one.matched}}, {waiting % {'n': one.waiting}}"
    return messages.SUCCESS, f"{name}: {text}"


def _tried(request: Request, content: bytes, name: str) -> HttpResponseBase:
    outcome = actions.bring_in(
        actor=request.actor, now=request.now, content=content, name=name, is_trial=True
    )
    kept = store.keep(content, name=name, media_type="application/octet-stream", now=request.now)
    mark = {"file": kept.pk, "user": request.actor.user_id, "name": kept.name}
    context = {
        "header": {
            "title": _("What will happen"),
            "subtitle": _("Nothing is imported yet."),
            "trail": [(_("Bank statements"), reverse("cash:list"))],
            "actions": [
                {
                    "label": _("Import and match"),
                    "url": reverse("cash:take_in"),
                    "method": "post",
                    "kind": "primary",
                    "icon": "check",
                    "fields": {"kept": signing.dumps(mark, salt=_SALT)},
                }
            ],
        },
        "tried": [_trial(one) for one in outcome],
    }
    return render(request, "cash/tried.html", context)


def _trial(one: actions.BroughtIn) -> dict[str, Any]:
    rows = [
        {
            "id": line.entry.pk,
            "cells": [
                (line.entry.counterparty or _("unnamed"), parts.words_of(line.entry)),
                (_("pays"), "good") if line.payment else (_("waits"), "warn"),
                ", ".join(line.numbers) or _reason(line.outcome.reason),
                Money(line.entry.amount_minor, line.entry.currency),
            ],
        }
        for line in one.lines
    ]
    return {
        "name": one.imported.statement_id,
        "state": words.STATEMENT_STATES[one.imported.outcome],
        "messages": [in_words(message) for message in one.imported.messages],
        "matched": one.matched,
        "waiting": one.waiting,
        "table": {
            "id": f"trial-{one.imported.statement_id}"[:40].replace(" ", "-"),
            "columns": [
                {"key": "who", "label": _("Entry"), "format": "link"},
                {"key": "what", "label": _("Will"), "format": "badge"},
                {"key": "why", "label": _("What or why"), "format": "text"},
                {"key": "amount", "label": _("Amount"), "format": "money"},
            ],
            "rows": rows,
        },
    }


def _reason(code: str) -> str:
    return str(words.REASONS.get(code, code))
