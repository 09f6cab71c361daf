"""For how long a list price is, the price book says; who says otherwise is compared with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from handsel.bid.catalog.queries import facts_of
from handsel.bid.price import actions as price
from handsel.bid.price.queries import get_book
from handsel.bid.price.queries.times import price_months_of
from handsel.bid.price.rules.stored import NewTerm
from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries import lines_of
from handsel.bid.quote.queries.approval import picture_of
from handsel.bid.quote.rules.subscription import Subscription
from tests.support.approval import LINE_15, MANAGER, REP, Approvals, role

RULE = "More than 15 % on a line"
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


def book_of(house: Approvals, months: str) -> None:
    """A book in dollars in which the visit costs 540.00 for so many months."""
    act: dict[str, Any] = {"actor": house.world.system, "now": house.world.now}
    book = price.draft_book(
        **act, name="Periods", currency="USD", segment="", valid_from=date(2026, 1, 1)
    )
    visit = house.shelf.visit.pk
    price.set_entries(**act, book_id=book.pk, prices={visit: Decimal(540)})
    own = {"convention": "ANNIV", "price_months": months}
    terms = [NewTerm(kind="conventions", definition=own, product_id=visit)]
    price.add_terms(**act, book_id=book.pk, terms=terms)
    price.publish_book(**act, book_id=book.pk)
    product = facts_of([visit])[visit]
    kept = get_book(house.world.system, book.pk)
    assert price_months_of(kept, product, on=kept.valid_from) == int(months)


def priced(house: Approvals, asked: dict[str, Any], charge: str = "one_time") -> QuoteVersion:
    version = actions.draft_quote(
        actor=house.world.actor(REP),
        now=house.world.now,
        organization_id=house.world.customer.pk,
        person_id=house.world.buyer.pk,
        currency="USD",
        lines=[NewLine(product_id=house.shelf.visit.pk, quantity=Decimal(1))],
    )
    return actions.set_line_price(
        actor=house.world.actor(REP),
        now=house.world.now,
        quote_id=version.quote_id,
        line_key=lines_of(version.pk)[0].key,
        asked=asked,
        charge=charge,
    )


def rules_that_ask(house: Approvals, version: QuoteVersion) -> list[str]:
    fresh = QuoteVersion.objects.select_related("quote__seller").get(pk=version.pk)
    picture = picture_of(fresh, now=house.world.now, requester_id=house.world.users[REP].pk)
    return [reason.rule_name for ask in picture.plan.asks for reason in ask.reasons]


@pytest.mark.parametrize(
    ("own", "price_months", "charge_months", "net", "names"),
    [
        # A price for a month: 540.00 every month, or twelve of them at once.
        ("1", 1, 1, 540_00, []),
        ("1", 1, 0, 6_480_00, []),
        ("1", 1, 12, 6_480_00, []),
        # The same price said to be for a year is a twelfth of it.
        ("1", 12, 1, 45_00, [RULE]),
        ("1", 12, 0, 540_00, [RULE]),
        # A price for two years, said as it is: half of it for one.
        ("24", 24, 0, 270_00, []),
        ("24", 24, 12, 270_00, []),
        ("24", 36, 0, 180_00, [RULE]),
    ],
)
def test_a_price_for_longer_than_the_book_says_asks_as_a_discount(
    house: Approvals, own: str, price_months: int, charge_months: int, net: int, names: list[str]
) -> None:
    book_of(house, own)
    house.rule(RULE, LINE_15, role(MANAGER))
    term = Subscription(
        start_on=FIRST, end_on=LAST, price_months=price_months, charge_months=charge_months
    )
    version = priced(house, term.asked(), term.charge)
    assert lines_of(version.pk)[0].net_minor == net
    assert rules_that_ask(house, version) == names


def test_a_term_that_says_nothing_of_it_is_priced_as_the_book_says(house: Approvals) -> None:
    book_of(house, "1")
    days = {"start_on": FIRST.isoformat(), "end_on": LAST.isoformat()}
    line = lines_of(priced(house, {"term": days}).pk)[0]
    assert (line.list_minor, line.net_minor) == (6_480_00, 6_480_00)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"multiplier": "1/2"}, [RULE]),
        ({"multiplier": "9/10"}, []),
        ({"multiplier": "3"}, []),
        # A year of service for the thousandth part of a month.
        (
            {
                "service": {"start_on": FIRST.isoformat(), "end_on": LAST.isoformat()},
                "charge_months": "1",
                "periods": "12",
                "multiplier": "1/1000",
            },
            [RULE],
        ),
        # Paid for a year, priced for a month.
        ({"charge_months": "12"}, [RULE]),
    ],
)
def test_a_price_due_less_often_than_it_is_for_asks_as_a_discount(
    house: Approvals, asked: dict[str, Any], names: list[str]
) -> None:
    book_of(house, "1")
    house.rule(RULE, LINE_15, role(MANAGER))
    charge = "recurring" if "charge_months" in asked else "one_time"
    assert rules_that_ask(house, priced(house, asked, charge)) == names
