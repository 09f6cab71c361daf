"""Who a lead may be: proposed by the program, decided by a person, undone at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from handsel.attract.lead import queries
from handsel.attract.lead.errors import LeadInvalid, RecognitionSettled
from handsel.attract.lead.events import LeadRecognized
from handsel.attract.lead.models import Lead, Recognition
from handsel.attract.lead.rules.identity import (
    COMPANY_ALIKE,
    STRONG,
    company_key,
    company_similarity,
    comparable,
    similar_companies,
)
from handsel.ground.party.models import Organization, SellerMember
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

# One statement for any number of leads. Each branch answers
# (lead, kind, what is shared, person, organization, earlier lead). It asks for all addresses at
# once: looking each one up, a planner that has not yet counted the rows of a running import walks
# all leads for each of them. A switchboard's number belongs to many persons; ten are enough to
# choose from.
_EXACT = """
WITH asked AS (
    SELECT * FROM unnest(%(leads)s::bigint[], %(sellers)s::bigint[], %(emails)s::text[],
                         %(domains)s::text[], %(phones)s::text[])
        AS a(lead_id, seller_id, email, domain, phone)
), persons AS (
    SELECT a.lead_id, p.kind, p.normalized AS shared, p.person_id
    FROM asked a CROSS JOIN LATERAL (
        SELECT kind, normalized, person_id FROM party_contactpoint
        WHERE person_id IS NOT NULL AND normalized IN (a.email, a.phone) AND normalized <> ''
        ORDER BY kind, id LIMIT 10
    ) p
), earlier AS (
    SELECT id AS lead_id, lag(id) OVER same AS earlier_id, lag(number) OVER same AS number
    FROM lead_lead
    WHERE email_normalized = ANY(%(emails)s) AND email_normalized <> ''
      AND seller_id = ANY(%(sellers)s)
    WINDOW same AS (PARTITION BY seller_id, email_normalized ORDER BY id)
    UNION ALL
    SELECT id, lag(id) OVER same, lag(number) OVER same
    FROM lead_lead
    WHERE phone_normalized = ANY(%(phones)s) AND phone_normalized <> ''
      AND seller_id = ANY(%(sellers)s)
    WINDOW same AS (PARTITION BY seller_id, phone_normalized ORDER BY id)
), latest AS (
    SELECT DISTINCT ON (lead_id) lead_id, earlier_id, number FROM earlier
    WHERE lead_id = ANY(%(leads)s) AND earlier_id IS NOT NULL
    ORDER BY lead_id, earlier_id DESC
)
SELECT lead_id, kind, shared, person_id, NULL::bigint, NULL::bigint FROM persons
UNION
SELECT p.lead_id, 'affiliation', p.shared, NULL, f.organization_id, NULL
FROM persons p JOIN party_affiliation f ON f.person_id = p.person_id AND f.until_on IS NULL
UNION
SELECT a.lead_id, 'domain', a.domain, NULL, d.organization_id, NULL
FROM asked a JOIN party_organizationdomain d ON lower(d.domain) = a.domain
UNION
SELECT lead_id, 'earlier_lead', number, NULL, NULL, earlier_id FROM latest
"""

# From how many companies on comparing with all organizations is cheaper than asking the index.
_MANY = 20
_MOST_ALIKE = 5

_ALIKE = """
SELECT a.company, o.id, o.name
FROM unnest(%(companies)s::text[]) AS a(company)
CROSS JOIN LATERAL (
    SELECT id, name FROM party_organization
    WHERE name %% a.company ORDER BY similarity(name, a.company) DESC LIMIT 5
) o
"""


def propose(leads: Sequence[Lead], *, now: datetime) -> list[Recognition]:
    """Write and return proposals for new leads: two statements, however many leads there are.

    What points at the same organization is said once, in its strongest form.
    """
    found = _exact(leads)
    by_domain = {
        (row["lead_id"], row["organization_id"]) for row in found if row["kind"] == "domain"
    }
    found = [
        row
        for row in found
        if row["kind"] != "affiliation" or (row["lead_id"], row["organization_id"]) not in by_domain
    ]
    strong = {(row["lead_id"], row["organization_id"]) for row in found if row["organization_id"]}
    hints = [row for row in _alike(leads) if (row["lead_id"], row["organization_id"]) not in strong]
    return Recognition.objects.bulk_create(
        Recognition(created_at=now, **row) for row in [*found, *hints]
    )


def _exact(leads: Iterable[Lead]) -> list[dict[str, Any]]:
    asked = [(lead, *comparable(lead.email, "", "")) for lead in leads]
    asked = [row for row in asked if row[0].email_normalized or row[0].phone_normalized]
    if not asked:
        return []
    parameters: dict[str, Any] = {
        "leads": [lead.pk for lead, *_ in asked],
        "sellers": [lead.seller_id for lead, *_ in asked],
        "emails": [lead.email_normalized for lead, *_ in asked],
        "domains": [domain for *_, domain in asked],
        "phones": [lead.phone_normalized for lead, *_ in asked],
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, parameters)
        return [_proposal(row) for row in cursor.fetchall()]


def _proposal(row: Sequence[Any]) -> dict[str, Any]:
    names = ("lead_id", "kind", "reason", "person_id", "organization_id", "other_lead_id")
    return dict(zip(names, row, strict=True))


def _alike(leads: Iterable[Lead]) -> list[dict[str, Any]]:
    by_company: dict[str, list[int]] = defaultdict(list)
    for lead in leads:
        if company_key(lead.company_name):
            by_company[lead.company_name].append(lead.pk)
    companies = list(by_company)
    found = _alike_few(companies) if len(companies) < _MANY else _alike_many(companies)
    best: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for company, points, organization_id in found:
        best[company].append((points, organization_id))
    return [
        _proposal((lead_id, "company_name", str(points), None, organization_id, None))
        for company, hits in best.items()
        for points, organization_id in sorted(hits, reverse=True)[:_MOST_ALIKE]
        for lead_id in by_company[company]
    ]


def _alike_few(companies: list[str]) -> Iterator[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"companies": companies})
        rows = cursor.fetchall()
    for company, organization_id, name in rows:
        points = company_similarity(company, name)
        if points >= COMPANY_ALIKE:
            yield company, points, organization_id


def _alike_many(companies: list[str]) -> Iterator[tuple[str, int, int]]:
    known = list(Organization.objects.values_list("pk", "name"))
    for place, other, points in similar_companies(companies, [name for _, name in known]):
        yield companies[place], points, known[other][0]


def customers_owner(lead: Lead, proposals: Iterable[Recognition]) -> int | None:
    """Who cares for the one organization that strong proposals point at, if he may own the lead."""
    organizations = {
        row.organization_id
        for row in proposals
        if row.kind in STRONG and row.organization_id is not None
    }
    if len(organizations) != 1:
        return None
    owner = Organization.objects.filter(pk__in=organizations).values_list("owner_id", flat=True)
    seats = SellerMember.objects.filter(
        seller_id=lead.seller_id, user_id__in=owner, user__is_active=True
    )
    return seats.values_list("user_id", flat=True).first()


@transaction.atomic
def decide_recognition(
    *, actor: Actor, now: datetime, lead_id: int, recognition_id: int, state: str
) -> Recognition:
    """Say that a lead is the `same` as proposed, is `distinct`, or take that back (`proposed`).

    A lead is one person and one organization: a second `same` needs the first one taken back.
    Raises RecognitionSettled for that, and once the lead is converted.
    """
    lead = queries.locked_lead(actor, lead_id)
    row = queries.get_recognition(lead, recognition_id)
    if state not in ("same", "distinct", "proposed"):
        raise LeadInvalid("decide same, distinct or proposed", fields={"state": "same or distinct"})
    if lead.state == "converted":
        raise RecognitionSettled("the lead is converted; who it is was decided with that")
    if row.state == state:
        return row
    if row.state == "same":
        _unlink(lead, row)
    if state == "same":
        _link(lead, row)
    decided = state != "proposed"
    row.state = state
    row.decided_by_id = actor.user_id if decided else None
    row.decided_at = now if decided else None
    row.save(update_fields=["state", "decided_by_id", "decided_at"])
    lead.save(update_fields=["person_id", "organization_id"])
    event = LeadRecognized(
        lead_id=lead.pk,
        recognition_id=row.pk,
        state=state,
        person_id=row.person_id,
        organization_id=row.organization_id,
    )
    log.announce(event, actor=actor, now=now)
    return row


def _link(lead: Lead, row: Recognition) -> None:
    if row.person_id is not None:
        if lead.person_id not in (None, row.person_id):
            raise RecognitionSettled("this lead was decided to be another person; undo that first")
        lead.person_id = row.person_id
    if row.organization_id is not None:
        if lead.organization_id not in (None, row.organization_id):
            raise RecognitionSettled(
                "this lead was decided to belong to another organization; undo that first"
            )
        lead.organization_id = row.organization_id


def _unlink(lead: Lead, row: Recognition) -> None:
    """Take back what this decision said, unless another decision says the same."""
    others = Recognition.objects.filter(lead=lead, state="same").exclude(pk=row.pk)
    if row.person_id is not None and not others.filter(person_id=row.person_id).exists():
        lead.person_id = None
    wanted = row.organization_id
    if wanted is not None and not others.filter(organization_id=wanted).exists():
        lead.organization_id = None
