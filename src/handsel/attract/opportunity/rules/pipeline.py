"""The pipeline at any past instant, rebuilt from events alone.

Each deal is folded from its events in order of occurrence. The state today is the fold of all of
them, which a test holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from handsel.ground.kernel.money import Money

PREFIX = "opportunity.opportunity."


@dataclass(frozen=True, slots=True)
class DealEvent:
    """One event of one deal as it stands in the log; `payload` in the log's JSON values."""

    opportunity_id: int
    type: str
    occurred_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DealAt:
    """What was known about a deal at an instant."""

    opportunity_id: int
    state: str
    stage_id: int
    amount: Money
    expected_close_on: date | None
    owner_id: int | None
    opened_at: datetime
    closed_at: datetime | None = None
    lost_reason: str = ""


def deals(events: Iterable[DealEvent]) -> dict[int, DealAt]:
    """Deals by key from events in order; what happened before a deal was opened is not seen."""
    known: dict[int, DealAt] = {}
    for event in events:
        before = known.get(event.opportunity_id)
        after = _opened(event) if before is None else _after(before, event)
        if after is not None:
            known[event.opportunity_id] = after
    return known


def _opened(event: DealEvent) -> DealAt | None:
    if event.type != f"{PREFIX}opened":
        return None
    said = event.payload
    return DealAt(
        opportunity_id=event.opportunity_id,
        state="open",
        stage_id=said["stage_id"],
        amount=_money(said["amount"]),
        expected_close_on=_day(said["expected_close_on"]),
        owner_id=said.get("owner_id"),
        opened_at=event.occurred_at,
    )


def _after(deal: DealAt, event: DealEvent) -> DealAt:
    said = event.payload
    match event.type.removeprefix(PREFIX):
        case "moved":
            return replace(deal, stage_id=said["to_stage_id"])
        case "revised":
            return replace(
                deal,
                amount=_money(said["amount"]),
                expected_close_on=_day(said["expected_close_on"]),
                owner_id=said["owner_id"],
            )
        case "won":
            return replace(
                deal,
                state="won",
                amount=_money(said["amount"]),
                closed_at=event.occurred_at,
                lost_reason="",
            )
        case "lost":
            return replace(
                deal, state="lost", closed_at=event.occurred_at, lost_reason=said["reason"]
            )
        case "reopened":
            return replace(deal, state="open", closed_at=None, lost_reason="")
        case _:
            return deal


def _money(said: Mapping[str, Any]) -> Money:
    return Money(int(said["minor"]), str(said["currency"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def totals(deals_at: Iterable[DealAt]) -> dict[str, list[Money]]:
    """Value of deals by currency for each state; amounts of two currencies are never added."""
    sums: dict[tuple[str, str], int] = {}
    for deal in deals_at:
        key = (deal.state, deal.amount.currency)
        sums[key] = sums.get(key, 0) + deal.amount.amount_minor
    by_state: dict[str, list[Money]] = {}
    for (state, currency), minor in sorted(sums.items()):
        by_state.setdefault(state, []).append(Money(minor, currency))
    return by_state
