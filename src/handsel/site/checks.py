"""What must be true before anything is served: every address declares its permission."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from handsel.ground.identity.access import PUBLIC
from handsel.site.roles import PERMISSIONS

# Addresses of libraries, with the reason why they need no permission of ours.
FOREIGN = {
    "allauth": "sign-in and second factors guard themselves",
    "ninja": "the API declares permissions on its operations, checked below",
    "django.views.i18n": "choosing a language is open to everybody",
    "django.views.static": "built files are public",
}


@register()
def every_address_declares_its_permission(**_: Any) -> list[CheckMessage]:
    """An error for each page without a permission, or with one that is in no table."""
    from handsel.site.rest import routers

    found: list[CheckMessage] = []
    for pattern in _patterns(get_resolver()):
        view = pattern.callback
        home = getattr(view, "view_class", None) or inspect.unwrap(getattr(view, "func", view))
        if any(home.__module__.startswith(foreign) for foreign in FOREIGN):
            continue
        permission = getattr(view, "permission", None)
        if permission is None:
            found.append(_error(f"{pattern.pattern} ({home.__module__}.{home.__qualname__})"))
        elif permission != PUBLIC and permission not in PERMISSIONS:
            found.append(_error(f"{pattern.pattern}: unknown permission {permission!r}"))
    for router in routers:
        for (method, path), permission in router.permissions.items():
            if permission not in PERMISSIONS:
                found.append(_error(f"{method} {router.room}{path}: unknown {permission!r}"))
    return found


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def _error(where: str) -> Error:
    return Error(
        f"no permission is declared for {where}",
        hint="mark the view with @page(...) or @public_page(...); see ground/identity/access.py",
        id="handsel.E001",
    )
