"""From a bank entry to payment and allocations: by itself where it is clear, else by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from handsel.earn.cash import queries
from handsel.earn.cash.actions.allocate import allocate
from handsel.earn.cash.actions.receivable import write_off
from handsel.earn.cash.actions.receive import record_payment
from handsel.earn.cash.errors import AllocationRefused, EntryDone, ReasonMissing
from handsel.earn.cash.models import BankEntry, Payment
from handsel.earn.cash.rules.matching import candidates, decide
from handsel.earn.cash.rules.open_items import OpenItemIndex
from handsel.earn.cash.rules.receivables import Allocation as Proposed
from handsel.ground.kernel.money import Money
from handsel.ground.platform.actor import Actor


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
        reference=entry.remittance,
        bank_entry=entry,
    )
    for part in allocations:
        _settle(actor, now, payment, part, evidence or [], is_automatic)
    BankEntry.objects.filter(pk=entry.pk).update(state="matched")
    return payment


def _settle(
    actor: Actor,
    now: datetime,
    payment: Payment,
    part: Proposed,
    evidence: list[dict[str, str]],
    is_automatic: bool,
) -> None:
    allocate(
        actor=actor,
        now=now,
        payment_id=payment.pk,
        invoice_id=part.item_id,
        amount=Money(part.amount_minor + part.charge_minor, payment.currency),
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
                reason="early-payment discount" if kind == "discount" else "within tolerance",
                kind=kind,
            )


def match_automatically(
    *, actor: Actor, now: datetime, statement_id: int
) -> list[tuple[int, int | None, str]]:
    """Match the clear entries of an accepted statement; the others wait, with the reason.

    Returns (entry, payment or None, reason) for each open entry. Each match is a transaction of
    its own: one that fails does not undo the others.
    """
    statement = queries.get_statement(actor, statement_id)
    outcome: list[tuple[int, int | None, str]] = []
    for entry in queries.entries_of(statement.pk):
        if entry.state == "open" and statement.state == "accepted":
            outcome.append(_try(actor, now, entry, statement.seller_id))
    return outcome


def _try(
    actor: Actor, now: datetime, entry: BankEntry, seller_id: int
) -> tuple[int, int | None, str]:
    index = OpenItemIndex(queries.open_items(seller_id))
    found = candidates(queries.receipt_of(entry), index, known_ibans=queries.known_ibans(seller_id))
    decision = decide(found)
    best = decision.candidate
    if decision.outcome != "auto" or best is None or len(best.customer_ids) != 1:
        return (entry.pk, None, decision.reason)
    payment = match_entry(
        actor=actor,
        now=now,
        entry_id=entry.pk,
        organization_id=best.customer_ids[0],
        allocations=best.allocations,
        evidence=[{"kind": one.kind, "text": one.text} for one in best.evidence],
        is_automatic=True,
    )
    return (entry.pk, payment.pk, decision.reason)


@transaction.atomic
def ignore_entry(*, actor: Actor, now: datetime, entry_id: int, reason: str) -> BankEntry:
    """Set an entry aside that is no customer's payment, with the reason."""
    if not reason.strip():
        raise ReasonMissing("an entry is set aside for a reason", fields={"reason": "why"})
    entry = _locked_open(actor, entry_id)
    entry.state, entry.ignored_reason = "ignored", reason.strip()[:200]
    entry.save(update_fields=["state", "ignored_reason"])
    return entry


def _locked_open(actor: Actor, entry_id: int) -> BankEntry:
    queries.get_entry(actor, entry_id)
    entry = (
        BankEntry.objects.select_for_update(of=("self",))
        .select_related("statement")
        .get(pk=entry_id)
    )
    if entry.statement.state != "accepted":
        raise AllocationRefused("the statement of this entry is not accepted yet")
    if entry.state != "open":
        raise EntryDone(f"this entry was {entry.state} before")
    return entry
