"""Reading leads. Everything is scoped by the sellers an actor works for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from handsel.attract.lead.errors import (
    FormMissing,
    ImportMissing,
    LeadMissing,
    RecognitionMissing,
)
from handsel.attract.lead.models import (
    CaptureForm,
    Interaction,
    Lead,
    LeadImport,
    Qualification,
    Recognition,
    RefusedRow,
    Touch,
)
from handsel.attract.lead.rules import response
from handsel.attract.lead.rules.identity import KINDS
from handsel.attract.lead.rules.qualification import Verdict, verdict
from handsel.attract.lead.rules.states import LIVE_CHANNELS, OPEN
from handsel.ground.document.models import Mail
from handsel.ground.identity.models import User
from handsel.ground.party.models import SellerMember
from handsel.ground.platform import listing
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.reading import row_by_key

# What a list can be sorted by; each ends with the key, so that pages never overlap.
SORTS: dict[str, tuple[str, ...]] = {
    "-asked_at": ("-asked_at", "-id"),
    "asked_at": ("asked_at", "id"),
}


def leads(actor: Actor) -> QuerySet[Lead]:
    """The leads an actor can see."""
    sellers = sorted(actor.seller_ids)
    if len(sellers) == 1:  # an equality lets the index give the order
        return Lead.objects.filter(seller_id=sellers[0])
    return Lead.objects.filter(seller_id__in=sellers)


def get_lead(actor: Actor, lead_id: int) -> Lead:
    """A lead; foreign and missing ones alike are LeadMissing."""
    lead = row_by_key(Lead, lead_id, sellers=actor.seller_ids)
    if lead is None:
        raise LeadMissing("this lead does not exist")
    return lead


def locked_lead(actor: Actor, lead_id: int) -> Lead:
    """The lead, locked until the transaction ends."""
    lead = row_by_key(Lead, lead_id, sellers=actor.seller_ids, lock=True)
    if lead is None:
        raise LeadMissing("this lead does not exist")
    return lead


def lead_by_external(seller_id: int, source: str, external_id: str) -> Lead | None:
    """The lead another system knows by this id."""
    return Lead.objects.filter(
        seller_id=seller_id, external_source=source, external_id=external_id
    ).first()


def answers() -> QuerySet[Interaction]:
    """Interactions that stop a response clock (see `rules.response.stops_clock`).

    A mail that came back reached nobody.
    """
    returned = Mail.objects.filter(state="failed").values("pk")
    by_us = Q(direction="out", is_by_person=True)
    live = Q(direction="in", channel__in=LIVE_CHANNELS, user__isnull=False)
    return Interaction.objects.filter(by_us | live, reached=True).exclude(
        mail_id__isnull=False, mail_id__in=returned
    )


def with_answer(rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """Leads with `answered_at` and `answered_live` of their first answer (None: waiting)."""
    first = answers().filter(lead=OuterRef("pk")).order_by("occurred_at", "pk")
    live = Case(When(direction="in", then=True), default=False, output_field=BooleanField())
    return rows.annotate(
        answered_at=Subquery(first.values("occurred_at")[:1]),
        answered_live=Coalesce(Subquery(first.annotate(live=live).values("live")[:1]), False),
    )


def unanswered(rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """Leads somebody waits for: open, not excluded, without an answer by a person."""
    waiting = rows.filter(state__in=OPEN, excluded_from_response="")
    return waiting.filter(~Exists(answers().filter(lead=OuterRef("pk"))))


def filtered(actor: Actor, filters: Mapping[str, str]) -> QuerySet[Lead]:
    """Leads by state, owner ("me", "none", a key), source ("-" is the unknown one), words, import.

    `state` may be "open"; `waiting` set means only unanswered ones. Unknown values find nothing.
    """
    rows = leads(actor)
    if state := filters.get("state"):
        rows = rows.filter(state__in=OPEN) if state == "open" else rows.filter(state=state)
    if owner := filters.get("owner"):
        rows = _by_owner(rows, owner, actor)
    if source := filters.get("source"):
        rows = rows.filter(source="" if source == "-" else source)
    if channel := filters.get("channel"):
        rows = rows.filter(channel=channel)
    if filters.get("waiting"):
        rows = unanswered(rows)
    if words := filters.get("q", "").strip():
        rows = rows.filter(_words(words[:100]))
    return rows


def _by_owner(rows: QuerySet[Lead], owner: str, actor: Actor) -> QuerySet[Lead]:
    if owner == "none":
        return rows.filter(owner=None)
    if owner == "me":
        return rows.filter(owner_id=actor.user_id) if actor.user_id else rows.none()
    return (
        rows.filter(owner_id=int(owner)) if owner.isdecimal() and len(owner) < 18 else rows.none()
    )


def _words(text: str) -> Q:
    if text.upper().startswith("L-"):
        return Q(number__startswith=text.upper())
    return (
        Q(person_name__icontains=text) | Q(company_name__icontains=text) | Q(email__icontains=text)
    )


_SHOWN: LiteralString = """
SELECT l.id, l.number, l.state, l.person_name, l.company_name, l.email, l.country, l.channel,
       l.source, l.interest, u.name AS owner__name, l.asked_at, l.captured_at,
       l.excluded_from_response, a.occurred_at AS answered_at,
       COALESCE(a.was_live, false) AS answered_live
