"""A bank's file in one go: imported, and matched where it is clear. Or only tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from handsel.earn.cash.actions.reconcile import EntryOutcome, match_automatically
from handsel.earn.cash.actions.statement import ImportedStatement, import_statement
from handsel.earn.cash.models import Allocation, BankEntry, Payment
from handsel.ground.platform.actor import Actor


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One entry of an imported statement, as the summary shows it; `numbers` of what it paid."""

    entry: BankEntry
    outcome: EntryOutcome
    payment: Payment | None
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """A statement of the file, and what became of its entries."""

    imported: ImportedStatement
    lines: tuple[MatchLine, ...]

    @property
    def matched(self) -> int:
        """How many entries became payments."""
        return sum(line.payment is not None for line in self.lines)

    @property
    def waiting(self) -> int:
        """How many wait for a person."""
        return len(self.lines) - self.matched


def bring_in(
    *, actor: Actor, now: datetime, content: bytes, name: str, is_trial: bool = False
) -> list[BroughtIn]:
    """Import a file and match what is clear; a trial does the same and undoes all of it.

    Errors are those of `import_statement`; nothing is kept of a file that is refused.
    """
    with transaction.atomic():
        found = import_statement(actor=actor, now=now, content=content, name=name)
        outcome = [_matched(actor, now, one) for one in found]
        if is_trial:
            transaction.set_rollback(True)
    return outcome


def _matched(actor: Actor, now: datetime, one: ImportedStatement) -> BroughtIn:
    if one.statement is None or one.statement.state != "accepted":
        return BroughtIn(one, ())
    outcomes = match_automatically(actor=actor, now=now, statement_id=one.statement.pk)
    entries = BankEntry.objects.in_bulk([each.entry_id for each in outcomes])
    payments = Payment.objects.select_related("organization").in_bulk(
        [each.payment_id for each in outcomes if each.payment_id]
    )
    numbers: dict[int, tuple[str, ...]] = {}
    allocated = Allocation.objects.filter(payment_id__in=payments).order_by("pk")
    for payment_id, number in allocated.values_list("payment_id", "invoice__number"):
        numbers[payment_id] = (*numbers.get(payment_id, ()), number)
    return BroughtIn(
        one,
        tuple(
            MatchLine(
                entries[each.entry_id],
                each,
                payments.get(each.payment_id or 0),
                numbers.get(each.payment_id or 0, ()),
            )
            for each in outcomes
        ),
    )
