"""What happens to an order of the demo: desk, warehouse, invoices, and the customer's money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from handsel.commit.order import actions as orders
from handsel.commit.order import queries as order_queries
from handsel.commit.order.models import Order
from handsel.commit.order.rules.match import TheirLine
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing import actions as billing
from handsel.earn.billing import queries as billing_queries
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions as cash
from handsel.earn.cash.models import BankEntry
from handsel.earn.cash.rules.receivables import Allocation as Proposed
from handsel.ground.kernel.money import Money
from handsel.site.demo.bank import Bank, Receipt
from handsel.site.demo.deal import Deal


class Delivery:
    """An accepted deal on its way to the money."""

    def __init__(self, deal: Deal, bank: Bank) -> None:
        self.deal, self.house, self.bank = deal, deal.house, bank
        self.on = deal.on

    @cached_property
    def order(self) -> Order:
        """The order that the acceptance placed."""
        return Order.objects.get(quote_version__quote_id=self.deal.quote_id)

    # Commit

    def release(self, now: datetime) -> None:
        """The desk releases, and the confirmation goes out."""
        desk = self.house.actor("orders")
        orders.release_order(actor=desk, now=now, order_id=self.order.pk)
        orders.confirm_order(actor=desk, now=now, order_id=self.order.pk)

    def compare(self, now: datetime, number: str, *, cheaper_bps: int = 0) -> None:
        """The desk enters the buyer's paper, which may name lower prices than were accepted."""
        lines = [
            TheirLine(
                line_id=line.pk,
                sku=line.product.sku,
                quantity=line.quantity,
                unit_price=(line.unit_net * (10_000 - cheaper_bps) / 10_000).quantize(
                    Decimal("0.01")
                ),
            )
            for line in order_queries.lines_of(self.order.pk)
        ]
        orders.match_purchase_order(
            actor=self.house.actor("orders"),
            now=now,
            order_id=self.order.pk,
            number=number,
            lines=lines,
            dated_on=now.date(),
        )

    def hold(self, now: datetime, kind: str, reason: str) -> None:
        """Somebody stops the order."""
        orders.hold_order(
            actor=self.house.actor("orders"),
            now=now,
            order_id=self.order.pk,
            kind=kind,
            reason=reason,
        )

    def cancel(self, now: datetime, reason: str) -> None:
        """The order is taken back."""
        orders.cancel_order(
            actor=self.house.actor("orders"), now=now, order_id=self.order.pk, reason=reason
        )

    # Deliver

    def ship(self, now: datetime, part: dict[str, int] | None = None, carrier: str = "") -> None:
        """Everything that can go, or quantities by article number; then the note goes out."""
        quantities = None
        if part is not None:
            lines = order_queries.lines_of(self.order.pk)
            quantities = {
                line.pk: Decimal(part[line.product.sku])
                for line in lines
                if line.product.sku in part
            }
        actor = self.house.actor("warehouse")
        shipment = fulfillment.ship(
            actor=actor,
            now=now,
            order_id=self.order.pk,
            lines=quantities,
            carrier=carrier,
            tracking_number=f"HAL{self.order.pk:04d}{now:%m%d}" if carrier else "",
        )
        fulfillment.announce_shipment(actor=actor, now=now, shipment_id=shipment.pk)

    def deliver(self, now: datetime, received_by: str) -> None:
        """Everything under way arrives, and somebody signs for it."""
        under_way = Shipment.objects.filter(order=self.order, state="shipped").order_by("pk")
        for shipment in under_way:
            fulfillment.confirm_delivery(
                actor=self.house.actor("warehouse"),
                now=now,
                shipment_id=shipment.pk,
                received_by=received_by,
            )

    # Earn

    def bill(self, now: datetime) -> None:
        """The accountant issues and sends every draft of the order."""
        drafts = Invoice.objects.filter(order=self.order, state="draft").order_by("pk")
        for draft in drafts:
            outcome = billing.issue_and_send(
                actor=self.house.actor("accounts"), now=now, invoice_id=draft.pk
            )
            if outcome.failed_at:
                raise AssertionError(f"{outcome.invoice.number}: {outcome.why}")

    def credit(self, now: datetime, sku: str, quantity: int, reason: str) -> None:
        """A credit note for some pieces of the newest invoice, issued and sent."""
        invoice = self._issued()[-1]
        line = next(one for one in billing_queries.lines_of(invoice.pk) if one.sku == sku)
        billing.credit_invoice(
            actor=self.house.actor("accounts"),
            now=now,
            invoice_id=invoice.pk,
            quantities={line.pk: Decimal(quantity)},
            reason=reason,
        )
        self.bill(now)

    def pay(
        self, now: datetime, *, short_minor: int = 0, part_bps: int = 10_000, text: str = ""
    ) -> None:
        """The customer transfers what he owes on the newest invoice, all or a part of it."""
        invoice = self._issued()[-1]
        minor = invoice.payable_minor * part_bps // 10_000 - short_minor
        self.bank.expect(
            self.deal.seller,
            Receipt(
                amount=Money(minor, invoice.currency),
                payer=self.order.organization.name,
                iban=PAYERS[self.deal.customer],
                text=text or f"{invoice.number} {invoice.payment_reference}",
                on=now.date(),
            ),
        )

    def settle(self, now: datetime) -> None:
        """The accountant puts the customer's open entry against the newest invoice."""
        invoice = self._issued()[-1]
        entry = BankEntry.objects.filter(
            state="open", currency=invoice.currency, counterparty=self.order.organization.name
        ).latest("pk")
        cash.match_entry(
            actor=self.house.actor("accounts"),
            now=now,
            entry_id=entry.pk,
            organization_id=self.order.organization_id,
            allocations=[Proposed(invoice.pk, entry.amount_minor)],
        )

    def _issued(self) -> list[Invoice]:
        invoices = Invoice.objects.filter(order=self.order, state="issued")
        return list(invoices.exclude(kind="credit_note").order_by("issued_on", "pk"))


PAYERS = {
    "kornfeld": "DE12500105170648489890",
    "kornfeld-ulm": "DE12500105170648489890",
    "kornfeld-erfurt": "DE72200505501015871394",
    "northway": "",
    "gruenkreis": "AT611904300234573201",
    "brightwell": "GB26MIDL40051512345674",
    "valmora": "CH9300762011623852957",
}


def day(text: str) -> date:
    """A date of the demo's year from "03-16"."""
    return date.fromisoformat(f"2026-{text}")
