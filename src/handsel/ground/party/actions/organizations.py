"""Writers of organizations, persons and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.said import said
from handsel.ground.party import queries
from handsel.ground.party.errors import DomainTaken, PartyInvalid
from handsel.ground.party.events import OrganizationAdded, OrganizationRevised
from handsel.ground.party.models import (
    Address,
    Affiliation,
    ContactPoint,
    Organization,
    OrganizationDomain,
    Person,
)
from handsel.ground.party.rules.contact import normalize_email, normalize_phone
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.copying import take_keys
from handsel.ground.platform.joined import joined
from handsel.ground.platform.log import announce
from handsel.ground.tax.rules.vat_id import check_vat_id

PRICES = "price.edit"
LONGEST_TIER = 40
ORGANIZATION_FACTS = frozenset(
    [
        "name",
        "legal_name",
        "country",
        "currency",
        "language",
        "vat_id",
        "registration_number",
        "website",
        "segment",
        "price_segment",
        "partner_tier",
        "payment_days",
        "credit_limit_minor",
        "buyer_reference",
        "electronic_address",
        "electronic_address_scheme",
        "owner_id",
        "parent_id",
        "is_customer",
    ]
)


@joined
def create_organization(
    *, actor: Actor, now: datetime, name: str, country: str, currency: str, **facts: Any
) -> Organization:
    """A new organization; `facts` are any of `ORGANIZATION_FACTS`. VAT ids are checked by form.

    A partner tier needs the right to edit prices, because it makes them.
    """
    _check_facts({"name": name, "country": country, "currency": currency, **facts})
    if facts.get("partner_tier"):
        actor.require(PRICES)
    vat_id = _checked_vat(facts.pop("vat_id", ""))
    (key,) = take_keys(Organization, 1)
    organization = Organization.objects.create(
        pk=key,
        number=f"K{key:05d}",
        name=name.strip(),
        country=country,
        currency=currency,
        vat_id=vat_id,
        created_at=now,
        **facts,
    )
    announce(OrganizationAdded(organization_id=organization.pk), actor=actor, now=now)
    return organization


@transaction.atomic
def revise_organization(
    *, actor: Actor, now: datetime, organization_id: int, facts: Mapping[str, Any]
) -> Organization:
    """Change facts of an organization; documents already issued keep their own copy, and so do
    quotes that are begun. Another partner tier needs the right to edit prices."""
    organization = queries.get_organization(organization_id)
    changed = dict(facts)
    _check_facts(changed)
    if "vat_id" in changed:
        changed["vat_id"] = _checked_vat(changed["vat_id"])
    moved = sorted(field for field in changed if getattr(organization, field) != changed[field])
    if "partner_tier" in moved:
        actor.require(PRICES)
    for field in moved:
        setattr(organization, field, changed[field])
    if moved:
        organization.save(update_fields=moved)
        event = OrganizationRevised(organization_id=organization.pk, changed=tuple(moved))
        announce(event, actor=actor, now=now)
    return organization


def _check_facts(facts: Mapping[str, Any]) -> None:
    unknown = set(facts) - ORGANIZATION_FACTS
    if unknown:
        raise PartyInvalid(
            said("not facts of an organization: %(unknown)s", unknown=", ".join(sorted(unknown)))
        )
    if "name" in facts and not str(facts["name"]).strip():
        raise PartyInvalid("an organization needs a name", fields={"name": "a name"})
    if len(facts.get("partner_tier", "")) > LONGEST_TIER:
        raise PartyInvalid(
            "the partner tier is too long",
            fields={
                "partner_tier": said(
                    "at most %(longest_tier)s characters", longest_tier=LONGEST_TIER
                )
            },
        )
    country = facts.get("country")
    if country is not None and not (len(country) == 2 and country.isascii() and country.isupper()):
        raise PartyInvalid("a country is two capital letters", fields={"country": "such as DE"})
    currency = facts.get("currency")
    if currency is not None and not is_currency(currency):
        raise PartyInvalid("unknown currency", fields={"currency": "an ISO 4217 code"})


def _checked_vat(text: str) -> str:
    return check_vat_id(text).normalized if text else ""


@joined
def create_person(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    email: str = "",
    phone: str = "",
    country: str = "",
    language: str = "en",
    organization_id: int | None = None,
    role: str = "",
) -> Person:
    """A new person with mail, phone and a place in an organization, as far as given."""
    if not name.strip():
        raise PartyInvalid("a person needs a name", fields={"name": "a name"})
    given, _, family = name.strip().rpartition(" ")
    person = Person.objects.create(
        name=name.strip(), given_name=given, family_name=family, language=language, created_at=now
    )
    # Nothing points at a person made just now, so nothing has to be looked for first.
    points = [
        ContactPoint(
            person=person,
            kind=kind,
            value=value.strip(),
            normalized=_normalized(kind, value, country),
            is_primary=True,
        )
        for kind, value in (("email", email), ("phone", phone))
        if value
    ]
    ContactPoint.objects.bulk_create(points)
    if organization_id is not None:
        Affiliation.objects.create(person=person, organization_id=organization_id, role=role)
    return person


def _normalized(kind: str, value: str, country: str) -> str:
    """The comparable form of a mail address or telephone number; raises PartyInvalid."""
    if kind == "email":
        address = normalize_email(value)
        if address is None:
            raise PartyInvalid(
                said("%(value)s is no mail address", value=repr(value)),
                fields={"email": "name@domain"},
            )
        return address
    return normalize_phone(value, country) or "".join(c for c in value if c.isalnum())


def add_contact_point(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    value: str,
    person_id: int | None = None,
    organization_id: int | None = None,
    country: str = "",
) -> ContactPoint:
    """A mail address or phone number, kept as written and in its comparable form."""
    normalized = _normalized(kind, value, country)
    whose: dict[str, Any] = {"person_id": person_id, "organization_id": organization_id}
    point, _ = ContactPoint.objects.get_or_create(
        **whose,
        kind=kind,
        normalized=normalized,
        defaults={"value": value.strip(), "is_primary": True},
    )
    return point


def add_affiliation(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    organization_id: int,
    role: str = "",
    from_on: date | None = None,
) -> Affiliation:
    """Put a person into an organization (once)."""
    found, _ = Affiliation.objects.get_or_create(
        person_id=person_id,
        organization_id=organization_id,
        until_on=None,
        defaults={"role": role, "from_on": from_on},
    )
    return found


# Waits for somebody who claims the same domain now; no row when it stands for one already.
_STAND_FOR = """
    INSERT INTO party_organizationdomain (organization_id, domain) VALUES (%s, %s)
    ON CONFLICT DO NOTHING
    RETURNING id
