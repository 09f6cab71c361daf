"""What is asked of a line's price beyond quantity and percentage, as it is kept with the line.

The form is that of a line in a price case, in which numbers are texts, and five fields more:

- `percent_of`: the line costs a percentage of other lines: `percent`, `of` (list, regular,
  customer, net), `lines` by their keys, `products` by theirs, product `groups`, `least`, `most`.
- `service`: `start_on` and `end_on` of what is paid by the period.
- `uplift`: `percent` and `years`, how often it has come by then.
- `ramp`: `of` (the key of the first segment), `place` and `count`: which segment the line is, and
  its `months`.
- `reason`: why a person set the price.
- `fee`: the line is freight or a fee of the price book, and nobody's to ask for: `rule`, `version`,
  `label` (`label_texts` by language), `amount` or `percent`, the `product` or `group` it is charged
  for, why it is `waived`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from handsel.bid.price.rules.case.lines import FACT_FIELDS, line_facts
from handsel.bid.price.rules.case.reading import CaseFault, Node
from handsel.bid.price.rules.case.rules import bounds
from handsel.bid.price.rules.context import NO_FACTS, Charge, LineFacts
from handsel.bid.price.rules.stored import as_written
from handsel.bid.price.rules.terms import EVERYTHING, About, Fee, PercentOf, Point
from handsel.ground.kernel.names import texts_of, translated

OWN_FIELDS: Final = ("percent_of", "service", "uplift", "ramp", "reason", "fee")
FIELDS: Final = tuple(name for name in FACT_FIELDS if name != "charge") + OWN_FIELDS
LONGEST_REASON: Final = 300
PRICED_BY_HAND: Final = ("manual", "override", "renewal", "deltas")
INSTEAD_OF_THE_HOUSE: Final = frozenset(
    ("override", "renewal", "deltas", "percent_of", "cost", "cost_percent", "sold", "bundle")
)
"""What makes a line cost something else than price list and rules say of what is sold."""
COSTS: Final = frozenset(("cost", "cost_percent"))
"""What tells what a line costs us."""
FEE: Final = "fee"
YEAR: Final = 12
ONCE: Final = Fraction(1)


def facts_asked(
    asked: Mapping[str, Any], charge: str = "one_time", base: LineFacts = NO_FACTS
) -> LineFacts:
    """A line's facts for the engine: those of its configuration (`base`) and what is asked.

    Raises CaseFault with the path of what cannot be read.
    """
    if not asked and charge == "one_time":
        return base
    fields = Node(as_written(asked), "asked").fields(*FIELDS)
    own = {name: fields.pop(name) for name in OWN_FIELDS if name in fields}
    facts = line_facts(fields)
    more: dict[str, Any] = {"charge": Charge(charge)}
    if base.attributes:
        # What is configured is what is delivered: nothing that is asked says otherwise.
        more["attributes"] = {**facts.attributes, **base.attributes}
    if base.cost is not None and facts.cost is None:
        more["cost"] = base.cost
    if "percent_of" in own:
        more["percent_of"] = _percent_of(own["percent_of"])
    if "uplift" in own:
        uplift = own["uplift"].fields("percent", "years")
        more["uplift_bps"] = _rise(uplift["percent"]) if "percent" in uplift else 0
        more["uplifts"] = uplift["years"].integer(0, 100) if "years" in uplift else 0
    if "ramp" in own:
        more["segment_of"], place, _count = ramp_of(own["ramp"])
        more["is_later"] = place > 1
    if "service" in own:
        _service(own["service"])
    if "reason" in own:
        own["reason"].text(LONGEST_REASON)
    if FEE in own:
        more["fee"] = _fee(own[FEE])
    return replace(facts, **more)


def in_group(facts: LineFacts, group_key: UUID | None) -> LineFacts:
    """The facts of a line in a group of its quote, for tiers that count such lines together; what
    was asked goes before."""
    if group_key is None or facts.tier_group:
        return facts
    return replace(facts, tier_group=str(group_key))


def _rise(node: Node) -> int:
    found = node.bps()
    if found < 0:
        raise node.refuse("an uplift raises; a discount is said as one")
    return found


def without_house(asked: Mapping[str, Any], price_months: int | None = None) -> dict[str, Any]:
    """What is asked of a line that costs what price list and rules say."""
    other = instead_of_the_house(asked, price_months)
    found = {name: one for name, one in asked.items() if name not in other}
    due = _times_due(asked, price_months)
    if other & {"price_months", "multiplier"} and "term" not in asked and due != 1:
        found["multiplier"] = f"{due.numerator}/{due.denominator}"
    return found


def instead_of_the_house(
    asked: Mapping[str, Any], price_months: int | None = None
) -> frozenset[str]:
    """Which of the things asked make a line cost something else than the house would say.

    A list price is for as many months as the book says; for a year where it says nothing (None).
    Whoever says it is for longer asks less for every month; so does whoever says it is due less
    often than what is paid for, or than once where nothing is said of the time.
    """
    found = INSTEAD_OF_THE_HOUSE & asked.keys()
    own = price_months or YEAR
    if int(asked.get("price_months", own)) > own:
        found |= {"price_months"}
    is_timed = asked.keys() & {"multiplier", "charge_months"} and "term" not in asked
    if is_timed and _times_asked(asked) < _times_due(asked, price_months):
        found |= {"multiplier"}
    return found


def _times_asked(asked: Mapping[str, Any]) -> Fraction:
    if "multiplier" not in asked:
        return ONCE
    return facts_asked({"multiplier": asked["multiplier"]}).multiplier or Fraction(0)


def _times_due(asked: Mapping[str, Any], price_months: int | None) -> Fraction:
    """How often the list price is due for what one payment is for."""
    period = int(asked.get("charge_months", 0))
    if period and (price_months is not None or "price_months" in asked):
        return Fraction(period, price_months or YEAR)
    return ONCE


def is_bare_multiple(asked: Mapping[str, Any]) -> bool:
    """Whether somebody says how often the price is due without saying of which days."""
    return "multiplier" in asked and not asked.keys() & {"ramp", "service"}


def ramp_of(node: Node) -> tuple[UUID, int, int]:
    """The ramp a line is a segment of: its first line, the segment's place and how many."""
    fields = node.fields("of", "place", "count", "months")
    key = _key(fields["of"]) if "of" in fields else None
    if key is None or "place" not in fields or "count" not in fields:
        raise node.refuse("expected “of”, “place” and “count”")
    return key, fields["place"].integer(1, 600), fields["count"].integer(1, 600)


