"""The VAT decision for one supply: category, rate, country, reason and legal text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from handsel.ground.kernel.said import said
from handsel.ground.tax.errors import NotRegistered, TaxNotCovered, UnknownRate
from handsel.ground.tax.rules import texts
from handsel.ground.tax.rules.facts import Kind, Product, Supply, supply_of
from handsel.ground.tax.rules.rates import is_covered, percent, rates_on
from handsel.ground.tax.rules.table import Outcome, Rule, rule_for
from handsel.ground.tax.rules.territories import in_eu

Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNTDID 5305 as EN 16931 (BT-118, BT-151) uses it."""

KindName = Literal["good", "service", "electronic"]
ProductName = Literal["standard", "reduced", "zero", "exempt"]


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """What is charged on a supply, and why.

    ``reason_code`` is a VATEX code (BT-121) or "", ``legal_text`` the sentence for the document
    (BT-120) and ``because`` the one for the clerk, both message ids. ``country`` is the one
    whose VAT it is: the taxing country, or where the buyer accounts for the tax.
    """

    category: Category
    rate_bps: int
    country: str
    reason_code: str
    legal_text: str
    rule_id: str
    because: str


def decide(
    *,
    seller_country: str,
    seller_registrations: Collection[str] = (),
    buyer_country: str,
    buyer_vat_id: str | None = None,
    buyer_is_business: bool,
    ship_from_country: str | None = None,
    ship_to_country: str | None = None,
    kind: KindName,
    product_category: ProductName = "standard",
    on: date,
    reduced_bps: int | None = None,
) -> TaxDecision:
    """Decide the VAT of one supply by the table in ``table.py``.

    Countries are ISO 3166 codes. ``seller_registrations`` are countries besides the seller's
    own where it is registered for VAT, directly or by the one-stop shop. Goods go from
    ``ship_from_country`` (default: the seller's) to ``ship_to_country`` (the buyer's).
    ``on`` is the day of supply. ``reduced_bps`` picks one of several reduced rates.

    Raises TaxNotCovered or NotRegistered where a person has to decide, UnknownRate for a
    reduced rate not in force, Invalid for what is not a country.
    """
    return _decide(
        seller_country,
        frozenset(seller_registrations),
        buyer_country,
        buyer_vat_id,
        buyer_is_business,
        ship_from_country,
        ship_to_country,
        kind,
        product_category,
        on,
        reduced_bps,
    )


@lru_cache(maxsize=4096)  # the lines of a document ask the same question again and again
def _decide(
    seller_country: str,
    seller_registrations: frozenset[str],
    buyer_country: str,
    buyer_vat_id: str | None,
    buyer_is_business: bool,
    ship_from_country: str | None,
    ship_to_country: str | None,
    kind: str,
    product_category: str,
    on: date,
    reduced_bps: int | None,
) -> TaxDecision:
    supply = supply_of(
        seller_country=seller_country,
        seller_registrations=seller_registrations,
        buyer_country=buyer_country,
        buyer_vat_id=buyer_vat_id,
        buyer_is_business=buyer_is_business,
        ship_from_country=ship_from_country,
        ship_to_country=ship_to_country,
        kind=kind,
        product_category=product_category,
        on=on,
    )
    _require_standing(supply)
    return _outcome(rule_for(supply), supply, on, reduced_bps)


def _require_standing(supply: Supply) -> None:
    if not is_covered(supply.origin):
        raise TaxNotCovered(
            said(
                "The taxes of %(origin)s are not covered; enter the tax by hand.",
                origin=supply.origin,
            ),
            country=supply.origin,
        )
    if not supply.registered_at_origin:
        raise NotRegistered(
            said(
                "The goods leave from %(origin)s, where the seller has no VAT "
                "registration; add the registration or ship from elsewhere.",
                origin=supply.origin,
            ),
            country=supply.origin,
        )


def _outcome(rule: Rule, supply: Supply, on: date, reduced_bps: int | None) -> TaxDecision:
    if rule.outcome is Outcome.ORIGIN:
        return _taxed(rule, supply.product, supply.origin, on, reduced_bps)
    if rule.outcome is Outcome.DESTINATION:
        return _taxed(rule, supply.product, supply.destination, on, reduced_bps)
    if rule.outcome is Outcome.INTRA_COMMUNITY:
        return _untaxed(rule, "K", supply.destination, "VATEX-EU-IC", texts.INTRA_COMMUNITY)
    if rule.outcome is Outcome.REVERSE_CHARGE:
        return _untaxed(rule, "AE", supply.destination, "VATEX-EU-AE", texts.REVERSE_CHARGE)
    if rule.outcome is Outcome.EXPORT:
        if in_eu(supply.origin, on, goods=supply.kind is Kind.GOOD):
            return _untaxed(rule, "G", supply.origin, "VATEX-EU-G", texts.EXPORT_FROM_EU)
        return _untaxed(rule, "G", supply.origin, "", texts.EXPORT_FROM_ELSEWHERE)
    if rule.outcome is Outcome.OUTSIDE_SCOPE:
        return _untaxed(rule, "O", supply.destination, "VATEX-EU-O", texts.OUTSIDE_SCOPE)
    raise NotRegistered(rule.because, country=supply.destination, rule_id=rule.rule_id)


def _untaxed(
    rule: Rule, category: Category, country: str, reason_code: str, legal_text: str
) -> TaxDecision:
    return TaxDecision(category, 0, country, reason_code, legal_text, rule.rule_id, rule.because)


def _taxed(
    rule: Rule, product: Product, country: str, on: date, reduced_bps: int | None
) -> TaxDecision:
    if product is Product.EXEMPT:
        return _untaxed(rule, "E", country, "", texts.EXEMPT)
    if product is Product.ZERO:
        return _untaxed(rule, "Z", country, "", texts.NONE)
    rates = rates_on(country, on)
    rate_bps = rates.standard_bps
    if product is Product.REDUCED and rates.reduced_bps:
        rate_bps = rates.reduced_bps[0] if reduced_bps is None else reduced_bps
        if rate_bps not in rates.reduced_bps:
            raise UnknownRate(
                f"{country} had no reduced rate of {percent(rate_bps)} on {on}; expected one of "
                + ", ".join(map(percent, rates.reduced_bps))
                + ".",
                country=country,
                rate_bps=rate_bps,
            )
    return TaxDecision("S", rate_bps, country, "", texts.NONE, rule.rule_id, rule.because)
