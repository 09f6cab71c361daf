"""What was allowed stays allowed: after a change only the owner of a limit that got worse is
asked; and what happens to answers while the quote is edited or answered by two at once."""

from decimal import Decimal

import pytest

from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import (
    ApprovalNeeded,
    ApprovalNotNeeded,
    ApprovalOutdated,
    ApprovalState,
    StaleEdit,
)
from handsel.bid.quote.models import ApprovalDecision, QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval_asks import inbox
from tests.support.approval import (
    ACCOUNTANT,
    HEADER_10,
    LINE_15,
    LONG_TERM,
    MANAGER,
    REP,
    Approvals,
    asks,
    role,
    state_of,
)
from tests.support.bid import make_quote, set_costs
from tests.support.race import race
from tests.support.world import World


def approved(house: Approvals, version: QuoteVersion) -> None:
    """Ask for everything, and let everybody agree."""
    request = house.ask(version)
    for ask in asks(request):
        house.decide(ask, MANAGER if "sales_manager" in str(ask.step) else ACCOUNTANT)
    assert state_of(request) == "approved"


def test_inside_the_envelope_nobody_is_asked_again(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    house.discount(version, 1800)
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    house.present(version)


def test_outside_the_envelope_its_owner_is_asked_again(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    house.discount(version, 2001)
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    approved(house, version)
    house.present(version)


def test_only_the_owner_of_the_limit_that_got_worse_is_asked(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    house.rule("Long term", LONG_TERM, role(ACCOUNTANT))
    version = house.quote(2000, payment_days=90)
    approved(house, version)
    house.terms(version.quote_id, payment_days=91)
    (ask,) = asks(house.ask(version))
    assert [reason["rule_name"] for reason in ask.reasons] == ["Long term"]


def test_a_new_limit_asks_its_owner_only(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    house.rule("Long term", LONG_TERM, role(ACCOUNTANT))
    version = house.quote(2000)
    approved(house, version)
    house.terms(version.quote_id, payment_days=90)
    (ask,) = asks(house.ask(version))
    assert "accountant" in str(ask.step)


def test_the_envelope_survives_a_new_version(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    house.present(version)
    actions.new_version(
        actor=house.world.actor(REP), now=house.world.now, quote_id=version.quote_id
    )
    house.present(version)


def test_the_envelope_of_one_quote_is_not_that_of_another(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    approved(house, house.quote(2000))
    with pytest.raises(ApprovalNeeded):
        house.present(house.quote(1600))


def test_a_tighter_limit_keeps_what_was_allowed(house: Approvals) -> None:
    rule = house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    tighter = {"any_line": {"fact": "line.discount", "op": ">", "value": "10"}}
    house.rule("Line discount", tighter, role(MANAGER), key=rule.key)
    house.present(version)


def test_somebody_new_in_the_rule_is_asked_for_himself(house: Approvals) -> None:
    rule = house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT), key=rule.key)
    (ask,) = asks(house.ask(version))
    assert "accountant" in str(ask.step)


def test_a_rejection_takes_nothing_from_what_was_allowed(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    approved(house, version)
    house.discount(version, 2500)
    request = house.ask(version)
    house.decide(asks(request)[0], MANAGER, "reject", "No further.")
    house.discount(version, 2000)
    house.present(version)


def test_an_edit_while_approval_is_asked_for_stops_the_answer(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    version = house.quote(2000)
    request = house.ask(version)
    first, second = asks(request)
    house.decide(first, MANAGER)
    house.discount(version, 2400)
    (waiting,) = inbox(house.acting(house.world.users[ACCOUNTANT]), now=house.world.now)
    assert waiting.is_outdated
    with pytest.raises(ApprovalOutdated):
        house.decide(second, ACCOUNTANT)
    again = house.ask(version)
    assert state_of(request) == "replaced"
    assert len(asks(again)) == 2
    with pytest.raises(ApprovalState, match="replaced"):
        house.decide(second, ACCOUNTANT)


def test_asked_anew_for_less_only_who_has_not_answered_is_asked(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER), role(ACCOUNTANT))
    version = house.quote(2000)
    house.decide(asks(house.ask(version))[0], MANAGER)
    house.discount(version, 1900)
    (ask,) = asks(house.ask(version))
    assert "accountant" in str(ask.step)
    assert (ask.stage, ask.state) == (1, "open")


def test_an_edit_that_changes_no_fact_leaves_the_question(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    house.terms(version.quote_id, intro="Dear Kim,")
    house.decide(asks(request)[0], MANAGER)
    assert state_of(request) == "approved"
    house.present(version)


def test_asking_from_a_stale_page_is_refused(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    seen = version.lock_no
    house.discount(version, 2200)
    with pytest.raises(StaleEdit):
        house.ask(version, lock_no=seen)


def test_a_withdrawn_quote_is_not_approved(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    actions.withdraw_quote(
        actor=house.world.actor(REP), now=house.world.now, quote_id=version.quote_id
    )
    with pytest.raises(ApprovalState, match="nothing to approve"):
        house.decide(asks(request)[0], MANAGER)


def test_options_that_are_chosen_count(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    belt, stand = house.shelf.belt.pk, house.shelf.stand.pk
    lines = [
        NewLine(product_id=belt, quantity=Decimal(1)),
        NewLine(
            product_id=stand,
            quantity=Decimal(1),
            discount_bps=3000,
            is_optional=True,
            is_chosen=True,
        ),
    ]
    version = make_quote(house.world, house.shelf, lines=lines)
    with pytest.raises(ApprovalNeeded):
        house.present(version)


def test_a_margin_is_asked_about_once_costs_are_known(house: Approvals) -> None:
    thin = {"fact": "margin", "op": "<", "value": "20"}
    house.rule("Thin margin", thin, role(MANAGER))
    version = house.quote(1000)
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)

    set_costs(house.world, {house.shelf.belt.pk: "100"})
    (ask,) = asks(house.ask(version))
    assert ask.reasons[0]["found"][0]["value"] == 1799  # 219.50 of 1,219.50


def test_value_and_region_together(house: Approvals) -> None:
    far = {
        "all": [
            {"fact": "net_value", "op": ">", "value": {"EUR": "1000"}},
            {"not": {"fact": "region", "op": "in", "value": ["AT", "CH"]}},
        ]
    }
    house.rule("Far and large", far, role(MANAGER))
    with pytest.raises(ApprovalNeeded, match=r"more than 1000\.00 EUR"):
        house.present(house.quote(0))


def test_a_header_discount_asks_its_owner(house: Approvals) -> None:
    house.rule("Header discount", HEADER_10, role(MANAGER))
    house.present(house.quote(header=1000))
    with pytest.raises(ApprovalNeeded, match="12 % \\(more than 10 %\\)"):
        house.present(house.quote(header=1200))


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_are_counted_once_each(house: Approvals) -> None:
    world: World = house.world
    boss = house.hire("Boss", MANAGER)
    house.rule("Line discount", LINE_15, role(MANAGER))
    request = house.ask(house.quote(2000))
    (ask,) = asks(request)
    manager = world.users[MANAGER]
    outcomes = race(
        [
            lambda: house.decide(ask, manager),
            lambda: house.decide(ask, boss, "reject", "No."),
        ]
    )
    kept = [one for one in outcomes if isinstance(one, ApprovalDecision)]
    refused = [one for one in outcomes if isinstance(one, ApprovalState)]
    assert (len(kept), len(refused)) == (1, 1)
    assert ApprovalDecision.objects.count() == 1
    assert state_of(request) == ("approved" if kept[0].verdict == "approve" else "rejected")


@pytest.mark.django_db(transaction=True)
def test_the_last_yes_and_an_edit_do_not_both_hold(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    request = house.ask(version)
    (ask,) = asks(request)
    race([lambda: house.decide(ask, MANAGER), lambda: house.discount(version, 3000)])
    with pytest.raises(ApprovalNeeded):
        house.present(version)


CLAUSE = {"fact": "clause_deviation", "op": "is", "value": True}
BY_HAND = {"any_line": {"fact": "line.by_hand", "op": "is", "value": True}}
ODD = {"fact": "nonstandard", "op": "is", "value": True}


def test_other_terms_than_those_approved_are_asked_about(house: Approvals) -> None:
    house.rule("Terms of its own", CLAUSE, role(MANAGER))
    version = house.quote(0, terms="Warranty of 24 months.")
    request = house.ask(version)
    # While the answer is awaited the terms are what was asked about.
    house.terms(version.quote_id, terms="Liability without limit.")
    with pytest.raises(ApprovalOutdated):
        house.decide(asks(request)[0], MANAGER)
    house.terms(version.quote_id, terms="Warranty of 24 months.")
    approved(house, version)
    house.terms(version.quote_id, payment_days=40)
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    house.terms(version.quote_id, terms="Liability without limit.")
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    house.terms(version.quote_id, terms="Warranty of 24 months.")
    house.present(version)


def test_a_price_by_hand_is_approved_for_its_line_and_as_low_as_it_is(house: Approvals) -> None:
    house.rule("By hand", BY_HAND, role(MANAGER))
    version = house.quote(0, 0)

    def priced(line: int, amount: str) -> None:
        actions.set_line_price(
            actor=house.world.actor(REP),
            now=house.world.now,
            quote_id=version.quote_id,
            line_key=lines_of(version.pk)[line].key,
            asked={"override": {"price": amount}, "reason": "as last year"},
        )

    priced(0, "120.00")
    approved(house, version)
    priced(0, "125.00")
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    priced(0, "100.00")
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    priced(0, "120.00")
    priced(1, "130.00")
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    approved(house, version)
    house.present(version)


def test_another_line_out_of_the_ordinary_is_asked_about(house: Approvals) -> None:
    house.rule("Out of the ordinary", ODD, role(MANAGER))
    version = house.quote(0, 0)

    def named(line: int, name: str) -> None:
        actions.set_line(
            actor=house.world.actor(REP),
            now=house.world.now,
            quote_id=version.quote_id,
            line_key=lines_of(version.pk)[line].key,
            name=name,
        )

    named(0, "Belt in pink")
    approved(house, version)
    named(1, "Belt in pink")
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    named(1, "Belt of gold")
    with pytest.raises(ApprovalNeeded):
        house.present(version)
