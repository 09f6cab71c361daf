"""Dying at any named point of quote → cash and trying again loses and doubles nothing.

The named points are the business events. At each of them a process that walks a deal dies: right
after the event was written, and where it was the last of a commit, right after the commit too,
before anybody heard the answer. Then the deal is walked again from its beginning with the same
keys. What it left in the database must be what an undisturbed deal leaves.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest
from django.db import connection, transaction

from handsel.deliver.fulfillment import queries as warehouse
from handsel.earn.billing.models import Invoice
from handsel.earn.cash.queries.standing import recount_balances
from handsel.earn.ledger.queries.proofs import proofs
from handsel.site import middleware
from tests.support.cash_walk import STEPS, Deal, House, make_house
from tests.support.mortal import COMMITTED, KILLED, WRITTEN, Mortals, Point, hearing

# What must be among the points; others may be added by rooms to come.
EXPECTED = {
    "quote.version.presented",
    "quote.quote.opened",
    "quote.version.accepted",
    "order.order.placed",
    "order.order.released",
    "order.order.confirmed",
    "billing.plan.made",
    "fulfillment.stock.reserved",
    "fulfillment.shipment.shipped",
    "fulfillment.shipment.delivered",
    "order.order.completed",
    "billing.invoice.drafted",
    "billing.invoice.issued",
    "cash.receivable.opened",
    "ledger.entry.posted",
    "billing.invoice.sent",
    "cash.statement.imported",
    "cash.payment.recorded",
    "cash.payment.allocated",
    "cash.invoice.paid",
}
# The first entry of a month opens its period, whichever deal it is of.
BY_MONTH = {"ledger_ledgerperiod"}
# Sums beside the number of rows of every table; what they are called begins with a word of ours.
SUMS = (
    "SELECT 'event ' || type, count(*) FROM platform_businessevent GROUP BY type",
    "SELECT 'job ' || task_name || ' ' || status, count(*) FROM procrastinate_jobs GROUP BY 1",
    "SELECT 'mail ' || template || ' ' || state, count(*) FROM document_mail GROUP BY 1",
    "SELECT 'series ' || kind, sum(last_number) FROM platform_numberseries GROUP BY 1",
    "SELECT 'number invoice', count(DISTINCT number) FROM billing_invoice",
    (
        "SELECT 'leg ' || a.role || sign(l.amount_minor), sum(l.amount_minor)"
        " FROM ledger_journalline l JOIN ledger_ledgeraccount a ON a.id = l.ledger_account_id"
        " GROUP BY 1"
    ),
    "SELECT 'open', coalesce(sum(open_minor), 0) FROM cash_receivablebalance",
)


@pytest.mark.django_db(transaction=True)
def test_dying_at_any_point_and_trying_again_loses_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(middleware, "clock", middleware.clock)  # walks set it; put it back
    house = make_house()
    house.draft(0).walk()  # opens the periods, series and mailings that later deals find
    points, undisturbed = record_undisturbed(house)
    assert {point.event for point in points} >= EXPECTED
    with Mortals(environment()) as mortals:
        for number, point in enumerate(points, start=2):
            before = tally()
            deal = house.draft(number)
            deal.walk(until=point.step)
            assert mortals.meet(deal, point) == KILLED, point
            deal.walk()
            assert difference(before, tally()) == undisturbed, point
    check_the_house(house, deals=len(points) + 2)


def record_undisturbed(house: House) -> tuple[list[Point], dict[str, int]]:
    """Every point of a walk, and what the walk leaves."""
    before, points = tally(), []
    deal = house.draft(1)
    for name in STEPS:
        heard, last = walk_step(deal, name)
        for place, event in enumerate(heard):
            whens = (WRITTEN, COMMITTED) if place in last else (WRITTEN,)
            points += [Point(name, event, place, when) for when in whens]
    return points, difference(before, tally())


def walk_step(deal: Deal, name: str) -> tuple[list[str], set[int]]:
    """The events of a step in their order, and the places of those that were last in a commit."""
    heard: list[str] = []
    last: set[int] = set()

    def hear(event: str) -> None:
        heard.append(event)
        transaction.on_commit(lambda: last.add(len(heard) - 1))

    with hearing(hear):
        STEPS[name](deal)
    return heard, last


def tally() -> Counter[str]:
    """Rows of every table, and sums by kind."""
    with connection.cursor() as cursor:
        tables = sorted({*connection.introspection.table_names(cursor)} - BY_MONTH)
        rows = " UNION ALL ".join(f"SELECT '{t}', count(*) FROM {t}" for t in tables)
        cursor.execute(" UNION ALL ".join([rows, *SUMS]))
        return Counter({name: int(count) for name, count in cursor.fetchall()})


def difference(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    """What came, what went."""
    found = {name: after[name] - before[name] for name in {*before, *after}}
    return {name: change for name, change in sorted(found.items()) if change}


def check_the_house(house: House, deals: int) -> None:
    """Books, stock, receivables and numbers after all deals."""
    seller = house.world.seller.pk
    assert warehouse.recount(house.world.system) == []
    assert recount_balances() == []
    proven = proofs(house.world.actor("accountant"), seller_id=seller)
    assert proven
    assert [proof for proof in proven if not proof.holds] == []
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    places = [int(number.rpartition("-")[2]) for number in numbers]
    assert places == list(range(1, deals + 1))


def environment() -> dict[str, str]:
    """What a process of its own needs to work on this test's database."""
    parts = connection.settings_dict
    address = (
        f"postgresql://{parts['USER']}:{parts['PASSWORD']}@/{parts['NAME']}"
        f"?host={parts['HOST']}&port={parts['PORT']}"
    )
    return {
        **os.environ,
        "DATABASE_URL": address,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "handsel.site.settings.django",
    }
