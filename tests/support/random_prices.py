"""Price cases at random: everything that may bear on a price, in any combination."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.support.naive_made import CARE, COPPER, DECK, DOCS, FRAME, PAINT, SHADES

CONVENTIONS = ("DAY365", "ACTACT", "MONTH_UP", "MONTH_DAY", "ANNIV", "CAL", "M30", "30/360")
PRODUCTS = ("A", "B", "C", "D")
GROUPS = ("belts", "care")
ON = date(2028, 2, 29)
_TAXES = {
    "standard": {"percent": "19"},
    "reduced": {"percent": "7"},
    "none": {"percent": "0", "category": "Z"},
}


class Dice:
    """A case in the written form, thrown with a source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def case(self) -> dict[str, Any]:
        if self.often(5):
            return self.plain_case()
        context = self.context()
        lines = [self.line(place) for place in range(self.random.randrange(1, 6))]
        if context.get("percent_of") and self.often():
            lines.append({"product": "S", "key": "s", "quantity": self.one_of("1", "1", "2", "-1")})
            if self.often():
                lines.append({"product": "T", "key": "t", "group": "care"})
        if self.often(30):
            self.make(context, lines)
        return {"context": context, "lines": lines}

    def plain_case(self) -> dict[str, Any]:
        """A price list and percentages, as most quotes are."""
        context = {
            "date": ON.isoformat(),
            "currency": self.one_of("EUR", "JPY"),
            "prices": {product: self.amount() for product in PRODUCTS},
            "taxes": _TAXES,
            "policy": {"prices_include_tax": self.often(20)},
            "tiers": self.rules("tiers", self.discounts, 3),
        }
        names = ("product", "key", "group", "tax", "quantity", "discount_percent", "optional")
        lines = [self.line(place) for place in range(self.random.randrange(1, 5))]
        kept = [{name: one[name] for name in names if name in one} for one in lines]
        return {"context": context, "lines": kept}

    def discounts(self) -> dict[str, Any]:
        bounds = sorted(self.random.sample([0, 1, 5, 10], self.random.randrange(1, 4)))
        return {"steps": [{"from": str(one), "percent": self.percent()} for one in bounds]}

    def make(self, context: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        """Lines that are made of something, and prices by what that is."""
        for line in lines:
            line["attributes"] = {
                "length": self.one_of("500 mm", "1 m", "2500 mm", "3.5 m", "7000 mm"),
                "mass": self.one_of("250 g", "2.4 kg", "12 kg"),
                "colour": self.one_of("red", "blue", "green"),
            }
        if self.often():
            context["matrices"] = self.rules("matrices", self.matrix)
        if self.often():
            chain = [
                {"key": "deck", "formula": DECK, "part": "body"},
                {"key": "frame", "formula": FRAME, "part": "body", "scale": "2"},
                {"key": "docs", "formula": DOCS, "part": "body", "scale": "1"},
                {"key": "paint", "formula": PAINT, "discountable": self.often()},
                {"key": "care", "formula": CARE},
                {"key": "copper_extra", "formula": COPPER, "market": True, "discountable": False},
            ][: self.random.randrange(1, 7)]
            self.random.shuffle(chain)
            factor = {"key": "size", "formula": "1.08", "factor": True, "rule": "factor"}
            context["elements"] = [{"rule": one["key"], **one} for one in chain] + [factor]
            context["tables"] = {"shades": SHADES}
            context["market"] = {"copper": self.one_of("9.35", "8.00")}
        for table in context.get("tiers", ()):
            if table["basis"] == "quantity" and self.often():
                table |= {"basis": "mass", "unit": self.one_of("kg", "g")}

    def matrix(self) -> dict[str, Any]:
        words = {"attribute": "colour", "points": ["red", "blue"]}
        how = self.one_of("exact", "step", "linear")
        metres = {
            "attribute": "length",
            "points": ["1", "2", "5"],
            "unit": "m",
            "reading": how,
        }
        axes = self.one_of([words], [metres], [words, metres], [metres, words])

        def cells(depth: int) -> Any:
            count = len(axes[depth]["points"])
            if depth + 1 < len(axes):
                return [cells(depth + 1) for _ in range(count)]
            return [None if self.often(15) else self.amount() for _ in range(count)]

        return {"axes": axes, "cells": cells(0)}

    # Chance.

    def one_of(self, *found: Any) -> Any:
        return self.random.choice(found)

    def often(self, percent: int = 50) -> bool:
        return self.random.randrange(100) < percent

    def amount(self, most: int = 20_000) -> str:
        cents = self.random.randrange(most * 100)
        found: str = self.one_of(
            f"{cents // 100}", f"{cents / 100:.2f}", f"{cents // 1000}.5", f"{cents / 100:.2f}125"
        )
        return found

    def percent(self) -> str:
        found: str = self.one_of("0", "5", "10", "12.5", "33.33", "50", "-4", "100")
        return found

    # Rules.

    def rules(
        self, name: str, make: Callable[[], dict[str, Any]], most: int = 2
    ) -> list[dict[str, Any]]:
        return [
            {"rule": f"{name}{place}", **self.about(), **make()}
            for place in range(self.random.randrange(1, most + 1))
        ]

    def about(self) -> dict[str, Any]:
        found: dict[str, Any] = self.one_of(
            {}, {}, {"product": self.one_of(*PRODUCTS)}, {"group": self.one_of("belts", "care")}
        )
        day = self.one_of(-400, -1, 0, 1, 300)
        if self.often(10):
            return {**found, "valid_from": (ON + timedelta(days=day)).isoformat()}
        if self.often(10):
            return {**found, "valid_until": (ON + timedelta(days=day)).isoformat()}
        return found

    def context(self) -> dict[str, Any]:
        random = self.random
        found: dict[str, Any] = {
            "date": ON.isoformat(),
            "currency": self.one_of("EUR", "EUR", "CHF", "JPY", "KWD"),
            "prices": {product: self.price() for product in PRODUCTS},
            "rates": {
                "USD": {"rate": self.one_of("0.9187", "151.37", "0.3071"), "on": "2028-01-31"}
            },
            "taxes": _TAXES,
        }
        lists: dict[str, Callable[[], dict[str, Any]]] = {
            "contracted": self.contracted,
            "bundle_prices": lambda: {"bundle": "K", "price": self.amount()},
            "cost_plus": lambda: {
                "basis": self.one_of("markup", "margin"),
                "percent": self.one_of("0", "35", "99.99"),
            },
            "elements": self.element,
            "promotions": self.promotion,
            "term_discounts": lambda: {
                "percent": self.percent(),
                **self.one_of({"from_months": self.one_of("12", "24")}, {"billing": "annual"}),
            },
            "partners": self.channel,
            "distributors": self.channel,
            "endings": lambda: {
                "step": self.one_of("0.05", "1", "5"),
                "offset": self.one_of("0", "-0.05"),
                "direction": self.one_of("nearest", "up", "down"),
                "from_price": self.one_of("0", "50"),
            },
            "limits": self.limit,
            "tiers": self.table,
            "fees": lambda: {
                "tax": self.one_of(*_TAXES),
                **self.one_of({"amount": self.amount(100)}, {"percent": "1.5"}),
            },
        }
        for name in random.sample(sorted(lists), random.randrange(len(lists))):
            found[name] = self.rules(name, lists[name], 3)
        if self.often(40):
            found["percent_of"] = self.shares()
        found |= self.manners()
        if self.often(10):
            del found["rates"]
        if self.often(20):
            found["price_months"] = {self.one_of(*PRODUCTS): self.one_of("1", "6")}
        return found

    def price(self) -> Any:
        own, other = self.amount(), {"price": self.amount(), "currency": "USD"}
        lent = {"price": self.amount(), "book": "Everybody"}
        return self.one_of(
            own, own, own, other, [own, other], [lent, own], [own, lent], [lent, other], lent
        )

    def contracted(self) -> dict[str, Any]:
        what = {"price": self.amount()} if self.often() else {"percent": self.percent()}
        net = {"net": self.often()} if "price" in what else {}
        return {**what, **net, "depth": self.one_of("0", "1", "2")}

    def element(self) -> dict[str, Any]:
        factor = self.often(30)
        return {
            "key": self.one_of("alloy", "length", "paint"),
            "formula": self.one_of("1.08", "0.9") if factor else self.one_of("12.5", "0.333", "-3"),
            "factor": factor,
            "market": self.often(),
            "discountable": self.often(70),
        }

    def promotion(self) -> dict[str, Any]:
        what = {"percent": self.percent()} if self.often(70) else {"per_unit": self.amount(50)}
        return {
            **what,
            **self.one_of(
                {}, {}, {"from": "5"}, {"code": "SPRING"}, {"code": "NO"}, {"bundle": "K"}
            ),
        }

    def channel(self) -> dict[str, Any]:
        tier = self.one_of({}, {}, {"tier": "1"}, {"tier": "2"})
        return {"percent": self.percent(), "off_list": self.often(30), **tier}

    def limit(self) -> dict[str, Any]:
        floor, ceiling = {"floor": self.amount(100)}, {"ceiling": self.amount()}
        margin = {"margin_percent": self.one_of("20", "40")}
        found: dict[str, Any] = self.one_of(floor, ceiling, margin, floor | margin)
        return found

    def table(self) -> dict[str, Any]:
        kind = self.one_of("all_units", "all_units", "slab", "slab", "package", "block", "flat")
        prices = kind in ("package", "block", "flat") or self.often(30)
        bounds = sorted(self.random.sample([0, 1, 5, 10, 20, 50], self.random.randrange(1, 4)))
        steps: list[dict[str, Any]] = [{"from": str(bound)} for bound in bounds]
        for step in steps:
            if not prices:
                step["percent"] = self.percent()
            elif kind == "flat":
                step["flat"] = self.amount()
            else:
                step["price"] = self.amount(500)
                if kind == "package" or self.often(15):
                    step["per"] = self.one_of("10", "12", "2.5")
                if kind == "block" or self.often(20):
                    step["flat"] = self.amount(500)
        if self.often(20):
            steps[-1]["to"] = str(bounds[-1] + 30)
        if self.often(20):
            self.close(steps, bounds)
        return {
            "kind": kind,
            **({"first": self.one_of(0, 1)} if self.often(20) else {}),
            "basis": "quantity" if prices or self.often(70) else "amount",
            "scope": self.one_of("line", "line", "group", "quote", "contract", "orders"),
            "cumulative": self.often(30),
            "steps": steps,
        }

    def shares(self) -> list[dict[str, Any]]:
        def bounds() -> dict[str, Any]:
            return {
                **({"least": self.amount(300)} if self.often(20) else {}),
                **({"most": self.one_of("300", "2500.5")} if self.often(20) else {}),
            }

        first = {
            "product": "S",
            "percent": self.one_of("18", "6", "2.25"),
            "of": self.one_of("list", "regular", "customer", "net"),
            **self.one_of({}, {"products": ["A", "B"]}, {"groups": ["belts", "care"]}),
            **self.one_of({}, {"except_products": ["B"]}, {"except_groups": ["belts"]}),
            **bounds(),
        }
        second = {
            "product": "T",
            "percent": "10",
            "of": self.one_of("list", "regular", "customer", "net"),
            **self.one_of({}, {"products": ["S", "A"]}, {"products": ["C"]}),
            **bounds(),
        }
        if "T" not in first.get("products", ()) and self.often():
            return [{"rule": "s1", **first}, {"rule": "s2", **second}]
        return [{"rule": "s1", **first}]

    def manners(self) -> dict[str, Any]:
        """What holds for all of it."""
        found: dict[str, Any] = {
            "rounding": self.one_of("half_up", "half_up", "half_even"),
            "combination": self.one_of("best", "worst", "stack_multiply", "stack_add", "sequence"),
            "codes": self.one_of([], ["SPRING"]),
            "partner": self.one_of("", "1", "2") or "none",
            "manual_last": self.often(30),
            "sold": [
                {"scope": "orders", "rule": "tiers0", "quantity": "12"},
                {"scope": "contract", "rule": "tiers1", "quantity": "7"},
            ],
            "conventions": {product: self.one_of(*CONVENTIONS) for product in PRODUCTS},
            "policy": {
                "tax": self.one_of("group", "line"),
                "prices_include_tax": self.often(30),
                "cash_step": "1" if self.often(80) else "5",
            },
        }
        if self.often(40):
            found["header"] = self.one_of(
                {"percent": self.percent()},
                {"discount": self.amount(500)},
                {"total": self.amount(30_000)},
            )
        return found

    # Lines.

    def line(self, place: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "product": self.one_of(*PRODUCTS),
            "key": f"{self.random.randrange(100):02}-{place}",
            **({"group": self.one_of(*GROUPS)} if self.often(60) else {}),
            "tax": self.one_of(*_TAXES),
            "quantity": self.one_of("1", "2", "5", "9.5", "10", "25", "-3", "-12", "0"),
            "discount_percent": self.one_of("0", "0", "5", "33.33", "100"),
        }
        ways: dict[str, Callable[[], Any]] = {
            "optional": lambda: self.often(),
            "discountable": lambda: self.often(),
            "cost": lambda: self.amount(2_000),
            "cost_percent": lambda: self.one_of("40", "66.67"),
            "sold": lambda: self.one_of("4", "17"),
            "tier_group": lambda: self.one_of("g1", "g2"),
            "bundle": lambda: self.one_of("K", "L"),
            "deltas": lambda: [{"label": "x", "per_unit": self.one_of("7.25", "-3.5")}],
            "override": lambda: {"price": self.amount(), "permitted": self.often(80)},
            "renewal": lambda: {
                "kind": self.one_of("same", "list", "uplift"),
                "customer_price": self.amount(),
                "uplift_percent": self.one_of("5", "3.33"),
            },
            "manual": lambda: self.one_of(
                {"per_unit": self.amount(50)},
                {"per_line": self.amount(50)},
                {"target_unit": self.amount()},
                {"target_line": self.amount()},
            ),
            "term_months": lambda: self.one_of("12", "36"),
            "billing": lambda: "annual",
        }
        for name in self.random.sample(sorted(ways), self.random.randrange(5)):
            found[name] = ways[name]()
        if self.often(30):
            first = date(2026, 1, 1) + timedelta(days=self.random.randrange(1_200))
            last = first + timedelta(days=self.random.randrange(900))
            found["term"] = {"start_on": first.isoformat(), "end_on": last.isoformat()}
            if self.often(30):
                found["term"]["convention"] = self.one_of(*CONVENTIONS)
            found["price_months"] = self.one_of("12", "1", "24")
            if self.often(30):
                anchor = first - timedelta(days=self.random.randrange(500))
                found["term"]["anchor_on"] = anchor.isoformat()
        elif self.often(20):
            found["ramp"] = self.ramp()
            if self.often(30):
                found |= {"charge": "recurring", "charge_months": self.one_of("1", "6")}
        elif self.often(20):
            found["multiplier"] = self.one_of("14/12", "1/12", "1/2", "3", "2.274")
        return found

    def close(self, steps: list[dict[str, Any]], bounds: list[int]) -> None:
        """The same steps by their upper bounds, which belong to them."""
        ends = [*(bound or 3 for bound in bounds[1:]), bounds[-1] + 30]
        for step, end in zip(steps, ends, strict=True):
            del step["from"]
            step["to"] = str(end)
        if self.often():
            del steps[-1]["to"]

    def ramp(self) -> dict[str, Any]:
        first = date(2027, 8, 31) + timedelta(days=self.random.randrange(300))
        found: dict[str, Any] = {"start_on": first.isoformat()} if self.often() else {}
        if self.often():
            found |= {"months": self.one_of("39", "7"), "segment_months": self.one_of("12", "5")}
        else:
            months = ("12", "6", "18")
            found["segments"] = [
                {"months": self.one_of(*months), "quantity": self.one_of("5", "10", "12.5")}
                for _ in range(self.random.randrange(1, 4))
            ]
        return found | self.one_of({}, {"uplift_percent": "3"}, {"uplift_percent": "2.5"})
