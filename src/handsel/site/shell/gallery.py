"""Made-up figures for `/ui`: every component in all its states. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.kernel.rate import Rate
from handsel.site.shell import gallery_board, gallery_lists

board = gallery_board.board
suggestions = gallery_board.suggestions


def eur(minor: int) -> Money:
    """Euros from cents."""
    return Money(minor, "EUR")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant in the gallery's year."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def actions() -> list[dict[str, Any]]:
    """A primary one, some beside it, one that is off, one that is dangerous."""
    return [
        {"label": "Release order", "url": "/ui/echo/", "method": "post", "kind": "primary"},
        {"label": "Print", "url": "/ui/#print", "icon": "printer"},
        {"label": "Record payment", "url": "/ui/dialog/", "method": "dialog", "icon": "banknote"},
        {"label": "Change lines", "url": "/ui/#change", "icon": "pencil"},
        {
            "label": "Invoice",
            "url": "/ui/echo/",
            "icon": "receipt",
            "ok": False,
            "why_not": "Nothing has been shipped yet, and this plan bills on shipment.",
        },
        {
            "label": "Cancel order",
            "url": "/ui/echo/",
            "method": "post",
            "kind": "danger",
            "icon": "x",
            "confirm": "Cancel order SO-2026-0117? The customer is told by mail.",
        },
    ]


def header() -> dict[str, Any]:
    """Header of an order."""
    return {
        "title": "Nordfjord Seafood AS",
        "number": "SO-2026-0117",
        "state": ("to be checked", "progress"),
        "subtitle": "Incline conveyor line 2, Ålesund",
        "amount": eur(1847250),
        "amount_label": "Order total",
        "trail": [("Orders", "/ui/"), ("Order desk", "/ui/")],
        "actions": actions(),
    }


def off_header() -> dict[str, Any]:
    """Header whose main action is off."""
    return {
        "title": "Quote to Brandt Logistik GmbH",
        "number": "Q-2026-0088",
        "state": ("draft", "neutral"),
        "amount": Money(0, "EUR"),
        "actions": [
            {
                "label": "Present",
                "url": "/ui/echo/",
                "method": "post",
                "kind": "primary",
                "ok": False,
                "why_not": "The quote has no line yet.",
            }
        ],
        "meta": [
            {"label": "Valid until", "value": date(2026, 4, 30), "format": "day"},
            {"label": "Owner", "value": "Ines Halvorsen"},
            {"label": "Margin", "value": 3120, "format": "percent"},
        ],
    }


def facts() -> list[dict[str, Any]]:
    """One fact of every format."""
    return [
        {"label": "Customer", "value": "Nordfjord Seafood AS", "url": "/ui/", "hint": "VAT NO 912 345 678 MVA"},
        {"label": "Owner", "value": "Ines Halvorsen"},
        {"label": "Delivery", "value": date(2026, 5, 12), "format": "day"},
        {"label": "Released", "value": at(3, 14, 10, 32), "format": "instant"},
        {"label": "Net", "value": eur(1552310), "format": "money", "why": "/ui/#waterfall"},
        {"label": "Margin", "value": 3120, "format": "percent", "why": "/ui/#waterfall"},
        {"label": "Belt", "value": Quantity(Decimal("12.264"), "m"), "format": "quantity"},
        {"label": "Unit price", "value": Rate(Decimal("0.0125"), "EUR"), "format": "rate"},
        {"label": "Balance", "value": eur(-24550), "format": "money"},
        {"label": "Credit", "value": ("within limit", "good"), "format": "badge"},
        {"label": "Mail", "value": "orders@nordfjord.example", "format": "email"},
        {"label": "Phone", "value": "+47 70 12 34 56", "format": "phone"},
        {"label": "Reference", "value": None},
    ]


def thread_steps() -> list[dict[str, Any]]:
    """A deal on its way: done, late, current, still to come."""
    return [
        {"stage": "lead", "number": "L-2031", "state": "converted", "kind": "good", "on": date(2026, 1, 8), "url": "/ui/"},
        {"stage": "opportunity", "number": "Line 2, Ålesund", "state": "won", "kind": "good", "on": date(2026, 1, 19), "amount": eur(1800000), "url": "/ui/", "gap": "11 days"},
        {"stage": "quote", "number": "Q-2026-0061", "state": "accepted", "kind": "good", "on": date(2026, 3, 2), "amount": eur(1847250), "url": "/ui/", "gap": "42 days"},
        {"stage": "order", "number": "SO-2026-0117", "state": "released", "kind": "good", "on": date(2026, 3, 3), "amount": eur(1847250), "url": "/ui/"},
        {"stage": "delivery", "number": "D-2026-0204", "state": "partly delivered", "kind": "warn", "on": date(2026, 5, 14), "url": "/ui/", "late": "2 days late"},
        {"stage": "invoice", "number": "INV-2026-0342", "state": "issued", "kind": "progress", "on": date(2026, 5, 15), "amount": eur(1293075), "current": True, "note": "70 % of the plan"},
        {"stage": "cash"},
        {"stage": "ledger"},
    ]


def thread() -> dict[str, Any]:
    """The same deal as the component takes it."""
    return {"steps": thread_steps()}


def timeline() -> dict[str, Any]:
    """Newest first, every kind once."""
    return {
        "entries": [
            {"at": at(5, 15, 8, 2), "actor": "Ada Winter", "title": "Invoice INV-2026-0342 issued", "detail": "Passed 312 rules of EN 16931", "kind": "progress", "icon": "receipt", "amount": eur(1293075), "url": "/ui/"},
            {"at": at(5, 14, 15, 40), "actor": "Warehouse", "title": "Shipment D-2026-0204 delivered in part", "detail": "2 of 3 conveyors; the third waits for its motor", "kind": "warn", "icon": "truck"},
            {"at": at(3, 3, 9, 11), "actor": "Order desk", "title": "Order released", "kind": "good", "icon": "check"},
            {"at": at(3, 2, 17, 58), "actor": "Sigrid Aune (buyer)", "title": "Quote accepted", "detail": "Signed by name, e-mail and time; the page is kept byte for byte", "kind": "good", "icon": "signature", "amount": eur(1847250)},
            {"at": at(2, 12, 11, 5), "actor": "Mail server", "title": "Mail to purchasing@nordfjord.example refused", "kind": "bad", "icon": "mail"},
            {"at": at(1, 8, 7, 30), "title": "Asked through the form on halden.example", "kind": "neutral", "icon": "inbox"},
        ],
        "more_url": "/ui/",
    }


def waterfall() -> dict[str, Any]:
    """From list price to gross; rows sum."""
    return {
        "title": "Incline conveyor BC-600, 3 pieces",
        "rows": [
            {"label": "List price", "detail": "3 × 6,120.00 EUR, price book EUR 2026", "amount": eur(1836000), "type": "base"},
            {"label": "Volume tier", "detail": "3% from 3 conveyors", "amount": eur(-55080), "why": "/ui/"},
            {"label": "Line discount", "detail": "12.83% by Ines Halvorsen", "amount": eur(-228610)},
            {"label": "Net", "amount": eur(1552310), "type": "subtotal"},
            {"label": "VAT 19%", "detail": "supply in Germany, § 12 UStG", "amount": eur(294939)},
            {"label": "Gross", "amount": eur(1847249), "type": "total"},
        ],
    }


def totals() -> dict[str, Any]:
    """Quantity × price − discount = amount, then tax."""
    return {
        "rows": [
            {"label": "Sum of lines", "amount": eur(2039770)},
            {"label": "Discount on the quote", "detail": "5%", "amount": eur(-101989), "type": "discount"},
            {"label": "Net", "amount": eur(1937781), "type": "subtotal"},
            {"label": "VAT", "detail": "19% on 19,377.81 EUR", "amount": eur(368178), "type": "tax"},
            {"label": "Total", "amount": eur(2305959), "type": "total"},
        ],
        "note": "Payable within 30 days of the invoice; 2 % discount within 10 days.",
    }


def lines() -> dict[str, Any]:
    """Lines of a document with arithmetic."""
    return {
        "caption": "Lines",
        "rows": [
            {"name": "Incline conveyor BC-600", "detail": "6,000 × 600 mm, 20°, stainless, washdown", "quantity": Quantity(Decimal(3), "piece"), "unit_price": Rate(Decimal("6120"), "EUR"), "discount_bps": 300, "discount": eur(-55080), "amount": eur(1780920), "why": "/ui/#waterfall", "progress": [("Delivered", Quantity(Decimal(2), "piece"), Quantity(Decimal(3), "piece")), ("Invoiced", Quantity(Decimal(2), "piece"), Quantity(Decimal(3), "piece"))]},
            {"name": "Installation and run test", "quantity": Quantity(Decimal("2.5"), "day"), "unit_price": Rate(Decimal("1150"), "EUR"), "amount": eur(287500)},
            {"name": "Return of the loan conveyor", "detail": "credit agreed on 2 March", "quantity": Quantity(Decimal(1), "piece"), "unit_price": Rate(Decimal("-286.5"), "EUR"), "amount": eur(-28650)},
        ],
        "total": eur(2039770),
    }


def stats() -> list[dict[str, Any]]:
    """Figures with and without trend."""
    return [
        {"label": "Open pipeline", "amount": eur(48236000), "detail": "37 opportunities", "url": "/ui/"},
        {"label": "First response", "value": "2 h 14 min", "detail": "median of 63 leads in March", "trend": "18 min faster", "trend_kind": "good"},
        {"label": "Lead conversion", "value": "13.3%", "detail": "cohort January 2026; 4 still open", "url": "/ui/"},
        {"label": "Overdue", "amount": eur(2431080), "detail": "7 invoices", "kind": "bad", "url": "/ui/"},
    ]


def ageing() -> dict[str, Any]:
    """Receivables by age."""
    rows = [("Not due", 6214350, 18), ("1–30 days", 1821500, 5), ("31–60 days", 430080, 1), ("61–90 days", 0, 0), ("Over 90 days", 179500, 1)]
    return {
        "buckets": [{"label": label, "amount": eur(minor), "count": count, "url": "/ui/"} for label, minor, count in rows],
        "total": eur(sum(minor for _label, minor, _count in rows)),
        "as_of": date(2026, 5, 31),
    }


def bars() -> dict[str, Any]:
    """A small funnel."""
    return {
        "label": "Leads by origin",
        "rows": [
            {"label": "Organic search", "value": 2296, "detail": "28.7%", "url": "/ui/"},
            {"label": "Paid search", "value": 1586, "detail": "19.8%"},
            {"label": "No origin given", "value": 1099, "detail": "13.7%", "kind": "neutral"},
            {"label": "Refused rows", "value": 12, "kind": "bad"},
        ],
    }


def works() -> list[dict[str, Any]]:
    """Long work in each state."""
    return [
        {"label": "Importing leads", "done": 5120, "total": 8000},
        {"label": "Bill run for May", "done": 0, "text": "Counting what is due …"},
        {"label": "Importing leads", "done": 8000, "total": 8000, "state": "done", "text": "7,988 added, 12 refused", "results_url": "/ui/", "refused_url": "/ui/", "refused": 12},
        {"label": "Statement 2026-05-29", "done": 3, "total": 40, "state": "failed", "text": "Held: the closing balance is off by 0.01 EUR"},
    ]


def notices() -> list[dict[str, Any]]:
    """A notice of each kind."""
    return [
        {"text": "This demo company is fictitious; mails are kept on a page, not sent."},
        {"title": "The buyer is reading", "text": "Opened 4 minutes ago from Ålesund.", "kind": "progress"},
        {"title": "Paid in full", "text": "18,472.50 EUR arrived on 12 June; matched by reference.", "kind": "good"},
        {"title": "The price book ends on 30 June", "text": "Lines quoted later use the next one.", "kind": "warn", "actions": [{"label": "See the next one", "url": "/ui/"}]},
        {"title": "Held: the statement does not add up", "text": "Opening balance plus entries is 0.01 EUR above the closing balance. Nothing was booked.", "kind": "bad"},
    ]


def fields() -> list[dict[str, Any]]:
    """A field of each type, and one with an error."""
    countries = [("DE", "Germany"), ("NO", "Norway"), ("FR", "France")]
    return [
        {"name": "company", "label": "Company", "value": "Nordfjord Seafood AS", "required": True, "autocomplete": "organization"},
        {"name": "mail", "label": "E-mail", "type": "email", "value": "purchasing@nordfjord", "error": "The part after @ has no domain, such as nordfjord.example.", "required": True, "autocomplete": "email"},
        {"name": "country", "label": "Country", "type": "select", "value": "NO", "options": countries, "required": True},
        {"name": "amount", "label": "Amount", "type": "money", "value": "18472.50", "suffix": "EUR", "required": True, "help": "Filled in from the open invoices."},
        {"name": "paid_on", "label": "Paid on", "type": "date", "value": "2026-06-12", "required": True},
        {"name": "note", "label": "Note", "type": "textarea", "help": "Seen by colleagues only.", "rows": 2},
        {"name": "file", "label": "Bank statement", "type": "file", "help": "camt.053 or MT940."},
        {"name": "number", "label": "Number", "value": "given at issue", "readonly": True},
        {"name": "channel", "label": "Channel", "type": "radio", "value": "mail", "options": [("mail", "Mail"), ("call", "Call")], "required": True},
        {"name": "consent", "label": "May be called about this inquiry", "type": "checkbox", "value": True},
    ]


def payment_dialog() -> dict[str, Any]:
    """The payment dialog, already filled in."""
    wanted = {"amount", "paid_on", "note"}
    return {
        "fields": [
            {**field, "id": f"payment_{field['name']}"}
            for field in fields()
            if field["name"] in wanted
        ]
    }


def everything(query: Mapping[str, str]) -> dict[str, Any]:
    """The context of the gallery; `query` makes its table sort and search like a real one."""
    return {
        "header": header(),
        "off_header": off_header(),
        "facts": facts(),
        "thread": thread(),
        "timeline": timeline(),
        "quiet_timeline": {"entries": []},
        "waterfall": waterfall(),
        "totals": totals(),
        "lines": lines(),
        "stats": stats(),
        "ageing": ageing(),
        "bars": bars(),
        "works": works(),
        "notices": notices(),
        "fields": fields(),
        "board": board(),
        "grid": gallery_board.grid(),
        "locked_grid": gallery_board.locked_grid(),
        "table": gallery_lists.table(query),
        "empty_table": gallery_lists.empty_table(),
        "tabs": gallery_lists.tabs(),
        "kinds": [("draft", "neutral"), ("sent", "progress"), ("paid", "good"), ("due in 2 days", "warn"), ("overdue", "bad"), ("cancelled", "ended")],
        "toasts": [{"text": _("Saved."), "kind": "good"}, {"text": "The statement is held.", "kind": "bad"}],
        "moneys": [eur(123450), eur(-123450), Money(0, "EUR"), Money(1234500, "JPY"), Money(1234567, "KWD")],
        "quantities": [Quantity(Decimal("2.5"), "m"), Quantity(Decimal(12), "piece"), Quantity(Decimal(1200), "kg")],
        "rate": Rate(Decimal("0.0125"), "EUR"),
        "number": Decimal("1234567.5"),
        "day": date(2026, 3, 1),
        "instant": at(3, 1, 14, 5),
        "statuses": [403, 404, 409, 422, 500],
    }


def record() -> dict[str, Any]:
    """The context of the record page."""
    return {
        "header": {
            "title": "Nordfjord Seafood AS",
            "number": "INV-2026-0342",
            "state": ("issued, not yet sent", "progress"),
            "amount": eur(1293075),
            "amount_label": "To be paid by 14 Jun 2026",
            "trail": [("Invoices", "/ui/")],
            "actions": [
                {"label": "Send", "url": "/ui/echo/", "method": "post", "kind": "primary", "icon": "send"},
                {"label": "PDF", "url": "/ui/", "icon": "download"},
                {"label": "Record payment", "url": "/ui/dialog/", "method": "dialog", "icon": "banknote"},
                {"label": "Credit note", "url": "/ui/", "icon": "undo-2"},
            ],
        },
        "thread": thread(),
        "facts": facts()[:7],
        "lines": lines(),
        "totals": totals(),
        "tabs": gallery_lists.tabs(),
        "timeline": timeline(),
    }


def public_quote() -> dict[str, Any]:
    """The buyers' page of a quote."""
    return {
        "seller_name": "Halden Fördertechnik GmbH",
        "seller_legal": "Halden Fördertechnik GmbH · Werkstraße 8, 28195 Bremen · VAT DE123456789",
        "lines": lines(),
        "totals": totals(),
        "total": eur(2305959),
        "list_total": eur(2492872),
    }
