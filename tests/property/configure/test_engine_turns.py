"""Sessions that take turns on one engine, and laws calculated: answers are as on one's own."""

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.complete import complete, preferred_values
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.encode import calculation, encode
from handsel.bid.configure.rules.engine import OPEN, Engine, PureEngine
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator
from tests.property.configure.test_engine_random import walks
from tests.support.engines import ENGINES
from tests.support.random_models import random_model

LOOSE = settings(
    max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
Walk = tuple[Compiled, list[list[int]]]


def check_turns(engine: Engine, judge: Engine, sessions: list[list[int]], turns: list[int]) -> None:
    """Every session goes on where it stood, whoever came between; now and then one looks back."""
    taken = [0] * len(sessions)
    for turn in turns:
        place = turn % len(sessions)
        taken[place] = min(taken[place] + 1, len(sessions[place])) if turn % 5 else turn % 3
        decisions = sessions[place][: taken[place]]
        states = engine.domains(decisions)
        assert states == judge.domains(decisions)
        if states is not None and decisions:
            check_instead(engine, judge, decisions, turn % len(decisions))


def check_instead(engine: Engine, judge: Engine, decisions: list[int], left: int) -> None:
    asked = [*range(1, len(engine.compiled.options) + 1), -decisions[left]]
    others = [*decisions[:left], *decisions[left + 1 :]]
    found = engine.instead(decisions, [left], asked)
    assert found == [judge.solve([*others, one]) for one in asked]


@pytest.mark.parametrize("name", ["native", "far"])
@LOOSE
@given(walk=walks(), turns=st.lists(st.integers(0, 60), min_size=4, max_size=24))
def test_turns_change_no_answer(name: str, walk: Walk, turns: list[int]) -> None:
    compiled, sessions = walk
    engine, judge = ENGINES[name](compiled), PureEngine(compiled)
    check_turns(engine, judge, sessions, turns)
    engine.close()
    judge.close()


@settings(parent=LOOSE, max_examples=250)
@given(seed=st.integers(0, 10**9), turns=st.lists(st.integers(0, 60), min_size=4, max_size=16))
def test_laws_calculated_give_the_answers_of_clauses(
    monkeypatch: pytest.MonkeyPatch, seed: int, turns: list[int]
) -> None:
    monkeypatch.setattr(calculation, "VARIABLES_AN_OPTION", 0)
    compiled = encode(random_model(seed))
    engine, judge = ENGINES["native"](compiled), PureEngine(compiled)
    if compiled.steps is not None and engine.domains([]) is not None:
        assert engine.statistics.calculates
    sessions = [drawn(judge, seed + number) for number in range(3)]
    check_turns(engine, judge, sessions, turns)
    if compiled.steps is not None and engine.domains([]) is not None:
        assert engine.statistics.calculates  # no law was found to be calculated wrongly
    engine.close()
    judge.close()


@settings(parent=LOOSE, max_examples=150)
@given(seed=st.integers(0, 10**9))
def test_the_preferred_product_is_that_of_asking_one_by_one(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(calculation, "VARIABLES_AN_OPTION", 0)
    model = with_wishes(random_model(seed), seed)
    compiled = encode(model)
    one = Configurator.of(compiled, model, ENGINES["native"](compiled))
    other = Configurator.of(compiled, model, PureEngine(compiled))
    for decisions in decisions_of(other, seed):
        states = other.answer(decisions).states
        if states is None:
            continue
        assert complete(one, decisions) == complete(other, decisions)
        wished = preferred_values(one, decisions, states)
        assert wished == preferred_values(other, decisions, states)
    one.engine.close()
    other.engine.close()


def with_wishes(model: ProductModel, seed: int) -> ProductModel:
    luck = random.Random(seed)
    variables = [
        replace(one, default=luck.choice(one.values)) if luck.random() < 0.5 else one
        for one in model.variables
    ]
    return replace(model, variables=tuple(variables))


def decisions_of(configurator: Configurator, seed: int) -> list[Decisions]:
    options = configurator.compiled.options
    numbered = drawn(configurator.engine, seed)
    said = [
        Decision(
            options[abs(one) - 1].variable, options[abs(one) - 1].value, "=" if one > 0 else "!="
        )
        for one in numbered
    ]
    return [tuple(said[:length]) for length in range(len(said) + 1)]


def drawn(engine: Engine, seed: int) -> list[int]:
    """Decisions that hold together, and one at random that perhaps does not."""
    luck, decisions = random.Random(seed), list[int]()
    for _ in range(4):
        states = engine.domains(decisions) or b""
        still_open = [one for one, state in enumerate(states, 1) if state == OPEN]
        if not still_open:
            break
        decisions.append(luck.choice(still_open) * luck.choice((1, 1, -1)))
    options = len(engine.compiled.options)
    return [*decisions, luck.randint(1, options)] if options else decisions


def test_most_random_models_are_calculated(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above tests something."""
    monkeypatch.setattr(calculation, "VARIABLES_AN_OPTION", 0)
    found = [encode(random_model(seed)).steps is not None for seed in range(100)]
    assert sum(found) > 60
