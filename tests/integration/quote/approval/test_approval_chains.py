"""Who is asked, in which order: chains, groups, quorum, and the gate in front of presenting."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from handsel.bid.quote import actions, queries
from handsel.bid.quote.errors import (
    ApprovalNeeded,
    ApprovalNotFound,
    ApprovalNotNeeded,
    ApprovalState,
    BadQuote,
    NotAsked,
)
from handsel.bid.quote.models import ApprovalDecision, ApprovalRequest
from handsel.bid.quote.queries.approval import picture_of
from handsel.ground.document.models import Mail
from handsel.ground.platform import store
from handsel.ground.platform.log import timeline
from tests.support.approval import (
    ACCOUNTANT,
    DESK,
    HEADER_10,
    LINE_15,
    LONG_TERM,
    MANAGER,
    REP,
    Approvals,
    asked_by_mail,
    asks,
    role,
    state_of,
)


def test_without_rules_nothing_changes(house: Approvals) -> None:
    version = house.quote(9900)
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    assert house.present(version).version.state == "presented"


def test_an_offer_inside_all_limits_goes_out_at_once(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(1500)
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    house.present(version)


def test_the_gate_says_who_must_be_asked_and_why(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(0, 1800)
    with pytest.raises(ApprovalNeeded) as refused:
        house.present(version)
    assert "Sales manager" in refused.value.message
    assert "on line 2: 18 % (more than 15 %)" in refused.value.message
    assert queries.get_version(house.world.system, version.quote_id).state == "draft"


def test_after_approval_presenting_is_one_click(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(1800)
    request = house.ask(version, comment="They order every month.")
    (ask,) = asks(request)
    decision = house.decide(ask, MANAGER, comment="Once.")
    assert state_of(request) == "approved"
    assert (decision.verdict, decision.channel, decision.comment) == ("approve", "page", "Once.")
    assert house.present(version).version.state == "presented"


def test_the_mail_holds_who_what_why_and_the_waterfall(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(1800)
    house.ask(version, comment="They order every month.")
    mail = Mail.objects.get(template="approval_asked")
    assert mail.to == ["sales_manager@halden.example"]
    text = mail.body_text.replace("\u00a0", " ")
    for said in (
        "Sales rep asks you",
        version.quote.number,
        "Brandt Lebensmittel GmbH",
        "Line discount: Discount on a line, on line 1: 18% (more than 15%)",
        "They order every month.",
        "Discount on this line",
        "1,111.10",
        "answer in your name, once",
    ):
        assert said in text


def test_a_chain_asks_one_after_the_other(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    request = house.ask(house.quote(2000))
    first, second = asks(request)
    assert (first.state, second.state) == ("open", "waiting")
    assert asked_by_mail() == [MANAGER]
    with pytest.raises(ApprovalState, match="Others answer first"):
        house.decide(second, ACCOUNTANT)
    house.decide(first, MANAGER)
    assert asked_by_mail() == [MANAGER, ACCOUNTANT]
    assert state_of(request) == "open"
    house.decide(second, ACCOUNTANT)
    assert state_of(request) == "approved"


def test_rules_of_one_place_ask_at_the_same_time(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    house.rule("Long term", LONG_TERM, role(ACCOUNTANT))
    request = house.ask(house.quote(2000, payment_days=90))
    both = asks(request)
    assert [ask.state for ask in both] == ["open", "open"]
    for ask in both:
        who = MANAGER if "sales_manager" in str(ask.step) else ACCOUNTANT
        house.decide(ask, who)
    assert state_of(request) == "approved"


def test_who_is_asked_by_two_rules_is_asked_once(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    house.rule("Header discount", HEADER_10, role(MANAGER))
    request = house.ask(house.quote(2000, header=1200))
    (ask,) = asks(request)
    assert [reason["rule_name"] for reason in ask.reasons] == ["Header discount", "Line discount"]
    assert asked_by_mail() == [MANAGER]


def test_who_stands_in_two_chains_answers_in_the_later_place(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    house.rule("Long term", LONG_TERM, role(ACCOUNTANT))
    request = house.ask(house.quote(2000, payment_days=90))
    first, second = asks(request)
    assert "sales_manager" in str(first.step)
    assert {reason["rule_name"] for reason in second.reasons} == {"Line discount", "Long term"}


def test_a_group_must_agree_unanimously_unless_told_otherwise(house: Approvals) -> None:
    group = {"approvers": [{"role": MANAGER}, {"role": ACCOUNTANT}]}
    house.rule("Line discount", LINE_15, group)
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    assert ask.quorum == 2
    house.decide(ask, MANAGER)
    assert state_of(request) == "open"
    house.decide(ask, ACCOUNTANT)
    assert state_of(request) == "approved"


def test_two_of_three_are_enough(house: Approvals) -> None:
    group = {
        "approvers": [{"role": MANAGER}, {"role": ACCOUNTANT}, {"role": DESK}],
        "quorum": 2,
    }
    house.rule("Line discount", LINE_15, group)
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    house.decide(ask, ACCOUNTANT, "reject", "Too much.")
    assert state_of(request) == "open"
    house.decide(ask, MANAGER)
    house.decide(ask, DESK)
    assert state_of(request) == "approved"


def test_a_group_that_can_no_longer_agree_has_rejected(house: Approvals) -> None:
    group = {
        "approvers": [{"role": MANAGER}, {"role": ACCOUNTANT}, {"role": DESK}],
        "quorum": 2,
    }
    house.rule("Line discount", LINE_15, group)
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    house.decide(ask, MANAGER, "reject", "Not now.")
    house.decide(ask, DESK, "reject", "No stock.")
    assert state_of(request) == "rejected"


def test_a_team_answers_by_quorum(house: Approvals) -> None:
    from handsel.ground.identity import actions as identity

    board = [house.hire(name, MANAGER) for name in ("Anna", "Bruno", "Clara")]
    team = identity.create_team(
        actor=house.world.system,
        now=house.world.now,
        name="Deal board",
        members=[one.pk for one in board],
    )
    house.rule("Line discount", LINE_15, {"approvers": [{"team": team.pk}], "quorum": 2})
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    assert asked_by_mail() == ["anna", "bruno", "clara"]
    with pytest.raises(NotAsked):
        house.decide(ask, MANAGER)
    house.decide(ask, board[2])
    with pytest.raises(ApprovalState, match="already"):
        house.decide(ask, board[2])
    house.decide(ask, board[0])
    assert state_of(request) == "approved"


def test_a_no_needs_a_reason_and_sends_the_quote_back(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    version = house.quote(2000)
    request = house.ask(version)
    first, second = asks(request)
    with pytest.raises(BadQuote):
        house.decide(first, MANAGER, "reject", "  ")
    house.decide(first, MANAGER, "reject", "At most 17 %.")
    assert state_of(request) == "rejected"
    assert [ask.state for ask in asks(request)] == ["rejected", "cancelled"]
    closed = ApprovalRequest.objects.get(pk=request.pk)
    assert closed.closed_reason == "At most 17 %."
    assert queries.get_version(house.world.system, version.quote_id).state == "draft"
    told = Mail.objects.exclude(template="approval_asked").get()
    assert told.to == ["sales_rep@halden.example"]
    assert "At most 17 %." in told.body_text
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    with pytest.raises(ApprovalState, match="rejected already"):
        house.decide(second, ACCOUNTANT)


def test_who_asked_is_told_the_condition_under_which_they_agreed(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    first, second = asks(house.ask(house.quote(2000)))
    house.decide(first, MANAGER, comment="Only if they order before Friday.")
    house.decide(second, ACCOUNTANT)
    told = Mail.objects.exclude(template="approval_asked").get().body_text
    assert "Everybody who was asked agreed." in told
    assert "Sales manager agreed and wrote: Only if they order before Friday." in told
    assert "Accountant agreed" not in told


def test_the_requester_takes_his_question_back(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    with pytest.raises(NotAsked):
        actions.recall_approval(
            actor=house.world.actor(MANAGER), now=house.world.now, quote_id=version.quote_id
        )
    actions.recall_approval(
        actor=house.world.actor(REP), now=house.world.now, quote_id=version.quote_id
    )
    assert state_of(request) == "recalled"
    with pytest.raises(ApprovalState, match="taken back"):
        house.decide(asks(request)[0], MANAGER)
    with pytest.raises(ApprovalNotFound):
        actions.recall_approval(
            actor=house.world.actor(REP), now=house.world.now, quote_id=version.quote_id
        )
    assert house.ask(version).state == "open"


def test_the_same_question_is_not_asked_twice(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    house.ask(version)
    with pytest.raises(ApprovalState, match="already"):
        house.ask(version)


def test_every_decision_keeps_who_when_and_what_was_seen(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    later = house.world.now + timedelta(hours=2)
    decision = house.decide(asks(request)[0], MANAGER, now=later)
    assert decision.user_id == house.world.users[MANAGER].pk
    assert decision.decided_at == later
    sheet = json.loads(store.read(decision.content_id))
    assert decision.content_hash == request.content_hash
    assert sheet["lines"][0]["discount_bps"] == 2000
    assert sheet["totals"]["net_minor"] == version.net_minor
    assert sum(row["amount_minor"] for row in sheet["waterfall"]) == version.net_minor
    for change in ({"comment": "no"}, {"verdict": "reject", "comment": "no"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApprovalDecision.objects.filter(pk=decision.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalDecision.objects.filter(pk=decision.pk).delete()


def test_the_timeline_tells_the_story(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    house.decide(asks(request)[0], MANAGER)
    told = [event.type for event in timeline(("quote", version.quote_id), limit=10)]
    wanted = {"quote.approval.asked", "quote.approval.decided", "quote.approval.closed"}
    assert wanted <= set(told)


def test_the_preview_is_the_real_run(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    house.rule("Long term", LONG_TERM, role(ACCOUNTANT))
    version = house.quote(2000, payment_days=90)
    version.quote = queries.get_quote(house.world.system, version.quote_id)
    rep = house.world.users[REP]
    preview = picture_of(version, now=house.world.now, requester_id=rep.pk).plan
    request = house.ask(version)
    assert [(a.stage, a.step.as_data(), a.quorum) for a in preview.asks] == [
        (ask.stage, ask.step, ask.quorum) for ask in asks(request)
    ]
    assert [[r.as_json() for r in a.reasons] for a in preview.asks] == [
        ask.reasons for ask in asks(request)
    ]
