"""The rules of approval: made, changed as a new version, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from handsel.bid.quote.errors import BadCondition, RuleNotFound
from handsel.bid.quote.events import ApprovalRuleEnded, ApprovalRuleSet
from handsel.bid.quote.models import ApprovalRule
from handsel.bid.quote.rules.approval.grammar import as_data, parse_condition
from handsel.bid.quote.rules.approval.people import Spec
from handsel.bid.quote.rules.approval.plan import Step, parse_steps
from handsel.ground.identity import declared
from handsel.ground.identity.models import Team, User
from handsel.ground.kernel.names import changed, longest_text, texts_of
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor

MOST_RULES = 200


@transaction.atomic
def set_rule(
    *,
    actor: Actor,
    now: datetime,
    seller_id: int,
    name: str,
    condition: Any,
    steps: Any,
    key: UUID | None = None,
) -> ApprovalRule:
    """Make a rule, or with `key` a new version of one. Takes hold for what is asked from now on.

    `condition` and `steps` are data by the grammar of `rules/approval`. Raises BadCondition naming
    the place, RuleNotFound for a seller or key the actor does not see.
    """
    if seller_id not in actor.seller_ids:
        raise RuleNotFound("there is no such seller", seller_id=seller_id)
    title = changed(name, lambda text: " ".join(text.split()))
    if not title or longest_text(title) > 120:
        raise BadCondition("A rule needs a name.", fields={"name": "1 to 120 characters"})
    asked, chain = parse_condition(condition), parse_steps(steps)
    _check_approvers(chain)
    before = _end(actor, now, key) if key is not None else None
    if before is not None and before.seller_id != seller_id:
        raise RuleNotFound("this rule is another seller's", key=str(key))
    if before is None and _count(seller_id) >= MOST_RULES:
        raise BadCondition(
            said("A seller has at most %(most_rules)s rules.", most_rules=MOST_RULES)
        )
    rule = ApprovalRule.objects.create(
        seller_id=seller_id,
        key=before.key if before else uuid4(),
        version_no=before.version_no + 1 if before else 1,
        name=str(title),
        name_texts=dict(texts_of(title)),
        condition=as_data(asked),
        steps=[step.as_data() for step in chain],
        made_by_id=actor.user_id,
        made_at=now,
    )
    event = ApprovalRuleSet(rule_id=rule.pk, name=rule.name, version_no=rule.version_no)
    log.announce(event, actor=actor, now=now)
    return rule


@transaction.atomic
def end_rule(*, actor: Actor, now: datetime, key: UUID) -> ApprovalRule:
    """Let a rule ask nobody any more; what it asked stays as it is. Raises RuleNotFound."""
    rule = _end(actor, now, key)
    log.announce(ApprovalRuleEnded(rule_id=rule.pk, name=rule.name), actor=actor, now=now)
    return rule


def _end(actor: Actor, now: datetime, key: UUID) -> ApprovalRule:
    rows = ApprovalRule.objects.select_for_update().filter(
        key=key, ended_at=None, seller_id__in=actor.seller_ids
    )
    rule = rows.first()
    if rule is None:
        raise RuleNotFound("this rule does not exist, or has ended", key=str(key))
    ApprovalRule.objects.filter(pk=rule.pk).update(ended_at=now)
    return rule


def _count(seller_id: int) -> int:
    return ApprovalRule.objects.filter(seller_id=seller_id, ended_at=None).count()


def _check_approvers(chain: Sequence[Step]) -> None:
    """Refuse users, teams and roles that do not exist; who is away is looked at when asking."""
    specs = [spec for step in chain for spec in (*step.approvers, step.otherwise) if spec]
    for spec in specs:
        if not _exists(spec):
            raise BadCondition(
                said("There is no %(kind)s %(ref)s.", kind=spec.kind, ref=spec.ref),
                fields={"steps": said("a known %(kind)s", kind=spec.kind)},
            )


def _exists(spec: Spec) -> bool:
    if spec.kind == "role":
        return spec.ref in declared.ROLES
    if spec.kind == "user":
        return User.objects.filter(pk=spec.ref).exists()
    if spec.kind == "team":
        return Team.objects.filter(pk=spec.ref).exists()
    return True
