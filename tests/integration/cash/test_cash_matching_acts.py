"""From bank entries to paid invoices: by reference, number, IBAN, subset; by a person; once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handsel.commit.order import actions as orders
from handsel.commit.order import queries as order_queries
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions, queries
from handsel.earn.cash.errors import CandidateGone, EntryDone, ReasonMissing
from handsel.earn.cash.models import Allocation, Payment, ReceivableEntry
from handsel.earn.cash.rules.receivables import Allocation as Part
from handsel.ground.kernel.money import Money
from handsel.ground.platform.models import BusinessEvent
from tests.support.cash import (
    brought_in,
    camt,
    credit,
    entries,
    issued,
    open_minor,
    transfer,
)
from tests.support.world import World, make_customer, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_by_structured_reference_number_and_then_by_the_known_iban(world: World) -> None:
    first, second, third = issued(world, "1000"), issued(world, "200"), issued(world, "50")
    brought_in(
        world,
        camt(
            transfer("1190.00", reference=first.payment_reference),
            transfer("238.00", text=f"Rg. {second.number} danke"),
        ),
    )
    assert (open_minor(first), open_minor(second), open_minor(third)) == (0, 0, 5950)
    # Both came from one account, so the third is known by IBAN and exact amount.
    later = camt(
        transfer("59.50", name="BRANDT"), opening="1528.00", name="S-2", number=2, on="2026-03-03"
    )
    brought_in(world, later)
    assert open_minor(third) == 0
    evidence = Allocation.objects.get(invoice=third).evidence
    assert {"iban", "amount"} <= {one["kind"] for one in evidence}
    assert queries.recount_balances() == []


def test_a_subset_that_fits_in_one_way_waits_for_a_person_or_is_taken(world: World) -> None:
    """A2: 1,730 against 1,190, 540 and 730 is 1,190 + 540, the only way."""
    learn = issued(world, "10")
    brought_in(world, camt(transfer("11.90", text=learn.number)))
    a, b, c = issued(world, "1000"), issued(world, "453.78"), issued(world, "613.45")
    assert [open_minor(one) for one in (a, b, c)] == [119000, 54000, 73001]
    statement = brought_in(
        world,
        camt(transfer("1730.00"), opening="111.90", name="S-2", number=2, on="2026-03-03"),
    )
    (entry,) = entries(statement)
    best = queries.match_candidates(entry)[:1] if entry.state == "open" else []
    if best:
        actions.confirm_candidate(
            actor=world.actor("accountant"),
            now=world.now,
            entry_id=entry.pk,
            mark=queries.mark_of(best[0]),
        )
    assert [open_minor(one) for one in (a, b, c)] == [0, 0, 73001]


def test_what_is_ambiguous_waits_with_its_reasons(world: World) -> None:
    issued(world, "100")
    issued(world, "100")
    statement = brought_in(world, camt(transfer("119.00", text="Rechnung", iban="", name="?")))
    (entry,) = entries(statement)
    assert entry.state == "open" and not Payment.objects.exists()
    found = queries.match_candidates(entry)
    assert len(found) == 2 and all(one.is_ambiguous for one in found)
    payment = actions.confirm_candidate(
        actor=world.actor("accountant"),
        now=world.now,
        entry_id=entry.pk,
        mark=queries.mark_of(found[0]),
    )
    assert Allocation.objects.get().payment == payment
    with pytest.raises(EntryDone):
        actions.confirm_candidate(
            actor=world.actor("accountant"),
            now=world.now,
            entry_id=entry.pk,
            mark=queries.mark_of(found[1]),
        )


def test_a_proposal_that_is_no_longer_possible_is_not_confirmed(world: World) -> None:
    invoice = issued(world, "100")
    issued(world, "100")
    statement = brought_in(world, camt(transfer("119.00", iban="", name="?")))
    (entry,) = entries(statement)
    marks = {
        part.item_id: queries.mark_of(one)
        for one in queries.match_candidates(entry)
        for part in one.allocations
    }
    clerk = world.actor("accountant")
    actions.write_off(
        actor=clerk,
        now=world.now,
        invoice_id=invoice.pk,
        amount=_open(invoice),
        effective_on=world.now.date(),
        reason="goodwill",
    )
    with pytest.raises(CandidateGone):
        actions.confirm_candidate(
            actor=clerk, now=world.now, entry_id=entry.pk, mark=marks[invoice.pk]
        )


def _open(invoice: Invoice) -> Money:
    return Money(open_minor(invoice), invoice.currency)


def test_two_transfers_for_one_invoice_pay_it_once(world: World) -> None:
    invoice = issued(world, "100")
    statement = brought_in(
        world,
        camt(transfer("119.00", text=invoice.number), transfer("119.00", text=invoice.number)),
    )
    assert open_minor(invoice) == 0
    assert sorted(e.state for e in entries(statement)) == ["matched", "open"]


def test_overpaid_the_rest_stays_unapplied(world: World) -> None:
    """A5: 1,200 for 1,190 leaves 10."""
    invoice = issued(world)
    statement = brought_in(world, camt(transfer("1200.00", text=invoice.number)))
    payment = Payment.objects.get(bank_entry__statement=statement)
    assert (open_minor(invoice), queries.unallocated_minor(payment)) == (0, 1000)


def test_what_the_bank_kept_closes_the_item(world: World) -> None:
    """A5: the bank kept 7.50 of 1,190.00."""
    invoice = issued(world)
    brought_in(world, camt(transfer("1182.50", text=invoice.number, charges="7.50")))
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.charges_minor) == (118250, 750)
    assert (open_minor(invoice), queries.unallocated_minor(payment)) == (0, 0)


def test_a_discount_closes_with_its_vat(world: World) -> None:
    """A4: 1,166.20 for 1,190.00; the discount of 23.80 is 20.00 net and 3.80 VAT."""
    invoice = issued(world)
    statement = brought_in(world, camt(transfer("1166.20", text="skonto", iban="", name="?")))
    (entry,) = entries(statement)
    actions.match_entry(
        actor=world.actor("accountant"),
        now=world.now,
        entry_id=entry.pk,
        organization_id=world.customer.pk,
        allocations=[Part(invoice.pk, 116620, discount_minor=2380)],
    )
    discount = ReceivableEntry.objects.get(kind="discount")
    assert (discount.amount_minor, discount.tax_minor, open_minor(invoice)) == (-2380, 380, 0)


def test_credit_is_used_with_the_payment(world: World) -> None:
    old = issued(world, "100")
    brought_in(world, camt(transfer("119.00", text=old.number)))
    note = credit(world, old)
    new = issued(world, "300")
    assert (open_minor(note), open_minor(new)) == (-11900, 35700)
    statement = brought_in(
        world,
        camt(
            transfer("238.00", text=f"{new.number} abzgl. {note.number}"),
            opening="219.00",
            name="S-2",
            number=2,
            on="2026-03-03",
        ),
    )
    assert [e.state for e in entries(statement)] == ["matched"]
    assert (open_minor(note), open_minor(new)) == (0, 0)
    payment = Payment.objects.get(bank_entry__statement=statement)
    assert queries.unallocated_minor(payment) == 0


def test_an_entry_is_set_aside_for_a_reason_only(world: World) -> None:
    statement = brought_in(world, camt(("-5.00", "")))
    (entry,) = entries(statement)
    clerk = world.actor("accountant")
    with pytest.raises(ReasonMissing):
        actions.ignore_entry(actor=clerk, now=world.now, entry_id=entry.pk, reason="")
    actions.ignore_entry(actor=clerk, now=world.now, entry_id=entry.pk, reason="bank fee")
    with pytest.raises(EntryDone):
        actions.ignore_entry(actor=clerk, now=world.now, entry_id=entry.pk, reason="again")
    assert BusinessEvent.objects.filter(type="cash.bank_entry.set_aside").count() == 1


def test_several_customers_in_one_transfer_wait_for_a_person(world: World) -> None:
    other, _ = make_customer(world.system, world.now, name="Molke Nord eG", domain="molke.example")
    mine, theirs = issued(world, "100"), issued(world, "50", customer=other)
    text = f"{mine.number} {theirs.number}"
    statement = brought_in(world, camt(transfer("178.50", text=text)))
    (entry,) = entries(statement)
    assert entry.state == "open"
    assert queries.match_candidates(entry)[0].customer_ids == (world.customer.pk, other.pk)


def test_the_deposit_paid_lets_the_order_go_on(world: World) -> None:
    deposit = issued(world, "1000", shares=[3000, 7000])
    assert deposit.kind == "deposit"
    orders.hold_order(
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=deposit.order_id,
        kind="deposit",
        reason="waits for the deposit",
    )
    orders.hold_order(
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=deposit.order_id,
        kind="manual",
        reason="drawing to be approved",
    )
    brought_in(world, camt(transfer("357.00", text=deposit.number)))
    assert open_minor(deposit) == 0
    (left,) = order_queries.open_holds(deposit.order_id)
    assert left.kind == "manual"


def test_the_clock_of_a_match_is_the_value_date(world: World) -> None:
    invoice = issued(world, now=world.now - timedelta(days=3))
    brought_in(world, camt(transfer("1190.00", text=invoice.number)))
    entry = ReceivableEntry.objects.get(kind="payment")
    assert entry.effective_on.isoformat() == "2026-03-02"
