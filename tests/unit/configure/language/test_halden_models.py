"""The shipped models say what Halden's engineers say, checked against the formulas by hand."""

import random
from pathlib import Path

import pytest

from handsel.bid.configure.rules.analysis.golden import run_goldens
from handsel.bid.configure.rules.compiled import Option
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.engine import FALSE, open_engine
from handsel.bid.configure.rules.expressions import Assignment, Value, evaluate
from handsel.bid.configure.rules.language import (
    check_model,
    load_model,
    load_source,
    parse_law_set,
    parse_model,
    print_source,
    read_law_set,
)
from handsel.bid.configure.rules.model import Golden, Law, ProductModel
from handsel.bid.configure.rules.session import Configurator

MODELS = Path(__file__).parents[4] / "src/handsel/site/demo/models"
SINE = {0: 0, 5: 87, 10: 174, 15: 259, 20: 342, 25: 423, 30: 500}
FRICTION = {"steel_slider": 33, "ss_slider": 35, "uhmw_strips": 22, "rollers": 6}
BELT = {
    "PVC_black": 26,
    "PVC_white_FDA": 27,
    "PU_blue_FDA": 21,
    "rubber_rough": 62,
    "POM_modular": 105,
    "PP_modular": 72,
}
# What a golden configuration leaves open, as the cheapest valid product has it.
REST = {
    "atex": "none",
    "foot": "levelling",
    "eff": "IE2",
    "guard": "nip_guard",
    "tracking": "manual",
    "cleat_h": 0,
    "cleat_pitch": 0,
    "sidewall": "none",
    "surface": "smooth",
    "drive_pos": "end",
    "gearbox": "worm",
    "ip": "IP54",
    "docs": "en",
    "color": "none",
    **dict.fromkeys(("brake", "backstop", "scraper", "drip_tray", "md_gap"), False),
}


@pytest.fixture(scope="module")
def conveyor() -> ProductModel:
    return load_model(MODELS / "halden-conveyor.model")


@pytest.fixture(scope="module")
def care() -> ProductModel:
    return load_model(MODELS / "halden-care.model")


def with_derived(model: ProductModel, chosen: Assignment) -> dict[str, Value]:
    values = dict(chosen)
    for quantity in model.derived:
        values[quantity.key] = evaluate(quantity.expression, values)
    return values


def broken(model: ProductModel, values: Assignment) -> list[str]:
    return [
        law.key
        for law in model.laws
        if isinstance(law, Law) and not evaluate(law.condition, values)
    ]


def test_the_conveyor_has_the_measures_of_the_reference(conveyor: ProductModel) -> None:
    assert len(conveyor.variables) == 48
    assert sum(len(variable.values) for variable in conveyor.variables) == 395
    assert len(conveyor.laws) == 113
    assert conveyor.variable("support_n").values == tuple(range(7))
    assert [law.key for law in conveyor.laws][:3] == ["H1", "H2", "H3"]
    assert conveyor.laws[-1].key == "X7"


def test_every_law_and_title_is_there_in_english_and_german(
    conveyor: ProductModel, care: ProductModel
) -> None:
    for model in (conveyor, care):
        for law in model.laws:
            assert set(law.sentences) == {"en", "de"}, law.key
        for variable in model.variables:
            assert set(variable.titles) == {"en", "de"}, variable.key


def golden(model: ProductModel, name: str) -> Golden:
    return next(one for one in model.goldens if one.name == name)


@pytest.mark.parametrize("name", ["Food incline", "Parcel line"])
def test_the_reference_configurations_hold_every_law(conveyor: ProductModel, name: str) -> None:
    case = golden(conveyor, name)
    cert = {"EU": "CE", "US": "UL_cUL"}[str(case.chosen["region"])]
    values = with_derived(conveyor, {**REST, "cert": cert, **case.chosen})
    assert broken(conveyor, values) == []
    assert {key: values[key] for key in case.expected} == dict(case.expected)


