"""The words and colours of invoices on pages."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from handsel.earn.billing.models import Invoice
from handsel.earn.billing.ports import Settlement
from handsel.ground.kernel.money import Money

KINDS = {
    "invoice": gettext_lazy("Invoice"),
    "deposit": gettext_lazy("Deposit invoice"),
    "final": gettext_lazy("Final invoice"),
    "credit_note": gettext_lazy("Credit note"),
}
STATES = {
    "draft": (pgettext_lazy("invoice", "Draft"), "neutral"),
    "issued": (pgettext_lazy("invoice", "Issued"), "progress"),
    "discarded": (pgettext_lazy("invoice", "Discarded"), "ended"),
}
TRIGGERS = {
    "on_order": gettext_lazy("with the order"),
    "on_shipment": gettext_lazy("on shipment"),
    "on_delivery": gettext_lazy("on delivery"),
    "by_hand": gettext_lazy("by hand"),
}
ITEM_STATES = {
    "waiting": (pgettext_lazy("billing plan", "Waiting"), "neutral"),
    "due": (pgettext_lazy("billing plan", "Drafted"), "warn"),
    "billed": (pgettext_lazy("billing plan", "Billed"), "good"),
    "cancelled": (pgettext_lazy("billing plan", "Cancelled"), "ended"),
}
METHODS = {
    "on_order": gettext_lazy("all at once, with the order"),
    "on_shipment": gettext_lazy("as shipped, each shipment by its own invoice"),
    "shares": gettext_lazy("in shares: deposits first, then a final invoice that deducts them"),
}


def kind_word(invoice: Invoice) -> str:
    """What a document is called."""
    return str(KINDS[invoice.kind])


def title(invoice: Invoice) -> str:
    """A document's number, or what kind of draft it is."""
    return invoice.number or _("%(kind)s, draft") % {"kind": kind_word(invoice)}


def payable(invoice: Invoice) -> Money:
    """What a document asks for; a credit note gives it back."""
    sign = -1 if invoice.kind == "credit_note" else 1
    return Money(sign * invoice.payable_minor, invoice.currency)


def state_badge(invoice: Invoice, standing: Settlement | None) -> tuple[Any, str]:
    """State and colour; paid is said only where money came in."""
    if invoice.state != "issued" or standing is None:
        return STATES[invoice.state]
    if standing.open_minor == 0:
        if invoice.kind == "credit_note":
            return (_("Set off"), "good")
        return (_("Paid"), "good") if standing.paid_minor > 0 else (_("Credited"), "ended")
    if standing.paid_minor > 0:
        return (_("Paid in part"), "warn")
    if invoice.kind != "credit_note" and standing.open_minor < invoice.payable_minor:
        return (_("Credited in part"), "progress")
    return STATES["issued"]


def address(name: str, *args: int) -> str:
    """The address of another room's page, or nothing where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
