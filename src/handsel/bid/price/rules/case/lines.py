"""The lines of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.case.rules import need
from handsel.bid.price.rules.case.values import figure_of
from handsel.bid.price.rules.context import (
    NO_FACTS,
    Charge,
    Delta,
    LineFacts,
    LineTax,
    LineTerm,
    Manual,
    ManualKind,
    Override,
    Renewal,
    RenewalKind,
    RequestLine,
)
from handsel.bid.price.rules.figures import Figure
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.ramps import MOST_SEGMENTS, Ramp, Segment, ramped, yearly
from handsel.ground.kernel.said import said

PLAIN_FIELDS = (
    "key",
    "product",
    "name",
    "group",
    "tax",
    "quantity",
    "discount_percent",
    "optional",
    "ramp",
)
MOST_LINES = 100_000
MOST_RAMP_MONTHS = 1_200


def lines_of(node: Node, taxes: Mapping[Any, LineTax]) -> list[RequestLine]:
    """Read the lines; a ramped line becomes one line a segment. Raises CaseFault."""
    found: list[RequestLine] = []
    for place, one in enumerate(node.items(), 1):
        if place > MOST_LINES:
            raise node.refuse(said("at most %(most)s lines", most=MOST_LINES))
        found += _line(one, str(place), taxes)
    keys: set[str] = set()
    for line in found:
        if line.key in keys:
            raise node.refuse(said("two lines have the key “%(key)s”", key=line.key))
        keys.add(line.key)
    return found


def _line(node: Node, place: str, taxes: Mapping[Any, LineTax]) -> list[RequestLine]:
    fields = node.fields(*LINE_FIELDS)
    product = need(node, fields, "product").text()
    tax = fields["tax"].text() if "tax" in fields else "standard"
    if tax not in taxes:
        raise fields["tax"].refuse(said("“%(tax)s” is none of the context's taxes", tax=tax))
    line = RequestLine(
        key=fields["key"].text() if "key" in fields else place.zfill(6),
        product_id=product,
        product=fields["name"].text() if "name" in fields else product,
        product_group=fields["group"].text() if "group" in fields else "",
        tax_key=tax,
        quantity=fields["quantity"].decimal() if "quantity" in fields else Decimal(1),
        discount_bps=fields["discount_percent"].discount() if "discount_percent" in fields else 0,
        counts=not ("optional" in fields and fields["optional"].flag()),
        facts=line_facts(fields),
    )
    return ramped(line, _ramp(fields["ramp"])) if "ramp" in fields else [line]


def line_facts(fields: Mapping[str, Node]) -> LineFacts:
    """What a line says beyond product, quantity and percentage; NO_FACTS where that is nothing."""
    found = {
        _CALLED.get(name, name): read(fields[name])
        for name, read in _FACTS.items()
        if name in fields
    }
    return LineFacts(**found) if found else NO_FACTS


def _attributes(node: Node) -> dict[str, Figure]:
    return {name: figure_of(one) for name, one in node.entries().items()}


def _deltas(node: Node) -> tuple[Delta, ...]:
    return tuple(_delta(one) for one in node.items())


def _delta(node: Node) -> Delta:
    fields = node.fields("label", "per_unit", "rule", "version")
    return Delta(
        need(node, fields, "label").name(),
        need(node, fields, "per_unit").decimal(),
        fields["rule"].text() if "rule" in fields else "",
        fields["version"].integer() if "version" in fields else 0,
    )


def _override(node: Node) -> Override:
    fields = node.fields("price", "permitted", "reason")
    return Override(
        need(node, fields, "price").decimal(0),
        "permitted" not in fields or fields["permitted"].flag(),
        fields["reason"].text() if "reason" in fields else "",
    )


def _manual(node: Node) -> Manual:
    fields = node.fields(*(kind.value for kind in ManualKind))
    if len(fields) != 1:
        raise node.refuse("expected one of per_unit, per_line, target_unit and target_line")
    ((name, amount),) = fields.items()
    is_wanted = name in ("target_unit", "target_line")
    return Manual(ManualKind(name), amount.decimal(0) if is_wanted else amount.decimal())


def _term(node: Node) -> LineTerm:
    fields = node.fields("start_on", "end_on", "convention", "anchor_on")
    term = LineTerm(
        need(node, fields, "start_on").date(),
        need(node, fields, "end_on").date(),
        fields["convention"].choice(Convention) if "convention" in fields else None,
        fields["anchor_on"].date() if "anchor_on" in fields else None,
    )
    if term.end_on < term.start_on:
        raise fields["end_on"].refuse(
            said("the term ends before it starts on %(on)s", on=term.start_on)
        )
    return term


def _renewal(node: Node) -> Renewal:
    fields = node.fields("kind", "customer_price", "uplift_percent")
    return Renewal(
        need(node, fields, "kind").choice(RenewalKind),
        need(node, fields, "customer_price").decimal(0),
        fields["uplift_percent"].bps() if "uplift_percent" in fields else 0,
    )


def _multiplier(node: Node) -> Fraction:
    """``14/12`` or ``1.5``."""
    text = str(node.value) if isinstance(node.value, str) else ""
    numerator, slash, denominator = text.partition("/")
    top = Node(numerator, node.path).decimal(0)
    bottom = Node(denominator, node.path).decimal(0) if slash else Decimal(1)
    if not bottom:
        raise node.refuse("divides by zero")
    return Fraction(top) / Fraction(bottom)


def _ramp(node: Node) -> Ramp:
    fields = node.fields("segments", "months", "segment_months", "uplift_percent", "start_on")
    if ("segments" in fields) == ("months" in fields):
        raise node.refuse("expected either “segments” or “months”")
    if "months" in fields:
        length = fields["segment_months"].integer(1) if "segment_months" in fields else 12
        segments = yearly(fields["months"].integer(1, 1200), length)
    else:
        segments = tuple(_segment(one) for one in fields["segments"].items())
    if not 1 <= len(segments) <= MOST_SEGMENTS:
        raise node.refuse(said("expected 1 to %(most)s segments", most=MOST_SEGMENTS))
    if sum(one.months for one in segments) > MOST_RAMP_MONTHS:
        raise node.refuse(said("expected at most %(most)s months in all", most=MOST_RAMP_MONTHS))
    return Ramp(
        segments,
        fields["uplift_percent"].bps() if "uplift_percent" in fields else 0,
        fields["start_on"].date() if "start_on" in fields else None,
    )


def _segment(node: Node) -> Segment:
    fields = node.fields("months", "quantity")
    months = fields["months"].integer(1, 1200) if "months" in fields else 12
    return Segment(months, fields["quantity"].decimal() if "quantity" in fields else None)


def _at_least_one(node: Node) -> int:
    return node.integer(1, 1200)


def _count(node: Node) -> int:
    return node.integer(0, 1200)


def _positive(node: Node) -> Decimal:
    return node.decimal(0)


def _cost_share(node: Node) -> int:
    share = node.bps()
    if share < 0:
        raise node.refuse("a cost is no less than nothing")
    return share


def _charge(node: Node) -> Charge:
    return node.choice(Charge)


_FACTS: Final[Mapping[str, Callable[[Node], Any]]] = {
    "attributes": _attributes,
    "override": _override,
    "bundle": Node.text,
    "deltas": _deltas,
    "cost": _positive,
    "cost_percent": _cost_share,
    "sold": _positive,
    "tier_group": Node.text,
    "manual": _manual,
    "term_months": _count,
    "billing": Node.text,
    "term": _term,
    "multiplier": _multiplier,
    "price_months": _at_least_one,
    "charge": _charge,
    "charge_months": _count,
    "periods": _at_least_one,
    "renewal": _renewal,
    "discountable": Node.flag,
}
_CALLED: Final = {"discountable": "is_discountable", "cost_percent": "cost_share_bps"}
FACT_FIELDS: Final = tuple(_FACTS)
LINE_FIELDS: Final = (*PLAIN_FIELDS, *FACT_FIELDS)
