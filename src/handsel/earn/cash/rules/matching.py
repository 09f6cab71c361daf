"""Which open items a receipt pays: ranked candidates, each with its reasons.

The rules are asked in the order of billing reference A6: structured reference, end-to-end id,
invoice number in words, IBAN and exact amount, unique amount, subset, alike name. A candidate
never allocates more than the receipt or more than an item has open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from handsel.earn.cash.rules.candidates import (
    DESIGNATING,
    RANK,
    Candidate,
    Case,
    Decision,
    MatchPolicy,
)
from handsel.earn.cash.rules.matching_rules import (
    by_amount,
    by_end_to_end,
    by_iban,
    by_number,
    by_payer,
    by_reference,
    by_subset,
)
from handsel.earn.cash.rules.names import alike
from handsel.earn.cash.rules.open_items import OpenItemIndex
from handsel.earn.cash.rules.receivables import Allocation, OpenItem, Receipt
from handsel.earn.cash.rules.settlement import Residual
from handsel.earn.cash.rules.statement.parties import normal_iban

# The payer's word does not explain the whole amount; a guess may explain it better.
_OPEN_ENDED = frozenset({Residual.SHORT, Residual.SPILL})


def candidates(
    receipt: Receipt,
    open_items: Sequence[OpenItem] | OpenItemIndex,
    *,
    known_ibans: Mapping[str, Collection[int]] | None = None,
    policy: MatchPolicy | None = None,
) -> list[Candidate]:
    """Return what a receipt may pay, best first, the same for any order of the items.

    ``known_ibans`` maps an IBAN to the customers who have paid from it. Equal explanations by
    several rules are one candidate with all the evidence. Money out and returns give nothing.
    """
    if receipt.amount_minor <= 0 or receipt.is_return:
        return []
    index = open_items if isinstance(open_items, OpenItemIndex) else OpenItemIndex(open_items)
    case = _case_of(receipt, index, known_ibans or {}, policy or MatchPolicy())
    found = [one for rule in (by_reference, by_end_to_end, by_number) for one in rule(case)]
    is_said = any(one.residual not in _OPEN_ENDED and not one.is_ambiguous for one in found)
    guesses = (by_iban, by_amount) if is_said else (by_iban, by_amount, by_subset, by_payer)
    found += [one for rule in guesses for one in rule(case)]
    return sorted(
        _merged(found),
        key=lambda one: (
            RANK[one.rule],
            -one.score_bps,
            [(part.item_id, part.amount_minor) for part in one.allocations],
        ),
    )


def decide(found: Sequence[Candidate], policy: MatchPolicy | None = None) -> Decision:
    """Decide by the first candidate: auto only above the threshold and without a rival.

    A rival explains the receipt otherwise and about as well. Where the payer says what he pays
    for, only another such word can contradict it.
    """
    policy = policy or MatchPolicy()
    if not found:
        return Decision("review", "no_candidate")
    best = found[0]
    if best.is_ambiguous:
        return Decision("review", "ambiguous", best)
    if best.score_bps < policy.auto_bps:
        return Decision("review", "below_threshold", best)
    level = min(policy.auto_bps, best.score_bps - policy.margin_bps)
    is_said = best.rule in DESIGNATING
    for other in found[1:]:
        if other.score_bps >= level and (not is_said or other.rule in DESIGNATING):
            return Decision("review", "rival", best)
    return Decision("auto", "clear", best)


def _case_of(
    receipt: Receipt,
    index: OpenItemIndex,
    known_ibans: Mapping[str, Collection[int]],
    policy: MatchPolicy,
) -> Case:
    listed = index.of(receipt.currency)
    iban = normal_iban(receipt.payer_iban)
    by_name: dict[int, int] = {}
    for name in (receipt.payer_name, receipt.ultimate_name):
        for customer_id, likeness in alike(name, listed.names, least=policy.least_alike):
            by_name[customer_id] = max(likeness, by_name.get(customer_id, 0))
    known = frozenset(known_ibans.get(iban, ())) if iban else frozenset()
    return Case(receipt, listed, known, by_name, policy)


def _merged(found: Iterable[Candidate]) -> list[Candidate]:
    """Join candidates that allocate the same: the first rule leads, all evidence is kept."""
    merged: dict[tuple[Allocation, ...], Candidate] = {}
    for one in found:
        if not one.allocations:
            continue  # only credit notes were named; money cannot pay those
        key = tuple(sorted(one.allocations, key=lambda part: part.item_id))
        known = merged.get(key)
        if known is None:
            merged[key] = one
            continue
        extra = tuple(reason for reason in one.evidence if reason not in known.evidence)
        merged[key] = replace(
            known,
            evidence=known.evidence + extra,
            score_bps=max(known.score_bps, one.score_bps),
        )
    return list(merged.values())
