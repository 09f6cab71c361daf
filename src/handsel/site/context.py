"""What the frame of every page knows."""

from __future__ import annotations

from collections.abc import Iterator
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
        "demo_sign_ins": _SignIns(),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }


class _SignIns:
    """One sign-in per role of the demo company, looked up only where a page shows them."""

    def __iter__(self) -> Iterator[Any]:
        if settings.HANDSEL_ENV != "demo":
            return iter(())
        from handsel.site.demo import sign_ins

        return iter(sign_ins())
