"""Reading parties. Organizations and persons are shared by all sellers of the house."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from handsel.ground.party.errors import OrganizationMissing, PersonMissing, SellerMissing
from handsel.ground.party.models import (
    Address,
    Affiliation,
    ContactPoint,
    Organization,
    OrganizationDomain,
    Person,
    Seller,
    SellerBankAccount,
    SellerMember,
    SellerTaxRegistration,
)
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import all_rows, first_row, row_by_key

MOST_OPTIONS = 200


def get_seller(actor: Actor, seller_id: int) -> Seller:
    """A seller the actor works for."""
    seller = row_by_key(Seller, seller_id) if seller_id in actor.seller_ids else None
    if seller is None:
        raise SellerMissing("this seller does not exist")
    return seller


def sellers_of(actor: Actor) -> QuerySet[Seller]:
    """The sellers an actor works for, in order of their keys."""
    return Seller.objects.filter(pk__in=actor.seller_ids).order_by("pk")


def default_seller(actor: Actor) -> Seller:
    """The seller meant when an actor names none: his first."""
    seller = first_row(Seller, "id = ANY(%s::bigint[]) ORDER BY id", [list(actor.seller_ids)])
    if seller is None:
        raise SellerMissing("you work for no seller yet; an administrator can change that")
    return seller


def default_seller_id(actor: Actor) -> int:
    """The key of that seller; who works for one only needs no look at the table."""
    if len(actor.seller_ids) == 1:
        return next(iter(actor.seller_ids))
    return default_seller(actor).pk


def get_organization(organization_id: int) -> Organization:
    """An organization by its key."""
    organization = row_by_key(Organization, organization_id)
    if organization is None:
        raise OrganizationMissing("this organization does not exist")
    return organization


def get_person(person_id: int) -> Person:
    """A person by his key."""
    person = row_by_key(Person, person_id)
    if person is None:
        raise PersonMissing("this person does not exist")
    return person


def person_by_email(normalized: str) -> Person | None:
    """The person a normalized mail address belongs to."""
    point = (
        ContactPoint.objects.filter(kind="email", normalized=normalized, person__isnull=False)
        .select_related("person")
        .order_by("pk")
        .first()
    )
    return point.person if point else None


def organization_by_domain(domain: str) -> Organization | None:
    """The organization a mail domain belongs to."""
    found = (
        OrganizationDomain.objects.filter(domain=domain.lower())
        .select_related("organization")
        .first()
    )
    return found.organization if found else None


def search_organizations(text: str, *, limit: int = 20) -> QuerySet[Organization]:
    """Organizations whose name or number contains the text."""
    wanted = Q(name__icontains=text) | Q(number__iexact=text)
    return Organization.objects.filter(wanted).order_by("name")[:limit]


def organization_options(
    first: Organization | None = None, *, text: str = "", limit: int = MOST_OPTIONS
) -> dict[str, Any]:
    """Organizations as a form's choice gives them: `options` by name, `first` at the top of them,
    and where there are more than `limit`, the `search_url` that finds the others."""
    rows = list(search_organizations(text, limit=limit + 1).values_list("pk", "name"))
    found = {} if first is None else {first.pk: first.name}
    found |= dict(rows[:limit])
    return {
        "options": [(str(key), name) for key, name in found.items()],
        "search_url": reverse("party:options") if len(rows) > limit else "",
    }


def persons_of(organization_id: int, *, on: date) -> QuerySet[Person]:
    """The persons who belong to an organization on a day."""
    current = Affiliation.objects.filter(
        Q(from_on=None) | Q(from_on__lte=on),
        Q(until_on=None) | Q(until_on__gt=on),
        organization_id=organization_id,
    )
    return Person.objects.filter(pk__in=current.values("person_id")).order_by("name")


def contact_point(*, kind: str, person_id: int | None, organization_id: int | None = None) -> str:
    """The primary (else first) mail address or phone number, or an empty text."""
    points = ContactPoint.objects.filter(kind=kind).order_by("-is_primary", "pk")
    if person_id is not None:
        own = points.filter(person_id=person_id).first()
        if own is not None:
            return own.value
    if organization_id is not None:
        shared = points.filter(organization_id=organization_id).first()
        if shared is not None:
            return shared.value
    return ""


def address_snapshot(organization: Organization, kind: str) -> dict[str, str]:
    """The postal address documents copy: of the wanted kind, else any, else only the name."""
    return address_snapshots(organization, kind)[0]


def address_snapshots(organization: Organization, *kinds: str) -> list[dict[str, str]]:
    """As `address_snapshot`, for several kinds with one statement."""
    addresses = all_rows(
        Address, "organization_id = %s ORDER BY is_primary DESC, id", [organization.pk]
    )
    return [_snapshot_of(organization, addresses, kind) for kind in kinds]


def _snapshot_of(
    organization: Organization, addresses: Sequence[Address], kind: str
) -> dict[str, str]:
    chosen = next((a for a in addresses if a.kind == kind), addresses[0] if addresses else None)
    if chosen is None:
        return _empty_address(organization)
    return {
        "name": chosen.name or organization.legal_name or organization.name,
        "street": chosen.street,
        "street_extra": chosen.street_extra,
        "postcode": chosen.postcode,
        "city": chosen.city,
        "region": chosen.region,
        "country": chosen.country,
    }


def _empty_address(organization: Organization) -> dict[str, str]:
    blank = dict.fromkeys(("street", "street_extra", "postcode", "city", "region"), "")
    name = organization.legal_name or organization.name
    return {"name": name, **blank, "country": organization.country}


def seller_registrations(seller: Seller) -> dict[str, str]:
    """Country to VAT id, for every country the seller is registered in."""
    rows = SellerTaxRegistration.objects.filter(seller=seller).values_list("country", "vat_id")
    return dict(rows)


def seller_bank_account(seller: Seller, currency: str) -> SellerBankAccount | None:
    """The account to be paid to in a currency: the default one first."""
    accounts = SellerBankAccount.objects.filter(seller=seller).order_by("-is_default", "pk")
    return accounts.filter(currency=currency).first() or accounts.first()


# Copied into every document: the VAT id at home and the account to be paid to, in one statement.
_PRINTED = """
    SELECT COALESCE((SELECT r.vat_id FROM party_sellertaxregistration r
                     WHERE r.seller_id = s.id AND r.country = s.country ORDER BY r.id LIMIT 1), ''),
           COALESCE(a.iban, ''), COALESCE(a.bic, ''), COALESCE(a.bank_name, '')
    FROM party_seller s LEFT JOIN LATERAL (
        SELECT b.iban, b.bic, b.bank_name FROM party_sellerbankaccount b WHERE b.seller_id = s.id
        ORDER BY b.currency = %s DESC, b.is_default DESC, b.id LIMIT 1
    ) a ON true
    WHERE s.id = %s
