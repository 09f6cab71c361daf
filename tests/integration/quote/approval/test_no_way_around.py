"""Ways around an approval that somebody would try: each asks, or asks again."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import (
    ApprovalNeeded,
    ApprovalNotNeeded,
    ApprovalOutdated,
    NobodyToAsk,
    NotAsked,
)
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import facts_of_version
from handsel.ground.platform import store
from tests.support.approval import LINE_15, MANAGER, REP, Approvals, asks, role, state_of, user
from tests.support.bid import make_quote, set_costs

HIGHEST = {"aggregate": "max", "of": "line.discount", "op": ">", "value": "15"}
SPECIAL = {"fact": "articles", "op": "has", "value": "STAND-900"}
ODD = {"fact": "nonstandard", "op": "is", "value": True}
THIN = {"fact": "margin", "op": "<", "value": "20"}


def with_option(house: Approvals, **of_option: Any) -> QuoteVersion:
    """A belt at list price, and a stand the customer can add."""
    option = NewLine(
        product_id=house.shelf.stand.pk,
        quantity=Decimal(1),
        is_optional=True,
        is_chosen=False,
        **of_option,
    )
    belt = NewLine(product_id=house.shelf.belt.pk, quantity=Decimal(1))
    return make_quote(house.world, house.shelf, lines=[belt, option])


def facts_of(house: Approvals, version: QuoteVersion) -> dict[str, Any]:
    """The facts of a version as a whole."""
    fresh = QuoteVersion.objects.select_related("quote__seller").get(pk=version.pk)
    return facts_of_version(fresh, lines_of(version.pk), now=house.world.now).values()


@pytest.mark.parametrize("condition", [LINE_15, HIGHEST], ids=["any line", "the largest"])
def test_a_discount_on_an_option_the_customer_can_add_asks(
    house: Approvals, condition: dict[str, Any]
) -> None:
    house.rule("Line discount", condition, role(MANAGER))
    house.present(with_option(house, discount_bps=1500))
    with pytest.raises(ApprovalNeeded, match="30 %"):
        house.present(with_option(house, discount_bps=3000))


def test_what_is_out_of_the_ordinary_asks_as_an_option_too(house: Approvals) -> None:
    house.rule("Special", SPECIAL, role(MANAGER))
    with pytest.raises(ApprovalNeeded):
        house.present(with_option(house))
    house.rule("Odd", ODD, role(MANAGER))
    request = house.ask(with_option(house, name="Stand of gold"))
    assert {one["rule_name"] for one in asks(request)[0].reasons} == {"Special", "Odd"}


def test_what_must_be_there_is_not_there_as_an_option(house: Approvals) -> None:
    house.rule(
        "Without a stand",
        {"fact": "articles", "op": "has not", "value": "STAND-900"},
        role(MANAGER),
    )
    with pytest.raises(ApprovalNeeded):
        house.present(with_option(house))


def test_options_left_open_are_in_no_sum_but_in_what_they_can_make_of_it(house: Approvals) -> None:
    facts = facts_of(house, with_option(house))
    assert (facts["net_value"], facts["largest_value"]) == (135_50, 135_50 + 290_00)


def test_who_approves_sees_the_options_and_no_other_ones_are_put_there(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = with_option(house, discount_bps=3000)
    request = house.ask(version)
    sheet = json.loads(store.read(request.content_id))
    assert [one["sku"] for one in sheet["options"]] == ["STAND-900"]
    house.discount(version, 3001, line=1)
    with pytest.raises(ApprovalOutdated):
        house.decide(asks(request)[0], MANAGER)


def test_what_is_approved_of_a_line_is_not_approved_of_another(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(6000, 0)
    request = house.ask(version)
    house.decide(asks(request)[0], MANAGER)
    assert state_of(request) == "approved"
    house.discount(version, 6000, line=1)
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    house.discount(version, 1500, line=1)
    house.discount(version, 5999, line=0)
    house.present(version)


def test_of_many_lines_each_is_approved_that_was_asked_about(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(*range(1501, 1531))
    request = house.ask(version)
    house.decide(asks(request)[0], MANAGER)
    house.present(version)
    assert QuoteVersion.objects.get(pk=version.pk).state == "presented"


def test_the_owner_does_not_approve_what_a_colleague_asks_for_him(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(2000)
    quote = version.quote
    quote.owner_id = house.world.users[MANAGER].pk
    quote.save(update_fields=["owner"])
    with pytest.raises(NobodyToAsk, match="own quote"):
        house.ask(version)
    boss = house.hire("Boss", MANAGER)
    (ask,) = asks(house.ask(version))
    with pytest.raises(NotAsked, match="his own"):
        house.decide(ask, MANAGER)
    house.decide(ask, boss)
    house.present(version)


def test_a_line_without_a_cost_does_not_hide_that_the_margin_is_too_thin(house: Approvals) -> None:
    house.rule("Thin margin", THIN, role(MANAGER))
    belt, visit = house.shelf.belt.pk, house.shelf.visit.pk
    set_costs(house.world, {belt: "130"})
    lines = [NewLine(product_id=belt, quantity=Decimal(10))]
    lines += [NewLine(product_id=visit, quantity=Decimal(1))]
    version = make_quote(house.world, house.shelf, lines=lines)
    # 1,453 net, 1,300 cost of the belt alone: 10.52 % at most, whatever the visit costs.
    (ask,) = asks(house.ask(version))
    assert ask.reasons[0]["found"][0]["value"] == 10_52
    assert facts_of(house, version)["margin"] is None


def test_a_partner_tier_said_by_hand_asks(house: Approvals) -> None:
    by_hand = {"fact": "tier_by_hand", "op": "is", "value": True}
    house.rule("Tier by hand", by_hand, role(MANAGER))
    version = house.quote()
    act = {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": version.quote_id}
    actions.set_pricing(**act, partner="gold", codes=["SPRING"])
    facts = facts_of(house, version)
    assert (facts["partner_tier"], facts["promotion_codes"]) == ("gold", frozenset({"SPRING"}))
    with pytest.raises(ApprovalNeeded):
        house.present(version)


def test_a_tier_that_was_approved_is_not_another_tier(house: Approvals) -> None:
    by_hand = {"fact": "tier_by_hand", "op": "is", "value": True}
    house.rule("Tier by hand", by_hand, role(MANAGER))
    version = house.quote()
    act = {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": version.quote_id}
    actions.set_pricing(**act, partner="silver")
    house.decide(asks(house.ask(version))[0], MANAGER)
    actions.set_pricing(**act, partner="gold")
    with pytest.raises(ApprovalNeeded):
        house.present(version)
    actions.set_pricing(**act, partner="silver")
    house.present(version)


def test_a_line_without_a_cost_that_was_approved_is_not_another_one(house: Approvals) -> None:
    unknown = {"fact": "cost_known", "op": "is", "value": False}
    house.rule("A cost is unknown", unknown, role(MANAGER))
    belt, visit = house.shelf.belt.pk, house.shelf.visit.pk
    set_costs(house.world, {belt: "90"})
    lines = [NewLine(product_id=one, quantity=Decimal(1)) for one in (belt, visit)]
    version = make_quote(house.world, house.shelf, lines=lines)
    house.decide(asks(house.ask(version))[0], MANAGER)
    act = {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": version.quote_id}
    actions.add_lines(**act, lines=[NewLine(product_id=belt, quantity=Decimal(1))])
    with pytest.raises(ApprovalNotNeeded):
        house.ask(version)
    actions.add_lines(**act, lines=[NewLine(product_id=visit, quantity=Decimal(1))])
    with pytest.raises(ApprovalNeeded):
        house.present(version)


def test_old_prices_and_another_proposal_are_facts(house: Approvals) -> None:
    version = house.quote()
    facts = facts_of(house, version)
    assert (facts["price_age"], facts["proposal"]) == (0, "")
    act = {"actor": house.world.system, "now": house.world.now}
    made = actions.write_proposal(
        **act, seller_id=house.world.seller.pk, name="Without liability", body="# Offer"
    )
    actions.publish_proposal(**act, template_id=made.pk)
    actions.choose_proposal(**act, quote_id=version.quote_id, template_id=made.pk)
    assert facts_of(house, version)["proposal"] == "Without liability"


def test_a_delegate_who_owns_the_quote_does_not_answer(house: Approvals) -> None:
    boss = house.hire("Boss", MANAGER)
    house.rule("Line discount", LINE_15, user(boss))
    version = house.quote(2000)
    quote = version.quote
    quote.owner_id = house.world.users[MANAGER].pk
    quote.save(update_fields=["owner"])
    actions.set_absence(
        actor=house.world.system,
        now=house.world.now,
        user_id=boss.pk,
        away_from=house.world.now,
        away_until=house.world.now.replace(year=house.world.now.year + 1),
        delegate_id=house.world.users[MANAGER].pk,
    )
    with pytest.raises(NobodyToAsk):
        house.ask(version)


def test_a_deal_cut_into_several_quotes_is_as_large_as_it_was(house: Approvals) -> None:
    large = {"fact": "customer_value", "op": ">", "value": {"EUR": "2000"}}
    house.rule("Large", large, role(MANAGER))
    house.present(house.quote(0))  # 1,355
    with pytest.raises(ApprovalNeeded, match=r"2710\.00"):
        house.present(house.quote(0))


def approved(house: Approvals, *discounts: int) -> QuoteVersion:
    """A draft whose lines beyond 15 % are approved."""
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = house.quote(*discounts)
    house.decide(asks(house.ask(version))[0], MANAGER)
    return version


def test_neither_a_copy_nor_a_part_nor_what_is_merged_is_approved_with_it(house: Approvals) -> None:
    version = approved(house, 2000, 2000)
    by = {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": version.quote_id}
    copy = actions.copy_quote(**by)
    with pytest.raises(ApprovalNeeded):
        house.present(copy)
    part = actions.split_quote(**by, line_keys=[lines_of(version.pk)[1].key])
    with pytest.raises(ApprovalNeeded):
        house.present(part)
    actions.merge_quotes(**by, other_id=copy.quote_id)
    with pytest.raises(ApprovalNeeded):  # two lines more, which nobody was asked about here
        house.present(version)


def test_a_quote_from_a_template_is_not_approved_with_what_it_was_made_of(house: Approvals) -> None:
    version = approved(house, 2000)
    by = {"actor": house.world.actor(REP), "now": house.world.now}
    kept = actions.keep_as_template(**by, quote_id=version.quote_id, name="As before")
    begun = actions.draft_from_template(
        **by,
        template_id=kept.pk,
        organization_id=house.world.customer.pk,
        person_id=house.world.buyer.pk,
    )
    with pytest.raises(ApprovalNeeded):
        house.present(begun)


def test_a_scenario_offered_after_the_answer_is_asked_about(house: Approvals) -> None:
    house.rule("Line discount", LINE_15, role(MANAGER))
    version = with_option(house, discount_bps=3000)
    by = {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": version.quote_id}
    dear = lines_of(version.pk)[1].key
    actions.keep_scenario(**by, name="Plain")
    actions.set_line(**by, line_key=dear, is_chosen=True)
    actions.keep_scenario(**by, name="Dear")
    actions.offer_scenario(**by, name="Plain")
    house.discount(version, 1600, line=0)
    house.decide(asks(house.ask(version))[0], MANAGER)
    actions.offer_scenario(**by, name="Dear")
    with pytest.raises(ApprovalNeeded, match="30 %"):
        house.present(version)
