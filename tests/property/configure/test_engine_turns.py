"""Sessions that take turns on one engine, and laws calculated: answers are as on one's own."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.encode import calculation, encode
from handsel.bid.configure.rules.engine import OPEN, Engine, PureEngine
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
