"""What customers owe: by age on any day, per invoice, and what closes it besides money."""

from __future__ import annotations

from handsel.earn.cash import actions, queries
from handsel.earn.cash.rest.routing import router
from handsel.earn.cash.rest.schemas import (
    AgedCustomerOut,
    AgedItemOut,
    AgeingOut,
    DayInQuery,
    KeyInPath,
    PageSize,
    ReceivableEntryOut,
    ReceivableOut,
    Start,
    TakeUpIn,
    UseCreditIn,
    WriteOffIn,
)
from handsel.earn.cash.rules.ageing import AgedCustomer, AgedItem
from handsel.ground.identity.access import Request
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.api import MoneyOut


@router.get(
    "/receivables", permission="cash.view", response=AgeingOut, summary="Receivables by age"
)
def ageing(
    request: Request, as_of: DayInQuery = "", start: Start = 0, limit: PageSize = 50
) -> AgeingOut:
    """As of any day, past ones too; `start` and `limit` page the items."""
    zone = party.default_seller(request.actor).time_zone
    on = parse_date(as_of) if as_of else local_date(request.now, zone)
    found = queries.ageing(request.actor, as_of=on)
    rest = len(found.items) - start - limit
    return AgeingOut(
        as_of=on,
        customers=[_customer(one) for one in found.customers],
        items=[_item(one) for one in found.items[start : start + limit]],
        next_start=start + limit if rest > 0 else None,
    )


def _customer(one: AgedCustomer) -> AgedCustomerOut:
    def money(minor: int) -> MoneyOut:
        return MoneyOut.of(minor, one.currency)

    return AgedCustomerOut(
        organization_id=one.customer_id,
        currency=one.currency,
        buckets={bucket.value: money(minor) for bucket, minor in one.buckets.items()},
        open=money(one.open_minor),
        unapplied=money(one.unapplied_minor),
        balance=money(one.balance_minor),
    )


def _item(one: AgedItem) -> AgedItemOut:
    return AgedItemOut(
        invoice_id=one.item_id,
        organization_id=one.customer_id,
        due_on=one.due_on,
        bucket=one.bucket.value,
        open=MoneyOut.of(one.open_minor, one.currency),
    )


@router.get(
    "/receivables/{invoice_id}",
    permission="cash.view",
    response=ReceivableOut,
    summary="What is open on an invoice",
)
def get_receivable(request: Request, invoice_id: KeyInPath) -> ReceivableOut:
    """With the entries that sum to it."""
    return _receivable(request, invoice_id)


def _receivable(request: Request, invoice_id: int) -> ReceivableOut:
    balance = queries.get_balance(request.actor, invoice_id)
    return ReceivableOut.of(balance, queries.receivable_entries(invoice_id))


@router.post(
    "/receivables/{invoice_id}/write-offs",
    permission="cash.edit",
    response=ReceivableEntryOut,
    summary="Give up a part of a claim",
    status=201,
)
def write_off(request: Request, invoice_id: KeyInPath, body: WriteOffIn) -> ReceivableEntryOut:
    """The VAT inside goes back in proportion."""
    balance = queries.get_balance(request.actor, invoice_id)
    row = actions.write_off(
        actor=request.actor,
        now=request.now,
        invoice_id=invoice_id,
        amount=Money.parse(body.amount, balance.currency),
        effective_on=parse_date(body.effective_on),
        reason=body.reason,
        kind=body.kind,
    )
    return ReceivableEntryOut.of(row)


@router.post(
    "/receivables/{invoice_id}/write-offs/{write_off_id}/reverse",
    permission="cash.edit",
    response=ReceivableEntryOut,
    summary="Undo a write-off",
)
def reverse_write_off(
    request: Request, invoice_id: KeyInPath, write_off_id: KeyInPath, body: TakeUpIn
) -> ReceivableEntryOut:
    """By a row that mirrors it; again gives the same row."""
    row = actions.reverse_write_off(
        actor=request.actor,
        now=request.now,
        invoice_id=invoice_id,
        entry_id=write_off_id,
        effective_on=parse_date(body.effective_on),
        reason=body.reason,
    )
    return ReceivableEntryOut.of(row)


@router.post(
    "/receivables/{invoice_id}/credits",
    permission="cash.edit",
    response=ReceivableOut,
    summary="Set a credit note off against an invoice",
)
def use_credit(request: Request, invoice_id: KeyInPath, body: UseCreditIn) -> ReceivableOut:
    """Of the same customer and currency."""
    balance = queries.get_balance(request.actor, invoice_id)
    actions.use_credit(
        actor=request.actor,
        now=request.now,
        credit_note_id=body.credit_note_id,
        invoice_id=invoice_id,
        amount=Money.parse(body.amount, balance.currency),
        effective_on=parse_date(body.effective_on),
    )
    return _receivable(request, invoice_id)
