"""Pages of organizations and their persons."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _

from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.party import actions, queries
from handsel.ground.party.forms import (
    ADDRESS_FIELDS,
    ORGANIZATION_FIELDS,
    fields_of,
    organization_facts,
)
from handsel.ground.party.models import Address, Organization, OrganizationDomain
from handsel.ground.platform.posted import once_posted
from handsel.ground.platform.timeline_view import timeline_of

PAGE_SIZE = 50
MOST_FOUND = 50


@page("party.view")
def organization_list(request: Request) -> HttpResponseBase:
    """Everybody we know, by name."""
    text = request.GET.get("q", "")
    start = _start(request.GET.get("from", ""))
    rows = queries.list_organizations(text=text, start=start, size=PAGE_SIZE + 1)
    table = {
        "id": "organizations",
        "caption": _("Organizations"),
        "columns": [
            {"key": "name", "label": _("Name"), "format": "link"},
            {"key": "kind", "label": _("Kind"), "format": "badge"},
            {"key": "country", "label": _("Country"), "phone": False},
            {"key": "segment", "label": _("Segment"), "phone": False},
            {"key": "currency", "label": _("Currency"), "phone": False},
        ],
        "rows": [_row(one) for one in rows[:PAGE_SIZE]],
        "search": text,
        "search_label": _("Search by name or number"),
        "shown": f"{start + 1}–{start + len(rows[:PAGE_SIZE])}" if rows else "",
        "previous_url": _from(request, max(0, start - PAGE_SIZE)) if start else "",
        "next_url": _from(request, start + PAGE_SIZE) if len(rows) > PAGE_SIZE else "",
        "empty": {"title": _("No organizations"), "text": _("Leads that convert appear here.")},
    }
    new = {
        "label": _("New organization"),
        "url": reverse("party:new"),
        "method": "get",
        "kind": "primary",
        "ok": request.actor.may("party.edit"),
        "why_not": _("Your role may not change organizations"),
    }
    header = {"title": _("Organizations"), "actions": [new]}
    return render(request, "party/list.html", {"header": header, "table": table})


def _row(one: Organization) -> dict[str, Any]:
    kind = (_("Customer"), "good") if one.is_customer else (_("Prospect"), "neutral")
    return {
        "id": one.pk,
        "url": reverse("party:record", args=[one.pk]),
        "cells": [(one.name, one.number), kind, one.country, one.segment, one.currency],
    }


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _from(request: Request, start: int) -> str:
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"


@page("party.view")
def organization_record(request: Request, organization_id: int) -> HttpResponseBase:
    """One organization: facts, people, addresses, what happened."""
    one = queries.get_organization(organization_id)
    edit = {
        "label": _("Edit"),
        "url": reverse("party:edit", args=[one.pk]),
        "method": "get",
        "kind": "primary",
        "ok": request.actor.may("party.edit"),
        "why_not": _("Your role may not change organizations"),
    }
    return render(
        request,
        "party/record.html",
        {
            "header": {
                "title": one.name,
                "number": one.number,
                "state": _row(one)["cells"][1],
                "trail": [(_("Organizations"), reverse("party:list"))],
                "actions": [edit, *_onward(request, one.pk)],
            },
            "organization": one,
            "facts": _facts(one),
            "people": _people(request, one),
            "addresses": Address.objects.filter(organization=one).order_by("kind", "pk"),
            "address_fields": fields_of(ADDRESS_FIELDS, {"country": one.country}, {}),
            "timeline": timeline_of(("organization", one.pk)),
            "may_edit": request.actor.may("party.edit"),
        },
    )


def _onward(request: Request, organization_id: int) -> list[dict[str, Any]]:
    """What later rooms know of the organization; the way there is its address."""
    if not request.actor.may("price.view"):
        return []
    try:
        agreed = reverse("price:agreed_with", args=[organization_id])
    except NoReverseMatch:
        return []
    return [{"label": _("Agreed prices"), "url": agreed, "icon": "handshake"}]


def _facts(one: Organization) -> list[dict[str, Any]]:
    limit = one.credit_limit_minor
    domains = OrganizationDomain.objects.filter(organization=one).values_list("domain", flat=True)
    facts: list[dict[str, Any]] = [
        {"label": _("Legal name"), "value": one.legal_name},
        {"label": _("Country"), "value": one.country},
        {"label": _("VAT id"), "value": one.vat_id},
        {"label": _("Days to pay"), "value": one.payment_days, "format": "number"},
        {
            "label": _("Credit limit"),
            "value": _("none") if limit is None else Money(limit, one.currency),
            "format": "text" if limit is None else "money",
        },
        {"label": _("Price segment"), "value": one.price_segment},
        {"label": _("Partner tier"), "value": one.partner_tier},
        {"label": _("Electronic invoice address"), "value": one.electronic_address},
        {"label": _("Mail domains"), "value": ", ".join(domains)},
        {"label": _("Website"), "value": one.website},
    ]
    return [fact for fact in facts if fact["value"] not in ("", None)]


def _people(request: Request, one: Organization) -> list[dict[str, str]]:
    return [
        {
            "name": person.name,
            "email": queries.contact_point(kind="email", person_id=person.pk),
            "phone": queries.contact_point(kind="phone", person_id=person.pk),
        }
        for person in queries.persons_of(one.pk, on=request.now.date())
    ]


@page("party.edit")
def organization_new(request: Request) -> HttpResponseBase:
    """A new organization."""
    return _form(request, None)


@page("party.edit")
def organization_edit(request: Request, organization_id: int) -> HttpResponseBase:
    """Change an organization's facts."""
    return _form(request, queries.get_organization(organization_id))


