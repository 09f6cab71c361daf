"""What the pages of the catalog share."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

LIFECYCLES = {
    "draft": (gettext_lazy("Draft"), "neutral"),
    "active": (gettext_lazy("On sale"), "good"),
    "phased_out": (gettext_lazy("Phased out"), "ended"),
}
KINDS = {"good": gettext_lazy("Goods"), "service": gettext_lazy("Service")}
TAX_CATEGORIES = {
    "standard": gettext_lazy("Standard rate"),
    "reduced": gettext_lazy("Reduced rate"),
    "zero": gettext_lazy("Zero rate"),
    "exempt": gettext_lazy("Exempt"),
}


def asked(request: HttpRequest, name: str) -> str:
    return str(request.GET.get(name, "")).replace("\x00", "").strip()[:100]


def posted(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name, "")).replace("\x00", "").replace("\r\n", "\n").strip()


def request_language() -> str:
    """The language of this page, as unit labels know it."""
    from django.utils.translation import get_language

    return (get_language() or "en")[:2]
