"""Templates of quotes: kept from one, begun from for an opportunity or a customer, ended."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import QuoteTemplate
from handsel.bid.quote.queries.proposals import get_quote_template, quote_templates
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.copying import asked, to_quote
from handsel.bid.quote.web.terms import dialog_or_page
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import go_to, once_posted


@page("quote.edit")
def keep_template(request: Request, quote_id: int) -> HttpResponseBase:
    """Keep lines and terms under a name."""
    quote = queries.get_quote(request.actor, quote_id)
    if request.method == "POST":

        def effect() -> dict[str, Any]:
            kept = actions.keep_as_template(
                actor=request.actor,
                now=request.now,
                quote_id=quote_id,
                name=parts.posted_text(request, "name"),
            )
            return {"template_id": kept.pk}

        try:
            once_posted(
                request, actor=request.actor, now=request.now, route="quote.keep", effect=effect
            )
        except Invalid as wrong:
            messages.error(request, wrong.message)
            return go_to(request, reverse("quote:record", args=[quote_id]))
        return go_to(request, reverse("quote:templates"))
    field = {"name": "name", "label": _("Name"), "value": quote.title, "required": True}
    return asked(request, quote_id, _("Keep as a template"), [field])


@page("quote.view")
def templates(request: Request) -> HttpResponseBase:
    """What quotes can begin from."""
    rows = quote_templates(request.actor)
    opportunity_id = parts.whole_number(request.GET.get("opportunity", ""))
    deal = queries.get_opportunity(request.actor, opportunity_id) if opportunity_id else None
    context = {
        "header": {
            "title": _("Quote templates"),
            "subtitle": deal.name if deal else "",
            "trail": [(_("Quotes"), reverse("quote:list"))],
        },
        "templates": rows,
        "opportunity_id": opportunity_id,
        "may_edit": request.actor.may("quote.edit"),
        "empty": {
            "title": _("No templates yet"),
            "text": _("Open a quote and choose “Keep as a template”."),
            "icon": "copy",
        },
    }
    return render(request, "quote/templates.html", context)


@page("quote.edit")
def begin(request: Request, template_id: int) -> HttpResponseBase:
    """Begin a quote from a template, for an opportunity or a customer."""
    template = get_quote_template(request.actor, template_id)
    given = request.POST if request.method == "POST" else request.GET
    opportunity_id = parts.whole_number(given.get("opportunity", ""))
    back = reverse("quote:templates") + (f"?opportunity={opportunity_id}" if opportunity_id else "")
    if request.method == "POST":
        made = partial(
            actions.draft_from_template,
            actor=request.actor,
            now=request.now,
            template_id=template_id,
            opportunity_id=opportunity_id,
            organization_id=parts.whole_number(parts.posted_text(request, "organization")),
            title=parts.posted_text(request, "title"),
        )
        return to_quote(request, "quote.begin", made, back)
    context = {
        "title": template.name,
        "fields": _begin_fields(request, template, opportunity_id),
        "submit": _("Draft the quote"),
        "action_url": request.path,
        "back_url": back,
        "back_name": _("Quote templates"),
    }
    return dialog_or_page(request, context)


def _begin_fields(
    request: Request, template: QuoteTemplate, opportunity_id: int | None
) -> list[dict[str, Any]]:
    title = {"name": "title", "label": _("Title"), "value": template.name}
    if opportunity_id is not None:
        deal = queries.get_opportunity(request.actor, opportunity_id)
        customer = deal.organization.name if deal.organization else ""
        return [
            {"name": "opportunity", "type": "hidden", "value": opportunity_id},
            {"name": "for", "label": _("Customer"), "value": customer, "readonly": True},
            {**title, "value": deal.name},
        ]
    choice = party.organization_options()
    nobody = ("", _("Choose a customer"))
    return [
        {
            "name": "organization",
            "label": _("Customer"),
            "type": "select",
            **choice,
            "options": [nobody, *choice["options"]],
            "required": True,
        },
        title,
    ]


@page("quote.edit")
def template_end(request: Request, template_id: int) -> HttpResponseBase:
    """Let no quote begin from it any more."""
    if request.method == "POST":
        actions.end_template(actor=request.actor, now=request.now, template_id=template_id)
    return go_to(request, reverse("quote:templates"))
