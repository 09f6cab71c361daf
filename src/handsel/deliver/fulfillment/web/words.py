"""The words of the warehouse's pages, and how a state of stock is said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from handsel.deliver.fulfillment.models import Shipment
from handsel.deliver.fulfillment.rules.loading import LineState, all_that_can_go
from handsel.ground.document.units import unit_label

ZERO = Decimal(0)
PAGE_SIZE = 50
DEEPEST = 10_000

GOODS_STATES = {
    "shipped": (pgettext_lazy("shipment", "on its way"), "progress"),
    "delivered": (pgettext_lazy("shipment", "delivered"), "good"),
    "returned": (pgettext_lazy("shipment", "returned"), "ended"),
}
SERVICE_STATES = {
    "shipped": (pgettext_lazy("shipment", "performed"), "progress"),
    "delivered": (pgettext_lazy("shipment", "accepted"), "good"),
    "returned": (pgettext_lazy("shipment", "returned"), "ended"),
}
REASONS = {
    "receipt": gettext_lazy("Received"),
    "shipment": gettext_lazy("Shipped"),
    "return": gettext_lazy("Returned"),
    "count": gettext_lazy("Counted"),
}
WAYS = {
    "stock": gettext_lazy("from stock"),
    "direct": gettext_lazy("not kept in stock"),
    "service": gettext_lazy("service"),
    "usage": gettext_lazy("by usage"),
    "fee": gettext_lazy("fee"),
}


class Amount(NamedTuple):
    """A quantity that may be negative, such as a move out."""

    value: Decimal
    unit: str


def state_of(shipment: Shipment) -> tuple[Any, str]:
    """The badge of a shipment: goods travel, services are performed."""
    words = SERVICE_STATES if shipment.kind == "service" else GOODS_STATES
    return words[shipment.state]


def readiness(lines: Sequence[LineState], *, is_held: bool) -> tuple[str, str]:
    """The badge of an owed order: "ready" is only said of all of it."""
    if is_held:
        return _("on hold"), "warn"
    goods = [line for line in lines if line.is_goods and line.open > ZERO]
    if not goods:
        if any(line.way == "service" and line.open > ZERO for line in lines):
            return _("service to perform"), "progress"
        used = any(line.way == "usage" and line.open > ZERO for line in lines)
        return _("usage to report") if used else _("service to perform"), "progress"
    if all(line.ready() >= line.open for line in goods):
        return _("ready"), "good"
    if any(line.ready() > ZERO for line in goods):
        return _("ready in part"), "progress"
    return _("waits for stock"), "warn"


def can_go(lines: Sequence[LineState], *, is_held: bool) -> bool:
    """Whether one click would send something off."""
    ready = readiness(lines, is_held=False)[1] != "warn"
    return not is_held and ready and bool(all_that_can_go(lines, None))


def short_lines(lines: Sequence[LineState]) -> str:
    """What is missing, in a line."""
    missing = [f"{amount(line.short, line.unit)} {line.name}" for line in lines if line.short]
    return _("missing: %(items)s") % {"items": ", ".join(missing)} if missing else ""


def contents(lines: Sequence[LineState]) -> str:
    """What is still to go, in a line; at most three items."""
    owed = [f"{amount(line.open, line.unit)} {line.name}" for line in lines if line.open > ZERO]
    more = len(owed) - 3
    return ", ".join(owed[:3]) + (f" + {more}" if more > 0 else "")


def ship_label(lines: Sequence[LineState]) -> str:
    """What one click does: it never says "all" of a part."""
    goods = [line for line in lines if line.is_goods and line.open > ZERO]
    if not goods:
        return _("Mark as performed")
    if any(line.ready() < line.open for line in goods):
        return _("Ship part")
    services = any(line.way in ("service", "usage") and line.open > ZERO for line in lines)
    return _("Ship goods") if services else _("Ship all")


def amount(value: Decimal, unit: str) -> str:
    """A quantity in words of the reader's language: "24.5 m"."""
    language = (get_language() or "en")[:2]
    return f"{number_format(plain(value))} {unit_label(unit, language, one=value == 1)}"


def plain(value: Decimal) -> str:
    """A decimal without trailing zeros."""
    return f"{value.normalize():f}"


def tabs(here: str) -> list[dict[str, Any]]:
    """The three lists of the room."""
    names = (
        ("list", _("To ship")),
        ("shipments", _("Shipments")),
        ("stock", _("Stock")),
    )
    return [
        {"label": label, "url": reverse(f"fulfillment:{name}"), "current": name == here}
        for name, label in names
    ]


def forward(name: str, *args: int, **query: int) -> str:
    """The address of another room's page, if that room is there."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def address_text(address: dict[str, Any]) -> str:
    """An address in a line."""
    place = " ".join(part for part in (address.get("postcode"), address.get("city")) if part)
    parts = (
        address.get("name"),
        address.get("street"),
        address.get("street_extra"),
        place,
        address.get("country"),
    )
    return ", ".join(part for part in parts if part)


def start_of(request: HttpRequest) -> int:
    """Where the page shown begins."""
    text = request.GET.get("from", "")
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def page_url(request: HttpRequest, start: int) -> str:
    """The same list from another place on."""
    query = request.GET.copy()
    query["from"] = str(max(0, start))
    return f"?{query.urlencode()}"


def paging(request: HttpRequest, start: int, found: int) -> dict[str, Any]:
    """`shown`, `previous_url` and `next_url` of a table; `found` counts one row too many."""
    shown = min(found, PAGE_SIZE)
    more = found > PAGE_SIZE and start < DEEPEST
    return {
        "shown": f"{start + 1}–{start + shown}" if shown else "",
        "previous_url": page_url(request, start - PAGE_SIZE) if start else "",
        "next_url": page_url(request, start + PAGE_SIZE) if more else "",
    }


def text_of(request: HttpRequest, name: str) -> str:
    """A word of the address bar, cleaned."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:100]


def whole_number(text: str) -> int | None:
    """A key from a form or the address bar; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