FROM page
JOIN lead_lead l ON l.id = page.id
LEFT JOIN identity_user u ON u.id = l.owner_id
LEFT JOIN LATERAL (
    SELECT i.occurred_at, i.direction = 'in' AS was_live
    FROM lead_interaction i
    WHERE i.lead_id = l.id AND i.reached
      AND (i.direction = 'out' AND i.is_by_person
           OR i.direction = 'in' AND i.user_id IS NOT NULL AND i.channel = ANY(%s))
      AND NOT EXISTS (SELECT 1 FROM document_mail m WHERE m.id = i.mail_id AND m.state = 'failed')
    ORDER BY i.occurred_at, i.id LIMIT 1
) a ON true
"""


def page(
    rows: QuerySet[Lead], *, sort: str, offset: int = 0, limit: int = 50
) -> tuple[list[dict[str, Any]], bool]:
    """One page of leads as dicts with their first answer (`answers`), and whether more follow."""
    order = SORTS.get(sort, SORTS["-asked_at"])
    live = sorted(LIVE_CHANNELS)
    return listing.page_of(
        rows, order=order, shown=_SHOWN, given=[live], offset=offset, limit=limit
    )


def after(rows: QuerySet[Lead], asked_at: datetime, key: int) -> QuerySet[Lead]:
    """The leads that follow a given one when the newest comes first."""
    return rows.filter(Q(asked_at__lt=asked_at) | Q(asked_at=asked_at, id__lt=key))


def response_of_row(row: Mapping[str, Any], *, now: datetime) -> response.Response:
    """The response clock of a row of `page`."""
    if row["excluded_from_response"]:
        return response.Response(
            "excluded", None, row["answered_at"], 0, row["excluded_from_response"]
        )
    if row["answered_at"] is None:
        return response.response(row["asked_at"], (), now=now)
    return response.answered(row["asked_at"], row["answered_at"], live=row["answered_live"])


def contacts_of(lead: Lead) -> list[response.Contact]:
    """The contacts of a lead as its clock sees them."""
    rows = Interaction.objects.filter(lead=lead).values_list(
        "occurred_at", "direction", "channel", "is_by_person", "reached", "user_id", "mail_id"
    )
    known = list(rows)
    mails = [row[6] for row in known if row[6]]
    returned = set(
        Mail.objects.filter(pk__in=mails, state="failed").values_list("pk", flat=True)
        if mails
        else ()
    )
    return [
        response.Contact(at, direction, channel, by_person, reached and mail not in returned, user)
        for at, direction, channel, by_person, reached, user, mail in known
    ]


def response_of(lead: Lead, *, now: datetime) -> response.Response:
    """The response clock of a lead."""
    return response.response(
        lead.asked_at, contacts_of(lead), now=now, excluded=lead.excluded_from_response
    )


def response_rows(
    actor: Actor, *, asked_from: datetime, asked_until: datetime
) -> list[dict[str, Any]]:
    """The population of the response figures: one dict a lead asked in the half-open interval.

    Keys: id, number, asked_at, captured_at, answered_at, answered_live, source, channel, owner_id,
    excluded ("" or why the lead is left out: spam, test, duplicate, imported).
    """
    rows = leads(actor).filter(asked_at__gte=asked_from, asked_at__lt=asked_until)
    wanted = with_answer(rows).annotate(excluded=F("excluded_from_response"))
    names = "id number asked_at captured_at answered_at answered_live source channel owner_id"
    return list(wanted.order_by("asked_at", "id").values(*names.split(), "excluded"))


def sources(actor: Actor) -> list[str]:
    """The sources leads came from, by name; the empty one is unknown."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, {"sellers": sorted(actor.seller_ids)})
        return [source for (source,) in cursor.fetchall()]


