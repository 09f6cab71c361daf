"""Stages 14 and 16 to 18: what concerns the whole document: its discount, fees, tax, totals.

Works on lines that are priced by themselves already. So an offer that is frozen can be settled
again for another choice of options without asking any price book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from handsel.bid.price.rules.context import PLAIN_POLICY, LineTax, Policy
from handsel.bid.price.rules.exactness import SHOWN_SCALE, WORK, Scale
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.priced import PricedDocument, PricedFee, PricedLine, TaxTotal
from handsel.bid.price.rules.terms import Fee, HeaderTarget
from handsel.bid.price.rules.waterfall import LAST_LIST_STAGE, ORDER, Row, Stage
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import Rounding, divide
from handsel.ground.kernel.split import apportion, portion_bps
from handsel.ground.tax.rules.amounts import tax_on, tax_within

__all__ = ["PricedDocument", "PricedFee", "PricedLine", "TaxTotal", "recalled", "settle"]

_UNIT_PRICE_SCALE = Decimal(1).scaleb(-SHOWN_SCALE)
_DOCUMENT_STAGES = frozenset((Stage.HEADER, Stage.FEE, Stage.INCLUDED, Stage.TAX))


def settle(
    lines: Sequence[ExtendedLine],
    *,
    currency: str,
    header_bps: int = 0,
    rounding: Rounding = Rounding.HALF_UP,
    header: HeaderTarget | None = None,
    policy: Policy = PLAIN_POLICY,
) -> PricedDocument:
    """Distribute the document's discount, tax the sums, and total what counts.

    The discount is reckoned once on the sum of the lines and distributed by largest remainder;
    ties go by the lines' keys, so that their order on the page changes no amount (P-33, P-34).
    Tax is reckoned once per kind on the summed base (P-35) and shown per line as its share.
    Optional lines that are not chosen get their own discount and tax, and count nowhere.
    """
    scale = Scale.of(currency, rounding)
    counted = [line for line in lines if line.counts]
    shares = header_shares(counted, scale=scale, header_bps=header_bps, header=header)
    return settled(
        lines, shares, currency=currency, scale=scale, header_bps=header_bps, policy=policy
    )


def header_shares(
    lines: Sequence[ExtendedLine],
    *,
    scale: Scale,
    header_bps: int = 0,
    header: HeaderTarget | None = None,
) -> dict[Any, int]:
    """Stage 14: what each line that may be discounted bears of the document's discount."""
    if not header_bps and header is None:
        return {}
    eligible = sorted((line for line in lines if line.takes_header), key=lambda line: line.key)
    sign = 1 if sum(line.amount_minor for line in eligible) >= 0 else -1
    # Lines that go the other way (a credit among charges) bear nothing of it.
    weights = [max(line.amount_minor * sign, 0) for line in eligible]
    change = _header_change(lines, sign * sum(weights), scale, header_bps, header)
    parts = distribute(change, weights, "")
    return {line.key: part for line, part in zip(eligible, parts, strict=True)}


def _header_change(
    lines: Sequence[ExtendedLine],
    eligible_minor: int,
    scale: Scale,
    header_bps: int,
    header: HeaderTarget | None,
) -> int:
    change = -divide(eligible_minor * header_bps, 10_000, Rounding(scale.rounding))
    if header is not None and header.discount is not None:
        change -= scale.minor(header.discount)
    if header is not None and header.total is not None:
        change = scale.minor(header.total) - sum(line.amount_minor for line in lines)
    return change


def distribute(total_minor: int, weights: Sequence[int], currency: str) -> list[int]:
    """Distribute an amount over weights ≥ 0 by largest remainder, the first among equals first.

    Sums exactly; each part is within one minor unit of its proportion. Where all weights are
    zero there is nothing to give a part to, and the total must be zero too.
    """
    if not total_minor or not any(weights):
        return [0] * len(weights)
    return [part.amount_minor for part in apportion(Money(total_minor, currency or "EUR"), weights)]


def settled(
    lines: Sequence[ExtendedLine],
    shares: Mapping[Any, int],
    *,
    currency: str,
    scale: Scale,
    header_bps: int = 0,
    policy: Policy = PLAIN_POLICY,
    fees: Sequence[Fee] = (),
    taxes: Mapping[Any, LineTax] | None = None,
) -> PricedDocument:
    """Stages 16 to 18 for lines whose shares of the discount are known."""
    counted = sorted((line for line in lines if line.counts), key=lambda line: line.key)
    amounts = {line.key: line.amount_minor + shares.get(line.key, 0) for line in counted}
    charged = _fees(fees, taxes or {}, sum(amounts.values()), currency)
    totals, tax_shares = _taxes(counted, charged, amounts, currency, policy)
    rounding = Rounding(scale.rounding)
    priced = tuple(
        _line(line, shares.get(line.key, 0), tax_shares[line.key], currency, policy)
        if line.counts
        else _uncounted(line, currency, header_bps, rounding, policy)
        for line in lines
    )
    tax_minor = sum(total.tax_minor for total in totals)
    whole = sum(amounts.values()) + sum(fee.net_minor for fee in charged)
    net_minor = whole - tax_minor if policy.prices_include_tax else whole
    gross = net_minor + tax_minor
    step = policy.cash_step_minor
    return PricedDocument(
        currency,
        priced,
        sum(line.list_minor for line in counted),
        sum(shares.get(line.key, 0) for line in counted),
        net_minor,
        totals,
        tax_minor,
        charged,
        divide(gross, step) * step - gross if step > 1 else 0,
    )


