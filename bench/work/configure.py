"""Replays stored sessions of a product model: what one decision costs, and whether it is right.

A sessions file holds lists of decisions and, after each decision, a digest of the complete domains:
the first 16 hexadecimal digits of the SHA-256 of one byte an option (0 open, 1 true, 2 false).
bench/README.md shows one.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine import OPEN, Engine, PureEngine, open_engine
from handsel.bid.configure.rules.formats.files import read_text
from handsel.ground.kernel.errors import Invalid

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data" / "configurator"
CONVEYOR = PROJECT / "src/handsel/site/demo/models/halden-conveyor.model"
DRAWN_SESSIONS, DRAWN_STEPS, JUDGED = 4, 25, 8
LARGEST_JUDGED = 40_000  # options; the pure engine takes minutes on more


@dataclass(frozen=True, slots=True)
class Session:
    """Decisions one after another, and what must come of each."""

    decisions: list[int]
    digests: list[str]


@dataclass(frozen=True, slots=True)
class Sessions:
    """The stored sessions of one model. `root` is the digest before any decision."""

    options: int
    root: str
    sessions: list[Session]


@dataclass(slots=True)
class Replayed:
    """CPU milliseconds of every step in order, and how many answers were wrong."""

    model: str
    engine: str
    cpu_ms: list[float] = field(default_factory=list)
    wrong: int = 0
    load_ms: float = 0.0
    read_ms: float = 0.0

    def percentile(self, share: float) -> float:
        """CPU milliseconds that this share of the steps did not exceed."""
        ordered = sorted(self.cpu_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def line(self) -> dict[str, Any]:
        """The figures for programs."""
        return {
            "model": self.model,
            "p50": round(self.percentile(0.5), 4),
            "p95": round(self.percentile(0.95), 4),
            "wrong": self.wrong,
            "peak_mb": round(peak_mb(), 1),
        }


def peak_mb() -> float:
    """The most memory this process ever had, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def read_model(path: Path) -> Compiled:
    """Read and compile a DIMACS, UVL or table-JSON model, told apart by the file's name."""
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".dimacs", ".cnf")):
        from handsel.bid.configure.rules.formats.dimacs import read_dimacs

        return read_dimacs(path)
    from handsel.bid.configure.rules.encode import encode

    if name.endswith(".json"):
        from handsel.bid.configure.rules.formats.table_json import read_table_json

        return encode(read_table_json(path))
    if name.endswith(".uvl"):
        from handsel.bid.configure.rules.formats.uvl import read_uvl

        return encode(read_uvl(path))
    if name.endswith(".model"):
        from handsel.bid.configure.rules.language import load_model

        return encode(load_model(path))
    raise Invalid(
        f"{path.name}: expected a .model, .dimacs, .cnf, .uvl or .json file, gzipped or not."
    )


def read_sessions(path: Path) -> Sessions:
    """Read a sessions file, gzipped or not. Raises Invalid saying what is wrong and where."""
    try:
        found = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Invalid(f"{path.name}, {place}: this is not JSON: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path.name} cannot be read: {error}.") from None
    options = found.get("options") if isinstance(found, dict) else None
    if type(options) is not int or not isinstance(found.get("sessions"), list):
        raise Invalid(
            f'{path.name} is no sessions file; expected {{"options": 173, "root": "…", '
            '"sessions": [{"decisions": [8, -15], "digests": ["…", "…"]}]}.'
        )
    sessions = [
        _read_session(one, options, f"{path.name}, session {number}")
        for number, one in enumerate(found["sessions"], 1)
    ]
    root = found.get("root") or ""
    if not isinstance(root, str):
        raise Invalid(f"{path.name}: the root's digest is no text.")
    return Sessions(options, root, sessions)


