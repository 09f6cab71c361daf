"""What is open: allocation and its limits, undoing, write-offs with VAT, ageing on any day."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections

from handsel.earn.cash import actions, queries
from handsel.earn.cash.errors import (
    AllocationRefused,
    PaymentMissing,
    ReasonMissing,
    ReceivableMissing,
    WriteOffMissing,
)
from handsel.earn.cash.models import Allocation, Payment, ReceivableEntry
from handsel.earn.cash.rules.ageing import Bucket
from handsel.ground.kernel.errors import HandselError
from handsel.ground.platform.models import BusinessEvent
from handsel.site.adapters.receivables import OpenReceivables
from tests.support.cash import allocate, credit, eur, issued, open_minor, paid
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def heard(kind: str) -> int:
    return BusinessEvent.objects.filter(type=kind).count()


def test_oldest_first_by_hand(world: World) -> None:
    invoice = issued(world, "100")
    payment = paid(world, "50.00")
    allocate(world, payment, invoice, "50.00")
    assert (open_minor(invoice), queries.unallocated_minor(payment)) == (6900, 0)
    with pytest.raises(AllocationRefused, match=r"0\.00 left"):
        allocate(world, payment, invoice, "0.01")
    with pytest.raises(AllocationRefused, match="does not fit"):
        allocate(world, paid(world, "500.00"), invoice, "69.01")
    with pytest.raises(AllocationRefused):
        allocate(world, payment, invoice, "-1.00")
    with pytest.raises(PaymentMissing):
        actions.allocate(
            actor=world.stranger,
            now=world.now,
            payment_id=payment.pk,
            invoice_id=invoice.pk,
            amount=eur("1.00"),
            allocated_on=world.now.date(),
        )


def test_paid_is_announced_once_and_undone_is_open_again(world: World) -> None:
    invoice = issued(world, "100")
    payment = paid(world, "119.00")
    row = allocate(world, payment, invoice, "119.00")
    assert (open_minor(invoice), heard("cash.invoice.paid")) == (0, 1)
    undo = {
        "actor": world.actor("accountant"),
        "now": world.now,
        "payment_id": payment.pk,
        "allocation_id": row.pk,
        "allocated_on": world.now.date(),
    }
    mirror = actions.reverse_allocation(**undo)
    assert actions.reverse_allocation(**undo) == mirror
    assert (open_minor(invoice), queries.unallocated_minor(payment)) == (11900, 11900)
    with pytest.raises(AllocationRefused):
        actions.reverse_allocation(**{**undo, "allocation_id": mirror.pk})
    assert queries.recount_balances() == []


def test_credit_that_has_paid_cannot_be_taken_back_first(world: World) -> None:
    old, new = issued(world, "100"), issued(world, "100")
    allocate(world, paid(world, "119.00"), old, "119.00")
    note = credit(world, old)
    payment = paid(world, "19.00")
    used = allocate(world, payment, note, "-100.00")
    allocate(world, payment, new, "119.00")
    with pytest.raises(AllocationRefused, match="undo those"):
        actions.reverse_allocation(
            actor=world.actor("accountant"),
            now=world.now,
            payment_id=payment.pk,
            allocation_id=used.pk,
            allocated_on=world.now.date(),
        )


def test_a_refund_pays_back_no_more_than_went_out(world: World) -> None:
    old = issued(world, "100")
    allocate(world, paid(world, "119.00"), old, "119.00")
    note = credit(world, old)
    refund = paid(world, "-50.00")
    with pytest.raises(AllocationRefused):
        allocate(world, refund, note, "-60.00")
    allocate(world, refund, note, "-50.00")
    assert (open_minor(note), queries.unallocated_minor(refund)) == (-6900, 0)


def test_a_credit_note_goes_against_its_invoice_and_the_rest_against_another(world: World) -> None:
    part, other = issued(world, "100"), issued(world, "200")
    allocate(world, paid(world, "60.00"), part, "60.00")
    note = credit(world, part)
    assert (open_minor(part), open_minor(note)) == (0, -6000)
    assert heard("cash.invoice.paid") == 1
    use = {
        "actor": world.actor("accountant"),
        "now": world.now,
        "credit_note_id": note.pk,
        "invoice_id": other.pk,
        "effective_on": world.now.date(),
    }
    with pytest.raises(AllocationRefused):
        actions.use_credit(**use, amount=eur("60.01"))
    actions.use_credit(**use, amount=eur("60.00"))
    assert (open_minor(note), open_minor(other)) == (0, 17800)
    assert queries.recount_balances() == []


def test_write_off_in_parts_takes_exactly_the_vat_and_can_be_undone(world: World) -> None:
    invoice = issued(world, "10.01")
    assert (invoice.tax_minor, open_minor(invoice)) == (190, 1191)
    give_up = {
        "actor": world.actor("accountant"),
        "now": world.now,
        "invoice_id": invoice.pk,
        "effective_on": world.now.date(),
    }
    with pytest.raises(ReasonMissing):
        actions.write_off(**give_up, amount=eur("1.00"), reason="")
    rows = [
        actions.write_off(**give_up, amount=eur(amount), reason="insolvent")
        for amount in ("3.97", "3.97", "3.97")
    ]
    assert (sum(row.tax_minor for row in rows), open_minor(invoice)) == (190, 0)
    with pytest.raises(AllocationRefused):
        actions.write_off(**give_up, amount=eur("0.01"), reason="more")
    undo = {**give_up, "reason": "they paid after all"}
    mirror = actions.reverse_write_off(**undo, entry_id=rows[2].pk)
    assert (mirror.tax_minor, open_minor(invoice)) == (-rows[2].tax_minor, 397)
    assert actions.reverse_write_off(**undo, entry_id=rows[2].pk) == mirror
    with pytest.raises(WriteOffMissing):
        actions.reverse_write_off(**undo, entry_id=mirror.pk)


def test_what_a_stranger_asks_for_is_not_there(world: World) -> None:
    invoice = issued(world)
    with pytest.raises(ReceivableMissing):
        queries.get_balance(world.stranger, invoice.pk)
    assert queries.ageing(world.stranger, as_of=date(2030, 1, 1)).items == ()


def test_the_order_desk_sees_what_is_owed(world: World) -> None:
    issued(world, "100")
    adapter = OpenReceivables()
    asked = {"organization_id": world.customer.pk, "currency": "EUR"}
    assert adapter.open_amount(actor=world.actor("order_desk"), **asked) == eur("119.00")
    assert adapter.open_amount(actor=world.stranger, **asked) == eur("0.00")


def test_ageing_on_a_past_day_is_what_was_open_then(world: World) -> None:
    """Each day of four months is compared with a plain sum over the entries."""
    may = datetime(2026, 5, 4, 9, tzinfo=UTC)
    first, second = issued(world, "1000"), issued(world, "500", now=may)
    assert (str(first.due_on), str(second.due_on)) == ("2026-04-01", "2026-06-03")
    payment = paid(world, "700.00", on=date(2026, 4, 20))
    allocate(world, payment, first, "600.00", on=date(2026, 4, 20))
    actions.write_off(
        actor=world.actor("accountant"),
        now=may,
        invoice_id=first.pk,
        amount=eur("90.00"),
        effective_on=date(2026, 5, 10),
        reason="scratches",
    )
    clerk = world.actor("accountant")
    on = date(2026, 3, 1)
    while on < date(2026, 7, 1):
        got = queries.ageing(clerk, as_of=on)
        rows = ReceivableEntry.objects.filter(effective_on__lte=on)
        assert sum(i.open_minor for i in got.items) == sum(r.amount_minor for r in rows), on
        unapplied = sum(c.unapplied_minor for c in got.customers)
        assert unapplied == (-10000 if on >= date(2026, 4, 20) else 0)
        on += timedelta(days=1)
    (customer,) = queries.ageing(clerk, as_of=date(2026, 6, 10)).customers
    assert customer.buckets[Bucket.DAYS_61_90] == 119000 - 60000 - 9000
    assert customer.buckets[Bucket.DAYS_1_30] == 59500
    # As we knew it before the write-off was entered:
    known = queries.ageing(clerk, as_of=date(2026, 6, 10), known_at=world.now)
    assert [i.open_minor for i in known.items] == [59000]


def test_the_customers_account_sums_to_what_he_owes(world: World) -> None:
    invoice = issued(world, "100")
    payment = paid(world, "200.00")
    allocate(world, payment, invoice, "119.00")
    credit(world, issued(world, "50"))
    moves = queries.customer_moves(
        world.actor("accountant"),
        organization_id=world.customer.pk,
        currency="EUR",
        as_of=world.now.date(),
    )
    (customer,) = queries.ageing(world.actor("accountant"), as_of=world.now.date()).customers
    assert sum(move.amount_minor for move in moves) == customer.balance_minor == -8100


@pytest.mark.django_db(transaction=True)
def test_two_clerks_allocating_the_same_payment_at_once_one_wins() -> None:
    world = make_world()
    one, two = issued(world, "1000"), issued(world, "1000")
    payment = paid(world, "1190.00")
    barrier, refused = threading.Barrier(2), []

    def clerk(invoice) -> None:
        try:
            barrier.wait(timeout=10)
            allocate(world, payment, invoice, "1190.00")
        except HandselError as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(invoice,)) for invoice in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert refused == ["allocation_refused"]
    assert sorted((open_minor(one), open_minor(two))) == [0, 119000]
    assert queries.unallocated_minor(Payment.objects.get(pk=payment.pk)) == 0
    assert Allocation.objects.count() == 1


def test_allocations_and_entries_never_change(world: World) -> None:
    from django.db import DatabaseError, transaction

    row = allocate(world, paid(world, "1.00"), issued(world), "1.00")
    for table, key in (("cash_allocation", row.pk), ("cash_payment", row.payment_id)):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET amount_minor = 5 WHERE id = %s", [key])
