"""Allocation, statute order, discount and ageing, by the worked numbers of the reference."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handsel.earn.cash.rules.ageing import Bucket, ReceivableRow, age, bucket_of
from handsel.earn.cash.rules.allocation import Claim, ClaimPart, allocate, allocate_by_statute
from handsel.earn.cash.rules.discount import (
    DiscountPart,
    TaxedAmount,
    discount_on,
    split_discount,
)
from handsel.earn.cash.rules.receivables import OpenItem
from handsel.earn.cash.rules.subset import MOST_ITEMS, exact_subsets
from handsel.ground.kernel.errors import CurrencyMismatch, Invalid
from handsel.ground.kernel.money import Money


def item(item_id: int, open_minor: int, due_on: date, currency: str = "EUR") -> OpenItem:
    return OpenItem(item_id, 1, f"#{item_id}", currency, open_minor, due_on)


THREE = (
    item(3, 30000, date(2026, 7, 1)),
    item(1, 40000, date(2026, 5, 1)),
    item(2, 50000, date(2026, 6, 1)),
)


def test_a1_oldest_due_first() -> None:
    found = allocate(100000, THREE)
    assert [(one.item_id, one.amount_minor) for one in found.allocations] == [
        (1, 40000),
        (2, 50000),
        (3, 10000),
    ]
    assert found.unapplied_minor == 0


def test_a1_the_designated_first() -> None:
    found = allocate(100000, THREE, designated=[3, 2])
    assert [(one.item_id, one.amount_minor) for one in found.allocations] == [
        (3, 30000),
        (2, 50000),
        (1, 20000),
    ]


def test_what_is_left_is_unapplied_and_nothing_is_nothing() -> None:
    assert allocate(125000, THREE).unapplied_minor == 5000
    assert allocate(0, THREE).allocations == ()
    assert allocate(10, [item(9, -500, date(2026, 1, 1))]).unapplied_minor == 10


def test_a_negative_amount_and_mixed_currencies_are_refused() -> None:
    with pytest.raises(Invalid):
        allocate(-1, THREE)
    with pytest.raises(CurrencyMismatch):
        allocate(1, [*THREE, item(4, 1, date(2026, 1, 1), "USD")])


ON = date(2026, 3, 1)


def claim(item_id: int, principal: int = 10000, due_on: date = ON, **more: int) -> Claim:
    return Claim(item_id, due_on, principal, **more)


def test_a3_costs_interest_principal() -> None:
    owed = claim(1, interest_minor=25, costs_minor=500)
    parts, left = allocate_by_statute(Money(5000, "EUR"), [owed], on=ON)
    assert (parts, left) == ((ClaimPart(1, 500, 25, 4475),), 0)
    assert owed.total_minor - parts[0].total_minor == 5525


def test_a3_designation_orders_debts_but_not_their_insides() -> None:
    older = claim(1, due_on=date(2026, 1, 1))
    younger = claim(2, interest_minor=25, costs_minor=500)
    parts, _ = allocate_by_statute(Money(600, "EUR"), [older, younger], on=ON, designated=[2])
    assert parts == (ClaimPart(2, 500, 25, 75),)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (claim(2), claim(1, due_on=date(2026, 4, 1))),  # due before not yet due
        (claim(2), Claim(1, ON, 10000, is_secured=True)),  # unsecured before secured
        (claim(2, burden_bps=900), claim(1, burden_bps=500)),  # the more burdensome
        (claim(2, due_on=date(2026, 1, 1)), claim(1)),  # the older
    ],
)
def test_the_statute_orders_debts(first: Claim, second: Claim) -> None:
    parts, _ = allocate_by_statute(Money(10000, "EUR"), [second, first], on=ON)
    assert [part.item_id for part in parts] == [first.item_id]


def test_equal_debts_are_paid_pro_rata() -> None:
    parts, left = allocate_by_statute(
        Money(100, "EUR"), [claim(1, 100), claim(2, 100), claim(3, 100)], on=ON
    )
    assert [part.total_minor for part in parts] == [34, 33, 33]
    assert left == 0
    assert allocate_by_statute(Money(400, "EUR"), [claim(1, 100)], on=ON)[1] == 300
    with pytest.raises(Invalid):
        allocate_by_statute(Money(-1, "EUR"), [], on=ON)


def test_a4_discount_with_its_tax() -> None:
    discount = discount_on(Money(119000, "EUR"), 200)
    assert discount.text() == "23.80"
    assert split_discount(discount, [TaxedAmount("S", 1900, 119000)]) == [
        DiscountPart("S", 1900, 2000, 380)
    ]


def test_a_discount_over_several_rates_sums_exactly() -> None:
    amounts = [TaxedAmount("S", 1900, 11900), TaxedAmount("S", 700, 10700), TaxedAmount("E", 0, 5)]
    discount = discount_on(Money(22605, "EUR"), 300)
    parts = split_discount(discount, amounts)
    assert sum(part.net_minor + part.tax_minor for part in parts) == discount.amount_minor == 678
    assert [(part.net_minor, part.tax_minor) for part in parts] == [(300, 57), (300, 21)]


def test_discounts_out_of_bounds() -> None:
    assert split_discount(Money(0, "EUR"), []) == []
    for bad in (Money(-1, "EUR"), Money(101, "EUR")):
        with pytest.raises(Invalid):
            split_discount(bad, [TaxedAmount("S", 1900, 100)])
    with pytest.raises(Invalid):
        discount_on(Money(100, "EUR"), 10001)


def test_a2_a_unique_subset_and_an_ambiguous_one() -> None:
    assert exact_subsets([119000, 54000, 73000], 173000).subsets == ((0, 1),)
    assert exact_subsets([119000, 54000, 73000], 173000).is_unique
    two = exact_subsets([100, 200, 300], 300)
    assert (two.subsets, two.is_unique) == (((2,), (0, 1)), False)
    assert exact_subsets([100, 200], 250).subsets == ()
    assert exact_subsets([500, -100], 400, at_least=2).subsets == ((0, 1),)


def test_a_search_that_was_cut_proves_nothing() -> None:
    many = exact_subsets([1000, *([7] * MOST_ITEMS)], 1000)
    assert (many.subsets, many.is_complete, many.is_unique) == (((0,),), False, False)
    alike = exact_subsets([1] * MOST_ITEMS, 15)
    assert (len(alike.subsets), alike.is_complete) == (2, False)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-1, Bucket.NOT_DUE),
        (0, Bucket.NOT_DUE),
        (1, Bucket.DAYS_1_30),
        (30, Bucket.DAYS_1_30),
        (31, Bucket.DAYS_31_60),
        (60, Bucket.DAYS_31_60),
        (61, Bucket.DAYS_61_90),
        (90, Bucket.DAYS_61_90),
        (91, Bucket.OVER_90),
    ],
)
def test_the_edges_of_the_buckets(days: int, bucket: Bucket) -> None:
    due_on = date(2026, 3, 1)
    assert bucket_of(due_on, date.fromordinal(due_on.toordinal() + days)) is bucket


def row(kind: str, amount: int, on: date, item_id: int | None = 1, **more: object) -> ReceivableRow:
    due_on = date(2026, 2, 1) if item_id else None
    return ReceivableRow(7, "EUR", kind, amount, on, item_id, due_on, **more)  # type: ignore[arg-type]


ROWS = [
    row("invoice", 100000, date(2026, 1, 1)),
    row("payment", -40000, date(2026, 2, 10)),
    row("credit", -10000, date(2026, 3, 10)),
    row("payment", -5000, date(2026, 3, 12), None),
    row("write_off", -50000, date(2026, 5, 5)),
]


@pytest.mark.parametrize(
    ("as_of", "bucket", "open_minor", "unapplied"),
    [
        (date(2026, 1, 31), Bucket.NOT_DUE, 100000, 0),
        (date(2026, 2, 9), Bucket.DAYS_1_30, 100000, 0),
        (date(2026, 2, 10), Bucket.DAYS_1_30, 60000, 0),
        (date(2026, 3, 31), Bucket.DAYS_31_60, 50000, -5000),
        (date(2026, 5, 4), Bucket.OVER_90, 50000, -5000),
    ],
)
def test_age_as_of_any_day(as_of: date, bucket: Bucket, open_minor: int, unapplied: int) -> None:
    found = age(ROWS, as_of)
    (customer,) = found.customers
    assert (customer.buckets[bucket], customer.open_minor) == (open_minor, open_minor)
    assert customer.balance_minor == open_minor + unapplied
    assert [one.open_minor for one in found.items] == [open_minor]


def test_closed_items_go_and_early_days_are_empty() -> None:
    closed = age(ROWS, date(2026, 5, 5))
    assert closed.items == ()
    assert closed.customers[0].balance_minor == -5000
    assert age(ROWS, date(2025, 12, 31)).customers == ()


def test_what_was_learned_later_can_be_left_out() -> None:
    learned = datetime(2026, 4, 1, tzinfo=UTC)
    late = row("payment", -60000, date(2026, 3, 1), recorded_at=learned)
    rows = [*ROWS[:2], late]
    asked = date(2026, 3, 31)
    assert age(rows, asked).items == ()
    before = age(rows, asked, known_at=datetime(2026, 3, 31, tzinfo=UTC))
    assert before.items[0].open_minor == 60000


def test_one_item_has_one_owner() -> None:
    other = ReceivableRow(8, "EUR", "credit", -1, date(2026, 1, 2), 1, date(2026, 2, 1))
    with pytest.raises(ValueError, match="item 1"):
        age([*ROWS, other], date(2026, 6, 1))
