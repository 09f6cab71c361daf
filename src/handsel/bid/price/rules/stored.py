"""A book's rules as they are kept: the written form, with the product named by its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from handsel.bid.price.rules.case import rules as read
from handsel.bid.price.rules.case.context import LISTS
from handsel.bid.price.rules.case.reading import CaseFault, Node, Written
from handsel.bid.price.rules.case.values import figure_of, table_of, words_of
from handsel.bid.price.rules.labels import Words, table_with_words, with_words
from handsel.bid.price.rules.proration import Convention
from handsel.bid.price.rules.terms import (
    NO_TERMS,
    About,
    Combination,
    Contracted,
    PercentOf,
    Terms,
)
from handsel.bid.price.rules.tiers import ProductKey, TierTable
from handsel.ground.kernel.said import said

_NOT_STORED: Final = ("contracted", "bundle_prices")
_READERS: Final[Mapping[str, Callable[[Node, str], Any]]] = {
    name: reader for name, reader in LISTS.items() if name not in _NOT_STORED
}
KINDS: Final = (*_READERS, "tiers", "tables", "market", "words", "conventions", "combination")
"""What a book can hold; agreed prices belong to organizations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A rule to be kept. `definition` is an item of the written form without what it is about."""

    kind: str
    definition: Mapping[str, Any]
    product_id: int | None = None
    product_group: str = ""


@dataclass(frozen=True, slots=True)
class StoredTerm:
    """A kept rule: `term_id` is its key, 0 for one that is still to be kept."""

    term_id: int
    version: int
    kind: str
    product_id: ProductKey | None
    product_group: str
    definition: Mapping[str, Any]


@dataclass(slots=True)
class ReadTerms:
    """Rules ready for a context."""

    tables: list[tuple[ProductKey | None, str, TierTable]] = field(default_factory=list)
    lists: dict[str, Any] = field(default_factory=dict)
    conventions: list[tuple[About, Convention]] = field(default_factory=list)
    price_months: list[tuple[About, int]] = field(default_factory=list)

    def terms(self, contracted: Sequence[Contracted] = (), **more: Any) -> Terms:
        """As the engine takes them; NO_TERMS where there is nothing, so that lines stay plain."""
        given: dict[str, Any] = {
            name: tuple(found) if isinstance(found, list) else found
            for name, found in self.lists.items()
            if found
        }
        given |= {name: value for name, value in more.items() if value}
        for name in ("partners", "distributors"):
            # What is left of them for this reseller; without any, none of the book's is left.
            if name in more and not more[name]:
                given.pop(name, None)
        if contracted:
            given["contracted"] = tuple(contracted)
        return Terms(**given) if given else NO_TERMS


def terms_of_case(context: Mapping[str, Any], keys: Mapping[str, int]) -> list[NewTerm]:
    """The rules of a case's context, to be kept with a book; `keys` are products by their names.

    What a book has otherwise (prices, dates, taxes) is left out. Raises CaseFault for a product
    that is none of them.
    """
    found = [
        NewTerm(kind=name, definition=context[name])
        for name in ("tables", "market", "words")
        if name in context
    ]
    for kind in (*_READERS, "tiers"):
        for place, item in enumerate(context.get(kind, ())):
            product = item.get("product")
            if product is not None and product not in keys:
                raise CaseFault(
                    f"{kind}[{place}].product",
                    said("there is no product “%(product)s”", product=product),
                )
            found.append(
                NewTerm(
                    kind=kind,
                    definition={
                        name: value
                        for name, value in item.items()
                        if name not in ("product", "group")
                    },
                    product_id=None if product is None else keys[product],
                    product_group=item.get("group", ""),
                )
            )
    return found


def written(term: NewTerm, place: int) -> StoredTerm:
    """A new rule as it will be kept."""
    if term.product_id is not None and term.product_group:
        raise CaseFault(f"[{place}]", "a product or a group, not both")
    return StoredTerm(0, 0, term.kind, term.product_id, term.product_group, term.definition)


_NAMED: Final[Mapping[str, Callable[[Node], Mapping[str, Any]]]] = {
    "tables": lambda node: {name: table_of(one) for name, one in node.entries().items()},
    "market": lambda node: {name: figure_of(one) for name, one in node.entries().items()},
    "words": words_of,
}
"""What a book names, read all at once."""


def read_terms(stored: Iterable[StoredTerm]) -> ReadTerms:
    """Read kept rules strictly. Raises CaseFault with the path of what cannot be read."""
    found = ReadTerms()
    for place, one in enumerate(stored):
        node = Node(as_written(one.definition), f"{one.kind}[{place}]")
        if one.kind in _NAMED:
            found.lists.setdefault(one.kind, {}).update(_NAMED[one.kind](node))
        elif one.kind == "combination":
            fields = node.fields("policy")
            if one.product_id is not None or one.product_group:
                raise node.refuse("holds for the whole book, not for a product or group")
            policy = read.need(node, fields, "policy").choice(Combination)
            found.lists["combination"] = policy
        elif one.kind == "conventions":
            fields = node.fields("convention", "price_months")
            about = About(one.product_id, one.product_group)
            if "price_months" in fields:
                found.price_months.append((about, fields["price_months"].integer(1, 1_200)))
            found.conventions.append(
                (about, read.need(node, fields, "convention").choice(Convention))
            )
        elif one.kind == "tiers":
            _own, _group, table = read.tier_table(node, _rule(one))
            versioned = replace(table, version=table.version or one.version)
            found.tables.append((one.product_id, one.product_group, versioned))
        elif one.kind in _READERS:
            rule = _READERS[one.kind](_about(node, one), _rule(one))
            if isinstance(rule, PercentOf):
                _check_keys(node, rule)
            about = About(one.product_id, one.product_group)
            named = replace(rule, about=about, version=rule.version or one.version)
            kept = _by_keys(named) if isinstance(named, PercentOf) else named
            found.lists.setdefault(one.kind, []).append(kept)
        else:
            raise node.refuse(
                said("“%(kind)s” is none of %(kinds)s", kind=one.kind, kinds=", ".join(KINDS))
            )
    return _with_words(found, found.lists.pop("words", {}))


def _with_words(found: ReadTerms, words: Words) -> ReadTerms:
    if words:
        found.lists = with_words(found.lists, words)
        found.tables = [
            (product, group, table_with_words(one, words)) for product, group, one in found.tables
        ]
    return found


def _check_keys(node: Node, rule: PercentOf) -> None:
    """A product that no key names would be taken nothing of, and nobody would be told."""
    strange = sorted(
        str(one)
        for one in rule.products | rule.excluded_products
        if not (str(one).isascii() and str(one).isdigit())
    )
    if strange:
        raise node.refuse(
            said("a book names products by their keys, not “%(product)s”", product=strange[0])
        )


def _by_keys(rule: PercentOf) -> PercentOf:
    """Kept rules name products by their keys, which are numbers."""
    return replace(
        rule,
        products=frozenset(int(one) if str(one).isdigit() else one for one in rule.products),
        excluded_products=frozenset(
            int(one) if str(one).isdigit() else one for one in rule.excluded_products
        ),
    )


W = TypeVar("W", Convention, int)


def of_products(
    kept: Sequence[tuple[About, W]], groups: Mapping[ProductKey, str]
) -> dict[ProductKey, W]:
    """How terms of products are counted, or for how many months their prices are: a product's own
    way, else its group's, else the book's."""
    by_product = {about.product_id: way for about, way in kept if about.product_id is not None}
    by_group = {about.group: way for about, way in kept if about.product_id is None}
    found: dict[ProductKey, W] = {}
    for product_id, group in groups.items() if kept else ():
        way = by_product.get(product_id) or by_group.get(group) or by_group.get("")
        if way is not None:
            found[product_id] = way
    return found


def _rule(one: StoredTerm) -> str:
    return f"price_term:{one.term_id}" if one.term_id else f"{one.kind}:new"


def _about(node: Node, one: StoredTerm) -> Node:
    """The written form wants to know what a percentage costs; here the columns say it."""
    if one.kind == "percent_of" and isinstance(node.value, Mapping):
        about = {"product": str(one.product_id)} if one.product_id else {}
        about |= {"group": one.product_group} if one.product_group else {}
        return Node({**node.value, **about}, node.path)
    return node


def kept(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as JSON keeps it exactly: numbers with decimals as text."""
    return {str(name): _exact(value) for name, value in definition.items()}


def _exact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return kept(value)
    if isinstance(value, list | tuple):
        return [_exact(one) for one in value]
    return f"{value:f}" if isinstance(value, Decimal) and value.is_finite() else value


def as_written(value: Any) -> Any:
    """Numbers of JSON as they are written, for the strict grammar."""
    if isinstance(value, Mapping):
        return {str(key): as_written(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(one) for one in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | Decimal):
        return Written(value)
    return value
