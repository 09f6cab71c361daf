"""The posting rules, in one table: what each fact does to which account.

| rule | debit | credit |
|---|---|---|
| invoice | receivable: payable | sales: net of each line; vat: tax |
| deposit | receivable: payable | deposit: net; vat: tax |
| final | receivable: payable; deposit: net deducted; vat: tax deducted | sales; vat |
| credit_note | sales (or deposit); vat | receivable: payable |
| payment | bank: amount; bank_charges: charges | unallocated: both |
| allocation | unallocated | receivable |
| allocation_reversal | receivable | unallocated |
| write_off | write_off: net; vat: tax part | receivable |
| discount | discount: net; vat: tax part | receivable |
| write_off_reversal | receivable | write_off: net; vat: tax part |
| discount_reversal | receivable | discount: net; vat: tax part |

A leg's amount is positive for a debit, negative for a credit; the legs of an entry sum to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handsel.earn.ledger.rules.chart import sales_role


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry, in minor units; debit positive."""

    role: str
    amount_minor: int
    text: str = ""
    invoice_line_id: int | None = None
    receivable_entry_id: int | None = None
    allocation_id: int | None = None


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of an issued invoice as the books see it."""

    invoice_line_id: int
    name: str
    net_minor: int
    tax_category: str
    is_service: bool


@dataclass(frozen=True, slots=True)
class BilledDocument:
    """An issued invoice or credit note as the books see it; amounts are positive."""

    kind: str
    corrects_deposit: bool
    lines: tuple[BilledLine, ...]
    tax_minor: int
    payable_minor: int
    rounding_minor: int = 0
    deducted_net_minor: int = 0
    deducted_tax_minor: int = 0


@dataclass(frozen=True, slots=True)
class PostingRule:
    """One row of the table: what a fact debits and credits, in words."""

    name: str
    debit: str
    credit: str


def posting_table() -> list[PostingRule]:
    """The table on top of this file, row by row; what people read is what is kept here."""
    rows = []
    for line in (__doc__ or "").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in ("rule", "---"):
            rows.append(PostingRule(*cells))
    return rows


def legs_of_document(document: BilledDocument) -> list[Leg]:
    """The legs for an issued document; see the table above."""
    legs = [Leg("receivable", document.payable_minor)]
    legs.extend(_income_legs(document))
    legs.append(Leg("vat", -document.tax_minor))
    legs.append(Leg("deposit", document.deducted_net_minor, "deposits deducted"))
    legs.append(Leg("vat", document.deducted_tax_minor, "VAT of deposits deducted"))
    legs.append(Leg("rounding", -document.rounding_minor))
    if document.kind == "credit_note":
        legs = [_mirror(leg) for leg in legs]
    return _balanced(legs)


def _income_legs(document: BilledDocument) -> list[Leg]:
    to_deposit = document.kind == "deposit" or document.corrects_deposit
    return [
        Leg(
            "deposit" if to_deposit else sales_role(line.tax_category, is_service=line.is_service),
            -line.net_minor,
            line.name[:200],
            invoice_line_id=line.invoice_line_id,
        )
        for line in document.lines
    ]


def legs_of_payment(amount_minor: int, charges_minor: int) -> list[Leg]:
    """The legs for money on the bank account and what the bank kept of it."""
    return _balanced(
        [
            Leg("bank", amount_minor),
            Leg("bank_charges", charges_minor),
            Leg("unallocated", -(amount_minor + charges_minor)),
        ]
    )


def legs_of_allocation(amount_minor: int, allocation_id: int) -> list[Leg]:
    """The legs for an allocation; a negative amount is its reversal."""
    return _balanced(
        [
            Leg("unallocated", amount_minor, allocation_id=allocation_id),
            Leg("receivable", -amount_minor, allocation_id=allocation_id),
        ]
    )


def legs_of_write_off(
    kind: str, amount_minor: int, tax_minor: int, receivable_entry_id: int
) -> list[Leg]:
    """The legs for a claim given up (`write_off`) or a `discount`; `amount_minor` is gross."""
    legs = [
        Leg(kind, amount_minor - tax_minor),
        Leg("vat", tax_minor),
        Leg("receivable", -amount_minor, receivable_entry_id=receivable_entry_id),
    ]
    return _balanced(legs)


def reversed_legs(legs: Sequence[Leg]) -> list[Leg]:
    """The legs that undo an entry."""
    return [_mirror(leg) for leg in legs]


def _mirror(leg: Leg) -> Leg:
    return Leg(
        leg.role,
        -leg.amount_minor,
        leg.text,
        leg.invoice_line_id,
        leg.receivable_entry_id,
        leg.allocation_id,
    )


def _balanced(legs: Sequence[Leg]) -> list[Leg]:
    """The legs that move anything; raises ValueError when they do not sum to zero."""
    difference = sum(leg.amount_minor for leg in legs)
    if difference:
        raise ValueError(f"legs are out of balance by {difference} minor units")
    return [leg for leg in legs if leg.amount_minor]
