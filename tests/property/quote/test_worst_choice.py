"""The worst a buyer's choice can make of an offer is the worst of all choices, tried one by one."""

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.approval.worst import Choice, Part, worst_share

parts = st.builds(Part, st.integers(-50, 300), st.integers(1, 400))
options = st.lists(st.tuples(st.sampled_from(["", "", "a", "b"]), parts), max_size=6)


def tried(fixed: list[Part], open_options: list[Choice]) -> Fraction | None:
    """The largest share over every choice that takes one of each set."""
    free = [part for name, part in open_options if not name]
    names = sorted({name for name, _part in open_options if name})
    sets = [[part for name, part in open_options if name == one] for one in names]
    found = []
    for taken in itertools.product([False, True], repeat=len(free)):
        for one_each in itertools.product(*sets):
            chosen = [*fixed, *itertools.compress(free, taken), *one_each]
            if chosen:
                over, under = sum(p.over for p in chosen), sum(p.under for p in chosen)
                found.append(Fraction(over, under))
    return max(found, default=None)


@given(st.lists(parts, min_size=1, max_size=4), options)
def test_no_choice_is_worse(fixed: list[Part], open_options: list[Choice]) -> None:
    assert worst_share(fixed, open_options) == tried(fixed, open_options)


@given(options)
def test_where_nothing_is_fixed_something_may_be_chosen(open_options: list[Choice]) -> None:
    assert worst_share([], open_options) == tried([], open_options)


def test_nothing_has_no_worst() -> None:
    assert worst_share([], []) is None
    assert worst_share([Part(5, 0)], []) is None
