"""Agreements for people: lists, one of them, and who goes before whom along the tree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from handsel.bid.price.errors import AgreementNotFound
from handsel.bid.price.models import ContractedPrice
from handsel.bid.price.rules.precedence import Agreed, applying, ranked
from handsel.ground.party.models import Organization
from handsel.ground.party.queries import get_organization
from handsel.ground.platform.actor import Actor

HIGHEST = 20
MOST_BELOW = 200

_ABOVE = """
    WITH RECURSIVE above (start, id, parent_id, depth) AS (
        SELECT id, id, parent_id, 0 FROM party_organization WHERE id = ANY(%s)
        UNION ALL
        SELECT above.start, o.id, o.parent_id, above.depth + 1
        FROM party_organization o JOIN above ON o.id = above.parent_id
        WHERE above.depth < %s
    )
    SELECT start, id FROM above ORDER BY start, depth
"""
_BELOW = """
    WITH RECURSIVE below (id, depth) AS (
        SELECT id, 0 FROM party_organization WHERE id = %s
        UNION ALL
        SELECT o.id, below.depth + 1
        FROM party_organization o JOIN below ON o.parent_id = below.id
        WHERE below.depth < %s
    )
    SELECT id FROM below ORDER BY depth, id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of agreements is narrowed to; empty fields narrow nothing."""

    text: str = ""
    organization_id: int | None = None
    holds_on: date | None = None


@dataclass(frozen=True, slots=True)
class Applies:
    """What applies to an organization where an agreement was looked at, and how it stands."""

    organization: Organization
    agreement: ContractedPrice
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement as it stands for one organization."""

    agreement: ContractedPrice
    depth: int
    behind: ContractedPrice | None


def agreements(wanted: Filter) -> QuerySet[ContractedPrice]:
    """Agreements, the latest first, with organization and product."""
    found = ContractedPrice.objects.select_related("organization", "product")
    if wanted.text:
        found = found.filter(
            Q(organization__name__icontains=wanted.text)
            | Q(organization__number__iexact=wanted.text)
            | Q(product__sku__istartswith=wanted.text)
            | Q(product_group__iexact=wanted.text)
            | Q(label__icontains=wanted.text)
        )
    if wanted.organization_id is not None:
        found = found.filter(organization_id=wanted.organization_id)
    if wanted.holds_on is not None:
        found = found.filter(_holding(wanted.holds_on))
    return found.order_by("-valid_from", "-pk")


def get_agreement(agreement_id: int) -> ContractedPrice:
    """An agreement with its organization and product; raises AgreementNotFound."""
    rows = ContractedPrice.objects.select_related("organization", "product")
    found = rows.filter(pk=agreement_id).first()
    if found is None:
        raise AgreementNotFound("this agreed price does not exist", agreement_id=agreement_id)
    return found


def standing_for(actor: Actor, organization_id: int, *, on: date) -> list[Standing]:
    """What was agreed with an organization and those above it, in the order of asking on a day."""
    actor.require("price.view")
    get_organization(organization_id)
    chain = _chains([organization_id])[organization_id]
    kept = {one.pk: one for one in _of(chain, on)}
    return [
        Standing(
            kept[row.agreed.agreement_id],
            row.depth,
            kept[row.behind.agreement_id] if row.behind else None,
        )
        for row in ranked(chain, [_agreed(one) for one in kept.values()])
    ]


def reach_of(agreement: ContractedPrice, *, on: date) -> list[Applies]:
    """For the agreement's organization and those below it: what applies to its subject on a day.

    At most MOST_BELOW organizations, the nearest first; three statements.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [agreement.organization_id, HIGHEST, MOST_BELOW])
        below = [row[0] for row in cursor.fetchall()]
    chains = _chains(below)
    everybody = {one for chain in chains.values() for one in chain}
    kept = {one.pk: one for one in _of(everybody, on)}
    found = applying(chains, [_agreed(one) for one in kept.values()], _agreed(agreement))
    named = Organization.objects.in_bulk(list(found))
    return [
        Applies(named[key], kept[found[key].agreement_id], found[key].agreement_id == agreement.pk)
        for key in below
        if key in found
    ]


def _holding(on: date) -> Q:
    return Q(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


def _of(organization_ids: Collection[int], on: date) -> QuerySet[ContractedPrice]:
    rows = ContractedPrice.objects.select_related("organization", "product")
    return rows.filter(_holding(on), organization_id__in=list(organization_ids))


def _chains(organization_ids: Collection[int]) -> dict[int, list[int]]:
    """Each organization with those above it, the nearest first."""
    chains: dict[int, list[int]] = {key: [] for key in organization_ids}
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [list(organization_ids), HIGHEST])
        for start, key in cursor.fetchall():
            chains[start].append(key)
    return chains


def _agreed(row: ContractedPrice) -> Agreed:
    return Agreed(
        row.pk,
        row.organization_id,
        row.currency,
        row.product_id,
        row.product_group,
        row.product.group if row.product is not None else "",
        row.unit_price is not None,
        row.valid_from,
    )
