"""Who answers for whom: absences, delegations, superiors."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from handsel.bid.quote.actions.approval_mailing import STAND_IN_JOB
from handsel.bid.quote.errors import ApprovalNotFound, BadCondition, NotAsked
from handsel.bid.quote.events import ApproverRepresented, SuperiorNamed
from handsel.bid.quote.models import ApproverAbsence, Superior
from handsel.bid.quote.queries.approvers import who_may_approve
from handsel.ground.identity.models import User
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.jobs import enqueue

RULES = "quote.approval_rules"
MOST_SUPERIORS = 50


@transaction.atomic
def set_absence(
    *,
    actor: Actor,
    now: datetime,
    user_id: int,
    away_from: datetime,
    away_until: datetime,
    delegate_id: int | None = None,
    is_absent: bool = True,
) -> ApproverAbsence:
    """Let a user be represented from an instant to another (half-open).

    What waits for him already is mailed to who stands in when it begins. Without a delegate
    questions go to the next in line; with `is_absent` False both may answer.
    Everybody does this for himself, whoever keeps the rules for everybody. Raises BadCondition,
    NotAsked.
    """
    _may_arrange(actor, user_id)
    if away_from >= away_until:
        raise BadCondition("The end lies before the beginning.", fields={"away_until": "later"})
    if delegate_id == user_id or (delegate_id is None and not is_absent):
        raise BadCondition("Name somebody else.", fields={"delegate_id": "another user"})
    for key in (user_id, delegate_id):
        if key is not None and not User.objects.filter(pk=key, is_active=True).exists():
            raise BadCondition("This user cannot sign in.", fields={"delegate_id": "a user"})
    if delegate_id is not None and delegate_id not in who_may_approve():
        name = User.objects.get(pk=delegate_id).name
        raise BadCondition(
            said("%(name)s may not approve; name somebody who may.", name=name),
            fields={"delegate_id": "another user"},
        )
    try:
        with transaction.atomic():
            absence = ApproverAbsence.objects.create(
                user_id=user_id,
                away_from=away_from,
                away_until=away_until,
                delegate_id=delegate_id,
                is_absent=is_absent,
                made_by_id=actor.user_id,
                made_at=now,
            )
    except IntegrityError as clash:
        raise BadCondition(
            "Part of this time is arranged already; end that first.",
            fields={"away_from": "a time that is free"},
        ) from clash
    _announce(actor, now, absence, ended=False)
    if away_until > now:
        enqueue(STAND_IN_JOB, run_at=max(away_from, now), absence_id=absence.pk)
    return absence


@transaction.atomic
def end_absence(*, actor: Actor, now: datetime, absence_id: int) -> None:
    """Let an absence end now; one that has not begun is dropped. Raises ApprovalNotFound."""
    absence = ApproverAbsence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is None:
        raise ApprovalNotFound("this absence does not exist")
    _may_arrange(actor, absence.user_id)
    if absence.away_from >= now:
        absence.delete()
    elif absence.away_until > now:
        ApproverAbsence.objects.filter(pk=absence_id).update(away_until=now)
    _announce(actor, now, absence, ended=True)


@transaction.atomic
def name_superior(*, actor: Actor, now: datetime, user_id: int, superior_id: int | None) -> None:
    """Say whom a user reports to, or with None nobody. Raises BadCondition for a circle."""
    if not actor.may(RULES):
        raise NotAsked("Only who keeps the rules of approval says who reports to whom.")
    known = set(User.objects.filter(pk__in=[user_id, superior_id or user_id]).values_list("pk"))
    if len(known) < len({user_id, superior_id or user_id}):
        raise BadCondition("There is no such user.", fields={"superior_id": "a user"})
    if superior_id is None:
        Superior.objects.filter(user_id=user_id).delete()
    else:
        _refuse_circle(user_id, superior_id)
        Superior.objects.update_or_create(user_id=user_id, defaults={"superior_id": superior_id})
    log.announce(SuperiorNamed(user_id=user_id, superior_id=superior_id), actor=actor, now=now)


def _refuse_circle(user_id: int, superior_id: int) -> None:
    above = dict(Superior.objects.values_list("user_id", "superior_id"))
    step: int | None = superior_id
    for _ in range(MOST_SUPERIORS):
        if step == user_id:
            raise BadCondition(
                "They would report to each other.", fields={"superior_id": "somebody above"}
            )
        step = above.get(step) if step is not None else None


def _may_arrange(actor: Actor, user_id: int) -> None:
    if actor.user_id != user_id and not actor.may(RULES):
        raise NotAsked("Only the user himself, or who keeps the rules, arranges this.")


def _announce(actor: Actor, now: datetime, absence: ApproverAbsence, *, ended: bool) -> None:
    event = ApproverRepresented(
        user_id=absence.user_id,
        delegate_id=absence.delegate_id,
        is_absent=absence.is_absent,
        ended=ended,
    )
    log.announce(event, actor=actor, now=now)
