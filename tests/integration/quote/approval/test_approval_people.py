"""Who answers instead: delegation, absence, people who are gone, the requester, and time."""

from datetime import UTC, datetime, timedelta

import pytest

from handsel.bid.quote import actions
from handsel.bid.quote.errors import ApprovalState, BadCondition, NobodyToAsk, NotAsked
from handsel.bid.quote.models import ApprovalAsk, ApprovalRequest, ApproverAbsence
from handsel.bid.quote.queries.approval_asks import inbox
from handsel.bid.quote.queries.approvers import people_of
from handsel.ground.document.models import Mail
from handsel.ground.identity import actions as identity
from handsel.ground.identity.models import User
from tests.support.approval import (
    ACCOUNTANT,
    DESK,
    LINE_15,
    LONG_TERM,
    MANAGER,
    REP,
    Approvals,
    asked_by_mail,
    asks,
    role,
    state_of,
    user,
)

WEEK = timedelta(days=7)
# The world's "now" is Monday 2 March 2026, 10:00 in Stuttgart; the house works from 8 to 17.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def away(house: Approvals, one: User, delegate: User | None = None, **more: bool) -> None:
    """Let a user be represented for a week from now."""
    actions.set_absence(
        actor=house.world.system,
        now=house.world.now,
        user_id=one.pk,
        away_from=house.world.now,
        away_until=house.world.now + WEEK,
        delegate_id=delegate.pk if delegate else None,
        **more,
    )


def superior(house: Approvals, one: User, above: User) -> None:
    """Say whom a user reports to."""
    actions.name_superior(
        actor=house.world.system, now=house.world.now, user_id=one.pk, superior_id=above.pk
    )


def escalate(house: Approvals, ask: ApprovalAsk, now: datetime) -> tuple[int, ...]:
    """What the timer does when it goes off."""
    return actions.escalate_ask(actor=house.world.system, now=now, ask_id=ask.pk)


