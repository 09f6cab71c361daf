"""A case priced, and the answer in its written form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from handsel.bid.price.rules.case.context import context_of
from handsel.bid.price.rules.case.lines import lines_of
from handsel.bid.price.rules.case.reading import CaseFault, Node
from handsel.bid.price.rules.context import PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument, PricedLine
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.exactness import WORK, Scale, plain, rounded
from handsel.bid.price.rules.losers import losers_of
from handsel.bid.price.rules.plan import LineWork
from handsel.bid.price.rules.waterfall import ORDER, Stage
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.names import texts_of
from handsel.ground.kernel.said import said

POINTS = {
    "list": Stage.MARKET,
    "regular": Stage.PRORATION,
    "customer": Stage.MANUAL,
    "partner": Stage.PARTNER,
    "net": Stage.ROUNDING,
}


def read_case(document: Mapping[str, Any]) -> tuple[PriceContext, list[RequestLine]]:
    """Context and lines of a case as `strict_json` gives it. Raises CaseFault."""
    fields = Node(document).fields("about", "extends", "context", "lines")
    root = Node(document)
    for name in ("context", "lines"):
        if name not in fields:
            raise root.refuse(said("“%(name)s” is missing", name=name))
    context = context_of(fields["context"])
    return context, lines_of(fields["lines"], context.taxes)


def merged(base: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """A case on top of the one it extends: objects are joined, lists follow each other."""
    found = dict(base)
    for name, value in case.items():
        here = found.get(name)
        if isinstance(here, Mapping) and isinstance(value, Mapping):
            found[name] = merged(here, value)
        elif isinstance(here, list) and isinstance(value, list):
            found[name] = [*here, *value]
        else:
            found[name] = value
    return found


def price_case(document: Mapping[str, Any]) -> dict[str, Any]:
    """Price a case and give the answer as JSON values. Raises what reading and pricing refuse."""
    context, lines = read_case(document)
    priced = price(context, lines)
    _check_target(context, priced)
    return answer(context, lines, priced)


def _check_target(context: PriceContext, priced: PricedDocument) -> None:
    """Refuse a total that is wanted where no line can bear the difference."""
    wanted = context.header.total if context.header is not None else None
    if wanted is None:
        return
    own = [line for line in priced.lines if line.counts and not line.is_derived]
    reached = sum(
        row.amount_minor
        for line in own
        for row in line.rows
        if ORDER[row.stage] <= ORDER[Stage.HEADER]
    )
    if reached != Scale.of(context.currency, context.rounding).minor(wanted):
        raise CaseFault(
            "context.header.total",
            said(
                "the lines come to %(text)s, and none of them can bear the difference",
                text=Money(reached, context.currency).text(),
            ),
        )


def answer(
    context: PriceContext, lines: list[RequestLine], priced: PricedDocument
) -> dict[str, Any]:
    """The priced document in its written form, with its fingerprint."""
    found = written(context, lines, priced)
    canonical = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return found | {"fingerprint": hashlib.sha256(canonical.encode()).hexdigest()}


def written(
    context: PriceContext, lines: list[RequestLine], priced: PricedDocument
) -> dict[str, Any]:
    """The priced document in its written form; amounts are texts with the currency's decimals."""

    def money(minor: int) -> str:
        return Money(minor, priced.currency).text()

    totals = {
        "list": money(priced.list_minor),
        "header": money(priced.header_minor),
        "fees": money(sum(fee.net_minor for fee in priced.fees)),
        "net": money(priced.net_minor),
        "tax": money(priced.tax_minor),
        "gross": money(priced.gross_minor),
        "cash_rounding": money(priced.cash_minor),
        "payable": money(priced.payable_minor),
        "charges": [
            {
                "charge": one.charge.value,
                "months": one.months,
                "list": money(one.list_minor),
                "net": money(one.net_minor),
                "contract": money(one.contract_minor),
            }
            for one in priced.charges
        ],
        "taxes": [
            {
                "category": one.tax.category,
                "percent": _percent(one.tax.rate_bps),
                "base": money(one.base_minor),
                "tax": money(one.tax_minor),
            }
            for one in priced.taxes
        ],
    }
    asked = {line.key: line for line in lines}
    return {
        "priced_on": context.priced_on.isoformat(),
        "currency": priced.currency,
        "book": {"name": context.book_name, "version": context.book_version},
        "model_version": context.model_version,
        "lines": [_line(line, asked[line.key], priced.currency) for line in priced.lines],
        "fees": [
            {
                "rule": one.rule,
                "version": one.version,
                **_label(one.label),
                "amount": money(one.net_minor),
            }
            for one in priced.fees
        ],
        "totals": totals,
    }


def _line(line: PricedLine, asked: RequestLine, currency: str) -> dict[str, Any]:
    def money(minor: int) -> str:
        return Money(minor, currency).text()

    found: dict[str, Any] = {
        "key": line.key,
        "product": line.product_id,
        "quantity": f"{line.quantity:f}",
        "counts": line.counts,
        "charge": line.facts.charge.value,
        "list": money(line.list_minor),
        "net": money(line.net_minor),
        "tax": money(line.tax_minor),
        "gross": money(line.gross_minor),
        "rows": [
            {
                "stage": row.stage.value,
                **_label(row.label),
                "amount": money(row.amount_minor),
                "rule": row.rule,
                "version": row.version,
                **({"percent": _percent(row.bps)} if row.bps is not None else {}),
            }
            for row in line.rows
        ],
    }
    if line.facts.periods != 1:
        found |= {"periods": line.facts.periods, "contract": money(line.contract_minor)}
    if asked.facts.segment_of is not None:
        found["segment_of"] = asked.facts.segment_of
    if line.trace is not None:
        found |= _trace(line.trace)
    return found


def _label(label: str) -> dict[str, Any]:
    """What a rule is called, and what in other languages where it says so."""
    texts = texts_of(label)
    return {"label": str(label), "label_texts": dict(texts)} if texts else {"label": label}


def _trace(trace: LineWork) -> dict[str, Any]:
    """The exact unit prices on the way, the published one, and what did not apply."""
    with localcontext(WORK):
        points = {name: trace.unit_at(stage) for name, stage in POINTS.items()}
        published = rounded(points["net"], trace.plan.shown_scale, trace.plan.scale.rounding)
    return {
        "source": trace.source,
        "unit": {name: plain(value) for name, value in points.items()},
        "published_unit": f"{published:f}",
        "losers": [
            {
                "stage": one.stage.value,
                "rule": one.rule,
                "version": one.version,
                **_label(one.label),
                "why": one.why,
                **({"unit_price": plain(one.unit_price)} if one.unit_price is not None else {}),
            }
            for one in losers_of(trace)
        ],
        "notes": trace.notes,
    }


def _percent(bps: int) -> str:
    return plain(Decimal(bps) / 100)