def _read_session(found: object, options: int, place: str) -> Session:
    decisions = found.get("decisions") if isinstance(found, dict) else None
    digests = found.get("digests") if isinstance(found, dict) else None
    if not isinstance(decisions, list) or not isinstance(digests, list):
        raise Invalid(f'{place}: expected a list of "decisions" and one of "digests".')
    for step, one in enumerate(decisions, 1):
        if type(one) is not int or not 1 <= abs(one) <= options:
            shown = json.dumps(one)[:40]
            raise Invalid(
                f"{place}, step {step}: there is no option {shown}; expected 1 to {options}, "
                "or its negative to exclude it."
            )
    if len(digests) > len(decisions):
        raise Invalid(
            f"{place} has {len(digests)} digests for {len(decisions)} decisions; "
            "expected one after each decision."
        )
    for step, one in enumerate(digests, 1):
        if one is not None and not isinstance(one, str):
            raise Invalid(f"{place}, step {step}: the digest is no text.")
    return Session(decisions, [one or "" for one in digests])


def draw_sessions(compiled: Compiled) -> Sessions:
    """Sessions as the stored ones were drawn: random open options, kept or excluded. Every few
    steps the pure engine says what the answer must be; other digests are left empty, and all are
    where the model is too large for it."""
    engine = open_engine(compiled)
    judge = PureEngine(compiled) if len(compiled.options) <= LARGEST_JUDGED else None
    sessions = []
    for seed in range(DRAWN_SESSIONS):
        random = Random(seed)
        drawn = Session([], [])
        while len(drawn.decisions) < DRAWN_STEPS:
            states = engine.domains(drawn.decisions) or b""
            still_open = [one for one, state in enumerate(states, 1) if state == OPEN]
            if not still_open:
                break
            drawn.decisions.append(random.choice(still_open) * random.choice((1, 1, -1)))
            told = ""
            if judge and len(drawn.decisions) % JUDGED == seed % JUDGED:
                told = digest(judge.domains(drawn.decisions))
            drawn.digests.append(told)
        sessions.append(drawn)
    root = digest(judge.domains([])) if judge else ""
    engine.close()
    if judge:
        judge.close()
    return Sessions(len(compiled.options), root, sessions)


def models(data: Path = DATA) -> Iterator[tuple[Path, Path]]:
    """All models of a folder that have stored sessions, the small ones first."""
    found = []
    for sessions in (data / "sessions").glob("*.json"):
        name = sessions.name.removesuffix(".json")
        for path in (data / name, data / f"{name}.gz"):
            if path.exists():
                found.append((path, sessions))
    yield from sorted(found, key=lambda pair: pair[0].stat().st_size)


def digest(states: bytes | None) -> str:
    """What a sessions file keeps of an answer."""
    return "" if states is None else hashlib.sha256(states).hexdigest()[:16]


def replay(path: Path, sessions: Sessions | None) -> Replayed:
    """Open a model and take every decision of its sessions, each session from the start.

    Without stored sessions some are drawn."""
    begin = time.process_time()
    compiled = read_model(path)
    read_ms = (time.process_time() - begin) * 1000
    sessions = sessions or draw_sessions(compiled)
    if len(compiled.options) != sessions.options:
        raise Invalid(
            f"{path.name} has {len(compiled.options)} options, its sessions {sessions.options}."
        )
    begin = time.process_time()
    engine = open_engine(compiled)
    root = engine.domains([])
    load_ms = (time.process_time() - begin) * 1000
    replayed = Replayed(path.name.removesuffix(".gz"), engine.statistics.name)
    replayed.read_ms, replayed.load_ms = read_ms, load_ms
    replayed.wrong = int(bool(sessions.root) and digest(root) != sessions.root)
    for session in sessions.sessions:
        _replay_session(engine, session, replayed)
    engine.close()
    return replayed


def _replay_session(engine: Engine, session: Session, replayed: Replayed) -> None:
    for number, expected in enumerate(session.digests, 1):
        decisions = session.decisions[:number]
        begin = time.process_time()
        states = engine.domains(decisions)
        replayed.cpu_ms.append((time.process_time() - begin) * 1000)
        replayed.wrong += bool(expected) and digest(states) != expected
