"""A small world for tests: one house, its people, one customer, products; made by actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from handsel.ground.identity import actions as identity
from handsel.ground.identity.models import User
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization, Person, Seller
from handsel.ground.platform.actor import Actor
from handsel.site.roles import ROLES, permissions_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """What `make_world` built. `actor("accountant")` acts with that role's permissions."""

    now: datetime
    seller: Seller
    foreign_seller: Seller
    customer: Organization
    buyer: Person
    users: dict[str, User] = field(default_factory=dict)

    @cached_property
    def system(self) -> Actor:
        """The program itself, seeing the one seller."""
        return Actor.system("test", seller_ids=[self.seller.pk])

    def actor(self, role: str) -> Actor:
        """The user of a role as an actor who sees the one seller."""
        user = self.users[role]
        return Actor(
            "user", user.name, user.pk, permissions_of([role]), frozenset({self.seller.pk})
        )

    @cached_property
    def stranger(self) -> Actor:
        """Somebody with every permission who works for the other seller only."""
        return Actor(
            "user", "Stranger", None, permissions_of(ROLES), frozenset({self.foreign_seller.pk})
        )


def make_world(*, now: datetime = NOW) -> World:
    """A German seller, a foreign one, a user per role, a German customer with a buyer."""
    maker = Actor.system("test")
    seller = make_seller(maker, now, "Halden GmbH", "DE", "EUR", "DE136695976")
    foreign = make_seller(maker, now, "Halden UK Ltd", "GB", "GBP", "GB980780684")
    world = World(now, seller, foreign, *make_customer(maker, now))
    for role, title in ROLES.items():
        user = identity.create_user(
            actor=maker,
            now=now,
            email=f"{role}@halden.example",
            name=title,
            password=None,
            roles=[role],
        )
        party.add_seller_member(actor=maker, now=now, seller_id=seller.pk, user_id=user.pk)
        world.users[role] = user
    return world


def make_seller(
    maker: Actor, now: datetime, name: str, country: str, currency: str, vat_id: str
) -> Seller:
    """A legal entity of the house with one bank account."""
    iban = {"DE": "DE89370400440532013000", "GB": "GB29NWBK60161331926819"}[country]
    return party.create_seller(
        actor=maker,
        now=now,
        name=name,
        legal_name=name,
        currency=currency,
        time_zone={"DE": "Europe/Berlin", "GB": "Europe/London"}[country],
        country=country,
        street="Werkstraße 1",
        postcode="70173",
        city="Stuttgart",
        email="office@halden.example",
        electronic_address="office@halden.example",
        vat_ids={country: vat_id},
        bank_accounts=[{"iban": iban, "bic": "COBADEFFXXX", "currency": currency}],
    )


def make_customer(
    maker: Actor,
    now: datetime,
    *,
    name: str = "Brandt Lebensmittel GmbH",
    country: str = "DE",
    currency: str = "EUR",
    vat_id: str = "DE129273398",
    domain: str = "brandt.example",
) -> tuple[Organization, Person]:
    """A customer with a billing and a shipping address and one buyer."""
    organization = party.create_organization(
        actor=maker,
        now=now,
        name=name,
        country=country,
        currency=currency,
        vat_id=vat_id,
        is_customer=True,
        electronic_address=f"invoices@{domain}",
        electronic_address_scheme="EM",
    )
    for kind, street in (("billing", "Hauptstraße 5"), ("shipping", "Industrieweg 9")):
        party.add_address(
            actor=maker,
            now=now,
            organization_id=organization.pk,
            kind=kind,
            street=street,
            postcode="10115",
            city="Berlin",
            country=country,
        )
    if domain:
        party.add_domain(actor=maker, now=now, organization_id=organization.pk, domain=domain)
    buyer = party.create_person(
        actor=maker,
        now=now,
        name="Kim Brandt",
        email=f"kim@{domain}",
        organization_id=organization.pk,
        role="Head of production",
    )
    return organization, buyer
