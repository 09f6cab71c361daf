"""Candidates never exceed the receipt or the items, sum exactly, and ignore the order given."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.earn.cash.rules.candidates import Candidate, MatchPolicy
from handsel.earn.cash.rules.matching import candidates, decide
from handsel.earn.cash.rules.receivables import DiscountOffer, OpenItem, Receipt
from handsel.earn.cash.rules.settlement import Residual, SettlementPolicy

ON = date(2026, 3, 1)
IBANS = ("", "DE1", "NL2")
NAMES = ("", "Müller Maschinenbau GmbH", "Jansen B.V.", "Mueller")

# Small amounts from a short list, so that they often coincide and often add up.
amounts = st.sampled_from([100, 100, 200, 300, 500, 750, 1000, 1190])


@st.composite
def items(draw: st.DrawFn) -> list[OpenItem]:
    found = []
    for number in range(1, draw(st.integers(0, 9)) + 1):
        open_minor = draw(amounts) * draw(st.sampled_from([1, 1, 1, -1]))
        has_discount = draw(st.booleans()) and open_minor > 0
        found.append(
            OpenItem(
                item_id=number,
                customer_id=draw(st.integers(1, 2)),
                number=f"RE-2026-{number:04d}",
                currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"])),
                open_minor=open_minor,
                due_on=ON + timedelta(days=draw(st.integers(-40, 40))),
                references=draw(st.sampled_from([(), (), (f"RF1853900754{number:04d}",)])),
                end_to_end_ids=draw(st.sampled_from([(), (), ("E2E-1",)])),
                customer_name=draw(st.sampled_from(NAMES)),
                discount=DiscountOffer(open_minor // 50, ON) if has_discount else None,
            )
        )
    return found


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    parts = draw(st.lists(amounts, min_size=1, max_size=3))
    named = draw(st.lists(st.integers(1, 9), max_size=3))
    return Receipt(
        amount_minor=sum(parts) - draw(st.sampled_from([0, 0, 2, 4, 24])),
        currency="EUR",
        received_on=ON,
        payer_name=draw(st.sampled_from(NAMES)),
        payer_iban=draw(st.sampled_from(IBANS)),
        end_to_end_id=draw(st.sampled_from(["", "E2E-1"])),
        references=tuple(f"RF1853900754{number:04d}" for number in named[:1]),
        text=" ".join(f"RE-2026-{number:04d}" for number in named[1:]),
        charges_minor=draw(st.sampled_from([0, 0, 4])),
    )


policies = st.builds(
    MatchPolicy,
    settlement=st.builds(
        SettlementPolicy,
        short_tolerance_minor=st.sampled_from([0, 5]),
        discount_grace_days=st.just(0),
        spill_over=st.booleans(),
    ),
)


def assert_sound(one: Candidate, receipt: Receipt, opens: dict[int, int]) -> None:
    assert sum(part.amount_minor for part in one.allocations) + one.unapplied_minor == (
        receipt.amount_minor
    )
    assert one.unapplied_minor >= 0
    assert len({part.item_id for part in one.allocations}) == len(one.allocations) > 0
    for part in one.allocations:
        asked = opens[part.item_id]
        assert part.amount_minor * asked > 0
        assert abs(part.amount_minor) <= abs(part.settled_minor) <= abs(asked)
        assert min(part.discount_minor, part.charge_minor, part.tolerance_minor) >= 0
        if one.residual not in (Residual.SHORT, Residual.SPILL):
            assert part.settled_minor == asked or one.rule.value in ("known_payer", "name")
    assert 0 <= one.score_bps <= 10_000
    assert one.evidence
    assert one.customer_ids


@settings(max_examples=300)
@given(receipts(), items(), policies, st.randoms())
def test_candidates_are_sound_and_blind_to_order(receipt, open_items, policy, random) -> None:
    known = {"DE1": {1}, "NL2": [1, 2]}
    found = candidates(receipt, open_items, known_ibans=known, policy=policy)
    opens = {item.item_id: item.open_minor for item in open_items if item.currency == "EUR"}
    for one in found:
        assert_sound(one, receipt, opens)
    shuffled = list(open_items)
    random.shuffle(shuffled)
    assert candidates(receipt, shuffled, known_ibans=known, policy=policy) == found
    decision = decide(found, policy)
    if decision.outcome == "auto":
        assert decision.candidate is not None
        assert not decision.candidate.is_ambiguous
        assert decision.candidate.score_bps >= policy.auto_bps


@given(items(), st.integers(1, 9))
def test_two_equal_explanations_are_never_posted(open_items, number) -> None:
    """Whoever pays an amount that two items of his ask for, without a word, is asked."""
    first = OpenItem(50, 1, "RE-2026-0050", "EUR", 777 + number, ON)
    second = OpenItem(51, 1, "RE-2026-0051", "EUR", 777 + number, ON)
    receipt = Receipt(777 + number, "EUR", ON, payer_iban="DE1")
    found = candidates(receipt, [*open_items, first, second], known_ibans={"DE1": {1}})
    assert decide(found).outcome == "review"
