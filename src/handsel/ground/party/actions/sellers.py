"""Writers of our legal entities: facts, bank accounts, VAT registrations, who works for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from stdnum import bic as bic_form
from stdnum import iban as iban_form
from stdnum.exceptions import ValidationError

from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.said import said
from handsel.ground.party import queries
from handsel.ground.party.errors import AccountMissing, IbanTaken, PartyInvalid
from handsel.ground.party.events import (
    BankAccountAdded,
    BankAccountPreferred,
    SeatGiven,
    SeatTaken,
    SellerAdded,
    SellerRevised,
    TaxRegistrationSet,
)
from handsel.ground.party.models import (
    Seller,
    SellerBankAccount,
    SellerMember,
    SellerTaxRegistration,
)
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce
from handsel.ground.tax.rules.vat_id import check_vat_id

# Currency and country stay as they were: books, numbers and tax decisions were made with them.
SELLER_FACTS = frozenset(
    [
        "name",
        "legal_name",
        "time_zone",
        "language",
        "street",
        "postcode",
        "city",
        "email",
        "phone",
        "website",
        "registration_number",
        "electronic_address",
        "electronic_address_scheme",
    ]
)
_NEEDED = ("name", "legal_name", "street", "city", "email")


@transaction.atomic
def create_seller(
    *,
    actor: Actor,
    now: datetime,
    vat_ids: Mapping[str, str],
    bank_accounts: list[Mapping[str, Any]],
    **facts: Any,
) -> Seller:
    """One of our legal entities with its VAT registrations and bank accounts."""
    seller = Seller.objects.create(**facts)
    announce(SellerAdded(seller_id=seller.pk), actor=actor, now=now)
    for country, vat_id in vat_ids.items():
        SellerTaxRegistration.objects.create(seller=seller, country=country, vat_id=vat_id)
    for place, account in enumerate(bank_accounts):
        SellerBankAccount.objects.create(seller=seller, is_default=place == 0, **account)
    return seller


@transaction.atomic
def revise_seller(
    *, actor: Actor, now: datetime, seller_id: int, facts: Mapping[str, Any]
) -> Seller:
    """Change facts of a seller (`SELLER_FACTS`); documents already issued keep their own copy.

    Raises SellerMissing for a seller the actor does not work for, PartyInvalid.
    """
    seller = queries.get_seller(actor, seller_id)
    unknown = set(facts) - SELLER_FACTS
    if unknown:
        raise PartyInvalid(
            said("not facts of a seller: %(unknown)s", unknown=", ".join(sorted(unknown)))
        )
    wrong = {name: "needed" for name in _NEEDED if name in facts and not facts[name].strip()}
    if "time_zone" in facts and facts["time_zone"] not in available_timezones():
        wrong["time_zone"] = "a name such as Europe/Berlin"
    if wrong:
        raise PartyInvalid("these facts about a seller cannot be right", fields=wrong)
    changed = sorted(name for name in facts if getattr(seller, name) != facts[name])
    for name in changed:
        setattr(seller, name, facts[name])
    if changed:
        seller.save(update_fields=changed)
        event = SellerRevised(seller_id=seller.pk, changed=tuple(changed))
        announce(event, actor=actor, now=now)
    return seller


@transaction.atomic
def add_bank_account(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    iban: str,
    currency: str,
    bic: str = "",
    bank_name: str = "",
) -> SellerBankAccount:
    """An account a seller can be paid to. IBAN and BIC are checked by form and check digits.

    Raises SellerMissing, PartyInvalid, IbanTaken.
    """
    seller = queries.get_seller(actor, seller_id)
    wrong: dict[str, str] = {}
    try:
        iban = iban_form.validate(iban)
    except ValidationError:
        wrong["iban"] = "an IBAN whose check digits fit"
    if bic and not bic_form.is_valid(bic):
        wrong["bic"] = "8 or 11 characters"
    if not is_currency(currency):
        wrong["currency"] = "an ISO 4217 code"
    if wrong:
        raise PartyInvalid("this bank account cannot be right", fields=wrong)
    is_first = not SellerBankAccount.objects.filter(seller=seller, currency=currency).exists()
    try:
        with transaction.atomic():
            account = SellerBankAccount.objects.create(
                seller=seller,
                iban=iban,
                bic=bic_form.compact(bic) if bic else "",
                bank_name=bank_name.strip(),
                currency=currency,
                is_default=is_first,
            )
    except IntegrityError as clash:
        raise IbanTaken(said("the account %(iban)s is known already", iban=iban)) from clash
    event = BankAccountAdded(seller_id=seller.pk, iban=iban, currency=currency)
    announce(event, actor=actor, now=now)
    return account


@transaction.atomic
def prefer_bank_account(*, actor: Actor, now: datetime, seller_id: int, account_id: int) -> None:
    """Let documents in the account's currency name this account from now on."""
    seller = queries.get_seller(actor, seller_id)
    account = SellerBankAccount.objects.filter(pk=account_id, seller=seller).first()
    if account is None:
        raise AccountMissing("this bank account does not exist")
    own = SellerBankAccount.objects.filter(seller=seller, currency=account.currency)
    own.exclude(pk=account_id).update(is_default=False)
    if own.filter(pk=account_id, is_default=False).update(is_default=True):
        event = BankAccountPreferred(
            seller_id=seller.pk, iban=account.iban, currency=account.currency
        )
        announce(event, actor=actor, now=now)


@transaction.atomic
def set_tax_registration(
    *, actor: Actor, now: datetime, seller_id: int, vat_id: str
) -> SellerTaxRegistration:
    """Register a seller for VAT in the country of the id, or give it another id there.

    Raises SellerMissing and InvalidVatId.
    """
    seller = queries.get_seller(actor, seller_id)
    checked = check_vat_id(vat_id)
    row, _ = SellerTaxRegistration.objects.update_or_create(
        seller=seller, country=checked.country, defaults={"vat_id": checked.normalized}
    )
    event = TaxRegistrationSet(
        seller_id=seller.pk, country=checked.country, vat_id=checked.normalized
    )
    announce(event, actor=actor, now=now)
    return row


@transaction.atomic
def add_seller_member(*, actor: Actor, now: datetime, seller_id: int, user_id: int) -> None:
    """Let a user work for a seller and see its records."""
    _, is_new = SellerMember.objects.get_or_create(seller_id=seller_id, user_id=user_id)
    if is_new:
        announce(SeatGiven(seller_id=seller_id, user_id=user_id), actor=actor, now=now)


@transaction.atomic
def remove_seller_member(*, actor: Actor, now: datetime, seller_id: int, user_id: int) -> None:
    """Let a user no longer see a seller's records; what he did stays his."""
    gone, _ = SellerMember.objects.filter(seller_id=seller_id, user_id=user_id).delete()
    if gone:
        announce(SeatTaken(seller_id=seller_id, user_id=user_id), actor=actor, now=now)
