"""What is done with a configuration as a whole: begun, copied, renamed, passed on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.prices import inside
from handsel.bid.configure.queries.reopening import price_change, reopening, told
from handsel.bid.configure.web.parts import number_in
from handsel.ground.identity.access import Request, page
from handsel.ground.identity.models import User
from handsel.ground.kernel.clock import local_date
from handsel.ground.party import queries as party
from handsel.ground.platform.posted import go_to, once_posted

FOR_QUOTES = "configure.for_quotes"


def _record(request: Request, configuration_id: int, done: str = "") -> HttpResponseBase:
    if done:
        messages.success(request, done)
    return go_to(request, reverse("configure:record", args=[configuration_id]))


def _text(request: Request, name: str) -> str:
    return request.POST.get(name, "").strip()


def _number(request: Request, name: str) -> int | None:
    return number_in(_text(request, name))


@page("configure.edit")
def begin(request: Request, model_id: int) -> HttpResponseBase:
    """Begin to configure a product."""
    if request.method != "POST":
        return go_to(request, reverse("configure:list"))

    def effect() -> dict[str, Any]:
        made = actions.begin_configuration(
            actor=request.actor,
            now=request.now,
            model_id=model_id,
            title=_text(request, "title"),
            organization_id=_number(request, "customer"),
        )
        return {"id": made.pk}

    done = once_posted(
        request, actor=request.actor, now=request.now, route="configure.begin", effect=effect
    )
    quote = _number(request, "quote")
    if quote is not None:
        # Where it is wanted; it goes back there once it is finished.
        wanted = request.session.get(FOR_QUOTES, {})
        request.session[FOR_QUOTES] = {**wanted, str(done["id"]): quote}
    return _record(request, done["id"])


@page("configure.edit")
def copy(request: Request, configuration_id: int) -> HttpResponseBase:
    """Begin another one with the same choices."""
    if request.method != "POST":
        return _record(request, configuration_id)

    def effect() -> dict[str, Any]:
        made = actions.copy_configuration(
            actor=request.actor, now=request.now, configuration_id=configuration_id
        )
        return {"id": made.pk}

    done = once_posted(
        request, actor=request.actor, now=request.now, route="configure.copy", effect=effect
    )
    return _record(request, done["id"], _("This is the copy; the other one stays as it is."))


@page("configure.edit")
def rename(request: Request, configuration_id: int) -> HttpResponseBase:
    """Give it another name."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    if request.method != "POST":
        field = {"name": "title", "label": _("Name"), "value": configuration.title}
        return _dialog(request, configuration_id, _("Rename"), "rename", [field], _("Rename"))
    actions.rename_configuration(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        title=_text(request, "title"),
    )
    return _record(request, configuration_id)


@page("configure.edit")
def hand_over(request: Request, configuration_id: int) -> HttpResponseBase:
    """Give it into a colleague's hands."""
    queries.get_configuration(request.actor, configuration_id)
    if request.method != "POST":
        others = User.objects.exclude(pk=request.actor.user_id or 0)
        fields: list[dict[str, Any]] = [
            {
                "name": "to",
                "label": _("Colleague"),
                "type": "select",
                "options": [
                    (str(one.pk), one.name)
                    for one in others.filter(is_active=True).order_by("name")
                ],
                "required": True,
            },
            {"name": "note", "label": _("A word about it"), "type": "textarea", "rows": 3},
        ]
        title = _("Hand over")
        return _dialog(request, configuration_id, title, "hand_over", fields, title)
    actions.hand_over(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        to_user_id=_number(request, "to") or 0,
        note=_text(request, "note"),
    )
    return _record(request, configuration_id, _("Handed over."))


