"""Rules of a book in the reader's words: kinds, fields, choices, and a rule in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from handsel.bid.price.models import BookTerm
from handsel.bid.price.queries import tells_costs
from handsel.bid.price.rules.checks import Finding
from handsel.bid.price.rules.term_form import FORMS, STEP, rows_of, values_of
from handsel.bid.price.web import parts
from handsel.bid.price.web.term_products import named_products
from handsel.ground.document.formatting import readers_day
from handsel.ground.kernel.names import name_from, read_name
from handsel.ground.kernel.said import Said, worded
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.naming import shown_name

KIND_NAMES: Mapping[str, Any] = {
    "tiers": gettext_lazy("Tiers"),
    "promotions": gettext_lazy("Promotion"),
    "combination": gettext_lazy("How promotions combine"),
    "elements": gettext_lazy("Surcharge"),
    "market": gettext_lazy("Market values"),
    "words": gettext_lazy("Labels in other languages"),
    "limits": gettext_lazy("Floor and ceiling"),
    "endings": gettext_lazy("Price ending"),
    "cost_plus": gettext_lazy("Cost plus"),
    "term_discounts": gettext_lazy("Term discount"),
    "partners": gettext_lazy("Partner discount"),
    "fees": gettext_lazy("Fee"),
    "conventions": gettext_lazy("Counting of terms"),
    "distributors": gettext_lazy("Distributor discount"),
    "matrices": gettext_lazy("Price matrix"),
    "tables": gettext_lazy("Tables to look up"),
    "percent_of": gettext_lazy("Percentage of other lines"),
}
LABELS: Mapping[str, Any] = {
    "label": gettext_lazy("Words for it"),
    "kind": gettext_lazy("Kind"),
    "basis": gettext_lazy("What is counted"),
    "unit": gettext_lazy("Unit"),
    "scope": gettext_lazy("Counted over"),
    "cumulative": gettext_lazy("What was bought before counts too"),
    "first": gettext_lazy("Bounds number the pieces: 1–9, 10–19"),
    "percent": gettext_lazy("Per cent"),
    "per_unit": gettext_lazy("Off per unit"),
    "from": gettext_lazy("From quantity"),
    "code": gettext_lazy("Only with the code"),
    "policy": gettext_lazy("Where several apply"),
    "key": gettext_lazy("Short name"),
    "scale": gettext_lazy("Decimals of the published price"),
    "market": gettext_lazy("A market surcharge"),
    "discountable": gettext_lazy("No discount comes off it"),
    "floor": gettext_lazy("A unit costs at least"),
    "ceiling": gettext_lazy("A unit costs at most"),
    "margin_percent": gettext_lazy("Margin of at least"),
    "step": gettext_lazy("Multiples of"),
    "offset": gettext_lazy("Plus or minus"),
    "direction": gettext_lazy("Rounded"),
    "from_price": gettext_lazy("For prices from"),
    "from_months": gettext_lazy("From months"),
    "billing": gettext_lazy("Way of paying"),
    "tier": gettext_lazy("Tier of partners"),
    "off_list": gettext_lazy("Taken off the list price"),
    "amount": gettext_lazy("Amount"),
    "article": gettext_lazy("Sold as article"),
    "convention": gettext_lazy("Convention"),
    "price_months": gettext_lazy("List prices are for months"),
    "valid_from": gettext_lazy("First day"),
    "valid_until": gettext_lazy("Last day"),
    "way": gettext_lazy("How it is reckoned"),
    "rate": gettext_lazy("Amount or factor"),
    "attribute": gettext_lazy("Attribute of the line"),
    "index": gettext_lazy("Market value"),
    "base": gettext_lazy("Charged above"),
    "formula": gettext_lazy("Formula"),
    "price": gettext_lazy("Price"),
    "flat": gettext_lazy("Flat amount"),
    "per": gettext_lazy("Package of"),
    "name": gettext_lazy("Name"),
    "value": gettext_lazy("Value"),
    "of": gettext_lazy("Taken of"),
    "products": gettext_lazy("Of these products"),
    "groups": gettext_lazy("Of these groups"),
    "except_products": gettext_lazy("But not of these products"),
    "except_groups": gettext_lazy("But not of these groups"),
    "least": gettext_lazy("In all at least"),
    "most": gettext_lazy("In all at most"),
}
# What a field is called in one kind of rule, where it is not what it is elsewhere.
_OWN_LABELS: Mapping[tuple[str, str], Any] = {
    ("cost_plus", "basis"): gettext_lazy("Reckoned as"),
    ("tiers", "from"): gettext_lazy("From"),
}
HELPS: Mapping[str, Any] = {
    "basis": gettext_lazy("Quantity, amount, or an attribute such as length"),
    "billing": gettext_lazy("As it stands on the line: monthly, quarterly, annual …"),
    "products": gettext_lazy("Their numbers, with commas. Empty: all other lines."),
    "unit": gettext_lazy("Of the attribute: m, kg, m2 …"),
    "discountable": "",
    "step": gettext_lazy("1 and −0.05 end in .95; 5 and nothing in 5 and 0."),
    "margin_percent": gettext_lazy("A floor from the standard cost."),
    "key": gettext_lazy("Other formulas name it so: letters, digits and _."),
    "tier": gettext_lazy(
        "Empty: for every reseller whose tier a quote names; in a segment’s book for all "
        "its buyers."
    ),
    "index": gettext_lazy("Its short name under “Market values”."),
    "formula": gettext_lazy("As in the written form, such as 196 * max(length - 1 m, 0 m) / 1 m."),
    "code": gettext_lazy("Empty: for everybody."),
    "price_months": gettext_lazy("Empty: for a year. 1 where a price is for a month."),
    "article": gettext_lazy("Its number; empty: the house’s article for fees, FEE."),
}
CHOICES: Mapping[str, Any] = {
    "all_units": gettext_lazy("All units at the step that is reached"),
    "slab": gettext_lazy("Each slab at its own price"),
    "package": gettext_lazy("Started packages"),
    "block": gettext_lazy("Flat amount in the step, price beyond"),
    "flat": gettext_lazy("Flat amount once a line"),
    "line": gettext_lazy("the line"),
    "group": gettext_lazy("the line’s group"),
    "quantity": gettext_lazy("Quantity"),
    "list": gettext_lazy("list price"),
    "regular": gettext_lazy("regular price"),
    "customer": gettext_lazy("customer’s price"),
    "net": gettext_lazy("net price"),
    "quote": gettext_lazy("the whole quote"),
    "contract": gettext_lazy("the contract"),
    "orders": gettext_lazy("all orders"),
    "best": gettext_lazy("the best for the customer"),
    "worst": gettext_lazy("the smallest"),
    "stack_multiply": gettext_lazy("all, one after the other"),
    "stack_add": gettext_lazy("all, added up"),
    "sequence": gettext_lazy("all, in their order"),
    "nearest": pgettext_lazy("rounding", "to the nearest"),
    "up": pgettext_lazy("rounding", "up"),
    "down": pgettext_lazy("rounding", "down"),
    "markup": gettext_lazy("Markup on the cost"),
    "margin": gettext_lazy("Margin of the price"),
    "fixed": gettext_lazy("Per unit"),
    "per_unit_of": gettext_lazy("Per metre, kilogram …"),
    "alloy": gettext_lazy("Alloy"),
    "factor": gettext_lazy("Factor"),
    "formula": gettext_lazy("Formula"),
    "DAY365": gettext_lazy("days of 365"),
    "ACTACT": gettext_lazy("days of each year’s own length"),
    "MONTH_UP": gettext_lazy("whole months, begun ones too"),
    "MONTH_DAY": gettext_lazy("months, and days of 365"),
    "ANNIV": gettext_lazy("anniversary months and their days"),
    "CAL": gettext_lazy("calendar months and their days"),
    "M30": gettext_lazy("months of 30 days"),
    "30/360": gettext_lazy("months of 30, years of 360 days"),
}

# What a way of reckoning a surcharge does.
WAY_HINTS: Mapping[str, Any] = {
    "fixed": gettext_lazy("The same amount for every unit."),
    "per_unit_of": gettext_lazy(
        "The amount for every metre, kilogram … that the line’s attribute says."
    ),
    "alloy": gettext_lazy(
        "What a market value stands above a base, for every kilogram … of the line’s attribute."
    ),
    "factor": gettext_lazy("What stands so far is multiplied: 1.08 is 8 % more."),
    "formula": gettext_lazy("Anything else, reckoned with units."),
}

# What the checks of a book say, so that translators find it.
FOUND = (
    gettext_noop("%(name)s: two steps begin at %(at)s."),
    gettext_noop("%(name)s: one step ends at %(end)s, the next begins at %(begin)s."),
    gettext_noop("%(name)s: nothing from %(end)s on."),
    gettext_noop(
        "%(name)s: more costs less in all: %(fewer)s cost %(before)s, %(more)s cost %(after)s."
    ),
    gettext_noop(
        "%(name)s: more costs less in all: just below %(more)s cost %(before)s, %(more)s "
        "cost %(after)s."
    ),
    gettext_noop(
        "%(name)s: more costs less in all; at a list price of 1, %(fewer)s: %(before)s, "
        "%(more)s: %(after)s."
    ),
    gettext_noop(
        "%(name)s: more costs less in all; at a list price of 1, just below %(more)s: "
        "%(before)s, at %(more)s: %(after)s."
    ),
    gettext_noop("%(name)s never applies: %(other)s speaks of the same and is always reached."),
    gettext_noop("%(name)s never applies: %(other)s goes before it on all of its days."),
    gettext_noop("%(names)s: each needs the other first; take one of them out."),
    gettext_noop("%(name)s cannot be reckoned: %(what)s"),
    gettext_noop("%(names)s: the price is zero."),
    gettext_noop("%(names)s and %(count)s more: the price is zero."),
)
_NUMBERS = ("at", "end", "begin", "fewer", "before", "more", "after")


def finding(found: Finding) -> str:
    """What a publisher should know, in the reader's language."""
    mark = parts.decimal_mark()
    facts = {
        name: value.replace(".", mark) if name in _NUMBERS else _fact(value)
        for name, value in found.facts.items()
    }
    return _(found.template) % facts


