"""The JSON API of organizations and persons."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from handsel.ground.identity import queries as users
from handsel.ground.party import actions, queries
from handsel.ground.party.models import Organization, Person, Seller
from handsel.ground.platform.api import ClosedSchema, CurrencyCode, RoomRouter

router = RoomRouter("party")

LARGEST_KEY = 2**63 - 1


class OrganizationIn(ClosedSchema):
    """A new organization."""

    name: str = Field(min_length=1, max_length=200)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    currency: CurrencyCode
    legal_name: str = Field("", max_length=200)
    vat_id: str = Field("", max_length=20)
    language: str = Field("en", pattern=r"^[a-z]{2}$")
    website: str = Field("", max_length=200)
    segment: str = Field("", max_length=50)
    price_segment: str = Field("", max_length=50)
    partner_tier: str = Field("", max_length=40, description="needs the right to edit prices")
    payment_days: int = Field(30, ge=0, le=365)
    buyer_reference: str = Field("", max_length=100)


class OrganizationRevised(ClosedSchema):
    """What changes of an organization; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=200)
    legal_name: str | None = Field(None, max_length=200)
    vat_id: str | None = Field(None, max_length=20)
    language: str | None = Field(None, pattern=r"^[a-z]{2}$")
    website: str | None = Field(None, max_length=200)
    segment: str | None = Field(None, max_length=50)
    price_segment: str | None = Field(None, max_length=50)
    partner_tier: str | None = Field(
        None, max_length=40, description="needs the right to edit prices"
    )
    payment_days: int | None = Field(None, ge=0, le=365)
    buyer_reference: str | None = Field(None, max_length=100)


class OrganizationOut(ClosedSchema):
    """An organization."""

    id: int
    number: str
    name: str
    legal_name: str
    country: str
    currency: str
    vat_id: str
    language: str
    segment: str
    price_segment: str
    partner_tier: str
    payment_days: int
    is_customer: bool


class OrganizationPage(ClosedSchema):
    """Some organizations, and where the next ones begin."""

    items: list[OrganizationOut]
    next_start: int | None


class AddressIn(ClosedSchema):
    """A postal address."""

    kind: str = Field(pattern=r"^(billing|shipping)$")
    name: str = Field("", max_length=200)
    street: str = Field(min_length=1, max_length=200)
    postcode: str = Field("", max_length=20)
    city: str = Field(min_length=1, max_length=100)
    country: str = Field(pattern=r"^[A-Z]{2}$")


