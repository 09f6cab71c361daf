"""The link in an approver's mail: it shows, and decides once, for the one it was sent to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.bid.quote import actions
from handsel.bid.quote.errors import (
    ApprovalLinkUsed,
    ApprovalOutdated,
    ApprovalState,
    BadQuote,
    NotAsked,
    SignInNeeded,
)
from handsel.bid.quote.models import ApprovalDecision, ApprovalRequest
from handsel.ground.identity import actions as identity
from handsel.ground.identity.grants import LinkUnusable
from handsel.ground.identity.models import LinkGrant
from handsel.ground.kernel.ids import token_hash
from handsel.ground.platform.models import BusinessEvent
from tests.support.approval import (
    ACCOUNTANT,
    DESK,
    LINE_15,
    LONG_TERM,
    MANAGER,
    REP,
    Approvals,
    asks,
    role,
    state_of,
    token_for,
)
from tests.support.race import race


def waiting(house: Approvals) -> ApprovalRequest:
    """A question to the manager that waits."""
    house.rule("Line discount", LINE_15, role(MANAGER))
    return house.ask(house.quote(2000))


def by_link(house: Approvals, token: str, content_hash: str, **more: Any) -> ApprovalDecision:
    """Answer with a mail's link."""
    wanted: dict[str, Any] = {"now": house.world.now, "verdict": "approve", **more}
    return actions.decide_by_link(token=token, content_hash=content_hash, **wanted)


def test_the_link_answers_for_the_one_it_was_sent_to(house: Approvals) -> None:
    request = waiting(house)
    decision = by_link(house, token_for(MANAGER), request.content_hash, comment="Fine.")
    assert decision.channel == "mail"
    assert decision.user_id == house.world.users[MANAGER].pk
    assert state_of(request) == "approved"


def test_of_the_token_only_a_hash_is_kept(house: Approvals) -> None:
    waiting(house)
    token = token_for(MANAGER)
    grant = LinkGrant.objects.get(kind="approval")
    assert bytes(grant.token_hash) == token_hash(f"approval:{token}")
    assert token not in str(LinkGrant.objects.values())


def test_a_link_used_twice_says_so(house: Approvals) -> None:
    request = waiting(house)
    token = token_for(MANAGER)
    by_link(house, token, request.content_hash)
    with pytest.raises(ApprovalLinkUsed, match="works once"):
        by_link(house, token, request.content_hash, verdict="reject", comment="No.")
    assert ApprovalDecision.objects.count() == 1


def test_a_refused_answer_does_not_use_the_link_up(house: Approvals) -> None:
    request = waiting(house)
    token = token_for(MANAGER)
    with pytest.raises(BadQuote):
        by_link(house, token, request.content_hash, verdict="reject")
    by_link(house, token, request.content_hash, verdict="reject", comment="Too much.")
    assert state_of(request) == "rejected"


def test_the_link_of_another_quote_answers_nothing_here(house: Approvals) -> None:
    request = waiting(house)
    other = house.ask(house.quote(2500))
    with pytest.raises(ApprovalOutdated):
        by_link(house, token_for(MANAGER), request.content_hash)
    assert state_of(request) == state_of(other) == "open"


def test_a_link_of_another_kind_opens_nothing(house: Approvals) -> None:
    waiting(house)
    offer = house.present(house.quote(0))
    token = offer.link.rstrip("/").rpartition("/")[2]
    with pytest.raises(LinkUnusable):
        actions.open_approval_link(now=house.world.now, token=token)
    with pytest.raises(LinkUnusable):
        actions.open_quote(now=house.world.now, token=token_for(MANAGER), verb="view")


def test_a_link_expires(house: Approvals) -> None:
    request = waiting(house)
    late = house.world.now + timedelta(days=31)
    with pytest.raises(LinkUnusable):
        by_link(house, token_for(MANAGER), request.content_hash, now=late)


def test_a_right_taken_away_makes_the_link_worthless(house: Approvals) -> None:
    request = waiting(house)
    identity.set_roles(
        actor=house.world.system,
        now=house.world.now,
        user_id=house.world.users[MANAGER].pk,
        roles=[REP],
    )
    with pytest.raises(NotAsked, match="may no longer approve"):
        by_link(house, token_for(MANAGER), request.content_hash)


def test_the_link_of_a_recalled_or_replaced_question_is_refused(house: Approvals) -> None:
    request = waiting(house)
    token = token_for(MANAGER)
    actions.recall_approval(
        actor=house.world.actor(REP), now=house.world.now, quote_id=request.quote_id
    )
    with pytest.raises(ApprovalState, match="taken back"):
        by_link(house, token, request.content_hash)
    house.ask(request.version)
    with pytest.raises(ApprovalState, match="taken back"):
        by_link(house, token, request.content_hash)


def test_who_was_faster_than_the_link(house: Approvals) -> None:
    house.hire("Boss", MANAGER)
    request = waiting(house)
    house.decide(asks(request)[0], MANAGER)
    with pytest.raises(ApprovalState, match="approved already"):
        by_link(house, token_for("boss"), request.content_hash)


def test_a_link_without_what_was_shown_decides_nothing(house: Approvals) -> None:
    waiting(house)
    with pytest.raises(BadQuote):
        by_link(house, token_for(MANAGER), "")