def field_label(kind: str, name: str) -> str:
    """What a field is called on the form of a kind."""
    return str(_OWN_LABELS.get((kind, name), LABELS[name]))


def field_help(kind: str, name: str) -> str:
    """What is to be known of a field on the form of a kind."""
    return "" if (kind, name) in _OWN_LABELS else str(HELPS.get(name, ""))


def _fact(value: str) -> str:
    """What stands in a finding: a sentence of its own, or a name."""
    return worded(value, _) if isinstance(value, Said) else shown_name(value)


def choice(field: str, key: str) -> str:
    """A choice of a field; a convention with its code, which contracts name."""
    words = str(CHOICES.get(key, key))
    return f"{key} – {words}" if field == "convention" else words


# What a tier counts, in the reader's words; any other word is an attribute.
_BASES = ("quantity", "amount")


def basis_shown(basis: str) -> str:
    """What a tier counts, as the reader writes it."""
    return _(basis.capitalize()) if basis in _BASES else basis


def basis_typed(text: str) -> str:
    """What a tier counts, from what was typed."""
    named = {str(_(one.capitalize())).lower(): one for one in _BASES}
    return named.get(text.lower(), text)


def kind_name(kind: str) -> str:
    """A kind in words."""
    return str(KIND_NAMES.get(kind, kind))


