"""Stages 14 and 16 to 18: what concerns the whole document: its discount, fees, tax, totals.

Works on lines that are priced by themselves already. So an offer that is frozen can be settled
again for another choice of options without asking any price book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handsel.bid.price.rules.charges import fees_of, recharged
from handsel.bid.price.rules.context import PLAIN_POLICY, LineTax, Policy
from handsel.bid.price.rules.exactness import SHOWN_SCALE, WORK, Scale
from handsel.bid.price.rules.lines import ExtendedLine
from handsel.bid.price.rules.priced import PricedDocument, PricedFee, PricedLine, TaxTotal
from handsel.bid.price.rules.taxing import Extended, distribute, tax_in, taxes_of
from handsel.bid.price.rules.terms import Fee, HeaderTarget
from handsel.bid.price.rules.waterfall import LAST_LIST_STAGE, ORDER, Row, Stage
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.rounding import Rounding, divide
from handsel.ground.kernel.said import said
from handsel.ground.kernel.split import portion_bps

__all__ = ["PricedDocument", "PricedFee", "PricedLine", "TaxTotal", "recalled", "settle"]

_UNIT_PRICE_SCALE = Decimal(1).scaleb(-SHOWN_SCALE)
_DOCUMENT_STAGES = frozenset((Stage.HEADER, Stage.INCLUDED, Stage.TAX))
_AFTER_HEADER = frozenset((Stage.DERIVED, Stage.FEE))


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a document makes of its lines: each line's share of its discount and tax (`header` and
    `tax`, zero for whoever is not named), and what it comes to."""

    header: Mapping[Any, int]
    tax: Mapping[Any, int]
    list_minor: int
    header_minor: int
    net_minor: int
    taxes: tuple[TaxTotal, ...]
    tax_minor: int
    fees: tuple[PricedFee, ...]
    cash_minor: int

    @property
    def gross_minor(self) -> int:
        """Net and tax."""
        return self.net_minor + self.tax_minor


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
    # Percentages of other lines and fees come after the discount; it is reckoned on none of them.
    own = [line for line in counted if line.rows[0].stage not in _AFTER_HEADER]
    shares = header_shares(own, scale=scale, header_bps=header_bps, header=header)
    return settled(
        recharged(lines, shares, currency),
        shares,
        currency=currency,
        scale=scale,
        header_bps=header_bps,
        policy=policy,
    )


