"""The warehouse's pure rules, with the worked numbers of the reference."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.deliver.fulfillment.rules.allocation import Demand, Supply, allocate
from handsel.deliver.fulfillment.rules.counting import cut
from handsel.deliver.fulfillment.rules.loading import (
    LineState,
    all_that_can_go,
    is_all_shipped,
    warehouse_to_ship_from,
)
from handsel.deliver.fulfillment.rules.promise import Portion, Receipt, promise
from handsel.deliver.fulfillment.rules.quantities import (
    in_unit,
    is_fulfilled,
    may_ship,
    remaining,
)

D = Decimal
TODAY = date(2026, 3, 2)
DAY_5 = date(2026, 3, 7)


def test_available_to_promise_s1():
    """On hand 10, reserved 4, 20 more on day 5; 12 wanted: 6 now and 6 on day 5."""
    answer = promise(
        today=TODAY, on_hand=D(10), reserved=D(4), receipts=[Receipt(DAY_5, D(20))], wanted=D(12)
    )
    assert answer.portions == (Portion(TODAY, D(6)), Portion(DAY_5, D(6)))
    assert answer.complete_on == DAY_5
    assert answer.short == 0


def test_a_promise_says_what_nothing_covers():
    answer = promise(today=TODAY, on_hand=D(1), reserved=D(1), receipts=[], wanted=D(2))
    assert (answer.portions, answer.complete_on, answer.short) == ((), None, D(2))


def test_a_late_receipt_counts_from_today():
    late = Receipt(date(2026, 1, 1), D(5))
    answer = promise(today=TODAY, on_hand=D(0), reserved=D(0), receipts=[late], wanted=D(5))
    assert answer.complete_on == TODAY


@pytest.mark.parametrize(
    ("more", "bps", "good"),
    [(104, 500, True), (105, 500, True), (106, 500, False), (101, 0, False), (100, 0, True)],
)
def test_tolerance_s2(more, bps, good):
    assert may_ship(D(100), D(0), D(more), tolerance_bps=bps) is good


def test_a_little_less_counts_as_fulfilled_within_the_tolerance():
    assert is_fulfilled(D(100), D(95), tolerance_bps=500)
    assert not is_fulfilled(D(100), D("94.9"), tolerance_bps=500)
    assert not is_fulfilled(D(100), D("99.999999"))
    assert remaining(D(100), D(104)) == 0


def test_units_of_one_dimension_are_converted():
    assert in_unit(D("2.5"), "m", "mm") == 2500
    assert in_unit(D(7), "piece", "piece") == 7


def test_one_warehouse_is_preferred_over_two():
    demands = [Demand(1, 10, D(2)), Demand(2, 11, D(1))]
    supplies = [
        Supply(100, 1, 10, D(2)),
        Supply(200, 2, 10, D(2)),
        Supply(201, 2, 11, D(1)),
    ]
    given_out = allocate(demands, supplies)
    assert {(a.line_id, a.stock_item_id, a.quantity) for a in given_out} == {
        (1, 200, D(2)),
        (2, 201, D(1)),
    }


amounts = st.decimals("0", "20", places=1)


@given(
    demands=st.lists(st.tuples(st.integers(1, 3), amounts), max_size=6),
    supplies=st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 3), amounts),
        max_size=9,
        unique_by=lambda row: row[:2],
    ),
)
def test_allocation_never_gives_more_than_there_is_or_is_wanted(demands, supplies):
    wanted = [Demand(n, product, quantity) for n, (product, quantity) in enumerate(demands)]
    stock = [
        Supply(n, warehouse, product, quantity)
        for n, (warehouse, product, quantity) in enumerate(supplies)
    ]
    given_out = allocate(wanted, stock)
    for demand in wanted:
        assert sum(a.quantity for a in given_out if a.line_id == demand.line_id) <= demand.quantity
    for supply in stock:
        taken = sum(a.quantity for a in given_out if a.stock_item_id == supply.stock_item_id)
        assert taken <= supply.free
    for product in (1, 2, 3):
        asked = sum((d.quantity for d in wanted if d.product_id == product), D(0))
        there = sum((s.free for s in stock if s.product_id == product), D(0))
        items = {s.stock_item_id for s in stock if s.product_id == product}
        given_of = sum((a.quantity for a in given_out if a.stock_item_id in items), D(0))
        assert given_of == min(asked, there)


def test_a_cut_takes_the_newest_promise_first():
    assert cut([(1, D(5)), (2, D(3)), (3, D(2))], D(4)) == [(3, D(2)), (2, D(2))]
    assert cut([(1, D(5))], D(0)) == []
    assert cut([(1, D(5))], D(-1)) == []


def line(key, way, ordered, shipped="0", **reserved):
    held = {int(name[1:]): D(quantity) for name, quantity in reserved.items()}
    return LineState(
        key, key, f"line {key}", "", key, way, "piece", "piece", D(ordered), D(shipped), D(0), held
    )


def test_the_default_load_is_all_goods_that_are_ready():
    lines = [
        line(1, "stock", "5", w7="3"),
        line(2, "direct", "2", "1"),
        line(3, "service", "8"),
        line(4, "stock", "1"),
    ]
    assert warehouse_to_ship_from(lines) == 7
    assert all_that_can_go(lines, 7) == {1: D(3), 2: D(1)}
    assert not is_all_shipped(lines, {1: D(3), 2: D(1)})


def test_services_go_once_no_goods_are_owed():
    done, work = line(1, "stock", "5", "5"), line(2, "service", "8", "2")
    assert all_that_can_go([done, work], None) == {2: D(6)}
    assert all_that_can_go([line(1, "stock", "5"), work], None) == {}
    assert is_all_shipped([done, work], {2: D(6)})


def test_more_reserved_than_open_is_not_ready():
    assert line(1, "stock", "5", "4", w1="3").ready() == 1
    assert line(1, "stock", "5", "1", w1="1", w2="2").short == 1
