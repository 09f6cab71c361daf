"""The only writers of parties, one file for those outside and one for our own legal entities."""

from handsel.ground.party.actions.organizations import (
    ORGANIZATION_FACTS,
    add_address,
    add_affiliation,
    add_contact_point,
    add_domain,
    create_organization,
    create_person,
    revise_organization,
)
from handsel.ground.party.actions.sellers import (
    SELLER_FACTS,
    add_bank_account,
    add_seller_member,
    create_seller,
    prefer_bank_account,
    remove_seller_member,
    revise_seller,
    set_tax_registration,
)

__all__ = [
    "ORGANIZATION_FACTS",
    "SELLER_FACTS",
    "add_address",
    "add_affiliation",
    "add_bank_account",
    "add_contact_point",
    "add_domain",
    "add_seller_member",
    "create_organization",
    "create_person",
    "create_seller",
    "prefer_bank_account",
    "remove_seller_member",
    "revise_organization",
    "revise_seller",
    "set_tax_registration",
]
