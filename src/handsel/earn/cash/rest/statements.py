"""Bank statements and the matching of their entries."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from ninja import Query

from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import BankEntry
from handsel.earn.cash.rest.routing import router
from handsel.earn.cash.rest.schemas import (
    CandidateOut,
    CandidatePartOut,
    ConfirmIn,
    EntryOut,
    ImportedEntryOut,
    ImportedOut,
    ImportIn,
    ImportOut,
    KeyInPath,
    MatchIn,
    PageSize,
    PartIn,
    PaymentOut,
    ReasonIn,
    Start,
    StatementListOut,
    StatementOut,
    StatementRecordOut,
)
from handsel.earn.cash.rules.receivables import Allocation as Part
from handsel.ground.identity.access import Request
from handsel.ground.kernel.errors import Invalid, in_words
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.ground.platform.api import MoneyOut

State = Annotated[Literal["", "accepted", "held", "rejected"], Query()]


@router.get(
    "/statements", permission="cash.view", response=StatementListOut, summary="List statements"
)
def list_statements(
    request: Request, state: State = "", start: Start = 0, limit: PageSize = 50
) -> StatementListOut:
    """Newest first; `start` is the `next_start` of the page before."""
    found = queries.visible_statements(request.actor).select_related("bank_account")
    if state:
        found = found.filter(state=state)
    rows = list(found.order_by("-until_on", "-pk")[start : start + limit + 1])
    return StatementListOut(
        rows=[StatementOut.of(row) for row in rows[:limit]],
        next_start=start + limit if len(rows) > limit else None,
    )


@router.post(
    "/statements",
    permission="cash.edit",
    response=ImportOut,
    summary="Import a bank's file and match what is clear",
)
def import_statement(request: Request, body: ImportIn) -> ImportOut:
    """camt.053 or MT940. What was imported before adds nothing; `dry_run` changes nothing."""
    try:
        content = base64.b64decode(body.content_base64, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(
            "the content is not base64", fields={"content_base64": "the file in base64"}
        ) from None
    outcome = actions.bring_in(
        actor=request.actor,
        now=request.now,
        content=content,
        name=body.name,
        is_trial=body.dry_run,
    )
    return ImportOut(
        dry_run=body.dry_run, statements=[_imported(one, body.dry_run) for one in outcome]
    )


def _imported(one: actions.BroughtIn, is_trial: bool) -> ImportedOut:
    statement = one.imported.statement
    return ImportedOut(
        statement_id=one.imported.statement_id,
        outcome=one.imported.outcome,
        id=statement.pk if statement is not None and not is_trial else None,
        messages=[in_words(message) for message in one.imported.messages],
        matched=one.matched,
        waiting=one.waiting,
        entries=[
            ImportedEntryOut(
                amount=MoneyOut.of(line.entry.amount_minor, line.entry.currency),
                counterparty=line.entry.counterparty,
                payment_number=line.payment.number if line.payment else "",
                paid=list(line.numbers),
                reason=line.outcome.reason,
            )
            for line in one.lines
        ],
    )


@router.get(
    "/statements/{statement_id}",
    permission="cash.view",
    response=StatementRecordOut,
    summary="Get a statement with its entries",
)
def get_statement(request: Request, statement_id: KeyInPath) -> StatementRecordOut:
    """Opening, entries and closing as the bank stated them."""
    return _record(request, statement_id)


def _record(request: Request, statement_id: int) -> StatementRecordOut:
    statement = queries.get_statement(request.actor, statement_id)
    entries = queries.entries_of(statement.pk)
    return StatementRecordOut(
        statement=StatementOut.of(statement), entries=[EntryOut.of(row) for row in entries]
    )


@router.post(
    "/statements/{statement_id}/match",
    permission="cash.edit",
    response=StatementRecordOut,
    summary="Match the clear entries of a statement",
)
def match_statement(request: Request, statement_id: KeyInPath) -> StatementRecordOut:
    """Those that are not clear wait for a person."""
    actions.match_automatically(actor=request.actor, now=request.now, statement_id=statement_id)
    return _record(request, statement_id)


@router.post(
    "/statements/{statement_id}/accept",
    permission="cash.edit",
    response=StatementOut,
    summary="Accept a held statement",
)
def accept_statement(request: Request, statement_id: KeyInPath, body: ReasonIn) -> StatementOut:
    """The reason is kept with the statement."""
    row = actions.accept_held_statement(
        actor=request.actor, now=request.now, statement_id=statement_id, reason=body.reason
    )
    return StatementOut.of(row)


@router.post(
    "/statements/{statement_id}/reject",
    permission="cash.edit",
    response=StatementOut,
    summary="Reject a held statement",
)
def reject_statement(request: Request, statement_id: KeyInPath, body: ReasonIn) -> StatementOut:
    """The corrected one can be imported, under the same id too."""
    row = actions.reject_statement(
        actor=request.actor, now=request.now, statement_id=statement_id, reason=body.reason
    )
    return StatementOut.of(row)


@router.get("/entries", permission="cash.view", response=list[EntryOut], summary="List what waits")
def list_entries(request: Request, start: Start = 0, limit: PageSize = 50) -> list[EntryOut]:
    """Open entries of accepted statements, oldest first."""
    rows = queries.open_entries(request.actor)[start : start + limit]
    return [EntryOut.of(row) for row in rows]


@router.get(
    "/entries/{bank_entry_id}/candidates",
    permission="cash.view",
    response=list[CandidateOut],
    summary="What an entry may pay",
)
def list_candidates(request: Request, bank_entry_id: KeyInPath) -> list[CandidateOut]:
    """Best first, each with its reasons; an entry that is done has none."""
    entry = queries.get_entry(request.actor, bank_entry_id)
    if entry.state != "open":
        return []
    return [
        CandidateOut(
            mark=queries.mark_of(one),
            rule=one.rule.value,
            score_bps=one.score_bps,
            residual=one.residual.value,
            is_ambiguous=one.is_ambiguous,
            customer_ids=list(one.customer_ids),
            parts=[_part_out(entry, part) for part in one.allocations],
            evidence=[reason.text for reason in one.evidence],
        )
        for one in queries.match_candidates(entry)
    ]


def _part_out(entry: BankEntry, part: Part) -> CandidatePartOut:
    return CandidatePartOut(
        invoice_id=part.item_id,
        amount=MoneyOut.of(part.amount_minor, entry.currency),
        discount=MoneyOut.of(part.discount_minor, entry.currency),
        charge=MoneyOut.of(part.charge_minor, entry.currency),
    )


@router.post(
    "/entries/{bank_entry_id}/confirm",
    permission="cash.edit",
    response=PaymentOut,
    summary="Match an entry as a candidate proposes",
)
def confirm(request: Request, bank_entry_id: KeyInPath, body: ConfirmIn) -> PaymentOut:
    """409 when what is open has changed since the candidate was given out."""
    payment = actions.confirm_candidate(
        actor=request.actor, now=request.now, entry_id=bank_entry_id, mark=body.mark
    )
    return PaymentOut.of(payment)


@router.post(
    "/entries/{bank_entry_id}/match",
    permission="cash.edit",
    response=PaymentOut,
    summary="Match an entry by hand",
)
def match(request: Request, bank_entry_id: KeyInPath, body: MatchIn) -> PaymentOut:
    """To a customer and amounts per invoice."""
    entry = queries.get_entry(request.actor, bank_entry_id)
    payment = actions.match_entry(
        actor=request.actor,
        now=request.now,
        entry_id=bank_entry_id,
        organization_id=party.get_organization(body.organization_id).pk,
        allocations=[_part_in(entry, part) for part in body.parts],
        evidence=[{"kind": "by_hand", "text": "Chosen by a person."}],
    )
    return PaymentOut.of(payment)


def _part_in(entry: BankEntry, part: PartIn) -> Part:
    return Part(
        part.invoice_id,
        Money.parse(part.amount, entry.currency).amount_minor,
        discount_minor=Money.parse(part.discount, entry.currency).amount_minor,
    )


@router.post(
    "/entries/{bank_entry_id}/set-aside",
    permission="cash.edit",
    response=EntryOut,
    summary="Set an entry aside that is no customer's payment",
)
def set_aside(request: Request, bank_entry_id: KeyInPath, body: ReasonIn) -> EntryOut:
    """The reason is kept with the entry."""
    row = actions.ignore_entry(
        actor=request.actor, now=request.now, entry_id=bank_entry_id, reason=body.reason
    )
    return EntryOut.of(row)
