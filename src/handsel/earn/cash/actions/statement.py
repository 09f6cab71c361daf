"""Bringing bank statements in: read, checked, kept byte for byte, accepted or held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.cash import queries
from handsel.earn.cash.errors import BankAccountUnknown, ReasonMissing, StatementHeldBack
from handsel.earn.cash.events import StatementHeld, StatementImported, StatementRejected
from handsel.earn.cash.models import BankEntry, BankStatement
from handsel.earn.cash.rules.receipt import receipts_of
from handsel.earn.cash.rules.receivables import Receipt
from handsel.earn.cash.rules.statement.chain import (
    CheckedStatement,
    KnownStatement,
    StatementEnd,
    check_file,
    entry_keys,
    fingerprint,
)
from handsel.earn.cash.rules.statement.findings import as_kept
from handsel.earn.cash.rules.statement.integrity import closing_of, opening_of
from handsel.earn.cash.rules.statement.model import Entry, Statement, StatementFile
from handsel.earn.cash.rules.statement.parties import normal_iban
from handsel.earn.cash.rules.statement.read import read_statement_file
from handsel.ground.kernel.clock import local_date, zone
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.said import said
from handsel.ground.party.models import SellerBankAccount
from handsel.ground.platform import log, store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import StoredFile


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What became of one statement of a file: accepted, held, or known from before."""

    statement: BankStatement | None
    statement_id: str
    outcome: str
    messages: tuple[str, ...]


def read_and_check(actor: Actor, content: bytes) -> tuple[StatementFile, list[CheckedStatement]]:
    """Read a file and check it against what was imported before; changes nothing."""
    file = read_statement_file(content, zone=zone("UTC"))
    owners = {
        account: queries.bank_account_by_iban(actor, account)
        for account in {one.account.identification for one in file.statements}
    }
    return file, _check(file, owners)


def _check(
    file: StatementFile, owners: Mapping[str, SellerBankAccount | None]
) -> list[CheckedStatement]:
    previous: dict[str, StatementEnd] = {}
    known: list[KnownStatement] = []
    known_entries: set[str] = set()
    for account, found in owners.items():
        if found is not None:
            before = queries.before(found.pk, account, file.statements)
            known += before.known
            known_entries |= before.entry_keys
            if before.end is not None:
                previous[account] = before.end
    return check_file(file, previous=previous, known=known, known_entries=known_entries)


@transaction.atomic
def import_statement(
    *, actor: Actor, now: datetime, content: bytes, name: str
) -> list[ImportedStatement]:
    """Import every statement of a file.

    A statement imported before adds nothing; one that does not add up or chain is held with
    the difference; one of an account that is none of ours is refused. Raises StatementRefused
    when the file cannot be read at all.
    """
    # The account owns the chain: of two imports at once, the second sees what the first wrote.
    file = read_statement_file(content, zone=zone("UTC"))
    owners = _lock_accounts(actor, file)
    kept: StoredFile | None = None
    outcome = []
    for one in _check(file, owners):
        if any(finding.code == "already_imported" for finding in one.findings):
            outcome.append(_outcome(None, one, "known"))
            continue
        if kept is None:
            kept = store.keep(content, name=name, media_type="application/octet-stream", now=now)
        account = owners[one.statement.account.identification]
        row = _write_statement(actor, now, one, account, kept)
        outcome.append(_outcome(row, one, row.state))
    return outcome


def _lock_accounts(actor: Actor, file: StatementFile) -> dict[str, SellerBankAccount]:
    """The accounts of a file, locked, by what the file calls them."""
    owners: dict[str, SellerBankAccount] = {}
    for statement in file.statements:
        called = statement.account.identification
        if called not in owners:
            owners[called] = _account_of(actor, statement)
    keys = {account.pk for account in owners.values()}
    rows = SellerBankAccount.objects.select_for_update(of=("self",)).select_related("seller")
    locked = {account.pk: account for account in rows.filter(pk__in=keys).order_by("pk")}
    return {called: locked[account.pk] for called, account in owners.items()}


def _account_of(actor: Actor, statement: Statement) -> SellerBankAccount:
    account = queries.bank_account_by_iban(actor, statement.account.identification)
    if account is None:
        raise BankAccountUnknown(
            said(
                "account %(identification)s is none of our own; nothing of the file was imported",
                identification=normal_iban(statement.account.identification),
            )
        )
    return account


