"""The rules of matching, one function each; ``matching`` asks them in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handsel.earn.cash.rules.candidates import (
    ALIKE_NAME_BPS,
    AMBIGUOUS_BPS,
    BASE_BPS,
    DIGITS_ONLY_BPS,
    FOREIGN_IBAN_BPS,
    KNOWN_IBAN_BPS,
    RESIDUAL_BPS,
    SEVERAL_CUSTOMERS_BPS,
    Candidate,
    Case,
    Evidence,
    Rule,
)
from handsel.earn.cash.rules.clues import NumberClue, numbers_in, references_in
from handsel.earn.cash.rules.open_items import plain_reference
from handsel.earn.cash.rules.receivables import OpenItem, Receipt
from handsel.earn.cash.rules.settlement import Residual, Settlement, settle
from handsel.earn.cash.rules.subset import exact_subsets
from handsel.ground.kernel.said import said


def by_reference(case: Case) -> Iterable[Candidate]:
    """The payer states the creditor reference printed on the invoice."""
    found = references_in(case.receipt, case.open)
    if found:
        evidence = [
            Evidence(
                "reference",
                said(
                    "Reference %(reference)s is that of %(number)s.",
                    reference=reference,
                    number=item.number,
                ),
            )
            for item, reference in found
        ]
        yield _designated(case, Rule.REFERENCE, [item for item, _ in found], evidence)


def by_end_to_end(case: Case) -> Iterable[Candidate]:
    """The payment carries an end-to-end id that we gave (a direct debit, a payment link)."""
    stated = plain_reference(case.receipt.end_to_end_id)
    if not stated:
        return
    found = case.open.by_end_to_end.get(stated, [])
    if found:
        evidence = [
            Evidence(
                "end_to_end_id",
                said(
                    "End-to-end id %(id)s was given for %(number)s.",
                    id=case.receipt.end_to_end_id,
                    number=item.number,
                ),
            )
            for item in found
        ]
        yield _designated(case, Rule.END_TO_END, found, evidence)


def by_number(case: Case) -> Iterable[Candidate]:
    """The payer writes the invoice number in free words or in a document field."""
    found = numbers_in(case.receipt, case.open)
    whole = [clue for clue in found if clue.clue is NumberClue.WHOLE]
    used = whole or found
    if not used:
        return
    evidence = [
        Evidence(
            "invoice_number",
            said(
                "“%(text)s” in the text is the number of %(number)s.", text=text, number=item.number
            ),
        )
        for item, text, _ in used
    ]
    adjust = 0 if whole else DIGITS_ONLY_BPS
    texts = [text for _, text, _ in used]
    is_ambiguous = not whole and len(set(texts)) < len(texts)
    yield _designated(
        case, Rule.NUMBER, [item for item, _, _ in used], evidence, adjust, is_ambiguous
    )


def _designated(
    case: Case,
    rule: Rule,
    items: Sequence[OpenItem],
    evidence: Sequence[Evidence],
    adjust_bps: int = 0,
    is_ambiguous: bool = False,
) -> Candidate:
    owners = {item.customer_id for item in items}
    others = [item for owner in sorted(owners) for item in case.items_of(owner)]
    settlement = settle(case.receipt, items, others=others, policy=case.policy.settlement)
    # A named credit note that cannot be used leaves open what the payer meant by naming it.
    used = {part.item_id for part in settlement.allocations}
    is_unused = any(item.open_minor < 0 and item.item_id not in used for item in items)
    return _candidate(
        case, rule, items, settlement, evidence, adjust_bps, is_ambiguous or is_unused
    )


def by_iban(case: Case) -> Iterable[Candidate]:
    """A known payer pays exactly what one of his items asks."""
    evidence = [
        Evidence(
            "iban", said("IBAN %(iban)s has paid for this customer.", iban=case.receipt.payer_iban)
        )
    ]
    owned = [item for owner in sorted(case.by_iban) for item in case.items_of(owner)]
    yield from _single_amounts(case, Rule.IBAN_AMOUNT, owned, evidence)


def by_amount(case: Case) -> Iterable[Candidate]:
    """One item of all asks for exactly this amount."""
    paid, kept = case.receipt.amount_minor, case.receipt.charges_minor
    asking = {
        item.item_id: item
        for amount in (paid, paid + kept)
        for item in case.open.by_asked.get(amount, ())
    }
    items = sorted(asking.values(), key=lambda item: item.age_key)
    yield from _single_amounts(case, Rule.AMOUNT, items, [])


def _single_amounts(
    case: Case, rule: Rule, items: Iterable[OpenItem], evidence: Sequence[Evidence]
) -> Iterable[Candidate]:
    """Yield items that the receipt pays alone and in full; several make each other ambiguous."""
    accepted = {Residual.EXACT, Residual.DISCOUNT, Residual.CHARGE}
    closed: list[tuple[OpenItem, Settlement]] = []
    for item in items:
        if not _may_close(case.receipt, item):
            continue
        settlement = settle(case.receipt, [item], policy=case.policy.settlement)
        if settlement.residual in accepted:
            closed.append((item, settlement))
    for item, settlement in closed[:5]:
        reason = Evidence(
            "amount",
            said("The amount closes %(number)s.", number=item.number)
            if len(closed) == 1
            else said(
                "The amount closes %(number)s, and %(others)s other items as well.",
                number=item.number,
                others=len(closed) - 1,
            ),
        )
        yield _candidate(
            case, rule, [item], settlement, [*evidence, reason], 0, is_ambiguous=len(closed) > 1
        )


def _may_close(receipt: Receipt, item: OpenItem) -> bool:
    missing = item.open_minor - receipt.amount_minor
    if missing <= 0:
        return missing == 0
    discount = item.discount.amount_minor if item.discount else 0
    return missing in (discount, receipt.charges_minor, discount + receipt.charges_minor)


def by_subset(case: Case) -> Iterable[Candidate]:
    """Several items of one customer make the amount exactly (A2)."""
    for owner in _subset_owners(case):
        items = list(case.items_of(owner))
        if all(item.open_minor > 0 for item in items):
            items = [item for item in items if item.open_minor <= case.receipt.amount_minor]
        amounts = [item.open_minor for item in items]
        search = exact_subsets(amounts, case.receipt.amount_minor, at_least=2)
        for positions in search.subsets:
            chosen = [items[position] for position in positions]
            numbers = ", ".join(item.number for item in chosen)
            proof = (
                said("the only combination that does")
                if search.is_unique
                else said("but other combinations may")
            )
            evidence = [
                Evidence(
                    "subset",
                    said(
                        "%(numbers)s make the amount exactly, %(proof)s.",
                        numbers=numbers,
                        proof=proof,
                    ),
                )
            ]
            settlement = settle(case.receipt, chosen, policy=case.policy.settlement)
            yield _candidate(
                case, Rule.SUBSET, chosen, settlement, evidence, 0, not search.is_unique
            )


def _subset_owners(case: Case) -> list[int]:
    """Return whose items to combine: the known payer's, else those named alike, else a few."""
    if case.by_iban:
        return sorted(case.by_iban)
    if case.by_name:
        return sorted(case.by_name)
    owners = sorted(case.open.by_customer)
    return owners if len(owners) <= case.policy.most_subset_customers else []


