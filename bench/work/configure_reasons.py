"""What a reason and its repairs cost: wishes that stored sessions made impossible."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from bench.work.configure import (
    CONVEYOR,
    Sessions,
    draw_sessions,
    models,
    read_model,
    read_sessions,
)
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.engine import FALSE
from handsel.bid.configure.rules.repair import smallest_repairs
from handsel.bid.configure.rules.session import Configurator

WISHES = 4
LARGEST_FILE = 2_000_000


@dataclass
class Told:
    """CPU milliseconds of each explanation and of each search for repairs."""

    reasons_ms: list[float] = field(default_factory=list)
    repairs_ms: list[float] = field(default_factory=list)


@lru_cache(maxsize=1)
def told() -> dict[str, Told]:
    """By model, the conveyor too; solvers are built before anything is timed."""
    found = {}
    for path, stored in models():
        if path.stat().st_size <= LARGEST_FILE:
            found[path.name.removesuffix(".gz")] = _told(read_model(path), read_sessions(stored))
    conveyor = read_model(CONVEYOR)
    found[CONVEYOR.name] = _told(conveyor, draw_sessions(conveyor))
    return found


def _told(compiled: Compiled, sessions: Sessions) -> Told:
    configurator, random, told = Configurator.of(compiled), Random(1), Told()
    for session in sessions.sessions:
        for length in range(1, len(session.digests) + 1):
            _ask(configurator, session.decisions[:length], random, told)
    return told


def _ask(configurator: Configurator, numbers: list[int], random: Random, told: Told) -> None:
    options = configurator.compiled.options
    root = configurator.engine.domains([]) or b""
    states = configurator.engine.domains(numbers) or b""
    said = [options[abs(one) - 1] for one in numbers]
    decisions = tuple(
        Decision(option.variable, option.value, "=" if one > 0 else "!=")
        for one, option in zip(numbers, said, strict=True)
    )
    mine = {option.variable for option in said}
    lost = [
        option
        for option, state, before in zip(options, states, root, strict=True)
        if state == FALSE and before != FALSE and option.variable not in mine
    ]
    for option in random.sample(lost, min(WISHES, len(lost))):
        wish = Decision(option.variable, option.value)
        is_first = not told.reasons_ms
        if is_first:
            configurator.explain(decisions, wish)
        begin = time.process_time()
        configurator.explain(decisions, wish)
        middle = time.process_time()
        smallest_repairs(configurator.explainer, decisions, wish)
        told.repairs_ms.append((time.process_time() - middle) * 1000)
        told.reasons_ms.append((middle - begin) * 1000)


def percentile(times: list[float], share: float) -> float:
    """Milliseconds that this share did not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
