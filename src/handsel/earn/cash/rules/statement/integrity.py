"""The proof of one statement: opening balance + booked entries = closing balance.

Nothing here changes a statement. Each check returns findings; one that weighs "hold" keeps the
statement from being posted, with the difference in minor units where there is one
(difference = what is stated − what should be).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from handsel.earn.cash.rules.statement.findings import Finding, hold, note, shown, warning
from handsel.earn.cash.rules.statement.model import (
    Balance,
    Entry,
    Kind,
    StatedAmount,
    Statement,
    Totals,
)

_ZERO = Decimal(0)


def check_statement(statement: Statement) -> list[Finding]:
    """Prove one statement by itself; an empty list means nothing to say.

    Holds: reports and notifications, currencies that differ, amounts finer than the currency,
    balances missing, doubled or contradicting, a sum that is not the closing balance, control
    sums of the bank that differ.
    """
    checks: tuple[Callable[[Statement], Iterable[Finding]], ...] = (
        _kind,
        _currencies,
        _precision,
        _balances,
        _sum,
        _totals,
        _details,
        _doubled_entries,
        _booking_dates,
        _copies_and_pages,
    )
    return [finding for check in checks for finding in check(statement)]


def opening_of(statement: Statement) -> Balance | None:
    """Return the opening booked balance; of a later page, its interim opening."""
    return _balance(statement, "OPBD") or _balance(statement, "PRCD") or _interim(statement, 0)


def closing_of(statement: Statement) -> Balance | None:
    """Return the closing booked balance; of a page before the last, its interim closing."""
    return _balance(statement, "CLBD") or _interim(statement, -1)


def _balance(statement: Statement, code: str) -> Balance | None:
    return next((balance for balance in statement.balances if balance.code == code), None)


def _interim(statement: Statement, index: int) -> Balance | None:
    """Return the first or last interim balance; one alone is neither opening nor closing."""
    found = [balance for balance in statement.balances if balance.code == "ITBD"]
    return found[index] if len(found) > 1 else None


def _kind(statement: Statement) -> Iterable[Finding]:
    """Hold what only informs: its entries come again in a statement and would count twice."""
    if statement.kind is not Kind.STATEMENT:
        yield hold(
            "informs_only",
            f"This is a {statement.kind.value}: the statement (camt.053) brings its entries "
            "again, so they are not posted from here.",
            kind=statement.kind.value,
        )


def _currencies(statement: Statement) -> Iterable[Finding]:
    currency = statement.currency
    others = sorted(
        {b.amount.currency for b in statement.balances if b.amount.currency != currency}
    )
    if others:
        yield hold(
            "balance_currency",
            f"The account is in {currency}, but balances are stated in {', '.join(others)}.",
            currency=currency,
            others=", ".join(others),
        )
    for entry in statement.booked:
        if entry.amount.currency != currency:
            yield hold(
                "entry_currency",
                f"Entry {entry.position + 1} is in {entry.amount.currency}, "
                f"the account in {currency}.",
                currency=currency,
                entry=str(entry.position),
            )


def _precision(statement: Statement) -> Iterable[Finding]:
    named: list[tuple[str, StatedAmount]] = [
        (f"The balance {balance.code or balance.proprietary}", balance.amount)
        for balance in statement.balances
    ]
    named += [(f"Entry {entry.position + 1}", entry.amount) for entry in statement.entries]
    for name, amount in named:
        if amount.minor is None:
            yield hold(
                "amount_not_money",
                f"{name} is {amount.text()} {amount.currency}, which is not a whole number of "
                "minor units of a known currency and cannot be posted.",
                currency=amount.currency,
                amount=amount.text(),
            )


def _balances(statement: Statement) -> Iterable[Finding]:
    opening, closing = opening_of(statement), closing_of(statement)
    missing = [
        name for name, balance in (("opening", opening), ("closing", closing)) if balance is None
    ]
    if missing and statement.kind is Kind.STATEMENT:
        yield hold(
            "balance_missing",
            f"The statement has no {' and no '.join(missing)} balance, so it proves nothing.",
            missing=", ".join(missing),
        )
    yield from _contradicting(statement, "OPBD")
    yield from _contradicting(statement, "CLBD")
    previous = _balance(statement, "PRCD")
    if opening and previous and previous is not opening:
        yield from _differing("previous_closing_differs", "previous closing", opening, previous)
    if opening and closing and closing.on < opening.on:
        yield hold(
            "dates_reversed",
            f"The closing balance is of {closing.on}, before the opening one of {opening.on}.",
        )


def _contradicting(statement: Statement, code: str) -> Iterable[Finding]:
    found = [balance for balance in statement.balances if balance.code == code]
    for other in found[1:]:
        yield from _differing("balance_ambiguous", f"second {code}", found[0], other)


def _differing(code: str, name: str, first: Balance, second: Balance) -> Iterable[Finding]:
    ours, theirs = first.amount.minor, second.amount.minor
    if ours is None or theirs is None or first.amount.currency != second.amount.currency:
        return
    if ours != theirs:
        yield hold(
            code,
            f"The {name} balance is {second.amount}, the {first.code} {first.amount}.",
            theirs - ours,
            first.amount.currency,
        )


def _sum(statement: Statement) -> Iterable[Finding]:
    opening, closing = opening_of(statement), closing_of(statement)
    if opening is None or closing is None:
        return
    currency = statement.currency
    amounts = [opening.amount, closing.amount, *(entry.amount for entry in statement.booked)]
    minors = [amount.minor for amount in amounts if amount.currency == currency]
    if len(minors) != len(amounts) or None in minors:
        return  # said by _currencies and _precision; there is nothing that could be added
    start, end, *moves = [minor or 0 for minor in minors]
    difference = end - start - sum(moves)
    if difference:
        entries = "1 booked entry" if len(moves) == 1 else f"{len(moves)} booked entries"
        yield hold(
            "does_not_add_up",
            f"Opening {opening.amount} and {entries} make "
            f"{shown(start + sum(moves), currency)}, but the closing balance is {closing.amount}: "
            f"a difference of {shown(difference, currency)}.",
            difference,
            currency,
        )


def _totals(statement: Statement) -> Iterable[Finding]:
    """Compare the bank's control sums with all entries, or with the booked ones alone."""
    totals = statement.totals
    if totals is None:
        return
    everything = _told(totals, _totals_over(statement.entries))
    if everything and _told(totals, _totals_over(statement.booked)):
        yield hold(
            "totals_differ",
            "The bank's own control sums differ from its entries: " + "; ".join(everything) + ".",
        )


