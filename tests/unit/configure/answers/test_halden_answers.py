"""The Halden conveyor answers as the reference says: counts, reasons, repairs, physics."""

from __future__ import annotations

from functools import lru_cache

import pytest

from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.rules.alternatives import alternatives, differing
from handsel.bid.configure.rules.analysis.difference import difference
from handsel.bid.configure.rules.analysis.golden import run_goldens
from handsel.bid.configure.rules.analysis.lawbench import LawBench
from handsel.bid.configure.rules.analysis.laws import IdleLaw, contradiction, idle_laws
from handsel.bid.configure.rules.analysis.values import dead_values, unreachable_groups
from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Compare, Ref, evaluate
from handsel.bid.configure.rules.guide import next_question
from handsel.bid.configure.rules.language import load_model
from handsel.bid.configure.rules.model import Law, ProductModel
from handsel.bid.configure.rules.optimise import Goal, complete_best, without_ortools
from handsel.bid.configure.rules.repair import smallest_repairs, works
from handsel.bid.configure.rules.session import Configurator
from handsel.bid.configure.rules.system import fixed_line, joined, within_line
from tests.support.halden import HALDEN

CHOICES = [
    (Decision("industry", "food"), 378, 13),
    (Decision("environment", "washdown"), 371, 17),
    (Decision("region", "EU"), 364, 21),
    (Decision("load_type", "primary_food"), 356, 24),
    (Decision("incline", 20), 321, 53),
    (Decision("length_mm", 6000), 284, 46),
    (Decision("belt_width", 600), 272, 53),
    (Decision("unit_mass_kg", 12), 213, 53),
]
CHOSEN = tuple(decision for decision, _, _ in CHOICES)


@lru_cache(maxsize=1)
def halden() -> Configurator:
    model = load_model(HALDEN)
    return Configurator.of(encode(model), model)


def test_remaining_and_removed_after_each_choice() -> None:
    assert (halden().answer(()).remaining, halden().answer(()).removed) == (394, 1)
    for at, (_, remaining, removed) in enumerate(CHOICES, 1):
        answer = halden().answer(CHOSEN[:at])
        assert (answer.remaining, answer.removed) == (remaining, removed)


REASONS = {
    Decision("belt", "PVC_black"): [{"industry", "H1"}, {"load_type", "H3"}],
    Decision("surface", "smooth"): [{"incline", "B1"}],
    Decision("frame", "steel_painted"): [{"industry", "H2"}, {"environment", "E2"}],
    Decision("scraper", value=True): [
        {"load_type", "incline", "H3", "B1", "B3", "B9"},
        {"industry", "incline", "H1", "B1", "B3", "B9"},
    ],
}


@pytest.mark.parametrize("wish", REASONS, ids=str)
@pytest.mark.parametrize("smallest", [False, True])
def test_the_four_reference_reasons(wish: Decision, *, smallest: bool) -> None:
    found = halden().explain(CHOSEN, wish, smallest=smallest)
    assert found is not None
    assert found.is_smallest or not smallest
    assert {*(one.variable for one in found.decisions), *found.laws} in REASONS[wish]
    assert halden().explainer.is_minimal(found)


REPAIRS = {
    Decision("belt", "PVC_black"): [{"industry", "load_type"}],
    Decision("surface", "smooth"): [{"incline"}],
    Decision("frame", "steel_painted"): [{"industry", "environment", "load_type"}],
    Decision("scraper", value=True): [{"incline"}, {"industry", "load_type"}],
}


@pytest.mark.parametrize("wish", REPAIRS, ids=str)
def test_the_four_reference_repairs(wish: Decision) -> None:
    found = smallest_repairs(halden().explainer, CHOSEN, wish)
    assert [{one.variable for one in repair.given_up} for repair in found] == REPAIRS[wish]
    assert all(works(halden().explainer, repair) for repair in found)


@pytest.mark.parametrize(
    "wish",
    [Decision("rate_per_min", 60), Decision("tracking", "auto"), Decision("docs", "es")],
    ids=str,
)
def test_what_the_reference_allows(wish: Decision) -> None:
    assert halden().explain(CHOSEN, wish) is None
    assert halden().decide(CHOSEN, wish).of(wish.variable).origin == "you"


def test_a_decision_that_contradicts_changes_nothing_and_says_why() -> None:
    with pytest.raises(NotPossible) as refused:
        halden().decide(CHOSEN, Decision("surface", "smooth"))
    assert refused.value.facts["explanation"].laws == ("B1",)  # type: ignore[attr-defined]


def test_what_is_left_at_the_end() -> None:
    answer = halden().answer(CHOSEN)
    assert set(answer.of("belt").possible) == {"PU_blue_FDA", "POM_modular"}
    assert answer.of("surface").value == "cleated"
    assert answer.of("surface").origin == "implied"
    assert set(answer.of("frame").possible) == {"ss304", "ss316"}
    assert set(answer.of("ip").possible) == {"IP66", "IP69K"}


def test_the_motor_limits_the_length_and_the_length_the_motor() -> None:
    motor = halden().answer([*CHOSEN, Decision("motor_w", 90), Decision("speed", 30)])
    assert max(motor.of("rate_per_min").possible) < 60  # type: ignore[type-var]
    longest = halden().answer([Decision("incline", 30), Decision("infeed_h", 1500)])
    assert max(longest.of("length_mm").possible) == 4000  # rise + 1,500 <= 3,500