def by_payer(case: Case) -> Iterable[Candidate]:
    """A payer known by IBAN, or named alike, pays his oldest due items (A1)."""
    for owner in sorted(case.by_iban | set(case.by_name)):
        items = [item for item in case.items_of(owner) if item.open_minor > 0]
        if not items:
            continue
        settlement = settle(case.receipt, items, policy=case.policy.settlement)
        paid = {part.item_id for part in settlement.allocations}
        chosen = [item for item in items if item.item_id in paid]
        evidence = [Evidence("oldest_first", said("Allocated to the oldest due items."))]
        rule = Rule.PAYER if owner in case.by_iban else Rule.NAME
        is_ambiguous = len(case.by_iban or case.by_name) > 1
        yield _candidate(case, rule, chosen, settlement, evidence, 0, is_ambiguous)


def _candidate(
    case: Case,
    rule: Rule,
    items: Sequence[OpenItem],
    settlement: Settlement,
    evidence: Sequence[Evidence],
    adjust_bps: int,
    is_ambiguous: bool,
) -> Candidate:
    owners = sorted({item.customer_id for item in items})
    score = BASE_BPS[rule] + RESIDUAL_BPS[settlement.residual] + adjust_bps
    payer_bps, payer_evidence = _payer(case, rule, owners)
    score += payer_bps
    if len(owners) > 1:
        score += SEVERAL_CUSTOMERS_BPS
    if is_ambiguous:
        score += AMBIGUOUS_BPS
    return Candidate(
        rule=rule,
        score_bps=max(0, min(score, 10_000)),
        allocations=settlement.allocations,
        unapplied_minor=settlement.unapplied_minor,
        residual=settlement.residual,
        evidence=(*evidence, *payer_evidence),
        customer_ids=tuple(owners),
        is_ambiguous=is_ambiguous,
    )


def _payer(case: Case, rule: Rule, owners: Sequence[int]) -> tuple[int, list[Evidence]]:
    """Weigh who paid against whose items they are."""
    score, evidence = 0, []
    if case.by_iban and rule is not Rule.IBAN_AMOUNT:
        if set(owners) <= case.by_iban:
            score += KNOWN_IBAN_BPS
            evidence.append(Evidence("iban", said("The IBAN has paid for this customer before.")))
        elif not case.by_iban & set(owners):
            score += FOREIGN_IBAN_BPS
            evidence.append(
                Evidence("iban_foreign", said("The IBAN has paid for another customer."))
            )
    likeness = min((case.by_name.get(owner, 0) for owner in owners), default=0)
    if likeness:
        score += ALIKE_NAME_BPS
        evidence.append(
            Evidence(
                "name",
                said(
                    "The payer's name is %(likeness)s %% alike the customer's.", likeness=likeness
                ),
            )
        )
    return score, evidence
