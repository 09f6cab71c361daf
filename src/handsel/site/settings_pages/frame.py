"""What all settings pages share: the tabs, a posted form done once, fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import HandselError, Invalid
from handsel.ground.platform.posted import once_posted


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The sections this actor may open."""
    rows = [
        ("users", _("Users"), "settings:users", "settings.view"),
        ("teams", _("Teams"), "settings:teams", "settings.view"),
        ("sellers", _("Legal entities"), "settings:sellers", "settings.view"),
        ("installation", _("Installation"), "settings:installation", "settings.view"),
        ("keys", _("My API keys"), "settings:keys", "home.view"),
        ("profile", _("My profile"), "settings:profile", "home.view"),
    ]
    return [
        {"label": label, "url": reverse(name), "current": key == current}
        for key, label, name, permission in rows
        if request.actor.may(permission)
    ]


def posted(request: Request, route: str, effect: Callable[[], Any]) -> dict[str, Any]:
    """Run a form's command once; `effect` answers a key or nothing."""
    return once_posted(
        request,
        actor=request.actor,
        now=request.now,
        route=f"settings.{route}",
        effect=lambda: {"id": effect()},
    )


def refusal(failure: HandselError) -> dict[str, Any]:
    """What a form shows of a refusal: a notice, and the errors of its fields."""
    return {
        "notice": {"text": str(failure), "kind": "bad"},
        "errors": failure.fields if isinstance(failure, Invalid) else {},
    }


def field(
    name: str,
    label: str,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
    **more: Any,
) -> dict[str, Any]:
    """One field of the shell with its value and error."""
    return {
        "name": name,
        "label": label,
        "value": values.get(name, ""),
        "error": errors.get(name, ""),
        **more,
    }


def start_of(request: Request) -> int:
    """Where a list begins, from the address; anything strange is the beginning."""
    text = request.GET.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def page_address(request: Request, start: int) -> str:
    """The same list from another row on."""
    query = request.GET.copy()
    query["from"] = str(start)
    return f"?{query.urlencode()}"
