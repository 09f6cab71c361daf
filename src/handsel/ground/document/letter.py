"""The sheet every document is written on: whose paper it is, to whom, and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from handsel.ground.document.postal import Address

Paper = Literal["a4", "us-letter"]
ReferenceKind = Literal[
    "",
    "customer",
    "your_reference",
    "your_order",
    "quote",
    "order",
    "order_confirmation",
    "delivery_note",
    "invoice",
    "contract",
    "project",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where money is to be sent. The IBAN may be written with or without spaces."""

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """One of our legal entities as its paper shows it.

    `register` reads like "HRB 12345, Amtsgericht Köln"; `directors` like "Geschäftsführung: …".
    `logo_svg` is drawn 14 mm high; without one, the name is set in the accent colour.
    """

    name: str
    address: Address
    phone: str = ""
    email: str = ""
    web: str = ""
    register: str = ""
    directors: str = ""
    vat_id: str = ""
    tax_number: str = ""
    bank: BankAccount | None = None
    logo_svg: str = ""
    accent: str = "#1f4b6e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask about this document."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A row of the information block; `kind` names a known label, or `label` is given."""

    value: str
    kind: ReferenceKind = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every document has. `produced_at` is the only clock a document knows."""

    TEMPLATE: ClassVar[str] = ""
    SHOWN: ClassVar[tuple[str, ...]] = ()

    seller: Letterhead
    recipient: Address
    number: str
    issued_on: date
    produced_at: datetime
    locale: str
    time_zone: str
    paper: Paper = "a4"
    recipient_vat_id: str = ""
    references: tuple[Reference, ...] = ()
    contact: Contact | None = None
    subject: str = ""
    intro: str = ""
    closing: str = ""
