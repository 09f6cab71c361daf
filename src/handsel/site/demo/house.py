"""Halden's two companies, the people who work there, and what the rest of the demo holds on to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from handsel.attract.lead import actions as leads
from handsel.attract.lead.models import CaptureForm
from handsel.bid.catalog.models import Product
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import Warehouse
from handsel.ground.identity import actions as identity
from handsel.ground.identity.models import User
from handsel.ground.kernel.names import named
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization, Person, Seller
from handsel.ground.platform.actor import Actor
from handsel.site.roles import permissions_of

PASSWORD = "halden-demo-2026"  # noqa: S105 - shown to everybody on the demo's sign-in page
GERMAN_ACCOUNT, DOLLAR_ACCOUNT = "DE02600501010002034304", "DE72600501010002034305"
BRITISH_ACCOUNT = "GB02NWBK60161331926820"


class Employee(NamedTuple):
    """Somebody who works for Halden: (login, name, roles, language)."""

    login: str
    name: str
    role: str
    language: str
    is_british: bool = False


# The first of each role is the one shown on the sign-in page.
EMPLOYEES = (
    Employee("rep", "Jana Winter", "sales_rep", "de"),
    Employee("rep.uk", "Robin Hale", "sales_rep", "en", is_british=True),
    Employee("sales", "Martin Sommer", "sales_manager", "de"),
    Employee("orders", "Petra Lindner", "order_desk", "de"),
    Employee("warehouse", "Emre Falk", "production", "de"),
    Employee("accounts", "Sofia Berg", "accountant", "en"),
    Employee("service", "Nils Krüger", "service_agent", "de"),
    Employee("models", "Lena Roth", "product_modeller", "en"),
    Employee("admin", "Alex Stein", "administrator", "en"),
)


@dataclass
class House:
    """Everything of Halden that acts of the demo refer to."""

    german: Seller
    british: Seller
    users: dict[str, User] = field(default_factory=dict)
    warehouses: dict[int, Warehouse] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    form: CaptureForm | None = None

    @property
    def system(self) -> Actor:
        """The program itself, working for both companies."""
        return Actor.system("demo", seller_ids=[self.german.pk, self.british.pk])

    def actor(self, login: str) -> Actor:
        """An employee as he acts when signed in."""
        one = next(employee for employee in EMPLOYEES if employee.login == login)
        sellers = [self.british.pk] if one.is_british else [self.german.pk, self.british.pk]
        user = self.users[login]
        return Actor("user", user.name, user.pk, permissions_of([one.role]), frozenset(sellers))

    def seller(self, key: str) -> Seller:
        """The German company ("de") or the British one ("uk")."""
        return self.british if key == "uk" else self.german


def in_both(english: str, german: str) -> str:
    """A name in the two languages of the house."""
    return named({"en": english, "de": german})


def build_house(now: datetime) -> House:
    """Companies, people, warehouses and the public form."""
    maker = Actor.system("demo")
    house = House(_german(maker, now), _british(maker, now))
    for one in EMPLOYEES:
        _employ(house, one, now)
    for seller, city in ((house.german, "Stuttgart"), (house.british, "Leeds")):
        house.warehouses[seller.pk] = fulfillment.create_warehouse(
            actor=house.system, now=now, seller_id=seller.pk, name=city
        )
    house.form = leads.create_form(
        actor=house.actor("sales"),
        now=now,
        seller_id=house.german.pk,
        key="halden",
        title="Ask Halden",
        intro="Tell us what has to be moved. A person answers within one working hour.",
        source="website",
        interest_choices=["Conveyors", "Spare parts", "Halden Care", "Something else"],
        consent_text="I agree that Halden may keep what I wrote and answer me.",
        owner_id=house.users["rep"].pk,
    )
    return house


def _employ(house: House, one: Employee, now: datetime) -> None:
    maker = Actor.system("demo")
    user = identity.create_user(
        actor=maker,
        now=now,
        email=f"{one.login}@halden.example",
        name=one.name,
        password=PASSWORD,
        roles=[one.role],
        language=one.language,
        time_zone="Europe/London" if one.is_british else "Europe/Berlin",
    )
    house.users[one.login] = user
    for seller in (house.british,) if one.is_british else (house.german, house.british):
        party.add_seller_member(actor=maker, now=now, seller_id=seller.pk, user_id=user.pk)


def _german(maker: Actor, now: datetime) -> Seller:
    return party.create_seller(
        actor=maker,
        now=now,
        name="Halden GmbH",
        legal_name="Halden Fördertechnik GmbH",
        currency="EUR",
        time_zone="Europe/Berlin",
        language="de",
        country="DE",
        street="Werkstraße 12",
        postcode="70173",
        city="Stuttgart",
        email="office@halden.example",
        phone="+49 711 1234560",
        website="https://www.halden.example",
        registration_number="HRB 700001",
        electronic_address="invoices@halden.example",
        vat_ids={"DE": "DE299123409"},
        bank_accounts=[
            {
                "iban": GERMAN_ACCOUNT,
                "bic": "SOLADEST600",
                "bank_name": "Musterbank Stuttgart",
                "currency": "EUR",
            },
            {
                "iban": DOLLAR_ACCOUNT,
                "bic": "SOLADEST600",
                "bank_name": "Musterbank Stuttgart",
                "currency": "USD",
            },
        ],
    )


def _british(maker: Actor, now: datetime) -> Seller:
    return party.create_seller(
        actor=maker,
        now=now,
        name="Halden UK Ltd",
        legal_name="Halden Conveyors UK Limited",
        currency="GBP",
        time_zone="Europe/London",
        language="en",
        country="GB",
        street="8 Foundry Lane",
        postcode="LS1 4AP",
        city="Leeds",
        email="office@halden-uk.example",
        phone="+44 113 496 0001",
        registration_number="00000001",
        electronic_address="invoices@halden-uk.example",
        vat_ids={"GB": "GB312345638"},
        bank_accounts=[
            {
                "iban": BRITISH_ACCOUNT,
                "bic": "NWBKGB2L",
                "bank_name": "Sample Bank Leeds",
                "currency": "GBP",
            }
        ],
    )