def header_shares(
    lines: Sequence[Extended],
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
    eligible_minor = sign * sum(weights)
    change = _header_change(lines, eligible_minor, scale, header_bps, header)
    _refuse_too_much(change, eligible_minor, scale)
    parts = distribute(change, weights)
    return {line.key: part for line, part in zip(eligible, parts, strict=True)}


def _refuse_too_much(change: int, eligible_minor: int, scale: Scale) -> None:
    """A discount that is more than the lines that bear it come to would make them cost less than
    nothing; where no line bears any, nothing is distributed."""
    if not eligible_minor or change * eligible_minor >= 0 or abs(change) <= abs(eligible_minor):
        return
    raise Invalid(
        said(
            "The discount on the whole would be %(wanted)s, more than the %(most)s that the lines "
            "it is taken of come to.",
            wanted=Money(abs(change), scale.currency),
            most=Money(abs(eligible_minor), scale.currency),
        ),
        code="header_discount",
    )


def _header_change(
    lines: Sequence[Extended],
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
    found = settlement(
        lines,
        shares,
        currency=currency,
        scale=scale,
        header_bps=header_bps,
        policy=policy,
        fees=fees,
        taxes=taxes,
    )
    header, tax = found.header, found.tax
    return PricedDocument(
        currency,
        tuple(
            priced_line(line, header.get(line.key, 0), tax[line.key], currency, policy)
            for line in lines
        ),
        found.list_minor,
        found.header_minor,
        found.net_minor,
        found.taxes,
        found.tax_minor,
        found.fees,
        found.cash_minor,
    )


def settlement(
    lines: Sequence[Extended],
    shares: Mapping[Any, int],
    *,
    currency: str,
    scale: Scale,
    header_bps: int = 0,
    policy: Policy = PLAIN_POLICY,
    fees: Sequence[Fee] = (),
    taxes: Mapping[Any, LineTax] | None = None,
) -> Settlement:
    """Stages 16 to 18 as numbers: every line's shares, and the totals of those that count."""
    counted = sorted((line for line in lines if line.counts), key=lambda line: line.key)
    get = shares.get
    amounts = [line.amount_minor + get(line.key, 0) for line in counted]
    charged = fees_of(fees, taxes or {}, counted, shares, currency) if fees else ()
    totals, tax_shares = taxes_of(counted, charged, amounts, currency, policy)
    header = dict(shares)
    if len(counted) < len(lines):
        others = [line for line in lines if not line.counts]
        _uncounted(others, header, tax_shares, currency, header_bps, scale, policy)
    tax_minor = sum(total.tax_minor for total in totals)
    whole = sum(amounts) + sum(fee.net_minor for fee in charged)
    net_minor = whole - tax_minor if policy.prices_include_tax else whole
    gross = net_minor + tax_minor
    step = policy.cash_step_minor
    return Settlement(
        header,
        tax_shares,
        sum(line.list_minor for line in counted),
        sum(amounts) - sum(line.amount_minor for line in counted),
        net_minor,
        totals,
        tax_minor,
        charged,
        divide(gross, step) * step - gross if step > 1 else 0,
    )


def _uncounted(
    lines: Iterable[Extended],
    header: dict[Any, int],
    tax: dict[Any, int],
    currency: str,
    header_bps: int,
    scale: Scale,
    policy: Policy,
) -> None:
    rounding = Rounding(scale.rounding)
    for line in lines:
        takes = header_bps if line.takes_header else 0
        own = -portion_bps(Money(line.amount_minor, currency), takes, rounding).amount_minor
        header[line.key] = own
        tax[line.key] = tax_in(line.amount_minor + own, line.tax, currency, policy)


def priced_line(
    line: ExtendedLine, header: int, tax_minor: int, currency: str, policy: Policy = PLAIN_POLICY
) -> PricedLine:
    """A line with its shares of the document's discount and tax."""
    rows, net_minor, unit_net = with_shares(
        line.rows,
        header,
        tax_minor,
        amount_minor=line.amount_minor,
        unit_net=line.unit_net,
        quantity=line.quantity,
        tax=line.tax,
        currency=currency,
        policy=policy,
    )
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
        line.amount_minor,
        line.takes_header,
    )


def with_shares(
    rows: tuple[Row, ...],
    header: int,
    tax_minor: int,
    *,
    amount_minor: int,
    unit_net: Decimal,
    quantity: Decimal,
    tax: LineTax,
    currency: str,
    policy: Policy = PLAIN_POLICY,
) -> tuple[tuple[Row, ...], int, Decimal]:
    """A line's own rows closed by its shares; its net amount and net unit price with them."""
    net_minor = amount_minor + header
    if header:
        rows = (*rows, Row(Stage.HEADER, "", header))
        unit_net = per_unit(net_minor, quantity, currency)
    if policy.prices_include_tax and tax_minor:
        net_minor -= tax_minor
        rows = (*rows, Row(Stage.INCLUDED, "", -tax_minor, _tax_rule(tax), tax.rate_bps))
        unit_net = per_unit(net_minor, quantity, currency)
    if tax_minor:
        rows = (*rows, Row(Stage.TAX, "", tax_minor, _tax_rule(tax), tax.rate_bps))
    return rows, net_minor, unit_net


def own_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows of a line without its shares of what the document does."""
    return tuple(row for row in rows if row.stage not in _DOCUMENT_STAGES)


def per_unit(net_minor: int, quantity: Decimal, currency: str) -> Decimal:
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
    own = own_rows(rows)
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
        per_unit(amount, quantity, currency),
        listed,
        amount,
        own,
        tax,
        counts,
        takes_header=first.stage not in _AFTER_HEADER,
    )