def test_one_support_is_never_right(conveyor: ProductModel) -> None:
    case = golden(conveyor, "Food incline")
    for support in conveyor.variable("support").values:
        chosen = {**REST, "cert": "CE", **case.chosen, "support": support, "support_n": 1}
        keys = set(broken(conveyor, with_derived(conveyor, chosen)))
        assert keys & {"G10", "G11", "G12"}


def by_hand(v: Assignment) -> dict[str, int]:
    """The reference's formulas, as printed there."""
    n = {key: value for key, value in v.items() if type(value) is int}
    load = n["unit_mass_kg"] * n["rate_per_min"] * n["length_mm"] // (1000 * n["speed"])
    belt = (n["belt_width"] * n["length_mm"] // 1000) * BELT[str(v["belt"])] // 5000
    sine = SINE[n["incline"]]
    pull = (981 * (load + belt) * FRICTION[str(v["bed"])] + 98 * load * sine) // 10000
    rise = n["length_mm"] * sine // 1000
    return {
        "load_kg": load,
        "belt_kg": belt,
        "pull_n": pull,
        "rise_mm": rise,
        "discharge_mm": n["infeed_h"] + rise,
        "needed_w": (pull * n["speed"] * 1250 * 2 + 4680) // (2 * 4680),
    }


def drive_laws(v: Assignment) -> dict[str, bool]:
    quantities = by_hand(v)
    pull, load = quantities["pull_n"], quantities["load_kg"]
    speed, motor, width = int(v["speed"]), int(v["motor_w"]), int(v["belt_width"])
    rate, length = int(v["rate_per_min"]), int(v["length_mm"])
    cap = {"P80": 40, "P120": 80, "P160": 150}[str(v["profile"])]
    span = {"P80": 2000, "P120": 3000, "P160": 4000}[str(v["profile"])]
    limit = {"PVC": 8, "PU_": 6, "rub": 15, "POM": 20, "PP_": 14}[str(v["belt"])[:3]]
    n = int(v["support_n"])
    return {
        "D14": rate * (int(v["unit_len_mm"]) + 100) <= 1000 * speed,
        "D15": int(v["unit_mass_kg"]) * rate <= cap * speed,
        "D15b": load <= 600,
        "D16": motor * 4680 >= pull * speed * 125,
        "D16b": motor * 4680 <= pull * speed * 1250 + 370 * 4680,
        "D17": pull <= limit * width,
        "G8": int(v["unit_wid_mm"]) + 50 <= width,
        "G9": 2 * int(v["unit_len_mm"]) <= length,
        "G10": v["support"] == "none" or length <= span * (n - 1),
        "G10b": 1000 * n <= length,
        "G21": quantities["discharge_mm"] <= 3500,
        "B18": v["surface"] != "cleated"
        or v["load_type"] == "loose_parts"
        or int(v["unit_len_mm"]) + 50 <= int(v["cleat_pitch"]),
        "C6": v["guard"] != "nip_guard" or v["support"] == "none" or int(v["infeed_h"]) >= 600,
    }


def test_arithmetic_is_that_of_the_reference(conveyor: ProductModel) -> None:
    chance = random.Random(20261122)
    laws = {law.key: law for law in conveyor.laws if isinstance(law, Law)}
    for _ in range(2000):
        values = {one.key: chance.choice(one.values) for one in conveyor.variables}
        known = with_derived(conveyor, values)
        quantities = by_hand(values)
        assert {key: known[key] for key in quantities} == quantities
        for key, holds in drive_laws(values).items():
            assert evaluate(laws[key].condition, known) == holds, (key, values)


def test_care_refuses_monitoring_without_a_control(care: ProductModel) -> None:
    law = next(one for one in care.laws if one.key == "S1")
    assert isinstance(law, Law)
    assert not evaluate(law.condition, {"monitored": 3, "conveyor_control": "none"})
    assert evaluate(law.condition, {"monitored": 3, "conveyor_control": "plc_ready"})
    assert evaluate(law.condition, {"monitored": 0, "conveyor_control": "none"})


def test_care_counts_a_year_as_the_worked_deal_does(care: ProductModel) -> None:
    asked = {"platform": "M", "sites": 1, "trained": 30, "visits": 4, "term": 36}
    for units, a_month in ((12, 442), (30, 1000), (60, 1860)):
        known = with_derived(care, {**asked, "monitored": units})
        assert known["recurring_year"] == 12 * (540 + a_month)
    assert (known["training_days"], known["visits_term"]) == (3, 12)


def test_laws_between_lines_are_read_against_the_joined_model(
    conveyor: ProductModel, care: ProductModel
) -> None:
    text = (MODELS / "halden-lines.laws").read_text("utf-8")
    row = read_law_set(parse_law_set(text), {"upstream": conveyor, "downstream": conveyor})
    laws = [one.law for one in row.laws]
    speeds = {"upstream.speed": 30, "downstream.speed": 20}
    assert [law.key for law in laws] == ["L1", "L2"]
    assert not evaluate(laws[0].condition, speeds)
    for height, holds in ((980, True), (1020, True), (979, False), (1021, False)):
        heights = {"upstream.discharge_mm": 1000, "downstream.infeed_h": height}
        assert evaluate(laws[1].condition, heights) is holds
    text = (MODELS / "halden-covered.laws").read_text("utf-8")
    covered = read_law_set(parse_law_set(text), {"care": care, "conveyor": conveyor})
    assert [(one.key, one.is_advice) for one in covered.laws] == [
        ("S4", False),
        ("S5", False),
        ("S6", False),
        ("S7", True),
    ]
    assert covered.laws[3].roles == ("care", "conveyors")


@pytest.mark.parametrize("name", ["halden-lines.laws", "halden-covered.laws"])
def test_laws_between_lines_print_as_they_are_and_pass_their_tests(
    conveyor: ProductModel, care: ProductModel, name: str
) -> None:
    source = parse_law_set((MODELS / name).read_text("utf-8"))
    assert parse_model(print_source(source)) == source
    models = {"upstream": conveyor, "downstream": conveyor, "care": care, "conveyor": conveyor}
    system = read_law_set(source, models).system
    results = run_goldens(Configurator.of(encode(system), system))
    assert len(results) == 2
    assert [result.failures for result in results] == [()] * 2


@pytest.mark.parametrize("name", ["halden-conveyor.model", "halden-care.model"])
def test_the_shipped_texts_have_nothing_to_complain_about(name: str) -> None:
    assert check_model((MODELS / name).read_text("utf-8"), file=name) == ()


@pytest.mark.parametrize("name", ["halden-conveyor.model", "halden-care.model"])
def test_a_shipped_text_is_the_same_when_printed(name: str) -> None:
    source = load_source(MODELS / name)
    assert parse_model(print_source(source)) == source


def test_one_support_is_the_only_dead_value_and_care_has_none(
    conveyor: ProductModel, care: ProductModel
) -> None:
    for model, dead in ((conveyor, [("support_n", 1)]), (care, [])):
        compiled = encode(model)
        engine = open_engine(compiled)
        states = engine.domains([])
        assert states is not None
        options = zip(compiled.options, states, strict=True)
        assert [(one.variable, one.value) for one, state in options if state == FALSE] == dead
        engine.close()


@pytest.mark.parametrize("name", ["halden-conveyor.model", "halden-care.model"])
def test_golden_configurations_are_valid_and_refuse_what_they_say(name: str) -> None:
    model = load_model(MODELS / name)
    compiled = encode(model)
    engine = open_engine(compiled)

    def decision(key: str, value: Value) -> int:
        if value is False:
            return -compiled.number_of[Option(key, True)]
        return compiled.number_of[Option(key, value)]

    for case in model.goldens:
        chosen = [decision(key, value) for key, value in case.chosen.items()]
        assert engine.domains(chosen) is not None, case.name
        for key, value in case.refused.items():
            assert engine.domains([*chosen, decision(key, value)]) is None, (case.name, key)
    engine.close()
