"""Made-up fields, notices and long work for `/ui`."""

from __future__ import annotations

from typing import Any

# Long work in each state.
WORKS: Any = [
    {"label": "Importing leads", "done": 5120, "total": 8000},
    {"label": "Bill run for May", "done": 0, "text": "Counting what is due …"},
    {
        "label": "Importing leads",
        "done": 8000,
        "total": 8000,
        "state": "done",
        "text": "7,988 added, 12 refused",
        "results_url": "/ui/",
        "refused_url": "/ui/",
        "refused": 12,
    },
    {
        "label": "Statement 2026-05-29",
        "done": 3,
        "total": 40,
        "state": "failed",
        "text": "Held: the closing balance is off by 0.01 EUR",
    },
]

# A notice of each kind.
NOTICES: Any = [
    {"text": "This demo company is fictitious; mails are kept on a page, not sent."},
    {
        "title": "The buyer is reading",
        "text": "Opened 4 minutes ago from Ålesund.",
        "kind": "progress",
    },
    {
        "title": "Paid in full",
        "text": "18,472.50 EUR arrived on 12 June; matched by reference.",
        "kind": "good",
    },
    {
        "title": "The price book ends on 30 June",
        "text": "Lines quoted later use the next one.",
        "kind": "warn",
        "actions": [{"label": "See the next one", "url": "/ui/"}],
    },
    {
        "title": "Held: the statement does not add up",
        "text": "Opening balance plus entries is 0.01 EUR too high. Nothing was booked.",
        "kind": "bad",
    },
]

_COUNTRIES = [("DE", "Germany"), ("NO", "Norway"), ("FR", "France")]

# A field of each type, and one with an error.
FIELDS: Any = [
    {
        "name": "company",
        "label": "Company",
        "value": "Nordfjord Seafood AS",
        "required": True,
        "autocomplete": "organization",
    },
    {
        "name": "mail",
        "label": "E-mail",
        "type": "email",
        "value": "purchasing@nordfjord",
        "error": "The part after @ has no domain, such as nordfjord.example.",
        "required": True,
        "autocomplete": "email",
    },
    {
        "name": "country",
        "label": "Country",
        "type": "select",
        "value": "NO",
        "options": _COUNTRIES,
        "required": True,
    },
    {
        "name": "amount",
        "label": "Amount",
        "type": "money",
        "value": "18472.50",
        "suffix": "EUR",
        "required": True,
        "help": "Filled in from the open invoices.",
    },
    {
        "name": "paid_on",
        "label": "Paid on",
        "type": "date",
        "value": "2026-06-12",
        "required": True,
    },
    {
        "name": "note",
        "label": "Note",
        "type": "textarea",
        "help": "Seen by colleagues only.",
        "rows": 2,
    },
    {"name": "file", "label": "Bank statement", "type": "file", "help": "camt.053 or MT940."},
    {"name": "number", "label": "Number", "value": "given at issue", "readonly": True},
    {
        "name": "channel",
        "label": "Channel",
        "type": "radio",
        "value": "mail",
        "options": [("mail", "Mail"), ("call", "Call")],
        "required": True,
    },
    {
        "name": "consent",
        "label": "May be called about this inquiry",
        "type": "checkbox",
        "value": True,
    },
]

# The payment dialog, already filled in; its ids differ from those of the form behind it.
PAYMENT_FIELDS: Any = [
    {**field, "id": f"payment_{field['name']}"}
    for field in FIELDS
    if field["name"] in {"amount", "paid_on", "note"}
]
