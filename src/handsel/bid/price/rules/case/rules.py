"""The rules of a case: one reader for each list of the context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.case.reading import Node
from handsel.bid.price.rules.case.values import unit_of
from handsel.bid.price.rules.formulas import Formula, fixed, read_formula
from handsel.bid.price.rules.tiers import TierKind, TierRule, TierScope, TierTable, highest_first
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

COMMON = ("rule", "version", "label", "product", "group", "valid_from", "valid_until")
R = TypeVar("R")


def listed(fields: Mapping[str, Node], name: str, read: Callable[[Node, str], R]) -> tuple[R, ...]:
    """Every item of a list that may be absent; items without a name are counted."""
    if name not in fields:
        return ()
    kind = name.rstrip("s")
    return tuple(read(one, f"{kind}:{place}") for place, one in enumerate(fields[name].items(), 1))


def named(fields: Mapping[str, Node], default: str) -> dict[str, Any]:
    """What every rule has."""
    about = terms.EVERYTHING
    if "product" in fields and "group" in fields:
        raise fields["group"].refuse("a product or a group, not both")
    if "product" in fields:
        about = terms.About(product_id=fields["product"].text())
    elif "group" in fields:
        about = terms.About(group=fields["group"].text())
    begins = fields["valid_from"].date() if "valid_from" in fields else None
    ends = fields["valid_until"].date() if "valid_until" in fields else None
    if begins is not None and ends is not None and ends <= begins:
        raise fields["valid_until"].refuse(
            said("the rule begins on %(begins)s, and holds on no day", begins=begins)
        )
    return {
        "rule": fields["rule"].text() if "rule" in fields else default,
        "version": fields["version"].integer() if "version" in fields else 0,
        "label": fields["label"].name() if "label" in fields else "",
        "about": about,
        "valid_from": begins,
        "valid_until": ends,
    }


def need(node: Node, fields: Mapping[str, Node], name: str) -> Node:
    """A field that must be there."""
    if name not in fields:
        raise node.refuse(said("“%(name)s” is missing", name=name))
    return fields[name]


def _optional(fields: Mapping[str, Node], name: str) -> Decimal | None:
    return fields[name].decimal() if name in fields else None


def contracted(node: Node, default: str) -> terms.Contracted:
    """An agreed price or percentage."""
    fields = node.fields(*COMMON, "depth", "price", "percent", "net")
    if ("price" in fields) == ("percent" in fields):
        raise node.refuse("expected either “price” or “percent”")
    return terms.Contracted(
        **named(fields, default),
        depth=fields["depth"].integer(0, 100) if "depth" in fields else 0,
        unit_price=fields["price"].decimal(0) if "price" in fields else None,
        discount_bps=fields["percent"].discount() if "percent" in fields else None,
        is_net="net" in fields and fields["net"].flag(),
    )


def bundle_price(node: Node, default: str) -> terms.BundlePrice:
    """A price inside a bundle."""
    fields = node.fields(*COMMON, "bundle", "price")
    return terms.BundlePrice(
        **named(fields, default),
        bundle=need(node, fields, "bundle").text(),
        unit_price=need(node, fields, "price").decimal(0),
    )


def cost_plus(node: Node, default: str) -> terms.CostPlus:
    """Markup or margin on cost."""
    fields = node.fields(*COMMON, "basis", "percent")
    basis = need(node, fields, "basis").choice(terms.CostBasis)
    bps = need(node, fields, "percent").bps(10_000)
    if basis is terms.CostBasis.MARGIN and not 0 <= bps < 10_000:
        raise fields["percent"].refuse("a margin is 0 to less than 100 %")
    return terms.CostPlus(**named(fields, default), basis=basis, bps=bps)


def formula(node: Node) -> Formula:
    """A number or an expression."""
    text = str(node.value) if isinstance(node.value, str) else ""
    if not text:
        raise node.refuse("expected a formula as text, or a number")
    try:
        return fixed(node.decimal())
    except Invalid:
        pass
    try:
        return read_formula(text)
    except Invalid as refused:
        raise node.refuse(refused.message) from None


def element(node: Node, default: str) -> terms.Element:
    """A surcharge per unit, or a factor."""
    fields = node.fields(
        *COMMON, "key", "formula", "part", "scale", "factor", "market", "discountable"
    )
    return terms.Element(
        **named(fields, default),
        key=need(node, fields, "key").text(),
        formula=formula(need(node, fields, "formula")),
        part=fields["part"].text() if "part" in fields else "",
        scale=fields["scale"].integer(0, 6) if "scale" in fields else None,
        is_factor="factor" in fields and fields["factor"].flag(),
        is_market="market" in fields and fields["market"].flag(),
        is_discountable="discountable" not in fields or fields["discountable"].flag(),
    )


def promotion(node: Node, default: str) -> terms.Promotion:
    """A percentage or an amount off."""
    fields = node.fields(*COMMON, "percent", "per_unit", "from", "code", "bundle")
    if ("percent" in fields) == ("per_unit" in fields):
        raise node.refuse("expected either “percent” or “per_unit”")
    return terms.Promotion(
        **named(fields, default),
        discount_bps=fields["percent"].discount() if "percent" in fields else 0,
        per_unit=fields["per_unit"].decimal(0) if "per_unit" in fields else None,
        min_quantity=fields["from"].decimal(0) if "from" in fields else Decimal(0),
        code=fields["code"].text() if "code" in fields else "",
        bundle=fields["bundle"].text() if "bundle" in fields else None,
    )


def term_discount(node: Node, default: str) -> terms.TermDiscount:
    """A percentage for a long term, or for a way of paying."""
    fields = node.fields(*COMMON, "percent", "from_months", "billing")
    return terms.TermDiscount(
        **named(fields, default),
        discount_bps=need(node, fields, "percent").discount(),
        min_months=fields["from_months"].integer() if "from_months" in fields else 0,
        billing=fields["billing"].text() if "billing" in fields else "",
    )


def channel(node: Node, default: str) -> terms.Channel:
    """A reseller's discount."""
    fields = node.fields(*COMMON, "percent", "off_list", "tier")
    return terms.Channel(
        **named(fields, default),
        discount_bps=need(node, fields, "percent").discount(),
        off_list="off_list" in fields and fields["off_list"].flag(),
        tier=fields["tier"].text(40) if "tier" in fields else "",
    )


