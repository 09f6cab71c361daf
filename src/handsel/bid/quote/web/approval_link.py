"""The page behind the link in an approver's mail: made for a phone, decides by one POST.

As on the buyer's page the token is the permission and no cookie is asked for; opening the page
decides nothing, whoever or whatever opens it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from handsel.bid.quote import actions
from handsel.bid.quote.actions.paper import language_of
from handsel.bid.quote.errors import (
    ApprovalLinkUsed,
    ApprovalNotFound,
    ApprovalOutdated,
    ApprovalState,
    NotAsked,
    SignInNeeded,
)
from handsel.bid.quote.web import approval_words as said
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.approvals import sheet_context
from handsel.ground.identity.access import Request, public_page
from handsel.ground.identity.grants import LinkUnusable
from handsel.ground.kernel.clock import zone
from handsel.ground.kernel.errors import HandselError, Invalid

View = Callable[..., HttpResponseBase]


def approvers_page(view: View) -> View:
    """What the pages behind the link share: never kept, never indexed, refusals told clearly."""

    @functools.wraps(view)
    def guarded(request: Request, token: str, **more: Any) -> HttpResponseBase:
        try:
            response = view(request, token, **more)
        except (LinkUnusable, ApprovalNotFound):
            response = _told(request, _("This link opens nothing (any more)"), "", 404)
        except ApprovalLinkUsed as used:
            response = _told(request, _("You answered already"), used.message, 409)
        except (ApprovalState, ApprovalOutdated) as moved:
            response = _told(request, _("There is nothing to answer any more"), moved.message, 409)
        except SignInNeeded as refused:
            response = _told(request, _("Sign in to answer"), refused.message, 403)
        except NotAsked as refused:
            response = _told(request, _("You are not asked any more"), refused.message, 403)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    marked = public_page("whoever holds the mail's link is the approver it was sent to")(
        _plain(guarded)
    )
    exempt: View = csrf_exempt(marked)
    return exempt


def _plain(view: Any) -> Any:
    """The decorator of public pages expects the room's plainer kind of view."""
    return view


@approvers_page
def approval(request: Request, token: str) -> HttpResponseBase:
    """Show what is asked, and the two buttons; answer when one was pressed."""
    opened = actions.open_approval_link(now=request.now, token=token)
    user = opened.link.user
    if request.user.is_authenticated and request.user.pk != user.pk:
        raise NotAsked(
            _("This link was sent to %(name)s. Answer under your own name, if you are asked.")
            % {"name": user.name}
        )
    with translation.override(language_of(user.language)), timezone.override(zone(user.time_zone)):
        if request.method != "POST":
            return _page(request, token, opened)
        try:
            actions.decide_by_link(
                now=request.now,
                token=token,
                verdict=parts.posted_text(request, "verdict"),
                comment=parts.posted_text(request, "comment"),
                content_hash=parts.posted_text(request, "content_hash"),
                is_signed_in=request.user.is_authenticated,
                ip_address=request.META.get("REMOTE_ADDR") or None,
            )
        except Invalid as wrong:
            return _page(request, token, opened, wrong)
        verdict = said.VERDICTS[parts.posted_text(request, "verdict")]
        number = opened.ask.request.quote.number
        return _told(
            request,
            _("Your answer is kept"),
            _("Quote %(number)s: %(verdict)s.") % {"number": number, "verdict": verdict[0]},
            200,
        )


def _page(
    request: Request,
    token: str,
    opened: actions.OpenedLink,
    refused: HandselError | None = None,
) -> HttpResponse:
    context = sheet_context(request, opened.ask, opened.link.user_id, refused)
    if not context["can_answer"]:
        raise _why_not(opened)
    context |= {
        "seller_name": opened.ask.request.quote.seller.name,
        "action_url": reverse("quote_public:approval", args=[token]),
        "approver": opened.link.user.name,
        "sign_in_url": _sign_in_url(request, opened),
    }
    status = refused.http_status if refused else 200
    return render(request, "quote/approval_link.html", context, status=status)


def _sign_in_url(request: Request, opened: actions.OpenedLink) -> str:
    """The page that asks to sign in first, for a question only who signed in answers."""
    if request.user.is_authenticated or not opened.ask.step.get("signed_in"):
        return ""
    return reverse("quote:approval", args=[opened.ask.pk])


def _why_not(opened: actions.OpenedLink) -> HandselError:
    ask = opened.ask
    number = ask.request.quote.number
    if ask.request.state != "open":
        state = said.REQUEST_STATES[ask.request.state][0]
        return ApprovalState(_("Quote %(number)s: %(state)s.") % {"number": number, "state": state})
    if ask.state != "open":
        return ApprovalState(_("Quote %(number)s is answered.") % {"number": number})
    return NotAsked(_("Somebody else answers, or answered, in your place."))


def _told(request: Request, title: str, text: str, status: int) -> HttpResponse:
    context = {"seller_name": "Handsel", "title": title, "text": text}
    return render(request, "quote/approval_told.html", context, status=status)
