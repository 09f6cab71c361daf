"""Who a lead may be: proposed by the program, decided by a person, undone at any time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
)
from handsel.ground.party.models import Organization, SellerMember
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

# One statement for any number of leads. Each branch answers
# (lead, kind, what is shared, person, organization, earlier lead). "id + 0" keeps the planner from
# walking all leads backwards in search of one with a rare address. A switchboard's number belongs
# to many persons; ten are enough to choose from.
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
)
SELECT lead_id, kind, shared, person_id, NULL::bigint, NULL::bigint FROM persons
UNION
SELECT p.lead_id, 'affiliation', p.shared, NULL, f.organization_id, NULL
FROM persons p JOIN party_affiliation f ON f.person_id = p.person_id AND f.until_on IS NULL
UNION
SELECT a.lead_id, 'domain', a.domain, NULL, d.organization_id, NULL
FROM asked a JOIN party_organizationdomain d ON lower(d.domain) = a.domain
UNION
SELECT a.lead_id, 'earlier_lead', e.number, NULL, NULL, e.id
FROM asked a CROSS JOIN LATERAL (
    SELECT l.id, l.number FROM (
        (SELECT id, number FROM lead_lead WHERE a.email <> '' AND email_normalized = a.email
           AND seller_id = a.seller_id AND id < a.lead_id ORDER BY id + 0 DESC LIMIT 1)
        UNION
        (SELECT id, number FROM lead_lead WHERE a.phone <> '' AND phone_normalized = a.phone
           AND seller_id = a.seller_id AND id < a.lead_id ORDER BY id + 0 DESC LIMIT 1)
    ) l ORDER BY l.id DESC LIMIT 1
) e
"""

_ALIKE = """
SELECT a.lead_id, a.company, o.id, o.name
FROM unnest(%(leads)s::bigint[], %(companies)s::text[]) AS a(lead_id, company)
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
    named = [lead for lead in leads if company_key(lead.company_name)]
    if not named:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _ALIKE,
            {
                "leads": [lead.pk for lead in named],
                "companies": [lead.company_name for lead in named],
            },
        )
        rows = cursor.fetchall()
    hints = []
    for lead_id, company, organization_id, name in rows:
        points = company_similarity(company, name)
        if points >= COMPANY_ALIKE:
            hints.append(
                _proposal((lead_id, "company_name", str(points), None, organization_id, None))
            )
    return hints


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