def _fees(
    fees: Sequence[Fee], taxes: Mapping[Any, LineTax], net_minor: int, currency: str
) -> tuple[PricedFee, ...]:
    scale = Scale.of(currency)
    return tuple(
        PricedFee(
            fee.rule,
            fee.version,
            fee.label,
            scale.minor(fee.amount)
            if fee.amount is not None
            else portion_bps(Money(net_minor, currency), fee.bps).amount_minor,
            taxes[fee.tax_key],
        )
        for fee in fees
    )


def _taxes(
    lines: Sequence[ExtendedLine],
    fees: Sequence[PricedFee],
    amounts: Mapping[Any, int],
    currency: str,
    policy: Policy,
) -> tuple[tuple[TaxTotal, ...], dict[Any, int]]:
    """Tax by kind, on the sum or (declared) line by line, and each line's share of it."""
    groups: dict[LineTax, list[Any]] = defaultdict(list)
    for line in lines:
        groups[line.tax].append(line.key)
    extra: dict[LineTax, list[int]] = defaultdict(list)
    for fee in fees:
        extra[fee.tax].append(fee.net_minor)
    totals: list[TaxTotal] = []
    shares: dict[Any, int] = {}
    kinds = {**groups, **extra}
    order = sorted(kinds, key=lambda tax: (-tax.rate_bps, tax.category, tax.reason_code))
    for tax in order:
        keys = groups.get(tax, [])
        weights = [amounts[key] for key in keys] + extra.get(tax, [])
        if policy.tax_per_line:
            parts = [_tax_in(weight, tax, currency, policy) for weight in weights]
            amount = sum(parts)
        else:
            amount = _tax_in(sum(weights), tax, currency, policy)
            parts = _tax_parts(amount, weights, currency)
        base = sum(weights) - (amount if policy.prices_include_tax else 0)
        totals.append(TaxTotal(tax, base, amount))
        shares.update(zip(keys, parts, strict=False))  # what remains are the fees' parts
    return tuple(totals), shares


def _tax_in(amount_minor: int, tax: LineTax, currency: str, policy: Policy) -> int:
    amount = Money(amount_minor, currency)
    if policy.prices_include_tax:
        return tax_within(amount, tax.rate_bps)[1].amount_minor
    return tax_on(amount, tax.rate_bps).amount_minor


def _tax_parts(amount: int, weights: Sequence[int], currency: str) -> list[int]:
    """Shares of a tax; lines that go the other way (credits) bear theirs with their sign."""
    if min(weights, default=0) >= 0:
        return distribute(amount, weights, currency)
    if max(weights, default=0) <= 0:
        return distribute(amount, [-weight for weight in weights], currency)
    whole = sum(weights)
    reached, cumulated, parts = 0, 0, []
    for weight in weights:
        cumulated += weight
        sign = -1 if whole < 0 else 1
        at = divide(amount * cumulated * sign, abs(whole)) if whole else 0
        parts.append(at - reached)
        reached = at
    return parts


def _uncounted(
    line: ExtendedLine, currency: str, header_bps: int, rounding: Rounding, policy: Policy
) -> PricedLine:
    amount = Money(line.amount_minor, currency)
    takes = header_bps if line.takes_header else 0
    header = -portion_bps(amount, takes, rounding).amount_minor
    tax_minor = _tax_in(line.amount_minor + header, line.tax, currency, policy)
    return _line(line, header, tax_minor, currency, policy)


def _line(
    line: ExtendedLine, header: int, tax_minor: int, currency: str, policy: Policy
) -> PricedLine:
    rows = line.rows
    unit_net = line.unit_net
    net_minor = line.amount_minor + header
    if header:
        rows = (*rows, Row(Stage.HEADER, "", header))
        unit_net = _per_unit(net_minor, line.quantity, currency)
    if policy.prices_include_tax and tax_minor:
        net_minor -= tax_minor
        rows = (*rows, Row(Stage.INCLUDED, "", -tax_minor, _tax_rule(line.tax), line.tax.rate_bps))
        unit_net = _per_unit(net_minor, line.quantity, currency)
    if tax_minor:
        rows = (*rows, Row(Stage.TAX, "", tax_minor, _tax_rule(line.tax), line.tax.rate_bps))
    return PricedLine(
        line.key,
        line.product_id,
        line.quantity,
        line.list_price,
        unit_net,
        line.list_minor,
        net_minor,
        tax_minor,
        line.tax,
        rows,
        line.counts,
        line.facts,
        line.trace,
    )


def _per_unit(net_minor: int, quantity: Decimal, currency: str) -> Decimal:
    """The net unit price that a share of a document's discount leaves, for showing."""
    if not quantity:
        return Decimal(0)
    exact = WORK.divide(Scale.of(currency).major(net_minor), quantity)
    return exact.quantize(_UNIT_PRICE_SCALE, Rounding.HALF_UP.value)


def _tax_rule(tax: LineTax) -> str:
    return f"tax:{tax.category}" + (f":{tax.reason_code}" if tax.reason_code else "")


def recalled(
    rows: Sequence[Row],
    *,
    key: Any,
    product_id: int,
    quantity: Decimal,
    list_price: Decimal,
    tax: LineTax,
    counts: bool,
    currency: str,
) -> ExtendedLine:
    """A kept line as it was before stage 14, so that its document can be settled again."""
    own = tuple(row for row in rows if row.stage not in _DOCUMENT_STAGES)
    amount = sum(row.amount_minor for row in own)
    first, *others = own
    listed = first.amount_minor + sum(
        row.amount_minor for row in others if ORDER[row.stage] <= LAST_LIST_STAGE
    )
    return ExtendedLine(
        key,
        product_id,
        quantity,
        list_price,
        _per_unit(amount, quantity, currency),
        listed,
        amount,
        own,
        tax,
        counts,
        takes_header=first.stage is not Stage.DERIVED,
    )