class PersonIn(ClosedSchema):
    """A new person of an organization."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field("", max_length=200)
    phone: str = Field("", max_length=50)
    role: str = Field("", max_length=100)


class Created(ClosedSchema):
    """The key of what was made."""

    id: int


def _out(one: Organization) -> OrganizationOut:
    names = OrganizationOut.model_fields
    return OrganizationOut(**{name: getattr(one, name) for name in names})


@router.get(
    "/organizations",
    permission="party.view",
    response=OrganizationPage,
    summary="List organizations by name",
)
def organizations(request: Any, q: str = "", start: int = 0) -> OrganizationPage:
    """Fifty at a time."""
    wanted = max(0, min(start, 10_000_000))
    rows = queries.list_organizations(text=q[:200].replace("\0", ""), start=wanted, size=51)
    following = wanted + 50 if len(rows) > 50 else None
    return OrganizationPage(items=[_out(one) for one in rows[:50]], next_start=following)


@router.get(
    "/organizations/{int:organization_id}",
    permission="party.view",
    response=OrganizationOut,
    summary="One organization",
)
def organization(request: Any, organization_id: int) -> OrganizationOut:
    """By its key."""
    return _out(queries.get_organization(min(organization_id, LARGEST_KEY)))


@router.post(
    "/organizations",
    permission="party.edit",
    response=OrganizationOut,
    summary="Add an organization",
    status=201,
)
def add_organization(request: Any, body: OrganizationIn) -> OrganizationOut:
    """The VAT id is checked by its form."""
    made = actions.create_organization(actor=request.actor, now=request.now, **body.model_dump())
    return _out(made)


@router.post(
    "/organizations/{int:organization_id}/revise",
    permission="party.edit",
    response=OrganizationOut,
    summary="Change facts of an organization",
)
def revise_organization(
    request: Any, organization_id: int, body: OrganizationRevised
) -> OrganizationOut:
    """Documents already issued keep their own copy; quotes already begun keep their prices."""
    revised = actions.revise_organization(
        actor=request.actor,
        now=request.now,
        organization_id=min(organization_id, LARGEST_KEY),
        facts=body.model_dump(exclude_none=True),
    )
    return _out(revised)


@router.post(
    "/organizations/{int:organization_id}/addresses",
    permission="party.edit",
    response=Created,
    summary="Add an address",
    status=201,
)
def add_address(request: Any, organization_id: int, body: AddressIn) -> Created:
    """The first of its kind is the primary one."""
    queries.get_organization(min(organization_id, LARGEST_KEY))
    made = actions.add_address(
        actor=request.actor,
        now=request.now,
        organization_id=organization_id,
        **body.model_dump(),
    )
    return Created(id=made.pk)


@router.post(
    "/organizations/{int:organization_id}/persons",
    permission="party.edit",
    response=Created,
    summary="Add a person",
    status=201,
)
def add_person(request: Any, organization_id: int, body: PersonIn) -> Created:
    """With mail and phone, as far as given."""
    one = queries.get_organization(min(organization_id, LARGEST_KEY))
    made: Person = actions.create_person(
        actor=request.actor,
        now=request.now,
        organization_id=one.pk,
        country=one.country,
        language=one.language,
        **body.model_dump(),
    )
    return Created(id=made.pk)


class BankAccountOut(ClosedSchema):
    """An account a seller is paid to."""

    id: int
    iban: str
    bic: str
    bank_name: str
    currency: str
    is_default: bool


class SellerOut(ClosedSchema):
    """One of our legal entities."""

    id: int
    name: str
    legal_name: str
    currency: str
    time_zone: str
    country: str
    vat_ids: dict[str, str]
    bank_accounts: list[BankAccountOut]


def _seller_out(one: Seller) -> SellerOut:
    plain = ("id", "name", "legal_name", "currency", "time_zone", "country")
    accounts = [
        BankAccountOut(**{name: getattr(row, name) for name in BankAccountOut.model_fields})
        for row in queries.bank_accounts_of(one.pk)
    ]
    return SellerOut(
        **{name: getattr(one, name) for name in plain},
        vat_ids=queries.seller_registrations(one),
        bank_accounts=accounts,
    )


@router.get(
    "/sellers",
    permission="party.view",
    response=list[SellerOut],
    summary="The legal entities one works for",
)
def sellers(request: Any) -> list[SellerOut]:
    """In order of their keys."""
    return [_seller_out(one) for one in queries.sellers_of(request.actor)]


@router.get(
    "/sellers/{int:seller_id}",
    permission="party.view",
    response=SellerOut,
    summary="One legal entity",
)
def seller(request: Any, seller_id: int) -> SellerOut:
    """By its key."""
    return _seller_out(queries.get_seller(request.actor, min(seller_id, LARGEST_KEY)))


@router.post(
    "/sellers/{int:seller_id}/members/{int:user_id}",
    permission="settings.edit",
    response=SellerOut,
    summary="Let a user work for a legal entity",
)
def seat(request: Any, seller_id: int, user_id: int) -> SellerOut:
    """He sees its records from then on."""
    one = queries.get_seller(request.actor, min(seller_id, LARGEST_KEY))
    member = users.get_user(min(user_id, LARGEST_KEY))
    actions.add_seller_member(
        actor=request.actor, now=request.now, seller_id=one.pk, user_id=member.pk
    )
    return _seller_out(one)
