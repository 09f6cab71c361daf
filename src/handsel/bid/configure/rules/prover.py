"""A SAT solver for the answers that need proof: explanations, repairs, completion.

The engine answers the states of all options; this one answers single questions, and says which of
the things assumed were to blame. It is built when first asked, and shared under its lock.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import RLock
from typing import Protocol

from pysat.solvers import Solver

from handsel.bid.configure.rules.compiled import Builder, Compiled
from handsel.bid.configure.rules.engine import Engine

SOLVER = "glucose4"


class Solving(Protocol):
    """What answers single questions; hold the lock from a question to the last word about it."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Keeps other threads' questions apart."""

    def solve(self, assumed: Sequence[int], leaning: Sequence[int] = ()) -> bool:
        """Whether all that is assumed can hold at once."""

    def core(self) -> list[int]:
        """After a False: assumed literals that already cannot hold at once."""

    def model(self) -> list[int]:
        """After a True: every solver variable as a literal, at index variable - 1."""


class EngineProver:
    """Single questions put to the engine, which is many times quicker where it is native.

    It does not lean, and tells of a product the options only; what needs more asks a Prover.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # The engine keeps threads apart itself.
        self.lock: AbstractContextManager[object] = nullcontext()

    def solve(self, assumed: Sequence[int], leaning: Sequence[int] = ()) -> bool:
        """Whether all that is assumed can hold at once."""
        return self._engine.solve((), assumed)

    def core(self) -> list[int]:
        """After a False: assumed literals that already cannot hold at once."""
        return self._engine.core_literals()

    def model(self) -> list[int]:
        """Not told: see Prover."""
        raise NotImplementedError("ask a Prover for the whole model")


def guarded_form(compiled: Compiled, laws: Iterable[int]) -> Compiled:
    """The same clauses, these laws in force only while their selector is assumed.

    The selectors are those of a guarded Prover; they are options, so that an engine keeps them.
    """
    under_selectors = frozenset(laws)
    builder = Builder(compiled.n_variables + len(compiled.laws))
    for clause, law in zip(compiled.clauses(), compiled.laws_of.tolist(), strict=True):
        guard = [-(compiled.n_variables + 1 + law)] if law in under_selectors else []
        builder.add([*clause, *guard])
    for option, literal in zip(compiled.options, compiled.option_literals, strict=True):
        builder.add_option(option.variable, option.value, literal)
    for law in sorted(under_selectors):
        builder.add_option(f"law:{compiled.laws[law]}", True, compiled.n_variables + 1 + law)
    return builder.build()


class Prover:
    """All clauses of a model; the laws in `guarded` hold only while their selector is assumed."""

    def __init__(self, compiled: Compiled, guarded: Iterable[int] = ()) -> None:
        self.lock: AbstractContextManager[object] = RLock()
        self.n_variables = compiled.n_variables
        under_selectors = frozenset(guarded)
        self._top = compiled.n_variables + (len(compiled.laws) if under_selectors else 0)
        self._solver = Solver(name=SOLVER)
        # Also at exit, while the library is still whole; its own way complains then.
        self.close = weakref.finalize(self, self._solver.delete)
        self._is_void = compiled.is_contradictory and not under_selectors
        flat = compiled.literals.tolist()
        for (begin, end), law in zip(
            itertools.pairwise(compiled.starts.tolist()), compiled.laws_of.tolist(), strict=True
        ):
            clause = flat[begin:end]
            if law in under_selectors:
                clause.append(-self.selector(law))
            self._is_void |= not clause  # the solver drops an empty clause without a word
            self._solver.add_clause(clause)

    def selector(self, law: int) -> int:
        """The literal under which a law holds, in a guarded prover."""
        return self.n_variables + 1 + law

    def solve(self, assumed: Sequence[int], leaning: Sequence[int] = ()) -> bool:
        """Whether all that is assumed can hold at once; other choices follow `leaning`."""
        if self._is_void:
            return False
        if leaning:
            self._solver.set_phases(leaning)
        return bool(self._solver.solve(assumptions=assumed))

    def core(self) -> list[int]:
        """After a False: assumed literals that already cannot hold at once."""
        return [] if self._is_void else list(self._solver.get_core() or ())

    def model(self) -> list[int]:
        """After a True: every solver variable as a literal, at index variable - 1.

        Variables no clause speaks of are denied.
        """
        found = self._solver.get_model() or []
        found.extend(-number for number in range(len(found) + 1, self._top + 1))
        return found

    def fresh(self) -> int:
        """A new variable, for a question that needs clauses of its own."""
        self._top += 1
        return self._top

    def add(self, clause: Iterable[int]) -> None:
        """Add a clause; one that starts with a denied fresh variable is in force when assumed."""
        self._solver.add_clause(list(clause))
