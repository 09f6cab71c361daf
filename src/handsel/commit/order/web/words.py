"""The words of the order desk's pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from handsel.commit.order.models import Order
from handsel.commit.order.rules.desk import ONE_EACH, Finding
from handsel.ground.document.formatting import readers_day

STATES = {
    "placed": (pgettext_lazy("order", "to be checked"), "progress"),
    "released": (pgettext_lazy("order", "released"), "progress"),
    "completed": (pgettext_lazy("order", "delivered"), "good"),
    "cancelled": (pgettext_lazy("order", "cancelled"), "ended"),
}
HELD = (pgettext_lazy("order", "on hold"), "warn")

HOLDS = {
    "credit": gettext_lazy("Credit"),
    "price": gettext_lazy("Price"),
    "document": gettext_lazy("Papers"),
    "deposit": gettext_lazy("Deposit"),
    "manual": gettext_lazy("Other"),
}

BILLING = {
    "on_order": gettext_lazy("all of it with the order"),
    "on_shipment": gettext_lazy("as it ships"),
    "shares": gettext_lazy("in parts"),
}

CHECKS = {
    "lines": gettext_lazy("Lines"),
    "value": gettext_lazy("Value"),
    "purchase_order": gettext_lazy("Purchase order"),
    "match": gettext_lazy("Comparison"),
    "addresses": gettext_lazy("Addresses"),
    "tax_id": gettext_lazy("Tax"),
    "date": gettext_lazy("Date"),
    "credit": gettext_lazy("Credit"),
}
SEVERITIES = {
    "ok": (gettext_lazy("passed"), "good", "circle-check"),
    "warn": (gettext_lazy("look at it"), "warn", "triangle-alert"),
    "stop": (gettext_lazy("stops the release"), "bad", "circle-x"),
}
DIFFERENCES = {
    "price": gettext_lazy("price differs"),
    "quantity": gettext_lazy("quantity differs"),
    "item": gettext_lazy("another item"),
    "missing": gettext_lazy("not on it"),
    "validity": gettext_lazy("written after the quote had expired"),
}
ADDRESS_PARTS = {
    "name": gettext_lazy("Name"),
    "street": gettext_lazy("Street"),
    "street_extra": gettext_lazy("Building, gate"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("Region"),
    "country": gettext_lazy("Country"),
}


def state_of(order: Order, *, is_held: bool) -> tuple[Any, str]:
    """The badge of an order; a hold is what one has to know first."""
    return HELD if is_held and order.state in ("placed", "released") else STATES[order.state]


def sentence(finding: Finding) -> str:
    """What a check found, in the reader's language."""
    facts = {
        name: readers_day(value) if isinstance(value, date) else value
        for name, value in finding.facts.items()
    }
    if facts.get("ordered") == 1 and finding.message == ONE_EACH:
        return _("1 line, as accepted")
    return _(finding.message) % facts


def address_text(address: dict[str, Any]) -> str:
    """An address in a line."""
    place = " ".join(part for part in (address.get("postcode"), address.get("city")) if part)
    parts = (
        address.get("name"),
        address.get("street"),
        address.get("street_extra"),
        place,
        address.get("region"),
        address.get("country"),
    )
    return ", ".join(part for part in parts if part)
