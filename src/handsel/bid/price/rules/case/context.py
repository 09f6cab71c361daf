"""The context of a case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.case import rules as read
from handsel.bid.price.rules.case.matrix import matrix
from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.case.values import figure_of, table_of, words_of
from handsel.bid.price.rules.context import Entry, LineTax, Policy, PriceContext
from handsel.bid.price.rules.labels import Words, table_with_words, with_words
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.tiers import TierRules, TierScope
from handsel.ground.kernel.money import exponent, is_currency
from handsel.ground.kernel.rounding import Rounding
from handsel.ground.kernel.said import said

LISTS = {
    "contracted": read.contracted,
    "bundle_prices": read.bundle_price,
    "matrices": matrix,
    "cost_plus": read.cost_plus,
    "elements": read.element,
    "promotions": read.promotion,
    "term_discounts": read.term_discount,
    "partners": read.channel,
    "distributors": read.channel,
    "endings": read.ending,
    "limits": read.limit,
    "percent_of": read.percent_of,
    "fees": read.fee,
}
FIELDS = (
    "date",
    "currency",
    "rounding",
    "book",
    "prices",
    "rates",
    "tiers",
    "tables",
    "market",
    "words",
    "sold",
    "combination",
    "codes",
    "partner",
    "conventions",
    "price_months",
    "manual_last",
    "header",
    "taxes",
    "policy",
    "model_version",
    *LISTS,
)


class _Rounding(StrEnum):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class _TaxBy(StrEnum):
    GROUP = "group"
    LINE = "line"


def context_of(node: Node) -> PriceContext:
    """Read a context. Raises CaseFault with the path of what cannot be read."""
    fields = node.fields(*FIELDS)
    currency = read.need(node, fields, "currency").text()
    if not is_currency(currency):
        raise fields["currency"].refuse(
            said("“%(currency)s” is not an ISO 4217 currency", currency=currency)
        )
    book = fields["book"].fields("name", "version") if "book" in fields else {}
    version = book["version"].integer() if "version" in book else 0
    entries, lent, foreign = _prices(fields, currency)
    taxes = _taxes(fields)
    _check_fees(fields, taxes)
    rounding = fields["rounding"].choice(_Rounding) if "rounding" in fields else _Rounding.HALF_UP
    return PriceContext(
        priced_on=read.need(node, fields, "date").date(),
        currency=currency,
        book_id=0,
        book_name=book["name"].text() if "name" in book else "the price book",
        book_version=version,
        entries=entries,
        rules=_tiers(fields),
        taxes=taxes,
        rounding=Rounding[rounding.name],
        header_bps=_header_bps(fields),
        header=_header(fields),
        terms=_terms(fields, foreign),
        policy=_policy(fields, currency),
        model_version=fields["model_version"].text() if "model_version" in fields else "",
        lent=lent,
    )


_Own = dict[int | str, Entry]
_Lent = dict[int | str, tuple[Entry, ...]]
_Foreign = dict[int | str, terms.ForeignEntry]


def _prices(fields: Mapping[str, Node], currency: str) -> tuple[_Own, _Lent, _Foreign]:
    """The book's own price of a product, those lent by other books, one in another currency; of
    several the first goes before the others."""
    own: _Own = {}
    lent: _Lent = {}
    foreign: _Foreign = {}
    for product, node in fields["prices"].entries().items() if "prices" in fields else ():
        for one in node.items() if isinstance(node.value, list) else [node]:
            found = _entry(one, product, currency)
            if isinstance(found, terms.ForeignEntry):
                foreign.setdefault(product, found)
            elif found.label or product in own:
                lent[product] = (*lent.get(product, ()), found)
            else:
                own[product] = found
    return own, lent, foreign


def _entry(node: Node, product: str, currency: str) -> Entry | terms.ForeignEntry:
    if not isinstance(node.value, dict):
        return Entry(f"price:{product}", node.decimal(0))
    entry = node.fields("price", "currency", "rule", "version", "book")
    amount = read.need(node, entry, "price").decimal(0)
    rule = entry["rule"].text() if "rule" in entry else f"price:{product}"
    version = entry["version"].integer() if "version" in entry else 0
    of = entry["currency"].text() if "currency" in entry else currency
    if not is_currency(of):
        raise entry["currency"].refuse(said("“%(of)s” is not an ISO 4217 currency", of=of))
    if of != currency:
        return terms.ForeignEntry(rule, amount, of, version)
    return Entry(rule, amount, version, entry["book"].text() if "book" in entry else "")


def _terms(
    fields: Mapping[str, Node], foreign: Mapping[int | str, terms.ForeignEntry]
) -> terms.Terms:
    given: dict[str, Any] = {name: found for name, found in _lists(fields).items() if found}
    if foreign:
        given |= {"foreign": foreign}
    if "rates" in fields:
        given["rates"] = {code: _rate(one) for code, one in fields["rates"].entries().items()}
    if "market" in fields:
        given["market"] = {name: figure_of(one) for name, one in fields["market"].entries().items()}
    if "tables" in fields:
        given["tables"] = {name: table_of(one) for name, one in fields["tables"].entries().items()}
    if "sold" in fields:
        given["sold"] = dict(_sold(one) for one in fields["sold"].items())
    if "combination" in fields:
        given["combination"] = fields["combination"].choice(terms.Combination)
    if "codes" in fields:
        given["codes"] = frozenset(one.text() for one in fields["codes"].items())
    given |= _of_time(fields)
    if "manual_last" in fields:
        given["manual_last"] = fields["manual_last"].flag()
    return terms.Terms(**with_words(given, _words(fields))) if given else terms.NO_TERMS


def _tiers(fields: Mapping[str, Node]) -> TierRules:
    words = _words(fields)
    listed = read.listed(fields, "tiers", read.tier_table)
    return TierRules.indexed(
        (), [(product, group, table_with_words(one, words)) for product, group, one in listed]
    )


def _words(fields: Mapping[str, Node]) -> Words:
    return words_of(fields["words"]) if "words" in fields else {}


def _of_time(fields: Mapping[str, Node]) -> dict[str, Any]:
    """How terms of products are counted, and for how many months their prices are."""
    found: dict[str, Any] = {}
    if "conventions" in fields:
        ways = fields["conventions"].entries()
        found["conventions"] = {name: one.choice(Convention) for name, one in ways.items()}
    if "price_months" in fields:
        periods = fields["price_months"].entries()
        found["price_months"] = {name: one.integer(1, 1_200) for name, one in periods.items()}
    return found


def _lists(fields: Mapping[str, Node]) -> dict[str, Any]:
    """Every list of rules; of resellers' discounts those for a reseller of the tier given."""
    lists: dict[str, Any] = {
        name: read.listed(fields, name, reader) for name, reader in LISTS.items()
    }
    reseller = fields["partner"].text() if "partner" in fields else ""
    for name in ("partners", "distributors"):
        lists[name] = terms.of_tier(lists[name], reseller)
    return lists


