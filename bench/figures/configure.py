"""Complete domains after each decision, replayed over the stored sessions.

The models lie in the shared data folder; where that is missing there is the conveyor alone, whose
sessions are drawn and judged by the pure engine. Targets are those required; `./handsel bench
configure` shows all models, and peers.
"""

from __future__ import annotations

from functools import lru_cache

from bench.registry import figure
from bench.work.configure import CONVEYOR, DATA, Replayed, read_sessions, replay
from bench.workbench import Measured, Workbench

# Model: required p50 and p95, and the best peer's p50 where measured.
REQUIRED = {
    "pc-richmond.dimacs": (0.3, 1.0, 14.0),
    "automotive01.dimacs": (1.0, 3.0, 117.0),
    "linux-2.6.33.3.dimacs": (6.0, 15.0, 619.0),
    "automotive02_4.dimacs": (20.0, 40.0, None),
    "freetz.dimacs": (8.0, 60.0, None),
    "clib-renault-111.json": (0.3, 15.0, 146.0),
}


@lru_cache(maxsize=1)
def _replayed(name: str) -> Replayed:
    if name == CONVEYOR.name:
        found = replay(CONVEYOR, None)
    else:
        found = replay(DATA / f"{name}.gz", read_sessions(DATA / "sessions" / f"{name}.json"))
    if found.wrong:
        raise AssertionError(f"{found.wrong} of {len(found.cpu_ms)} answers on {name} are wrong")
    return found


def _declare(name: str, share: float, target: float, peer: float | None) -> None:
    stem = name.rpartition(".")[0].replace("-", "_").replace(".", "_")

    @figure(
        f"configure_{stem}_p{round(share * 100)}",
        about=f"a decision on {name}, all domains, p{round(share * 100)}",
        target=target,
        peer=peer,
        group="configure",
    )
    def measured(bench: Workbench) -> Measured:
        found = _replayed(name)
        value = found.percentile(share)
        return Measured(value, value, runs=len(found.cpu_ms))


_declare(CONVEYOR.name, 0.5, 5.0, None)
_declare(CONVEYOR.name, 0.95, 20.0, None)
for _name, (_p50, _p95, _peer) in REQUIRED.items():
    if (DATA / f"{_name}.gz").exists():
        _declare(_name, 0.5, _p50, _peer)
        _declare(_name, 0.95, _p95, None)
