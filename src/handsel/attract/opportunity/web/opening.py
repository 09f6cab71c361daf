"""Opening a deal by hand, and making one of a lead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.attract.lead import queries as lead_queries
from handsel.attract.lead.models import Lead
from handsel.attract.opportunity import actions, queries
from handsel.attract.opportunity.web import fields
from handsel.ground.identity.access import Request, page
from handsel.ground.party.models import Organization, Person
from handsel.ground.party.queries import default_seller, search_organizations
from handsel.ground.platform.posted import go_to, once_posted

NEW = "new"


@page("opportunity.edit")
def new(request: Request) -> HttpResponseBase:
    """The form, then the deal's page."""
    if request.method != "POST":
        return render(request, "opportunity/new.html", _new_page(request))
    values = request.POST

    def effect() -> dict[str, Any]:
        seller = default_seller(request.actor)
        worth = fields.amount(
            values.get("amount", ""), values.get("currency", "") or seller.currency
        )
        deal = actions.open_opportunity(
            actor=request.actor,
            now=request.now,
            seller_id=seller.pk,
            name=values.get("name", ""),
            amount=worth,
            organization_id=fields.key_or_none(values.get("organization_id", "")),
            owner_id=fields.key_or_none(values.get("owner_id", "")),
            expected_close_on=fields.day_or_none(values.get("expected_close_on", "")),
        )
        return {"id": deal.pk}

    return _made(request, "opportunity:new", effect)


def _made(request: Request, route: str, effect: Any) -> HttpResponseBase:
    made = once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, _("The opportunity is open"))
    return go_to(request, reverse("opportunity:record", args=[made["id"]]))


def _new_page(request: Request) -> dict[str, Any]:
    seller = default_seller(request.actor)
    chosen = fields.key_or_none(request.GET.get("organization", ""))
    return {
        "header": {
            "title": _("New opportunity"),
            "trail": [(_("Opportunities"), reverse("opportunity:list"))],
        },
        "what": [{"name": "name", "label": _("What is it about?"), "required": True}],
        "who": [
            {
                "name": "organization_id",
                "label": _("Customer"),
                "type": "select",
                "empty": _("None yet"),
                **fields.customers(chosen),
                "value": chosen or "",
            },
            fields.owner_field(request, request.actor.user_id),
        ],
        "worth": _worth(seller.currency),
    }


def _worth(currency: str) -> list[dict[str, Any]]:
    return [
        {"name": "amount", "label": _("Amount"), "type": "money"},
        fields.currency_field(currency),
        {"name": "expected_close_on", "label": _("Expected to close"), "type": "date"},
    ]


@page("opportunity.edit")
def convert_lead(request: Request, lead_id: int) -> HttpResponseBase:
    """Whom the lead becomes, and what the deal is; then the deal's page."""
    lead = lead_queries.get_lead(request.actor, lead_id)
    if request.method != "POST":
        present = queries.of_lead(request.actor, lead_id)
        if present is not None:
            return go_to(request, reverse("opportunity:record", args=[present.pk]))
        return render(request, "opportunity/convert.html", _convert_page(request, lead))

    def effect() -> dict[str, Any]:
        return {"id": _convert(request, lead).pk}

    return _made(request, f"opportunity:convert:{lead_id}", effect)


def _convert(request: Request, lead: Lead) -> Any:
    values = request.POST
    currency = values.get("currency", "") or lead.seller.currency
    worth = values.get("amount", "").strip()
    return actions.convert_lead(
        actor=request.actor,
        now=request.now,
        lead_id=lead.pk,
        parties=actions.Parties(
            organization_id=_known(values.get("organization", "")),
            organization_name=_name(values, "organization"),
            country=values.get("country", "").strip().upper()[:2],
            person_id=_known(values.get("person", "")),
            person_name=_name(values, "person"),
        ),
        name=values.get("name", ""),
        amount=fields.amount(worth, currency) if worth else None,
        expected_close_on=fields.day_or_none(values.get("expected_close_on", "")),
        owner_id=fields.key_or_none(values.get("owner_id", "")),
    )


def _known(choice: str) -> int | None:
    return None if choice in ("", NEW) else fields.key(choice)


def _name(values: Any, what: str) -> str:
    """The name of a new one, where a new one was chosen."""
    return str(values.get(f"{what}_name", "")) if values.get(what) == NEW else ""


def _convert_page(request: Request, lead: Lead) -> dict[str, Any]:
    proposals = [row for row in lead_queries.recognitions(lead) if row.state != "distinct"]
    people = _distinct(row.person for row in proposals)
    companies = _distinct(row.organization for row in proposals)
    wanted = request.GET.get("find", "").replace("\x00", "").strip()[:100]
    if wanted:
        companies = _distinct([*companies, *search_organizations(wanted, limit=10)])
    sure = any(row.kind != "company_name" and row.organization_id for row in proposals)
    return {
        "lead": lead,
        "header": {
            "title": _("Convert %(name)s") % {"name": lead.person_name or lead.number},
            "trail": [(lead.number, reverse("lead:record", args=[lead.pk]))],
        },
        "find": wanted,
        "companies": companies,
        "company": str(lead.organization_id or (companies[0].pk if sure else NEW)),
        "people": people,
        "person": str(lead.person_id or (people[0].pk if people else NEW)),
        "undecided": any(
            row.state == "proposed" and row.kind != "earlier_lead" for row in proposals
        ),
        "new_company": {
            "name": "organization_name",
            "label": _("Name"),
            "value": lead.company_name or lead.person_name,
        },
        "new_country": {
            "name": "country",
            "label": _("Country"),
            "value": lead.country or lead.seller.country,
        },
        "new_person": {"name": "person_name", "label": _("Name"), "value": lead.person_name},
        "deal": [
            {"name": "name", "label": _("Name of the deal"), "value": lead.interest,
             "help": _("Empty: named after the customer")},
            *_worth(lead.seller.currency),
            fields.owner_field(request, lead.owner_id or request.actor.user_id),
        ],
    }  # fmt: skip


def _distinct(rows: Any) -> list[Any]:
    found: dict[int, Organization | Person] = {row.pk: row for row in rows if row is not None}
    return list(found.values())
