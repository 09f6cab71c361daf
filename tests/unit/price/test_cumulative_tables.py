"""Tables that know what was bought before: what the whole costs, less what is paid already."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.price_cases import one, row

OF_TEN = [{"from": "0", "per": "10", "price": "40"}]
CHEAPER = [*OF_TEN, {"from": "50", "per": "10", "price": "35"}]
FAR_CHEAPER = [*OF_TEN, {"from": "50", "per": "10", "price": "20"}]
FROM_TEN = [{"from": "10", "per": "10", "price": "40"}]
BLOCKS = [{"from": "0", "flat": "50"}, {"from": "100", "flat": "50", "price": "0.40"}]
P_09 = [
    {"to": "10000", "price": "0.0010", "flat": "10"},
    {"to": "50000", "price": "0.0008", "flat": "10"},
    {"to": "100000", "price": "0.0006", "flat": "10"},
]
WITH_FEES = [
    {"from": "0", "per": "10", "price": "40", "flat": "5"},
    {"from": "50", "per": "10", "price": "35", "flat": "5"},
]
LATE = [{"from": "10", "price": "8"}, {"from": "20", "price": "6"}]


def net(kind: str, steps: list[dict[str, Any]], sold: str, quantity: str, **more: Any) -> str:
    table = {"rule": "T", "kind": kind, "steps": steps, "cumulative": True} | more
    line = {"product": "A", "quantity": quantity, "sold": sold}
    found = one(line, tiers=[table], prices={"A": "10"})
    return str(found["net"])


@pytest.mark.parametrize(
    ("name", "kind", "steps", "sold", "quantity", "expected"),
    [
        ("C-01 first packages", "package", OF_TEN, "0", "25", "120.00"),
        ("C-02 room in the third package", "package", OF_TEN, "25", "5", "0.00"),
        ("C-03 one more than there is room", "package", OF_TEN, "25", "6", "40.00"),
        # 6 × 35 = 210, of which 5 × 40 = 200 are paid
        ("C-04 a cheaper step", "package", CHEAPER, "45", "10", "10.00"),
        # 5 × 20 = 100 after 160: the publisher is warned of such a table
        ("C-05 a step that gives money back", "package", FAR_CHEAPER, "40", "10", "-60.00"),
        # the five before were none of the table's: one new package at its step
        ("C-06 paid by another price", "package", FROM_TEN, "5", "10", "40.00"),
        ("C-07 a credit of the last ten", "package", OF_TEN, "30", "-10", "-40.00"),
        ("C-08 a credit of room", "package", OF_TEN, "28", "-3", "0.00"),
        ("C-09 a credit over the step", "package", CHEAPER, "55", "-10", "-10.00"),
        ("C-10 a credit of more than was bought", "package", OF_TEN, "5", "-12", "-80.00"),
        # 50 + 20 × 0.40 = 58, 50 of it paid
        ("C-11 a block entered before", "block", BLOCKS, "80", "40", "8.00"),
        ("C-12 inside a block", "block", BLOCKS, "10", "80", "0.00"),
        ("C-13 beyond a block", "block", BLOCKS, "120", "40", "16.00"),
        # 81.00 in all, of which 10 + 10 + 28 + 10 = 58 are paid
        ("C-14 fees of a slab once", "slab", P_09, "45000", "20000", "23.00"),
        ("C-15 inside a step of a slab", "slab", P_09, "45000", "1000", "0.80"),
        # 10 off list, 5 at 8; then 5 at 8, 5 at 6
        ("C-16 a slab that begins late", "slab", LATE, "0", "15", "140.00"),
        ("C-17 the same, later", "slab", LATE, "15", "10", "70.00"),
        ("C-18 the same, not reached", "slab", LATE, "0", "5", "50.00"),
        # every unit at the rate of the step, whatever was paid: 10 × 6
        ("C-19 a rate counts new units only", "all_units", LATE, "15", "10", "60.00"),
        # one new package at 35, and the fee of the step that is reached now
        ("C-20 a rate with packages and fees", "all_units", WITH_FEES, "45", "10", "40.00"),
        ("C-21 the same inside its step", "all_units", WITH_FEES, "55", "10", "35.00"),
        ("C-22 room in a package at a rate", "all_units", WITH_FEES, "51", "9", "0.00"),
    ],
)
def test_what_is_due_after_what_was_bought(
    name: str, kind: str, steps: list[dict[str, Any]], sold: str, quantity: str, expected: str
) -> None:
    assert net(kind, steps, sold, quantity) == expected, name


def test_without_the_switch_nothing_was_bought_before() -> None:
    assert net("package", OF_TEN, "25", "5", cumulative=False) == "40.00"
    assert net("block", BLOCKS, "80", "40", cumulative=False) == "50.00"


def test_two_lines_of_a_scope_share_what_is_due() -> None:
    # 12 and 6 after 5 sold on the first: 23 are three packages, one of them paid: 80.00
    from tests.support.price_cases import priced

    table = {"rule": "T", "kind": "package", "steps": OF_TEN, "cumulative": True, "scope": "quote"}
    found = priced(
        [
            {"product": "A", "quantity": "12", "sold": "5"},
            {"product": "B", "quantity": "6"},
        ],
        tiers=[table],
    )
    assert [line["net"] for line in found["lines"]] == ["53.33", "26.67"]


def test_a_table_that_is_a_price_says_what_it_counted() -> None:
    table = {"rule": "T", "kind": "slab", "steps": LATE, "cumulative": True}
    found = one({"product": "A", "quantity": "10", "sold": "15"}, tiers=[table], prices={"A": "10"})
    assert found["notes"] == ["T: cumulative, line: 10 and 15 before"]
    assert (row(found, "base"), row(found, "tier")) == ("100.00", "-30.00")