class _Direction(StrEnum):
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


def ending(node: Node, default: str) -> terms.Ending:
    """How net unit prices end."""
    fields = node.fields(*COMMON, "step", "offset", "direction", "from_price")
    step = need(node, fields, "step").decimal()
    if step <= 0:
        raise fields["step"].refuse("expected more than zero")
    return terms.Ending(
        **named(fields, default),
        step=step,
        offset=_optional(fields, "offset") or Decimal(0),
        direction=fields["direction"].choice(_Direction).value
        if "direction" in fields
        else "nearest",
        from_price=_optional(fields, "from_price") or Decimal(0),
    )


def limit(node: Node, default: str) -> terms.Limit:
    """A floor, a ceiling, a least margin."""
    fields = node.fields(*COMMON, "floor", "ceiling", "margin_percent")
    margin = fields["margin_percent"].bps() if "margin_percent" in fields else None
    if margin is not None and not 0 <= margin < 10_000:
        raise fields["margin_percent"].refuse("a margin is 0 to less than 100 %")
    floor, ceiling = _optional(fields, "floor"), _optional(fields, "ceiling")
    if floor is not None and ceiling is not None and floor > ceiling:
        raise fields["ceiling"].refuse(
            said("the ceiling is below the floor of %(floor)s", floor=f"{floor:f}")
        )
    return terms.Limit(
        **named(fields, default),
        floor=floor,
        ceiling=ceiling,
        margin_bps=margin,
    )


def percent_of(node: Node, default: str) -> terms.PercentOf:
    """A percentage of other lines."""
    lists = ("products", "groups", "except_products", "except_groups")
    fields = node.fields(*COMMON, "percent", "of", *lists, "least", "most")
    about = named(fields, default)
    if about["about"] == terms.EVERYTHING:
        raise node.refuse("“product” or “group” is missing: what costs the percentage")
    products, groups, no_products, no_groups = (
        frozenset(one.text() for one in fields[name].items()) if name in fields else frozenset()
        for name in lists
    )
    return terms.PercentOf(
        **about,
        bps=need(node, fields, "percent").bps(),
        point=fields["of"].choice(terms.Point) if "of" in fields else terms.Point.NET,
        products=products,
        groups=groups,
        excluded_products=no_products,
        excluded_groups=no_groups,
        **bounds(fields),
    )


def bounds(fields: Mapping[str, Node]) -> dict[str, Any]:
    """The least and the most a percentage of other lines comes to."""
    least, most = (
        fields[name].decimal(0) if name in fields else None for name in ("least", "most")
    )
    if least is not None and most is not None and least > most:
        raise fields["most"].refuse(said("less than the least, %(least)s", least=f"{least:f}"))
    return {"least": least, "most": most}


def fee(node: Node, default: str) -> terms.Fee:
    """Freight or a fee of the document."""
    fields = node.fields(*COMMON, "amount", "percent", "tax", "article")
    if ("amount" in fields) == ("percent" in fields):
        raise node.refuse("expected either “amount” or “percent”")
    return terms.Fee(
        **named(fields, default),
        tax_key=fields["tax"].text() if "tax" in fields else "standard",
        amount=_optional(fields, "amount"),
        bps=fields["percent"].bps() if "percent" in fields else 0,
        article=fields["article"].text(60) if "article" in fields else "",
    )


