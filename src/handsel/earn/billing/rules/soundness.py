"""What must hold of a draft before it may get a number: sums to the cent, and the law's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handsel.ground.kernel.money import Money
from handsel.ground.tax.rules.amounts import tax_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundnessFacts:
    """A draft as plain values; tax rows are (rate_bps, basis, tax, category)."""

    line_nets: Sequence[int]
    tax_rows: Sequence[tuple[int, int, int, str]]
    currency: str
    net_minor: int
    tax_minor: int
    gross_minor: int
    payable_minor: int
    kind: str
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]


def unsound(facts: SoundnessFacts) -> list[str]:
    """What stands against the issue, each as a sentence; empty when nothing does."""
    return [*_sums(facts), *_parties(facts)]


def _sums(facts: SoundnessFacts) -> list[str]:
    found = []
    if not facts.line_nets:
        found.append("it has no lines")
    if sum(facts.line_nets) != facts.net_minor:
        found.append("the lines do not sum to the net total")
    if sum(basis for _, basis, _, _ in facts.tax_rows) != facts.net_minor:
        found.append("the VAT bases do not sum to the net total")
    for rate_bps, basis, tax, _ in facts.tax_rows:
        expected = tax_on(Money(basis, facts.currency), rate_bps).amount_minor
        if tax != expected:
            found.append(f"VAT at {rate_bps} basis points should be {expected}, not {tax}")
    if sum(tax for _, _, tax, _ in facts.tax_rows) != facts.tax_minor:
        found.append("the VAT rows do not sum to the VAT total")
    if facts.net_minor + facts.tax_minor != facts.gross_minor:
        found.append("net and VAT do not sum to gross")
    if facts.payable_minor < 0:
        found.append("the deposits exceed the invoice; credit one of them first")
    return found


def _parties(facts: SoundnessFacts) -> list[str]:
    found = []
    for who, party in (("seller", facts.seller), ("buyer", facts.buyer)):
        missing = [part for part in ("name", "street", "city", "country") if not party.get(part)]
        if missing:
            found.append(f"the {who}'s {', '.join(missing)} is missing")
    categories = {category for _, _, _, category in facts.tax_rows}
    if not facts.seller.get("vat_id") and categories & {"S", "AE", "K", "G", "E", "Z"}:
        found.append("the seller's VAT id is missing")
    if "O" in categories and len(categories) > 1:
        # BR-O-11: the norm has no document for it, and once issued it could not be sent.
        found.append("what is outside the scope of VAT needs an invoice of its own")
    if categories & {"AE", "K"} and not facts.buyer.get("vat_id"):
        found.append("tax-free to another country needs the buyer's VAT id")
    return found
