"""What a line costs by itself, reckoned in the plainest way: stages 1 to 13 of the oracle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from tests.support.naive_counts import (
    Item,
    added,
    ended,
    months_of,
    number,
    reached,
    sign,
    slab_more,
    slices,
    step_bill,
)
from tests.support.naive_made import cell, cut, is_made, values
from tests.support.naive_scopes import bought_elsewhere, bought_on, is_in_scope, measure

PLACES = {"JPY": 0, "EUR": 2, "CHF": 2, "KWD": 3}
TERM = ("start_on", "end_on")


class Refused(Exception):
    """The case has no answer: no price, no rate, a discount larger than what bears it."""


@dataclass
class NaiveLine:
    """A line on its way down; `held` is the part of the amount that takes no discount."""

    asked: Item
    key: str
    quantity: Fraction
    amount: Fraction = Fraction(0)
    held: Fraction = Fraction(0)
    listed: Fraction = Fraction(0)
    list_of_term: Fraction = Fraction(0)
    times: Fraction = Fraction(1)
    given: Fraction = Fraction(0)
    source: str = ""
    base: Fraction = Fraction(0)
    is_net: bool = False
    points: dict[str, Fraction] = field(default_factory=dict)
    minor: int = 0
    list_minor: int = 0
    header: int = 0
    derived: bool = False

    @property
    def counts(self) -> bool:
        return not self.asked.get("optional", False)

    def open_part(self, of: Fraction | None = None) -> Fraction:
        amount = self.amount if of is None else of
        if not self.asked.get("discountable", True):
            return Fraction(0)
        rest = amount - self.held
        return rest if sign(rest) == sign(amount) else Fraction(0)


def gives_price(table: Item) -> bool:
    return any("price" in step or "flat" in step for step in table["steps"])


class NaiveLines:
    """The lines of one case."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.context: Item = case["context"]
        self.on = date.fromisoformat(self.context["date"])
        self.unit = 10 ** PLACES[self.context["currency"]]
        self.lines = [
            NaiveLine(one, one["key"], number(one, "quantity", "1"))
            for asked in case["lines"]
            for one in cut(asked)
        ]

    # Rules that speak of a line, the most specific first.

    def about(self, name: str, line: NaiveLine) -> list[Item]:
        found: list[list[Item]] = [[], [], []]
        for rule in self.context.get(name, []):
            if not self._holds(rule):
                continue
            if "product" in rule:
                if rule["product"] == line.asked["product"]:
                    found[0].append(rule)
            elif "group" in rule:
                if rule["group"] == line.asked.get("group", ""):
                    found[1].append(rule)
            else:
                found[2].append(rule)
        return [rule for level in found for rule in level]

    def _holds(self, rule: Item) -> bool:
        since, until = rule.get("valid_from"), rule.get("valid_until")
        return (since is None or date.fromisoformat(since) <= self.on) and (
            until is None or self.on < date.fromisoformat(until)
        )

    def half(self, value: Fraction) -> int:
        """A number of minor units, rounded as the case says."""
        whole, rest = floor(abs(value)), abs(value) - floor(abs(value))
        up = rest > Fraction(1, 2) or (
            rest == Fraction(1, 2)
            and (self.context.get("rounding", "half_up") == "half_up" or whole % 2 == 1)
        )
        return sign(value) * (whole + up)

    def _share_rule(self, line: NaiveLine) -> Item | None:
        return next(iter(self.about("percent_of", line)), None)

    def begin(self, line: NaiveLine) -> None:
        """Stages 1 to 3."""
        found = next(self._sources(line), None)
        if found is None:
            raise Refused(f"no price for {line.asked['product']}")
        line.source, line.amount = found
        line.base = line.amount
        line.is_net = line.source == "renewal" or (line.source == "contracted net")
        self._surcharge(line)
        line.listed = line.list_of_term = line.amount
        line.points["list"] = line.amount
        line.list_minor = self.half(line.amount * self.unit)

    def go_on(self, line: NaiveLine) -> None:
        """Stages 4 to 13."""
        self.tier(line)
        self.agreement(line)
        self.promotion(line)
        self.term(line)
        self.proration(line)
        line.points["regular"] = line.amount
        if self.context.get("manual_last"):
            self.channels(line)
            self.manual(line)
        else:
            self.manual(line)
            self.channels(line)
        self.ending(line)
        self.extend(line)

    # Stage 1.

    def _sources(self, line: NaiveLine) -> Iterator[tuple[str, Fraction]]:
        yield from self._by_people(line)
        contracted = [one for one in self.about("contracted", line) if "price" in one]
        for one in sorted(contracted, key=lambda one: int(one.get("depth", 0))):
            kind = "contracted net" if one.get("net") else "contracted"
            yield kind, number(one, "price") * line.quantity
        for one in self.about("bundle_prices", line):
            if one["bundle"] == line.asked.get("bundle"):
                yield "bundle", number(one, "price") * line.quantity
        for one in self.about("matrices", line):
            found = cell(one, line.asked)
            if found is not None:
                yield "matrix", found * line.quantity
        yield from self._by_tables(line, ("package", "block", "flat"))
        yield from self._by_cost(line)
        listed = self._listed(line)
        if listed is not None:
            yield listed
        elif not contracted:
            yield from self._by_tables(line, ("all_units", "slab"))

    def _by_people(self, line: NaiveLine) -> Iterator[tuple[str, Fraction]]:
        asked = line.asked
        if "override" in asked and asked["override"].get("permitted", True):
            yield "override", number(asked["override"], "price") * line.quantity
        renewal = asked.get("renewal", {"kind": "list"})
        if renewal["kind"] != "list":
            rise = number(renewal, "uplift_percent") if renewal["kind"] == "uplift" else 0
            price = number(renewal, "customer_price") * line.quantity
            yield "renewal", price * (100 + rise) / 100

    def _by_tables(self, line: NaiveLine, kinds: Sequence[str]) -> Iterator[tuple[str, Fraction]]:
        for table in self.about("tiers", line):
            if gives_price(table) and table.get("kind", "all_units") in kinds:
                price = self.table_price(table, line)
                if price is not None:
                    yield "tier", price

    def _by_cost(self, line: NaiveLine) -> Iterator[tuple[str, Fraction]]:
        for one in self.about("cost_plus", line) if "cost" in line.asked else ():
            cost, percent = number(line.asked, "cost") * line.quantity, number(one, "percent")
            if one["basis"] == "markup":
                yield "markup", cost * (100 + percent) / 100
            else:
                yield "margin", cost * 100 / (100 - percent)

    def _listed(self, line: NaiveLine) -> tuple[str, Fraction] | None:
        entry = self.context.get("prices", {}).get(line.asked["product"])
        entries = entry if isinstance(entry, list) else [entry] if entry is not None else []
        written = [one if isinstance(one, dict) else {"price": one} for one in entries]
        at_home = [one for one in written if "currency" not in one]
        for one in sorted(at_home, key=lambda one: "book" in one)[:1]:
            return "list", number(one, "price") * line.quantity
        for one in written:
            rate = self.context.get("rates", {}).get(one["currency"])
            if rate is not None:
                return "converted", number(one, "price") * line.quantity * number(rate, "rate")
        return None

    # Stages 2 and 3: plain amounts per unit, then factors; first of options, then of markets.

    def _surcharge(self, line: NaiveLine) -> None:
        if not line.asked.get("discountable", True):
            line.held = line.amount
        for delta in line.asked.get("deltas", []):
            line.amount += number(delta, "per_unit") * line.quantity
        elements = self._elements(line)
        made: dict[str, Any] = {}
        if is_made(elements):
            each = line.amount / (line.quantity or 1)
            made = values(elements, line.asked, self.context, each)
        for market in (False, True):
            for factor in (False, True):
                for one in elements:
                    if bool(one.get("market")) is market and bool(one.get("factor")) is factor:
                        value = made[one["key"]] if one["key"] in made else number(one, "formula")
                        change = line.amount * (value - 1) if factor else value * line.quantity
                        line.amount += change
                        line.held += change if not one.get("discountable", True) else 0

    def _elements(self, line: NaiveLine) -> list[Item]:
        """Of one name the first counts; factors have none."""
        seen: set[str] = set()
        found = []
        for one in self.about("elements", line):
            if one.get("factor") or one["key"] not in seen:
                found.append(one)
            if not one.get("factor"):
                seen.add(one["key"])
        return found

    # Stage 4. A count below nothing is the mirror of the purchase that it undoes.

    def counted(self, table: Item, line: NaiveLine) -> tuple[Fraction, Fraction, Fraction]:
        """What was before, what is counted together, and of this line alone."""
        scope = table.get("scope", "line")
        own = measure(table, line)
        before, total = number(line.asked, "sold"), own
        if scope != "line":
            is_share = self._share_rule(line) is not None
            together = [
                one
                for one in self.lines
                if (one is line and is_share)
                or (
                    table in self.about("tiers", one)
                    and not self._share_rule(one)
                    and (one.counts or one is line)
                    and is_in_scope(table, line, one)
                )
            ]
            total = sum((measure(table, one) for one in together), Fraction(0))
            before = bought_on(together)
            if scope in ("contract", "orders"):
                before = bought_elsewhere(self.context, table)
        if not table.get("cumulative"):
            before = Fraction(0)
        if not total:
            total = own
        if total < 0:
            return max(before + total, Fraction(0)), -total, own
        return before, total, own

    def table_price(
        self, table: Item, line: NaiveLine, list_each: Fraction | None = None
    ) -> Fraction | None:
        before, total, own = self.counted(table, line)
        kind = table.get("kind", "all_units")
        step = reached(table, before + total)
        if kind == "flat":
            if step is None:
                return None
            return number(step, "flat") * (-1 if own < 0 else 1)
        if not own:
            return Fraction(0)
        if kind == "slab":
            more = slab_more(table, before, total, list_each)
            return None if more is None else more * own / total
        if step is None:
            return None
        if kind == "all_units":
            return added(table, step, before, total) * own / total
        earlier = reached(table, before) if before else None
        if earlier is None:
            return step_bill(table, step, total) * own / total
        bill = step_bill(table, step, before + total) - step_bill(table, earlier, before)
        return bill * own / total

    def tier(self, line: NaiveLine) -> None:
        tables = self.about("tiers", line)
        if line.source in ("list", "converted", "markup", "margin"):
            for table in tables:
                if gives_price(table) and table.get("kind", "all_units") in ("all_units", "slab"):
                    own = self.counted(table, line)[2]
                    each = line.base / own if own else None
                    price = self.table_price(table, line, each)
                    if price is not None:
                        line.amount += price - line.base
                        return
        if line.is_net:
            return
        for table in tables:
            if gives_price(table):
                continue
            before, total, _own = self.counted(table, line)
            step = reached(table, before + total)
            if step is None:
                continue
            percent = number(step, "percent")
            if table.get("kind") == "slab":
                weighed = sum(
                    (units * number(one, "percent") for one, units in slices(table, before, total)),
                    Fraction(0),
                )
                percent = weighed / total if total else Fraction(0)
            line.amount -= line.open_part() * percent / 100
            return

    # Stages 5 to 8.

    def agreement(self, line: NaiveLine) -> None:
        agreed = [one for one in self.about("contracted", line) if "percent" in one]
        if not agreed or line.source in ("contracted", "contracted net", "renewal", "override"):
            return
        nearest = min(agreed, key=lambda one: int(one.get("depth", 0)))
        line.amount -= line.open_part() * number(nearest, "percent") / 100

    def promotion(self, line: NaiveLine) -> None:
        if line.is_net:
            return
        codes = self.context.get("codes", [])
        found = [
            one
            for one in self.about("promotions", line)
            if ("code" not in one or one["code"] in codes)
            and abs(line.quantity) >= number(one, "from")
            and ("bundle" not in one or one["bundle"] == line.asked.get("bundle"))
        ]
        how = self.context.get("combination", "stack_multiply")

        def off(one: Item, of: Fraction) -> Fraction:
            if "per_unit" in one:
                return number(one, "per_unit") * line.quantity
            return of * number(one, "percent") / 100

        if how in ("best", "worst") and found:
            # A credit mirrors its charge. Among equals the last is the best, the first the worst.
            offs = [off(one, line.open_part()) * (-1 if line.quantity < 0 else 1) for one in found]
            at = max(offs) if how == "best" else min(offs)
            places = [place for place, one in enumerate(offs) if one == at]
            found = [found[places[-1] if how == "best" else places[0]]]
        if how == "stack_multiply":
            found = [one for one in found if "per_unit" not in one] + [
                one for one in found if "per_unit" in one
            ]
        first = line.open_part()
        for one in found:
            most = line.open_part()
            change = off(one, first if how == "stack_add" else most)
            way = -1 if line.quantity < 0 else 1
            line.amount -= min(change * way, max(most * way, Fraction(0))) * way

    def term(self, line: NaiveLine) -> None:
        months = int(line.asked.get("term_months", 0))
        rules = self.about("term_discounts", line)
        reached_ones = [one for one in rules if int(one.get("from_months", 0)) <= months]
        by_months = [one for one in reached_ones if not one.get("billing")]
        by_billing = [
            one
            for one in reached_ones
            if one.get("billing") and one["billing"] == line.asked.get("billing")
        ]
        for some in (by_months, by_billing):
            if some:
                rule = max(some, key=lambda one: int(one.get("from_months", 0)))
                line.amount -= line.open_part() * number(rule, "percent") / 100

        rise = line.asked.get("rise", Fraction(1))
        line.amount *= rise
        line.held *= rise
        line.list_of_term *= rise

    def proration(self, line: NaiveLine) -> None:
        asked, product = line.asked, line.asked["product"]
        months = self.context.get("price_months", {}).get(product, 12)
        months = int(asked.get("price_months", months))
        if "term" in asked:
            of_product = self.context.get("conventions", {}).get(product, "DAY365")
            convention = asked["term"].get("convention", of_product)
            first, last = (date.fromisoformat(asked["term"][name]) for name in TERM)
            anchor = date.fromisoformat(asked["term"].get("anchor_on", first.isoformat()))
            line.times = months_of(convention, anchor, last) / months
            if anchor < first:
                line.times -= months_of(convention, anchor, first - timedelta(days=1)) / months
        elif "due_months" in asked:
            line.times = Fraction(asked["due_months"], months)
        elif "multiplier" in asked:
            line.times = Fraction(asked["multiplier"])
        line.amount *= line.times
        line.held *= line.times
        line.list_of_term *= line.times

    # Stages 9 to 12.

    def manual(self, line: NaiveLine) -> None:
        line.amount -= line.open_part() * number(line.asked, "discount_percent") / 100
        for kind, text in line.asked.get("manual", {}).items():
            value = Fraction(text)
            mirror = -1 if line.quantity < 0 else 1
            if kind == "target_unit":
                line.amount = value * line.quantity
            elif kind == "target_line":
                line.amount = value * mirror
            elif line.quantity or kind == "per_unit":
                off = value * (abs(line.quantity) if kind == "per_unit" else 1)
                if off > 0 and off > max(line.open_part() * mirror, 0):
                    raise Refused("more is taken off than there is")
                line.amount -= off * mirror
        # What the customer pays is before what resellers are given, whichever comes first.
        line.points["customer"] = line.amount + line.given

    def channels(self, line: NaiveLine) -> None:
        for name in ("partners", "distributors"):
            tier = self.context.get("partner", "")
            rules = [one for one in self.about(name, line) if one.get("tier", "") in ("", tier)]
            # A product's own goes before its group's; there the reseller's tier goes first.
            levels: list[list[Item]] = [[], [], []]
            for one in rules:
                levels[0 if "product" in one else 1 if "group" in one else 2].append(one)
            found = [
                one
                for level in levels
                for one in sorted(level, key=lambda rule: "tier" not in rule)
            ]
            if found:
                of = line.list_of_term if found[0].get("off_list") else line.amount
                off = line.open_part(of) * number(found[0], "percent") / 100
                line.amount -= off
                line.given += off

    def ending(self, line: NaiveLine) -> None:
        if not line.quantity:
            return
        unit = line.amount / line.quantity
        for one in self.about("endings", line):
            if abs(unit) >= number(one, "from_price"):
                unit = ended(unit, one)
                break
        for one in self.about("limits", line):
            least = [number(one, "floor") * line.times] if "floor" in one else []
            if "margin_percent" in one and ("cost" in line.asked or "cost_percent" in line.asked):
                cost = number(line.asked, "cost") * line.times
                if "cost" not in line.asked:
                    part = number(line.asked, "cost_percent") / 100
                    cost = line.listed / line.quantity * part * line.times
                least.append(cost * 100 / (100 - number(one, "margin_percent")))
            if least and unit < max(least):
                unit = max(least)
            elif "ceiling" in one and unit > number(one, "ceiling") * line.times:
                unit = number(one, "ceiling") * line.times
        line.amount = unit * line.quantity

    def extend(self, line: NaiveLine) -> None:
        """Stage 13: on half a minor unit what is rounded is the discount off the list amount."""
        listed = self.half(line.list_of_term * self.unit)
        if line.amount == line.list_of_term:
            line.minor = listed
        else:
            line.minor = listed - self.half(listed - line.amount * self.unit)
