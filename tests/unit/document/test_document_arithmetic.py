"""A document whose amounts contradict each other is refused, whatever it is."""

from __future__ import annotations

import dataclasses
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.ground.document.arithmetic import check
from handsel.ground.document.documents import typeset_document
from handsel.ground.document.errors import DoesNotAddUp
from handsel.ground.document.letter import Letter
from handsel.ground.kernel.errors import CurrencyMismatch
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from tests.unit.document import samples
from tests.unit.document.samples import eur

CENT = eur("0.01")


@pytest.mark.parametrize("name", samples.ALL)
def test_the_samples_add_up(name: str) -> None:
    check(samples.ALL[name]())


def first_line(**changes: Any) -> tuple[Any, ...]:
    return (dataclasses.replace(samples.ONE_TIME[0], **changes), *samples.ONE_TIME[1:])


def total_of(document: Any, **changes: Any) -> tuple[Any, ...]:
    return (dataclasses.replace(document.totals[0], **changes), *document.totals[1:])


def wrong_quotes() -> list[Letter]:
    right = samples.quote()
    total = right.totals[0]
    line = right.lines[0]
    assert line.discount is not None
    assert total.list_total is not None
    assert total.discount is not None
    return [
        samples.quote(lines=first_line(amount=line.amount + CENT) + samples.MONTHLY),
        samples.quote(lines=first_line(discount=line.discount + CENT) + samples.MONTHLY),
        samples.quote(
            lines=first_line(list_amount=line.list_amount + CENT, amount=line.amount + CENT)
            + samples.MONTHLY
        ),
        samples.quote(lines=first_line(quantity=Quantity(Decimal(3), "piece")) + samples.MONTHLY),
        samples.quote(totals=total_of(right, net=total.net + CENT)),
        samples.quote(totals=total_of(right, gross=total.gross - CENT)),
        samples.quote(totals=total_of(right, list_total=total.list_total + CENT)),
        samples.quote(totals=total_of(right, discount=total.discount + CENT)),
        samples.quote(totals=right.totals[:1]),
        samples.quote(totals=(*right.totals, right.totals[0])),
        samples.quote(optional_lines=first_line(amount=line.amount + CENT)),
    ]


@pytest.mark.parametrize("document", wrong_quotes())
def test_a_quote_that_is_off_by_a_cent_is_refused(document: Letter) -> None:
    with pytest.raises(DoesNotAddUp):
        typeset_document(document)


def test_an_invoice_must_deduct_what_its_deposits_come_to() -> None:
    final = samples.final_invoice()
    off = dataclasses.replace(final, due=final.due + CENT, payment=None)
    with pytest.raises(DoesNotAddUp, match="amount due"):
        check(off)
    rounded = dataclasses.replace(off, rounding=CENT)
    check(rounded)


def test_a_deposit_must_be_net_and_tax() -> None:
    final = samples.final_invoice()
    first = dataclasses.replace(final.prepaid[0], tax=eur("569.99"))
    with pytest.raises(DoesNotAddUp, match="Deposit RE-2026-0050"):
        check(dataclasses.replace(final, prepaid=(first, *final.prepaid[1:])))


def test_what_is_asked_for_is_what_is_due() -> None:
    invoice = samples.invoice()
    with pytest.raises(DoesNotAddUp, match="payment request"):
        check(dataclasses.replace(invoice, payment=samples.payment(invoice.due - CENT)))


def test_tax_rows_cover_the_net_amount() -> None:
    invoice = samples.invoice(payment=None)
    row = dataclasses.replace(invoice.taxes[0], base=invoice.net - CENT)
    with pytest.raises(DoesNotAddUp, match="taxed base"):
        check(dataclasses.replace(invoice, taxes=(row,)))


def test_a_statement_keeps_a_running_balance() -> None:
    statement = samples.account_statement()
    wrong = dataclasses.replace(statement.entries[1], balance=eur("1.00"))
    with pytest.raises(DoesNotAddUp, match="balance after Zahlung"):
        check(
            dataclasses.replace(
                statement, entries=(statement.entries[0], wrong, statement.entries[2])
            )
        )
    with pytest.raises(DoesNotAddUp, match="The balance"):
        check(dataclasses.replace(statement, balance=eur("1190.01")))


def test_a_reminder_asks_for_open_amounts_fee_and_interest() -> None:
    with pytest.raises(DoesNotAddUp, match="amount to pay"):
        check(samples.payment_reminder(fee=None))


def test_no_more_is_shipped_and_open_than_was_ordered() -> None:
    with pytest.raises(DoesNotAddUp, match="Line 1"):
        check(samples.delivery_note(lines=(samples.goods("1", "Rolle", "3", "2", "2"),)))


def test_currencies_are_never_mixed() -> None:
    invoice = samples.invoice(payment=None)
    with pytest.raises(CurrencyMismatch):
        check(dataclasses.replace(invoice, adjustments=(pounds_off(),)))


def pounds_off() -> Any:
    return samples.c.Adjustment(text="Treuerabatt", amount=Money(-100, "GBP"))


@given(
    count=st.decimals("0.001", "9999", places=3),
    price=st.decimals("0.0001", "9999", places=4),
    off_bps=st.integers(0, 10_000),
    pick=st.sampled_from([0, 1, -1]),
)
def test_any_line_of_the_engine_is_accepted_and_its_neighbours_are_not(
    count: Decimal, price: Decimal, off_bps: int, pick: int
) -> None:
    line = samples.line("1", "Teil", str(count), str(price), unit="m", off_bps=off_bps)
    shown = dataclasses.replace(line, amount=line.amount + Money(pick, "EUR"))
    sums = samples.taxed((shown,))
    invoice = samples.invoice(
        lines=(shown,),
        net=sums.net,
        taxes=sums.taxes,
        gross=sums.gross,
        due=sums.gross,
        payment=None,
    )
    with pytest.raises(DoesNotAddUp) if pick else nullcontext():
        check(invoice)