# From one source to the next along the index, instead of over all leads.
_SOURCES = """
WITH RECURSIVE s(seller_id, source) AS (
    SELECT seller, (SELECT min(source) FROM lead_lead WHERE seller_id = seller)
    FROM unnest(%(sellers)s::bigint[]) AS seller
    UNION ALL
    SELECT s.seller_id, (SELECT min(l.source) FROM lead_lead l
                         WHERE l.seller_id = s.seller_id AND l.source > s.source)
    FROM s WHERE s.source IS NOT NULL
)
SELECT DISTINCT source FROM s WHERE source IS NOT NULL ORDER BY source LIMIT 200
"""


def owners(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) of the users who may own a lead of the actor's sellers, by name."""
    members = SellerMember.objects.filter(seller_id__in=actor.seller_ids).values("user_id")
    rows = User.objects.filter(pk__in=members, is_active=True).order_by("name")
    return list(rows.values_list("pk", "name"))


def first_touch(lead: Lead) -> Touch | None:
    """Where a lead came from first."""
    return Touch.objects.filter(lead=lead, is_first=True).first()


def interactions(lead: Lead) -> QuerySet[Interaction]:
    """The contacts of a lead, oldest first."""
    rows = Interaction.objects.filter(lead=lead).select_related("user")
    return rows.order_by("occurred_at", "pk")


def latest_findings(lead: Lead) -> dict[str, Qualification]:
    """The finding that counts for each question asked so far."""
    rows = Qualification.objects.filter(lead=lead).select_related("found_by")
    return {row.dimension: row for row in rows.order_by("found_at", "pk")}


def verdict_of(lead: Lead) -> Verdict:
    """Whether the lead is worth an offer, by its latest findings."""
    return verdict({name: row.grade for name, row in latest_findings(lead).items()})


def recognitions(lead: Lead) -> list[Recognition]:
    """Who the lead may be: strongest proposals first."""
    rows = Recognition.objects.filter(lead=lead).select_related(
        "person", "organization", "other_lead", "decided_by"
    )
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.pk))


def get_recognition(lead: Lead, recognition_id: int) -> Recognition:
    """A proposal of this lead."""
    found = Recognition.objects.filter(pk=recognition_id, lead=lead).first()
    if found is None:
        raise RecognitionMissing("this proposal does not exist")
    return found


def forms(actor: Actor) -> QuerySet[CaptureForm]:
    """The forms of the actor's sellers, by title."""
    return CaptureForm.objects.filter(seller_id__in=actor.seller_ids).order_by("title", "pk")


def get_form(actor: Actor, form_id: int) -> CaptureForm:
    """A form of one of the actor's sellers."""
    form = forms(actor).filter(pk=form_id).first()
    if form is None:
        raise FormMissing("this form does not exist")
    return form


def public_form(key: str) -> CaptureForm:
    """An active form by the key in its address. Open to everybody: it holds no secret."""
    form = CaptureForm.objects.select_related("seller").filter(key=key, is_active=True).first()
    if form is None:
        raise FormMissing("this form does not exist")
    return form


def imports(actor: Actor) -> QuerySet[LeadImport]:
    """The imports of the actor's sellers, newest first."""
    rows = LeadImport.objects.filter(seller_id__in=actor.seller_ids).select_related(
        "task", "seller"
    )
    return rows.order_by("-created_at", "-pk")


def get_import(actor: Actor, import_id: int) -> LeadImport:
    """An import of one of the actor's sellers."""
    found = imports(actor).filter(pk=import_id).first()
    if found is None:
        raise ImportMissing("this import does not exist")
    return found


def refused_rows(found: LeadImport) -> QuerySet[RefusedRow]:
    """The rows an import did not take, in the order of the file."""
    return RefusedRow.objects.filter(lead_import=found).order_by("row_number")
