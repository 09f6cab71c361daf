"""One deal, from the form on the website to the money in the bank, told by its dates.

Brandt Lebensmittel asks for ten stands and four hours of assembly. Ten stands at 290.00 earn the
5 % from ten pieces: 2,755.00; four hours at 98.00 are 392.00. Net 3,147.00, VAT 19 % 597.93,
gross 3,744.93. Everything is billed when it ships.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from handsel.attract.lead import actions as leads
from handsel.attract.lead import queries as lead_queries
from handsel.attract.lead.actions import Circumstances
from handsel.attract.lead.models import Lead
from handsel.attract.lead.rules.inquiry import Inquiry, Origin
from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity.actions import Parties
from handsel.attract.opportunity.models import Opportunity
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.commit.order.queries import lines_of
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.earn.billing import actions as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions as cash
from handsel.earn.cash import queries as cash_queries
from handsel.earn.ledger import queries as ledger
from handsel.ground.kernel.money import Money
from handsel.ground.platform.thread import thread_of
from tests.support import bank
from tests.support.bid import Shelf, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9, month: int = 3) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def eur(text: str) -> Money:
    """An amount in euro."""
    return Money.parse(text, "EUR")


@pytest.fixture
def world() -> World:
    """The house with a customer it knows already."""
    return make_world(now=at(1))


def test_a_deal_walks_from_first_contact_to_final_payment(world: World) -> None:
    shelf = make_shelf(world.system, at(1))
    fill_warehouse(world, shelf)

    lead = ask_and_answer(world)
    deal = open_deal(world, lead)
    order = quote_and_accept(world, shelf, deal)
    release_and_deliver(world, shelf, order)
    invoices = issue(world, order)
    transfer(world, invoices)

    # The books: what was sold, what is owed to the tax office, what is in the bank.
    tax = sum(i.tax_minor for i in invoices)
    assert balances(world) == {"1200": 314700 + tax, "1776": -tax, "8400": -275500, "8410": -39200}
    assert sum(balances(world).values()) == 0

    # From the books one walks back to the click that began it.
    steps = thread_of("invoice", invoices[0].pk, world.actor("accountant"))["steps"]
    assert [step["stage"] for step in steps if step.get("number")] == [
        "lead",
        "opportunity",
        "quote",
        "order",
        "delivery",
        "invoice",
        "cash",
        "ledger",
    ]
    assert Lead.objects.get(pk=lead.pk).state == "converted"
    assert Opportunity.objects.get(pk=deal.pk).lead_id == lead.pk


def fill_warehouse(world: World, shelf: Shelf) -> None:
    """1 March: 25 stands come in."""
    hand = world.actor("production")
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=at(1), seller_id=world.seller.pk, name="Stuttgart"
    )
    fulfillment.receive_stock(
        actor=hand,
        now=at(1),
        warehouse_id=warehouse.pk,
        product_id=shelf.stand.pk,
        quantity=Decimal(25),
    )


def ask_and_answer(world: World) -> Lead:
    """2 March, 10:00: Kim Brandt asks; 11:00: a person answers; 12:00: it is worth pursuing."""
    rep = world.actor("sales_rep")
    captured = leads.capture_lead(
        actor=world.system,
        now=at(2, 10),
        seller_id=world.seller.pk,
        inquiry=Inquiry(
            person_name="Kim Brandt",
            email="kim@brandt.example",
            company_name="Brandt Lebensmittel",
            message="Ten stands for line 4, with assembly, please.",
        ),
        origin=Origin(source="organic_search"),
        circumstances=Circumstances(channel="form", owner_id=rep.user_id),
    )
    leads.log_interaction(
        actor=rep,
        now=at(2, 11),
        lead_id=captured.lead.pk,
        direction="out",
        channel="call",
        reached=True,
        subject="Called back",
        body="",
    )
    assert lead_queries.get_lead(rep, captured.lead.pk).state == "working"
    leads.qualify(
        actor=rep,
        now=at(2, 12),
        lead_id=captured.lead.pk,
        dimension="interest",
        grade=3,
        evidence="asked for a price",
    )
    return captured.lead


def open_deal(world: World, lead: Lead) -> Opportunity:
    """3 March: a deal with the organization we recognized."""
    return opportunities.convert_lead(
        actor=world.actor("sales_rep"),
        now=at(3),
        lead_id=lead.pk,
        parties=Parties(organization_id=world.customer.pk, person_id=world.buyer.pk),
        name="Stands for line 4",
        amount=eur("3000.00"),
        expected_close_on=date(2026, 3, 31),
    )


def quote_and_accept(world: World, shelf: Shelf, deal: Opportunity) -> Order:
    """3 March: quoted and presented; 9 March: accepted on the page, without an account."""
    rep = world.actor("sales_rep")
    version = quotes.draft_quote(
        actor=rep,
        now=at(3),
        opportunity_id=deal.pk,
        lines=[
            NewLine(product_id=shelf.stand.pk, quantity=Decimal(10)),
            NewLine(product_id=shelf.visit.pk, quantity=Decimal(4)),
        ],
    )
    assert (version.net_minor, version.tax_minor, version.gross_minor) == (314700, 59793, 374493)
    presented = quotes.present_quote(
        actor=rep, now=at(3, 15), quote_id=version.quote_id, to="kim@brandt.example"
    )
    quotes.accept_quote(
        now=at(9),
        token=presented.link.rstrip("/").rpartition("/")[2],
        content_hash=presented.version.content_hash,
        signature=Signature(name="Kim Brandt", email="kim@brandt.example", purchase_order="PO-77"),
    )
    deal.refresh_from_db()
    assert (deal.state, deal.amount_minor) == ("won", 314700)
    order = Order.objects.get(quote_version=presented.version)
    assert (order.purchase_order, order.gross_minor) == ("PO-77", 374493)
    return order


def release_and_deliver(world: World, shelf: Shelf, order: Order) -> None:
    """10 March: released; 12 and 13 March: the stands ship in two goes; 14 March: assembly."""
    desk, hand = world.actor("order_desk"), world.actor("production")
    orders.release_order(actor=desk, now=at(10), order_id=order.pk)
    stands, assembly = order_line(order, shelf.stand.pk), order_line(order, shelf.visit.pk)
    fulfillment.ship(actor=hand, now=at(12), order_id=order.pk, lines={stands: Decimal(4)})
    fulfillment.ship(actor=hand, now=at(13), order_id=order.pk)
    fulfillment.ship(actor=desk, now=at(14), order_id=order.pk, lines={assembly: Decimal(4)})


def issue(world: World, order: Order) -> list[Invoice]:
    """16 March: the three drafts that the shipments made get their numbers."""
    drafts = list(Invoice.objects.filter(order=order).order_by("pk"))
    assert [d.net_minor for d in drafts] == [110200, 165300, 39200]
    return [
        billing.issue_invoice(actor=world.actor("accountant"), now=at(16), invoice_id=d.pk)
        for d in drafts
    ]


def transfer(world: World, invoices: list[Invoice]) -> None:
    """30 March: one transfer pays all three, and the statement says so."""
    accountant = world.actor("accountant")
    total = Money(sum(i.payable_minor for i in invoices), "EUR")
    content = bank.statement(
        number=1,
        on="2026-03-30",
        iban="DE89370400440532013000",
        opening="1000.00",
        closing=(eur("1000.00") + total).text(),
        receipts=[
            bank.Credit(
                total.text(),
                "Brandt Lebensmittel GmbH",
                "DE02120300000000202051",
                " ".join(i.number for i in invoices),
            )
        ],
    )
    outcome = cash.import_statement(
        actor=accountant, now=at(30), content=content, name="statement.xml"
    )
    assert [one.outcome for one in outcome] == ["accepted"]
    assert outcome[0].statement is not None
    matched = cash.match_automatically(
        actor=accountant, now=at(30), statement_id=outcome[0].statement.pk
    )
    assert [one.payment_id is not None for one in matched] == [True]
    assert cash_queries.open_amount(world.customer.pk, "EUR", [world.seller.pk]) == eur("0.00")


def balances(world: World) -> dict[str, int]:
    """Account code to closing balance in cents, debit positive, at the end of 2026."""
    rows = ledger.trial_balance(
        world.actor("accountant"),
        seller_id=world.seller.pk,
        from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1),
    )
    return {row.code: row.closing_minor for row in rows if row.closing_minor}


def order_line(order: Order, product_id: int) -> int:
    """The key of the order's line for a product."""
    return next(line.pk for line in lines_of(order.pk) if line.product_id == product_id)
