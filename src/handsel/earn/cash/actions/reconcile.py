"""From a bank entry to payment and allocations: by itself where it is clear, else by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.cash import queries
from handsel.earn.cash.actions.allocate import put_against
from handsel.earn.cash.actions.receive import record_payment
from handsel.earn.cash.actions.write_off import write_off
from handsel.earn.cash.errors import (
    AllocationRefused,
    BankEntryMissing,
    CandidateGone,
    EntryDone,
    ReasonMissing,
)
from handsel.earn.cash.events import BankEntrySetAside
from handsel.earn.cash.models import BankEntry, Payment
from handsel.earn.cash.rules.candidates import Candidate, Decision
from handsel.earn.cash.rules.matching import candidates, decide
from handsel.earn.cash.rules.receivables import Allocation as Proposed
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.said import said
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of an entry that was to be matched: its payment, or why it waits."""

    entry_id: int
    payment_id: int | None
    reason: str


@transaction.atomic
def match_entry(
    *,
    actor: Actor,
    now: datetime,
    entry_id: int,
    organization_id: int,
    allocations: Sequence[Proposed],
    evidence: list[dict[str, str]] | None = None,
    is_automatic: bool = False,
) -> Payment:
    """Turn an open entry into a payment of a customer and allocate it as said.

    What the allocations leave stays unallocated on the payment. A second call for the same
    entry is refused, so that no money is counted twice.
    """
    entry = _locked_open(actor, entry_id)
    charged = sum(part.charge_minor for part in allocations)
    payment = record_payment(
        actor=actor,
        now=now,
        seller_id=entry.statement.seller_id,
        organization_id=organization_id,
        amount=Money(entry.amount_minor, entry.currency),
        charges=Money(charged, entry.currency),
        received_on=entry.value_on or entry.booked_on,
        reference=" ".join(entry.remittance.split()),
        bank_entry=entry,
    )
    # Credit first: it is what lets the payment reach the invoices.
    for part in sorted(allocations, key=lambda part: part.amount_minor > 0):
        settle(actor, now, payment, part, evidence=evidence, is_automatic=is_automatic)
    BankEntry.objects.filter(pk=entry.pk).update(state="matched")
    return payment


def settle(
    actor: Actor,
    now: datetime,
    payment: Payment,
    part: Proposed,
    *,
    evidence: list[dict[str, str]] | None = None,
    is_automatic: bool = False,
) -> None:
    """Allocate a part of a payment just recorded; close what closes the invoice besides money."""
    cash_minor = part.amount_minor + part.charge_minor
    if cash_minor:
        put_against(
            actor,
            now,
            payment,
            part.item_id,
            Money(cash_minor, payment.currency),
            allocated_on=payment.received_on,
            evidence=evidence,
            is_automatic=is_automatic,
        )
    for kind, minor in (("discount", part.discount_minor), ("write_off", part.tolerance_minor)):
        if minor:
            write_off(
                actor=actor,
                now=now,
                invoice_id=part.item_id,
                amount=Money(minor, payment.currency),
                effective_on=payment.received_on,
                reason=f"{kind.replace('_', ' ')} with payment {payment.number}",
                kind=kind,
            )


def match_automatically(*, actor: Actor, now: datetime, statement_id: int) -> list[EntryOutcome]:
    """Match the clear entries of an accepted statement; the others wait, with the reason.

    Each match is a transaction of its own: one that fails does not undo the others. What one
    entry pays may make another clear, so the rest is looked at again until nothing moves; the
    open items are read and arranged once for each such look.
    """
    statement = queries.get_statement(actor, statement_id)
    if statement.state != "accepted":
        return []
    waiting = {e.pk: e for e in queries.entries_of(statement.pk) if e.state == "open"}
    outcomes = {pk: EntryOutcome(pk, None, "") for pk in waiting}
    while waiting:
        matched = _look(actor, now, statement.seller_id, waiting, outcomes)
        for entry_id in matched:
            del waiting[entry_id]
        if not matched:
            break
    return list(outcomes.values())


def _look(
    actor: Actor,
    now: datetime,
    seller_id: int,
    waiting: dict[int, BankEntry],
    outcomes: dict[int, EntryOutcome],
) -> list[int]:
    desk = queries.matching_desk(seller_id, waiting.values())
    touched: set[int] = set()
    matched = []
    for entry in waiting.values():
        found = candidates(queries.receipt_of(entry), desk.index, known_ibans=desk.known_ibans)
        decision = decide(found)
        best = _clear(decision)
        if best is None:
            outcomes[entry.pk] = EntryOutcome(entry.pk, None, _why_not(decision))
            continue
        items = {part.item_id for part in best.allocations}
        if items & touched:
            # Another entry has just paid of these; look again at what is open now.
            outcomes[entry.pk] = EntryOutcome(entry.pk, None, "rival")
            continue
        try:
            payment = _confirm(actor, now, entry, best, is_automatic=True)
        except HandselError as refusal:
            outcomes[entry.pk] = EntryOutcome(entry.pk, None, str(refusal))
            continue
        touched |= items
        matched.append(entry.pk)
        outcomes[entry.pk] = EntryOutcome(entry.pk, payment.pk, decision.reason)
    return matched


def _clear(decision: Decision) -> Candidate | None:
    best = decision.candidate
    if decision.outcome != "auto" or best is None or len(best.customer_ids) != 1:
        return None
    return best


def _why_not(decision: Decision) -> str:
    return "several_customers" if decision.outcome == "auto" else decision.reason


def _confirm(
    actor: Actor, now: datetime, entry: BankEntry, best: Candidate, *, is_automatic: bool
) -> Payment:
    return match_entry(
        actor=actor,
        now=now,
        entry_id=entry.pk,
        organization_id=best.customer_ids[0],
        allocations=best.allocations,
        evidence=[{"kind": one.kind, "text": one.text} for one in best.evidence],
        is_automatic=is_automatic,
    )


@transaction.atomic
def confirm_candidate(*, actor: Actor, now: datetime, entry_id: int, mark: str) -> Payment:
    """Match an entry as one of its candidates proposes; `mark` names it by what it allocates.

    Raises CandidateGone when the open items have changed since it was shown.
    """
    entry = _locked_open(actor, entry_id)
    for one in queries.match_candidates(entry):
        if queries.mark_of(one) == mark:
            return _confirm(actor, now, entry, one, is_automatic=False)
    raise CandidateGone("what is open has changed since this was proposed; look again")


@transaction.atomic
def ignore_entry(*, actor: Actor, now: datetime, entry_id: int, reason: str) -> BankEntry:
    """Set an entry aside that is no customer's payment, with the reason."""
    if not reason.strip():
        raise ReasonMissing("an entry is set aside for a reason", fields={"reason": "why"})
    entry = _locked_open(actor, entry_id)
    entry.state, entry.ignored_reason = "ignored", free_text(reason, field="reason", longest=200)
    entry.save(update_fields=["state", "ignored_reason"])
    event = BankEntrySetAside(entry.pk, entry.statement_id, entry.ignored_reason)
    log.announce(event, actor=actor, now=now)
    return entry


def _locked_open(actor: Actor, entry_id: int) -> BankEntry:
    rows = BankEntry.objects.select_for_update(of=("self",)).select_related("statement")
    entry = rows.filter(pk=entry_id, statement__seller_id__in=actor.seller_ids).first()
    if entry is None:
        raise BankEntryMissing("this bank entry does not exist")
    if entry.statement.state != "accepted":
        raise AllocationRefused("the statement of this entry is not accepted yet")
    if entry.state != "open":
        raise EntryDone(said("this entry was %(state)s before", state=entry.state))
    return entry
