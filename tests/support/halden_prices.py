"""The conveyor as a product with its model in use and its prices in a published book."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import handsel.site
from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.models import Product
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.configure import actions
from handsel.bid.configure.models import Configuration, ConfigurationModel, ModelVersion
from handsel.bid.price import actions as price
from handsel.bid.price.rules.stored import terms_of_case
from handsel.ground.platform.actor import Actor
from handsel.site.demo.configured import FOOD_INCLINE
from tests.support.bid import BOOK_FROM
from tests.support.halden import HALDEN

PRICES = Path(handsel.site.__file__).parent / "demo" / "prices" / "halden-conveyor.json"

CASE_A = FOOD_INCLINE


@dataclass(frozen=True)
class Conveyors:
    """A product that is configured, the model it is configured by, and plain ones by number."""

    product: Product
    model: ConfigurationModel
    plain: dict[str, int]


def make_conveyors(
    actor: Actor, now: datetime, *more: tuple[str, str], is_examined: bool = False
) -> Conveyors:
    """Product, prices in euro and model; `more` are plain products as (number, price).

    Examining the model takes ten seconds, so only who asks for it has it done.
    """
    product = catalog.add_product(
        actor=actor,
        now=now,
        facts=ProductFacts(sku="HALDEN-BC", name="Belt conveyor, configured", group="conveyors"),
    )
    prices, plain_keys = {product.pk: Decimal(0)}, {}
    for sku, amount in more:
        plain = catalog.add_product(actor=actor, now=now, facts=ProductFacts(sku=sku, name=sku))
        prices[plain.pk], plain_keys[sku] = Decimal(amount), plain.pk
    book = price.draft_book(
        actor=actor, now=now, name="Halden 2026", currency="EUR", valid_from=BOOK_FROM
    )
    price.set_entries(actor=actor, now=now, book_id=book.pk, prices=prices)
    context = json.loads(PRICES.read_text(encoding="utf-8"))["context"]
    terms = terms_of_case(context, {"halden-bc": product.pk})
    price.add_terms(actor=actor, now=now, book_id=book.pk, terms=terms)
    price.publish_book(actor=actor, now=now, book_id=book.pk)
    return Conveyors(product, _published(actor, now, product, is_examined), plain_keys)


def _published(
    actor: Actor, now: datetime, product: Product, is_examined: bool
) -> ConfigurationModel:
    draft = actions.draft_model(
        actor=actor,
        now=now,
        key="halden-conveyor",
        title="Belt conveyor",
        source=HALDEN.read_text(encoding="utf-8"),
        product_id=product.pk,
    )
    if is_examined:
        outcome = actions.test_version(
            actor=actor, now=now, model_id=draft.model_id, version_no=draft.version_no
        )
        assert outcome.examined.may_be_published, outcome.examined.report
    else:
        ModelVersion.objects.filter(pk=draft.pk).update(state="tested", fingerprint="unexamined")
    actions.publish_version(
        actor=actor, now=now, model_id=draft.model_id, version_no=draft.version_no
    )
    return draft.model


def configured(
    actor: Actor,
    now: datetime,
    model: ConfigurationModel,
    choices: dict[str, str] = CASE_A,
    *,
    title: str = "Food incline",
) -> Configuration:
    """A complete configuration; by default case A of the reference."""
    begun = actions.begin_configuration(actor=actor, now=now, model_id=model.pk, title=title)
    for variable, value in choices.items():
        actions.decide(
            actor=actor,
            now=now,
            configuration_id=begun.pk,
            variable=variable,
            value=value,
        )
    return actions.finish_configuration(actor=actor, now=now, configuration_id=begun.pk)
