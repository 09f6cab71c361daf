"""What people read for the room's codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handsel.earn.cash.rules.ageing import Bucket

STATEMENT_STATES = {
    "accepted": (pgettext_lazy("statement", "accepted"), "good"),
    "held": (pgettext_lazy("statement", "held"), "warn"),
    "rejected": (pgettext_lazy("statement", "rejected"), "ended"),
    "known": (_("imported before"), "neutral"),
}
ENTRY_STATES = {
    "open": (_("to match"), "warn"),
    "matched": (_("matched"), "good"),
    "ignored": (_("set aside"), "ended"),
}
REASONS = {
    "": _("waits"),
    "clear": _("clear"),
    "no_candidate": _("nothing open explains it"),
    "ambiguous": _("several open items explain it"),
    "below_threshold": _("likely, but not certain"),
    "rival": _("another explanation is as good"),
    "several_customers": _("it names items of several customers"),
}
RULES = {
    "structured_reference": _("Payment reference"),
    "end_to_end_id": _("End-to-end id"),
    "invoice_number": _("Invoice number in the text"),
    "iban_and_amount": _("Known account and exact amount"),
    "unique_amount": _("The amount"),
    "subset": _("Items that make the amount"),
    "known_payer": _("Known account, oldest first"),
    "name": _("Name alike, oldest first"),
}
RESIDUALS = {
    "exact": (_("exact"), "good"),
    "discount": (_("less discount"), "good"),
    "charge": (_("less bank charge"), "good"),
    "tolerance": (_("within tolerance"), "good"),
    "over": (_("overpaid"), "warn"),
    "spill": (_("rest to older items"), "warn"),
    "short": (_("underpaid"), "warn"),
}
METHODS = {
    "bank_transfer": _("Bank transfer"),
    "direct_debit": _("Direct debit"),
    "card": _("Card"),
    "cash": pgettext_lazy("method", "Cash"),
    "cheque": _("Cheque"),
    "other": pgettext_lazy("method", "Other"),
}
ENTRY_KINDS = {
    "invoice": _("Invoiced"),
    "credit": _("Credit set off"),
    "payment": _("Payment"),
    "write_off": _("Written off"),
    "discount": _("Discount granted"),
    "deposit": _("Deposit invoice"),
    "final": _("Final invoice"),
    "credit_note": _("Credit note"),
}
BUCKETS = {
    Bucket.NOT_DUE: (_("Not due"), "good"),
    Bucket.DAYS_1_30: (_("1–30 days"), "neutral"),
    Bucket.DAYS_31_60: (_("31–60 days"), "warn"),
    Bucket.DAYS_61_90: (_("61–90 days"), "warn"),
    Bucket.OVER_90: (_("Over 90 days"), "bad"),
}
