"""From an entry of a statement to receipts: a batch becomes the payments inside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from handsel.earn.cash.rules.receivables import Receipt
from handsel.earn.cash.rules.statement.model import (
    Charge,
    Direction,
    Entry,
    StatedAmount,
    TransactionDetail,
)
from handsel.earn.cash.rules.statement.parties import Side

_NOT_GIVEN = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})


def receipts_of(entry: Entry, *, statement_on: date) -> tuple[Receipt, ...]:
    """Return what an entry brings: one receipt per payment in it where those sum to the entry.

    Where they do not, or are in another currency, the entry stays one receipt that carries the
    words of all of them. The amount is always the account's. Received is the value date, else
    the booking date, else ``statement_on``. Raises Invalid for an amount that is not money.
    """
    currency = entry.amount.currency
    whole = entry.amount.money().amount_minor
    received_on = entry.value_on or entry.booked_on or statement_on
    parts = _parts(entry, whole)
    if parts is None:
        return (_receipt(entry, entry.details, None, whole, currency, received_on),)
    return tuple(
        _receipt(entry, (detail,), position, minor, currency, received_on)
        for position, (detail, minor) in enumerate(zip(entry.details, parts, strict=True))
    )


def _parts(entry: Entry, whole: int) -> list[int] | None:
    """Return the amounts of the payments, or None when the entry must stay whole.

    First by the entry's direction; then each by its own, which is what a netted batch means.
    """
    if len(entry.details) < 2:
        return None
    minors: list[int] = []
    for detail in entry.details:
        stated = detail.amount or detail.transaction_amount
        minor = stated.minor if stated and stated.currency == entry.amount.currency else None
        if minor is None:
            return None
        minors.append(minor)
    if sum(minors) == whole:
        return minors
    netted = [
        -abs(minor)
        if (detail.stated_direction or entry.direction) is Direction.DEBIT
        else abs(minor)
        for detail, minor in zip(entry.details, minors, strict=True)
    ]
    return netted if sum(netted) == whole else None


def _receipt(
    entry: Entry,
    details: Sequence[TransactionDetail],
    position: int | None,
    minor: int,
    currency: str,
    received_on: date,
) -> Receipt:
    is_return = entry.is_reversal or any(detail.return_information for detail in details)
    side = _other_side(details, minor, is_return=is_return)
    blocks = [block for detail in details for block in detail.structured]
    end_to_end = {detail.references.end_to_end_id for detail in details} - {""}
    is_single = position is None
    return Receipt(
        amount_minor=minor,
        currency=currency,
        received_on=received_on,
        entry_position=entry.position,
        detail_position=position,
        payer_name=side.name,
        payer_iban=side.iban,
        ultimate_name=side.ultimate.name if side.ultimate else "",
        end_to_end_id=_given(end_to_end.pop()) if len(end_to_end) == 1 else "",
        references=tuple(dict.fromkeys(block.reference for block in blocks if block.reference)),
        documents=tuple(
            dict.fromkeys(
                document.number
                for block in blocks
                for document in block.documents
                if document.number
            )
        ),
        text="\n".join(_words(entry, details)),
        charges_minor=_charges(entry if is_single else None, details, minor, currency),
        is_return=is_return,
    )


def _other_side(details: Sequence[TransactionDetail], minor: int, *, is_return: bool) -> Side:
    """Return who paid, or was paid. Of several payments kept whole, nobody in particular.

    What comes back names debtor and creditor as the payment it undoes did.
    """
    if len(details) != 1:
        return Side()
    (detail,) = details
    is_debtor = (minor > 0) != is_return
    return detail.debtor if is_debtor else detail.creditor


def _given(reference: str) -> str:
    return "" if reference.upper() in _NOT_GIVEN else reference


def _words(entry: Entry, details: Iterable[TransactionDetail]) -> list[str]:
    words: list[str] = []
    for detail in details:
        words += detail.unstructured
        for block in detail.structured:
            words += [block.reference, *(document.number for document in block.documents)]
            words += block.additional
        words += [_given(detail.references.end_to_end_id), detail.additional_info]
    words += [entry.additional_info, _given(entry.reference)]
    return list(dict.fromkeys(word for word in words if word))


def _charges(
    entry: Entry | None, details: Sequence[TransactionDetail], minor: int, currency: str
) -> int:
    """Return what the bank kept from the payment: as charges, or instructed less arrived."""
    charges: list[Charge] = [charge for detail in details for charge in detail.charges]
    if entry is not None and not charges:
        charges = list(entry.charges)
    stated = sum(
        charge.amount.minor or 0 for charge in charges if charge.amount.currency == currency
    )
    if stated > 0 or len(details) != 1:
        return max(stated, 0)
    instructed: StatedAmount | None = details[0].instructed_amount
    if instructed is None or instructed.currency != currency or instructed.minor is None:
        return 0
    return max(instructed.minor - minor, 0) if minor > 0 else 0
