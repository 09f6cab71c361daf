"""Our paper from the snapshots that records keep: letterhead, addresses, the document's locale.

Snapshots are dictionaries as `party.queries` makes them (`seller_snapshot`, `address_snapshot`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handsel.ground.document.formatting import LANGUAGES
from handsel.ground.document.letter import BankAccount, Letterhead
from handsel.ground.document.postal import Address

Snapshot = Mapping[str, Any]
_ENGLISH_AT_HOME = frozenset({"US", "GB", "IE", "CA", "AU", "NZ", "IN", "ZA", "SG"})


def letterhead(seller: Snapshot) -> Letterhead:
    """The letterhead of a seller as his snapshot has it."""
    return Letterhead(
        name=seller["legal_name"] or seller["name"],
        address=Address(
            recipient=(seller["legal_name"] or seller["name"],),
            street=(seller["street"],),
            postal_code=seller["postcode"],
            city=seller["city"],
            country=seller["country"],
        ),
        phone=seller.get("phone", ""),
        email=seller.get("email", ""),
        web=seller.get("website", ""),
        register=seller.get("registration_number", ""),
        vat_id=seller.get("vat_id", ""),
        bank=_bank(seller),
    )


def _bank(seller: Snapshot) -> BankAccount | None:
    if not seller.get("iban"):
        return None
    return BankAccount(
        holder=seller["legal_name"] or seller["name"],
        iban=seller["iban"],
        bic=seller.get("bic", ""),
        bank=seller.get("bank_name", ""),
    )


def postal_address(snapshot: Snapshot, *, attention: str = "") -> Address:
    """Where a letter goes, from an address snapshot; `attention` is the person's name."""
    names = (snapshot.get("name", ""), attention)
    streets = (snapshot.get("street", ""), snapshot.get("street_extra", ""))
    return Address(
        recipient=tuple(name for name in names if name),
        street=tuple(street for street in streets if street),
        postal_code=snapshot.get("postcode", ""),
        city=snapshot.get("city", ""),
        region=snapshot.get("region", ""),
        country=snapshot.get("country", ""),
    )


def document_locale(language: str, country: str) -> str:
    """The locale a reader in a country expects: "de_AT", "en_US"; British English elsewhere.

    A language we write no documents in gives English.
    """
    short = language[:2]
    if short not in LANGUAGES:
        short = "en"
    if short == "de":
        return f"de_{country}" if country in ("DE", "AT", "CH") else "de_DE"
    return f"en_{country}" if country in _ENGLISH_AT_HOME else "en_GB"
