"""The response clock: what starts it, what stops it, what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handsel.attract.lead.rules.response import Contact, band, first_answer, response

ASKED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = ASKED + timedelta(hours=5)


def after(minutes: float, direction: str = "out", channel: str = "mail", **more: object) -> Contact:
    at = ASKED + timedelta(minutes=minutes)
    facts: dict[str, object] = {"is_by_person": True, **more}
    return Contact(at, direction, channel, **facts)  # type: ignore[arg-type]  # named in the test


def test_the_first_mail_by_a_person_stops_the_clock() -> None:
    found = response(ASKED, [after(42), after(30), after(90)], now=NOW)
    assert (found.state, found.seconds) == ("answered", 30 * 60)


def test_acknowledgements_inbound_mails_and_dials_nobody_took_stop_nothing() -> None:
    contacts = [
        after(0.1, is_by_person=False),
        after(10, "in"),
        after(20, channel="call", reached=False),
        after(25, channel="call", reached=False),
    ]
    found = response(ASKED, contacts, now=NOW)
    assert (found.state, found.seconds, found.attempts) == ("waiting", 5 * 3600, 2)
    assert found.answered_at is None


def test_a_call_that_reached_somebody_stops_it_and_attempts_are_counted_apart() -> None:
    contacts = [after(20, channel="call", reached=False), after(50, channel="call")]
    found = response(ASKED, contacts, now=NOW)
    assert (found.seconds, found.attempts) == (50 * 60, 1)


def test_a_call_that_we_took_was_answered_at_once_and_does_not_count() -> None:
    found = response(ASKED, [after(0, "in", "call", user_id=7)], now=NOW)
    assert (found.state, found.seconds, found.counts) == ("live", 0, False)


def test_an_inbound_call_nobody_of_us_took_waits() -> None:
    assert response(ASKED, [after(0, "in", "call")], now=NOW).state == "waiting"


def test_a_mail_in_the_customers_own_hand_is_never_an_answer() -> None:
    assert first_answer([after(5, "in", "mail", user_id=7)]) is None


def test_an_answer_before_the_question_is_flagged_and_never_made_positive() -> None:
    found = response(ASKED, [after(-15)], now=NOW)
    assert (found.state, found.seconds, found.counts) == ("before", None, False)


@pytest.mark.parametrize("why", ["spam", "test", "duplicate", "imported"])
def test_excluded_leads_keep_their_reason(why: str) -> None:
    found = response(ASKED, [after(30)], now=NOW, excluded=why)
    assert (found.state, found.excluded, found.seconds) == ("excluded", why, None)


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0, "0-5"), (299, "0-5"), (300, "5-15"), (900, "15-60"), (3599, "15-60"), (3600, "60+")],
)
def test_bands_do_not_overlap(seconds: int, name: str) -> None:
    assert band(seconds) == name