def _outcome(row: BankStatement | None, one: CheckedStatement, outcome: str) -> ImportedStatement:
    messages = tuple(finding.message for finding in one.findings)
    return ImportedStatement(row, one.statement.statement_id, outcome, messages)


def _write_statement(
    actor: Actor,
    now: datetime,
    one: CheckedStatement,
    account: SellerBankAccount,
    kept: StoredFile,
) -> BankStatement:
    statement = one.statement
    opening, closing = opening_of(statement), closing_of(statement)
    today = local_date(now, account.seller.time_zone)
    row = BankStatement.objects.create(
        seller=account.seller,
        bank_account=account,
        statement_id=statement.statement_id[:60],
        sequence_no=str(statement.electronic_sequence or ""),
        currency=statement.currency,
        from_on=opening.on if opening else None,
        until_on=closing.on if closing else today,
        opening_minor=(opening.amount.minor or 0) if opening else 0,
        closing_minor=(closing.amount.minor or 0) if closing else 0,
        state="held" if one.is_held else "accepted",
        findings=[as_kept(finding) for finding in one.findings],
        difference_minor=one.difference_minor,
        file=kept,
        imported_at=now,
        imported_by_id=actor.user_id,
        fingerprint=fingerprint(statement),
        entry_keys=entry_keys(statement),
    )
    count = _write_entries(row, statement)
    event = (
        StatementHeld(row.pk, row.difference_minor)
        if one.is_held
        else StatementImported(row.pk, count)
    )
    log.announce(event, actor=actor, now=now)
    return row


def _write_entries(row: BankStatement, statement: Statement) -> int:
    rows = [
        _entry_row(row, entry, receipt)
        for entry in statement.booked
        if entry.amount.minor is not None
        for receipt in receipts_of(entry, statement_on=row.until_on)
    ]
    for position, entry_row in enumerate(rows):
        entry_row.position = position
    BankEntry.objects.bulk_create(rows)
    return len(rows)


def _entry_row(row: BankStatement, entry: Entry, receipt: Receipt) -> BankEntry:
    return BankEntry(
        statement=row,
        amount_minor=receipt.amount_minor,
        currency=receipt.currency,
        booked_on=entry.booked_on or receipt.received_on,
        value_on=receipt.received_on,
        counterparty=receipt.payer_name[:200],
        counterparty_iban=normal_iban(receipt.payer_iban)[:34],
        end_to_end_id=receipt.end_to_end_id[:60],
        bank_reference=(entry.account_servicer_ref or entry.reference)[:60],
        remittance=receipt.text,
        structured_reference=(receipt.references[0] if receipt.references else "")[:60],
        documents=list(receipt.documents),
        ultimate_name=receipt.ultimate_name[:200],
        charges_minor=receipt.charges_minor,
        is_return=receipt.is_return,
    )


@transaction.atomic
def accept_held_statement(
    *, actor: Actor, now: datetime, statement_id: int, reason: str
) -> BankStatement:
    """Accept a held statement all the same, for a reason that is kept."""
    if not reason.strip():
        raise ReasonMissing("accepting a held statement needs a reason", fields={"reason": "why"})
    queries.get_statement(actor, statement_id)
    _decide(statement_id, "accepted", reason)
    statement = queries.get_statement(actor, statement_id)
    entries = len(queries.entries_of(statement.pk))
    log.announce(StatementImported(statement.pk, entries), actor=actor, now=now)
    return statement


@transaction.atomic
def reject_statement(
    *, actor: Actor, now: datetime, statement_id: int, reason: str
) -> BankStatement:
    """Set a held statement aside; the corrected one can be imported."""
    if not reason.strip():
        raise ReasonMissing("rejecting a statement needs a reason", fields={"reason": "why"})
    queries.get_statement(actor, statement_id)
    event = StatementRejected(statement_id, _decide(statement_id, "rejected", reason))
    log.announce(event, actor=actor, now=now)
    return queries.get_statement(actor, statement_id)


def _decide(statement_id: int, state: str, reason: str) -> str:
    kept = free_text(reason, field="reason", longest=200)
    changed = BankStatement.objects.filter(pk=statement_id, state="held").update(
        state=state, accepted_reason=kept
    )
    if changed != 1:
        raise StatementHeldBack("only a held statement waits for a decision")
    return kept
