"""Any sequence of acts keeps cash and books true: recount, limits, proofs, trial balance."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import Allocation, Payment, ReceivableBalance, ReceivableEntry
from handsel.earn.ledger import queries as books
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from tests.support.cash import credit, issued, paid
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
NETS = ("100", "99.99", "0.07", "840.34")
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["allocate", "allocate", "allocate", "undo", "write_off", "take_up", "use_credit"]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(-3, 105),
    ),
    min_size=4,
    max_size=14,
)


def made(world: World) -> tuple[list[Invoice], list[Payment]]:
    invoices = [issued(world, net) for net in NETS]
    invoices += [credit(world, invoices[1]), credit(world, paid_first(world))]
    payments = [paid(world, amount) for amount in ("50.00", "119.00", "1000.00", "-30.00")]
    return invoices, payments


def paid_first(world: World) -> Invoice:
    """An invoice paid before it is credited, so that its credit note stays to be used."""
    invoice = issued(world, "200")
    payment = paid(world, "238.00")
    actions.allocate(
        actor=world.system,
        now=world.now,
        payment_id=payment.pk,
        invoice_id=invoice.pk,
        amount=Money(23800, "EUR"),
        allocated_on=world.now.date(),
    )
    return invoice


def perform(world: World, made_up: Any, invoices: list[Invoice], payments: list[Payment]) -> None:
    """Try one act; a refusal is an answer like any other."""
    verb, first, second, percent = made_up
    invoice, payment = invoices[first % len(invoices)], payments[second % len(payments)]
    balance = ReceivableBalance.objects.get(pk=invoice.pk)
    amount = Money(balance.open_minor * percent // 100, "EUR")
    who = {"actor": world.system, "now": world.now}
    on = date(2026, 3, 2 + first)
    try:
        with transaction.atomic():  # each act is a request of its own
            _act(verb, who, on, amount, invoice, payment, invoices, second)
    except HandselError:
        pass


def _act(
    verb: str,
    who: dict[str, Any],
    on: date,
    amount: Money,
    invoice: Invoice,
    payment: Payment,
    invoices: list[Invoice],
    second: int,
) -> None:
    if verb == "allocate":
        actions.allocate(
            **who,
            payment_id=payment.pk,
            invoice_id=invoice.pk,
            amount=amount,
            allocated_on=on,
        )
    elif verb == "undo":
        rows = Allocation.objects.filter(reverses=None).order_by("pk")
        row = rows[second % len(rows)] if rows else None
        if row is not None:
            actions.reverse_allocation(
                **who, payment_id=row.payment_id, allocation_id=row.pk, allocated_on=on
            )
    elif verb == "write_off":
        kind = "discount" if second % 2 else "write_off"
        actions.write_off(
            **who,
            invoice_id=invoice.pk,
            amount=amount,
            effective_on=on,
            reason="random",
            kind=kind,
        )
    elif verb == "take_up":
        entry = ReceivableEntry.objects.filter(kind__in=["write_off", "discount"]).last()
        if entry is not None:
            actions.reverse_write_off(
                **who,
                invoice_id=entry.invoice_id,
                entry_id=entry.pk,
                effective_on=on,
                reason="random",
            )
    else:
        actions.use_credit(
            **who,
            credit_note_id=invoices[-1].pk,
            invoice_id=invoice.pk,
            amount=amount,
            effective_on=on,
        )


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts)
def test_any_sequence_of_acts_keeps_cash_and_books_true(db: None, wanted: list[Any]) -> None:
    with transaction.atomic():
        world = make_world()
        invoices, payments = made(world)
        for one in wanted:
            perform(world, one, invoices, payments)
        assert queries.recount_balances() == []
        for balance in ReceivableBalance.objects.select_related("invoice"):
            sign = -1 if balance.invoice.kind == "credit_note" else 1
            assert 0 <= sign * balance.open_minor <= balance.invoice.payable_minor
        for payment in Payment.objects.all():
            left = queries.unallocated_minor(payment)
            assert left >= 0 if payment.amount_minor > 0 else payment.amount_minor <= left <= 0
        found = books.proofs(world.system, seller_id=world.seller.pk)
        assert [proof for proof in found if not proof.holds] == []
        rows = books.trial_balance(
            world.system,
            seller_id=world.seller.pk,
            from_on=date(2026, 1, 1),
            until_on=date(2027, 1, 1),
        )
        assert sum(row.closing_minor for row in rows) == 0
        (customer,) = queries.ageing(world.system, as_of=date(2026, 12, 31)).customers
        moves = queries.customer_moves(
            world.system,
            organization_id=world.customer.pk,
            currency="EUR",
            as_of=date(2026, 12, 31),
        )
        assert customer.balance_minor == sum(move.amount_minor for move in moves)
        transaction.set_rollback(True)
