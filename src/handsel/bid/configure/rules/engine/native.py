"""The engine of the compiled kernel: a thin hull that hands arrays over and takes answers back."""

from __future__ import annotations

import ctypes
import os
import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, chain

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine import library as built
from handsel.bid.configure.rules.engine.contract import (
    Statistics,
    check_decisions,
    check_literals,
    each_instead,
)
from handsel.bid.configure.rules.engine.moments import Moments

# Set to "pure" to leave the kernel aside.
CHOICE = "HANDSEL_ENGINE"
# Answers are kept for pages shown again and for sessions that begin alike.
ANSWERS = 2048
ANSWER_BYTES = 4 << 20

_COUNTS = (
    "steps", "patches", "searches", "conflicts", "learned", "flips", "killed", "moved", "calculated"
)  # fmt: skip
_ADDRESS = ctypes.c_void_p
_NUMBER = ctypes.c_int32


@lru_cache(maxsize=1)
def load() -> ctypes.CDLL | None:
    """The kernel, or None when it is not built, cannot be loaded or is not wanted."""
    path = built.find() if os.environ.get(CHOICE) != "pure" else None
    if path is None:
        return None
    try:
        library = ctypes.CDLL(str(path))
    except OSError:
        return None
    calls = {
        "open": ([_NUMBER, _ADDRESS, _ADDRESS, _NUMBER, _ADDRESS, _NUMBER], _ADDRESS),
        "domains": ([_ADDRESS, _ADDRESS, _NUMBER, _ADDRESS], ctypes.c_int),
        "solve": ([_ADDRESS, *[_ADDRESS, _NUMBER] * 2, _ADDRESS, _ADDRESS], ctypes.c_int),
        "instead": (
            [_ADDRESS, _ADDRESS, _NUMBER, *[_ADDRESS] * 2, _NUMBER, _ADDRESS],
            ctypes.c_int,
        ),
        "prefer": ([_ADDRESS, _ADDRESS, _NUMBER, *[_ADDRESS] * 2, _NUMBER, _ADDRESS], ctypes.c_int),
        "keep": ([_ADDRESS, _ADDRESS, _NUMBER, _ADDRESS], _ADDRESS),
        "recall": ([_ADDRESS, _ADDRESS], None),
        "drop": ([_ADDRESS], None),
        "direct": ([_ADDRESS] * 8, None),
        "counts": ([_ADDRESS, _ADDRESS], None),
        "tune": ([_ADDRESS, _NUMBER], None),
        "close": ([_ADDRESS], None),
    }
    for name, (arguments, result) in calls.items():
        call = getattr(library, f"handsel_{name}")
        call.argtypes, call.restype = arguments, result
    return library


