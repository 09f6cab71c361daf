"""Filters of KPIs are read strictly, and every KPI has a complete card."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest

from handsel.follow.insight.errors import BadFilter
from handsel.follow.insight.rules import conversion, response
from handsel.follow.insight.rules.registry import KPIS
from handsel.follow.insight.rules.wanted import Wanted, read

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def test_filters_from_an_address() -> None:
    assert read({}) == Wanted()
    assert read({"source": "-"}).source == ""
    assert read({"source": "fair", "target": "5"}) == Wanted(source="fair", target_min=5)
    assert read({"from": "2026-01-01", "until": "2026-01-01"}).from_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("from", "2026-02-30"),
        ("until", "tomorrow"),
        ("as_of", "0001-01-01"),
        ("target", "0"),
        ("target", "1e3"),
        ("target", "９"),
        ("currency", "eur"),
    ],
)
def test_wrong_filters_are_named(name: str, text: str) -> None:
    with pytest.raises(BadFilter) as refused:
        read({name: text})
    assert name in refused.value.fields


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(BadFilter):
        read({"from": "2026-02-01", "until": "2026-01-31"})


def test_every_card_is_complete() -> None:
    for one in KPIS:
        for part in fields(one):
            assert getattr(one, part.name), (one.key, part.name)


def asked(minutes: int | None, **more: object) -> response.Asked:
    """A lead of yesterday, answered after so many minutes."""
    at = NOW - timedelta(days=1)
    answer = None if minutes is None else at + timedelta(minutes=minutes)
    return response.Asked(1, "L", "", at, at, answer, **more)  # type: ignore[arg-type]


def test_more_than_half_unanswered_has_no_median() -> None:
    report = response.report([asked(5), asked(None), asked(None)], as_of=NOW, target_s=3600)
    assert report.figure("median").value is None
    assert report.figure("not_answered").value == 6667
    half = response.report([asked(5), asked(None)], as_of=NOW, target_s=3600)
    assert half.figure("median").value == 300


def test_answers_that_came_later_than_the_day_asked_about_are_not_known() -> None:
    report = response.report([asked(2000)], as_of=NOW, target_s=3600)
    assert report.figure("not_answered").part == 1


def test_an_attempt_is_no_answer_and_an_early_answer_is_flagged() -> None:
    rows = [asked(None, attempts=2), asked(-5), asked(0, is_live=True), asked(1, excluded="spam")]
    report = response.report(rows, as_of=NOW, target_s=3600)
    found = {f.key: f.value for f in report.figures}
    assert (found["attempted_only"], found["before_asked"], found["live"], found["excluded"]) == (
        1,
        1,
        1,
        1,
    )
    assert found["counted"] == 1


def test_young_cohorts_are_estimated_and_too_young_ones_unknown() -> None:
    leads = [
        conversion.Asked(1, "a", "", date(2026, 5, 1), date(2026, 5, 4)),
        conversion.Asked(2, "b", "", date(2026, 5, 28)),
    ]
    report = conversion.report(leads, as_of=NOW, today=date(2026, 6, 15))
    (row,) = report.group("cohorts").rows
    figures = {figure.key: figure for figure in row.figures}
    assert figures["converted_30"].is_estimate and figures["converted_30"].value == 5000
    assert figures["converted_90"].value is None
    assert figures["converted"].value == 5000


def test_the_empty_source_is_a_category() -> None:
    leads = [
        conversion.Asked(1, "a", "", date(2026, 1, 1), date(2026, 1, 4)),
        conversion.Asked(2, "b", "unknown", date(2026, 1, 1)),
    ]
    report = conversion.report(leads, as_of=NOW, today=date(2026, 6, 15))
    assert {row.key for row in report.group("sources").rows} == {"", "unknown"}
