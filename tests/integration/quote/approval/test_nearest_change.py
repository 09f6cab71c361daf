"""The nearest change that needs nobody, made for real: after it nobody has to be asked, and with a
hundredth of a percent or a day more of it somebody has."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import Picture, picture_of
from handsel.bid.quote.rules.approval.nearest import Change
from tests.support.approval import HEADER_10, LINE_15, LONG_TERM, MANAGER, REP, Approvals, role
from tests.support.bid import make_quote, set_costs

TOTAL_14 = {"fact": "total_discount", "op": ">", "value": "14"}
THIN = {"fact": "margin", "op": "<", "value": "25"}
ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "fixed": {"discountable": False},
    "by hand": {"override": {"price": "120"}, "reason": "as last year"},
    "share": {"percent_of": {"percent": "10"}},
}


def picture(house: Approvals, quote_id: int) -> Picture:
    """What decides now."""
    version = QuoteVersion.objects.select_related("quote__seller").get(quote_id=quote_id)
    return picture_of(version, now=house.world.now, requester_id=house.world.users[REP].pk)


def drafted(house: Approvals, dice: random.Random) -> int:
    """A quote of any lines, with something off the whole, a target or long terms."""
    shelf = house.shelf
    products = [shelf.belt.pk, shelf.stand.pk, shelf.visit.pk]
    lines = []
    for place in range(dice.randint(1, 5)):
        asked = ASKED[dice.choice([*ASKED, "plain"]) if place else "plain"]
        lines.append(
            NewLine(
                product_id=dice.choice(products),
                quantity=Decimal(dice.randint(1, 12)),
                discount_bps=0 if asked else dice.choice([0, 700, 1200, 1800, 2500]),
                asked=asked,
                is_optional=bool(place) and dice.random() < 0.3,
                is_chosen=dice.random() < 0.5,
            )
        )
    version = make_quote(house.world, shelf, lines=lines)
    kind = dice.choice(["header", "target", "terms", ""])
    if kind == "header":
        house.terms(version.quote_id, discount_bps=dice.choice([500, 1200, 2000]))
    if kind == "terms":
        house.terms(version.quote_id, payment_days=90, discount_bps=1300)
    if kind == "target":
        net = QuoteVersion.objects.get(pk=version.pk).net_minor
        total = Decimal(net * 85 // 100) / 100
        actions.set_target(**by_rep(house, version.quote_id), total=total, reason="the budget")
    return version.quote_id


def by_rep(house: Approvals, quote_id: int) -> dict[str, Any]:
    """Who does it, when and with which quote."""
    return {"actor": house.world.actor(REP), "now": house.world.now, "quote_id": quote_id}


def made(house: Approvals, quote_id: int, change: Change, *, more: int = 0) -> Picture:
    """What decides once the change is made, by the everyday actions; taken back again."""
    act = by_rep(house, quote_id)
    with transaction.atomic():
        terms: dict[str, Any] = {}
        if change.header_bps is not None:
            actions.set_target(**act, total=None)
            terms["discount_bps"] = change.header_bps + more
        if change.payment_days is not None:
            terms["payment_days"] = change.payment_days + more
        if terms:
            house.terms(quote_id, **terms)
        version = QuoteVersion.objects.get(quote_id=quote_id)
        lines = {str(line.key): line for line in lines_of(version.pk)}
        for key, bps in change.line_bps:
            line = lines[key]
            actions.set_line_price(
                **act, line_key=line.key, asked={}, charge=line.charge, discount_bps=bps + more
            )
        found = picture(house, quote_id)
        assert found.plan is not None  # reckoned before all of it is taken back
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("seed", range(16))
def test_the_nearest_change_is_true_and_no_larger_than_it_must_be(
    house: Approvals, seed: int
) -> None:
    shelf = house.shelf
    set_costs(house.world, {shelf.belt.pk: "90", shelf.stand.pk: "200", shelf.visit.pk: "60"})
    for name, condition in (
        ("Line", LINE_15),
        ("Header", HEADER_10),
        ("Total", TOTAL_14),
        ("Margin", THIN),
        ("Days", LONG_TERM),
    ):
        house.rule(name, condition, role(MANAGER))
    quote_id = drafted(house, random.Random(seed))
    before = picture(house, quote_id)
    for change in before.nearest:
        after = made(house, quote_id, change)
        assert after.plan.needs_nobody
        assert after.facts.net_minor - before.facts.net_minor == change.gain_minor
        assert not made(house, quote_id, change, more=1).plan.needs_nobody


def test_a_price_of_its_own_gives_way_to_the_house_price(house: Approvals) -> None:
    house.rule("Line", LINE_15, role(MANAGER))
    house.rule("Margin", THIN, role(MANAGER))
    set_costs(house.world, {house.shelf.belt.pk: "90"})
    asked = {"override": {"price": "100"}, "reason": "as last year"}
    line = NewLine(product_id=house.shelf.belt.pk, quantity=Decimal(10), asked=asked)
    version = make_quote(house.world, house.shelf, lines=[line])
    (change,) = picture(house, version.quote_id).nearest
    # 26.2 % off 1,355 asks; the house's price less 11.43 % leaves 25 % of 1,200.12.
    assert [bps for _key, bps in change.line_bps] == [1143]
    assert made(house, version.quote_id, change).plan.needs_nobody
