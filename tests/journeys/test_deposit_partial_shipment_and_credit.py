"""Two deals that do not go straight: deposits with a partial shipment, and a credit note.

The first: 12 m of belt at 135.50 less 9 % and 30 stands at 290.00 less 5 % from ten pieces.
1,626.00 − 146.34 = 1,479.66; 8,700.00 − 435.00 = 8,265.00. Net 9,744.66, VAT 19 % 1,851.49,
gross 11,596.15, billed 30/60/10. The second: one stand is returned against a credit note.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.rules.terms import Terms
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.commit.order.queries import lines_of
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing import actions as billing
from handsel.earn.billing import queries as invoices
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions as cash
from handsel.earn.cash import queries as cash_queries
from handsel.earn.cash.models import ReceivableBalance
from handsel.earn.ledger import queries as ledger
from handsel.ground.kernel.money import Money
from tests.support.bid import Shelf, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


def at(month: int, day: int) -> datetime:
    """Nine in the morning, UTC, of a day of 2026."""
    return datetime(2026, month, day, 9, tzinfo=UTC)


@pytest.fixture
def house() -> tuple[World, Shelf]:
    """The house with 40 stands and 100 m of belt it can send."""
    world = make_world(now=at(1, 2))
    shelf = make_shelf(world.system, at(1, 2))
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=at(1, 2), seller_id=world.seller.pk, name="Stuttgart"
    )
    fulfillment.receive_stock(
        actor=world.system,
        now=at(1, 2),
        warehouse_id=warehouse.pk,
        product_id=shelf.stand.pk,
        quantity=Decimal(40),
    )
    return world, shelf


def ordered(world: World, lines: list[NewLine], terms: Terms) -> Order:
    """Quoted on 12 January, accepted on the 14th, released on the 15th."""
    rep = world.actor("sales_rep")
    version = quotes.draft_quote(
        actor=rep, now=at(1, 12), organization_id=world.customer.pk, lines=lines, terms=terms
    )
    presented = quotes.present_quote(
        actor=rep, now=at(1, 12), quote_id=version.quote_id, to="kim@brandt.example"
    )
    quotes.accept_quote(
        now=at(1, 14),
        token=presented.link.rstrip("/").rpartition("/")[2],
        content_hash=presented.version.content_hash,
        signature=Signature(name="Kim Brandt", email="kim@brandt.example", purchase_order="PO-9"),
    )
    order = Order.objects.get(quote_version_id=version.pk)
    return orders.release_order(actor=world.actor("order_desk"), now=at(1, 15), order_id=order.pk)


def issue_waiting(world: World, order: Order, day: datetime) -> Invoice:
    """Issue the one draft that waits."""
    waiting = Invoice.objects.get(order=order, state="draft")
    return billing.issue_invoice(actor=world.actor("accountant"), now=day, invoice_id=waiting.pk)


def pay(world: World, invoice: Invoice, day: datetime) -> None:
    """The customer transfers exactly what the invoice asks."""
    accountant = world.actor("accountant")
    amount = Money(invoice.payable_minor, "EUR")
    payment = cash.record_payment(
        actor=accountant,
        now=day,
        seller_id=world.seller.pk,
        organization_id=world.customer.pk,
        amount=amount,
        received_on=day.date(),
        reference=invoice.number,
    )
    cash.allocate(
        actor=accountant,
        now=day,
        payment_id=payment.pk,
        invoice_id=invoice.pk,
        amount=amount,
        allocated_on=day.date(),
    )


def balances(world: World) -> dict[str, int]:
    """Account code to closing balance in cents, debit positive, at the end of 2026."""
    rows = ledger.trial_balance(
        world.actor("accountant"),
        seller_id=world.seller.pk,
        from_on=date(2026, 1, 1),
        until_on=date(2027, 1, 1),
    )
    return {row.code: row.closing_minor for row in rows if row.closing_minor}


def test_deposits_partial_shipments_and_a_final_invoice(house: tuple[World, Shelf]) -> None:
    world, shelf = house
    lines = [
        NewLine(product_id=shelf.belt.pk, quantity=Decimal(12), discount_bps=900),
        NewLine(product_id=shelf.stand.pk, quantity=Decimal(30)),
    ]
    terms = Terms(
        valid_until=date(2026, 2, 12), billing_method="shares", billing_shares=(3000, 6000, 1000)
    )
    order = ordered(world, lines, terms)
    assert (order.net_minor, order.tax_minor, order.gross_minor) == (974466, 185149, 1159615)

    # 15 January, with the order: 30 % of 9,744.66 is 2,923.40, VAT 555.45.
    first = issue_waiting(world, order, at(1, 15))
    assert (first.kind, first.net_minor, first.tax_minor) == ("deposit", 292340, 55545)
    pay(world, first, at(1, 29))
    assert balances(world) == {"1200": 347885, "1710": -292340, "1776": -55545}

    # 10 February: a part leaves; the second deposit falls due. 60 % by cumulative rounding:
    # 90 % of 9,744.66 is 8,770.19, less 2,923.40 is 5,846.79, VAT 1,110.89.
    belt, stands = (line.pk for line in lines_of(order.pk))
    fulfillment.ship(
        actor=world.actor("production"),
        now=at(2, 10),
        order_id=order.pk,
        lines={stands: Decimal(10)},
    )
    second = issue_waiting(world, order, at(2, 10))
    assert (second.kind, second.net_minor, second.tax_minor) == ("deposit", 584679, 111089)

    # 3 March: the rest leaves and arrives; the final invoice names all and deducts both deposits.
    fulfillment.ship(
        actor=world.actor("production"),
        now=at(3, 3),
        order_id=order.pk,
        lines={stands: Decimal(20), belt: Decimal(12)},
    )
    assert not Invoice.objects.filter(order=order, state="draft").exists()
    for shipment in Shipment.objects.filter(order=order).order_by("pk"):
        fulfillment.confirm_delivery(
            actor=world.actor("production"),
            now=at(3, 5),
            shipment_id=shipment.pk,
            received_by="Gate 2",
        )
    final = issue_waiting(world, order, at(3, 6))
    assert (final.kind, final.net_minor, final.tax_minor) == ("final", 974466, 185149)
    assert final.prepaid_minor == first.gross_minor + second.gross_minor == 347885 + 695768
    assert final.payable_minor == 1159615 - 1043653 == 115962
    order.refresh_from_db()
    assert order.state == "completed"

    pay(world, second, at(3, 10))
    pay(world, final, at(4, 1))
    assert balances(world) == {"1200": 1159615, "1776": -185149, "8400": -974466}
    assert cash_queries.open_amount(world.customer.pk, "EUR", [world.seller.pk]) == Money.zero(
        "EUR"
    )


def test_a_returned_stand_is_credited_and_the_rest_is_paid(house: tuple[World, Shelf]) -> None:
    world, shelf = house
    accountant = world.actor("accountant")
    order = ordered(
        world,
        [NewLine(product_id=shelf.stand.pk, quantity=Decimal(3))],
        Terms(valid_until=date(2026, 2, 12)),
    )
    fulfillment.ship(actor=world.actor("production"), now=at(1, 20), order_id=order.pk)
    invoice = issue_waiting(world, order, at(1, 20))
    assert (invoice.net_minor, invoice.gross_minor) == (87000, 103530)

    # 2 February: one of three comes back: 290.00 and its VAT of 55.10.
    line = invoices.lines_of(invoice.pk)[0]
    draft = billing.credit_invoice(
        actor=accountant,
        now=at(2, 2),
        invoice_id=invoice.pk,
        quantities={line.pk: Decimal(1)},
        reason="one stand returned",
    )
    note = billing.issue_invoice(actor=accountant, now=at(2, 2), invoice_id=draft.pk)
    assert (note.kind, note.number[:2], note.gross_minor) == ("credit_note", "C-", 34510)
    assert ReceivableBalance.objects.get(pk=invoice.pk).open_minor == 103530 - 34510
    assert ReceivableBalance.objects.get(pk=note.pk).open_minor == 0

    # 19 February: the customer pays what is left; the books show two stands sold.
    amount = Money(69020, "EUR")
    payment = cash.record_payment(
        actor=accountant,
        now=at(2, 19),
        seller_id=world.seller.pk,
        organization_id=world.customer.pk,
        amount=amount,
        received_on=date(2026, 2, 19),
    )
    cash.allocate(
        actor=accountant,
        now=at(2, 19),
        payment_id=payment.pk,
        invoice_id=invoice.pk,
        amount=amount,
        allocated_on=date(2026, 2, 19),
    )
    assert balances(world) == {"1200": 69020, "1776": -11020, "8400": -58000}