"""


def seller_snapshot(seller: Seller, currency: str) -> dict[str, Any]:
    """Everything about the seller that a document prints, copied at issue."""
    with connection.cursor() as cursor:
        cursor.execute(_PRINTED, [currency, seller.pk])
        vat_id, iban, bic, bank_name = cursor.fetchone()
    return {
        "name": seller.name,
        "legal_name": seller.legal_name,
        "street": seller.street,
        "postcode": seller.postcode,
        "city": seller.city,
        "country": seller.country,
        "email": seller.email,
        "phone": seller.phone,
        "website": seller.website,
        "registration_number": seller.registration_number,
        "vat_id": vat_id,
        "electronic_address": seller.electronic_address,
        "electronic_address_scheme": seller.electronic_address_scheme,
        "iban": iban,
        "bic": bic,
        "bank_name": bank_name,
    }


def buyer_snapshot(organization: Organization) -> dict[str, Any]:
    """Everything about the buyer that a document prints, copied at issue."""
    return {
        **address_snapshot(organization, "billing"),
        "legal_name": organization.legal_name or organization.name,
        "number": organization.number,
        "vat_id": organization.vat_id,
        "registration_number": organization.registration_number,
        "electronic_address": organization.electronic_address,
        "electronic_address_scheme": organization.electronic_address_scheme,
    }


def list_organizations(*, text: str, start: int, size: int) -> list[Organization]:
    """Organizations by name, those whose name or number matches `text` where it is given."""
    rows = Organization.objects.order_by("name", "pk")
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(number__iexact=text))
    return list(rows[start : start + size])


def bank_accounts_of(seller_id: int) -> list[SellerBankAccount]:
    """A seller's accounts, those that documents name first."""
    rows = SellerBankAccount.objects.filter(seller_id=seller_id)
    return list(rows.order_by("-is_default", "currency", "pk"))


def sellers_of_users(user_ids: Collection[int]) -> dict[int, list[int]]:
    """User to the keys of the sellers he works for; one statement for many."""
    rows = SellerMember.objects.filter(user_id__in=user_ids).order_by("seller_id")
    found: dict[int, list[int]] = {}
    for user_id, seller_id in rows.values_list("user_id", "seller_id"):
        found.setdefault(user_id, []).append(seller_id)
    return found


def organizations_named(words: Collection[str]) -> dict[str, list[int]]:
    """Keys of organizations by number, VAT id or whole name, each word in small letters."""
    wanted = {word.lower() for word in words if word}
    found: dict[str, list[int]] = {}
    rows = Organization.objects.annotate(
        by_number=Lower("number"), by_vat=Lower("vat_id"), by_name=Lower("name")
    ).filter(Q(by_number__in=wanted) | Q(by_vat__in=wanted) | Q(by_name__in=wanted))
    for key, *names in rows.values_list("pk", "by_number", "by_vat", "by_name"):
        for name in set(names) & wanted:
            found.setdefault(name, []).append(key)
    return found
