"""Pure rules of insight: survival against brute force, Wilson, cohorts that partition."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from handsel.follow.insight.rules import conversion, pipeline, response, survival
from handsel.follow.insight.rules.proportions import share_bps, wilson_bps
from handsel.ground.kernel.money import Money

CASES = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60)
TODAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def brute_survival(cases: list[tuple[int, bool]], at: int) -> Fraction:
    """The product over every instant, counted anew at each, in exact arithmetic."""
    alive = Fraction(1)
    for instant in range(at + 1):
        at_risk = sum(lasted >= instant for lasted, _came in cases)
        events = sum(lasted == instant and came for lasted, came in cases)
        if events:
            alive *= 1 - Fraction(events, at_risk)
    return alive


@given(CASES)
def test_survival_agrees_with_brute_force(cases: list[tuple[int, bool]]) -> None:
    curve = survival.estimate(cases)
    for at in (0, 1, 7, 20, 40, 60):
        assert abs(curve.survival_at(at) - float(brute_survival(cases, at))) < 1e-9


@given(CASES, st.sampled_from([(1, 10), (1, 2), (9, 10)]))
def test_quantiles_are_the_first_instant_that_reaches_them(
    cases: list[tuple[int, bool]], share: tuple[int, int]
) -> None:
    wanted = Fraction(*share)
    reached = [at for at in range(41) if 1 - brute_survival(cases, at) >= wanted]
    expected = min(reached) if reached and cases else None
    assert survival.estimate(cases).quantile(float(wanted)) == expected


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_without_open_cases_the_curve_is_the_plain_share(lasted: list[int]) -> None:
    curve = survival.estimate((one, True) for one in lasted)
    share, span = curve.share_by(20)
    assert abs(share - sum(one <= 20 for one in lasted) / len(lasted)) < 1e-9
    assert (span is None) == (share in (0, 1))
    assert span is None or 0 <= span[0] <= share <= span[1] <= 1


@given(
    st.lists(st.booleans(), min_size=1, max_size=30).filter(lambda came: sum(came) * 2 < len(came))
)
def test_a_median_of_a_minority_is_not_reached(came: list[bool]) -> None:
    """Who waits now has waited longer than everybody who was answered."""
    cases = [(5 if one else 50, one) for one in came]
    assert survival.estimate(cases).median is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_narrows(part: int, more: int) -> None:
    whole = part + more
    found, wider = wilson_bps(part, whole), wilson_bps(part * 10, whole * 10)
    assert found is not None and wider is not None
    share = share_bps(part, whole)
    assert share is not None
    assert 0 <= found[0] <= share + 1 and share - 1 <= found[1] <= 10_000
    assert wider[1] - wider[0] <= found[1] - found[0] + 1


def test_wilson_is_the_textbook_value() -> None:
    # 15 of 148: 0.0624 to 0.1605 (Newcombe 1998, method 3, with z = 1.96).
    assert wilson_bps(15, 148) == (624, 1605)
    assert wilson_bps(0, 0) is None and share_bps(0, 0) is None


ASKED = st.builds(
    conversion.Asked,
    lead_id=st.integers(1, 10**6),
    number=st.just("L"),
    source=st.sampled_from(["", "unknown", "organic", "fair"]),
    asked_on=st.dates(date(2025, 6, 1), date(2026, 7, 20)),
    won_on=st.none() | st.dates(date(2025, 6, 1), date(2026, 8, 1)),
    excluded=st.sampled_from(["", "", "", "spam"]),
    is_expansion=st.sampled_from([False, False, True]),
)


@given(st.lists(ASKED, max_size=50))
def test_cohorts_and_sources_partition_the_population(leads: list[conversion.Asked]) -> None:
    report = conversion.report(leads, as_of=NOW, today=TODAY)
    known = [one for one in leads if one.asked_on <= TODAY]
    counted = [one for one in known if one.counts]
    for name in ("cohorts", "sources"):
        rows = report.group(name).rows
        figures = [{figure.key: figure for figure in row.figures} for row in rows]
        assert sum(one["leads"].value for one in figures) == len(counted)
        assert sum(one["converted"].part or 0 for one in figures) == report.figure("converted").part
    left_out = report.figure("expansion").value + sum(bool(o.excluded) for o in known)
    assert left_out >= len(known) - len(counted)
    won = sum(row.figures[1].value for row in report.group("same_period").rows)
    assert won == report.figure("converted").part


@given(st.lists(ASKED, max_size=40))
def test_every_counted_figure_is_the_number_of_its_rows(leads: list[conversion.Asked]) -> None:
    report = conversion.report(leads, as_of=NOW, today=TODAY)
    for group in report.groups:
        for row in group.rows:
            for figure in row.figures:
                if figure.unit == "count":
                    assert len(report.rows(figure.bucket)) == figure.value
                elif figure.bucket and figure.part is not None and figure.value is not None:
                    assert len(report.rows(figure.bucket)) == figure.part
    assert len(report.rows("converted")) == report.figure("converted").part


@st.composite
def waits(draw: st.DrawFn) -> response.Asked:
    """A lead with or without an answer."""
    asked = NOW - timedelta(minutes=draw(st.integers(-20, 4000)))
    wait = draw(st.none() | st.integers(-30, 3000))
    return response.Asked(
        lead_id=draw(st.integers(1, 10**6)),
        number="L",
        source=draw(st.sampled_from(["", "fair"])),
        asked_at=asked,
        captured_at=asked,
        answered_at=None if wait is None else asked + timedelta(minutes=wait),
        is_live=draw(st.booleans()) and wait == 0,
        attempts=draw(st.integers(0, 2)),
        excluded=draw(st.sampled_from(["", "", "spam", "imported"])),
    )


@given(st.lists(waits(), max_size=40), st.sampled_from([5, 60]))
def test_response_figures_add_up_and_lead_to_their_rows(
    leads: list[response.Asked], target_min: int
) -> None:
    report = response.report(leads, as_of=NOW, target_s=target_min * 60)
    parts = [report.figure(key).value for key in ("counted", "live", "before_asked", "excluded")]
    assert sum(parts) == report.figure("asked").value  # type: ignore[arg-type]
    bands = [row.figures[0].value for row in report.group("bands").rows]
    assert sum(bands) == report.figure("counted").value  # type: ignore[arg-type]
    assert sum(r.figures[0].value for r in report.group("sources").rows) == parts[0]
    for figure in report.figures:
        if figure.unit == "count" and figure.bucket:
            assert len(report.rows(figure.bucket)) == figure.value
    target = report.figure("within_target")
    assert (target.part or 0) <= (target.whole or 0) <= parts[0]


DEALS = st.builds(
    pipeline.OpenDeal,
    opportunity_id=st.integers(1, 10**6),
    name=st.just("deal"),
    stage_id=st.integers(1, 4),
    stage=st.just("Offer"),
    probability_bps=st.sampled_from([0, 1000, 3333, 10_000]),
    amount=st.builds(Money, st.integers(0, 10**9), st.sampled_from(["EUR", "USD", "JPY"])),
    expected_close_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 3, 1)),
    opened_at=st.just(NOW),
)


@given(st.lists(DEALS, max_size=30))
def test_pipeline_groups_sum_to_the_whole_in_every_currency(deals: list[pipeline.OpenDeal]) -> None:
    report = pipeline.report(deals, as_of=NOW, today=TODAY)
    for figure in report.figures:
        if figure.unit != "money" or figure.key.startswith("overdue"):
            continue
        for group in report.groups:
            parts = [f.value for row in group.rows for f in row.figures if f.key == figure.key]
            assert sum(part.amount_minor for part in parts) == figure.value.amount_minor  # type: ignore[union-attr]
        assert len(report.rows(figure.bucket)) == figure.part
