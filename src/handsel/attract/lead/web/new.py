"""Writing down by hand what somebody asked on the phone, at a fair, in a mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.attract.lead import actions
from handsel.attract.lead.rules.inquiry import inquiry, origin
from handsel.attract.lead.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.party.queries import default_seller, sellers_of
from handsel.ground.platform.posted import go_to, once_posted

CHANNELS = ("call", "visit", "mail", "chat")


@page("lead.edit")
def lead_new(request: Request) -> HttpResponseBase:
    """The form, then the lead's page."""
    if request.method != "POST":
        context = {
            "header": {"title": _("New lead"), "trail": [(_("Leads"), reverse("lead:list"))]},
            **_fields(request),
        }
        return render(request, "lead/new.html", context)
    made = once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route="lead:new",
        effect=lambda: _capture(request),
    )
    messages.success(request, _("Lead %(number)s is kept") % made)
    return go_to(request, reverse("lead:record", args=[made["id"]]))


def _capture(request: Request) -> dict[str, Any]:
    values = {name: str(text) for name, text in request.POST.items()}
    chosen = values.get("seller_id", "")
    known = chosen.isdecimal() and len(chosen) < 18
    channel = values.get("channel", "")
    captured = actions.capture_lead(
        actor=request.actor,
        now=request.now,
        seller_id=int(chosen) if known else default_seller(request.actor).pk,
        inquiry=inquiry(values),
        origin=origin(values),
        circumstances=actions.Circumstances(
            channel=channel if channel in CHANNELS else "call",
            owner_id=request.actor.user_id,
            taken_live=channel != "mail",
        ),
    )
    return {"id": captured.lead.pk, "number": captured.lead.number}


def _fields(request: Request) -> dict[str, Any]:
    channels = [(name, words.CHANNELS[name]) for name in CHANNELS]
    sellers = [(seller.pk, seller.name) for seller in sellers_of(request.actor)]
    how = {
        "name": "channel",
        "label": _("How did they ask?"),
        "type": "select",
        "required": True,
        "options": channels,
        "help": _("You spoke with them, so the response clock stops at once; a mail waits."),
    }
    seller = {
        "name": "seller_id",
        "label": _("For"),
        "type": "select",
        "required": True,
        "options": sellers,
    }
    return {
        "first": [how, seller] if len(sellers) > 1 else [how],
        "who": [
            {"name": "person_name", "label": _("Name"), "autofocus": True},
            {"name": "company_name", "label": _("Company")},
            {"name": "email", "label": _("Mail"), "type": "email"},
            {"name": "phone", "label": _("Phone"), "type": "tel"},
            {"name": "country", "label": _("Country"), "help": _("Two letters, such as DE")},
            {"name": "source", "label": _("Source"), "help": _("fair, referral, …")},
        ],
        "what": [
            {"name": "interest", "label": _("Interested in")},
            {"name": "message", "label": _("What did they ask?"), "type": "textarea"},
        ],
    }
