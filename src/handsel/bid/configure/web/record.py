"""A configuration's page, and the data its component works with."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from handsel.bid.configure import actions, ports, queries
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.prices import inside
from handsel.bid.configure.web import data
from handsel.bid.configure.web.commands import FOR_QUOTES
from handsel.bid.configure.web.parts import STATES, choice_rows, price_panel
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.naming import shown_name
from handsel.ground.platform.thread import thread_of
from handsel.ground.platform.timeline_view import timeline_of


@page("configure.view")
def record(request: Request, configuration_id: int) -> HttpResponseBase:
    """The component while it is open; what was chosen, once it is complete."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    is_open = configuration.state == "open"
    context: dict[str, Any] = {
        "configuration": configuration,
        "header": _header(request, configuration),
        "is_open": is_open,
        "source": reverse("configure:record", args=[configuration_id]) + "data/",
        "token": get_token(request),
        "around_url": reverse("configure:around", args=[configuration_id])
        if str(configuration_id) in request.session.get(FOR_QUOTES, {})
        else "",
        "timeline": timeline_of(("configuration", configuration_id)),
        "thread": None if is_open else thread_of("configuration", configuration_id, request.actor),
    }
    if not is_open:
        one = data.looked_at(request, configuration, inside(configuration))
        context |= {"groups": choice_rows(one), "price": price_panel(one)}
        places = ports.quoted().places(actor=request.actor, fingerprint=configuration.fingerprint)
        context["quoted"] = places
        context["same"] = [
            {"title": one.title, "url": reverse("configure:record", args=[one.pk])}
            for one in queries.same_product(configuration)[:5]
        ]
    return render(request, "configure/record.html", context)


def _header(request: Request, configuration: Configuration) -> dict[str, Any]:
    may = request.actor.may("configure.edit")
    version = configuration.version
    links = {
        name: reverse(f"configure:{name}", args=[configuration.pk])
        for name in ("copy", "rename", "share", "unshare", "hand_over", "customer")
    }
    no_right = "" if may else _("Your role does not configure.")
    passing = [
        {"label": _("Share by link"), "url": links["share"], "method": "dialog", "icon": "link"},
        {"label": _("Hand over"), "url": links["hand_over"], "method": "dialog", "icon": "users"},
        {
            "label": _("For a customer"),
            "url": links["customer"],
            "method": "dialog",
            "icon": "handshake",
        },
        {"label": _("Rename"), "url": links["rename"], "method": "dialog", "icon": "pencil"},
        {"label": _("Copy"), "url": links["copy"], "method": "post", "icon": "copy"},
        {"label": _("Stop all links"), "url": links["unshare"], "method": "post", "icon": "x"},
    ]
    if version.state == "retired":
        newer = {"label": _("Reopen with the version in use"), "icon": "rotate-ccw"}
        url = reverse("configure:reopen", args=[configuration.pk])
        passing.insert(0, {**newer, "url": url, "method": "dialog"})
    if configuration.state == "complete":
        passing.insert(0, _to_quote(request, configuration))
    return {
        "title": configuration.title,
        "state": STATES[configuration.state],
        "subtitle": _("%(model)s, version %(no)s")
        % {"model": shown_name(version.model.called), "no": version.version_no},
        "trail": [(_("Configurations"), reverse("configure:list"))],
        "meta": _meta(configuration),
        "actions": [{"ok": may, "why_not": no_right, **one} for one in passing],
    }


def _meta(configuration: Configuration) -> list[dict[str, Any]]:
    owner, customer = configuration.owner, configuration.organization
    found = [{"label": _("Owner"), "value": owner.name}] if owner else []
    return [*found, {"label": _("Customer"), "value": customer.name}] if customer else found


def _to_quote(request: Request, configuration: Configuration) -> dict[str, Any]:
    quote_id = request.session.get(FOR_QUOTES, {}).get(str(configuration.pk))
    if quote_id is not None:
        return {
            "label": _("Into the quote"),
            "url": reverse("quote:line_configured", args=[quote_id]),
            "method": "post",
            "fields": {"configuration": configuration.pk},
            "kind": "primary",
            "icon": "arrow-right",
        }
    return {
        "label": _("Into a quote"),
        "ok": request.actor.may("quote.edit"),
        "why_not": _("Your role may not edit quotes"),
        "url": f"{reverse('quote:new')}?configuration={configuration.pk}",
        "method": "get",
        "kind": "primary",
        "icon": "arrow-right",
    }


@page("configure.view")
@data.answering
def state(request: Request, configuration_id: int) -> HttpResponseBase:
    """All of it."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    may = request.actor.may("configure.edit")
    label = pgettext("configurator", "Finish")
    return data.state(
        request, configuration, inside(configuration), may_decide=may, finish_label=label
    )


@page("configure.view")
@data.answering
def why(request: Request, configuration_id: int) -> HttpResponseBase:
    """Why a value cannot be had."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    return data.reason(request, configuration, inside(configuration))


@page("configure.view")
@data.answering
def question(request: Request, configuration_id: int) -> HttpResponseBase:
    """The question worth asking next."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    return data.question(request, configuration, inside(configuration))


@page("configure.view")
@data.answering
def alternatives(request: Request, configuration_id: int) -> HttpResponseBase:
    """Complete proposals."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    return data.alternatives(request, configuration, inside(configuration))


@page("configure.view")
@data.answering
def variants(request: Request, configuration_id: int) -> HttpResponseBase:
    """How many products are left."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    return data.variants(request, configuration, inside(configuration))


@page("configure.edit")
@data.answering
def command(request: Request, configuration_id: int, name: str) -> HttpResponseBase:
    """One of the component's commands."""
    return data.command(request, request.actor, configuration_id, name)


@page("configure.edit")
@data.answering
def finish(request: Request, configuration_id: int) -> HttpResponse:
    """Complete it, and say where to go on."""
    actions.finish_configuration(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        lock_no=data.lock_of(request),
    )
    return JsonResponse({"url": reverse("configure:record", args=[configuration_id])})