def _service(node: Node) -> None:
    fields = node.fields("start_on", "end_on")
    if len(fields) != 2 or fields["end_on"].date() < fields["start_on"].date():
        raise node.refuse("expected “start_on” and an “end_on” not before it")


def _percent_of(node: Node) -> PercentOf:
    fields = node.fields("percent", "of", "lines", "products", "groups", "least", "most")
    if "percent" not in fields:
        raise node.refuse("“percent” is missing")
    return PercentOf(
        rule="line",
        bps=fields["percent"].bps(),
        point=fields["of"].choice(Point) if "of" in fields else Point.NET,
        keys=frozenset(_key(one) for one in fields["lines"].items())
        if "lines" in fields
        else frozenset(),
        products=frozenset(int(one.integer(1, 2**63 - 1)) for one in fields["products"].items())
        if "products" in fields
        else frozenset(),
        groups=frozenset(one.text(60) for one in fields["groups"].items())
        if "groups" in fields
        else frozenset(),
        **bounds(fields),
    )


def asked_of_fee(fee: Fee) -> dict[str, Any]:
    """A price book's fee as its line keeps it."""
    said: dict[str, Any] = {"rule": fee.rule, "version": str(fee.version), "label": str(fee.label)}
    if texts_of(fee.label):
        said["label_texts"] = dict(texts_of(fee.label))
    if fee.amount is not None:
        said["amount"] = f"{fee.amount:f}"
    else:
        said["percent"] = f"{Decimal(fee.bps) / 100:f}"
    if fee.about.product_id is not None:
        said["product"] = str(fee.about.product_id)
    if fee.about.group:
        said["group"] = fee.about.group
    if fee.waived:
        said["waived"] = fee.waived
    return {FEE: said}


def _fee(node: Node) -> Fee:
    fields = node.fields(
        "rule", "version", "label", "label_texts", "amount", "percent", "product", "group", "waived"
    )
    about = EVERYTHING
    if "product" in fields:
        about = About(product_id=fields["product"].integer(1, 2**63 - 1))
    elif "group" in fields:
        about = About(group=fields["group"].text(60))
    return Fee(
        rule=fields["rule"].text(),
        version=fields["version"].integer(),
        label=translated(
            fields["label"].text(), fields["label_texts"].texts() if "label_texts" in fields else {}
        ),
        about=about,
        tax_key="",
        amount=fields["amount"].decimal() if "amount" in fields else None,
        bps=fields["percent"].bps() if "percent" in fields else 0,
        waived=fields["waived"].text(LONGEST_REASON) if "waived" in fields else "",
    )


def without_costs(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked but for what a line costs us, for who may not know, or need not."""
    return {name: one for name, one in asked.items() if name not in COSTS}


def fee_label(asked: Mapping[str, Any]) -> str:
    """What the price book calls the fee a line is."""
    said = asked[FEE]
    return translated(said["label"], said.get("label_texts", {}))


def is_fee(asked: Mapping[str, Any]) -> bool:
    """Whether a line is freight or a fee of the price book."""
    return FEE in asked


def _key(node: Node) -> UUID:
    try:
        return UUID(node.text())
    except ValueError:
        raise node.refuse("expected the key of a line") from None


def kept(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a person asks as it is kept: numbers as texts, nothing empty. Raises CaseFault."""
    if FEE in asked:
        raise CaseFault("asked.fee", "fees come with the price book")
    found = {name: _plain(value) for name, value in asked.items() if value not in (None, "", {})}
    facts_asked(found)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items() if one not in (None, "")}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bool | str | int):
        return value if isinstance(value, bool | str) else str(value)
    raise CaseFault("asked", "write numbers as text, such as “12.50”")