def told(row: BookTerm, actor: Actor) -> str:
    """A rule in one line; nothing where only the written form says it."""
    if tells_costs(row.kind, row.definition) and not actor.may("cost.view"):
        return _("Only for those who may see costs.")
    values = values_of(row.kind, named_products(row.kind, row.definition))
    if values is None:
        return _told_written(row.definition)
    label = shown_name(name_from("label", values))
    said = [label] if label else []
    for one in FORMS[row.kind]:
        value = values.get(one.name, "")
        if not value or one.name == "label" or (one.name, value) == ("scope", "line"):
            continue
        told = _told_field(one.type, one.name, value, row.kind)
        said.append(f"{told} {row.book.currency}" if one.name == "amount" else told)
    if row.kind == "tiers":
        said += [_told_step(step) for step in rows_of(values, STEP)]
    if row.kind == "elements":
        said.append(str(row.definition.get("formula", "")))
    said += _told_grid(row.kind, row.definition)
    if row.kind == "market":
        said += [f"{one['name']} = {one['value']}" for one in rows_of(values, ("name", "value"))]
    return " · ".join(said)


def _told_written(definition: Mapping[str, Any]) -> str:
    """What a rule of the written form is called, and its formula."""
    label = definition.get("label")
    name = shown_name(read_name(label)) if label else definition.get("key")
    said = [str(one) for one in (name, definition.get("formula")) if one]
    return " · ".join(said)


def _told_grid(kind: str, definition: Mapping[str, Any]) -> list[str]:
    """A matrix by its axes, tables by their names: what a line can hold of a grid."""
    if kind == "matrices":
        return [
            " × ".join(
                f"{axis['attribute']} ({len(axis['points'])})" for axis in definition["axes"]
            )
        ]
    if kind == "tables":
        return [", ".join(f"{name} ({len(table)})" for name, table in definition.items())]
    return []


def _told_field(kind: str, name: str, value: str, of_kind: str) -> str:
    label = field_label(of_kind, name)
    if kind == "flag":
        return label
    if kind in ("day", "last_day"):
        return f"{label} {readers_day(date.fromisoformat(value))}"
    if name == "basis" and of_kind == "tiers":
        return basis_shown(value)
    if name in ("kind", "policy", "convention", "basis"):
        return choice(name, value)
    if kind == "choice":
        value = str(CHOICES.get(value, value))
    elif kind in ("number", "percent"):
        value = value.replace(".", parts.decimal_mark())
    if name == "percent":
        return f"{value} %"
    return f"{label} {value} %" if kind == "percent" else f"{label} {value}"


def _told_step(step: Mapping[str, str]) -> str:
    mark = parts.decimal_mark()
    said = []
    for name, value in step.items():
        shown = value.replace(".", mark)
        if name == "percent":
            said.append(f"{shown} %")
        elif name != "from":
            said.append(shown if name == "price" else f"{LABELS[name]} {shown}")
    since = step["from"].replace(".", mark)
    return _("from %(quantity)s: %(what)s") % {"quantity": since, "what": ", ".join(said) or "–"}
