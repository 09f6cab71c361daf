"""Finding out whether a lead is worth an offer, and giving it up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.attract.lead import queries
from handsel.attract.lead.errors import LeadInvalid, LeadNotOpen
from handsel.attract.lead.events import LeadDisqualified, LeadQualified, LeadReopened
from handsel.attract.lead.models import Lead, Qualification
from handsel.attract.lead.rules import states
from handsel.attract.lead.rules.inquiry import one_line, paragraphs
from handsel.attract.lead.rules.qualification import DIMENSIONS, HIGHEST_GRADE, Verdict
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.conditional import change_state

VERDICT = "verdict"
LONGEST_EVIDENCE = 2000


@transaction.atomic
def qualify(
    *, actor: Actor, now: datetime, lead_id: int, dimension: str, grade: int, evidence: str
) -> Qualification:
    """Write down a finding: interest, purchasing_power, fit or timing, 0 (no) to 3 (proved).

    Evidence is mandatory: who said it, where it is written. The lead's state follows from all
    findings together. Raises LeadInvalid, or LeadNotOpen when the lead is closed.
    """
    lead = queries.locked_lead(actor, lead_id)
    if not states.is_open(lead.state):
        raise LeadNotOpen(
            said("this lead is %(state)s; open it again to qualify it", state=lead.state)
        )
    found = paragraphs(evidence)
    _check(dimension, grade, found)
    row = Qualification.objects.create(
        lead=lead,
        dimension=dimension,
        grade=grade,
        evidence=found,
        found_by_id=actor.user_id,
        found_at=now,
    )
    event = LeadQualified(lead_id=lead.pk, dimension=dimension, grade=grade)
    log.announce(event, actor=actor, now=now)
    _follow(lead, queries.verdict_of(lead), actor=actor, now=now)
    return row


def _check(dimension: str, grade: int, evidence: str) -> None:
    wrong: dict[str, str] = {}
    if dimension not in DIMENSIONS:
        wrong["dimension"] = said("one of %(dimensions)s", dimensions=", ".join(DIMENSIONS))
    if not 0 <= grade <= HIGHEST_GRADE:
        wrong["grade"] = said("0 to %(highest_grade)s", highest_grade=HIGHEST_GRADE)
    if not evidence or len(evidence) > LONGEST_EVIDENCE:
        wrong["evidence"] = "what makes you think so: who said it, where it is written"
    if wrong:
        raise LeadInvalid("this finding cannot be written down", fields=wrong)


def _follow(lead: Lead, verdict: Verdict, *, actor: Actor, now: datetime) -> None:
    """Let the lead's state follow the verdict."""
    wanted = "qualified" if verdict.state == "qualified" else "working"
    if lead.state == wanted:
        return
    change_state(Lead, lead.pk, to=wanted, allowed=states.TRANSITIONS, code="lead_not_open")
    lead.state = wanted
    if wanted == "qualified":
        event = LeadQualified(lead_id=lead.pk, dimension=VERDICT, grade=verdict.points)
        log.announce(event, actor=actor, now=now)


@transaction.atomic
def disqualify(*, actor: Actor, now: datetime, lead_id: int, reason: str, note: str = "") -> Lead:
    """Give a lead up, for one of `rules.states.DISQUALIFY_REASONS`.

    Spam, tests and duplicates asked for nothing: they are left out of response figures.
    """
    lead = queries.locked_lead(actor, lead_id)
    if reason not in states.DISQUALIFY_REASONS:
        raise LeadInvalid(
            "give a reason",
            fields={
                "reason": said(
                    "one of %(disqualify_reasons)s",
                    disqualify_reasons=", ".join(states.DISQUALIFY_REASONS),
                )
            },
        )
    excluded = lead.excluded_from_response or states.exclusion_for(reason)
    change_state(
        Lead,
        lead.pk,
        to="disqualified",
        allowed=states.TRANSITIONS,
        code="lead_not_open",
        disqualified_at=now,
        disqualified_reason=reason,
        disqualified_note=free_text(one_line(note), field="note", longest=300),
        excluded_from_response=excluded,
    )
    event = LeadDisqualified(lead_id=lead.pk, reason=reason)
    log.announce(event, actor=actor, now=now)
    lead.refresh_from_db()
    return lead


@transaction.atomic
def reopen_lead(*, actor: Actor, now: datetime, lead_id: int) -> Lead:
    """Pursue a lead again that was given up; it counts in the response figures again."""
    lead = queries.locked_lead(actor, lead_id)
    if lead.state != "disqualified":
        raise LeadNotOpen(
            said(
                "this lead is %(state)s; only a disqualified one can be opened again",
                state=lead.state,
            )
        )
    still = lead.excluded_from_response if lead.channel == "import" else ""
    change_state(
        Lead,
        lead.pk,
        to="working",
        allowed=states.TRANSITIONS,
        code="lead_not_open",
        disqualified_at=None,
        disqualified_reason="",
        disqualified_note="",
        excluded_from_response=still,
    )
    log.announce(LeadReopened(lead_id=lead.pk), actor=actor, now=now)
    lead.refresh_from_db()
    return lead
