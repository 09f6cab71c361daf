"""The proof across statements: each opens where the one before it closed, and comes once."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handsel.earn.cash.rules.statement.findings import (
    Finding,
    difference_of,
    hold,
    is_held,
    note,
    shown,
    stated,
    warning,
)
from handsel.earn.cash.rules.statement.integrity import check_statement, closing_of, opening_of
from handsel.earn.cash.rules.statement.model import Entry, Kind, Statement, StatementFile
from handsel.ground.kernel.said import said


@dataclass(frozen=True, slots=True)
class StatementEnd:
    """Where an accepted statement ended: what the next one must begin with."""

    statement_id: str
    account: str
    currency: str
    closing_minor: int
    closing_on: date
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class KnownStatement:
    """A statement imported before, for telling a repetition."""

    statement_id: str
    account: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A statement of a file with all that was found about it."""

    statement: Statement
    findings: tuple[Finding, ...]

    @property
    def is_held(self) -> bool:
        """Whether it must not be posted before a person has decided."""
        return is_held(self.findings)

    @property
    def difference_minor(self) -> int:
        """The difference to show, in minor units of the statement's currency; 0 if none."""
        return difference_of(self.findings)


def check_file(
    file: StatementFile,
    *,
    previous: Mapping[str, StatementEnd] | None = None,
    known: Iterable[KnownStatement] = (),
    known_entries: Collection[str] = (),
) -> list[CheckedStatement]:
    """Check every statement of a file, in the order of the file.

    ``previous`` maps an account's identification to the end of its last accepted statement,
    ``known`` and ``known_entries`` are what was imported before (see ``fingerprint`` and
    ``entry_keys``). Statements of one account inside the file chain among themselves.
    """
    ends = dict(previous or {})
    remembered = list(known)
    findings: dict[int, list[Finding]] = {}
    for index in _in_time(file.statements):
        statement = file.statements[index]
        account = statement.account.identification
        found = check_statement(statement)
        found += check_repetition(statement, remembered)
        found += check_repeated_entries(statement, known_entries)
        if statement.kind is Kind.STATEMENT:
            found += check_chain(ends.get(account), statement)
            end = end_of(statement)
            if end is not None:
                ends[account] = end
        remembered.append(KnownStatement(statement.statement_id, account, fingerprint(statement)))
        findings[index] = found
    return [
        CheckedStatement(statement, tuple(findings[index]))
        for index, statement in enumerate(file.statements)
    ]


def _in_time(statements: Sequence[Statement]) -> list[int]:
    """Return the positions in the order of time; the file's order settles what dates do not."""
    has_numbers = all(statement.electronic_sequence for statement in statements)

    def key(index: int) -> tuple[date, date, int, int, int]:
        statement = statements[index]
        opening, closing = opening_of(statement), closing_of(statement)
        return (
            closing.on if closing else date.max,
            opening.on if opening else date.max,
            statement.electronic_sequence or 0 if has_numbers else 0,
            statement.page.number if statement.page else 0,
            index,
        )

    return sorted(range(len(statements)), key=key)


def end_of(statement: Statement) -> StatementEnd | None:
    """Return where a statement ends, or None when it has no closing balance in money."""
    closing = closing_of(statement)
    if closing is None or closing.amount.minor is None:
        return None
    return StatementEnd(
        statement_id=statement.statement_id,
        account=statement.account.identification,
        currency=closing.amount.currency,
        closing_minor=closing.amount.minor,
        closing_on=closing.on,
        sequence=statement.electronic_sequence,
    )


def check_chain(previous: StatementEnd | None, statement: Statement) -> list[Finding]:
    """Check that a statement opens where the one before it closed.

    Holds ``does_not_chain`` with the difference (opening − previous closing) and
    ``sequence_repeated``. A gap in the numbers alone is a warning: banks that number by
    business day leave gaps, and the balances prove that nothing is missing.
    """
    if previous is None:
        return [note("first_statement", said("No earlier statement of this account to chain to."))]
    opening = opening_of(statement)
    if opening is None or opening.amount.minor is None:
        return []  # said by check_statement
    if opening.amount.currency != previous.currency:
        return [
            hold(
                "chain_currency",
                said(
                    "The statement opens in %(currency)s, the one before it (%(previous)s) closed "
                    "in %(other)s.",
                    currency=opening.amount.currency,
                    previous=previous.statement_id,
                    other=previous.currency,
                ),
            )
        ]
    findings = list(_sequence_findings(previous, statement))
    difference = opening.amount.minor - previous.closing_minor
    if difference:
        findings.insert(
            0,
            hold(
                "does_not_chain",
                said(
                    "The statement opens with %(opening)s, but %(previous)s closed with "
                    "%(closing)s on %(day)s: a difference of %(difference)s.",
                    opening=stated(opening.amount),
                    previous=previous.statement_id,
                    closing=shown(previous.closing_minor, previous.currency),
                    day=previous.closing_on,
                    difference=shown(difference, previous.currency),
                ),
                difference,
                previous.currency,
                previous=previous.statement_id,
            ),
        )
    return findings


