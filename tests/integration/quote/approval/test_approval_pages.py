"""The pages: asking, the inbox, answering, rules, absences."""

import json
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from handsel.bid.quote.models import (
    ApprovalDecision,
    ApprovalRequest,
    ApprovalRule,
    ApproverAbsence,
    Superior,
)
from handsel.ground.party.models import Organization
from tests.support.approval import (
    ACCOUNTANT,
    DESK,
    LINE_15,
    MANAGER,
    REP,
    Approvals,
    asks,
    role,
    state_of,
    token_for,
)
from tests.support.signed_in import post, session_of


def browser(live: Approvals, login: str) -> Any:
    """A browser signed in as the world's user of a role."""
    return session_of(live.world.users[login])


def test_the_quote_page_previews_asks_and_waits(live: Approvals) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER))
    version = live.quote(2000)
    rep = browser(live, REP)
    address = f"/quote/{version.quote_id}/"
    shown = rep.get(address).content.decode()
    for said in ("Needs approval", "Ask for approval", "Sales manager", "Needs nobody with:"):
        assert said in shown
    assert "15% instead of 20% on line 1" in shown
    assert rep.get(f"{address}approval/ask/").status_code == 200
    gone = post(rep, f"{address}present/", lock_no=version.lock_no)
    assert gone.status_code == 409
    asked = post(rep, f"{address}approval/ask/", lock_no=version.lock_no, comment="Please.")
    assert asked.status_code == 303
    waiting = rep.get(address).content.decode()
    assert "Waiting for approval" in waiting
    assert "Take the question back" in waiting
    assert post(rep, f"{address}approval/recall/").status_code == 303
    assert ApprovalRequest.objects.get().state == "recalled"


def test_without_rules_the_quote_page_says_nothing_of_approval(live: Approvals) -> None:
    version = live.quote(9000)
    shown = browser(live, REP).get(f"/quote/{version.quote_id}/").content.decode()
    assert "Ask for approval" not in shown


def test_a_long_quote_fetches_its_preview_later(live: Approvals) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER))
    version = live.quote(*[2000] * 301)
    rep = browser(live, REP)
    address = f"/quote/{version.quote_id}/"
    shown = rep.get(address).content.decode()
    assert f'hx-get="{address}approval/"' in shown
    assert "Needs nobody with:" not in shown
    later = rep.get(f"{address}approval/", headers={"HX-Request": "true"}).content.decode()
    assert "at most 15% on any line" in later
    assert rep.get(f"{address}approval/").status_code == 303


def test_the_inbox_leads_to_the_question_and_its_answer(live: Approvals) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER, hours=8))
    request = live.ask(live.quote(2000), comment="They order every month.")
    (ask,) = asks(request)
    manager = browser(live, MANAGER)
    assert "Line discount" in manager.get("/quote/approvals/").content.decode()
    address = f"/quote/approvals/{ask.pk}/"
    shown = manager.get(address).content.decode()
    for said in ("They order every month.", "Why you are asked", "Discount on this line"):
        assert said in shown
    answer = {"content_hash": request.content_hash, "verdict": "reject", "comment": ""}
    assert post(manager, address, **answer).status_code == 422
    assert post(manager, address, **answer | {"verdict": "approve"}).status_code == 303
    assert state_of(request) == "approved"
    assert "Nothing waits" in manager.get("/quote/approvals/").content.decode()
    again = post(manager, address, **answer | {"verdict": "approve"})
    assert again.status_code == 409
    assert ApprovalDecision.objects.count() == 1


def test_the_terms_that_are_asked_about_are_there_to_read(live: Approvals) -> None:
    clause = {"fact": "clause_deviation", "op": "is", "value": True}
    live.rule("Terms of its own", clause, role(MANAGER))
    words = "Warranty of 24 months.\n<b>No</b> penalty."
    (ask,) = asks(live.ask(live.quote(0, terms=words)))
    by_page = browser(live, MANAGER).get(f"/quote/approvals/{ask.pk}/")
    by_link = Client().get(f"/approval/{token_for(MANAGER)}/")
    for page in (by_page, by_link):
        shown = page.content.decode()
        assert "Warranty of 24 months.\n&lt;b&gt;No&lt;/b&gt; penalty." in shown


def test_the_question_of_another_house_is_not_there(live: Approvals) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER))
    (ask,) = asks(live.ask(live.quote(2000)))
    from handsel.ground.party.models import SellerMember

    SellerMember.objects.filter(user=live.world.users[ACCOUNTANT]).delete()
    answered = post(browser(live, ACCOUNTANT), f"/quote/approvals/{ask.pk}/", verdict="approve")
    assert answered.status_code == 404


