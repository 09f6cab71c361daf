"""Numbers without a gap, seals without a break, issued documents that nobody can change."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from handsel.earn.billing import queries
from handsel.earn.billing.models import Invoice, InvoiceLine, InvoicePrepayment, InvoiceTax
from handsel.earn.billing.rules.chain import text_hash
from tests.support.billing import billed_order, drafts, issue, issued_invoice, plain_good
from tests.support.order import Wanted
from tests.support.world import World, make_world

ISSUERS, INVOICES = 16, 48


@pytest.mark.django_db(transaction=True)
def test_sixteen_issuers_with_rollbacks_leave_no_gap_and_one_chain() -> None:
    world = make_world()
    good = plain_good(world)
    keys = [drafts(billed_order(world, Wanted(good)))[0].pk for _ in range(INVOICES)]
    dice = random.Random(7)
    doomed = {key: dice.random() < 0.1 for key in keys}
    assert any(doomed.values())

    def issue_one(key: int) -> None:
        try:
            if doomed[key]:
                with pytest.raises(Doomed), transaction.atomic():
                    issue(world, Invoice.objects.get(pk=key))
                    raise Doomed
            issue(world, Invoice.objects.get(pk=key))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ISSUERS) as pool:
        # Every invoice twice: the second of two clerks changes nothing.
        list(pool.map(issue_one, dice.sample(keys * 2, len(keys) * 2)))
    issued = list(Invoice.objects.order_by("number"))
    assert [one.number for one in issued] == [f"I-2026-{n:05d}" for n in range(1, INVOICES + 1)]
    previous = ""
    for one in issued:
        assert one.previous_hash == previous
        assert one.content_hash == text_hash(one.sealed_text)
        previous = one.content_hash
    assert queries.broken_seals(world.system, seller_id=world.seller.pk) == []


class Doomed(Exception):
    """The transaction around the issue fails."""


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_the_series_is_of_the_sellers_own_year(world: World) -> None:
    (draft,) = drafts(billed_order(world))
    # 23:30 UTC on New Year's Eve is next year in Berlin.
    issued = issue(world, draft, now=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert issued.number == "I-2027-00001"
    assert str(issued.issued_on) == "2027-01-01"


def test_nothing_of_an_issued_invoice_changes(world: World) -> None:
    invoice = issued_invoice(world)
    (draft,) = drafts(billed_order(world, Wanted(plain_good(world, "B"))))
    line, own = queries.lines_of(invoice.pk)[0], queries.lines_of(draft.pk)[0]
    attempts = [
        lambda: Invoice.objects.filter(pk=invoice.pk).update(note="x"),
        lambda: Invoice.objects.filter(pk=invoice.pk).delete(),
        lambda: InvoiceLine.objects.filter(pk=line.pk).update(net_minor=1),
        lambda: InvoiceLine.objects.filter(pk=line.pk).update(invoice=draft, position=9),
        lambda: InvoiceLine.objects.filter(pk=own.pk).update(invoice=invoice, position=9),
        lambda: InvoiceLine.objects.filter(pk=line.pk).delete(),
        lambda: InvoiceTax.objects.filter(invoice=invoice).update(tax_minor=0),
        lambda: InvoiceTax.objects.filter(invoice=invoice).delete(),
        lambda: InvoicePrepayment.objects.create(
            final=invoice, deposit=draft, net_minor=1, tax_minor=0
        ),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_a_changed_row_is_found(world: World) -> None:
    first, second = issued_invoice(world), None
    (draft,) = drafts(billed_order(world, Wanted(plain_good(world, "B"))))
    second = issue(world, draft)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE billing_invoice SET tax_minor = 0, net_minor = gross_minor WHERE id = %s",
            [first.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    broken = queries.broken_seals(world.system, seller_id=world.seller.pk)
    assert [one.number for one in broken] == [first.number]
    assert second.number not in {one.number for one in broken}


def test_issuing_takes_few_statements(world: World, django_assert_max_num_queries: Any) -> None:
    issued_invoice(world)  # the first one opens the accounting period
    (draft,) = drafts(billed_order(world, Wanted(plain_good(world, "B"))))
    # Half of them are those who hear of it: receivable and journal.
    with django_assert_max_num_queries(34):
        issue(world, draft)
