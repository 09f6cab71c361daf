"""What parties can refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, NotFound, Refused


class OrganizationMissing(NotFound):
    """There is no such organization."""

    default_code = "organization_missing"


class PersonMissing(NotFound):
    """There is no such person."""

    default_code = "person_missing"


class SellerMissing(NotFound):
    """There is no such seller, or the actor does not work for it."""

    default_code = "seller_missing"


class PartyInvalid(Invalid):
    """A fact about a party is not well formed."""

    default_code = "party_invalid"


class DomainTaken(Refused):
    """A mail domain belongs to one organization."""

    default_code = "domain_taken"


class AccountMissing(NotFound):
    """The seller has no such bank account."""

    default_code = "bank_account_missing"


class IbanTaken(Refused):
    """A bank account belongs to one seller, once."""

    default_code = "iban_taken"
