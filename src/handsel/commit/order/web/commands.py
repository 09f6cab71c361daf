"""What is done to one order from its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handsel.commit.order import actions, queries
from handsel.commit.order.web import words
from handsel.ground.identity.access import Request, page
from handsel.ground.platform.posted import go_to, once_posted


def do(
    request: Request, order_id: int, verb: str, said: str, act: Callable[[], object]
) -> HttpResponseBase:
    """Run a command once for its key, say what happened, and show the order."""

    def effect() -> dict[str, Any]:
        act()
        return {}

    route = f"order:{verb}:{order_id}"
    once_posted(request, actor=request.actor, now=request.now, route=route, effect=effect)
    messages.success(request, said)
    return go_to(request, reverse("order:record", args=[order_id]))


@require_POST
@page("order.release")
def release(request: Request, order_id: int) -> HttpResponseBase:
    """Let the order go on to delivery and billing."""

    def act() -> object:
        return actions.release_order(actor=request.actor, now=request.now, order_id=order_id)

    said = _("Released; the confirmation goes to the buyer")
    return do(request, order_id, "release", said, act)


@page("order.hold")
def hold(request: Request, order_id: int) -> HttpResponseBase:
    """Ask for the reason, then stop the order."""
    if request.method != "POST":
        fields = [
            {
                "name": "kind",
                "label": _("Kind"),
                "type": "select",
                "value": "manual",
                "required": True,
                "options": list(words.HOLDS.items()),
            },
            _reason(_("What has to happen before it may go on?")),
        ]
        return _ask(request, order_id, _("Put on hold"), _("Hold"), fields)

    def act() -> object:
        return actions.hold_order(
            actor=request.actor,
            now=request.now,
            order_id=order_id,
            kind=request.POST.get("kind", ""),
            reason=request.POST.get("reason", ""),
        )

    return do(request, order_id, "hold", _("The order is on hold"), act)


@page("order.hold")
def release_hold(request: Request, order_id: int, hold_id: int) -> HttpResponseBase:
    """Ask why it may go on, then end the hold."""
    if request.method != "POST":
        fields = [_reason(_("Why may it go on?"))]
        return _ask(request, order_id, _("End the hold"), _("End the hold"), fields)

    def act() -> object:
        return actions.release_hold(
            actor=request.actor,
            now=request.now,
            order_id=order_id,
            hold_id=hold_id,
            reason=request.POST.get("reason", ""),
        )

    return do(request, order_id, f"release_hold:{hold_id}", _("The hold has ended"), act)


@page("order.edit")
def cancel(request: Request, order_id: int) -> HttpResponseBase:
    """Ask for the reason, then cancel the order."""
    if request.method != "POST":
        fields = [_reason(_("The buyer and the warehouse will ask."))]
        return _ask(request, order_id, _("Cancel the order"), _("Cancel the order"), fields)

    def act() -> object:
        return actions.cancel_order(
            actor=request.actor,
            now=request.now,
            order_id=order_id,
            reason=request.POST.get("reason", ""),
        )

    return do(request, order_id, "cancel", _("The order is cancelled"), act)


def _reason(help_text: str) -> dict[str, Any]:
    return {
        "name": "reason",
        "label": _("Reason"),
        "type": "textarea",
        "rows": 2,
        "required": True,
        "help": help_text,
    }


def _ask(
    request: Request, order_id: int, title: str, button: str, fields: list[dict[str, Any]]
) -> HttpResponseBase:
    """A question as a dialog for a script, as a page without one."""
    order = queries.get_order(request.actor, order_id)
    back = reverse("order:record", args=[order_id])
    context = {
        "title": title,
        "button": button,
        "fields": fields,
        "url": request.path,
        "back_url": back,
        "header": {"title": title, "trail": [(order.number, back)]},
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, f"order/ask_{'dialog' if is_part else 'page'}.html", context)