def test_an_absent_approver_is_represented_by_his_delegate(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    away(house, anna, bruno)
    house.rule("Line discount", LINE_15, user(anna))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    assert asked_by_mail() == ["bruno"]
    with pytest.raises(NotAsked):
        house.decide(ask, anna)
    decision = house.decide(ask, bruno)
    assert (decision.user_id, decision.on_behalf_of_id) == (bruno.pk, anna.pk)
    assert state_of(request) == "approved"


def test_who_delegates_without_being_absent_may_still_answer(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    away(house, anna, bruno, is_absent=False)
    house.rule("Line discount", LINE_15, user(anna))
    request = house.ask(house.quote(2000))
    assert asked_by_mail() == ["anna", "bruno"]
    decision = house.decide(asks(request)[0], anna)
    assert decision.on_behalf_of_id is None
    assert state_of(request) == "approved"


def test_one_voice_is_one_voice_however_many_could_fill_it(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    away(house, anna, bruno, is_absent=False)
    group = {"approvers": [{"user": anna.pk}, {"role": "order_desk"}]}
    house.rule("Line discount", LINE_15, group)
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    house.decide(ask, anna)
    with pytest.raises(ApprovalState, match="in your place"):
        house.decide(ask, bruno)
    assert state_of(request) == "open"


def test_an_absence_arranged_after_asking_counts_at_once(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    house.rule("Line discount", LINE_15, user(anna))
    request = house.ask(house.quote(2000))
    assert inbox(house.acting(bruno), now=house.world.now) == []
    away(house, anna, bruno)
    (waiting,) = inbox(house.acting(bruno), now=house.world.now)
    assert waiting.stands_in_for == anna.pk
    house.decide(asks(request)[0], bruno)
    assert state_of(request) == "approved"


def test_who_asked_is_told_when_time_runs_out_and_nobody_is_left(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    house.rule("Line discount", LINE_15, user(anna, hours=2))
    (ask,) = asks(house.ask(house.quote(2000)))
    late = house.world.now + timedelta(hours=3)
    assert escalate(house, ask, late) == ()
    told = Mail.objects.latest("pk")
    assert told.to == [f"{REP}@halden.example"]
    assert "The answer of Anna is missing, the time for it is over" in told.body_text
    assert escalate(house, ask, late) == ()
    assert Mail.objects.latest("pk") == told


def test_nobody_stands_in_who_may_not_approve(house: Approvals) -> None:
    anna, rudi = house.hire("Anna", MANAGER), house.hire("Rudi", REP)
    with pytest.raises(BadCondition, match="Rudi may not approve"):
        away(house, anna, rudi)
    assert not ApproverAbsence.objects.exists()


def stand_ins(house: Approvals, now: datetime) -> tuple[int, ...]:
    """What the job does when the newest absence begins."""
    absence = ApproverAbsence.objects.latest("pk")
    return actions.ask_stand_ins(actor=house.world.system, now=now, absence_id=absence.pk)


def test_what_waits_when_an_absence_begins_is_mailed_to_who_stands_in(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    house.rule("Line discount", LINE_15, user(anna))
    house.rule("Days to pay", LONG_TERM, role(DESK))
    request = house.ask(house.quote(2000))
    house.ask(house.quote(0, payment_days=75))
    before = asked_by_mail()
    away(house, anna, bruno)
    assert stand_ins(house, house.world.now) == (bruno.pk,)
    assert stand_ins(house, house.world.now) == ()
    assert asked_by_mail() == [*before, "bruno"]
    told = Mail.objects.latest("pk").body_text
    assert "You are asked because you stand in for Anna." in told
    house.decide(asks(request)[0], bruno)
    assert state_of(request) == "approved"


def test_an_absence_that_is_over_mails_nobody(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    house.rule("Line discount", LINE_15, user(anna))
    house.ask(house.quote(2000))
    away(house, anna, bruno)
    assert stand_ins(house, house.world.now + WEEK) == ()
    assert asked_by_mail() == ["anna"]


def test_who_is_asked_is_told_in_whose_place(house: Approvals) -> None:
    anna, boss = house.hire("Anna", MANAGER), house.hire("Boss", MANAGER)
    superior(house, anna, boss)
    away(house, anna)
    house.rule("Line discount", LINE_15, user(anna))
    house.ask(house.quote(2000))
    assert "You are asked in place of Anna." in Mail.objects.latest("pk").body_text


def test_who_is_asked_as_well_is_told_whose_answer_is_late(house: Approvals) -> None:
    anna, boss = house.hire("Anna", MANAGER), house.hire("Boss", MANAGER)
    superior(house, anna, boss)
    house.rule("Line discount", LINE_15, user(anna, hours=2))
    (ask,) = asks(house.ask(house.quote(2000)))
    assert "You are asked" not in Mail.objects.latest("pk").body_text
    escalate(house, ask, house.world.now + timedelta(hours=3))
    told = Mail.objects.latest("pk")
    assert told.to == ["boss@halden.example"]
    assert "The answer of Anna is missing and the time is over" in told.body_text


def test_an_absence_without_delegate_falls_to_the_deputy(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    away(house, anna)
    house.rule("Line discount", LINE_15, user(anna, otherwise={"role": ACCOUNTANT}))
    house.ask(house.quote(2000))
    assert asked_by_mail() == [ACCOUNTANT]


def test_without_a_deputy_it_falls_to_the_superior(house: Approvals) -> None:
    anna, boss = house.hire("Anna", MANAGER), house.hire("Boss", MANAGER)
    superior(house, anna, boss)
    away(house, anna)
    house.rule("Line discount", LINE_15, user(anna))
    house.ask(house.quote(2000))
    assert asked_by_mail() == ["boss"]


def test_delegates_of_delegates_end_somewhere(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", MANAGER)
    away(house, anna, bruno)
    away(house, bruno, anna)
    house.rule("Line discount", LINE_15, user(anna))
    with pytest.raises(NobodyToAsk, match="Anna: is absent"):
        house.ask(house.quote(2000))


def test_nobody_approves_what_he_asked_for(house: Approvals) -> None:
    boss = house.hire("Boss", MANAGER)
    manager = house.world.users[MANAGER]
    superior(house, manager, boss)
    house.rule("Line discount", LINE_15, user(manager))
    version = house.quote(2000)
    request = house.ask(version, by=MANAGER)
    (ask,) = asks(request)
    assert asked_by_mail() == ["boss"]
    with pytest.raises(NotAsked, match="asked for himself"):
        house.decide(ask, MANAGER)
    house.decide(ask, boss)
    assert state_of(request) == "approved"


def test_of_a_role_the_requester_is_left_out(house: Approvals) -> None:
    house.hire("Boss", MANAGER)
    house.rule("Line discount", LINE_15, role(MANAGER))
    house.ask(house.quote(2000), by=MANAGER)
    assert asked_by_mail() == ["boss"]


def test_a_delegate_who_asked_himself_does_not_answer(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    away(house, anna, house.world.users[MANAGER])
    house.rule("Line discount", LINE_15, user(anna))
    with pytest.raises(NobodyToAsk, match="his own request"):
        house.ask(house.quote(2000), by=MANAGER)


def test_the_superior_of_who_asks(house: Approvals) -> None:
    boss = house.hire("Boss", MANAGER)
    superior(house, house.world.users[REP], boss)
    house.rule("Line discount", LINE_15, {"approvers": [{"manager_of": "requester"}]})
    house.ask(house.quote(2000))
    assert asked_by_mail() == ["boss"]


def test_who_left_the_house_is_not_asked(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    house.rule("Line discount", LINE_15, user(anna))
    system = house.world.system
    identity.deactivate_user(actor=system, now=house.world.now, user_id=anna.pk)
    version = house.quote(2000)
    with pytest.raises(NobodyToAsk, match="Anna: may no longer approve"):
        house.ask(version)
    assert not ApprovalRequest.objects.exists()
    house.rule("Other way", LINE_15, role(MANAGER))


def test_who_leaves_after_being_asked_gives_way_to_the_deputy(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    house.rule("Line discount", LINE_15, user(anna, otherwise={"role": ACCOUNTANT}))
    request = house.ask(house.quote(2000))
    system = house.world.system
    identity.deactivate_user(actor=system, now=house.world.now, user_id=anna.pk)
    (ask,) = asks(request)
    with pytest.raises(NotAsked):
        house.decide(ask, anna)
    house.decide(ask, ACCOUNTANT)
    assert state_of(request) == "approved"


def test_a_right_taken_away_is_gone_at_once(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    house.rule("Line discount", LINE_15, user(anna))
    request = house.ask(house.quote(2000))
    identity.set_roles(
        actor=house.world.system, now=house.world.now, user_id=anna.pk, roles=["sales_rep"]
    )
    with pytest.raises(NotAsked):
        house.decide(asks(request)[0], anna)
    assert state_of(request) == "open"


def test_who_loses_the_role_that_was_asked_no_longer_answers(house: Approvals) -> None:
    anna = house.hire("Anna", MANAGER)
    house.rule("Line discount", LINE_15, role(MANAGER))
    request = house.ask(house.quote(2000))
    identity.set_roles(
        actor=house.world.system, now=house.world.now, user_id=anna.pk, roles=[ACCOUNTANT]
    )
    with pytest.raises(NotAsked):
        house.decide(asks(request)[0], anna)
    house.decide(asks(request)[0], MANAGER)


def test_a_voice_of_a_team_stays_with_its_member(house: Approvals) -> None:
    system, now = house.world.system, house.world.now
    anna, bruno, clara = (house.hire(name, MANAGER) for name in ("Anna", "Bruno", "Clara"))
    members = [anna.pk, bruno.pk, clara.pk]
    team = identity.create_team(actor=system, now=now, name="Board", members=members)
    house.rule("Line discount", LINE_15, {"approvers": [{"team": team.pk}], "quorum": 2})
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    house.decide(ask, bruno)
    identity.revise_team(
        actor=system, now=now, team_id=team.pk, name="Board", members=[bruno.pk, clara.pk]
    )
    with pytest.raises(NotAsked):
        house.decide(ask, anna)
    house.decide(ask, clara)
    assert state_of(request) == "approved"


def test_time_runs_in_working_hours_of_the_seller(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER, hours=10))
    friday = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)  # Maundy Thursday, 14:00 in Stuttgart
    request = house.ask(house.quote(2000), now=friday)
    # 3 h on Thursday; Good Friday, the weekend and Easter Monday are free; 7 h on Tuesday.
    assert asks(request)[0].due_at == datetime(2026, 4, 7, 13, 0, tzinfo=UTC)


def test_when_time_runs_out_the_deputy_is_asked_as_well(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER, hours=4, otherwise={"role": ACCOUNTANT}))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    assert ask.due_at == MONDAY + timedelta(hours=4)
    assert escalate(house, ask, MONDAY + timedelta(hours=3)) == ()
    late = MONDAY + timedelta(hours=4)
    accountant = house.world.users[ACCOUNTANT]
    assert escalate(house, ask, late) == (accountant.pk,)
    assert asked_by_mail() == [MANAGER, ACCOUNTANT]
    assert escalate(house, ask, late) == ()
    assert inbox(house.acting(accountant), now=late)
    house.decide(ask, ACCOUNTANT, now=late)
    assert state_of(request) == "approved"


def test_who_was_asked_first_may_still_answer_late(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER, hours=4, otherwise={"role": ACCOUNTANT}))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    late = MONDAY + timedelta(hours=4)
    escalate(house, ask, late)
    house.decide(ask, MANAGER, now=late)
    with pytest.raises(ApprovalState):
        house.decide(ask, ACCOUNTANT, now=late)


def test_time_climbs_level_by_level(house: Approvals) -> None:
    anna, boss, chief = (house.hire(name, MANAGER) for name in ("Anna", "Boss", "Chief"))
    superior(house, anna, boss)
    superior(house, boss, chief)
    house.rule("Line discount", LINE_15, user(anna, hours=2))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    assert escalate(house, ask, MONDAY + timedelta(hours=2)) == (boss.pk,)
    assert escalate(house, ask, MONDAY + timedelta(hours=4)) == (chief.pk,)
    assert escalate(house, ask, MONDAY + timedelta(hours=6)) == ()
    assert ApprovalAsk.objects.get(pk=ask.pk).also_asked == [boss.pk, chief.pk]
    assert state_of(request) == "open"


def test_an_answered_question_does_not_escalate(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER, hours=4, otherwise={"role": ACCOUNTANT}))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    house.decide(ask, MANAGER)
    assert escalate(house, ask, MONDAY + timedelta(hours=5)) == ()
    assert asked_by_mail() == [MANAGER]


def test_the_usual_time_is_the_median_of_past_answers(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    for hours in (1, 2, 6):
        request = house.ask(house.quote(2000))
        house.decide(asks(request)[0], MANAGER, now=MONDAY + timedelta(hours=hours))
    people = people_of(house.world.seller.pk, now=MONDAY + WEEK)
    assert people.usual_hours == {house.world.users[MANAGER].pk: 2}


def test_absences_are_arranged_by_oneself_and_do_not_overlap(house: Approvals) -> None:
    anna, bruno = house.hire("Anna", MANAGER), house.hire("Bruno", ACCOUNTANT)
    away(house, anna, bruno)
    with pytest.raises(BadCondition, match="arranged already"):
        away(house, anna)
    with pytest.raises(NotAsked):
        actions.set_absence(
            actor=house.acting(bruno),
            now=MONDAY,
            user_id=anna.pk,
            away_from=MONDAY + WEEK,
            away_until=MONDAY + 2 * WEEK,
        )
    with pytest.raises(BadCondition, match="report to each other"):
        superior(house, anna, bruno)
        superior(house, bruno, anna)