def _totals_over(entries: Iterable[Entry]) -> Totals:
    listed = list(entries)
    credits_ = [e.amount.value for e in listed if e.direction.value == "CRDT"]
    debits = [-e.amount.value for e in listed if e.direction.value == "DBIT"]
    return Totals(
        count=len(listed),
        credit_count=len(credits_),
        credit_sum=sum(credits_, start=_ZERO),
        debit_count=len(debits),
        debit_sum=sum(debits, start=_ZERO),
    )


def _told(stated: Totals, counted: Totals) -> list[str]:
    names = ("count", "credit_count", "credit_sum", "debit_count", "debit_sum")
    return [
        f"{name.replace('_', ' ')} {getattr(stated, name)} against {getattr(counted, name)}"
        for name in names
        if getattr(stated, name) is not None and getattr(stated, name) != getattr(counted, name)
    ]


def _details(statement: Statement) -> Iterable[Finding]:
    for entry in statement.entries:
        count = sum(batch.count or 0 for batch in entry.batches)
        if count and entry.details and count != len(entry.details):
            yield warning(
                "batch_count",
                f"Entry {entry.position + 1} is a batch of {count} payments, "
                f"but {len(entry.details)} are listed.",
                entry=str(entry.position),
            )
        parts = [detail.amount or detail.transaction_amount for detail in entry.details]
        if not all(parts) or not parts or any(p and p.minor is None for p in parts):
            continue
        if {p.currency for p in parts if p} != {entry.amount.currency}:
            continue
        _check_sum = sum((p.minor or 0) for p in parts if p)
        minor = entry.amount.minor
        if minor is not None and _check_sum != minor:
            yield warning(
                "details_do_not_sum",
                f"The payments inside entry {entry.position + 1} make "
                f"{shown(_check_sum, entry.amount.currency)}, the entry is {entry.amount}; "
                "it is kept whole.",
                _check_sum - minor,
                entry.amount.currency,
                entry=str(entry.position),
            )


def _doubled_entries(statement: Statement) -> Iterable[Finding]:
    """Point at entries under one bank reference with one amount. They may still be two."""
    seen = Counter(
        (entry.account_servicer_ref, str(entry.amount), entry.booked_on)
        for entry in statement.entries
        if entry.account_servicer_ref
    )
    for (reference, amount, _), count in seen.items():
        if count > 1:
            yield warning(
                "entry_repeated",
                f"{count} entries of {amount} carry the bank reference {reference}.",
                reference=reference,
            )


def _booking_dates(statement: Statement) -> Iterable[Finding]:
    missing = [str(entry.position + 1) for entry in statement.booked if entry.booked_on is None]
    if missing and statement.kind is Kind.STATEMENT:
        yield hold(
            "booking_date_missing",
            f"Booked without a booking date: entry {', '.join(missing)}.",
            entries=", ".join(missing),
        )


def _copies_and_pages(statement: Statement) -> Iterable[Finding]:
    if statement.copy_duplicate == "DUPL":
        yield warning("duplicate_stated", "The bank marks this statement as a duplicate.")
    page = statement.page
    if page is not None and (page.number > 1 or not page.is_last):
        yield note(
            "page",
            f"This is page {page.number}{' and the last' if page.is_last else ''} of a statement.",
            page=str(page.number),
        )
