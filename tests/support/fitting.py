"""A small house whose quotes are held to laws between their lines: belts in a row, an agreement
about them, and brackets by the piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.configure import actions
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.bid.price import actions as price
from handsel.bid.quote.actions import NewLine, draft_quote
from handsel.bid.quote.models import QuoteVersion
from tests.support.bid import BOOK_FROM
from tests.support.world import World

BELT = """model belt "Belt" de "Gurt"
integer speed {10, 20, 30, 45} m/min "Speed" de "Tempo"
enum drive "Drive" de "Antrieb"
  - fixed "Fixed" de "Fest"
  - vfd "Controlled" de "Geregelt"
  default fixed
boolean wall "Wall mounted" de "Wandmontage"
  default no
law D1: speed == 45 -> drive == vfd
  "The fastest belt needs a controlled drive."
"""
CARE = """model care "Care" de "Betreuung"
enum level "Level" de "Stufe"
  - basic "Basic" de "Basis"
  - full "Full" de "Voll"
  default basic
enum covers "Drive of the belts" de "Antrieb der Gurte"
  - fixed "Fixed" de "Fest"
  - vfd "Controlled" de "Geregelt"
  default fixed
"""
LAWS = """model belt_lines "Belts together" de "Gurte zusammen"
line before of "belt" "The belt before" de "Der Gurt davor"
line next of "belt" after before "The next belt" de "Der nächste Gurt"
line care of "care"
line belt of "belt"
total brackets of "BRACKET" 0..20 "Brackets" de "Halter"
law L1: next.speed >= before.speed
  "The next belt is at least as fast."
  de "Der nächste Gurt ist mindestens so schnell."
law L2: care.covers == belt.drive
  "The agreement covers belts of its drive."
  de "Der Vertrag gilt Gurten seines Antriebs."
law L3: belt.wall -> brackets.quantity >= 2
  "A belt on the wall needs two brackets."
  de "Ein Gurt an der Wand braucht zwei Halter."
advice A1: care.level == full -> brackets.quantity >= 1
  "Full care likes a spare bracket."
  de "Volle Betreuung hat gern einen Halter auf Vorrat."
golden "Slower behind"
  before.speed = 30
  refuse next.speed = 20
"""


@dataclass(frozen=True)
class Belts:
    """Models in use, and products by number."""

    belt: ConfigurationModel
    care: ConfigurationModel
    products: dict[str, int]


def make_belts(world: World) -> Belts:
    """Two models in use with prices, and brackets by the piece; no laws yet."""
    actor, now = world.system, world.now
    products: dict[str, int] = {}
    for sku in ("BELT", "CARE", "BRACKET", "OTHER"):
        facts = ProductFacts(sku=sku, name=sku.capitalize())
        products[sku] = catalog.add_product(actor=actor, now=now, facts=facts).pk
    book = price.draft_book(
        actor=actor, now=now, name="Belts", currency="EUR", valid_from=BOOK_FROM
    )
    prices = {key: Decimal(100) for key in products.values()}
    price.set_entries(actor=actor, now=now, book_id=book.pk, prices=prices)
    price.publish_book(actor=actor, now=now, book_id=book.pk)
    belt = publish(world, "belt", BELT, products["BELT"])
    care = publish(world, "care", CARE, products["CARE"])
    return Belts(belt, care, products)


def publish(world: World, key: str, source: str, product_id: int) -> ConfigurationModel:
    """A model in use."""
    draft = actions.draft_model(
        actor=world.system,
        now=world.now,
        key=key,
        title=key.capitalize(),
        source=source,
        product_id=product_id,
    )
    return _published(world, draft.model)


def publish_laws(world: World, source: str = LAWS, key: str = "belt-lines") -> ConfigurationModel:
    """Laws between lines in use."""
    draft = actions.draft_laws(
        actor=world.system, now=world.now, key=key, title="Belts together", source=source
    )
    return _published(world, draft.model)


def _published(world: World, model: ConfigurationModel) -> ConfigurationModel:
    given = {"actor": world.system, "now": world.now, "model_id": model.pk, "version_no": 1}
    outcome = actions.test_version(**given)
    assert outcome.examined.may_be_published, outcome.examined.report
    actions.publish_version(**given)
    return model


def configured(world: World, model: ConfigurationModel, **choices: str) -> Configuration:
    """A complete configuration of a rep."""
    rep = world.actor("sales_rep")
    made = actions.begin_configuration(actor=rep, now=world.now, model_id=model.pk)
    for variable, value in choices.items():
        actions.decide(
            actor=rep, now=world.now, configuration_id=made.pk, variable=variable, value=value
        )
    return actions.finish_configuration(actor=rep, now=world.now, configuration_id=made.pk)


def line_of(configuration: Configuration, **more: object) -> NewLine:
    """A line that carries a configuration."""
    return NewLine(product_id=0, quantity=Decimal(1), configuration_id=configuration.pk, **more)


def quoted(world: World, lines: Sequence[NewLine]) -> QuoteVersion:
    """A draft of a rep with lines."""
    return draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        organization_id=world.customer.pk,
        lines=lines,
    )
