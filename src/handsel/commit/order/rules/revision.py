"""What the desk may complete on an order before its release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

ADDRESS_PARTS = ("name", "street", "street_extra", "postcode", "city", "region", "country")
NEEDED_PARTS = ("name", "street", "city", "country")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_PART = 200


class Changes(TypedDict, total=False):
    """Fields to change; what is not named stays. Prices and quantities are never among them."""

    purchase_order: str
    requested_on: date | None
    contact_name: str
    contact_email: str
    bill_to: Mapping[str, str]
    ship_to: Mapping[str, str]


EDITABLE = frozenset(Changes.__annotations__)


def is_complete(address: Mapping[str, Any]) -> bool:
    """Whether an address has what a letter or a truck needs."""
    return all(address.get(part) for part in NEEDED_PARTS)


def problems_of(changes: Changes) -> dict[str, str]:
    """Field to what was expected there; empty when the changes can be kept."""
    found = {name: "not a field of an order" for name in changes if name not in EDITABLE}
    if len(changes.get("purchase_order", "")) > 60:
        found["purchase_order"] = "at most 60 characters"
    if len(changes.get("contact_name", "")) > 200:
        found["contact_name"] = "at most 200 characters"
    email = changes.get("contact_email", "")
    if email and (len(email) > 200 or not _EMAIL.fullmatch(email)):
        found["contact_email"] = "a mail address"
    for field in ("bill_to", "ship_to"):
        if field in changes:
            found.update(_address_problems(field, changes[field]))
    return found


def _address_problems(field: str, address: Mapping[str, str]) -> dict[str, str]:
    found = {f"{field}.{part}": "no part of an address" for part in set(address) - {*ADDRESS_PARTS}}
    for part in ADDRESS_PARTS:
        value = address.get(part, "")
        if len(value) > LONGEST_PART:
            found[f"{field}.{part}"] = f"at most {LONGEST_PART} characters"
        elif part in NEEDED_PARTS and not value.strip():
            found[f"{field}.{part}"] = "needed"
    if "country" not in found and not _COUNTRY.fullmatch(address.get("country", "")):
        found[f"{field}.country"] = "two capital letters, such as DE"
    return found


def full_address(address: Mapping[str, str]) -> dict[str, str]:
    """An address with all its parts, trimmed."""
    return {part: address.get(part, "").strip() for part in ADDRESS_PARTS}
