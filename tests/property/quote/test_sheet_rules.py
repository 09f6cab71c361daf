"""Sums, order and alternatives of a sheet hold for whatever is thrown at them."""

from __future__ import annotations

import random
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.sheet.ordering import places
from handsel.bid.quote.rules.sheet.sums import Summand, one_of_each, subtotals, totals
from handsel.bid.quote.rules.sheet.touched import holds, ranges
from handsel.bid.quote.rules.sheet.tree import Group, ancestors, reading_order

KEYS = [UUID(int=number) for number in range(1, 8)]
groups_of = st.lists(st.sampled_from([None, *KEYS]), min_size=7, max_size=7).map(
    lambda parents: {
        key: Group(key, f"Group {key.int}", parent)
        for key, parent in zip(KEYS, parents, strict=True)
    }
)
summands = st.lists(
    st.builds(
        Summand,
        st.sampled_from([None, *KEYS]),
        st.sampled_from(["one_time", "recurring", "usage"]),
        st.sampled_from([0, 1, 3, 12]),
        st.integers(1, 60),
        st.integers(-(10**9), 10**9),
        st.integers(-(10**9), 10**9),
        st.booleans(),
        st.one_of(st.none(), st.integers(0, 10**9)),
    ),
    max_size=30,
)


@given(summands, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(lines: list[Summand], dice: random.Random) -> None:
    mixed = list(lines)
    dice.shuffle(mixed)
    assert totals(mixed) == totals(lines)


@given(summands)
def test_totals_are_what_one_adds_up_by_hand(lines: list[Summand]) -> None:
    found = totals(lines)
    net = contract = 0
    per_year = Fraction(0)
    for line in lines:
        if line.counts:
            net += line.net_minor
            for _period in range(line.periods):
                contract += line.net_minor
            if line.charge == "recurring" and line.months:
                per_year += Fraction(12 * line.net_minor, line.months)
    assert (found.net_minor, found.contract_minor) == (net, contract)
    # Each line is rounded for itself, so that the sum of lines on paper is the sum.
    assert abs(per_year - (found.annual_minor or 0)) <= Fraction(len(lines), 2)
    assert sum(one.net_minor for one in found.charges) == net
    if found.cost_minor is not None:
        assert found.margin_minor == net - sum(one.cost_minor or 0 for one in lines if one.counts)


@given(summands, groups_of)
def test_subtotals_of_outermost_groups_and_lines_of_none_are_the_total(
    lines: list[Summand], groups: dict[UUID, Group]
) -> None:
    outermost = [place.group.key for place in reading_order(groups.values()) if not place.depth]
    straight = {
        key: Group(key, group.title, None if key in outermost else group.parent_key)
        for key, group in groups.items()
    }
    sums = subtotals(lines, straight)
    inside = sum(sum(sums[key].values()) for key in outermost)
    loose = sum(line.net_minor for line in lines if line.counts and line.group_key is None)
    assert inside + loose == totals(lines).net_minor


@given(groups_of)
def test_every_group_is_read_once_after_the_one_around_it(groups: dict[UUID, Group]) -> None:
    order = [place.group.key for place in reading_order(groups.values())]
    assert sorted(order) == sorted(groups)
    for place in reading_order(groups.values()):
        if place.depth:
            around = ancestors(place.group.key, groups)[1]
            assert order.index(around) < order.index(place.group.key)


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=30))
def test_places_ascend_and_what_stood_in_order_stays(kept: list[int | None]) -> None:
    found = places(kept)
    assert len(found) == len(kept)
    assert all(before < after for before, after in zip([0, *found], found, strict=False))


@given(st.integers(1, 60), st.integers(0, 59), st.integers(0, 59))
def test_moving_one_line_of_a_spread_list_moves_one_place(count: int, take: int, put: int) -> None:
    kept = [1024 * place for place in range(1, count + 1)]
    moved = list(kept)
    moved.insert(put % count, moved.pop(take % count))
    changed = [
        before for before, after in zip(moved, places(moved), strict=True) if before != after
    ]
    assert len(changed) <= 1


@given(
    st.lists(
        st.tuples(st.uuids(), st.sampled_from(["", "a", "b", "c"]), st.booleans()),
        unique_by=lambda one: one[0],
    )
)
def test_of_every_set_exactly_one_is_chosen(sets: list[tuple[UUID, str, bool]]) -> None:
    choose, drop = one_of_each(sets)
    after = [(name, key in choose or (is_on and key not in drop)) for key, name, is_on in sets]
    for wanted in {name for _, name, _ in sets if name}:
        assert [is_on for name, is_on in after if name == wanted].count(True) == 1


@given(st.sets(st.integers(1, 200)))
def test_ranges_hold_what_they_are_made_of(serials: set[int]) -> None:
    text = ranges(serials)
    assert {serial for serial in range(1, 201) if holds(text, serial)} == serials
