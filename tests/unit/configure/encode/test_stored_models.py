"""Real models: the stored sessions of Renault, clib-pc against the oracle, the Halden conveyor."""

import functools
import json
import random
from collections.abc import Iterator

import pytest

from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.oracle import Oracle
from handsel.bid.configure.rules.session import Configurator
from tests.support.backbone import Backbone, random_choices
from tests.support.configure import CONVEYOR
from tests.support.table_models import stored, table_model

# Choice, then values remaining and removed, as the reference tells them.
WALK: list[tuple[str, Value, int, int]] = [
    ("industry", "food", 378, 13),
    ("environment", "washdown", 371, 17),
    ("region", "EU", 364, 21),
    ("load_type", "primary_food", 356, 24),
    ("incline", 20, 321, 53),
    ("length_mm", 6000, 284, 46),
    ("belt_width", 600, 272, 53),
    ("unit_mass_kg", 12, 213, 53),
]


@functools.cache
def conveyor() -> tuple[ProductModel, Backbone]:
    model = load_model(CONVEYOR)
    return model, Backbone(encode(model))


@pytest.fixture(scope="module", autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    if conveyor.cache_info().currsize:
        conveyor()[1].solver.delete()


def test_renault_answers_as_stored() -> None:
    """The root, every step of one session and the ends of all, through diagrams of the tables."""
    sessions = json.loads(stored("sessions/clib-renault-111.json.json").read_text())
    compiled = encode(table_model("clib-renault-111.json.gz"))
    assert len(compiled.options) == sessions["options"] == 396
    assert len(compiled.laws_of) < 30_000
    backbone = Backbone(compiled)
    assert backbone.digest([]) == sessions["root"]
    first, *others = sessions["sessions"]
    decisions = first["decisions"]
    digests = [backbone.digest(decisions[: at + 1]) for at in range(len(decisions))]
    assert digests == first["digests"]
    for session in others:
        assert backbone.digest(session["decisions"]) == session["digests"][-1]


def test_halden_walk_leaves_what_the_reference_says() -> None:
    """Remaining and removed values after each of the eight choices."""
    model, backbone = conveyor()
    chosen: dict[str, Value] = {}
    for key, value, remaining, removed in WALK:
        chosen[key] = value
        left = backbone.domains(model, chosen)
        assert left is not None
        open_ones = [one for one in model.variables if one.key not in chosen]
        found = sum(len(left[one.key]) for one in open_ones)
        gone = sum(len(one.values) for one in open_ones) - found
        assert (found + len(chosen), gone) == (remaining, removed), key


def test_halden_has_one_dead_value() -> None:
    model, backbone = conveyor()
    left = backbone.domains(model, {})
    assert left is not None
    dead = [(v.key, x) for v in model.variables for x in v.values if x not in left[v.key]]
    assert dead == [("support_n", 1)]


def test_halden_compiles_small_and_fast() -> None:
    compiled = conveyor()[1].compiled
    assert (len(compiled.options), len(compiled.laws)) == (390, 113)
    assert len(compiled.laws_of) < 450_000


@pytest.mark.parametrize("seed", range(1))
def test_halden_agrees_with_the_oracle(seed: int) -> None:
    model, backbone = conveyor()
    chosen = random_choices(model, backbone, random.Random(seed))
    assert backbone.domains(model, chosen) == Oracle(model).valid_domains(chosen)


def test_clib_pc_agrees_with_the_oracle() -> None:
    model = table_model("clib-pc.json")
    backbone, oracle = Backbone(encode(model)), Oracle(model)
    luck = random.Random(7)
    for _ in range(12):
        chosen = random_choices(model, backbone, luck)
        assert backbone.domains(model, chosen) == oracle.valid_domains(chosen), chosen


FOOD: dict[str, Value] = {
    "industry": "food",
    "environment": "washdown",
    "region": "EU",
    "load_type": "primary_food",
    "unit_mass_kg": 2,
    "unit_len_mm": 200,
    "unit_wid_mm": 150,
    "rate_per_min": 30,
    "length_mm": 6000,
    "belt_width": 600,
    "incline": 20,
    "infeed_h": 700,
    "frame": "ss304",
    "profile": "P120",
    "support": "legs",
    "support_n": 3,
    "belt": "PU_blue_FDA",
    "surface": "cleated",
    "cleat_h": 40,
    "cleat_pitch": 500,
    "sidewall": "fixed_100",
    "bed": "ss_slider",
    "drive_pos": "end",
    "speed": 15,
    "speed_ctl": "vfd",
    "motor_w": 90,
    "supply": "3x400_50",
    "ip": "IP66",
    "gearbox": "worm",
    "backstop": True,
    "control": "plc_ready",
    "photo_eyes": 2,
    "fieldbus": "profinet",
    "estop": "pull_cord",
    "drip_tray": True,
    "spares": "basic",
    "warranty": 2,
    "docs": "de",
}
LOGISTICS: dict[str, Value] = {
    "industry": "logistics",
    "environment": "dry",
    "region": "US",
    "load_type": "carton",
    "unit_mass_kg": 25,
    "unit_len_mm": 600,
    "unit_wid_mm": 400,
    "rate_per_min": 20,
    "length_mm": 10000,
    "belt_width": 500,
    "incline": 0,
    "infeed_h": 750,
    "frame": "steel_painted",
    "color": "RAL5010",
    "profile": "P160",
    "support": "legs",
    "support_n": 4,
    "belt": "PVC_black",
    "bed": "rollers",
    "speed": 20,
    "speed_ctl": "fixed",
    "motor_w": 90,
    "supply": "3x480_60",
    "control": "full_panel",
    "photo_eyes": 4,
    "fieldbus": "ethernet_ip",
    "estop": "pull_cord",
    "tracking": "auto",
    "spares": "critical",
    "warranty": 3,
}


@pytest.mark.parametrize("case", [FOOD, LOGISTICS], ids=["A", "B"])
def test_halden_reference_cases_are_valid_and_keep_their_motor(case: dict[str, Value]) -> None:
    model, backbone = conveyor()
    left = backbone.domains(model, case)
    assert left is not None
    assert Oracle(model).valid_domains(case) == left
    # The motor is chosen by the physics: a lower speed of the same belt leaves it, a load that
    # needs more does not.
    heavier = {**case, "unit_mass_kg": 60, "rate_per_min": 60}
    assert backbone.domains(model, heavier) is None


@pytest.mark.parametrize(
    ("name", "products"),
    [("clib-renault-111.json.gz", 7_445_949_334_016), ("clib-pc.json", 2_729_160)],
)
def test_the_products_of_the_shared_tables_are_counted(name: str, products: int) -> None:
    """Renault's number as a decision diagram of the whole model has it (configurator.md)."""
    model = table_model(name)
    found = count_variants(Configurator.of(encode(model), model), ())
    assert (found.count, found.is_exact) == (products, True)