def _sequence_findings(previous: StatementEnd, statement: Statement) -> Iterable[Finding]:
    number, before = statement.electronic_sequence, previous.sequence
    closing = closing_of(statement)
    if number is None or before is None or closing is None:
        return
    is_later_page = statement.page is not None and statement.page.number > 1
    if number == before and not is_later_page:
        yield hold(
            "sequence_repeated",
            said(
                "Number %(number)s was already that of %(previous)s.",
                number=number,
                previous=previous.statement_id,
            ),
            number=str(number),
        )
    elif number > before + 1:
        first, last = str(before + 1), str(number - 1)
        missing = (
            said(first) if first == last else said("%(first)s to %(last)s", first=first, last=last)
        )
        yield warning(
            "sequence_gap",
            said(
                "Between number %(before)s and %(number)s, %(missing)s did not arrive.",
                before=before,
                number=number,
                missing=missing,
            ),
            missing=str(missing),
        )
    elif number < before and closing.on.year == previous.closing_on.year:
        yield warning(
            "sequence_backwards",
            said(
                "Number %(number)s follows number %(before)s in the same year.",
                number=number,
                before=before,
            ),
            number=str(number),
        )


def fingerprint(statement: Statement) -> str:
    """Return a hash of what a statement says, whatever message it came in.

    The same statement fetched twice has another message id and creation time and the same
    fingerprint.
    """
    content = [
        statement.kind.value,
        statement.account.identification,
        [
            [b.code, b.sub_code, b.amount.text(), b.amount.currency, str(b.on)]
            for b in statement.balances
        ],
        entry_keys(statement),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def check_repetition(statement: Statement, known: Iterable[KnownStatement]) -> list[Finding]:
    """Hold a statement that was imported before, or whose id another one has."""
    account = statement.account.identification
    mark = fingerprint(statement)
    for other in known:
        if other.account != account:
            continue
        if other.fingerprint == mark:
            return [
                hold(
                    "already_imported",
                    said(
                        "The same statement was imported before as %(statement)s.",
                        statement=other.statement_id,
                    ),
                    statement=other.statement_id,
                )
            ]
        if other.statement_id == statement.statement_id:
            return [
                hold(
                    "id_repeated",
                    said(
                        "Another statement with the id %(statement)s and other contents was "
                        "imported before.",
                        statement=other.statement_id,
                    ),
                    statement=other.statement_id,
                )
            ]
    return []


def entry_keys(statement: Statement) -> list[str]:
    """Return one key per entry, the same whenever the bank reports the entry again.

    With a bank reference: account, reference, amount, booking day. Without: all that tells it
    apart. Equal entries of one statement are numbered, so that two real ones stay two.
    """
    account = statement.account.identification
    counted: Counter[str] = Counter()
    keys = []
    for entry in statement.entries:
        mark = json.dumps([account, *_identity(entry)])
        counted[mark] += 1
        keys.append(hashlib.sha256(f"{mark}#{counted[mark]}".encode()).hexdigest())
    return keys


def _identity(entry: Entry) -> list[str]:
    common = [entry.amount.text(), entry.amount.currency, str(entry.booked_on)]
    if entry.account_servicer_ref:
        return [entry.account_servicer_ref, *common]
    detail_words = [
        word
        for detail in entry.details
        for word in (
            detail.references.end_to_end_id,
            detail.references.transaction_id,
            detail.debtor.iban,
            detail.creditor.iban,
            *detail.unstructured,
            *(block.reference for block in detail.structured),
        )
    ]
    return ["", *common, str(entry.value_on), entry.reference, *detail_words]


def check_repeated_entries(statement: Statement, known_keys: Collection[str]) -> list[Finding]:
    """Hold a statement with entries that an earlier statement has already brought."""
    if statement.kind is not Kind.STATEMENT:
        return []  # intraday reports and notifications announce entries that come again
    return [
        hold(
            "entry_already_imported",
            said(
                "Entry %(entry)s (%(amount)s, %(day)s) was brought by an earlier statement.",
                entry=entry.position + 1,
                amount=stated(entry.amount),
                day=entry.booked_on,
            ),
            entry=str(entry.position),
        )
        for entry, key in zip(statement.entries, entry_keys(statement), strict=True)
        if key in known_keys
    ]
