"""What a customer may still choose, and prices held at a floor, as facts of rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.errors import ApprovalNeeded
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import facts_of_version
from tests.support.approval import MANAGER, Approvals, role
from tests.support.bid import Shelf, make_quote


def facts_of(house: Approvals, version: QuoteVersion) -> dict[str, Any]:
    """The facts of a version as a whole."""
    fresh = QuoteVersion.objects.select_related("quote__seller").get(pk=version.pk)
    return facts_of_version(fresh, lines_of(version.pk), now=house.world.now).values()


def option(product_id: int, discount_bps: int = 0, **more: Any) -> NewLine:
    """One piece that is open."""
    quantity = Decimal(1)
    return NewLine(
        product_id=product_id,
        quantity=quantity,
        discount_bps=discount_bps,
        is_optional=True,
        **more,
    )


def test_the_worst_choice_is_judged_beside_the_offer(house: Approvals) -> None:
    worst = {"fact": "worst_discount", "op": ">", "value": "15"}
    house.rule("What a choice could make", worst, role(MANAGER))
    stand = house.shelf.stand.pk
    lines = [
        NewLine(product_id=stand, quantity=Decimal(1)),
        option(stand, 4_000),
        option(stand, 0, is_chosen=True),
    ]
    version = make_quote(house.world, house.shelf, lines=lines)
    facts = facts_of(house, version)
    # As it stands nothing is taken off; with the dear option and without the chosen one 20 % is.
    assert (facts["total_discount"], facts["worst_discount"]) == (0, 20_00)
    assert facts["open_options"] == 2
    with pytest.raises(ApprovalNeeded):
        house.present(version)


def test_without_options_the_worst_is_the_offer(house: Approvals) -> None:
    facts = facts_of(house, house.quote(700, 0))
    assert facts["worst_discount"] == facts["total_discount"] > 0
    assert facts["open_options"] == 0


def test_what_no_scenario_offers_is_no_option(house: Approvals) -> None:
    stand = house.shelf.stand.pk
    lines = [NewLine(product_id=stand, quantity=Decimal(1)), option(stand, 4_000), option(stand)]
    version = make_quote(house.world, house.shelf, lines=lines)
    act = {"actor": house.world.actor("sales_rep"), "now": house.world.now}
    dear, plain = (line.key for line in lines_of(version.pk)[1:])
    for name, chosen in (("Dear", dear), ("Plain", plain)):
        for key in (dear, plain):
            actions.set_line(
                **act, quote_id=version.quote_id, line_key=key, is_chosen=key == chosen
            )
        actions.keep_scenario(**act, quote_id=version.quote_id, name=name)
    actions.offer_scenario(**act, quote_id=version.quote_id, name="Plain")
    assert facts_of(house, version)["worst_discount"] == 0
    assert facts_of(house, version)["open_options"] == 1


def with_floor(house: Approvals, *, quantity: int, discount_bps: int) -> QuoteVersion:
    """A stand of 1,000 that may cost no less than 820."""
    belt, stand, visit = make_products_of(house)
    book = price.draft_book(
        actor=house.world.system,
        now=house.world.now,
        name="Floors",
        currency="USD",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    prices = {one: Decimal(1_000) for one in (belt, stand, visit)}
    price.set_entries(actor=house.world.system, now=house.world.now, book_id=book.pk, prices=prices)
    floor = NewTerm(kind="limits", definition={"floor": "820"}, product_id=stand)
    price.add_terms(actor=house.world.system, now=house.world.now, book_id=book.pk, terms=[floor])
    price.publish_book(actor=house.world.system, now=house.world.now, book_id=book.pk)
    return actions.draft_quote(
        actor=house.world.actor("sales_rep"),
        now=house.world.now,
        organization_id=house.world.customer.pk,
        person_id=house.world.buyer.pk,
        currency="USD",
        lines=[NewLine(product_id=stand, quantity=Decimal(quantity), discount_bps=discount_bps)],
    )


def test_a_price_held_at_its_floor_is_a_reason(house: Approvals) -> None:
    version = with_floor(house, quantity=1, discount_bps=2_500)
    # P-41: list 1,000, discount 25 %, floor 820.
    line = lines_of(version.pk)[0]
    assert line.net_minor == 820_00
    assert ("ending", "floor", 70_00) in [
        (row.stage.value, row.label, row.amount_minor) for row in line.rows
    ]
    assert facts_of(house, version)["floor_held"] is True
    house.rule("At the floor", {"fact": "floor_held", "op": "is", "value": True}, role(MANAGER))
    with pytest.raises(ApprovalNeeded):
        house.present(version)


@pytest.mark.parametrize(("percent", "is_below"), [(0, False), (18, False), (19, True)])
def test_a_price_brought_below_its_floor_by_a_discount_on_the_whole_is_a_reason(
    house: Approvals, percent: int, is_below: bool
) -> None:
    version = with_floor(house, quantity=2, discount_bps=0)
    actions.set_terms(
        actor=house.world.actor("sales_rep"),
        now=house.world.now,
        quote_id=version.quote_id,
        changes={"discount_bps": percent * 100},
    )
    # 2 × 1,000 less 18 % are 1,640, which is just the floor of 820 each.
    assert facts_of(house, version)["floor_held"] is is_below
    actions.set_target(
        actor=house.world.actor("sales_rep"),
        now=house.world.now,
        quote_id=version.quote_id,
        total=Decimal(2_000 - percent * 20),
        reason="Both at once",
    )
    assert facts_of(house, version)["floor_held"] is is_below


def make_products_of(house: Approvals) -> tuple[int, int, int]:
    """The products of the shelf."""
    shelf: Shelf = house.shelf
    return shelf.belt.pk, shelf.stand.pk, shelf.visit.pk


def test_what_cannot_be_priced_any_more_hides_no_floor(house: Approvals) -> None:
    """A floor that cannot be reckoned, because an agreed price ended, is taken to be passed."""
    world, (belt, stand, _visit) = house.world, make_products_of(house)
    book = price.draft_book(
        actor=world.system,
        now=world.now,
        name="Floors",
        currency="USD",
        segment="",
        valid_from=date(2026, 1, 1),
    )
    act: dict[str, Any] = {"actor": world.system, "now": world.now}
    price.set_entries(**act, book_id=book.pk, prices={stand: Decimal(1_000)})
    floor = NewTerm(kind="limits", definition={"floor": "820"}, product_id=stand)
    price.add_terms(**act, book_id=book.pk, terms=[floor])
    price.publish_book(**act, book_id=book.pk)
    agreed = price.agree_price(
        **act,
        organization_id=world.customer.pk,
        currency="USD",
        valid_from=date(2026, 1, 1),
        product_id=belt,
        unit_price=Decimal(50),
    )
    rep = {"actor": world.actor("sales_rep"), "now": world.now}
    version = actions.draft_quote(
        **rep,
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        currency="USD",
        lines=[NewLine(product_id=one, quantity=Decimal(1)) for one in (belt, stand)],
    )
    actions.set_terms(**rep, quote_id=version.quote_id, changes={"discount_bps": 4_000})
    assert facts_of(house, version)["floor_held"] is True
    price.end_agreement(**act, agreement_id=agreed.pk, until=date(2026, 2, 1))
    assert facts_of(house, version)["floor_held"] is True
