"""What people read for the codes of the books."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "asset": _("Asset"),
    "liability": _("Liability"),
    "equity": _("Equity"),
    "income": _("Income"),
    "expense": _("Expense"),
}
RULES = {
    "invoice": _("Invoice"),
    "deposit": _("Deposit invoice"),
    "final": _("Final invoice"),
    "credit_note": _("Credit note"),
    "payment": _("Payment"),
    "allocation": _("Payment put against an invoice"),
    "allocation_reversal": _("Allocation undone"),
    "write_off": _("Written off"),
    "discount": _("Discount granted"),
    "write_off_reversal": _("Write-off undone"),
    "discount_reversal": _("Discount undone"),
    "reversal": _("Reversal"),
}
PROOFS = {
    "entries": _("Debits equal credits"),
    "bank": _("Payments received"),
    "receivable": _("Open items of customers"),
    "unallocated": _("Payments not put against an invoice"),
    "vat": _("VAT on documents, less what was given up"),
    "deposit": _("Deposits not yet deducted"),
}
PERIOD_STATES = {
    "open": (pgettext_lazy("month", "open"), "progress"),
    "closed": (pgettext_lazy("month", "closed"), "ended"),
}