"""


def add_domain(
    *, actor: Actor, now: datetime, organization_id: int, domain: str
) -> OrganizationDomain:
    """Let a mail domain stand for an organization; it can stand for one only."""
    wanted = domain.strip().lower()
    with connection.cursor() as cursor:
        cursor.execute(_STAND_FOR, [organization_id, wanted])
        made = cursor.fetchone()
    if made is not None:
        return OrganizationDomain(pk=made[0], organization_id=organization_id, domain=wanted)
    row = OrganizationDomain.objects.select_related("organization").get(domain=wanted)
    if row.organization_id != organization_id:
        raise DomainTaken(
            said(
                "%(wanted)s already stands for %(name)s", wanted=wanted, name=row.organization.name
            ),
            domain=wanted,
        )
    return row


def add_address(
    *,
    actor: Actor,
    now: datetime,
    organization_id: int,
    kind: str,
    street: str,
    city: str,
    country: str,
    postcode: str = "",
    name: str = "",
    region: str = "",
    street_extra: str = "",
) -> Address:
    """A postal address; the first of its kind is the primary one."""
    is_first = not Address.objects.filter(organization_id=organization_id, kind=kind).exists()
    return Address.objects.create(
        organization_id=organization_id,
        kind=kind,
        name=name,
        street=street,
        street_extra=street_extra,
        postcode=postcode,
        city=city,
        region=region,
        country=country,
        is_primary=is_first,
    )
