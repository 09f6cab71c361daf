"""Every posting rule balances for any document, and what is undone is the mirror."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from handsel.earn.ledger.rules import posting
from handsel.earn.ledger.rules.chart import CHART, sales_role
from handsel.earn.ledger.rules.posting import BilledDocument, BilledLine, Leg

amounts = st.integers(0, 10**11)
signed = st.integers(-(10**11), 10**11)
ROLES = {account.role for account in CHART}
lines = st.builds(
    BilledLine,
    invoice_line_id=st.integers(1, 10**6),
    name=st.text(max_size=10),
    net_minor=signed,
    tax_category=st.sampled_from(["S", "Z", "E", "AE", "K", "G", "O"]),
    is_service=st.booleans(),
)


@st.composite
def documents(draw: st.DrawFn) -> BilledDocument:
    """A document whose payable follows from its lines, as billing's constraint has it."""
    billed = tuple(draw(st.lists(lines, max_size=6)))
    kind = draw(st.sampled_from(["invoice", "deposit", "final", "credit_note"]))
    tax, rounding = draw(signed), draw(st.integers(-5, 5))
    deducted = (draw(amounts), draw(amounts)) if kind == "final" else (0, 0)
    net = sum(line.net_minor for line in billed)
    return BilledDocument(
        kind=kind,
        corrects_deposit=kind == "credit_note" and draw(st.booleans()),
        lines=billed,
        tax_minor=tax,
        payable_minor=net + tax - sum(deducted) + rounding,
        rounding_minor=rounding,
        deducted_net_minor=deducted[0],
        deducted_tax_minor=deducted[1],
    )


def balanced(legs: list[Leg]) -> Counter[str]:
    """The sums by role, after the promises every rule makes."""
    assert sum(leg.amount_minor for leg in legs) == 0
    assert all(leg.amount_minor for leg in legs)
    assert {leg.role for leg in legs} <= ROLES
    sums: Counter[str] = Counter()
    for leg in legs:
        sums[leg.role] += leg.amount_minor
    return sums


@given(documents())
def test_documents_balance_and_move_receivable_and_vat_by_what_they_say(
    document: BilledDocument,
) -> None:
    sums = balanced(posting.legs_of_document(document))
    sign = -1 if document.kind == "credit_note" else 1
    assert sums["receivable"] == sign * document.payable_minor
    assert sums["vat"] == sign * (document.deducted_tax_minor - document.tax_minor)
    if document.kind == "deposit" or document.corrects_deposit:
        assert not any(role.startswith("sales") for role in sums)


@given(signed, amounts)
def test_payments_balance(amount: int, charges: int) -> None:
    sums = balanced(posting.legs_of_payment(amount, charges))
    assert (sums["bank"], sums["unallocated"]) == (amount, -(amount + charges))


@given(signed)
def test_an_allocation_and_its_reversal_leave_nothing(amount: int) -> None:
    there = balanced(posting.legs_of_allocation(amount, 1))
    back = balanced(posting.legs_of_allocation(-amount, 1))
    assert all(there[role] + back[role] == 0 for role in {*there, *back})


@given(st.sampled_from(["write_off", "discount"]), amounts, st.data())
def test_write_offs_balance_with_any_tax_part(kind: str, amount: int, data: st.DataObject) -> None:
    tax = data.draw(st.integers(0, amount))
    sums = balanced(posting.legs_of_write_off(kind, amount, tax, 1))
    assert (sums[kind], sums["vat"], sums["receivable"]) == (amount - tax, tax, -amount)


@given(documents())
def test_reversed_legs_undo(document: BilledDocument) -> None:
    legs = posting.legs_of_document(document)
    mirrored = posting.reversed_legs(legs)
    assert [leg.amount_minor for leg in mirrored] == [-leg.amount_minor for leg in legs]


@given(st.text(max_size=3), st.booleans())
def test_every_line_has_an_account(category: str, is_service: bool) -> None:
    assert sales_role(category, is_service=is_service) in ROLES
