"""Candidates: what a rule of matching proposes, how it is weighed, and what may be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handsel.earn.cash.rules.open_items import OpenInCurrency
from handsel.earn.cash.rules.receivables import Allocation, OpenItem, Receipt
from handsel.earn.cash.rules.settlement import Residual, SettlementPolicy


class Rule(StrEnum):
    """The rules in their order; an earlier one outranks a later one."""

    REFERENCE = "structured_reference"
    END_TO_END = "end_to_end_id"
    NUMBER = "invoice_number"
    IBAN_AMOUNT = "iban_and_amount"
    AMOUNT = "unique_amount"
    SUBSET = "subset"
    PAYER = "known_payer"
    NAME = "name"


RANK = {rule: rank for rank, rule in enumerate(Rule)}

# The payer's own word for what he pays. Guesses from amounts never contradict it.
DESIGNATING = frozenset({Rule.REFERENCE, Rule.END_TO_END, Rule.NUMBER})

BASE_BPS = {
    Rule.REFERENCE: 10_000,
    Rule.END_TO_END: 9_900,
    Rule.NUMBER: 9_700,
    Rule.IBAN_AMOUNT: 9_300,
    Rule.AMOUNT: 7_600,
    Rule.SUBSET: 8_700,
    Rule.PAYER: 7_000,
    Rule.NAME: 6_000,
}
RESIDUAL_BPS = {
    Residual.EXACT: 0,
    Residual.DISCOUNT: -200,
    Residual.CHARGE: -200,
    Residual.TOLERANCE: -400,
    Residual.OVER: -600,
    Residual.SPILL: -1_500,
    Residual.SHORT: -1_500,
}
DIGITS_ONLY_BPS = -900
SEVERAL_CUSTOMERS_BPS = -1_000
KNOWN_IBAN_BPS = 400
ALIKE_NAME_BPS = 200
FOREIGN_IBAN_BPS = -2_000
AMBIGUOUS_BPS = -2_000


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """The seller's limits. A candidate is posted by itself from ``auto_bps`` upwards."""

    auto_bps: int = 9_000
    margin_bps: int = 300
    least_alike: int = 85
    most_subset_customers: int = 50
    settlement: SettlementPolicy = field(default_factory=SettlementPolicy)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: its kind for programs, its text for people."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One explanation of a receipt. Cash of the allocations + unapplied = the receipt."""

    rule: Rule
    score_bps: int
    allocations: tuple[Allocation, ...]
    unapplied_minor: int
    residual: Residual
    evidence: tuple[Evidence, ...]
    customer_ids: tuple[int, ...]
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Post by itself ("auto") or let a person look ("review"), and why."""

    outcome: str
    reason: str
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One receipt against what is open in its currency, with what is known of the payer.

    ``by_iban`` are the customers who have paid from the IBAN, ``by_name`` those named alike
    with the likeness from 0 to 100.
    """

    receipt: Receipt
    open: OpenInCurrency
    by_iban: frozenset[int]
    by_name: Mapping[int, int]
    policy: MatchPolicy

    def items_of(self, customer_id: int) -> Sequence[OpenItem]:
        """Return what one customer has open, oldest due first."""
        return self.open.by_customer.get(customer_id, ())
