"""What party announces: who came to be known, and what changed about our own legal entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event

_ORGANIZATION: dict[str, str] = {"organization_id": "organization"}
_SELLER: dict[str, str] = {"seller_id": "seller"}


@dataclass(frozen=True, slots=True)
class OrganizationAdded(Event):
    """We know an organization from now on."""

    TYPE: ClassVar[str] = "party.organization.added"
    TOUCHES: ClassVar[dict[str, str]] = _ORGANIZATION

    organization_id: int


@dataclass(frozen=True, slots=True)
class OrganizationRevised(Event):
    """Facts of an organization changed; `changed` names them."""

    TYPE: ClassVar[str] = "party.organization.revised"
    TOUCHES: ClassVar[dict[str, str]] = _ORGANIZATION

    organization_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SellerAdded(Event):
    """A legal entity of ours began to sell."""

    TYPE: ClassVar[str] = "party.seller.added"
    TOUCHES: ClassVar[dict[str, str]] = _SELLER

    seller_id: int


@dataclass(frozen=True, slots=True)
class SellerRevised(Event):
    """Facts of a legal entity of ours changed; `changed` names them."""

    TYPE: ClassVar[str] = "party.seller.revised"
    TOUCHES: ClassVar[dict[str, str]] = _SELLER

    seller_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BankAccountAdded(Event):
    """A seller can be paid to another account."""

    TYPE: ClassVar[str] = "party.bank_account.added"
    TOUCHES: ClassVar[dict[str, str]] = _SELLER

    seller_id: int
    iban: str
    currency: str


@dataclass(frozen=True, slots=True)
class BankAccountPreferred(Event):
    """Documents name another account to pay to."""

    TYPE: ClassVar[str] = "party.bank_account.preferred"
    TOUCHES: ClassVar[dict[str, str]] = _SELLER

    seller_id: int
    iban: str
    currency: str


@dataclass(frozen=True, slots=True)
class TaxRegistrationSet(Event):
    """A seller is registered for VAT in a country under this id."""

    TYPE: ClassVar[str] = "party.tax_registration.set"
    TOUCHES: ClassVar[dict[str, str]] = _SELLER

    seller_id: int
    country: str
    vat_id: str


@dataclass(frozen=True, slots=True)
class SeatGiven(Event):
    """A user works for a seller and sees its records."""

    TYPE: ClassVar[str] = "party.seat.given"
    TOUCHES: ClassVar[dict[str, str]] = {"seller_id": "seller", "user_id": "user"}

    seller_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class SeatTaken(Event):
    """A user no longer works for a seller."""

    TYPE: ClassVar[str] = "party.seat.taken"
    TOUCHES: ClassVar[dict[str, str]] = {"seller_id": "seller", "user_id": "user"}

    seller_id: int
    user_id: int
