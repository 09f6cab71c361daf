"""On random models both engines answer what asking about every value one by one answers."""

import itertools
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver

from handsel.bid.configure.rules.compiled import Compiled
from tests.support.engines import ENGINES, model_of

LOOSE = settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@st.composite
def random_models(draw: st.DrawFn) -> Compiled:
    """Few variables, clauses of all widths, now and then a group or two that are the same."""
    count = draw(st.integers(1, 24))
    literals = st.integers(1, count).flatmap(lambda one: st.sampled_from([one, -one]))
    clauses = draw(st.lists(st.lists(literals, min_size=2, max_size=5), max_size=3 * count))
    for group in draw(st.lists(st.lists(literals, min_size=3, max_size=9), max_size=2)):
        clauses += [[-one, -other] for one, other in itertools.combinations(group, 2)]
        if draw(st.booleans()):
            clauses.append(group)
    for one, other in draw(st.lists(st.tuples(literals, literals), max_size=2)):
        clauses += [[-one, other], [one, -other]]
    clauses += draw(st.lists(st.lists(literals, min_size=1, max_size=1), max_size=1))
    options = draw(st.lists(literals, min_size=1, max_size=count + 3))
    return model_of(count, clauses, options)


@st.composite
def walks(draw: st.DrawFn) -> tuple[Compiled, list[list[int]]]:
    """A model, and lists of decisions that grow, shrink and turn around."""
    compiled = draw(random_models())
    count = len(compiled.options)
    decisions = st.integers(1, count).flatmap(lambda one: st.sampled_from([one, -one]))
    now: list[int] = []
    found = [now]
    for _ in range(draw(st.integers(1, 8))):
        now = now[: draw(st.integers(0, len(now)))]
        now = [*now, *draw(st.lists(decisions, max_size=3))]
        found.append(now)
    return compiled, found


def asked_one_by_one(compiled: Compiled, decisions: list[int]) -> bytes | None:
    assumed = [compiled.literal(one) for one in decisions]
    with Solver(name="m22", bootstrap_with=compiled.clauses()) as solver:
        if not solver.solve(assumptions=assumed):
            return None
        states = bytearray()
        for literal in compiled.option_literals:
            can_hold = solver.solve(assumptions=[*assumed, literal])
            can_fail = solver.solve(assumptions=[*assumed, -literal])
            states.append(0 if can_hold and can_fail else 1 if can_hold else 2)
    return bytes(states)


@pytest.mark.parametrize("name", ENGINES)
@LOOSE
@given(walk=walks())
def test_domains_are_complete_and_right(name: str, walk: tuple[Compiled, list[list[int]]]) -> None:
    compiled, steps = walk
    engine = ENGINES[name](compiled)
    for decisions in steps:
        assert engine.domains(decisions) == asked_one_by_one(compiled, decisions)
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
@LOOSE
@given(walk=walks(), turn=st.randoms(use_true_random=False))
def test_the_order_of_decisions_never_matters(
    name: str, walk: tuple[Compiled, list[list[int]]], turn: object
) -> None:
    compiled, steps = walk
    engine = ENGINES[name](compiled)
    for decisions in steps:
        expected = engine.domains(decisions)
        for other in (sorted(decisions), decisions[::-1]):
            assert engine.domains(other) == expected
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
@LOOSE
@given(walk=walks())
def test_solve_proves_what_it_says(name: str, walk: tuple[Compiled, list[list[int]]]) -> None:
    compiled, steps = walk
    engine = ENGINES[name](compiled)
    with Solver(name="m22", bootstrap_with=compiled.clauses()) as judge:
        for number, decisions in enumerate(steps):
            if number % 2:
                engine.domains(decisions)
            split = len(decisions) // 2
            literals = [compiled.literal(one) for one in decisions[split:]]
            assumed = [compiled.literal(one) for one in decisions]
            if engine.solve(decisions[:split], literals):
                product = zip(compiled.option_literals, engine.model(), strict=True)
                held = [one if state == 1 else -one for one, state in product]
                assert judge.solve(assumptions=[*assumed, *held])
            else:
                assert set(engine.core()) <= set(decisions[:split])
                assert set(engine.core_literals()) <= set(literals)
                core = [compiled.literal(one) for one in engine.core()]
                assert not judge.solve(assumptions=[*core, *engine.core_literals()])
    engine.close()


@LOOSE
@given(walk=walks())
def test_both_engines_agree_in_threads(walk: tuple[Compiled, list[list[int]]]) -> None:
    compiled, steps = walk
    engine, other = ENGINES["native"](compiled), ENGINES["pure"](compiled)
    expected = [other.domains(decisions) for decisions in steps]
    wrong: list[int] = []

    def work(begin: int) -> None:
        for number in [*range(begin, len(steps)), *range(begin)]:
            if engine.domains(steps[number]) != expected[number]:
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(one,)) for one in range(min(3, len(steps)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    engine.close()
    other.close()
