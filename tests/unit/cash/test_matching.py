"""Matching: candidates in the order of A6, with reasons, and when to post by itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from handsel.earn.cash.rules.candidates import (
    Candidate,
    Decision,
    MatchPolicy,
    Rule,
)
from handsel.earn.cash.rules.matching import candidates, decide
from handsel.earn.cash.rules.names import plain_name
from handsel.earn.cash.rules.open_items import OpenItemIndex, plain_reference
from handsel.earn.cash.rules.receivables import DiscountOffer, OpenItem, Receipt
from handsel.earn.cash.rules.settlement import Residual, SettlementPolicy

ON = date(2026, 3, 9)
IBAN = "NL56AGDH9619008421"


def item(item_id: int, open_minor: int, **more: Any) -> OpenItem:
    values: dict[str, Any] = {
        "customer_id": 1,
        "number": f"RE-2026-{item_id:04d}",
        "currency": "EUR",
        "due_on": date(2026, 3, 1 + item_id % 28),
        "customer_name": "Müller Maschinenbau GmbH & Co. KG",
    }
    return OpenItem(item_id=item_id, open_minor=open_minor, **{**values, **more})


def receipt(amount_minor: int, **more: Any) -> Receipt:
    return Receipt(**{"currency": "EUR", "received_on": ON, "amount_minor": amount_minor, **more})


def decided(found: list[Candidate], policy: MatchPolicy | None = None) -> tuple[str, str]:
    decision = decide(found, policy)
    return decision.outcome, decision.reason


def parts(candidate: Candidate) -> list[tuple[int, int]]:
    return [(one.item_id, one.amount_minor) for one in candidate.allocations]


A2 = [item(1, 119000), item(2, 54000), item(3, 73000)]


def test_a_structured_reference_is_posted() -> None:
    items = [item(1, 119000, references=("RF18 5390 0754 7034",)), item(2, 119000)]
    found = candidates(receipt(119000, references=("RF18539007547034",)), items)
    assert (found[0].rule, found[0].score_bps, parts(found[0])) == (
        Rule.REFERENCE,
        10_000,
        [(1, 119000)],
    )
    assert decided(found) == ("auto", "clear")
    assert "RF18 5390 0754 7034 is that of RE-2026-0001" in found[0].evidence[0].text


def test_a_structured_reference_is_found_in_words_too() -> None:
    items = [item(1, 119000, references=("RF18539007547034",))]
    found = candidates(receipt(119000, text="Betreff RF18 5390 0754 7034 danke"), items)
    assert found[0].rule is Rule.REFERENCE


def test_an_end_to_end_id_is_posted() -> None:
    items = [item(1, 119000, end_to_end_ids=("E2E-1",)), item(2, 5)]
    found = candidates(receipt(119000, end_to_end_id="E2E-1"), items)
    assert (found[0].rule, decided(found)) == (Rule.END_TO_END, ("auto", "clear"))


@pytest.mark.parametrize(
    "text",
    ["Rechnung RE-2026-0001 vom 1.3.", "re 2026/0001", "RE20260001", "RG.RE-2026-0001,Danke"],
)
def test_an_invoice_number_in_words_is_posted(text: str) -> None:
    found = candidates(receipt(119000, text=text), A2)
    assert (found[0].rule, parts(found[0])) == (Rule.NUMBER, [(1, 119000)])
    assert decided(found) == ("auto", "clear")


@pytest.mark.parametrize(
    "text", ["RE-2026-00010", "XRE-2026-0001", "SO-2026-0001", "2026", "RE-2026-000"]
)
def test_a_number_inside_another_is_not_found(text: str) -> None:
    assert all(one.rule is not Rule.NUMBER for one in candidates(receipt(119000, text=text), A2))


def test_digits_alone_are_weaker() -> None:
    found = candidates(receipt(119000, text="Zahlung 2026 0001"), A2)
    assert (found[0].rule, found[0].score_bps) == (Rule.NUMBER, 8_800)
    assert decided(found) == ("review", "below_threshold")
    known = candidates(
        receipt(119000, text="20260001", payer_iban=IBAN), A2, known_ibans={IBAN: {1}}
    )
    assert decided(known) == ("auto", "clear")


def test_digits_shared_by_two_numbers_are_ambiguous() -> None:
    items = [item(1, 100), item(2, 100, number="GS-2026-0001")]
    found = candidates(receipt(100, text="2026-0001"), items)
    assert decided(found) == ("review", "ambiguous")


def test_a1_designation_in_words_takes_the_named_first() -> None:
    items = [item(1, 40000), item(2, 50000), item(3, 30000)]
    found = candidates(receipt(100000, text="RE-2026-0003 RE-2026-0002"), items)
    assert parts(found[0]) == [(3, 30000), (2, 50000), (1, 20000)]
    assert (found[0].residual, decided(found)) == (Residual.SPILL, ("review", "below_threshold"))
    keep = MatchPolicy(settlement=SettlementPolicy(spill_over=False))
    kept = candidates(receipt(100000, text="RE-2026-0003 RE-2026-0002"), items, policy=keep)
    assert (parts(kept[0]), kept[0].unapplied_minor) == ([(3, 30000), (2, 50000)], 20000)


def test_a1_a_known_payer_without_a_word_pays_the_oldest() -> None:
    items = [item(1, 40000), item(2, 50000), item(3, 30000)]
    found = candidates(receipt(100000, payer_iban=IBAN), items, known_ibans={IBAN: [1]})
    assert (found[0].rule, parts(found[0])) == (Rule.PAYER, [(1, 40000), (2, 50000), (3, 10000)])
    assert decided(found)[0] == "review"


def test_a2_a_unique_subset_of_a_known_payer_is_posted() -> None:
    found = candidates(receipt(173000, payer_iban=IBAN), A2, known_ibans={IBAN: {1}})
    assert (found[0].rule, parts(found[0])) == (Rule.SUBSET, [(1, 119000), (2, 54000)])
    assert decided(found) == ("auto", "clear")
    unknown = candidates(receipt(173000), A2)
    assert (unknown[0].rule, decided(unknown)) == (Rule.SUBSET, ("review", "below_threshold"))


def test_a2_two_subsets_are_not_posted() -> None:
    items = [*A2, item(4, 100000)]
    found = candidates(receipt(173000, payer_iban=IBAN), items, known_ibans={IBAN: {1}})
    assert {one.rule for one in found[:2]} == {Rule.SUBSET}
    assert decided(found) == ("review", "ambiguous")


def test_one_item_and_a_subset_that_both_fit_are_not_posted() -> None:
    items = [*A2, item(4, 173000)]
    found = candidates(receipt(173000, payer_iban=IBAN), items, known_ibans={IBAN: {1}})
    assert (found[0].rule, decided(found)) == (Rule.IBAN_AMOUNT, ("review", "rival"))
    named = candidates(
        receipt(173000, payer_iban=IBAN, text="RE-2026-0004"), items, known_ibans={IBAN: {1}}
    )
    assert decided(named) == ("auto", "clear")


def test_a_credit_note_may_be_part_of_a_subset() -> None:
    items = [item(1, 119000), item(2, -19000, number="GS-2026-0002")]
    found = candidates(receipt(100000, payer_iban=IBAN), items, known_ibans={IBAN: {1}})
    assert parts(found[0]) == [(1, 119000), (2, -19000)]
    words = candidates(receipt(100000, text="RE-2026-0001 less GS-2026-0002"), items)
    assert (parts(words[0]), decided(words)) == ([(1, 119000), (2, -19000)], ("auto", "clear"))


def test_a_credit_note_named_where_it_cannot_be_used_goes_to_review() -> None:
    items = [item(1, 19000), item(2, -19000, number="GS-2026-0002")]
    assert candidates(receipt(5000, text="GS-2026-0002"), items[1:]) == []
    found = candidates(receipt(19000, text="RE-2026-0001 GS-2026-0002"), items)
    assert (parts(found[0]), decided(found)) == ([(1, 19000)], ("review", "ambiguous"))


OFFER = DiscountOffer(2380, date(2026, 3, 10))


def test_a4_a_discount_in_time_closes_the_item() -> None:
    items = [item(1, 119000, discount=OFFER)]
    found = candidates(receipt(116620, text="RE-2026-0001"), items)
    (allocation,) = found[0].allocations
    assert (allocation.amount_minor, allocation.discount_minor) == (116620, 2380)
    assert (found[0].residual, decided(found)) == (Residual.DISCOUNT, ("auto", "clear"))


def test_a4_a_late_discount_stays_open_but_for_days_of_grace() -> None:
    items = [item(1, 119000, discount=OFFER)]
    late = receipt(116620, text="RE-2026-0001", received_on=date(2026, 3, 12))
    found = candidates(late, items)
    assert (found[0].residual, found[0].allocations[0].settled_minor) == (Residual.SHORT, 116620)
    assert decided(found)[0] == "review"
    grace = MatchPolicy(settlement=SettlementPolicy(discount_grace_days=2))
    assert candidates(late, items, policy=grace)[0].residual is Residual.DISCOUNT


def test_a4_a_discount_taken_on_one_of_two() -> None:
    items = [item(1, 119000, discount=OFFER), item(2, 54000, discount=DiscountOffer(1080, ON))]
    found = candidates(receipt(119000 + 54000 - 1080, text="RE-2026-0001 RE-2026-0002"), items)
    assert [one.discount_minor for one in found[0].allocations] == [0, 1080]
    assert [one.settled_minor for one in found[0].allocations] == [119000, 54000]


def test_a5_over_payment_is_unapplied() -> None:
    found = candidates(receipt(120000, text="RE-2026-0001"), A2[:1])
    assert (parts(found[0]), found[0].unapplied_minor) == ([(1, 119000)], 1000)
    assert (found[0].residual, decided(found)) == (Residual.OVER, ("auto", "clear"))


def test_a5_a_bank_charge_closes_the_item() -> None:
    found = candidates(receipt(118250, charges_minor=750, text="RE-2026-0001"), A2[:1])
    (allocation,) = found[0].allocations
    assert (allocation.amount_minor, allocation.charge_minor) == (118250, 750)
    assert (found[0].residual, decided(found)) == (Residual.CHARGE, ("auto", "clear"))
    unsaid = candidates(receipt(118250, text="RE-2026-0001"), A2[:1])
    assert (unsaid[0].residual, decided(unsaid)[0]) == (Residual.SHORT, "review")


def test_a_discount_and_a_charge_together() -> None:
    items = [item(1, 119000, discount=OFFER)]
    found = candidates(receipt(115870, charges_minor=750, text="RE-2026-0001"), items)
    (allocation,) = found[0].allocations
    assert (allocation.discount_minor, allocation.charge_minor) == (2380, 750)
    assert allocation.settled_minor == 119000


def test_a_small_difference_is_tolerated_by_policy() -> None:
    policy = MatchPolicy(settlement=SettlementPolicy(short_tolerance_minor=100))
    found = candidates(receipt(118900, text="RE-2026-0001"), A2[:1], policy=policy)
    assert (found[0].allocations[0].tolerance_minor, decided(found)) == (100, ("auto", "clear"))
    more = candidates(receipt(118899, text="RE-2026-0001"), A2[:1], policy=policy)
    assert more[0].residual is Residual.SHORT


def test_iban_and_amount() -> None:
    found = candidates(receipt(54000, payer_iban=IBAN.lower()), A2, known_ibans={IBAN: {1}})
    assert (found[0].rule, parts(found[0])) == (Rule.IBAN_AMOUNT, [(2, 54000)])
    assert {one.kind for one in found[0].evidence} >= {"iban", "amount"}
    assert decided(found) == ("auto", "clear")


def test_two_items_of_one_amount_are_ambiguous() -> None:
    items = [item(1, 54000), item(2, 54000)]
    found = candidates(receipt(54000, payer_iban=IBAN), items, known_ibans={IBAN: {1}})
    assert decided(found) == ("review", "ambiguous")
    assert "and 1 other items as well" in found[0].evidence[1].text


def test_a_unique_amount_of_a_stranger_is_proposed() -> None:
    found = candidates(receipt(54000), A2)
    assert (found[0].rule, parts(found[0])) == (Rule.AMOUNT, [(2, 54000)])
    assert decided(found) == ("review", "below_threshold")


def test_an_alike_name_is_proposed() -> None:
    found = candidates(receipt(60000, payer_name="MUELLER MASCHINENBAU GMBH"), A2)
    assert (found[0].rule, parts(found[0])) == (Rule.NAME, [(1, 60000)])
    assert decided(found) == ("review", "below_threshold")
    assert [one.rule for one in candidates(receipt(60000, payer_name="Maier"), A2)] == []


def test_words_of_two_kinds_that_contradict_go_to_review() -> None:
    items = [item(1, 54000, end_to_end_ids=("E1",)), item(2, 54000)]
    found = candidates(receipt(54000, end_to_end_id="E1", text="RE-2026-0002"), items)
    assert decided(found) == ("review", "rival")


def test_the_iban_of_another_customer_goes_to_review() -> None:
    items = [item(1, 54000), item(2, 99, customer_id=2, customer_name="Other")]
    found = candidates(
        receipt(54000, text="RE-2026-0001", payer_iban=IBAN), items, known_ibans={IBAN: {2}}
    )
    assert "iban_foreign" in {one.kind for one in found[0].evidence}
    assert decided(found) == ("review", "below_threshold")


def test_items_of_several_customers_go_to_review() -> None:
    items = [item(1, 54000), item(2, 1000, customer_id=2, customer_name="Other")]
    found = candidates(receipt(55000, text="RE-2026-0001 RE-2026-0002"), items)
    assert (found[0].customer_ids, decided(found)[0]) == ((1, 2), "review")


def test_nothing_for_money_out_returns_and_other_currencies() -> None:
    assert candidates(receipt(-54000, text="RE-2026-0002"), A2) == []
    assert candidates(receipt(54000, text="RE-2026-0002", is_return=True), A2) == []
    assert candidates(receipt(54000, text="RE-2026-0002", currency="USD"), A2) == []
    assert decide([]) == Decision("review", "no_candidate")


def test_one_explanation_by_several_rules_is_one_candidate() -> None:
    items = [item(1, 119000, references=("RF18539007547034",)), *A2[1:]]
    paid = receipt(
        119000, references=("RF18539007547034",), text="RE-2026-0001", payer_iban=IBAN,
        payer_name="Müller Maschinenbau",
    )  # fmt: skip
    (found,) = candidates(paid, OpenItemIndex(items), known_ibans={IBAN: {1}})
    assert {one.kind for one in found.evidence} == {
        "reference",
        "invoice_number",
        "iban",
        "amount",
        "name",
    }


def test_what_is_compared() -> None:
    assert plain_reference("00 0123-45") == "12345"
    assert plain_name("Jansen B.V.") == plain_name("JANSEN BV") == "jansen"
    assert plain_name("Göteborg Åkeri AB") == "goeteborg akeri"
    assert plain_name("AG") == "ag"