class NativeEngine:
    """An engine on the compiled kernel; see `contract.Engine`.

    It keeps its last answers, unless it `remembers` nothing, which is for tests and measurements.
    """

    def __init__(self, compiled: Compiled, library: ctypes.CDLL, *, remembers: bool = True) -> None:
        self._compiled = compiled
        self._count = len(compiled.options)
        self._lock = threading.Lock()
        self._told = threading.local()
        self._domains = library.handsel_domains
        self._solve = library.handsel_solve
        self._instead = library.handsel_instead
        self._prefer = library.handsel_prefer
        self._moments = Moments(library)
        self._read_counts = library.handsel_counts
        self._tune = library.handsel_tune
        self._release = library.handsel_close
        self._answers: OrderedDict[tuple[int, ...], bytes] = OrderedDict()
        kept = max(8, min(ANSWERS, ANSWER_BYTES // max(1, self._count)))
        self._answers_kept = kept if remembers else 0
        self._contradictory = compiled.is_contradictory
        # `states` owns the bytes that the kernel writes answers to.
        self._states = ctypes.create_string_buffer(max(1, self._count))
        self._states_at = ctypes.addressof(self._states)
        self._kernel: int | None = library.handsel_open(
            compiled.n_variables,
            _address(compiled.literals),
            _address(compiled.starts),
            len(compiled.starts) - 1,
            _address(compiled.option_literals),
            self._count,
        )
        laws = compiled.steps
        if laws is not None:
            parts = (laws.options, laws.starts, laws.scope, laws.step_starts, laws.steps)
            arrays = (laws.counts, *parts, laws.numbers)
            library.handsel_direct(self._kernel, *map(_address, arrays))

    @property
    def compiled(self) -> Compiled:
        """The model it answers about."""
        return self._compiled

    @property
    def statistics(self) -> Statistics:
        """What it did so far."""
        counts = array("Q", bytes(8 * len(_COUNTS)))
        with self._lock:
            self._read_counts(self._opened(), _address(counts))
        told = dict(zip(_COUNTS, counts, strict=True))
        return Statistics(
            "native",
            told["steps"],
            told["searches"],
            told["conflicts"],
            told["learned"],
            told["patches"],
            calculates=told["calculated"] > 0,
        )

    def domains(self, decisions: Sequence[int]) -> bytes | None:
        """The state of every option, or None when the decisions contradict."""
        check_decisions(self._compiled, decisions)
        if self._contradictory:
            return None
        key = tuple(decisions)
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                return known
            given = array("i", key)
            self._moments.turn_to(self._opened(), key)
            if not self._domains(self._opened(), _address(given), len(given), self._states_at):
                return None
            states = self._answers[key] = ctypes.string_at(self._states_at, self._count)
            if len(self._answers) > self._answers_kept:
                self._answers.popitem(last=False)
            return states

    def instead(
        self, decisions: Sequence[int], leaving: Sequence[int], asked: Sequence[int]
    ) -> list[bool]:
        """Which options can be had when the decisions at the positions `leaving` are left out."""
        check_decisions(self._compiled, decisions)
        check_decisions(self._compiled, asked)
        given, wanted = array("i", decisions), array("i", asked)
        marks, found = bytearray(len(given) + 1), bytearray(len(wanted) + 1)
        for position in leaving:
            marks[position] = 1
        if self._contradictory:
            return [False] * len(asked)
        with self._lock:
            self._moments.turn_to(self._opened(), tuple(given))
            do_hold = self._instead(
                self._opened(),
                _address(given),
                len(given),
                ctypes.addressof(ctypes.c_char.from_buffer(marks)),
                _address(wanted),
                len(wanted),
                ctypes.addressof(ctypes.c_char.from_buffer(found)),
            )
        if not do_hold:
            return each_instead(self, decisions, leaving, asked)
        return list(map(bool, found[: len(wanted)]))

    def preferred(
        self, decisions: Sequence[int], groups: Sequence[Sequence[int]]
    ) -> list[int] | None:
        """Of each group of options the place of the first that can still be had."""
        if self._contradictory or self._compiled.steps is None:
            return None
        check_decisions(self._compiled, decisions)
        given, options = array("i", decisions), array("i", chain.from_iterable(groups))
        check_decisions(self._compiled, options)
        starts = array("i", accumulate(map(len, groups), initial=0))
        chosen = array("i", [0] * (len(groups) + 1))
        with self._lock:
            self._moments.turn_to(self._opened(), tuple(given))
            told = self._prefer(
                self._opened(),
                _address(given),
                len(given),
                _address(options),
                _address(starts),
                len(groups),
                _address(chosen),
            )
        return list(chosen[: len(groups)]) if told else None

    def tune(self, longest_patch: int) -> None:
        """Set how much a patch may change; answers stay the same. For tests of the other ways."""
        with self._lock:
            self._tune(self._opened(), longest_patch)
            self._answers.clear()

    def solve(self, decisions: Sequence[int], literals: Sequence[int] = ()) -> bool:
        """Whether a valid product fulfils the decisions and literals."""
        check_decisions(self._compiled, decisions)
        check_literals(self._compiled, literals)
        given, more = array("i", decisions), array("i", literals)
        core = bytearray(len(given) + len(more) + 1)
        core_at = ctypes.addressof(ctypes.c_char.from_buffer(core))
        told = self._told
        told.core, told.core_literals = [], []
        if self._contradictory:
            return False
        with self._lock:
            held = self._solve(
                self._opened(),
                _address(given),
                len(given),
                _address(more),
                len(more),
                self._states_at,
                core_at,
            )
            if held:
                told.product = ctypes.string_at(self._states_at, self._count)
                return True
        told.core = [one for at, one in enumerate(given) if core[at]]
        told.core_literals = [one for at, one in enumerate(more, len(given)) if core[at]]
        return False

    def core(self) -> list[int]:
        """Decisions of the calling thread's last failed `solve` that cannot hold together."""
        return list(self._told.core)

    def core_literals(self) -> list[int]:
        """Literals of the calling thread's last failed `solve` that belong to its core."""
        return list(self._told.core_literals)

    def model(self) -> bytes:
        """The product of the calling thread's last successful `solve`."""
        product: bytes = self._told.product
        return product

    def close(self) -> None:
        """Give the kernel's memory back."""
        with self._lock:
            self._moments.clear()
            if self._kernel is not None:
                self._release(self._kernel)
            self._kernel = None
            self._answers.clear()

    def __del__(self) -> None:
        if getattr(self, "_kernel", None) is not None:
            self.close()

    def _opened(self) -> int:
        if self._kernel is None:
            raise ValueError("the engine is closed")
        return self._kernel


def _address(numbers: array[int]) -> int:
    return numbers.buffer_info()[0]
