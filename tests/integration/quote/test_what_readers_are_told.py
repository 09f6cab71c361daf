"""What buyers, approvers and the order desk read: sums that explain themselves, in their words."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.actions.proposals import document_of
from handsel.bid.quote.errors import ApprovalNeeded
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.offer import fresh_offer
from handsel.bid.quote.queries.sheet import sheet_rows, summands
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine
from handsel.bid.quote.rules.sheet.sums import totals
from handsel.bid.quote.rules.subscription import Step, Subscription
from handsel.bid.quote.web import parts
from handsel.bid.quote.web.offer_lines import offered_lines
from handsel.commit.order import queries as orders
from handsel.commit.order.actions.paper import contract_note
from handsel.commit.order.models import Order
from handsel.ground.document.models import Mail
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import worded
from tests.support.approval import LINE_15, MANAGER, Approvals, role
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def ramped(world: World, version: QuoteVersion, months: Sequence[int], **more: int) -> QuoteVersion:
    """The version with its first line in segments of one piece each, paid every month."""
    return actions.ramp_line(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=queries.lines_of(version.pk)[0].key,
        start_on=date(2026, 4, 1),
        steps=[Step(months=one, quantity=Decimal(2 + at)) for at, one in enumerate(months)],
        price_months=12,
        charge_months=12,
        **more,
    )


def test_segments_that_follow_each_other_are_no_sum_of_one_year(world: World, shelf: Shelf) -> None:
    stand = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(1))]
    version = ramped(world, make_quote(world, shelf, lines=stand), (12, 12, 12))
    sums = totals(summands(sheet_rows(version.pk)))
    # 580 + 870 + 1,160 in three years: 870 in a year, not 2,610.
    assert [(one.charge, one.months, one.net_minor) for one in sums.charges] == [
        ("recurring", 0, 2_610_00)
    ]
    assert (sums.annual_minor, sums.contract_minor) == (870_00, 2_610_00)


def test_paper_never_says_per_year_of_segments(world: World, shelf: Shelf) -> None:
    version = ramped(world, make_quote(world, shelf), (12, 12))
    version.quote = queries.get_quote(world.actor("sales_rep"), version.quote_id)
    paper = document_of(
        fresh_offer(version, queries.lines_of(version.pk)), now=world.now, time_zone="Europe/Berlin"
    )
    assert {(one.charge, one.interval) for one in paper.totals} == {
        ("one_time", ""),
        ("recurring", "periods"),
    }
    assert [one.per for one in paper.lines[:2]] == ["year", "year"]


def test_a_price_that_rises_explains_what_it_rose_from(world: World, shelf: Shelf) -> None:
    stand = [NewLine(product_id=shelf.stand.pk, quantity=Decimal(1))]
    version = ramped(world, make_quote(world, shelf, lines=stand), (12, 12), uplift_bps=300)
    second = queries.lines_of(version.pk)[1]
    first_row = parts.waterfall(second, "EUR")["rows"][0]
    assert first_row["amount"].amount_minor == 870_00  # 3 × 290, before 3 % more
    assert first_row["detail"].startswith("290")


def test_lines_of_the_offer_come_to_its_subtotals(world: World, shelf: Shelf) -> None:
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1), is_optional=True, is_chosen=True),
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(1), is_optional=True),
    ]
    version = make_quote(world, shelf, lines=lines)
    group = queries.lines_of(version.pk)[0].key
    edits = [
        AddGroup(group_key=group, title="Hall A"),
        *(MoveLine(line_key=one.key, group_key=group) for one in queries.lines_of(version.pk)),
    ]
    rep = world.actor("sales_rep")
    actions.apply_edits(actor=rep, now=world.now, quote_id=version.quote_id, edits=edits)
    version = queries.get_version(rep, version.quote_id)
    version.quote = queries.get_quote(rep, version.quote_id)
    head, total = offered_lines(fresh_offer(version, queries.lines_of(version.pk)))["sections"]
    assert [row["is_taken"] for row in head["rows"]] == [False, True]
    shown = sum(row["amount"].amount_minor for row in head["rows"])
    assert shown == total["amount"].amount_minor == 388_00


def test_the_gate_names_who_and_why_in_german_too(world: World, shelf: Shelf) -> None:
    house = Approvals(world, shelf)
    house.rule("Rabatt", LINE_15, role(MANAGER))
    with pytest.raises(ApprovalNeeded) as refused:
        house.present(house.quote(0, 1800))
    assert "on line 2: 18 % (more than 15 %)" in refused.value.message
    with translation.override("de"):
        told = worded(refused.value.message, gettext)
    assert "Sales manager – Rabatt: Rabatt auf eine Position, Position 2: 18 % (mehr als 15 %)" in (
        told.replace("\N{NO-BREAK SPACE}", " ")
    )


def test_the_mail_writes_units_in_words_and_no_discount_of_nothing(
    world: World, shelf: Shelf
) -> None:
    house = Approvals(world, shelf)
    house.rule("Line discount", LINE_15, role(MANAGER))
    lines = [
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(2), discount_bps=1800),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(1)),
    ]
    house.ask(make_quote(world, shelf, lines=lines))
    text = Mail.objects.get(template="approval_asked").body_text.replace("\N{NO-BREAK SPACE}", " ")
    assert "1  Stand 900, 2 pcs: €475.60 instead of €580.00 (−18%)" in text
    assert "2  Stand 900, 1 pc: €290.00\n" in text


def test_an_order_says_which_period_it_bears_and_what_is_left(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    belt = queries.lines_of(version.pk)[0]
    asked = Subscription(
        start_on=date(2026, 4, 1), end_on=date(2029, 3, 31), price_months=12, charge_months=1
    ).asked()
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.set_line_price(**act, line_key=belt.key, asked=asked, charge="recurring")
    actions.present_quote(**act, mail=False)
    signature = Signature(name="A. Buyer", email="buyer@customer.example", evidence="by mail")
    actions.accept_for_buyer(**act | {"actor": world.system}, signature=signature)
    order = Order.objects.get(quote_version__quote_id=version.quote_id)
    told = orders.lines_of(order.pk)[0].description
    assert "1 of 36" in told or "1 von 36" in told
    # 580.00 + 30.83 ordered of 580.00 + 36 × 30.83
    assert (order.net_minor, orders.contract_of(order)) == (610_83, Money(1_689_88, "EUR"))
    assert "1,079.05 EUR" in contract_note(order)


def test_an_order_of_all_there_is_says_nothing(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    signature = Signature(name="A. Buyer", email="buyer@customer.example", evidence="by mail")
    actions.accept_for_buyer(**act | {"actor": world.system}, signature=signature)
    order = Order.objects.get(quote_version__quote_id=version.quote_id)
    assert contract_note(order) == "" and orders.lines_of(order.pk)[0].description == ""
