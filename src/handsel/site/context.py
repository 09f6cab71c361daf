"""What the frame of every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from handsel.site.shell.context import Frame


def shell(request: HttpRequest) -> dict[str, Any]:
    """Actor, instant and installation for the templates of the frame."""
    return {
        "frame": Frame(request),
        "actor": getattr(request, "actor", None),
        "now": getattr(request, "now", None),
        "is_demo": settings.HANDSEL_ENV == "demo",
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
