"""Stage history and the pipeline rebuilt from events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from handsel.attract.opportunity.rules.history import Change, time_in_stage, visits
from handsel.attract.opportunity.rules.pipeline import PREFIX, DealEvent, deals, totals
from handsel.ground.kernel.money import Money

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def test_stays_end_where_the_next_one_begins_and_the_last_lasts_until_now() -> None:
    changes = [Change(None, 1, at(0)), Change(1, 2, at(5)), Change(2, 1, at(7))]
    seen = visits(reversed(changes), now=at(10))
    assert [(v.stage_id, v.seconds // 3600, v.left_at) for v in seen] == [
        (1, 5, at(5)),
        (2, 2, at(7)),
        (1, 3, None),
    ]
    assert time_in_stage(changes, now=at(10)) == {1: 8 * 3600, 2: 2 * 3600}


def test_a_skipped_stage_is_a_stay_of_no_time() -> None:
    changes = [Change(None, 1, at(0)), Change(1, 2, at(1)), Change(2, 3, at(1))]
    assert time_in_stage(changes, now=at(2))[2] == 0


def said(hours: int, verb: str, **payload: Any) -> DealEvent:
    return DealEvent(7, PREFIX + verb, at(hours), payload)


def money(minor: int, currency: str = "EUR") -> dict[str, Any]:
    return {"minor": minor, "currency": currency}


OPENED = said(0, "opened", stage_id=1, amount=money(100), expected_close_on="2026-06-30")


def test_a_deal_is_the_fold_of_its_events() -> None:
    story = [
        OPENED,
        said(1, "moved", from_stage_id=1, to_stage_id=2),
        said(2, "revised", amount=money(250), expected_close_on=None, owner_id=4),
        said(3, "lost", reason="price", lost_to="Acme"),
        said(4, "reopened"),
        said(5, "won", amount=money(240)),
    ]
    opened, moved, revised, lost, reopened, won = (deals(story[: n + 1])[7] for n in range(6))
    assert (opened.state, opened.expected_close_on) == ("open", date(2026, 6, 30))
    assert moved.stage_id == 2
    assert (revised.amount, revised.expected_close_on, revised.owner_id) == (
        Money(250, "EUR"),
        None,
        4,
    )
    assert (lost.state, lost.lost_reason, lost.closed_at) == ("lost", "price", at(3))
    assert (reopened.state, reopened.closed_at) == ("open", None)
    assert (won.state, won.amount) == ("won", Money(240, "EUR"))


def test_what_happened_before_a_deal_was_opened_is_not_seen() -> None:
    assert deals([said(0, "moved", from_stage_id=1, to_stage_id=2)]) == {}


def test_two_currencies_are_never_added() -> None:
    first = deals([OPENED])[7]
    other = deals([said(0, "opened", stage_id=1, amount=money(5, "USD"), expected_close_on=None)])[
        7
    ]
    assert totals([first, other, first]) == {"open": [Money(200, "EUR"), Money(5, "USD")]}