def test_a_decision_keeps_how_it_was_known_who_answered(house: Approvals) -> None:
    request = waiting(house)
    by_link(house, token_for(MANAGER), request.content_hash, ip_address="192.0.2.7")
    held = ApprovalDecision.objects.get()
    assert (held.channel, held.is_signed_in, held.ip_address) == ("mail", False, "192.0.2.7")
    told = BusinessEvent.objects.get(type="quote.approval.decided").payload
    assert (told["channel"], told["is_signed_in"]) == ("mail", False)
    other = house.decide(asks(house.ask(house.quote(2500)))[0], MANAGER)
    assert (other.channel, other.is_signed_in) == ("page", True)


def test_where_signing_in_is_asked_for_the_link_only_shows(live: Approvals, client: Client) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER, signed_in=True))
    request = live.ask(live.quote(2000))
    address = f"/approval/{token_for(MANAGER)}/"
    page = client.get(address).content.decode()
    assert "after signing in" in page
    assert 'name="verdict"' not in page
    answer = {"verdict": "approve", "content_hash": request.content_hash}
    assert client.post(address, answer).status_code == 403
    with pytest.raises(SignInNeeded):
        by_link(live, token_for(MANAGER), request.content_hash)
    assert not ApprovalDecision.objects.exists()
    client.force_login(live.world.users[MANAGER], backend="handsel.site.signed_in.Backend")
    assert client.post(address, answer).status_code == 200
    assert ApprovalDecision.objects.get().is_signed_in is True
    assert state_of(request) == "approved"


def test_one_rule_of_two_is_enough_to_make_them_sign_in(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER, hours=4))
    house.rule("Long term", LONG_TERM, role(MANAGER, hours=8, signed_in=True))
    (ask,) = asks(house.ask(house.quote(2000, payment_days=75)))
    assert (ask.step["hours"], ask.step["signed_in"]) == (4, True)


def test_asking_to_sign_in_keeps_what_was_approved(house: Approvals) -> None:
    rule = house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    house.decide(asks(house.ask(version))[0], MANAGER)
    house.rule("Line discount", LINE_15, role(MANAGER, signed_in=True), key=rule.key)
    assert house.present(version).version.state == "presented"


@pytest.mark.django_db(transaction=True)
def test_one_link_pressed_twice_at_once_answers_once(house: Approvals) -> None:
    group = {"approvers": [{"role": MANAGER}, {"role": ACCOUNTANT}, {"role": DESK}]}
    house.rule("Line discount", LINE_15, group)
    request = house.ask(house.quote(2000))
    token = token_for(MANAGER)
    outcomes = race([lambda: by_link(house, token, request.content_hash)] * 2)
    assert sum(isinstance(one, ApprovalDecision) for one in outcomes) == 1
    assert ApprovalDecision.objects.count() == 1


def test_opening_the_page_decides_nothing_and_one_post_does(live: Approvals) -> None:
    request = waiting(live)
    address = f"/approval/{token_for(MANAGER)}/"
    browser = Client()
    for method in (browser.get, browser.head, browser.options):
        assert method(address).status_code == 200
    assert state_of(request) == "open"
    page = browser.get(address)
    shown = page.content.decode()
    assert "Line discount" in shown
    assert request.content_hash in shown
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    answer = {"verdict": "approve", "content_hash": request.content_hash}
    assert browser.post(address, answer).status_code == 200
    assert state_of(request) == "approved"
    again = browser.post(address, answer)
    assert again.status_code == 409
    assert "works once" in again.content.decode()


def test_a_forwarded_link_does_not_answer_for_another_name(live: Approvals) -> None:
    request = waiting(live)
    address = f"/approval/{token_for(MANAGER)}/"
    answer = {"verdict": "approve", "content_hash": request.content_hash}
    requester, addressee = Client(), Client()
    requester.force_login(live.world.users[REP])
    addressee.force_login(live.world.users[MANAGER])
    for refused in (requester.get(address), requester.post(address, answer)):
        assert refused.status_code == 403
        assert "sent to" in refused.content.decode()
    assert state_of(request) == "open"
    assert addressee.post(address, answer).status_code == 200
    assert state_of(request) == "approved"


def test_the_page_asks_for_a_reason_and_keeps_what_was_typed(live: Approvals) -> None:
    request = waiting(live)
    address = f"/approval/{token_for(MANAGER)}/"
    answer = {"verdict": "reject", "content_hash": request.content_hash, "comment": " "}
    assert Client().post(address, answer).status_code == 422
    assert Client().post(address, answer | {"comment": "No."}).status_code == 200
    assert state_of(request) == "rejected"


def test_the_page_of_a_closed_question_tells_what_happened(live: Approvals) -> None:
    request = waiting(live)
    address = f"/approval/{token_for(MANAGER)}/"
    actions.recall_approval(
        actor=live.world.actor(REP), now=live.world.now, quote_id=request.quote_id
    )
    page = Client().get(address)
    assert page.status_code == 409
    assert "Taken back" in page.content.decode()


def test_a_made_up_link_opens_nothing(live: Approvals) -> None:
    for token in ("x" * 43, "x", "%00" * 20, "é" * 43):
        assert Client().get(f"/approval/{token}/").status_code == 404
