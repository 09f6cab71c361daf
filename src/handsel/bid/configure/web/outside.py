"""The configurator for whoever holds a link: a buyer, a dealer, a page of another site.

The token in the address is the permission and nothing else is: no cookie is asked for, so other
sites may embed the component and ask its data.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from handsel.bid.configure import actions, queries
from handsel.bid.configure.web import data
from handsel.bid.configure.web.parts import choice_rows, price_panel
from handsel.ground.identity.access import Request, public_page
from handsel.ground.identity.grants import LinkUnusable
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party.models import Seller

View = Callable[..., HttpResponseBase]


def _by_link(view: View) -> View:
    @functools.wraps(view)
    def guarded(request: Request, token: str, **more: Any) -> HttpResponseBase:
        response = view(request, token, **more)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    view_of_link: Any = guarded  # the mark expects the room's plainer kind of view
    marked = public_page("whoever holds the link may see the configuration")(view_of_link)
    exempt: View = csrf_exempt(marked)
    return exempt


def _embeddable(view: View) -> View:
    """Data that a component on another site may ask for: the token says who may."""

    @functools.wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.method == "OPTIONS"
        response = HttpResponse(status=204) if asked else view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Headers"] = "Content-Type, X-CSRFToken"
        response["Access-Control-Allow-Methods"] = "GET, POST"
        return response

    return guarded


def _open_to_all(why: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view_of_all: Any = view
        marked: View = csrf_exempt(public_page(why)(view_of_all))
        return marked

    return mark


@_open_to_all("a product its seller opened to everybody")
def welcome(request: Request, key: str) -> HttpResponseBase:
    """Begin to configure without an account; the link one gets is one's own."""
    model = queries.public_model(key)
    if request.method != "POST":
        seller = Seller.objects.order_by("pk").first()
        context = {"model": model, "seller_name": seller.name if seller else "Handsel"}
        return render(request, "configure/welcome.html", context)
    token = actions.begin_as_visitor(now=request.now, key=key)
    return HttpResponseRedirect(reverse("configure_public:shared", args=[token]))


@_by_link
def page(request: Request, token: str) -> HttpResponseBase:
    """The component, full page."""
    try:
        actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    except LinkUnusable as gone:
        lost = {"seller_name": "Handsel", "reason": gone.message}
        return render(request, "configure/gone.html", lost, status=404)
    context: dict[str, Any] = {
        "configuration": configuration,
        "seller_name": configuration.seller.name,
        "source": reverse("configure_public:shared", args=[token]) + "data/",
        "who": actor.label,
        "is_open": configuration.state == "open",
    }
    if configuration.state == "complete":
        one = data.looked_at(request, configuration, prices)
        context |= {"groups": choice_rows(one), "price": price_panel(one)}
    return render(request, "configure/shared.html", context)


@_by_link
@_embeddable
@data.answering
def state(request: Request, token: str) -> HttpResponseBase:
    """All of it."""
    actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    may = actor.may("configure.decide")
    return data.state(request, configuration, prices, may_decide=may, finish_label=_("Done"))


@_by_link
@_embeddable
@data.answering
def why(request: Request, token: str) -> HttpResponseBase:
    """Why a value cannot be had."""
    _actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    return data.reason(request, configuration, prices)


@_by_link
@_embeddable
@data.answering
def question(request: Request, token: str) -> HttpResponseBase:
    """The question worth asking next."""
    _actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    return data.question(request, configuration, prices)


@_by_link
@_embeddable
@data.answering
def alternatives(request: Request, token: str) -> HttpResponseBase:
    """Complete proposals."""
    _actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    return data.alternatives(request, configuration, prices)


@_by_link
@_embeddable
@data.answering
def variants(request: Request, token: str) -> HttpResponseBase:
    """How many products are left."""
    _actor, configuration, prices = actions.open_shared(now=request.now, token=token)
    return data.variants(request, configuration, prices)


@_by_link
@_embeddable
@data.answering
def finish(request: Request, token: str) -> HttpResponseBase:
    """Complete it: the house sees what was put together, and nothing of it changes any more."""
    if request.method != "POST":
        raise Invalid("This is done by POST.", code="method")
    actor, configuration, _prices = actions.open_shared(now=request.now, token=token, verb="decide")
    actions.finish_configuration(
        actor=actor,
        now=request.now,
        configuration_id=configuration.pk,
        lock_no=data.lock_of(request),
    )
    return JsonResponse({"url": reverse("configure_public:shared", args=[token])})


@_by_link
@_embeddable
@data.answering
def command(request: Request, token: str, name: str) -> HttpResponseBase:
    """One of the component's commands, where the link allows deciding."""
    actor, configuration, prices = actions.open_shared(now=request.now, token=token, verb="decide")
    return data.command(request, actor, configuration.pk, name, prices)
