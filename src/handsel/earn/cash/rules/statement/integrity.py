"""The proof of one statement: opening balance + booked entries = closing balance.

Nothing here changes a statement. Each check returns findings; one that weighs "hold" keeps the
statement from being posted, with the difference in minor units where there is one
(difference = what is stated − what should be).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from handsel.earn.cash.rules.statement.findings import (
    Finding,
    hold,
    note,
    shown,
    stated,
    warning,
)
from handsel.earn.cash.rules.statement.model import (
    Balance,
    Entry,
    Kind,
    StatedAmount,
    Statement,
    Totals,
)
from handsel.ground.kernel.said import Said, said, strung

_ZERO = Decimal(0)
_INFORMS_ONLY = {
    Kind.REPORT: (
        "This is a report: the statement (camt.053) brings its entries again, so they are not "
        "posted from here."
    ),
    Kind.NOTIFICATION: (
        "This is a notification: the statement (camt.053) brings its entries again, so they are "
        "not posted from here."
    ),
}
_MISSING = {
    ("opening",): "The statement has no opening balance, so it proves nothing.",
    ("closing",): "The statement has no closing balance, so it proves nothing.",
    ("opening", "closing"): (
        "The statement has no opening and no closing balance, so it proves nothing."
    ),
}
_AGAINST = {
    "count": "count %(bank)s against %(ours)s",
    "credit_count": "credit count %(bank)s against %(ours)s",
    "credit_sum": "credit sum %(bank)s against %(ours)s",
    "debit_count": "debit count %(bank)s against %(ours)s",
    "debit_sum": "debit sum %(bank)s against %(ours)s",
}


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
        yield hold("informs_only", said(_INFORMS_ONLY[statement.kind]), kind=statement.kind.value)


def _currencies(statement: Statement) -> Iterable[Finding]:
    currency = statement.currency
    others = sorted(
        {b.amount.currency for b in statement.balances if b.amount.currency != currency}
    )
    if others:
        yield hold(
            "balance_currency",
            said(
                "The account is in %(currency)s, but balances are stated in %(others)s.",
                currency=currency,
                others=", ".join(others),
            ),
            currency=currency,
            others=", ".join(others),
        )
    for entry in statement.booked:
        if entry.amount.currency != currency:
            yield hold(
                "entry_currency",
                said(
                    "Entry %(entry)s is in %(other)s, the account in %(currency)s.",
                    entry=entry.position + 1,
                    other=entry.amount.currency,
                    currency=currency,
                ),
                currency=currency,
                entry=str(entry.position),
            )


def _precision(statement: Statement) -> Iterable[Finding]:
    named: list[tuple[Said, StatedAmount]] = [
        (said("The balance %(code)s", code=balance.code or balance.proprietary), balance.amount)
        for balance in statement.balances
    ]
    named += [
        (said("Entry %(entry)s", entry=entry.position + 1), entry.amount)
        for entry in statement.entries
    ]
    for name, amount in named:
        if amount.minor is None:
            yield hold(
                "amount_not_money",
                said(
                    "%(name)s is %(amount)s, which is not a whole number of minor units of a "
                    "known currency and cannot be posted.",
                    name=name,
                    amount=str(amount),
                ),
                currency=amount.currency,
                amount=amount.text(),
            )


def _balances(statement: Statement) -> Iterable[Finding]:
    opening, closing = opening_of(statement), closing_of(statement)
    missing = tuple(
        name for name, balance in (("opening", opening), ("closing", closing)) if balance is None
    )
    if missing and statement.kind is Kind.STATEMENT:
        yield hold("balance_missing", said(_MISSING[missing]), missing=", ".join(missing))
    yield from _contradicting(statement, "OPBD")
    yield from _contradicting(statement, "CLBD")
    previous = _balance(statement, "PRCD")
    if opening and previous and previous is not opening:
        yield from _differing(
            "previous_closing_differs",
            "The previous closing balance is %(second)s, the %(code)s %(first)s.",
            opening,
            previous,
        )
    if opening and closing and closing.on < opening.on:
        yield hold(
            "dates_reversed",
            said(
                "The closing balance is of %(closing)s, before the opening one of %(opening)s.",
                closing=closing.on,
                opening=opening.on,
            ),
        )


def _contradicting(statement: Statement, code: str) -> Iterable[Finding]:
    found = [balance for balance in statement.balances if balance.code == code]
    for other in found[1:]:
        yield from _differing(
            "balance_ambiguous",
            "The second %(code)s balance is %(second)s, the %(code)s %(first)s.",
            found[0],
            other,
        )


def _differing(code: str, sentence: str, first: Balance, second: Balance) -> Iterable[Finding]:
    ours, theirs = first.amount.minor, second.amount.minor
    if ours is None or theirs is None or first.amount.currency != second.amount.currency:
        return
    if ours != theirs:
        yield hold(
            code,
            said(
                sentence, second=stated(second.amount), code=first.code, first=stated(first.amount)
            ),
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
        yield hold(
            "does_not_add_up",
            said(
                "Opening %(opening)s and %(entries)s make %(sum)s, but the closing balance is "
                "%(closing)s: a difference of %(difference)s.",
                opening=stated(opening.amount),
                entries=said("1 booked entry")
                if len(moves) == 1
                else said("%(count)s booked entries", count=len(moves)),
                sum=shown(start + sum(moves), currency),
                closing=stated(closing.amount),
                difference=shown(difference, currency),
            ),
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
            said(
                "The bank's own control sums differ from its entries: %(all)s.",
                all=strung(everything),
            ),
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


def _told(totals: Totals, counted: Totals) -> list[Said]:
    return [
        said(sentence, bank=getattr(totals, name), ours=getattr(counted, name))
        for name, sentence in _AGAINST.items()
        if getattr(totals, name) is not None and getattr(totals, name) != getattr(counted, name)
    ]


def _details(statement: Statement) -> Iterable[Finding]:
    for entry in statement.entries:
        count = sum(batch.count or 0 for batch in entry.batches)
        if count and entry.details and count != len(entry.details):
            yield warning(
                "batch_count",
                said(
                    "Entry %(entry)s is a batch of %(count)s payments, but %(listed)s are listed.",
                    entry=entry.position + 1,
                    count=count,
                    listed=len(entry.details),
                ),
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
                said(
                    "The payments inside entry %(entry)s make %(sum)s, the entry is %(amount)s; "
                    "it is kept whole.",
                    entry=entry.position + 1,
                    sum=shown(_check_sum, entry.amount.currency),
                    amount=stated(entry.amount),
                ),
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
                said(
                    "%(count)s entries of %(amount)s carry the bank reference %(reference)s.",
                    count=count,
                    amount=amount,
                    reference=reference,
                ),
                reference=reference,
            )


def _booking_dates(statement: Statement) -> Iterable[Finding]:
    missing = [str(entry.position + 1) for entry in statement.booked if entry.booked_on is None]
    if missing and statement.kind is Kind.STATEMENT:
        yield hold(
            "booking_date_missing",
            said("Booked without a booking date: entry %(entries)s.", entries=", ".join(missing)),
            entries=", ".join(missing),
        )


def _copies_and_pages(statement: Statement) -> Iterable[Finding]:
    if statement.copy_duplicate == "DUPL":
        yield warning("duplicate_stated", said("The bank marks this statement as a duplicate."))
    page = statement.page
    if page is not None and (page.number > 1 or not page.is_last):
        yield note(
            "page",
            said(
                "This is page %(page)s and the last of a statement."
                if page.is_last
                else "This is page %(page)s of a statement.",
                page=page.number,
            ),
            page=str(page.number),
        )
