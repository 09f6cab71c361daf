"""Stage 17 as whole numbers: the tax by kind, and each line's share of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from handsel.bid.price.rules.context import LineTax, Policy
from handsel.bid.price.rules.priced import PricedFee, TaxTotal
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import divide
from handsel.ground.kernel.split import apportion_minor
from handsel.ground.tax.rules.amounts import tax_on, tax_within


class Extended(Protocol):
    """A line with its own amount, as the document needs it: reckoned now, or kept before."""

    @property
    def key(self) -> Any: ...
    @property
    def product_id(self) -> Any: ...
    @property
    def product_group(self) -> str: ...
    @property
    def list_minor(self) -> int: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def tax(self) -> LineTax: ...
    @property
    def counts(self) -> bool: ...
    @property
    def takes_header(self) -> bool: ...


def distribute(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Distribute an amount over weights ≥ 0 by largest remainder, the first among equals first.

    Sums exactly; each part is within one minor unit of its proportion. Where all weights are
    zero there is nothing to give a part to, and the total must be zero too.
    """
    if not total_minor or not any(weights):
        return [0] * len(weights)
    return apportion_minor(total_minor, weights)


def taxes_of(
    lines: Sequence[Extended],
    fees: Sequence[PricedFee],
    amounts: Sequence[int],
    currency: str,
    policy: Policy,
) -> tuple[tuple[TaxTotal, ...], dict[Any, int]]:
    """Tax by kind, on the sum or (declared) line by line, and each line's share of it."""
    groups: dict[LineTax, tuple[list[Any], list[int]]] = {}
    last: LineTax | None = None
    keys: list[Any] = []
    bases: list[int] = []
    for line, amount in zip(lines, amounts, strict=True):
        if line.tax is not last:
            last = line.tax
            keys, bases = groups.setdefault(last, ([], []))
        keys.append(line.key)
        bases.append(amount)
    extra: dict[LineTax, list[int]] = defaultdict(list)
    for fee in fees:
        extra[fee.tax].append(fee.net_minor)
    totals: list[TaxTotal] = []
    shares: dict[Any, int] = {}
    kinds = {**groups, **extra}
    order = sorted(kinds, key=lambda tax: (-tax.rate_bps, tax.category, tax.reason_code))
    for tax in order:
        keys, bases = groups.get(tax, ([], []))
        weights = bases + extra.get(tax, [])
        if policy.tax_per_line:
            parts = [tax_in(weight, tax, currency, policy) for weight in weights]
            amount = sum(parts)
        else:
            amount = tax_in(sum(weights), tax, currency, policy)
            parts = _tax_parts(amount, weights)
        base = sum(weights) - (amount if policy.prices_include_tax else 0)
        totals.append(TaxTotal(tax, base, amount))
        shares.update(zip(keys, parts, strict=False))  # what remains are the fees' parts
    return tuple(totals), shares


def tax_in(amount_minor: int, tax: LineTax, currency: str, policy: Policy) -> int:
    """The tax on an amount, or the one that is in it."""
    amount = Money(amount_minor, currency)
    if policy.prices_include_tax:
        return tax_within(amount, tax.rate_bps)[1].amount_minor
    return tax_on(amount, tax.rate_bps).amount_minor


def _tax_parts(amount: int, weights: Sequence[int]) -> list[int]:
    """Shares of a tax; lines that go the other way (credits) bear theirs with their sign."""
    if min(weights, default=0) >= 0:
        return distribute(amount, weights)
    if max(weights, default=0) <= 0:
        return distribute(amount, [-weight for weight in weights])
    whole = sum(weights)
    reached, cumulated, parts = 0, 0, []
    for weight in weights:
        cumulated += weight
        sign = -1 if whole < 0 else 1
        at = divide(amount * cumulated * sign, abs(whole)) if whole else 0
        parts.append(at - reached)
        reached = at
    return parts