def _rate(node: Node) -> terms.ExchangeRate:
    fields = node.fields("rate", "on", "source")
    value = read.need(node, fields, "rate").decimal(scale=12)
    if value <= 0:
        raise fields["rate"].refuse("expected more than zero")
    return terms.ExchangeRate(
        value,
        read.need(node, fields, "on").date(),
        fields["source"].text() if "source" in fields else "",
    )


def _sold(node: Node) -> tuple[tuple[TierScope, str], Decimal]:
    fields = node.fields("scope", "rule", "quantity")
    scope = read.need(node, fields, "scope").choice(TierScope)
    return (scope, read.need(node, fields, "rule").text()), read.need(
        node, fields, "quantity"
    ).decimal(0)


def _taxes(fields: Mapping[str, Node]) -> dict[str, LineTax]:
    found = {"standard": LineTax("O", 0), "none": LineTax("O", 0)}
    for key, node in fields["taxes"].entries().items() if "taxes" in fields else ():
        tax = node.fields("percent", "category", "reason_code", "reason")
        found[key] = LineTax(
            tax["category"].text(2) if "category" in tax else "S",
            _tax_rate(read.need(node, tax, "percent")),
            tax["reason_code"].text() if "reason_code" in tax else "",
            tax["reason"].text(500) if "reason" in tax else "",
        )
    return found


def _tax_rate(node: Node) -> int:
    rate = node.bps(100)
    if rate < 0:
        raise node.refuse("a tax is no less than nothing")
    return rate


def _check_fees(fields: Mapping[str, Node], taxes: Mapping[Any, LineTax]) -> None:
    for node in fields["fees"].items() if "fees" in fields else ():
        tax = node.entries().get("tax")
        if tax is not None and tax.text() not in taxes:
            raise tax.refuse(said("“%(text)s” is none of the context's taxes", text=tax.text()))


def _header_bps(fields: Mapping[str, Node]) -> int:
    header = _header_fields(fields)
    return header["percent"].discount() if "percent" in header else 0


def _header(fields: Mapping[str, Node]) -> terms.HeaderTarget | None:
    header = _header_fields(fields)
    if "discount" in header:
        return terms.HeaderTarget(discount=header["discount"].decimal())
    if "total" in header:
        return terms.HeaderTarget(total=header["total"].decimal())
    return None


def _header_fields(fields: Mapping[str, Node]) -> Mapping[str, Node]:
    if "header" not in fields:
        return {}
    header = fields["header"].fields("percent", "discount", "total")
    if len(header) != 1:
        raise fields["header"].refuse("expected one of “percent”, “discount” and “total”")
    return header


def _policy(fields: Mapping[str, Node], currency: str) -> Policy:
    if "policy" not in fields:
        return Policy()
    policy = fields["policy"].fields("tax", "prices_include_tax", "cash_step", "shown_scale")
    step = policy["cash_step"].decimal() if "cash_step" in policy else None
    minor = step.scaleb(exponent(currency)) if step is not None else Decimal(1)
    if minor < 1 or minor != minor.to_integral_value():
        raise policy["cash_step"].refuse(
            said("expected a whole number of the least unit of %(currency)s", currency=currency)
        )
    return Policy(
        tax_per_line="tax" in policy and policy["tax"].choice(_TaxBy) is _TaxBy.LINE,
        prices_include_tax="prices_include_tax" in policy and policy["prices_include_tax"].flag(),
        cash_step_minor=int(minor),
        shown_scale=policy["shown_scale"].integer(0, 6) if "shown_scale" in policy else None,
    )