def _form(request: Request, one: Organization | None) -> HttpResponseBase:
    values: dict[str, Any] = dict(request.POST.items()) if request.POST else _values(one)
    errors: dict[str, str] = {}
    message = ""
    if request.method == "POST":
        try:
            key = once_posted(
                request,
                actor=request.actor,
                now=request.now,
                route=f"party.save.{one.pk if one else 'new'}",
                effect=lambda: {"id": _save(request, one)},
            )["id"]
            return HttpResponseRedirect(reverse("party:record", args=[key]))
        except HandselError as failure:
            message = str(failure)
            errors = failure.fields if isinstance(failure, Invalid) else {}
    title = _("Edit %(name)s") % {"name": one.name} if one else _("New organization")
    context = {
        "header": {"title": title, "trail": [(_("Organizations"), reverse("party:list"))]},
        "fields": fields_of(_fields_for(request), values, errors),
        "message": message,
        "back_url": reverse("party:record", args=[one.pk]) if one else reverse("party:list"),
    }
    return render(request, "party/form.html", context, status=422 if message else 200)


def _fields_for(request: Request) -> tuple[tuple[str, Any, bool], ...]:
    """The facts this person may change: what makes prices needs the right to edit them."""
    may_price = request.actor.may("price.edit")
    return tuple(one for one in ORGANIZATION_FIELDS if may_price or one[0] != "partner_tier")


def _values(one: Organization | None) -> dict[str, Any]:
    if one is None:
        return {"country": "DE", "currency": "EUR", "language": "de", "payment_days": "30"}
    values = {name: getattr(one, name, "") for name, _l, _r in ORGANIZATION_FIELDS}
    limit = one.credit_limit_minor
    values["credit_limit"] = "" if limit is None else Money(limit, one.currency).text()
    return values


def _save(request: Request, one: Organization | None) -> int:
    facts = organization_facts(request.POST.dict())
    if not request.actor.may("price.edit"):
        del facts["partner_tier"]  # it was no field of his form
    if one is not None:
        actions.revise_organization(
            actor=request.actor, now=request.now, organization_id=one.pk, facts=facts
        )
        return one.pk
    return actions.create_organization(actor=request.actor, now=request.now, **facts).pk


@page("party.edit")
def person_add(request: Request, organization_id: int) -> HttpResponseBase:
    """Add a person to an organization."""
    one = queries.get_organization(organization_id)
    once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route=f"party.person.{one.pk}",
        effect=lambda: {
            "id": actions.create_person(
                actor=request.actor,
                now=request.now,
                name=request.POST.get("name", ""),
                email=request.POST.get("email", ""),
                phone=request.POST.get("phone", ""),
                role=request.POST.get("role", ""),
                country=one.country,
                language=one.language,
                organization_id=one.pk,
            ).pk
        },
    )
    return HttpResponseRedirect(reverse("party:record", args=[one.pk]))


@page("party.edit")
def address_add(request: Request, organization_id: int) -> HttpResponseBase:
    """Add an address to an organization."""
    one = queries.get_organization(organization_id)
    kind = "shipping" if request.POST.get("kind") == "shipping" else "billing"
    posted = {name: request.POST.get(name, "").strip() for name, _l, _r in ADDRESS_FIELDS}
    once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route=f"party.address.{one.pk}",
        effect=lambda: {
            "id": actions.add_address(
                actor=request.actor, now=request.now, organization_id=one.pk, kind=kind, **posted
            ).pk
        },
    )
    return HttpResponseRedirect(reverse("party:record", args=[one.pk]))


@page("party.view")
def organization_options(request: Request) -> HttpResponseBase:
    """What a choice of organizations shows for the words typed above it; the first one is taken."""
    name = next((name for name in request.GET if name.endswith("_find")), "")
    text = request.GET.get(name, "")[:200].replace("\0", "")
    found = queries.organization_options(text=text, limit=MOST_FOUND)
    return render(request, "party/options.html", {**found, "text": text})


urlpatterns = [
    path("", organization_list, name="list"),
    path("new/", organization_new, name="new"),
    path("options/", organization_options, name="options"),
    path("<int:organization_id>/", organization_record, name="record"),
    path("<int:organization_id>/edit/", organization_edit, name="edit"),
    path("<int:organization_id>/person/", person_add, name="person_add"),
    path("<int:organization_id>/address/", address_add, name="address_add"),
]
