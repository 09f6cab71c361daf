"""Time and price by hand in the sheet: one canonical form, and every change can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.sheet.edits import SetField
from handsel.bid.quote.rules.sheet.fields import Sheet, canonical, value_of
from handsel.bid.quote.rules.sheet.merge import merge
from handsel.bid.quote.rules.sheet.price_fields import PRICE_FIELDS, WAYS, Unreadable, whole
from handsel.bid.quote.rules.subscription import Subscription
from handsel.ground.kernel.period import add_months


@dataclass(slots=True)
class CareLine:
    """A line as the sheet sees it."""

    key: UUID
    name: str = "Care"
    description: str = ""
    quantity: Decimal = Decimal(1)
    discount_bps: int = 0
    is_optional: bool = False
    is_chosen: bool = True
    charge: str = "one_time"
    asked: Mapping[str, Any] = field(default_factory=dict)


KEY = UUID(int=1)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
amounts = st.decimals(0, 10**6, places=2).map(lambda one: f"{one:f}")


@st.composite
def terms(draw: st.DrawFn) -> str:
    start = draw(days)
    months = draw(st.sampled_from([1, 3, 12, 36]))
    end = draw(st.sampled_from([add_months(start, months) - timedelta(1), start + timedelta(99)]))
    tail = draw(st.sampled_from(["", "/M30", "/ACTACT/1", "//1", "//12", "/30/360"]))
    return f"{start}/{end}{tail}"


values = st.one_of(
    st.tuples(st.just("term"), st.one_of(st.just(""), terms())),
    st.tuples(
        st.just("paid"),
        st.sampled_from(["one_time", "usage", "recurring/1", "recurring/3", "recurring/12"]),
    ),
    st.tuples(
        st.just("hand"),
        st.one_of(
            st.just(""),
            st.builds(
                lambda way, amount: f"{way} {amount} as last year", st.sampled_from(WAYS), amounts
            ),
        ),
    ),
)


def one(line: CareLine) -> Sheet[CareLine]:
    return Sheet([line])


def kept(line: CareLine, name: str) -> str:
    return whole(name, value_of(one(line), line, name), 12)


def told(name: str, text: str) -> str:
    return whole(name, canonical(name, text), 12)


def wanted(line: CareLine, name: str, now: str) -> SetField:
    return SetField(line_key=line.key, field=name, was=value_of(one(line), line, name), now=now)


@given(st.lists(values, max_size=8))
def test_undoing_every_edit_backwards_gives_back_what_there_was(
    edits: list[tuple[str, str]],
) -> None:
    line = CareLine(KEY)
    sheet = one(line)
    steps = []
    for name, now in edits:
        edit = wanted(line, name, now)
        before = (line.charge, dict(line.asked))
        done = merge(sheet, [edit], {})
        assert not done.conflicts
        if done.refused:
            assert (line.charge, dict(line.asked)) == before
        elif done.touched:
            steps.append((edit, before))
    for edit, before in reversed(steps):
        back = SetField(line_key=KEY, field=edit.field, was=edit.now, now=edit.was)
        assert merge(sheet, [back], {}).applied == [0]
        assert (line.charge, dict(line.asked)) == before


@given(values)
def test_a_canonical_form_is_its_own(edit: tuple[str, str]) -> None:
    name, text = edit
    try:
        found = canonical(name, text)
    except Unreadable:
        return
    assert canonical(name, found) == found


@given(values, values)
def test_two_fields_of_one_line_are_kept_from_both_people(
    mine: tuple[str, str], theirs: tuple[str, str]
) -> None:
    """What one changed after the other looked is kept, or told; never lost unsaid."""
    line = CareLine(KEY)
    edits = [wanted(line, *mine), wanted(line, *theirs)]
    sheet = one(line)
    first = merge(sheet, edits[:1], {})
    second = merge(sheet, edits[1:], {})
    if mine[0] != theirs[0]:
        assert not first.conflicts
        assert not second.conflicts
        for done, edit in ((first, edits[0]), (second, edits[1])):
            if done.applied:
                assert kept(line, edit.field) == told(edit.field, edit.now)
    elif first.touched and second.conflicts:
        assert kept(line, mine[0]) == second.conflicts[0].found
    elif first.touched and second.applied:
        assert told(*mine) == told(*theirs)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("term", "2026-04-01"),
        ("term", "2026-04-01/2026-03-31"),
        ("term", "2026-04-01/2029-03-31/WEEKS"),
        ("term", "2026-04-01/2029-03-31//0"),
        ("term", "2026-04-01/3000-01-01"),
        ("paid", "recurring"),
        ("paid", "recurring/0"),
        ("paid", "weekly"),
        ("hand", "override"),
        ("hand", "override 120"),
        ("hand", "override -1 because"),
        ("hand", "override NaN because"),
        ("hand", "override 1e400 because"),
        ("hand", "override 1000000000000 because"),
        ("hand", "cheaper 1 because"),
        ("hand", "override 1 " + "x" * 301),
    ],
)
def test_what_is_none_is_refused(name: str, text: str) -> None:
    with pytest.raises(Unreadable):
        canonical(name, text)


def test_a_period_of_a_ramp_and_a_renewal_are_not_taken_apart() -> None:
    term = Subscription(start_on=date(2026, 1, 1), end_on=date(2026, 12, 31)).asked()
    ramp = {**term, "ramp": {"of": str(KEY), "place": "1", "count": "2"}}
    renewal = {"renewal": {"kind": "same", "customer_price": "1"}, "reason": "r"}
    for asked, name, now in (
        (ramp, "term", ""),
        (ramp, "paid", "recurring/1"),
        (renewal, "hand", "override 1 r"),
        ({"multiplier": "14/12"}, "term", "2026-01-01/2026-12-31"),
    ):
        line = CareLine(KEY, asked=asked)
        done = merge(one(line), [wanted(line, name, now)], {})
        assert [refusal.field for refusal in done.refused] == [name]
        assert line.asked == asked


def test_the_fields_are_those_of_the_sheet() -> None:
    line = CareLine(KEY)
    assert [value_of(one(line), line, name) for name in PRICE_FIELDS] == ["one_time", "", ""]
