"""The five accounts of the demo, with their sites and their people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handsel.ground.party import actions as party
from handsel.site.demo.house import House


@dataclass(frozen=True)
class Site:
    """An organization: its key in the demo, name, postal address, people and facts."""

    key: str
    name: str
    country: str
    currency: str
    street: str
    postcode: str
    city: str
    people: Sequence[tuple[str, str, str]] = ()  # key, name, role
    domain: str = ""
    parent: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


SITES = (
    Site(
        "kornfeld",
        "Kornfeld Lebensmittel AG",
        "DE",
        "EUR",
        "Mühlenallee 1",
        "89073",
        "Ulm",
        (("weber", "Katrin Weber", "Head of purchasing"),),
        domain="kornfeld.example",
        facts={
            "vat_id": "DE288765400",
            "language": "de",
            "segment": "food",
            "payment_days": 30,
            "credit_limit_minor": 25_000_000,
        },
    ),
    Site(
        "kornfeld-ulm",
        "Kornfeld Lebensmittel AG, Werk Ulm",
        "DE",
        "EUR",
        "Mühlenallee 3",
        "89073",
        "Ulm",
        (("brandt", "Tobias Brandt", "Maintenance"),),
        parent="kornfeld",
        facts={"vat_id": "DE288765400", "language": "de", "segment": "food"},
    ),
    Site(
        "kornfeld-erfurt",
        "Kornfeld Lebensmittel AG, Werk Erfurt",
        "DE",
        "EUR",
        "Am Gleisdreieck 20",
        "99086",
        "Erfurt",
        (("seidel", "Anke Seidel", "Plant manager"), ("horn", "Uwe Horn", "Electrical")),
        parent="kornfeld",
        facts={"vat_id": "DE288765400", "language": "de", "segment": "food"},
    ),
    Site(
        "kornfeld-lingen",
        "Kornfeld Lebensmittel AG, Werk Lingen",
        "DE",
        "EUR",
        "Hafenstraße 44",
        "49808",
        "Lingen",
        (("otten", "Wiebke Otten", "Production planning"),),
        parent="kornfeld",
        facts={"vat_id": "DE288765400", "language": "de", "segment": "food"},
    ),
    Site(
        "northway",
        "Northway Parcel Inc.",
        "US",
        "USD",
        "1200 Hub Drive",
        "40209",
        "Louisville",
        (("carter", "Dana Carter", "Automation engineer"), ("lopez", "Rafael Lopez", "Buyer")),
        domain="northway-parcel.example",
        facts={"segment": "logistics", "payment_days": 45, "buyer_reference": "NW-4410"},
    ),
    Site(
        "gruenkreis",
        "Grünkreis Recycling GmbH",
        "AT",
        "EUR",
        "Ennshafenstraße 9",
        "4470",
        "Enns",
        (("moser", "Clemens Moser", "Plant engineer"),),
        domain="gruenkreis.example",
        facts={
            "vat_id": "ATU61234505",
            "language": "de",
            "segment": "recycling",
            "payment_days": 30,
            "credit_limit_minor": 2_500_000,
        },
    ),
    Site(
        "brightwell",
        "Brightwell Conveyor Supplies Ltd",
        "GB",
        "GBP",
        "Unit 4, Canal Road",
        "M17 1AB",
        "Manchester",
        (("ellis", "Morgan Ellis", "Director"),),
        domain="brightwell.example",
        facts={
            "vat_id": "GB412345630",
            "segment": "dealer",
            "price_segment": "partner-2",
            "payment_days": 30,
        },
    ),
    Site(
        "valmora",
        "Valmora Pharma AG",
        "CH",
        "EUR",
        "Rheinuferweg 70",
        "4056",
        "Basel",
        (("keller", "Noemi Keller", "Engineering"), ("frei", "Luca Frei", "Procurement")),
        domain="valmora.example",
        facts={
            "vat_id": "CHE114567816MWST",
            "language": "de",
            "segment": "pharma",
            "payment_days": 60,
        },
    ),
    Site(
        "valmora-lyon",
        "Valmora France SAS",
        "FR",
        "EUR",
        "18 rue des Ateliers",
        "69007",
        "Lyon",
        (("morel", "Camille Morel", "Site engineering"),),
        parent="valmora",
        facts={"vat_id": "FR44732829320", "segment": "pharma", "payment_days": 45},
    ),
)


def welcome_customers(house: House, now: datetime) -> None:
    """Write down the five accounts: organizations with parents, addresses, domains, people."""
    for site in SITES:
        _welcome(house, site, now)


def _welcome(house: House, site: Site, now: datetime) -> None:
    actor = house.actor("rep.uk" if site.country == "GB" else "rep")
    domain = site.domain or _parent_domain(site)
    parent = house.organizations[site.parent].pk if site.parent else None
    organization = party.create_organization(
        actor=actor,
        now=now,
        name=site.name,
        country=site.country,
        currency=site.currency,
        legal_name=site.name.split(",")[0],
        is_customer=True,
        owner_id=actor.user_id,
        parent_id=parent,
        electronic_address=f"invoices@{domain}",
        electronic_address_scheme="EM",
        **site.facts,
    )
    house.organizations[site.key] = organization
    for kind in ("billing", "shipping"):
        party.add_address(
            actor=actor,
            now=now,
            organization_id=organization.pk,
            kind=kind,
            street=site.street,
            postcode=site.postcode,
            city=site.city,
            country=site.country,
        )
    if site.domain:
        party.add_domain(actor=actor, now=now, organization_id=organization.pk, domain=site.domain)
    for key, name, role in site.people:
        house.people[key] = party.create_person(
            actor=actor,
            now=now,
            name=name,
            email=f"{name.lower().replace(' ', '.')}@{domain}",
            country=site.country,
            language=site.facts.get("language", "en"),
            organization_id=organization.pk,
            role=role,
        )


def _parent_domain(site: Site) -> str:
    return next(one.domain for one in SITES if one.key == site.parent)
