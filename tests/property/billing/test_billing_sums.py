"""Plans, parts, credits and the chain: what must hold for any numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.earn.billing.errors import SharesInvalid
from handsel.earn.billing.rules.chain import ChainLink, number_before, sealed_text, text_hash
from handsel.earn.billing.rules.crediting import BilledLine, credit_net, credit_rounding
from handsel.earn.billing.rules.drafting import (
    SoFar,
    SoldLine,
    Treatment,
    deposit_nets,
    part_of,
    totals_of,
)
from handsel.earn.billing.rules.plan import plan_items
from handsel.earn.billing.rules.terms import payment_reference
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rate import Rate

amounts = st.integers(0, 10**12)
pieces = st.integers(1, 10**9).map(lambda n: Decimal(n) / 10**6)
rates = st.sampled_from([0, 550, 700, 1900, 2100, 2500])


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    cuts = sorted(draw(st.sets(st.integers(1, 9_999), max_size=11)))
    return [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@given(amounts, shares())
def test_the_parts_of_a_plan_sum_to_the_whole(net: int, bps: list[int]) -> None:
    items = plan_items("shares", bps, Money(net, "EUR"))
    assert sum(item.net.amount_minor for item in items) == net
    assert [item.share_bps for item in items] == bps
    assert items[-1].trigger == "on_delivery"


@pytest.mark.parametrize("wrong", [[], [10_001], [5_000, 4_999], [-1, 10_001], [0, 10_000]])
def test_shares_that_are_no_whole_are_refused(wrong: list[int]) -> None:
    with pytest.raises(SharesInvalid):
        plan_items("shares", wrong, Money(100, "EUR"))


@given(st.lists(st.tuples(amounts, rates), min_size=1, max_size=6), shares())
def test_deposits_and_last_share_sum_per_tax_treatment(
    sold: list[tuple[int, int]], bps: list[int]
) -> None:
    lines = [
        SoldLine(key, Decimal(1), Rate(Decimal(1), "EUR"), Money(net, "EUR"), Treatment("S", r, ""))
        for key, (net, r) in enumerate(sold)
    ]
    got: dict[Treatment, int] = {}
    for place in range(len(bps)):
        for treatment, net in deposit_nets(lines, bps, place):
            got[treatment] = got.get(treatment, 0) + net.amount_minor
    for treatment, total in got.items():
        assert total == sum(ln.net.amount_minor for ln in lines if ln.treatment == treatment)


@given(amounts, st.lists(pieces, min_size=1, max_size=8), st.data())
def test_parts_sum_to_the_line_in_any_order_of_drafting_and_discarding(
    net: int, quantities: list[Decimal], data: st.DataObject
) -> None:
    line = SoldLine(
        1, sum(quantities, Decimal(0)), Rate(Decimal(1), "EUR"), Money(net, "EUR"),
        Treatment("S", 1900, ""),
    )  # fmt: skip
    live: dict[int, int] = {}
    waiting = list(range(len(quantities)))
    discards = data.draw(st.integers(0, 4))
    while waiting:
        place = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
        so_far = SoFar(sum((quantities[k] for k in live), Decimal(0)), sum(live.values()))
        part = part_of(line, before=so_far, quantity=quantities[place])
        live[place] = part.net.amount_minor
        if discards and waiting:
            discards -= 1
            gone = data.draw(st.sampled_from(sorted(live)))
            del live[gone]
            waiting.append(gone)
    assert sum(live.values()) == net


@given(amounts, rates, st.lists(pieces, min_size=1, max_size=8))
def test_credits_never_exceed_and_together_are_the_invoice(
    net: int, rate: int, quantities: list[Decimal]
) -> None:
    treatment = Treatment("S", rate, "")
    whole, money = sum(quantities, Decimal(0)), Money(net, "EUR")
    invoice = totals_of([(treatment, money)], "EUR").gross.amount_minor
    so_far, payable = SoFar(), 0
    for quantity in quantities:
        line = BilledLine(1, whole, money, treatment, so_far)
        assert quantity <= line.left
        part = credit_net(line, quantity)
        own = totals_of([(treatment, part)], "EUR").gross.amount_minor
        rounding = credit_rounding([line], [(treatment, part)], payable, "EUR")
        assert abs(rounding) <= 1
        payable += own + rounding
        assert payable <= invoice
        so_far = SoFar(so_far.quantity + quantity, so_far.net_minor + part.amount_minor)
    assert (so_far.net_minor, payable) == (net, invoice)


def link(**changes: object) -> ChainLink:
    facts: dict[str, object] = {
        "series": "1/invoice",
        "number": "I-2026-00002",
        "kind": "invoice",
        "issued_on": "2026-03-02",
        "currency": "EUR",
        "net_minor": 100,
        "tax_minor": 19,
        "payable_minor": 119,
        "tax_rows": [("S", 1900, "", 100, 19)],
        "lines": [(1, "Gurtförderer", "1", 100)],
        "buyer_id": 7,
        "previous_hash": "ab",
    }
    return ChainLink(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"number": "I-2026-00003"},
        {"net_minor": 101},
        {"tax_rows": [("S", 1900, "", 100, 20)]},
        {"lines": [(1, "Gurtförderer", "2", 100)]},
        {"buyer_id": 8},
        {"previous_hash": "ac"},
    ],
)
def test_any_change_breaks_the_seal(change: dict[str, object]) -> None:
    assert text_hash(sealed_text(link())) == text_hash(sealed_text(link()))
    assert text_hash(sealed_text(link(**change))) != text_hash(sealed_text(link()))
    assert sealed_text(link()).isascii()


@pytest.mark.parametrize(
    ("number", "before"),
    [
        ("I-2026-00001", None),
        ("I-2026-00042", "I-2026-00041"),
        ("C-2026-100000", "C-2026-99999"),
        ("I-2026-100001", "I-2026-100000"),
    ],
)
def test_the_number_before(number: str, before: str | None) -> None:
    assert number_before(number) == before


@given(st.integers(1, 10**6), st.integers(2024, 2099))
def test_payment_references_check_by_iso_11649(n: int, year: int) -> None:
    from stdnum.iso11649 import is_valid

    assert is_valid(payment_reference(f"I-{year}-{n:05d}"))
