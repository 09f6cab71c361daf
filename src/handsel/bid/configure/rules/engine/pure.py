"""The engine of wheels alone: python-sat with a pool of witnesses.

A witness is a valid product found earlier, kept as one byte a solver variable. What the witnesses
that fulfil the decisions show both ways is open; the solver is asked only about the rest.
"""

from __future__ import annotations

import sys
import threading
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine.contract import (
    FALSE,
    OPEN,
    TRUE,
    Statistics,
    check_decisions,
    check_literals,
    each_instead,
)

if TYPE_CHECKING:
    from pysat.solvers import Solver

POOL_BYTES = 32 << 20
WITNESSES = 1024
# Steering costs time for every literal named; the first unseen ones do nearly all of the good.
STEERED = 16384

_SIGN_BYTE = slice(array("i").itemsize - 1 if sys.byteorder == "little" else 0, None, 4)
_KNOWN = bytes([0] + [1] * 255)
_NEGATIVE_TO_ZERO = bytes([1] * 128 + [0] * 128)


class PureEngine:
    """An engine on python-sat alone; see `contract.Engine`."""

    def __init__(self, compiled: Compiled) -> None:
        from pysat.solvers import Solver

        self._compiled = compiled
        self._lock = threading.Lock()
        clauses = compiled.clauses()
        # The solver drops empty clauses without a word.
        self._contradictory = compiled.is_contradictory or not all(clauses)
        self._solver: Solver = Solver(name="g4", bootstrap_with=clauses)
        self._size = compiled.n_variables
        kept = min(WITNESSES, POOL_BYTES // max(1, self._size))
        self._pool: deque[bytes] = deque(maxlen=max(8, kept))
        self._ones = int.from_bytes(b"\1" * self._size, "little")
        self._asked = _bytes_at(self._size, {abs(one) - 1 for one in compiled.option_literals})
        # States that hold without any decision, when they are known.
        self._at_root: bytes | None = None
        # Whether options are the first solver variables, as in a DIMACS file.
        self._is_plain = compiled.option_literals.tolist() == [*range(1, len(compiled.options) + 1)]
        self._steps = self._searches = 0
        self._told = threading.local()

    @property
    def compiled(self) -> Compiled:
        """The model it answers about."""
        return self._compiled

    @property
    def statistics(self) -> Statistics:
        """What it did so far."""
        with self._lock:
            conflicts = int(self._solver.accum_stats()["conflicts"])
            return Statistics(
                "pure", self._steps, self._searches, conflicts, 0, witnesses=len(self._pool)
            )

    def domains(self, decisions: Sequence[int]) -> bytes | None:
        """The state of every option, or None when the decisions contradict."""
        check_decisions(self._compiled, decisions)
        assumed = [self._compiled.literal(one) for one in decisions]
        with self._lock:
            self._steps += 1
            if self._at_root is None:
                self._at_root = bytes(self._size)
                found = self._forced([])
                self._at_root = bytes(found or self._at_root)
            forced = self._forced(assumed)
        return None if forced is None else self._states(forced)

    def solve(self, decisions: Sequence[int], literals: Sequence[int] = ()) -> bool:
        """Whether a valid product fulfils the decisions and literals."""
        check_decisions(self._compiled, decisions)
        check_literals(self._compiled, literals)
        assumed = [self._compiled.literal(one) for one in decisions]
        told = self._told
        told.decisions, told.core, told.core_literals = (), [], []
        if self._contradictory:
            return False
        with self._lock:
            self._searches += 1
            if self._solver.solve(assumptions=[*assumed, *literals]):
                told.witness = self._witness()
                self._pool.append(told.witness)
                return True
            core = frozenset(self._solver.get_core() or ())
        told.core = [one for one, lit in zip(decisions, assumed, strict=True) if lit in core]
        told.core_literals = [one for one in literals if one in core and one not in assumed]
        return False

    def instead(
        self, decisions: Sequence[int], leaving: Sequence[int], asked: Sequence[int]
    ) -> list[bool]:
        """Which options can be had when the decisions at the positions `leaving` are left out."""
        return each_instead(self, decisions, leaving, asked)

    def preferred(
        self, decisions: Sequence[int], groups: Sequence[Sequence[int]]
    ) -> list[int] | None:
        """Not told; a prover is asked group by group."""
        return None

    def core(self) -> list[int]:
        """Decisions of the calling thread's last failed `solve` that cannot hold together."""
        return list(self._told.core)

    def core_literals(self) -> list[int]:
        """Literals of the calling thread's last failed `solve` that belong to its core."""
        return list(self._told.core_literals)

    def model(self) -> bytes:
        """The product of the calling thread's last successful `solve`."""
        witness: bytes = self._told.witness
        return bytes(
            TRUE if witness[abs(one) - 1] == (one > 0) else FALSE
            for one in self._compiled.option_literals
        )

    def close(self) -> None:
        """Give the solver's memory back."""
        with self._lock:
            self._solver.delete()
            self._pool.clear()

    def _forced(self, assumed: list[int]) -> bytearray | None:
        """The state of every solver variable asked about, or None when nothing fulfils them."""
        if self._contradictory:
            return None
        consistent, implied = self._solver.propagate(assumptions=assumed)
        if not consistent:
            return None
        # The solver does not report what follows without any decision.
        states = bytearray(self._at_root or bytes(self._size))
        _set_states(states, assumed)
        _set_states(states, implied)
        alive = [one for one in self._pool if _fulfils(one, assumed)]
        if not alive:
            if not self._search(assumed):
                return None
            alive.append(self._pool[-1])
        true = false = 0
        for witness in alive:
            row = int.from_bytes(witness, "little")
            true |= row
            false |= ~row
        known = int.from_bytes(states.translate(_KNOWN), "little")
        wanted = int.from_bytes(self._asked, "little") & ~known
        self._settle(assumed, states, wanted, true, false & self._ones)
        return states

    def _settle(
        self, assumed: list[int], states: bytearray, wanted: int, true: int, false: int
    ) -> None:
        """Ask the solver about what no witness shows both ways; write down what is forced."""
        at, found = -1, list[int]()
        pending = (wanted & ~(true & false)).to_bytes(self._size, "little")
        while True:
            at = pending.find(1, at + 1)
            if at < 0:
                return
            if states[at]:
                continue
            unseen = -(at + 1) if (true >> 8 * at) & 1 else at + 1
            self._steer(pending, at, true)
            if self._search([*assumed, *found, unseen]):
                row = int.from_bytes(self._pool[-1], "little")
                true |= row
                false |= ~row & self._ones
                pending = (wanted & ~(true & false)).to_bytes(self._size, "little")
            else:
                found.append(-unseen)
                # What follows from the value just refuted need not be refuted one by one.
                _set_states(states, [-unseen])
                _set_states(states, self._solver.propagate([*assumed, *found])[1])

    def _steer(self, pending: bytes, at: int, true: int) -> None:
        """Make the solver prefer what was not seen yet, for it forgets that at every search."""
        seen = true.to_bytes(self._size, "little")
        phases: list[int] = []
        while at >= 0 and len(phases) < STEERED:
            phases.append(-(at + 1) if seen[at] else at + 1)
            at = pending.find(1, at + 1)
        self._solver.set_phases(phases)

    def _search(self, assumed: list[int]) -> bool:
        self._searches += 1
        if not self._solver.solve(assumptions=assumed):
            return False
        self._pool.append(self._witness())
        return True

    def _witness(self) -> bytes:
        """The solver's model, one byte a variable: 1 true, 0 false."""
        found = array("i", self._solver.get_model() or ())
        signs = found.tobytes()[_SIGN_BYTE].translate(_NEGATIVE_TO_ZERO)
        return signs[: self._size].ljust(self._size, b"\0")

    def _states(self, forced: bytearray) -> bytes:
        """By option, of the states of solver variables."""
        if self._is_plain:
            return bytes(forced[: len(self._compiled.options)])
        turned = (OPEN, FALSE, TRUE)
        return bytes(
            forced[one - 1] if one > 0 else turned[forced[-one - 1]]
            for one in self._compiled.option_literals
        )


def _set_states(states: bytearray, literals: Iterable[int]) -> None:
    for one in literals:
        if one > 0:
            states[one - 1] = TRUE
        else:
            states[-one - 1] = FALSE


def _fulfils(witness: bytes, assumed: list[int]) -> bool:
    return all(witness[abs(one) - 1] == (one > 0) for one in assumed)


def _bytes_at(size: int, positions: set[int]) -> bytes:
    """As many bytes, 1 at the positions and 0 elsewhere."""
    found = bytearray(size)
    for at in positions:
        found[at] = 1
    return bytes(found)
