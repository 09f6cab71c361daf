"""The walk from a drafted quote to its reconciled payment, as buyer and programs do it.

Every step asks through the JSON API with a key of its own, posts the buyer's page, or does the
jobs that wait. A walk can therefore be begun again after any interruption: the same calls, with
the same keys, in the same order.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import QuoteVersion
from handsel.commit.order.actions.move import CONFIRM_JOB
from handsel.commit.order.models import Order
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.deliver.fulfillment.actions.ship import NOTE_JOB
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing.actions.send import FINISH_JOB
from handsel.earn.billing.models import Invoice
from handsel.ground.document.models import Mail
from handsel.ground.kernel.clock import FixedClock
from handsel.ground.kernel.money import Money
from handsel.site import middleware
from tests.support import bank
from tests.support.bid import Shelf, make_shelf
from tests.support.calls import Api, api_of
from tests.support.world import World, make_world

BUYER = "kim@brandt.example"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}
# Mail itself leaves after these; whether a mail server took it is not known to the program.
JOBS = (quotes.WRITE_JOB, quotes.CONFIRM_JOB, CONFIRM_JOB, NOTE_JOB, FINISH_JOB)


@dataclass(frozen=True)
class House:
    """The world of many deals: a stocked product, keys of those who work on a deal."""

    world: World
    shelf: Shelf
    secrets: dict[str, str]

    def draft(self, number: int) -> Deal:
        """A drafted quote of two stands, the beginning of a walk."""
        version = quotes.draft_quote(
            actor=self.world.actor("sales_rep"),
            now=self.world.now,
            organization_id=self.world.customer.pk,
            lines=[NewLine(product_id=self.shelf.stand.pk, quantity=Decimal(2))],
        )
        return Deal(number, version.quote_id, self.world.now.isoformat(), self.secrets)


def make_house() -> House:
    """One house with a thousand stands in stock, and nothing waiting in the queue."""
    with connection.cursor() as cursor:
        # The queue's tables are no models of ours: tests before leave their jobs in them.
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Main"
    )
    fulfillment.receive_stock(
        actor=world.actor("production"),
        now=world.now,
        warehouse_id=warehouse.pk,
        product_id=shelf.stand.pk,
        quantity=Decimal(1000),
    )
    roles = ("sales_rep", "order_desk", "production", "accountant")
    return House(world, shelf, {role: api_of(world, role).secret for role in roles})


@dataclass
class Deal:
    """One deal's walk; `number` counts the deals of a house from 0."""

    number: int
    quote_id: int
    now: str
    secrets: dict[str, str] = field(repr=False)

    def walk(self, until: str = "") -> None:
        """Every step from the first on, or those before the step named `until`."""
        middleware.clock = FixedClock(self._now())
        for name, step in STEPS.items():
            if name == until:
                return
            step(self)

    def present(self) -> None:
        self._post("sales_rep", f"/quote/{self.quote_id}/present", to=BUYER)

    def open_offer(self) -> None:
        assert Client().get(self._offer(), headers=BROWSER).status_code == 200

    def accept(self) -> None:
        """As the buyer's page does: with the hash of what it showed."""
        shown = QuoteVersion.objects.get(quote_id=self.quote_id).content_hash
        fields = {"name": "Kim Brandt", "email": BUYER, "agree": "on", "content_hash": shown}
        answer = Client().post(f"{self._offer()}accept/", fields, headers=BROWSER)
        assert answer.status_code == 303, answer.content

    def release(self) -> None:
        self._post("order_desk", f"/order/{self._order()}/release")

    def ship(self) -> None:
        self._post("production", f"/fulfillment/orders/{self._order()}/ship")

    def deliver(self) -> None:
        shipment = Shipment.objects.get(order_id=self._order())
        path = f"/fulfillment/shipments/{shipment.pk}/deliver"
        self._post("production", path, received_by="Kim Brandt")

    def issue(self) -> None:
        self._post("accountant", f"/billing/{self._invoice().pk}/issue-and-send")

    def make_documents(self) -> None:
        self._post("accountant", f"/billing/{self._invoice().pk}/documents")

    def receive_payment(self) -> None:
        """The bank's statement of a day of its own; it continues the balance of the one before."""
        middleware.clock = FixedClock(self._now() + timedelta(days=self.number))
        invoice = self._invoice()
        amount = invoice.payable_minor
        content = bank.statement(
            number=self.number + 1,
            on=middleware.clock.now().date().isoformat(),
            iban="DE89370400440532013000",
            opening=Money(amount * self.number, "EUR").text(),
            closing=Money(amount * (self.number + 1), "EUR").text(),
            receipts=[
                bank.Credit(
                    Money(amount, "EUR").text(),
                    "Brandt Lebensmittel GmbH",
                    "DE02120300000000202051",
                    invoice.number,
                )
            ],
        )
        encoded = base64.b64encode(content).decode("ascii")
        path = "/cash/statements"
        self._post("accountant", path, name="day.xml", content_base64=encoded)

    def do_jobs(self) -> None:
        """Do what waits in the queue, as a worker does: a job is done once it is marked."""
        waiting = ProcrastinateJob.objects.filter(status="todo", task_name__in=JOBS)
        for row in waiting.order_by("pk"):
            app.tasks[row.task_name](**row.args)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row.pk]
                )

    def _post(self, role: str, path: str, **body: Any) -> None:
        key = f"deal-{self.number}-{path}"
        status, answer = Api(self.secrets[role]).post(path, key=key, **body)
        assert status < 300, (path, status, answer)

    def _now(self) -> datetime:
        return datetime.fromisoformat(self.now)

    def _offer(self) -> str:
        """The address in the mail to the buyer."""
        offers = Mail.objects.filter(template="quote_sent", to=[BUYER]).order_by("pk")
        mail = next(m for m in offers if {"type": "quote", "id": self.quote_id} in m.about)
        found = re.search(r"/offer/[^/\s]+/", mail.body_text)
        assert found is not None, mail.body_text
        return found[0]

    def _order(self) -> int:
        return Order.objects.get(quote_version__quote_id=self.quote_id).pk

    def _invoice(self) -> Invoice:
        return Invoice.objects.get(order__quote_version__quote_id=self.quote_id)


STEPS: dict[str, Callable[[Deal], None]] = {
    "present": Deal.present,
    "open": Deal.open_offer,
    "accept": Deal.accept,
    "confirm acceptance": Deal.do_jobs,
    "release": Deal.release,
    "confirm": Deal.do_jobs,
    "ship": Deal.ship,
    "write delivery note": Deal.do_jobs,
    "deliver": Deal.deliver,
    "issue": Deal.issue,
    "make documents": Deal.make_documents,
    "send": Deal.do_jobs,
    "pay": Deal.receive_payment,
}
