"""Where the page of a record is, by the type its events use."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

RECORD_PAGES = {
    "lead": "lead:record",
    "opportunity": "opportunity:record",
    "product": "catalog:record",
    "price_book": "price:record",
    "configuration": "configure:record",
    "quote": "quote:record",
    "order": "order:record",
    "shipment": "fulfillment:record",
    "invoice": "billing:record",
    "payment": "cash:record",
    "journal_entry": "ledger:record",
    "organization": "party:record",
    "mail": "document:record",
}


def address_of(object_type: str, object_id: int) -> str:
    """The address of a record's page, or an empty text where it has none."""
    name = RECORD_PAGES.get(object_type)
    if name is None:
        return ""
    try:
        return reverse(name, args=[object_id])
    except NoReverseMatch:
        return ""
