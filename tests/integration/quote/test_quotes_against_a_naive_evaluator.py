"""Lines of a quote, priced from a kept book and kept agreements, against the naive evaluator."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.queries import ProductFact, facts_of
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.price import actions as price
from handsel.bid.price.errors import NoPrice
from handsel.bid.price.models import PriceBook
from handsel.bid.price.rules.stored import NewTerm, terms_of_case
from handsel.bid.price.rules.terms import HeaderTarget
from handsel.bid.quote.actions.pricing import Deal, WorkLine, price_lines
from handsel.bid.quote.queries import facts_of_deal
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party import actions as party
from handsel.ground.party.models import Organization
from tests.support.naive_prices import Naive, Refused
from tests.support.random_prices import ON, Dice
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

GROUP_OF = {"A": "", "B": "belts", "C": "care", "D": "belts", "S": "", "T": "care"}
OF_THE_CASE = (
    *("rates", "taxes", "policy", "rounding", "manual_last", "sold", "fees", "bundle_prices"),
)
OF_A_CASE_ALONE = ("group", "tax", "ramp", "charge", "charge_months")
PLAINLY: dict[str, Any] = {
    "combination": "stack_multiply",
    "codes": [],
    "partner": "none",
    "conventions": {},
}
OF_THE_LINE = ("key", "product", "group", "tax", "quantity", "discount_percent", "optional")


@dataclass(frozen=True)
class House:
    """Products by the names of cases, and a customer below a parent below a group."""

    world: World
    products: Mapping[str, ProductFact]
    chain: tuple[int, int, int]

    @property
    def act(self) -> dict[str, Any]:
        return {"actor": self.world.system, "now": self.world.now}


@pytest.fixture
def house() -> House:
    world = make_world()
    made = {
        name: catalog.add_product(
            actor=world.system,
            now=world.now,
            facts=ProductFacts(sku=name, name=f"Product {name}", group=group),
        ).pk
        for name, group in GROUP_OF.items()
    }
    facts = facts_of(made.values())
    top, parent = (
        party.create_organization(
            actor=world.system, now=world.now, name=name, country="DE", currency="EUR"
        )
        for name in ("Top", "Parent")
    )
    Organization.objects.filter(pk=parent.pk).update(parent_id=top.pk)
    Organization.objects.filter(pk=world.customer.pk).update(parent_id=parent.pk)
    products = {name: facts[key] for name, key in made.items()}
    return House(world, products, (world.customer.pk, parent.pk, top.pk))


def case_of(seed: int) -> dict[str, Any]:
    """A case with nothing in it that a quote cannot have."""
    case = Dice(Random(seed)).case()
    context = PLAINLY | {
        name: one for name, one in case["context"].items() if name not in OF_THE_CASE
    }
    context["currency"] = "EUR"
    context["prices"] = {
        name: one if isinstance(one, str) else "77.50" for name, one in context["prices"].items()
    }
    if "discount" in context.get("header", {}):
        context["header"] = {"percent": "7.5"}
    for rule in context.get("contracted", ()):
        rule.pop("valid_from", None)
        rule.pop("valid_until", None)
    lines = []
    for place, line in enumerate(case["lines"], 1):
        group = GROUP_OF[line["product"]]
        kept = {name: one for name, one in line.items() if name not in OF_A_CASE_ALONE}
        lines.append({**kept, "key": str(UUID(int=place)), **({"group": group} if group else {})})
    return {"context": context, "lines": lines}


def keep_book(house: House, context: Mapping[str, Any]) -> PriceBook:
    """The rules of a case as a published book, and what was agreed as agreements."""
    keys = {name: product.product_id for name, product in house.products.items()}
    wanted = deepcopy(dict(context))
    for rule in wanted.get("percent_of", ()):
        for name in ("products", "except_products"):
            if name in rule:
                rule[name] = [str(keys[one]) for one in rule[name]]
    terms = terms_of_case({**wanted, "contracted": ()}, keys)
    terms.append(NewTerm(kind="combination", definition={"policy": context["combination"]}))
    months = context.get("price_months", {})
    terms += [
        NewTerm(
            kind="conventions",
            definition={"convention": way, "price_months": months.get(name, "12")},
            product_id=keys[name],
        )
        for name, way in context["conventions"].items()
    ]
    book = price.draft_book(
        **house.act, name="Case", currency="EUR", segment="", valid_from=date(2026, 1, 1)
    )
    prices = {keys[name]: Decimal(one) for name, one in context["prices"].items()}
    price.set_entries(**house.act, book_id=book.pk, prices=prices)
    price.add_terms(**house.act, book_id=book.pk, terms=terms)
    price.publish_book(**house.act, book_id=book.pk)
    for rule in reversed(context.get("contracted", ())):  # of two the later goes first
        price.agree_price(
            **house.act,
            organization_id=house.chain[int(rule["depth"])],
            currency="EUR",
            valid_from=date(2026, 1, 1),
            product_id=keys.get(rule.get("product", "")),
            product_group=rule.get("group", ""),
            unit_price=Decimal(rule["price"]) if "price" in rule else None,
            discount_bps=int(Decimal(rule["percent"]) * 100) if "percent" in rule else None,
            is_net=rule.get("net", False),
        )
    return PriceBook.objects.get(pk=book.pk)


def priced(house: House, case: Mapping[str, Any]) -> Any:
    """What a quote makes of a case: the net amounts of its lines, and their sum."""
    context = case["context"]
    header: Mapping[str, str] = context.get("header", {})
    deal = Deal(
        keep_book(house, context),
        ON,
        replace(facts_of_deal(house.world.seller.pk, house.world.customer.pk), price_segment=""),
        int(Decimal(header.get("percent", "0")) * 100),
        HeaderTarget(total=Decimal(header["total"])) if "total" in header else None,
        {"codes": context["codes"], "partner": context["partner"]},
    )
    lines = [
        WorkLine(
            UUID(line["key"]),
            house.products[line["product"]],
            "",
            "",
            "pcs",
            Decimal(line.get("quantity", "1")),
            int(Decimal(line.get("discount_percent", "0")) * 100),
            is_optional=line.get("optional", False),
            is_chosen=False,
            asked={name: one for name, one in line.items() if name not in OF_THE_LINE},
        )
        for line in case["lines"]
    ]
    found = price_lines(lines, deal)
    return {str(line.key): line.net_minor for line in found.lines}, found.net_minor


def naive(case: Mapping[str, Any]) -> Any:
    found = Naive(case).answer()
    return {key: net for key, (_listed, net) in found["lines"].items()}, found["net"]


def test_a_quote_costs_what_a_naive_evaluator_says(house: House) -> None:
    compared = 0
    for seed in range(120):
        case = case_of(seed)
        try:
            wanted = naive(case)
        except Refused:
            continue
        with transaction.atomic():
            try:
                assert priced(house, case) == wanted, (seed, case)
                compared += 1
            except (NoPrice, Invalid) as refused:
                pytest.fail(f"{seed}: {refused}: {case}")
            finally:
                transaction.set_rollback(True)
    assert compared > 90