@page("configure.edit")
def reopen(request: Request, configuration_id: int) -> HttpResponseBase:
    """What becomes of it under the version in use; then a copy of it there."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    if request.method != "POST":
        today = local_date(request.now, configuration.seller.time_zone)
        language = get_language() or "en"
        one = reopening(configuration, on=today)
        told_now = told(one, language)
        context = {
            "title": _("Reopen with version %(no)s") % {"no": told_now["version_no"]},
            "told": told_now,
            "price": price_change(
                configuration, one, inside(configuration), on=today, language=language
            ),
            "submit": _("Go on with a copy"),
            "action_url": reverse("configure:reopen", args=[configuration_id]),
            "back_url": reverse("configure:record", args=[configuration_id]),
        }
        is_fragment = bool(request.headers.get("HX-Request"))
        name = "configure/reopen_dialog.html" if is_fragment else "configure/reopen.html"
        return render(request, name, context)

    def effect() -> dict[str, Any]:
        made = actions.reopen_configuration(
            actor=request.actor, now=request.now, configuration_id=configuration_id
        )
        return {"id": made.pk}

    done = once_posted(
        request, actor=request.actor, now=request.now, route="configure.reopen", effect=effect
    )
    return _record(request, done["id"], _("This is the copy; the other one stays as it is."))


@page("configure.edit")
def customer(request: Request, configuration_id: int) -> HttpResponseBase:
    """Say whom it is for: the page shows that customer's prices then."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    if request.method != "POST":
        chosen = configuration.organization
        field = {
            "name": "organization",
            "label": _("Customer"),
            "type": "select",
            "empty": _("Nobody: list prices"),
            **party.organization_options(chosen),
            "value": str(chosen.pk) if chosen else "",
        }
        title = _("For which customer")
        return _dialog(request, configuration_id, title, "customer", [field], _("Take over"))
    actions.set_customer(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        organization_id=_number(request, "organization"),
    )
    return _record(request, configuration_id)


@page("configure.edit")
def share(request: Request, configuration_id: int) -> HttpResponseBase:
    """Give out a link; it is shown once."""
    configuration = queries.get_configuration(request.actor, configuration_id)
    if request.method != "POST":
        asked = _sharing_fields(configuration)
        title = _("Share by link")
        return _dialog(request, configuration_id, title, "share", asked, _("Make the link"))
    kind = _text(request, "prices") or "list"
    token = actions.share_configuration(
        actor=request.actor,
        now=request.now,
        configuration_id=configuration_id,
        recipient=_text(request, "recipient"),
        may_decide="decide" in request.POST,
        prices=kind,
        organization_id=_number(request, "organization") if kind == "own" else None,
    )
    link = request.build_absolute_uri(reverse("configure_public:shared", args=[token]))
    field = {"name": "link", "label": _("Link"), "value": link, "readonly": True}
    # Shown once and kept nowhere: only its hash stays.
    response = _dialog(request, configuration_id, _("Share by link"), "", [field], "")
    response["Cache-Control"] = "no-store"
    return response


def _sharing_fields(configuration: Configuration) -> list[dict[str, Any]]:
    chosen = configuration.organization
    return [
        {"name": "recipient", "label": _("For whom"), "required": True},
        {
            "name": "prices",
            "label": _("Prices shown"),
            "type": "select",
            "options": [
                ("list", _("List prices")),
                ("none", _("None")),
                ("own", _("What the customer pays")),
            ],
            "value": "own" if chosen else "list",
            "required": True,
        },
        {
            "name": "organization",
            "label": _("Customer"),
            "type": "select",
            "empty": _("Nobody"),
            "help": _("Whose prices the link shows"),
            **party.organization_options(chosen),
            "value": str(chosen.pk) if chosen else "",
        },
        {"name": "decide", "label": _("May change the choices"), "type": "checkbox"},
    ]


@page("configure.edit")
def unshare(request: Request, configuration_id: int) -> HttpResponseBase:
    """Stop every link given out."""
    if request.method == "POST":
        actions.revoke_configuration_links(
            actor=request.actor, now=request.now, configuration_id=configuration_id
        )
        return _record(request, configuration_id, _("No link to it works any more."))
    return _record(request, configuration_id)


def _dialog(
    request: Request,
    configuration_id: int,
    title: str,
    route: str,
    fields: list[dict[str, Any]],
    submit: str,
) -> HttpResponseBase:
    back = reverse("configure:record", args=[configuration_id])
    context = {
        "title": title,
        "fields": fields,
        "submit": submit,
        "action_url": reverse(f"configure:{route}", args=[configuration_id]) if route else "",
        "back_url": back,
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "configure/dialog.html" if is_fragment else "configure/form.html"
    return render(request, name, context)
