"""What a price case comes to, reckoned in the plainest way there is: the engine's oracle.

Written from the reference alone. It shares nothing with the engine: fractions instead of decimals,
dates counted day by day, no index, no plan, no stage that is skipped. It reads the written form as
it stands and answers amounts in minor units, exact before they are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Any

from tests.support.naive_counts import Item, number, sign, up
from tests.support.naive_lines import PLACES, NaiveLine, NaiveLines, Refused

__all__ = ["PLACES", "Naive", "Refused"]


class Naive(NaiveLines):
    """One case, as a whole."""

    def answer(self) -> dict[str, Any]:
        own = [line for line in self.lines if not self._share_rule(line)]
        for line in own:
            self.begin(line)
        for line in own:
            self.go_on(line)
        self.distribute([line for line in own if line.counts])
        waiting = [line for line in self.lines if line not in own]
        for line in self._in_order(waiting):
            self.derive(line, [one for one in self.lines if one is not line])
        for line in self.lines:
            if not line.counts and not line.derived and line.asked.get("discountable", True):
                header = self.context.get("header", {})
                line.header = -self.half(line.minor * number(header, "percent") / 100)
        return self.totals()

    # Stage 14.

    def distribute(self, lines: Sequence[NaiveLine]) -> None:
        header: Item = self.context.get("header", {})
        bearing = [line for line in lines if line.asked.get("discountable", True)]
        way = 1 if sum(line.minor for line in bearing) >= 0 else -1
        weights = {line.key: max(line.minor * way, 0) for line in bearing}
        eligible = sum(weights.values())
        change = 0
        if "percent" in header:
            change = -way * self.half(eligible * number(header, "percent") / 100)
        elif "discount" in header:
            change = -self.half(number(header, "discount") * self.unit)
        elif "total" in header:
            change = self.half(number(header, "total") * self.unit)
            change -= sum(line.minor for line in lines)
        if not change:
            return
        if not eligible:
            if "total" in header:
                raise Refused("no line can bear the target")
            return
        if change * way < 0 and abs(change) > eligible:
            raise Refused("more than they come to")
        parts = {key: Fraction(abs(change) * weight, eligible) for key, weight in weights.items()}
        given = {key: floor(part) for key, part in parts.items()}
        rest = abs(change) - sum(given.values())
        for key in sorted(parts, key=lambda key: (given[key] - parts[key], key))[:rest]:
            given[key] += 1
        for line in bearing:
            line.header = given[line.key] * sign(Fraction(change))

    # Stage 15.

    def _takes(self, rule: Item, line: NaiveLine, other: NaiveLine) -> bool:
        product, group = other.asked["product"], other.asked.get("group", "")
        if product in rule.get("except_products", []) or group in rule.get("except_groups", []):
            return False
        named = rule.get("products", []), rule.get("groups", [])
        if not any(named):
            return self._share_rule(other) is None
        if self._share_rule(other) is not None and product == line.asked["product"]:
            return False
        return product in named[0] or group in named[1]

    def _in_order(self, waiting: Sequence[NaiveLine]) -> list[NaiveLine]:
        done: list[NaiveLine] = []
        left = list(waiting)
        while left:
            ready = [
                line
                for line in left
                if not any(
                    self._takes(self._share_rule(line) or {}, line, other)
                    for other in left
                    if other is not line
                )
            ]
            if not ready:
                raise Refused("a cycle")
            done += ready
            left = [line for line in left if line not in ready]
        return done

    def derive(self, line: NaiveLine, others: Sequence[NaiveLine]) -> None:
        rule = self._share_rule(line) or {}
        point = rule.get("of", "net")
        basis = Fraction(0)
        for other in others:
            if other.counts and self._takes(rule, line, other):
                net = Fraction(other.minor + other.header, self.unit)
                basis += net if point == "net" else other.points[point]
        amount = basis * number(rule, "percent") / 100 * line.quantity
        way = -1 if line.quantity < 0 else 1
        if line.quantity and "least" in rule:
            amount = max(amount * way, number(rule, "least")) * way
        if "most" in rule:
            amount = min(amount * way, number(rule, "most")) * way
        line.derived = True
        line.source, line.amount, line.base = "percent_of", amount, amount
        self._surcharge(line)
        line.listed = line.list_of_term = line.points["list"] = line.amount
        line.list_minor = self.half(line.amount * self.unit)
        self.go_on(line)

    # Stages 16 to 18.

    def totals(self) -> dict[str, Any]:
        counted = [line for line in self.lines if line.counts]
        policy: Item = self.context.get("policy", {})
        inside = policy.get("prices_include_tax", False)
        taxes: dict[tuple[str, Fraction], list[int]] = {}
        for line in counted:
            taxes.setdefault(self._tax(line.asked), []).append(line.minor + line.header)
        fees = []
        for fee in self.context.get("fees", []):
            about = [line for line in counted if fee in self.about("fees", line)]
            if not about:
                continue
            if "amount" in fee:
                amount = up(number(fee, "amount") * self.unit)
            else:
                whole = sum(line.minor + line.header for line in about)
                amount = up(whole * number(fee, "percent") / 100)
            fees.append(amount)
            taxes.setdefault(self._tax(fee), []).append(amount)
        tax = 0
        for (_category, rate), bases in taxes.items():
            parts = bases if policy.get("tax") == "line" else [sum(bases)]
            for base in parts:
                tax += base - up(base / (1 + rate / 100)) if inside else up(base * rate / 100)
        whole = sum(line.minor + line.header for line in counted) + sum(fees)
        net = whole - tax if inside else whole
        step = Fraction(str(policy.get("cash_step", Fraction(1, self.unit)))) * self.unit
        payable = up((net + tax) / step) * step
        return {
            "lines": {line.key: (line.list_minor, line.minor + line.header) for line in self.lines},
            "fees": fees,
            "net": net,
            "tax": tax,
            "payable": int(payable),
        }

    def _tax(self, item: Item) -> tuple[str, Fraction]:
        tax = self.context.get("taxes", {}).get(item.get("tax", "standard"), {"percent": "0"})
        return tax.get("category", "S"), number(tax, "percent")