def tier_table(node: Node, default: str) -> tuple[Any, str, TierTable]:
    """A table with what it is about; steps by `from` (half-open) or by `to` (closed above)."""
    fields = node.fields(*COMMON, "kind", "basis", "unit", "scope", "cumulative", "first", "steps")
    common = named(fields, default)
    kind = fields["kind"].choice(TierKind) if "kind" in fields else TierKind.ALL_UNITS
    steps, closed = _steps(need(node, fields, "steps"), common["rule"])
    _check_kind(fields["steps"], kind, steps)
    lowest = steps[-1].min_quantity
    table = TierTable(
        steps,
        common["rule"],
        common["version"],
        common["label"],
        kind,
        fields["basis"].text() if "basis" in fields else "quantity",
        fields["scope"].choice(TierScope) if "scope" in fields else TierScope.LINE,
        "cumulative" in fields and fields["cumulative"].flag(),
        fields["first"].integer(0, 1) if "first" in fields else int(lowest == 1 and not closed),
        closed,
        unit_of(fields),
        common["valid_from"],
        common["valid_until"],
    )
    if table.gives_price and table.basis == "amount":
        raise fields["basis"].refuse("a price cannot depend on the amount it makes")
    return common["about"].product_id, common["about"].group, table


def _check_kind(node: Node, kind: TierKind, steps: Sequence[TierRule]) -> None:
    """A step that gives nothing of what the others give would be free of charge, or no discount."""
    for step, one in zip(reversed(steps), node.items(), strict=True):
        gives_percent = step.discount_bps != 0
        if gives_percent and any(other.gives_price for other in steps):
            raise one.refuse("a table gives prices or percentages, not both")
        if not step.gives_price and any(other.gives_price for other in steps):
            raise one.refuse(said("“%(name)s” is missing", name="price"))
        if kind is TierKind.FLAT and step.flat is None:
            raise one.refuse(said("“%(name)s” is missing", name="flat"))
        if kind is TierKind.PACKAGE and (step.per is None or step.unit_price is None):
            raise one.refuse("a package needs “price” and “per”")
        if kind is TierKind.BLOCK and not step.gives_price:
            raise one.refuse("a block needs “flat” or “price”")


def _steps(node: Node, rule: str) -> tuple[tuple[TierRule, ...], bool]:
    """Steps that touch: a gap or an overlap is refused, naming the step after it."""
    found: list[TierRule] = []
    closed: bool | None = None
    previous: Decimal | None = None
    for place, one in enumerate(node.items(), 1):
        fields = one.fields("from", "to", "percent", "price", "flat", "per", "label")
        by_upper = "from" not in fields
        if closed is None:
            closed = by_upper
        if closed is not by_upper:
            raise one.refuse("every step has “from”, or none has")
        until = _optional(fields, "to")
        since = (previous or Decimal(0)) if by_upper else fields["from"].decimal(0)
        _touch(one, found, since, previous, until, by_upper=by_upper)
        found.append(
            TierRule(
                f"{rule}/{place}",
                since,
                fields["percent"].discount() if "percent" in fields else 0,
                fields["label"].name() if "label" in fields else "",
                fields["price"].decimal() if "price" in fields else None,
                fields["flat"].decimal() if "flat" in fields else None,
                fields["per"].decimal() if "per" in fields else None,
                until,
            )
        )
        if found[-1].per is not None and found[-1].per <= 0:
            raise fields["per"].refuse("expected more than zero")
        previous = until
    if not found:
        raise node.refuse("expected at least one step")
    return highest_first(found), bool(closed)


def _touch(
    node: Node,
    before: list[TierRule],
    since: Decimal,
    previous: Decimal | None,
    until: Decimal | None,
    *,
    by_upper: bool,
) -> None:
    if until is not None and until <= since:
        raise node.refuse(
            said(
                "ends at %(until)s, before it begins at %(since)s",
                until=f"{until:f}",
                since=f"{since:f}",
            )
        )
    if not before:
        return
    if by_upper and previous is None:
        raise node.refuse("follows a step without an end")
    if by_upper:
        return
    if since <= before[-1].min_quantity:
        raise node.refuse(
            said("begins at %(since)s, not after the step before it", since=f"{since:f}")
        )
    if previous is not None and since > previous:
        raise node.refuse(
            said(
                "leaves a gap between %(previous)s and %(since)s",
                previous=f"{previous:f}",
                since=f"{since:f}",
            )
        )
    if previous is not None and since < previous:
        raise node.refuse(
            said(
                "overlaps the step before it, which ends at %(previous)s", previous=f"{previous:f}"
            )
        )
