"""A price written by hand, or a target, asks whom the discount that does the same would ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price.rules.case.reading import CaseFault
from handsel.bid.quote import actions
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import picture_of
from handsel.bid.quote.rules.subscription import Subscription
from handsel.ground.kernel.money import Money
from tests.support.approval import HEADER_10, LINE_15, MANAGER, REP, Approvals, role


def asked(house: Approvals, version: QuoteVersion) -> list[str]:
    """The names of the rules that would ask somebody now."""
    fresh = QuoteVersion.objects.select_related("quote__seller").get(pk=version.pk)
    picture = picture_of(fresh, now=house.world.now, requester_id=house.world.users[REP].pk)
    return [reason.rule_name for ask in picture.plan.asks for reason in ask.reasons]


def brought_to(house: Approvals, version: QuoteVersion, share: str) -> QuoteVersion:
    """The same quote at a share of its net amount, by a target."""
    return actions.set_target(
        actor=house.world.actor(REP),
        now=house.world.now,
        quote_id=version.quote_id,
        total=(Decimal(version.net_minor) * Decimal(share) / 100).quantize(Decimal("0.01")),
        reason="Both halls at once",
    )


def test_a_target_asks_as_the_discount_on_the_whole_would(house: Approvals) -> None:
    house.rule("More than 10 % on the whole", HEADER_10, role(MANAGER))
    version = house.quote(0, 0)
    assert asked(house, brought_to(house, version, "0.90")) == []
    assert asked(house, brought_to(house, version, "0.89")) == ["More than 10 % on the whole"]
    assert asked(house, brought_to(house, version, "1.10")) == []


def test_a_price_of_a_line_by_hand_asks_as_its_discount_would(house: Approvals) -> None:
    house.rule("More than 15 % on a line", LINE_15, role(MANAGER))
    version = house.quote(0, 0)
    wanted = version.net_minor // 2
    for share, names in ((86, []), (84, ["More than 15 % on a line"]), (120, [])):
        amount = Money(wanted * share // 100, "EUR").text()
        version = priced(house, version, manual={"target_line": amount})
        assert asked(house, version) == names


def test_whoever_sets_a_price_by_hand_can_be_asked_about_it(house: Approvals) -> None:
    by_hand = {"any_line": {"fact": "line.by_hand", "op": "is", "value": True}}
    house.rule("A price by hand", by_hand, role(MANAGER))
    version = house.quote(0, 0)
    assert asked(house, version) == []
    # Instead of the list price.
    version = priced(house, version, override={"price": "1.00"})
    assert asked(house, version) == ["A price by hand"]


def priced(house: Approvals, version: QuoteVersion, **wanted: Any) -> QuoteVersion:
    """The version with a price set by hand on its second line."""
    return actions.set_line_price(
        actor=house.world.actor(REP),
        now=house.world.now,
        quote_id=version.quote_id,
        line_key=lines_of(version.pk)[1].key,
        asked={**wanted, "reason": "As last year"},
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {"override": {"price": "101.63"}},  # of 135.50
        {"renewal": {"kind": "same", "customer_price": "101.63"}},
        {"deltas": [{"label": "goodwill", "per_unit": "-33.88"}]},
    ],
)
def test_a_price_instead_of_the_list_price_asks_as_the_discount_that_does_the_same(
    house: Approvals, wanted: dict[str, Any]
) -> None:
    total = {"fact": "total_discount", "op": ">", "value": "10"}
    house.rule("More than 15 % on a line", LINE_15, role(MANAGER))
    house.rule("More than 10 % in all", total, role(MANAGER))
    version = house.quote(0, 0)
    assert asked(house, version) == []
    priced(house, version, **wanted)
    assert set(asked(house, version)) == {"More than 15 % on a line", "More than 10 % in all"}


def test_a_dear_price_by_hand_and_a_share_of_others_without_a_price_ask_nobody(
    house: Approvals,
) -> None:
    house.rule("More than 15 % on a line", LINE_15, role(MANAGER))
    version = house.quote(0, 0)
    priced(house, version, override={"price": "150.00"})
    assert asked(house, version) == []
    priced(house, version, override={"price": "115.18"})  # 15 % less than 135.50, a bit more
    assert asked(house, version) == []


def test_a_product_that_costs_a_share_of_others_instead_of_its_price_asks(
    house: Approvals,
) -> None:
    house.rule("More than 15 % on a line", LINE_15, role(MANAGER))
    version = house.quote(0, 0)
    first = str(lines_of(version.pk)[0].key)
    priced(house, version, percent_of={"percent": "1", "lines": [first]})
    assert asked(house, version) == ["More than 15 % on a line"]


@pytest.mark.parametrize(
    ("months", "charged", "names"),
    [
        (12, 0, []),
        (1, 0, []),
        (24, 0, ["More than 15 % on a line"]),
        (12, 1, []),
        (24, 1, ["More than 15 % on a line"]),
    ],
)
def test_a_list_price_said_to_be_for_more_months_asks_as_a_discount(
    house: Approvals, months: int, charged: int, names: list[str]
) -> None:
    house.rule("More than 15 % on a line", LINE_15, role(MANAGER))
    term = Subscription(
        start_on=date(2026, 4, 1),
        end_on=date(2027, 3, 31),
        price_months=months,
        charge_months=charged,
    )
    version = house.quote(0, 0)
    actions.set_line_price(
        actor=house.world.actor(REP),
        now=house.world.now,
        quote_id=version.quote_id,
        line_key=lines_of(version.pk)[1].key,
        charge=term.charge,
        asked=term.asked(),
    )
    assert asked(house, version) == names


def test_long_terms_and_large_contracts_can_be_asked_about(house: Approvals) -> None:
    version = house.quote(0, 0)
    second = lines_of(version.pk)[1]
    twice = Money(version.net_minor + second.net_minor, "EUR").text()
    house.rule("Over two years", {"fact": "longest_term", "op": ">", "value": "24"}, role(MANAGER))
    value = {"fact": "contract_value", "op": ">", "value": {"EUR": twice}}
    house.rule("A large contract", value, role(MANAGER))
    told = []
    for last in (2027, 2028, 2029):
        term = Subscription(
            start_on=date(2026, 4, 1), end_on=date(last, 3, 31), price_months=12, charge_months=12
        )
        version = actions.set_line_price(
            actor=house.world.actor(REP),
            now=house.world.now,
            quote_id=version.quote_id,
            line_key=second.key,
            charge=term.charge,
            asked=term.asked(),
        )
        told.append(set(asked(house, version)))
    assert told == [set(), set(), {"Over two years", "A large contract"}]


def test_a_price_of_an_earlier_contract_or_a_change_of_it_needs_a_reason(house: Approvals) -> None:
    version = house.quote(0, 0)
    key = lines_of(version.pk)[1].key
    for wanted in (
        {"renewal": {"kind": "same", "customer_price": "1"}},
        {"deltas": [{"label": "goodwill", "per_unit": "-1"}]},
    ):
        with pytest.raises(BadQuote) as refused:
            actions.set_line_price(
                actor=house.world.actor(REP),
                now=house.world.now,
                quote_id=version.quote_id,
                line_key=key,
                asked=wanted,
            )
        assert "reason" in refused.value.fields


def test_an_uplift_raises(house: Approvals) -> None:
    version = house.quote(0, 0)
    with pytest.raises(CaseFault, match="an uplift raises"):
        priced(house, version, uplift={"percent": "-50", "years": "1"})
