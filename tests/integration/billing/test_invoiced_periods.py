"""What an order and its invoices bear of services that are paid for by the period."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.rules.subscription import Step
from handsel.commit.order import actions as orders
from handsel.commit.order import queries as ordered
from handsel.commit.order.models import Order, OrderLine
from handsel.deliver.fulfillment import queries as shipments
from handsel.deliver.fulfillment.errors import NothingToShip
from handsel.deliver.fulfillment.web.words import can_go, readiness
from handsel.earn.billing.actions.paper import papers_of, sheet
from handsel.earn.billing.rules.mapping import einvoice, specification
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import DatePeriod
from tests.support import billing
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def ramped(world: World, shelf: Shelf) -> QuoteVersion:
    """100, 200, 300 m for 135.50 a year each in three years, and two stands for 580.00."""
    version = make_quote(world, shelf)
    belt, _stand = queries.lines_of(version.pk)
    return actions.ramp_line(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=belt.key,
        start_on=FIRST,
        steps=[Step(months=12, quantity=Decimal(n)) for n in (100, 200, 300)],
    )


def accepted(world: World, version: QuoteVersion) -> Order:
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    actions.present_quote(**act, mail=False)
    signed = Signature(name="Ada", email="ada@example.com", evidence="by phone")
    actions.accept_for_buyer(**act, signature=signed)
    return Order.objects.get(quote_version__quote_id=version.quote_id)


def test_an_order_bears_the_first_segment_of_a_ramp(world: World, shelf: Shelf) -> None:
    version = ramped(world, shelf)
    order = accepted(world, version)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    assert [(one.position, one.net_minor) for one in lines] == [(1, 13_550_00), (4, 580_00)]
    assert order.net_minor == 14_130_00
    assert (order.tax_minor, order.gross_minor) == (2_684_70, 16_814_70)
    (row,) = order.tax_rows
    assert (row["base_minor"], row["tax_minor"]) == (14_130_00, 2_684_70)
    # Of 13,550.00 + 27,100.00 × 366/365 (2028 is a leap year) + 40,650.00 + 580.00.
    assert ordered.contract_of(order) == Money(81_954_25, "EUR")
    found = {one.code: one.severity for one in ordered.desk_findings(order, today=FIRST)}
    assert found["lines"] == found["value"] == "ok"


def test_an_invoice_of_a_service_names_its_days_and_what_is_not_ordered_yet(
    world: World, shelf: Shelf
) -> None:
    order = accepted(world, ramped(world, shelf))
    orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    service, _stand = OrderLine.objects.filter(order=order).order_by("position")
    billing.ship(world, order, {service.pk: "100"})
    (invoice,) = billing.drafts(order)
    assert (invoice.supplied_from, invoice.supplied_until) == (FIRST, LAST)
    invoice = billing.issue(world, invoice)
    papers = papers_of(invoice, today=date(2026, 3, 2))
    with translation.override("en"):
        paper = sheet(papers, produced_at=world.now)
    assert paper.service_on is None
    assert paper.service_period == DatePeriod(FIRST, date(2028, 1, 1))
    (note,) = paper.notes
    assert "67,824.25 EUR" in note
    document = einvoice(papers.facts, specification=specification(papers.facts.buyer))
    assert document.period is not None and document.delivery is not None
    assert (document.period.first_on, document.period.last_on) == (FIRST, LAST)
    assert document.delivery.delivered_on is None  # it is not over yet
    assert document.lines[0].period == document.period


def test_what_is_done_once_keeps_its_day_and_the_service_beside_them_its_own(
    world: World, shelf: Shelf
) -> None:
    version = ramped(world, shelf)
    visit = [NewLine(product_id=shelf.visit.pk, quantity=Decimal(1))]
    actions.add_lines(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, lines=visit
    )
    order = accepted(world, version)
    orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    service, _stand, done = OrderLine.objects.filter(order=order).order_by("position")
    shipment = billing.ship(world, order, {service.pk: "100", done.pk: "1"})
    (invoice,) = billing.drafts(order)
    done_on = shipment.shipped_on
    assert (invoice.supplied_from, invoice.supplied_until) == (done_on, done_on)
    papers = papers_of(billing.issue(world, invoice), today=done_on)
    document = einvoice(papers.facts, specification=specification(papers.facts.buyer))
    assert document.delivery is not None and document.delivery.delivered_on == done_on
    assert papers.facts.lines[0].description.startswith("Service period: ")
    periods = [line.period for line in document.lines]
    assert periods[1] is None
    assert periods[0] is not None
    assert (periods[0].first_on, periods[0].last_on) == (FIRST, LAST)


def test_an_estimate_of_use_is_not_declared_used_with_one_click(world: World, shelf: Shelf) -> None:
    lines = [
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(1)),
        NewLine(product_id=shelf.visit.pk, quantity=Decimal(40), charge="usage"),
    ]
    order = accepted(world, make_quote(world, shelf, lines=lines))
    orders.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    billing.ship(world, order)
    (invoice,) = billing.drafts(order)
    assert invoice.net_minor == 98_00
    with pytest.raises(NothingToShip):
        billing.ship(world, order)
    states = shipments.states_of(order)
    assert readiness(states, is_held=False)[0] == "usage to report"
    assert not can_go(states, is_held=False)
    billing.ship(world, order, {states[1].line_id: "12"})
    assert billing.drafts(order)[-1].net_minor == 12 * 98_00
