"""Who stands on either side of a payment, and with which bank account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as stated: structured parts, free lines, or both."""

    department: str = ""
    sub_department: str = ""
    street_name: str = ""
    building_number: str = ""
    post_code: str = ""
    town_name: str = ""
    country_sub_division: str = ""
    country: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """One number that names a party in some scheme: register, tax office, own numbering."""

    number: str
    scheme: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Birth:
    """Date and place of birth, which some banks send. Read for completeness, never stored."""

    born_on: date
    province: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A person, an organization or (``is_institution``) a bank acting for itself.

    ``is_private`` says that the identification given is that of a natural person.
    ``bic_element`` keeps the name under which an older version states the BIC of a party
    (BICOrBEI, AnyBIC).
    """

    name: str = ""
    address: Address | None = None
    bic: str = ""
    bic_element: str = ""
    lei: str = ""
    identifications: tuple[Identification, ...] = ()
    is_private: bool = False
    birth: Birth | None = None
    country_of_residence: str = ""
    email: str = ""
    phone: str = ""
    is_institution: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """A bank."""

    bic: str = ""
    name: str = ""
    clearing_code: str = ""
    clearing_member_id: str = ""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account as stated: by IBAN, or by another number with its scheme."""

    iban: str = ""
    other_id: str = ""
    other_scheme: str = ""
    other_issuer: str = ""
    currency: str = ""
    name: str = ""
    kind: str = ""
    owner: Party | None = None
    servicer: Agent | None = None

    @property
    def identification(self) -> str:
        """The IBAN, or the other number where there is none."""
        return self.iban or self.other_id


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a payment: who, with which account at which bank, and for whom."""

    party: Party | None = None
    account: BankAccount | None = None
    agent: Agent | None = None
    ultimate: Party | None = None

    @property
    def name(self) -> str:
        """The name to show: the party's, else the one its account or the ultimate party has."""
        names = (
            self.party.name if self.party else "",
            self.account.name if self.account else "",
            self.ultimate.name if self.ultimate else "",
        )
        return next((name for name in names if name), "")

    @property
    def iban(self) -> str:
        """The IBAN of the side's account, or ""."""
        return self.account.iban if self.account else ""


def normal_iban(text: str) -> str:
    """Return an IBAN as it is compared: no blanks, upper case."""
    return "".join(text.split()).upper()
