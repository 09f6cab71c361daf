"""Proposal templates: listed, written with a preview, published; chosen for a quote. Guidance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import StaleEdit
from handsel.bid.quote.models import ProposalTemplate
from handsel.bid.quote.queries.guidance import guidance_for
from handsel.bid.quote.queries.proposals import (
    choice_of,
    get_proposal,
    listed_proposals,
    published_proposals,
)
from handsel.bid.quote.rules.guidance import Likeness, Mark
from handsel.bid.quote.rules.proposal.names import BLOCKS, COLLECTIONS, LANGUAGES, NAMES
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.document.documents import MEDIA_TYPE
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.platform.posted import file_response, go_to, once_posted

STARTER = """{block cover}
{lang en}# Our offer
Dear {buyer.contact},
thank you for your inquiry. This is what we offer.{end}{lang de}# Unser Angebot
Guten Tag {buyer.contact},
vielen Dank für Ihre Anfrage. Das bieten wir Ihnen an.{end}

{quote.intro}

{block lines}
{block totals}
{if has_options}{block options}{end}
{if has_pictures}{block pictures}{end}
{block terms}
{block signature}
{block waterfall}
"""
MOST_QUOTES = 30
PUBLISH = "quote.publish_proposals"


def _states() -> dict[str, tuple[str, str]]:
    return {
        "draft": (_("Draft"), "neutral"),
        "published": (_("Published"), "good"),
        "retired": (_("Replaced"), "ended"),
    }


@page("quote.view")
def proposal_list(request: Request) -> HttpResponseBase:
    """All templates with their versions."""
    states = _states()
    context = {
        "header": {
            "title": _("Proposal templates"),
            "trail": [(_("Quotes"), reverse("quote:list"))],
            "actions": [
                {
                    "label": _("New template"),
                    "url": reverse("quote:proposal_new"),
                    "kind": "primary",
                    "icon": "plus",
                    "ok": request.actor.may("quote.edit"),
                    "why_not": _("Your role may not do this"),
                }
            ],
        },
        "proposals": [
            {"row": row, "state": states[row.state]} for row in listed_proposals(request.actor)
        ],
        "empty": {
            "title": _("Every quote goes out as the standard document"),
            "text": _("Write a template for letters and proposals of your own."),
            "icon": "file-text",
        },
    }
    return render(request, "quote/proposals.html", context)


@page("quote.edit")
def proposal_new(request: Request) -> HttpResponseBase:
    """Write a new template."""
    return _edit(request, None)


@page("quote.edit")
def proposal_edit(request: Request, template_id: int) -> HttpResponseBase:
    """Change a template: a draft in place, a published one as a new draft."""
    return _edit(request, get_proposal(request.actor, template_id))


def _edit(request: Request, template: ProposalTemplate | None) -> HttpResponseBase:
    refused: HandselError | None = None
    if request.method == "POST":
        try:
            saved = _save(request, template)
        except (Invalid, StaleEdit) as wrong:
            refused = wrong
        else:
            messages.success(request, _("The template is saved."))
            return go_to(request, reverse("quote:proposal", args=[saved]))
    given = request.POST if request.method == "POST" else {}
    context = {
        "header": {
            "title": template.name if template else _("New template"),
            "trail": [(_("Proposal templates"), reverse("quote:proposals"))],
            "state": _states()[template.state] if template else None,
        },
        "template": template,
        "may_publish": request.actor.may(PUBLISH),
        "notice": {"text": refused.message, "kind": "bad"} if refused else None,
        "fields": [
            {
                "name": "name",
                "label": _("Name"),
                "value": given.get("name", template.name if template else ""),
                "required": True,
            },
            {
                "name": "body",
                "label": _("Text"),
                "type": "textarea",
                "rows": 22,
                "value": given.get("body", template.body if template else STARTER),
                "error": refused.message if refused else "",
                "required": True,
            },
        ],
        "action_url": request.path,
        "quotes": list(queries.listed(request.actor, queries.ListFilter())[:MOST_QUOTES]),
        "languages": LANGUAGES,
        "names": NAMES,
        "blocks": BLOCKS,
        "collections": [(key, member, names) for key, (member, names) in COLLECTIONS.items()],
    }
    status = refused.http_status if refused else 200
    return render(request, "quote/proposal_edit.html", context, status=status)


def _save(request: Request, template: ProposalTemplate | None) -> int:
    def effect() -> dict[str, Any]:
        saved = actions.write_proposal(
            actor=request.actor,
            now=request.now,
            name=parts.posted_text(request, "name"),
            body=parts.posted_text(request, "body"),
            template_id=template.pk if template else None,
            lock_no=parts.whole_number(parts.posted_text(request, "lock_no")),
        )
        return {"id": saved.pk}

    done = once_posted(
        request, actor=request.actor, now=request.now, route="quote.proposal", effect=effect
    )
    return int(done["id"])


@page(PUBLISH)
def proposal_publish(request: Request, template_id: int) -> HttpResponseBase:
    """Let quotes go out with it."""
    if request.method == "POST":
        try:
            actions.publish_proposal(actor=request.actor, now=request.now, template_id=template_id)
        except Invalid as wrong:
            messages.error(request, wrong.message)
    return go_to(request, reverse("quote:proposal", args=[template_id]))


@page("quote.view")
def proposal_preview(request: Request, template_id: int) -> HttpResponseBase:
    """A template on a quote, as PDF."""
    template = get_proposal(request.actor, template_id)
    language = parts.asked_text(request, "language")
    pdf = actions.preview_proposal(
        actor=request.actor,
        now=request.now,
        body=template.body,
        quote_id=parts.whole_number(request.GET.get("quote", "")) or 0,
        language=language if language in LANGUAGES else "",
    )
    return file_response(pdf, name="preview.pdf", media_type=MEDIA_TYPE, inline=True)


@page("quote.edit")
def choose(request: Request, quote_id: int) -> HttpResponseBase:
    """Choose what a draft goes out as."""
    version = queries.get_version(request.actor, quote_id)
    back = reverse("quote:record", args=[quote_id])
    if request.method == "POST":
        try:
            actions.choose_proposal(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                template_id=parts.whole_number(parts.posted_text(request, "template")),
                with_waterfall=parts.posted_text(request, "waterfall") == "1",
                lock_no=parts.whole_number(parts.posted_text(request, "lock_no")),
            )
        except HandselError as refused:
            messages.error(request, refused.message)
        return go_to(request, back)
    chosen = choice_of(version.pk)
    published = published_proposals(request.actor, version.quote.seller_id)
    context = {
        "title": _("What it goes out as"),
        "fields": [
            {
                "name": "template",
                "label": _("Document"),
                "type": "select",
                "options": [
                    ("", _("Standard document")),
                    *((str(one.pk), one.name) for one in published),
                ],
                "value": str(chosen.template_id) if chosen else "",
            },
            {
                "name": "waterfall",
                "label": _("How prices come about"),
                "type": "select",
                "options": [("", _("Not shown")), ("1", _("Shown as an appendix"))],
                "value": "1" if chosen and chosen.with_waterfall else "",
            },
        ],
        "lock_no": version.lock_no,
        "action_url": request.path,
        "submit": _("Save"),
        "back_url": back,
    }
    return dialog_or_page(request, context)


@page("quote.view")
def guidance(request: Request, quote_id: int) -> HttpResponseBase:
    """What quotes like this one say: a part of the draft's page."""
    version = queries.get_version(request.actor, quote_id)
    found = guidance_for(request.actor, quote_id, now=request.now)
    currency = version.quote.currency
    marks = [
        (_("Stretch"), found.stretch, _("a quarter of the won deals gave no more")),
        (_("Target"), found.target, _("half of the won deals gave no more")),
        (_("Floor"), found.floor, _("three quarters of the won deals gave no more")),
    ]
    context = {
        "found": found,
        "marks": [_mark(label, mark, why, currency) for label, mark, why in marks if mark],
        "similar": [_similar(one) for one in found.similar],
    }
    return render(request, "quote/guidance.html", context)


def _mark(label: str, mark: Mark, why: str, currency: str) -> dict[str, Any]:
    net = Money(mark.net_minor, currency)
    return {"label": label, "bps": mark.discount_bps, "net": net, "why": why}


def _similar(one: Likeness) -> dict[str, Any]:
    deal = one.deal
    won = deal.outcome == "won"
    return {
        "number": deal.number,
        "url": reverse("quote:record", args=[deal.quote_id]),
        "customer": deal.customer,
        "badge": (_("Won"), "good") if won else (_("Lost"), "bad"),
        "net": Money(deal.net_minor, deal.currency),
        "bps": deal.discount_bps,
        "score": one.score,
        "why": _(
            "products %(groups)s/40 · size %(size)s/30 · "
            "segment %(segment)s/20 · customer %(customer)s/10"
        )
        % {
            "groups": one.groups,
            "size": one.size,
            "segment": one.segment,
            "customer": one.customer,
        },
    }
