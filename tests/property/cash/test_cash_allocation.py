"""Whatever comes in and is open: sums are exact, nothing exceeds, order does not matter."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import chain as joined
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from handsel.earn.cash.rules.ageing import Ageing, ReceivableRow, age, bucket_of
from handsel.earn.cash.rules.allocation import Claim, allocate, allocate_by_statute
from handsel.earn.cash.rules.discount import TaxedAmount, split_discount
from handsel.earn.cash.rules.receivables import OpenItem
from handsel.earn.cash.rules.subset import exact_subsets
from handsel.ground.kernel.money import Money

DAY = date(2026, 1, 1)
days = st.integers(0, 400).map(lambda offset: DAY + timedelta(days=offset))
minors = st.integers(0, 10**9)


@st.composite
def open_items(draw: st.DrawFn) -> list[OpenItem]:
    amounts = draw(st.lists(st.integers(-(10**6), 10**6), max_size=12))
    return [
        OpenItem(number, number % 3, f"RE-{number}", "EUR", amount, draw(days))
        for number, amount in enumerate(amounts, 1)
    ]


@given(minors, open_items(), st.lists(st.integers(1, 14), max_size=5), st.randoms())
def test_allocation_is_exact_bounded_and_blind_to_order(amount, items, designated, random) -> None:
    found = allocate(amount, items, designated=designated)
    opens = {item.item_id: item.open_minor for item in items}
    assert sum(one.amount_minor for one in found.allocations) + found.unapplied_minor == amount
    assert all(0 < one.amount_minor <= opens[one.item_id] for one in found.allocations)
    assert found.unapplied_minor == max(0, amount - sum(x for x in opens.values() if x > 0))
    shuffled = list(items)
    random.shuffle(shuffled)
    assert allocate(amount, shuffled, designated=designated) == found


@given(minors, open_items())
def test_no_younger_item_is_paid_while_an_older_one_is_open(amount, items) -> None:
    paid = {one.item_id: one.amount_minor for one in allocate(amount, items).allocations}
    ordered = sorted((i for i in items if i.open_minor > 0), key=lambda item: item.age_key)
    open_before = False
    for item in ordered:
        assert not (open_before and item.item_id in paid)
        open_before = open_before or paid.get(item.item_id, 0) < item.open_minor


claims = st.lists(
    st.builds(
        Claim,
        item_id=st.integers(1, 10**6),
        due_on=st.sampled_from([DAY, DAY + timedelta(days=30), DAY + timedelta(days=60)]),
        principal_minor=st.integers(0, 10**6),
        interest_minor=st.integers(0, 1000),
        costs_minor=st.integers(0, 1000),
        is_secured=st.booleans(),
        burden_bps=st.sampled_from([0, 500, 900]),
    ),
    max_size=8,
    unique_by=lambda claim: claim.item_id,
)


@given(minors, claims, st.randoms())
def test_the_statute_fills_costs_then_interest_then_principal(amount, owed, random) -> None:
    on = DAY + timedelta(days=30)
    parts, left = allocate_by_statute(Money(amount, "EUR"), owed, on=on)
    by_id = {claim.item_id: claim for claim in owed}
    assert sum(part.total_minor for part in parts) + left == amount
    for part in parts:
        claim = by_id[part.item_id]
        assert 0 < part.total_minor <= claim.total_minor
        assert part.costs_minor <= claim.costs_minor
        assert not part.interest_minor or part.costs_minor == claim.costs_minor
        assert not part.principal_minor or part.interest_minor == claim.interest_minor
        assert part.principal_minor <= claim.principal_minor
    shuffled = list(owed)
    random.shuffle(shuffled)
    assert allocate_by_statute(Money(amount, "EUR"), shuffled, on=on) == (parts, left)


@given(
    st.lists(st.tuples(st.sampled_from([0, 700, 1900]), st.integers(0, 10**7)), min_size=1),
    st.integers(0, 10_000),
)
def test_a_split_discount_sums_to_the_discount(rates, share_bps) -> None:
    amounts = [TaxedAmount("S", rate, gross) for rate, gross in rates]
    gross = sum(amount.gross_minor for amount in amounts)
    discount = gross * share_bps // 10_000
    parts = split_discount(Money(discount, "EUR"), amounts)
    assert sum(part.net_minor + part.tax_minor for part in parts) == discount
    assert all(part.net_minor >= 0 and part.tax_minor >= 0 for part in parts)


@given(st.lists(st.integers(-50, 50), max_size=9), st.integers(-100, 100), st.integers(1, 3))
def test_the_subset_search_agrees_with_trying_everything(amounts, target, at_least) -> None:
    positions = range(len(amounts))
    every = joined.from_iterable(combinations(positions, size) for size in range(10))
    expected = [
        chosen
        for chosen in every
        if len(chosen) >= at_least and sum(amounts[position] for position in chosen) == target
    ]
    found = exact_subsets(amounts, target, at_least=at_least)
    assert found.is_complete
    assert list(found.subsets) == expected[:2]


@st.composite
def receivable_rows(draw: st.DrawFn) -> list[ReceivableRow]:
    rows = []
    for number in range(draw(st.integers(0, 8))):
        customer, currency = number % 3, draw(st.sampled_from(["EUR", "USD"]))
        due_on = draw(days)
        for kind, sign in draw(
            st.lists(st.sampled_from([("invoice", 1), ("credit", -1), ("payment", -1)]))
        ):
            rows.append(
                ReceivableRow(
                    customer, currency, kind, sign * draw(minors), draw(days), number, due_on
                )
            )
        rows.append(ReceivableRow(customer, currency, "payment", -draw(minors), draw(days)))
    return rows


@given(receivable_rows(), days, st.randoms())
def test_ages_add_up_to_what_is_open(rows, as_of, random) -> None:
    found = age(rows, as_of)
    expected: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        if row.effective_on <= as_of:
            expected[row.customer_id, row.currency] += row.amount_minor
    balances = {(c.customer_id, c.currency): c.balance_minor for c in found.customers}
    assert {key: value for key, value in balances.items() if value} == {
        key: value for key, value in expected.items() if value
    }
    assert_items_agree(found)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert age(shuffled, as_of) == found


def assert_items_agree(found: Ageing) -> None:
    by_bucket: dict[object, int] = defaultdict(int)
    for item in found.items:
        assert item.bucket is bucket_of(item.due_on, found.as_of)
        by_bucket[item.customer_id, item.currency, item.bucket] += item.open_minor
    for customer in found.customers:
        for bucket, minor in customer.buckets.items():
            assert by_bucket[customer.customer_id, customer.currency, bucket] == minor
