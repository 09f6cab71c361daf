"""What Halden builds to order: its two models in use, and what was configured with them."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.rules.facts import ProductFacts
from handsel.bid.configure import actions
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.bid.price.rules.stored import NewTerm, terms_of_case
from handsel.bid.quote import actions as quotes
from handsel.site.demo.deal import Deal
from handsel.site.demo.house import House

HERE = Path(__file__).parent
CONVEYOR = "HALDEN-BC"
CARE = "HALDEN-CARE"
BUILT = (
    (CONVEYOR, "Belt conveyor BC, configured", "Gurtförderer BC, konfiguriert", "good"),
    (CARE, "Halden Care, configured", "Halden Care, konfiguriert", "service"),
)
MODELS = (
    ("halden-conveyor", "Halden BC belt conveyor", CONVEYOR),
    ("halden-care", "Halden Care", CARE),
)

# The reference's case A: 9,179.52 at list.
FOOD_INCLINE = {
    "industry": "food", "environment": "washdown", "region": "EU", "load_type": "primary_food",
    "unit_mass_kg": "2", "unit_len_mm": "200", "unit_wid_mm": "150", "rate_per_min": "30",
    "length_mm": "6000", "belt_width": "600", "incline": "20", "infeed_h": "700",
    "frame": "ss304", "profile": "P120", "support": "legs", "support_n": "3",
    "belt": "PU_blue_FDA", "surface": "cleated", "cleat_h": "40", "cleat_pitch": "500",
    "sidewall": "fixed_100", "bed": "ss_slider", "drive_pos": "end", "speed": "15",
    "speed_ctl": "vfd", "motor_w": "90", "supply": "3x400_50", "ip": "IP66", "gearbox": "worm",
    "brake": "false", "backstop": "true", "control": "plc_ready", "photo_eyes": "2",
    "fieldbus": "profinet", "estop": "pull_cord", "drip_tray": "true", "spares": "basic",
    "warranty": "2", "docs": "de", "foot": "levelling", "guard": "nip_guard",
    "tracking": "manual", "scraper": "false", "md_gap": "false",
}  # fmt: skip
HALF_WAY = {"industry": "food", "environment": "washdown", "region": "EU", "incline": "20"}


def add_built_products(house: House, now: datetime) -> None:
    """The products that configurations stand for on a quote."""
    modeller = house.actor("models")
    for sku, name, german, kind in BUILT:
        group = "conveyors" if kind == "good" else "care"
        facts = ProductFacts(sku=sku, name=name, group=group, kind=kind)
        product = catalog.add_product(actor=modeller, now=now, facts=facts)
        catalog.set_text(actor=modeller, now=now, product_id=product.pk, language="de", name=german)
        house.products[sku] = product


# By whose elements each is priced; of an agreement they say what it comes to over its term.
PRICES = (
    ("halden-conveyor", "halden-bc", CONVEYOR),
    ("halden-care-agreement", "halden-care", CARE),
)


def built_terms(house: House, converted_at: Decimal | None = None) -> list[NewTerm]:
    """List prices of both by element, in euro or converted at a fixed rate."""
    found = []
    for file, name, sku in PRICES:
        case: dict[str, Any] = json.loads((HERE / "prices" / f"{file}.json").read_text("utf-8"))
        context = case["context"]
        if converted_at is not None:
            context["elements"].append(
                {
                    "product": name,
                    "key": "converted",
                    "label": {
                        "en": f"From euro at {converted_at}",
                        "de": f"Aus Euro zu {format_decimal(converted_at, locale='de')}",
                    },
                    "formula": str(converted_at),
                    "factor": True,
                }
            )
        found += terms_of_case(context, {name: house.products[sku].pk})
    return found


def publish_models(house: House, now: datetime) -> None:
    """Both models, tested and in use."""
    modeller = house.actor("models")
    for key, title, sku in MODELS:
        source = (HERE / "models" / f"{key}.model").read_text("utf-8")
        draft = actions.draft_model(
            actor=modeller,
            now=now,
            key=key,
            title=title,
            source=source,
            product_id=house.products[sku].pk,
        )
        for step in (actions.test_version, actions.publish_version):
            step(actor=modeller, now=now, model_id=draft.model_id, version_no=draft.version_no)


LAWS = (
    ("halden-lines", "Conveyors in a row"),
    ("halden-covered", "Care and its conveyor"),
)


def publish_laws(house: House, now: datetime) -> None:
    """The laws between lines of a quote, tested and in use at the German company."""
    modeller = house.actor("models")
    for key, title in LAWS:
        source = (HERE / "models" / f"{key}.laws").read_text("utf-8")
        draft = actions.draft_laws(
            actor=modeller,
            now=now,
            key=key,
            title=title,
            source=source,
            seller_id=house.seller("de").pk,
        )
        for step in (actions.test_version, actions.publish_version):
            step(actor=modeller, now=now, model_id=draft.model_id, version_no=draft.version_no)


# The reference's worked deal: 117,944.96 over three years.
SIXTY_ON_GOLD = {
    "term": "36", "billing": "monthly", "sites": "1", "platform": "M", "sla": "gold",
    "units": "60", "ramp": "true", "monitored": "60", "monitored_1": "12", "monitored_2": "30",
    "hours": "40", "trained": "30", "implementation": "true", "zone": "zone1", "visits": "4",
    "conveyor_control": "plc_ready", "hardware_net": "82400",
}  # fmt: skip

# An agreement about a conveyor with another control than the one it is quoted with.
CARE_FOR_A_PANEL = {
    "term": "36", "sites": "1", "platform": "M", "sla": "silver", "units": "4", "monitored": "4",
    "visits": "2", "conveyor_control": "full_panel", "conveyor_spares": "basic",
    "conveyor_warranty": "2", "hardware_net": "9200",
}  # fmt: skip


def configure(
    now: datetime,
    deal: Deal,
    title: str,
    choices: dict[str, str],
    key: str = "halden-conveyor",
) -> Configuration:
    """Choices of the deal's rep, one after the other; still open."""
    rep = deal.house.actor(deal.rep)
    model = ConfigurationModel.objects.get(key=key)
    begun = actions.begin_configuration(actor=rep, now=now, model_id=model.pk, title=title)
    for variable, value in choices.items():
        actions.decide(
            actor=rep, now=now, configuration_id=begun.pk, variable=variable, value=value
        )
    return begun


def add_configured(
    now: datetime,
    deal: Deal,
    title: str,
    choices: dict[str, str],
    key: str = "halden-conveyor",
) -> None:
    """A finished configuration at the end of the deal's draft."""
    rep = deal.house.actor(deal.rep)
    made = configure(now, deal, title, choices, key)
    actions.finish_configuration(actor=rep, now=now, configuration_id=made.pk)
    line = quotes.NewLine(product_id=0, quantity=Decimal(1), configuration_id=made.pk)
    quotes.add_lines(actor=rep, now=now, quote_id=deal.quote_id, lines=[line])
