"""The closed set of facts that conditions of approval may name, each with a kind and a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["percent", "money", "number", "days", "text", "texts", "flag"]
Value = int | Decimal | str | bool | frozenset[str] | None
NUMERIC: Final = frozenset({"percent", "money", "number", "days"})
Reasons = tuple[tuple[str, int], ...]
"""What makes a flag true: each by a name, and how far it goes (more is worse)."""
LINE: Final = "line."


@dataclass(frozen=True, slots=True)
class FactType:
    """A fact conditions may name: its kind decides how it can be compared."""

    name: str
    kind: Kind
    title: str

    @property
    def is_of_line(self) -> bool:
        """Whether every line has it, rather than the offer as a whole."""
        return self.name.startswith(LINE)


def _declared(rows: Sequence[tuple[str, Kind, str]]) -> dict[str, FactType]:
    return {name: FactType(name, kind, title) for name, kind, title in rows}


FACTS: Final[Mapping[str, FactType]] = _declared(
    (
        ("header_discount", "percent", "Discount on the whole quote"),
        ("total_discount", "percent", "Everything taken off the list prices"),
        ("list_value", "money", "Value at list prices"),
        ("net_value", "money", "Net value"),
        ("fees_value", "money", "Freight and fees"),
        ("fees_waived", "money", "Freight and fees that are waived"),
        ("contract_value", "money", "Value of the whole contract, all periods of its lines"),
        ("longest_term", "number", "Longest term of a line in months"),
        ("discount_value", "money", "Amount taken off the list prices"),
        ("margin", "percent", "Margin"),
        ("margin_value", "money", "Margin as an amount"),
        ("cost_known", "flag", "The cost of every line is known"),
        ("payment_days", "days", "Days to pay"),
        ("valid_days", "days", "Days the offer is valid"),
        ("billing_method", "text", "How it is invoiced"),
        ("delivery_terms", "text", "Delivery terms"),
        ("clause_deviation", "flag", "Terms of its own"),
        ("nonstandard", "flag", "Contains something out of the ordinary"),
        (
            "floor_held",
            "flag",
            "A price was held at the least it may be, or brought below by a discount on the whole",
        ),
        ("open_options", "number", "Options the customer can add or leave out"),
        ("worst_discount", "percent", "Largest total discount a choice of options can make"),
        ("worst_margin", "percent", "Smallest margin a choice of options can leave"),
        ("largest_value", "money", "Largest net value a choice of options can make"),
        ("customer_value", "money", "Net value with what the customer was offered in 90 days"),
        ("line_count", "number", "Number of lines"),
        ("region", "text", "Country the goods go to"),
        ("customer", "text", "Customer"),
        ("segment", "text", "Price segment of the customer"),
        ("partner_tier", "text", "Partner tier the prices are for"),
        ("tier_by_hand", "flag", "Priced for another partner tier than the customer's own"),
        ("promotion_codes", "texts", "Promotion codes"),
        ("price_age", "days", "Days since the day of the prices"),
        ("proposal", "text", "Proposal the offer goes out as"),
        ("currency", "text", "Currency"),
        ("product_groups", "texts", "Product groups"),
        ("articles", "texts", "Article numbers"),
        ("options", "texts", "Configured options, such as control=full_panel"),
        ("line.discount", "percent", "Discount on a line"),
        ("line.total_discount", "percent", "Everything taken off a line's list price"),
        ("line.list_value", "money", "A line's value at list prices"),
        ("line.net_value", "money", "A line's net value"),
        ("line.margin", "percent", "A line's margin"),
        ("line.quantity", "number", "A line's quantity"),
        ("line.group", "text", "A line's product group"),
        ("line.article", "text", "A line's article number"),
        ("line.kind", "text", "A line's kind of product"),
        ("line.options", "texts", "A line's configured options, such as control=full_panel"),
        ("line.nonstandard", "flag", "A line out of the ordinary"),
        ("line.by_hand", "flag", "A line's price is set by hand"),
        ("line.floor_held", "flag", "A line held at the least it may cost, or brought below"),
    )
)
# What tells our costs to who knows the prices.
OF_COST: Final = frozenset({"margin", "margin_value", "worst_margin", "line.margin"})
OF_LINES: Final = frozenset({"nonstandard", "floor_held", "product_groups", "articles", "options"})
"""Facts of the offer that single lines make."""
