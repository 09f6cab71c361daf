"""Each fact of a deal stands in the books by the posting table, and the proofs hold."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from handsel.deliver.fulfillment import actions as warehouse
from handsel.earn.billing import actions as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions as cash
from handsel.earn.ledger import actions, queries
from handsel.earn.ledger.errors import (
    EntryMissing,
    EntryReversedAlready,
    PeriodClosedAlready,
    PeriodMissing,
    PeriodNotReady,
)
from handsel.earn.ledger.models import JournalEntry, JournalLine, LedgerAccount, LedgerPeriod
from handsel.earn.ledger.rules.posting import Leg, posting_table
from handsel.ground.platform.models import BusinessEvent
from tests.support.cash import allocate, credit, eur, issued, paid
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 2, 9, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return make_world()


def legs(rule: str) -> list[tuple[str, int]]:
    """(role, amount) of the last entry of a rule, in order of the legs."""
    entry = JournalEntry.objects.filter(rule=rule).order_by("-pk").first()
    assert entry is not None, f"nothing was posted as {rule}"
    return [(line.ledger_account.role, line.amount_minor) for line in queries.lines_of(entry.pk)]


def proven(world: World) -> dict[str, int]:
    """Every proof holds; the balances by name."""
    found = queries.proofs(world.actor("accountant"), seller_id=world.seller.pk)
    assert [one for one in found if not one.holds] == []
    return {one.name: one.posted_minor for one in found}


def close(world: World, month: date, now: datetime = APRIL) -> LedgerPeriod:
    period = LedgerPeriod.objects.get(seller=world.seller, from_on=month)
    return actions.close_period(actor=world.actor("accountant"), now=now, period_id=period.pk)


def test_issue_payment_allocation_and_its_reversal(world: World) -> None:
    invoice = issued(world, "1000")
    assert legs("invoice") == [("receivable", 119000), ("sales_goods", -100000), ("vat", -19000)]
    payment = paid(world, "1182.50", charges=eur("7.50"))
    assert legs("payment") == [
        ("bank", 118250),
        ("bank_charges", 750),
        ("unallocated", -119000),
    ]
    row = allocate(world, payment, invoice, "1190.00")
    assert legs("allocation") == [("unallocated", 119000), ("receivable", -119000)]
    assert proven(world)["receivable"] == 0
    cash.reverse_allocation(
        actor=world.actor("accountant"),
        now=world.now,
        payment_id=payment.pk,
        allocation_id=row.pk,
        allocated_on=world.now.date(),
    )
    assert legs("allocation_reversal") == [("unallocated", -119000), ("receivable", 119000)]
    assert proven(world)["unallocated"] == -119000


def test_a_service_a_credit_note_and_a_write_off(world: World) -> None:
    invoice = issued(world, "1000", kind="service")
    assert ("sales_services", -100000) in legs("invoice")
    credit(world, invoice)
    assert legs("credit_note") == [
        ("receivable", -119000),
        ("sales_services", 100000),
        ("vat", 19000),
    ]
    other = issued(world, "100")
    give_up = {
        "actor": world.actor("accountant"),
        "now": world.now,
        "invoice_id": other.pk,
        "effective_on": world.now.date(),
        "reason": "insolvent",
    }
    row = cash.write_off(**give_up, amount=eur("59.50"))
    assert legs("write_off") == [("write_off", 5000), ("vat", 950), ("receivable", -5950)]
    cash.write_off(**give_up, amount=eur("23.80"), kind="discount")
    assert legs("discount") == [("discount", 2000), ("vat", 380), ("receivable", -2380)]
    cash.reverse_write_off(**give_up, entry_id=row.pk)
    assert legs("write_off_reversal") == [
        ("write_off", -5000),
        ("vat", -950),
        ("receivable", 5950),
    ]
    assert proven(world)["vat"] == -1900 + 380


def test_a_deposit_and_its_final_invoice(world: World) -> None:
    deposit = issued(world, "1000", shares=[3000, 7000])
    assert legs("deposit") == [("receivable", 35700), ("deposit", -30000), ("vat", -5700)]
    assert proven(world)["deposit"] == -30000
    clerk = world.actor("production")
    warehouse.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Hall 1"
    )
    shipment = warehouse.ship(actor=clerk, now=world.now, order_id=deposit.order_id)
    warehouse.confirm_delivery(
        actor=clerk, now=world.now, shipment_id=shipment.pk, received_by="Kim"
    )
    final = Invoice.objects.get(kind="final")
    billing.issue_invoice(actor=world.actor("accountant"), now=world.now, invoice_id=final.pk)
    sums: dict[str, int] = defaultdict(int)
    for role, amount in legs("final"):
        sums[role] += amount
    assert sums == {"receivable": 83300, "sales_goods": -100000, "vat": -13300, "deposit": 30000}
    assert proven(world)["deposit"] == 0


def test_every_rule_of_the_table_is_known_by_its_name() -> None:
    assert [row.name for row in posting_table()][:3] == ["invoice", "deposit", "final"]
    assert len(posting_table()) == 11


def test_entries_are_announced_with_what_they_touch(world: World) -> None:
    invoice = issued(world)
    event = BusinessEvent.objects.get(type="ledger.entry.posted")
    assert event.payload["invoice_id"] == invoice.pk
    assert JournalEntry.objects.get(pk=event.payload["entry_id"]).number == "J-2026-00001"


def test_the_trial_balance_sums_and_splits_at_its_dates(world: World) -> None:
    invoice = issued(world, "1000")
    payment = paid(world, "1190.00", on=date(2026, 4, 10))
    allocate(world, payment, invoice, "1190.00", on=date(2026, 4, 10))
    asked = {"seller_id": world.seller.pk, "from_on": date(2026, 4, 1)}
    clerk = world.actor("accountant")
    rows = queries.trial_balance(clerk, **asked, until_on=date(2026, 5, 1))
    assert sum(row.debit_minor - row.credit_minor for row in rows) == 0
    assert sum(row.opening_minor for row in rows) == sum(row.closing_minor for row in rows) == 0
    by_code = {row.code: row for row in rows}
    receivable = by_code["1400"]
    assert (receivable.opening_minor, receivable.credit_minor) == (119000, 119000)
    assert (receivable.closing_minor, by_code["1200"].closing_minor) == (0, 119000)
    assert queries.trial_balance(world.stranger, **asked, until_on=date(2026, 5, 1)) == []


def test_the_database_refuses_an_entry_out_of_balance(world: World) -> None:
    issued(world)
    entry = JournalEntry.objects.get()
    bank = LedgerAccount.objects.get(seller=world.seller, role="bank")
    with pytest.raises(DatabaseError, match="out of balance by 1 minor"), transaction.atomic():
        JournalLine.objects.create(entry=entry, ledger_account=bank, amount_minor=1, currency="EUR")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "act", ["UPDATE {} SET {} = {} WHERE id = %s", "DELETE FROM {} WHERE id = %s"]
)
@pytest.mark.parametrize(
    ("table", "column"), [("ledger_journalentry", "text"), ("ledger_journalline", "text")]
)
def test_the_database_refuses_to_change_what_is_posted(
    world: World, act: str, table: str, column: str
) -> None:
    issued(world)
    key = JournalLine.objects.first() if "line" in table else JournalEntry.objects.first()
    assert key is not None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table, column, "'x'"), [key.pk])


def test_a_closed_month_takes_nothing_from_a_person(world: World) -> None:
    issued(world)
    entry = JournalEntry.objects.get()
    close(world, date(2026, 3, 1))
    clerk = world.actor("accountant")
    asked = {"actor": clerk, "now": APRIL, "entry_id": entry.pk, "reason": "wrong customer"}
    for closed in (date(2026, 3, 31), date(2026, 2, 1)):
        with pytest.raises(PeriodClosedAlready):
            actions.reverse_entry(**asked, posted_on=closed)
    mirror = actions.reverse_entry(**asked, posted_on=date(2026, 4, 2))
    assert [line.amount_minor for line in queries.lines_of(mirror.pk)] == [
        -line.amount_minor for line in queries.lines_of(entry.pk)
    ]
    with pytest.raises(EntryReversedAlready):
        actions.reverse_entry(**asked, posted_on=date(2026, 4, 2))


def test_a_late_fact_is_posted_in_the_first_open_month_and_keeps_its_date(world: World) -> None:
    issued(world)
    close(world, date(2026, 3, 1))
    payment = paid(world, "10.00", on=date(2026, 3, 30))
    entry = JournalEntry.objects.get(payment=payment)
    assert entry.posted_on == date(2026, 4, 1)
    assert entry.text.endswith("(of 2026-03-30)")
    assert proven(world)["bank"] == 1000


def test_the_database_itself_keeps_a_closed_month_closed(world: World) -> None:
    issued(world)
    period = close(world, date(2026, 3, 1))
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        JournalEntry.objects.create(
            seller=world.seller,
            period=period,
            number="J-0",
            posted_on=date(2026, 3, 5),
            rule="by hand",
            text="past the program",
            posted_at=APRIL,
        )


def test_months_close_in_order_once_they_are_over(world: World) -> None:
    issued(world)
    with pytest.raises(PeriodNotReady, match="not over"):
        close(world, date(2026, 3, 1), now=world.now)
    paid(world, "1.00", on=date(2026, 2, 27))
    with pytest.raises(PeriodNotReady, match="earlier"):
        close(world, date(2026, 3, 1))
    close(world, date(2026, 2, 1))
    march = close(world, date(2026, 3, 1))
    assert march.state == "closed" and close(world, date(2026, 3, 1)) == march
    assert BusinessEvent.objects.filter(type="ledger.period.closed").count() == 2


def test_books_past_the_rules_are_seen_and_not_closed(world: World) -> None:
    issued(world)
    actions.post_entry(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        posted_on=world.now.date(),
        rule="by hand",
        text="past the listeners",
        currency="EUR",
        legs=[Leg("bank", 5), Leg("receivable", -5)],
    )
    broken = {
        one.name: one.difference_minor
        for one in queries.proofs(world.actor("accountant"), seller_id=world.seller.pk)
        if not one.holds
    }
    assert broken == {"bank": 5, "receivable": -5}
    with pytest.raises(PeriodNotReady, match="bank"):
        close(world, date(2026, 3, 1))


def test_a_stranger_finds_no_books(world: World) -> None:
    issued(world)
    entry, period = JournalEntry.objects.get(), LedgerPeriod.objects.get()
    with pytest.raises(EntryMissing):
        queries.get_entry(world.stranger, entry.pk)
    with pytest.raises(PeriodMissing):
        actions.close_period(actor=world.stranger, now=APRIL, period_id=period.pk)
    assert queries.proofs(world.stranger, seller_id=world.seller.pk) == []
