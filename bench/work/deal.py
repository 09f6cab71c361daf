"""The deal's work that figures measure: drafting and pricing, and the whole cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction

from bench.work.yardstick import NOW, Yardstick
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import Signature
from handsel.bid.quote.models import QuoteVersion
from handsel.commit.order import actions as orders
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.earn.billing import actions as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions as cash
from handsel.ground.kernel.money import Money
from tests.support import bank

_document = count(1)
_day = count(1)
_balance = [100_000]


def draft(stick: Yardstick, lines: int, document: int | None = None) -> QuoteVersion:
    number = next(_document) if document is None else document
    return quotes.draft_quote(
        actor=stick.world.actor("sales_rep"),
        now=NOW,
        organization_id=stick.customers[number % len(stick.customers)],
        lines=stick.lines(number, lines),
    )


# Gross totals at 10 % by the yardstick, which are net × 1.1; net is what our tax rate leaves.
_GROSS_AT_10 = {20: "2288.88", 200: "65542.84", 1000: "348520.59"}


def check(version: QuoteVersion, lines: int) -> None:
    gross = Money.parse(_GROSS_AT_10[lines], "EUR").amount_minor
    at_ten = (version.net_minor * 11 + 5) // 10
    if at_ten != gross:
        raise AssertionError(f"document 0 with {lines} lines comes to {at_ten}, not {gross}")


def one_cycle(stick: Yardstick) -> Invoice:
    """One deal from quote to reconciled payment; returns its invoice."""
    world, order_id = stick.world, released_order(stick)
    fulfillment.ship(actor=world.actor("production"), now=NOW, order_id=order_id)
    waiting = Invoice.objects.get(order_id=order_id)
    invoice = billing.issue_invoice(actor=world.actor("accountant"), now=NOW, invoice_id=waiting.pk)
    _pay(stick, invoice)
    return invoice


def released_order(stick: Yardstick) -> int:
    """A quote of 3 lines, presented, accepted, its order released; the order's key."""
    world = stick.world
    version = draft(stick, 3)
    presented = quotes.present_quote(
        actor=world.actor("sales_rep"),
        now=NOW,
        quote_id=version.quote_id,
        to="buyer@customer.example",
    )
    quotes.accept_quote(
        now=NOW,
        token=presented.link.rstrip("/").rpartition("/")[2],
        content_hash=presented.version.content_hash,
        signature=Signature(name="Buyer", email="buyer@customer.example", purchase_order="PO 1"),
    )
    order = Order.objects.get(quote_version_id=version.pk)
    orders.release_order(actor=world.actor("order_desk"), now=NOW, order_id=order.pk)
    return order.pk


def bill(stick: Yardstick, order_ids: Sequence[int]) -> None:
    """Draft and issue an invoice of all lines for each of these orders, in one transaction."""
    accountant = stick.world.actor("accountant")
    with transaction.atomic():
        for order_id in order_ids:
            drafted = billing.draft_by_hand(actor=accountant, now=NOW, order_id=order_id)
            billing.issue_invoice(actor=accountant, now=NOW, invoice_id=drafted.pk)


def _pay(stick: Yardstick, invoice: Invoice) -> None:
    accountant: Any = stick.world.actor("accountant")
    paid_at: datetime = NOW + timedelta(days=next(_day))
    opening = _balance[0]
    _balance[0] += invoice.payable_minor
    content = bank.statement(
        number=paid_at.toordinal(),
        on=paid_at.date().isoformat(),
        iban="DE89370400440532013000",
        opening=Money(opening, "EUR").text(),
        closing=Money(_balance[0], "EUR").text(),
        receipts=[
            bank.Credit(
                Money(invoice.payable_minor, "EUR").text(),
                invoice.buyer_snapshot["name"],
                iban_of(invoice.organization_id),
                "",
                invoice.payment_reference,
            )
        ],
    )
    outcome = cash.import_statement(
        actor=accountant, now=paid_at, content=content, name="statement.xml"
    )
    statement = outcome[0].statement
    if statement is None:
        raise AssertionError(f"the statement was not imported: {outcome[0].messages}")
    matched = cash.match_automatically(actor=accountant, now=paid_at, statement_id=statement.pk)
    if [one for one in matched if one.payment_id is None]:
        raise AssertionError(f"the payment was not matched: {matched}")


def iban_of(customer: int) -> str:
    """A German account number of a customer's own, with its check digits."""
    account = f"12030000{customer:010d}"
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"
