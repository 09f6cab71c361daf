"""The buyer's page: one link, no account, made for a phone.

The token in the address is the permission, and nothing else is: no cookie is asked for, so a
request that another site makes a browser send carries no right of its own. That is why these
views do without the token against forged requests.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import Signature
from handsel.bid.quote.errors import (
    AlreadyAccepted,
    ChoiceNotPriced,
    DoesNotFit,
    OfferChanged,
    QuoteExpiredRefusal,
    QuoteNotFound,
    QuoteState,
)
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.rules.visitors import looks_human
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.offer_lines import SET, with_later_periods
from handsel.bid.quote.web.offer_page import (
    buyers_view,
    in_words,
    offer_page,
    offer_parts,
    speaking,
)
from handsel.ground.document.documents import MEDIA_TYPE
from handsel.ground.identity.access import Request, public_page
from handsel.ground.identity.grants import LinkUnusable
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.posted import file_response
from handsel.ground.platform.reach import as_customer

View = Callable[..., HttpResponseBase]


def buyers_page(view: View) -> View:
    """What all pages behind a link share: never kept, never indexed, never told to others."""

    @functools.wraps(view)
    def guarded(request: Request, token: str, **more: Any) -> HttpResponseBase:
        try:
            response = view(request, token, **more)
        except (LinkUnusable, QuoteNotFound) as gone:
            context = {"seller_name": "Handsel", "reason": gone.message}
            response = render(request, "quote/offer_gone.html", context, status=404)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    view_of_buyers: Any = guarded  # the mark expects the room's plainer kind of view
    marked = public_page("whoever holds the link may see and answer the offer")(view_of_buyers)
    # The marks that the start-up check reads must survive the exemption.
    exempt: View = csrf_exempt(marked)
    return exempt


def _open(request: Request, token: str, verb: str) -> tuple[Actor, Quote, QuoteVersion]:
    actor, quote = actions.open_quote(now=request.now, token=token, verb=verb)
    with as_customer(quote.organization_id):
        version = queries.shown_version(quote.pk)
    if version is None:
        raise QuoteNotFound("there is no offer to be seen yet")
    version.quote = quote
    return actor, quote, version


@buyers_page
def offer(request: Request, token: str) -> HttpResponseBase:
    """The newest version that was presented."""
    actor, _quote, version = _open(request, token, "view")
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")
    if looks_human(method=request.method or "", user_agent=agent, purpose=purpose):
        actions.record_quote_opened(now=request.now, token=token)
    return offer_page(request, token, actor, version)


@buyers_page
def choice(request: Request, token: str) -> HttpResponseBase:
    """The offer with other options: totals by the server, and the hash of what is shown now."""
    actor, _quote, version = _open(request, token, "choose")
    chosen = _chosen(request, version)
    if not request.headers.get("HX-Request"):
        return offer_page(request, token, actor, version, chosen=chosen)
    with speaking(version):
        try:
            actions.require_choice_fits(version, chosen, now=request.now)
            shown = buyers_view(version, chosen)
        except (ChoiceNotPriced, DoesNotFit) as refused:
            shown = buyers_view(version, None)
            context = {**offer_parts(token, shown), "choice_refused": in_words(refused)}
            return render(request, "quote/offer_choice.html", context)
        return render(request, "quote/offer_choice.html", offer_parts(token, shown))


@buyers_page
def accept(request: Request, token: str) -> HttpResponseBase:
    """Accept exactly what the page showed."""
    actor, quote, version = _open(request, token, "accept")
    if request.method != "POST":
        return HttpResponseRedirect(reverse("quote_public:offer", args=[token]))
    typed = {name: parts.posted_text(request, name) for name in ("name", "email", "purchase_order")}
    errors: dict[str, str] = {}
    with speaking(version):
        if "agree" not in request.POST:
            errors["agree"] = _("Tick this box to accept.")
    try:
        if errors:
            raise Invalid(errors["agree"], fields=errors)
        actions.accept_quote(
            now=request.now,
            token=token,
            content_hash=parts.posted_text(request, "content_hash"),
            signature=Signature(
                **typed,
                ip_address=request.META.get("REMOTE_ADDR") or None,
                user_agent=request.headers.get("User-Agent", ""),
            ),
            chosen=_chosen(request, version),
        )
    except OfferChanged:
        return _changed(request, token, quote, version)
    except (
        QuoteExpiredRefusal,
        QuoteState,
        AlreadyAccepted,
        ChoiceNotPriced,
        DoesNotFit,
    ) as refused:
        _actor, _quote, version = _open(request, token, "view")
        return offer_page(request, token, actor, version, refused=refused, status=409)
    except Invalid as wrong:
        return offer_page(
            request,
            token,
            actor,
            version,
            chosen=_chosen(request, version),
            typed=typed,
            errors=wrong.fields,
            status=422,
        )
    return HttpResponse(
        status=303, headers={"Location": reverse("quote_public:offer", args=[token])}
    )


def _changed(request: Request, token: str, quote: Quote, version: QuoteVersion) -> HttpResponseBase:
    with speaking(version):
        context = {
            "seller_name": quote.seller.name,
            "quote": quote,
            "is_ready": version.state == "presented",
            "newest_url": reverse("quote_public:offer", args=[token]),
        }
        return render(request, "quote/offer_changed.html", context, status=409)


@buyers_page
def decline(request: Request, token: str) -> HttpResponseBase:
    """The buyer says no."""
    if request.method == "POST":
        reason = parts.posted_text(request, "reason")
        try:
            actions.decline_quote(now=request.now, token=token, reason=reason)
        except QuoteState as refused:
            actor, _quote, version = _open(request, token, "view")
            return offer_page(request, token, actor, version, refused=refused, status=409)
    return HttpResponse(
        status=303, headers={"Location": reverse("quote_public:offer", args=[token])}
    )


@buyers_page
def ask(request: Request, token: str) -> HttpResponseBase:
    """The buyer asks a question."""
    if request.method == "POST":
        typed = {name: parts.posted_text(request, name) for name in ("asker", "question")}
        try:
            actions.ask_question(
                now=request.now, token=token, name=typed["asker"], body=typed["question"]
            )
        except Invalid as wrong:
            actor, _quote, version = _open(request, token, "view")
            errors = {"question": wrong.message}
            return offer_page(
                request, token, actor, version, typed=typed, errors=errors, status=422
            )
    return HttpResponse(
        status=303, headers={"Location": reverse("quote_public:offer", args=[token]) + "#talk"}
    )


@buyers_page
def pdf(request: Request, token: str) -> HttpResponseBase:
    """The document of the offer that is shown."""
    actor, quote, version = _open(request, token, "view")
    if version.document_id is None:  # the job comes to it later
        version = actions.write_offer(actor=actor, now=request.now, version_id=version.pk)
    return _file(version.document_id, f"{quote.number}-{version.version_no}.pdf")


@buyers_page
def accepted_pdf(request: Request, token: str) -> HttpResponseBase:
    """The document as it was accepted."""
    actor, quote, version = _open(request, token, "view")
    acceptance = queries.acceptance_of(version.pk)
    if acceptance is not None and acceptance.document_id is None:  # the job comes to it later
        acceptance = actions.confirm_acceptance(
            actor=actor, now=request.now, acceptance_id=acceptance.pk
        )
    file_id = acceptance.document_id if acceptance else None
    return _file(file_id, f"{quote.number}-{version.version_no}-accepted.pdf")


def _file(file_id: int | None, name: str) -> HttpResponse:
    if file_id is None:
        raise QuoteNotFound("there is no such document")
    return file_response(store.read(file_id), name=name, media_type=MEDIA_TYPE, inline=True)


def _chosen(request: Request, version: QuoteVersion) -> frozenset[UUID]:
    """The options that are ticked, one of each set of alternatives, whole ramps."""
    given = request.POST if request.method == "POST" else request.GET
    ticked = given.getlist("chosen")
    ticked += [given[name] for name in given if name.startswith(SET)]
    keys = (parts.line_key_of(text) for text in ticked)
    chosen = frozenset(key for key in keys if key is not None)
    return with_later_periods(queries.lines_of(version.pk), chosen)
