"""Guidance by hand-reckoned deals: likeness, quartiles, too few to say."""

from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handsel.bid.quote.rules.guidance import Deal, guide, likeness, quantile

BELTS = {"belts": 900_00}


def deal(number: int, net: int = 900_00, outcome: Any = "won", **more: Any) -> Deal:
    facts: dict[str, Any] = {
        "customer": f"Customer {number}",
        "organization_id": number,
        "segment": "food",
        "currency": "EUR",
        "list_minor": 1_000_00,
        "groups": BELTS,
        **more,
    }
    return Deal(quote_id=number, number=f"Q-{number}", net_minor=net, outcome=outcome, **facts)


def test_likeness_is_told_in_its_parts() -> None:
    this = deal(1)
    same = likeness(this, deal(2, organization_id=1))
    assert (same.groups, same.size, same.segment, same.customer) == (40, 30, 20, 10)
    assert same.score == 100
    twice = likeness(this, deal(2, net=1_800_00, groups={"belts": 1, "stands": 1}, segment="x"))
    assert (twice.groups, twice.size, twice.segment, twice.customer) == (20, 20, 0, 0)
    assert likeness(this, deal(2, net=3_600_00)).size == 10
    assert likeness(this, deal(2, net=7_200_00)).size == 0
    assert likeness(this, deal(2, net=1_350_00)).size == 25
    assert likeness(this, deal(2, currency="GBP")).score == 0
    assert likeness(this, this).score == 0


def test_quartiles_and_median_of_what_won() -> None:
    won = [
        deal(n, net=1_000_00 - bps * 10) for n, bps in enumerate((500, 900, 1000, 1200, 2000), 2)
    ]
    lost = [deal(10, net=750_00, outcome="lost"), deal(11, net=900_00, outcome="lost")]
    found = guide(deal(1, outcome=None), [*won, *lost])
    assert (found.won, found.lost, found.is_enough) == (5, 2, True)
    assert found.stretch is not None
    assert found.target is not None
    assert found.floor is not None
    assert (found.stretch.discount_bps, found.stretch.net_minor) == (900, 910_00)
    assert (found.target.discount_bps, found.target.net_minor) == (1000, 900_00)
    assert (found.floor.discount_bps, found.floor.net_minor) == (1200, 880_00)
    assert (found.lost_above_bps, found.lost_with_more) == (2000, 1)
    assert len(found.similar) == 3


def test_too_few_to_say() -> None:
    four = [deal(n) for n in range(2, 6)]
    assert not guide(deal(1), four).is_enough
    assert guide(deal(1), [*four, deal(6)]).is_enough
    mostly_lost = [deal(n, outcome="lost") for n in range(2, 9)] + four[:2]
    found = guide(deal(1), [deal(20), deal(21), *mostly_lost[:7]])
    assert (found.won, found.is_enough) == (2, False)
    assert found.target is None
    assert guide(deal(1), []).similar == ()


def test_where_only_lost_ones_are_like_it_their_discounts_are_told() -> None:
    lost = [deal(n, net=1_000_00 - bps * 10, outcome="lost") for n, bps in ((2, 200), (3, 900))]
    found = guide(deal(1, outcome=None), lost)
    assert (found.is_enough, found.lost_range, len(found.similar)) == (False, (200, 900), 2)
    assert guide(deal(1, outcome=None), [*lost, deal(4)]).lost_range is None
    assert guide(deal(1, outcome=None), []).lost_range is None


def test_what_is_not_alike_does_not_count() -> None:
    far = [deal(n, net=90_000_00, segment="x", groups={"visits": 1}) for n in range(2, 20)]
    assert guide(deal(1), far).won == 0


def test_quantile_lies_between_neighbours() -> None:
    assert quantile([1], 3, 4) == 1
    assert quantile([0, 10], 1, 2) == 5
    assert quantile([0, 10], 1, 4) == 2
    assert quantile([1, 2, 3, 4], 3, 4) == 3


def test_no_list_price_is_no_discount() -> None:
    assert deal(1, list_minor=0).discount_bps == 0
    assert deal(1, net=1_100_00).discount_bps == -1000


@given(st.lists(st.integers(-2_000, 9_000), min_size=1, max_size=30), st.integers(0, 4))
def test_a_quantile_is_where_that_share_lies_below(discounts: list[int], quarters: int) -> None:
    ordered = sorted(discounts)
    place = Fraction(quarters * (len(ordered) - 1), 4)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    exact = ordered[below] + (place - below) * (ordered[above] - ordered[below])
    assert quantile(ordered, quarters, 4) == floor(exact)
