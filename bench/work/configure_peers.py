"""What others need for the same answers, and how wrong the usual shop configurator is.

Peers are slow, so a few steps are taken, of each some options, and the rest is extrapolated.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.work.configure import Sessions
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine import FALSE, OPEN, TRUE, open_engine

STEPS = 3
OPTIONS = 200


@dataclass(frozen=True, slots=True)
class Peer:
    """CPU milliseconds a step by another way, and how that was found out."""

    name: str
    cpu_ms: float
    how: str


@dataclass(frozen=True, slots=True)
class Pairwise:
    """What pairwise exclusion offers though it is impossible; shares from 0 to 1."""

    impossible_offered: float
    steps_wrong: float


def sampled_steps(sessions: Sessions) -> Iterator[list[int]]:
    """Decisions at a few moments, early to late, of the sessions in turn."""
    for number in range(STEPS):
        session = sessions.sessions[number % len(sessions.sessions)]
        if session.decisions:
            length = 1 + (len(session.decisions) - 1) * number // max(1, STEPS - 1)
            yield session.decisions[:length]


def naive(compiled: Compiled, sessions: Sessions) -> Peer:
    """python-sat as the manuals show it: two solves an option and step, one solver kept."""
    from pysat.solvers import Solver

    stride = max(1, len(compiled.options) // OPTIONS)
    costs = []
    with Solver(name="g4", bootstrap_with=compiled.clauses()) as solver:
        for decisions in sampled_steps(sessions):
            assumed = [compiled.literal(one) for one in decisions]
            asked = compiled.option_literals[::stride]
            begin = time.process_time()
            for literal in asked:
                solver.solve(assumptions=[*assumed, literal])
                solver.solve(assumptions=[*assumed, -literal])
            spent = (time.process_time() - begin) * 1000
            costs.append(spent * len(compiled.options) / max(1, len(asked)))
    return Peer("naive python-sat", median(costs), f"{len(costs)} steps, 1 of {stride} options")


def z3_consequences(compiled: Compiled, sessions: Sessions) -> Peer | None:
    """Z3's one call for this question; None where Z3 is not installed."""
    try:
        import z3  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    names = [z3.Bool(f"v{number}") for number in range(compiled.n_variables + 1)]

    def term(literal: int) -> Any:
        return names[literal] if literal > 0 else z3.Not(names[-literal])

    solver = z3.Solver()
    for clause in compiled.clauses():
        solver.add(z3.Or([term(one) for one in clause]))
    solver.check()
    asked = [names[abs(one)] for one in compiled.option_literals]
    costs = []
    for decisions in sampled_steps(sessions):
        assumed = [term(compiled.literal(one)) for one in decisions]
        begin = time.process_time()
        solver.consequences(assumed, asked)
        costs.append((time.process_time() - begin) * 1000)
    return Peer("z3 consequences", median(costs), f"{len(costs)} steps")


def flamapy(compiled: Compiled, sessions: Sessions) -> Peer | None:
    """flamapy's core and dead features of the model with the decisions added, as it knows no
    session; None where it is not installed. From 2.6 one call finds both, before it takes two."""
    try:
        models = importlib.import_module("flamapy.metamodels.pysat_metamodel.models")
        operations = importlib.import_module("flamapy.metamodels.pysat_metamodel.operations")
    except ImportError:
        return None
    both = getattr(operations, "PySATBackbone", None)
    engine, costs, wrong = open_engine(compiled), [], 0
    for decisions in sampled_steps(sessions):
        model = models.PySATModel()
        model.variables = {str(one): abs(one) for one in compiled.option_literals}
        model.features = {number: name for name, number in model.variables.items()}
        for clause in compiled.clauses():
            model.add_clause(clause)
        for one in decisions:
            model.add_clause([compiled.literal(one)])
        begin = time.process_time()
        if both:
            found = both().execute(model).get_result()
            core, dead = found["core"], found["dead"]
        else:
            core = operations.PySATCoreFeatures().execute(model).get_result()
            dead = operations.PySATDeadFeatures().execute(model).get_result()
        costs.append((time.process_time() - begin) * 1000)
        states = engine.domains(decisions) or b""
        wrong += (len(core), len(dead)) != (states.count(TRUE), states.count(FALSE))
    engine.close()
    name = "flamapy backbone" if both else "flamapy core and dead"
    return Peer(name, median(costs), f"{len(costs)} steps, {wrong} wrong")


PEERS: tuple[Callable[[Compiled, Sessions], Peer | None], ...] = (
    naive,
    z3_consequences,
    flamapy,
)


def pairwise(compiled: Compiled, sessions: Sessions) -> Pairwise:
    """Offer what no decision excludes by a rule between two options, as shops do."""
    excluded_by: dict[int, set[int]] = {}
    for clause in compiled.clauses():
        if len(clause) == 2:
            excluded_by.setdefault(-clause[0], set()).add(clause[1])
            excluded_by.setdefault(-clause[1], set()).add(clause[0])
    engine = open_engine(compiled)
    root = engine.domains([]) or b""
    impossible = offered = steps = wrong = 0
    for session in sessions.sessions:
        for number in range(1, len(session.digests) + 1):
            decisions = session.decisions[:number]
            states = engine.domains(decisions) or b""
            taken = [compiled.literal(one) for one in decisions]
            found = set(taken).union(*(excluded_by.get(one, ()) for one in taken))
            missed = 0
            for state, before, literal in zip(states, root, compiled.option_literals, strict=True):
                if state == OPEN or before != OPEN:
                    continue
                fact = literal if state == TRUE else -literal
                if fact in taken:
                    continue
                impossible += 1
                missed += fact not in found
            offered += missed
            wrong += missed > 0
            steps += 1
    engine.close()
    return Pairwise(offered / max(1, impossible), wrong / max(1, steps))
