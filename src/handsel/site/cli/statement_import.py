"""`./handsel import statement FILE`: a bank's file, read, checked, imported and matched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handsel.earn.cash import actions
from handsel.earn.cash.actions import BroughtIn
from handsel.earn.cash.models import BankEntry
from handsel.earn.cash.rules.statement.serialise import statement_to_json
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.site.cli import codes
from handsel.site.cli.output import Output


def bring_in_file(content: bytes, path: Path, output: Output, *, is_trial: bool) -> int:
    """Import a file's statements; the exit code says whether anything was held or refused."""
    actor = Actor.system("command line", seller_ids=Seller.objects.values_list("pk", flat=True))
    now = SystemClock().now()
    document: dict[str, Any] = {"file": str(path), "dry_run": is_trial, "refused": None}
    try:
        file, checked = actions.read_and_check(actor, content)
        document.update(statement_to_json(file, checked))
        outcome = actions.bring_in(
            actor=actor, now=now, content=content, name=path.name, is_trial=is_trial
        )
    except HandselError as refusal:
        output.say(f"{path.name}: refused. {refusal}")
        document["refused"] = {"code": refusal.code, "reason": str(refusal)}
        output.result({**document, "outcome": []})
        return codes.FINDINGS
    for one in outcome:
        _tell(output, one, is_trial)
    output.result({**document, "outcome": [_as_json(one, is_trial) for one in outcome]})
    held = any(one.imported.outcome == "held" for one in outcome)
    return codes.FINDINGS if held else codes.OK


def _tell(output: Output, one: BroughtIn, is_trial: bool) -> None:
    word = "would be " if is_trial else ""
    output.say(f"Statement {one.imported.statement_id}: {word}{one.imported.outcome}")
    for message in one.imported.messages:
        output.say(f"  {message}")
    if one.lines:
        rows = [
            (
                line.entry.booked_on,
                line.entry.counterparty or "–",
                _amount(line.entry),
                ", ".join(line.numbers) or f"waits: {line.outcome.reason.replace('_', ' ')}",
            )
            for line in one.lines
        ]
        output.table(("booked", "from", "amount", "pays"), rows)
        output.say(f"{one.matched} matched, {one.waiting} waiting for a person.")


def _amount(entry: BankEntry) -> str:
    return Money(entry.amount_minor, entry.currency).text()


def _as_json(one: BroughtIn, is_trial: bool) -> dict[str, Any]:
    statement = one.imported.statement
    return {
        "statement_id": one.imported.statement_id,
        "outcome": one.imported.outcome,
        "id": statement.pk if statement is not None and not is_trial else None,
        "messages": list(one.imported.messages),
        "matched": one.matched,
        "waiting": one.waiting,
        "entries": [
            {
                "position": line.entry.position,
                "amount": _amount(line.entry),
                "currency": line.entry.currency,
                "pays": list(line.numbers),
                "reason": line.outcome.reason,
            }
            for line in one.lines
        ],
    }