def test_a_rule_is_made_changed_and_ended_by_form(live: Approvals) -> None:
    manager = browser(live, MANAGER)
    assert manager.get("/quote/approvals/rules/").status_code == 200
    assert manager.get("/quote/approvals/rules/new/").status_code == 200
    form = {
        "name": "Large and long",
        "match": "all",
        "fact_0": "net_value",
        "op_0": ">",
        "value_0": "250000 EUR; 215000 GBP",
        "fact_1": "payment_days",
        "op_1": ">=",
        "value_1": "45",
        "whom_0": f"role:{MANAGER}",
        "second_0": f"role:{ACCOUNTANT}",
        "quorum_0": "1",
        "hours_0": "8",
        "whom_1": "manager_of:owner",
    }
    assert post(manager, "/quote/approvals/rules/new/", **form).status_code == 303
    rule = ApprovalRule.objects.get()
    assert rule.condition == {
        "all": [
            {
                "fact": "net_value",
                "op": ">",
                "value": {"EUR": "250000.00", "GBP": "215000.00"},
            },
            {"fact": "payment_days", "op": ">=", "value": 45},
        ]
    }
    assert rule.steps == [
        {"approvers": [{"role": MANAGER}, {"role": ACCOUNTANT}], "quorum": 1, "hours": 8},
        {"approvers": [{"manager_of": "owner"}]},
    ]
    address = f"/quote/approvals/rules/{rule.pk}/"
    assert 'value="250000.00 EUR; 215000.00 GBP"' in manager.get(address).content.decode()
    assert post(manager, address, **form | {"value_1": "60"}).status_code == 303
    changed = ApprovalRule.objects.get(ended_at=None)
    assert (changed.version_no, changed.key) == (2, rule.key)
    listed = manager.get("/quote/approvals/rules/").content.decode()
    assert "Days to pay at least 60 days" in listed
    assert post(manager, f"/quote/approvals/rules/{changed.pk}/end/").status_code == 303
    assert not ApprovalRule.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("condition", "{", "Not valid JSON"),
        ("condition", '{"fact": "colour", "op": "=", "value": "red"}', "a known fact"),
        ("value_0", "1e400", "number"),
        ("value_0", "NaN", "number"),
        ("value_0", "１２", "number"),
        ("name", " ", "A rule needs a name"),
        ("whom_0", "role:king", "There is no role king"),
        ("whom_0", "user:999999", "There is no user"),
        ("quorum_0", "7", "quorum"),
        ("steps", "[]", "steps"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_a_reason(
    live: Approvals, field: str, value: str, said: str
) -> None:
    form = {
        "name": "Line discount",
        "match": "all",
        "fact_0": "line.discount",
        "op_0": ">",
        "value_0": "15",
        "whom_0": f"role:{MANAGER}",
    }
    answer = post(browser(live, MANAGER), "/quote/approvals/rules/new/", **form | {field: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ApprovalRule.objects.exists()


def test_an_absence_is_arranged_and_ended(live: Approvals) -> None:
    manager = browser(live, MANAGER)
    page = "/quote/approvals/people/"
    one, other = live.world.users[MANAGER], live.world.users[ACCOUNTANT]
    form = {
        "away_user": one.pk,
        "from_on": "2031-07-01",
        "last_on": "2031-07-14",
        "delegate_id": other.pk,
    }
    assert post(manager, page, **form | {"last_on": "2031-06-01"}).status_code == 422
    assert post(manager, page, **form | {"from_on": "soon"}).status_code == 422
    assert post(manager, page, **form).status_code == 303
    absence = ApproverAbsence.objects.get()
    assert (absence.delegate_id, absence.is_absent) == (other.pk, True)
    assert "Accountant answers" in manager.get(page).content.decode()
    assert post(manager, f"{page}{absence.pk}/end/").status_code == 303
    assert not ApproverAbsence.objects.exists()
    reports = {"user_id": one.pk, "superior_id": other.pk}
    assert post(manager, f"{page}superior/", **reports).status_code == 303
    assert Superior.objects.get().superior_id == other.pk
    rep = browser(live, REP)
    assert post(rep, page, **form).status_code == 403
    assert post(rep, f"{page}superior/", **reports).status_code == 403


def test_who_may_not_approve_sees_no_inbox(live: Approvals) -> None:
    assert browser(live, REP).get("/quote/approvals/").status_code == 403
    assert browser(live, REP).get("/quote/approvals/rules/").status_code == 403


def test_what_was_seen_comes_back_byte_for_byte_whatever_happened_since(live: Approvals) -> None:
    live.rule("Line discount", LINE_15, role(MANAGER))
    version = live.quote(2000)
    request = live.ask(version)
    (ask,) = asks(request)
    decision = live.decide(ask, MANAGER)
    live.discount(version, 3000)
    live.terms(version.quote_id, terms="Other terms.")
    Organization.objects.filter(pk=live.world.customer.pk).update(name="Renamed")
    manager, desk = Client(), Client()
    manager.force_login(live.world.users[MANAGER])
    desk.force_login(live.world.users[DESK])
    address = f"/quote/approvals/{ask.pk}/"
    assert decision.content_hash in manager.get(address).content.decode()
    kept = manager.get(f"{address}sheet.json").content
    assert sha256(kept).hexdigest() == decision.content_hash
    assert json.loads(kept)["customer"] != "Renamed"
    # It names margins, which not everybody who approves may see.
    assert desk.get(f"{address}sheet.json").status_code == 403
    assert "sheet.json" not in desk.get(address).content.decode()
    record = manager.get(f"/quote/{version.quote_id}/").content.decode()
    assert f'href="{address}"' in record
