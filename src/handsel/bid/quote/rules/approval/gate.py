"""Whether a state of an offer needs nobody: the answer of `plan` without its reasons, for the many
states that are tried in search of the nearest change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from handsel.bid.quote.rules.approval.envelope import Envelope
from handsel.bid.quote.rules.approval.evaluate import COMPARE, Offer, limit_in
from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.grammar import OPPOSITE, Comparison, Condition, Junction
from handsel.bid.quote.rules.approval.line_facts import LineFacts, of_line
from handsel.bid.quote.rules.approval.plan import Rule

OfOffer = Callable[[Offer], bool]
OfLine = Callable[[LineFacts], bool]


def gate(rules: Sequence[Rule], envelope: Envelope, currency: str) -> Callable[[QuoteFacts], bool]:
    """Whether `make_plan` would ask nobody, of offers in one currency."""
    allowed = {rule_key for rule_key, _step, _print in envelope.approved}
    checks = [(rule, _of_offer(rule.condition, False, currency)) for rule in rules]

    def needs_nobody(facts: QuoteFacts) -> bool:
        offer = Offer(facts)
        for rule, is_met in checks:
            if not rule.steps or not is_met(offer):
                continue
            if rule.key not in allowed:
                return False
            found = offer.findings(rule.condition) or ()
            if not all(envelope.covers(rule.key, step.print, found) for step in rule.steps):
                return False
        return True

    return needs_nobody


def _of_offer(condition: Condition, negated: bool, currency: str) -> OfOffer:
    if isinstance(condition, Comparison):
        return lambda offer: offer.met(condition, None, negated) is not None
    if isinstance(condition, Junction):
        if condition.word == "not":
            return _of_offer(condition.parts[0], not negated, currency)
        parts = [_of_offer(part, negated, currency) for part in condition.parts]
        if (condition.word == "all") != negated:
            return lambda offer: all(part(offer) for part in parts)
        return lambda offer: any(part(offer) for part in parts)
    of_one = _of_line(condition.condition, negated, currency)
    if (condition.word == "every_line") != negated:
        return lambda offer: bool(offer.facts.lines) and all(map(of_one, offer.facts.lines))
    return lambda offer: any(map(of_one, offer.offered))


def _of_line(condition: Condition, negated: bool, currency: str) -> OfLine:
    if isinstance(condition, Comparison):
        return _compared(condition, negated, currency)
    parts = condition.parts if isinstance(condition, Junction) else (condition.condition,)
    if condition.word == "not":
        return _of_line(parts[0], not negated, currency)
    each = [_of_line(part, negated, currency) for part in parts]
    if (condition.word == "all") != negated:
        return lambda line: all(part(line) for part in each)
    return lambda line: any(part(line) for part in each)


def _compared(asked: Comparison, negated: bool, currency: str) -> OfLine:
    value_of = of_line(asked.fact)
    compare = COMPARE[OPPOSITE[asked.op] if negated else asked.op]
    limit: Any = limit_in(currency, asked.limit, asked.kind)

    def is_met(line: LineFacts) -> bool:
        value = value_of(line)
        return value is not None and (limit is None or compare(value, limit))

    return is_met
