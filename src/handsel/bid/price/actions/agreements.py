"""Prices agreed with an organization."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price.errors import AgreementBegun, AgreementNotFound, BadBook
from handsel.bid.price.events import PriceAgreed, PriceAgreementEnded
from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.queries import agreements as queries
from handsel.ground.kernel.money import is_currency
from handsel.ground.kernel.names import longest_text, texts_of
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

_MOST_PRICE = Decimal(10) ** 14


@transaction.atomic
def agree_price(
    *,
    actor: Actor,
    now: datetime,
    organization_id: int,
    currency: str,
    valid_from: date,
    valid_until: date | None = None,
    product_id: int | None = None,
    product_group: str = "",
    unit_price: Decimal | None = None,
    discount_bps: int | None = None,
    is_net: bool = False,
    label: str = "",
) -> ContractedPrice:
    """Agree a unit price or a percentage for a product, a group or everything.

    It holds for the organization and all below it; the nearest agreement wins. `valid_until` is
    the first day it no longer holds. Raises BadBook naming the field, OrganizationNotFound.
    """
    actor.require("price.edit")
    party.get_organization(organization_id)
    if product_id is not None:
        facts_of([product_id])
    fields = {}
    if (unit_price is None) == (discount_bps is None):
        fields["unit_price"] = "a price or a percentage, one of them"
    if unit_price is not None and not (unit_price.is_finite() and 0 <= unit_price < _MOST_PRICE):
        fields["unit_price"] = "zero or more"
    if discount_bps is not None and not -100_000 <= discount_bps <= 10_000:
        fields["discount_bps"] = "at most 100 %, at least −1000 %"
    if product_id is not None and product_group:
        fields["product_group"] = "a product or a group, not both"
    if not is_currency(currency):
        fields["currency"] = "an ISO 4217 code such as EUR"
    if valid_until is not None and valid_until <= valid_from:
        fields["valid_until"] = "a day after the first"
    if longest_text(label) > 100:
        fields["label"] = "at most 100 characters"
    if fields:
        raise BadBook("The agreement cannot be kept as it is.", fields=fields)
    made = ContractedPrice.objects.create(
        organization_id=organization_id,
        product_id=product_id,
        product_group=product_group,
        currency=currency,
        unit_price=unit_price,
        discount_bps=discount_bps,
        is_net=is_net,
        label=str(label),
        label_texts=dict(texts_of(label)),
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=now,
    )
    agreed = PriceAgreed(
        agreement_id=made.pk, organization_id=organization_id, valid_from=valid_from
    )
    announce(agreed, actor=actor, now=now)
    return made


@transaction.atomic
def end_agreement(*, actor: Actor, now: datetime, agreement_id: int, until: date) -> None:
    """Let an agreement end before a day; quotes priced from it keep their prices."""
    actor.require("price.edit")
    found = ContractedPrice.objects.select_for_update().filter(pk=agreement_id).first()
    if found is None:
        raise AgreementNotFound("this agreed price does not exist", agreement_id=agreement_id)
    if until <= found.valid_from:
        raise BadBook(
            said("It began on %(day)s and cannot end before.", day=found.valid_from),
            fields={"until": "a day after it began"},
        )
    ContractedPrice.objects.filter(pk=agreement_id).update(valid_until=until)
    ended = PriceAgreementEnded(
        agreement_id=agreement_id, organization_id=found.organization_id, valid_until=until
    )
    announce(ended, actor=actor, now=now)


@transaction.atomic
def change_agreement(
    *,
    actor: Actor,
    now: datetime,
    agreement_id: int,
    valid_from: date,
    valid_until: date | None = None,
    unit_price: Decimal | None = None,
    discount_bps: int | None = None,
    is_net: bool = False,
    label: str = "",
) -> ContractedPrice:
    """Agree something else from a day on: the old agreement ends there, a new one begins.

    It is about the same organization, product or group and currency. Raises what `end_agreement`
    and `agree_price` raise, and BadBook where the old one ends before that day anyway.
    """
    old = queries.get_agreement(agreement_id)
    if old.valid_until is not None and old.valid_until < valid_from:
        raise BadBook(
            said("It ended before %(day)s; agree a new one.", day=old.valid_until),
            fields={"valid_from": "a day on which the agreement holds"},
        )
    end_agreement(actor=actor, now=now, agreement_id=agreement_id, until=valid_from)
    return agree_price(
        actor=actor,
        now=now,
        organization_id=old.organization_id,
        currency=old.currency,
        valid_from=valid_from,
        valid_until=valid_until,
        product_id=old.product_id,
        product_group=old.product_group,
        unit_price=unit_price,
        discount_bps=discount_bps,
        is_net=is_net,
        label=label,
    )


@transaction.atomic
def take_back_agreement(*, actor: Actor, now: datetime, agreement_id: int) -> None:
    """Take away an agreement that has not begun, so that nothing was priced from it.

    Raises AgreementBegun for one that has: it can only end.
    """
    actor.require("price.edit")
    found = ContractedPrice.objects.select_for_update().filter(pk=agreement_id).first()
    if found is None:
        raise AgreementNotFound("this agreed price does not exist", agreement_id=agreement_id)
    if found.valid_from <= now.date():
        raise AgreementBegun(
            said("It holds since %(day)s; let it end instead.", day=found.valid_from)
        )
    found.delete()
    ended = PriceAgreementEnded(
        agreement_id=agreement_id,
        organization_id=found.organization_id,
        valid_until=found.valid_from,
    )
    announce(ended, actor=actor, now=now)