def test_bounds_are_decisions_too() -> None:
    answer = halden().answer([Decision("length_mm", 11000, ">="), Decision("support", "legs")])
    assert answer.of("length_mm").possible == (11000, 11250, 11500, 11750, 12000)
    assert min(answer.of("support_n").possible) == 4  # type: ignore[type-var]
    reason = halden().explain(answer.decisions, Decision("support_n", 3), smallest=True)
    assert reason is not None
    assert [str(one) for one in reason.decisions] == ["length_mm >= 11000", "support = legs"]
    assert reason.laws == ("G10",)


def test_a_completion_fulfils_every_law() -> None:
    found = complete(halden(), CHOSEN).values
    everything = {**found, **derived_values(halden().model, found)}
    laws = [law for law in halden().model.laws if isinstance(law, Law)]
    assert len(laws) == 113
    assert all(evaluate(law.condition, everything) for law in laws)


def test_the_golden_configurations() -> None:
    results = run_goldens(halden())
    assert len(results) >= 2
    assert [result.failures for result in results] == [()] * len(results)


def test_the_one_dead_value_and_the_one_law_that_follows() -> None:
    dead = list(dead_values(halden(), halden().answer(())))
    assert [(one.variable, one.value) for one in dead] == [("support_n", 1)]
    assert dead[0].explanation is not None
    assert dead[0].explanation.decisions == ()
    assert dead[0].explanation.size > 0
    assert list(idle_laws(LawBench(halden().model, encode))) == [IdleLaw("G12", ("G10",))]
    assert contradiction(halden()) is None
    assert unreachable_groups(halden(), halden().answer(())) == []


def test_the_least_of_a_number_is_proved() -> None:
    goal = Goal(Ref("pull_n"))
    found = complete_best(halden(), CHOSEN, goal, seconds=20)
    assert (found.proof, found.gap, found.method) == ("optimal", 0, "cp-sat")
    assert halden().is_possible(Decision(key, value) for key, value in found.values.items())
    assert derived_values(halden().model, found.values)["pull_n"] == found.amount
    fallback = without_ortools(halden(), CHOSEN, goal)
    assert fallback.proof == "none"
    assert fallback.amount is not None
    assert found.amount is not None
    assert fallback.amount >= found.amount


def test_alternatives_are_complete_and_differ() -> None:
    found = alternatives(halden(), CHOSEN, 3, about=["belt", "frame", "drive_pos"])
    values = [one.completion.values for one in found]
    assert len(found) == 3
    assert all(halden().is_possible(Decision(k, v) for k, v in one.items()) for one in values)
    assert {"belt", "frame", "drive_pos"} & set(differing(values))


def test_the_number_of_products_lies_between_two_and_soon_is_exact() -> None:
    every = count_variants(halden(), ())
    assert not every.is_exact
    assert every.most is not None
    assert 10**20 < every.count < every.most < 10**25
    some = count_variants(halden(), CHOSEN)
    assert (some.count, some.is_exact) == (count_variants(halden(), CHOSEN[::-1]).count, True)
    full = complete(halden(), CHOSEN).values
    kept = [Decision(k, v) for k, v in full.items() if k not in ("docs", "spares", "warranty")]
    exact = count_variants(halden(), kept)
    # Four languages in the EU; nine pairs of spares and warranty but none with three years.
    assert (exact.count, exact.is_exact) == (32, True)


def test_the_next_question_is_one_of_the_questions() -> None:
    found = next_question(halden(), CHOSEN[:5])
    assert found is not None
    assert halden().variables[found.variable].is_question
    other = next_question(halden(), CHOSEN[:5], skipped=[found.variable])
    assert other is not None
    assert other.variable != found.variable


def test_a_faster_belt_downstream_is_a_law_of_the_system() -> None:
    line = _drive_only(halden().model)
    faster = Compare(">=", Ref("outfeed.speed"), Ref("infeed.speed"))
    law = Law("S1", faster, {"en": "Downstream is not slower than upstream."})
    system = joined({"infeed": line, "outfeed": line}, [law])
    both = Configurator.of(encode(system), system)
    fixed = complete(Configurator.of(encode(line), line), [Decision("speed", 30)]).values
    chosen = fixed_line("infeed", fixed)
    assert min(both.answer(chosen).of("outfeed.speed").possible) == 30  # type: ignore[type-var]
    wish = within_line("outfeed", [Decision("speed", 20)])[0]
    reason = both.explain(chosen, wish)
    assert reason is not None
    assert [str(one) for one in reason.decisions] == ["infeed.speed = 30"]
    assert reason.laws == ("S1",)


def _drive_only(model: ProductModel) -> ProductModel:
    """Speed, its control and what is controlled: enough to stand in a line."""
    keys = {"speed", "speed_ctl", "control", "fieldbus", "photo_eyes"}
    laws = tuple(law for law in model.laws if law.key in {"D9", "D10", "D11", "C1", "C2", "C3"})
    return ProductModel("drive", tuple(v for v in model.variables if v.key in keys), laws)


def test_a_version_without_a_law_gains_products_and_loses_none() -> None:
    old = _drive_only(halden().model)
    laws = tuple(law for law in old.laws if law.key != "D9")
    found = difference(old, ProductModel("drive", old.variables, laws), encode)
    assert found.is_certain
    assert found.lost is None
    assert found.gained is not None
    assert (found.gained["speed"], found.gained["speed_ctl"]) == (45, "fixed")
    assert found.laws_removed == ("D9",)


def test_what_is_told_of_a_blocked_value_is_the_shortest_there_is() -> None:
    halden().explainer.prepare()
    wish = Decision("bed", "steel_slider")
    found = halden().explain(CHOSEN, wish, smallest=True)
    assert found is not None
    assert (found.size, found.is_smallest) == (2, True)
    assert halden().explainer.is_minimal(found)
