"""Stored sessions of industrial models: every answer has the digest it must have."""

from pathlib import Path

import pytest

from bench.work import configure
from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine import Engine, changed_options
from tests.support.engines import ENGINES

MODELS = (
    "eshop.dimacs",
    "pc-richmond.dimacs",
    "finserv.dimacs",
    "ecos-i386pc.dimacs",
    "uclinux-dist.dimacs",
    "automotive01.dimacs",
    "cnn.dimacs",
    "linux-2.6.33.3.dimacs",
    "freetz.dimacs",
    "automotive02_4.dimacs",
    "clib-renault-111.json",
)
# The pure engine on larger ones is for the bench: HANDSEL_ENGINE=pure ./handsel bench configure.
SMALL = ("eshop.dimacs", "pc-richmond.dimacs", "finserv.dimacs", "ecos-i386pc.dimacs")


def stored(name: str) -> tuple[Path, configure.Sessions]:
    path = configure.DATA / f"{name}.gz"
    if not path.exists():
        pytest.skip(f"the shared data folder is not here: {configure.DATA}")
    return path, configure.read_sessions(configure.DATA / "sessions" / f"{name}.json")


def opened(name: str, engine: str) -> tuple[Compiled, Engine, configure.Sessions]:
    path, sessions = stored(name)
    compiled = configure.read_model(path)
    return compiled, ENGINES[engine](compiled), sessions


@pytest.mark.parametrize("name", MODELS)
def test_the_kernel_replays_every_step(name: str) -> None:
    _, engine, sessions = opened(name, "native")
    assert configure.digest(engine.domains([])) == sessions.root
    for session in sessions.sessions:
        for number, digest in enumerate(session.digests, 1):
            assert configure.digest(engine.domains(session.decisions[:number])) == digest
    engine.close()


@pytest.mark.parametrize("name", SMALL)
def test_the_pure_engine_replays_every_step(name: str) -> None:
    _, engine, sessions = opened(name, "pure")
    assert configure.digest(engine.domains([])) == sessions.root
    for session in sessions.sessions:
        for number, digest in enumerate(session.digests, 1):
            assert configure.digest(engine.domains(session.decisions[:number])) == digest
    engine.close()


@pytest.mark.parametrize("name", ["pc-richmond.dimacs", "linux-2.6.33.3.dimacs", "freetz.dimacs"])
def test_undo_restores_and_order_does_not_matter(name: str) -> None:
    _, engine, sessions = opened(name, "native")
    for session in sessions.sessions:
        steps = len(session.digests)
        engine.domains(session.decisions[:steps])
        for number in range(steps - 1, 0, -3):
            states = engine.domains(session.decisions[:number])
            assert configure.digest(states) == session.digests[number - 1]
        turned = session.decisions[:steps][::-1]
        assert configure.digest(engine.domains(turned)) == session.digests[-1]
    engine.close()


def test_sessions_take_turns_on_one_engine() -> None:
    _, engine, sessions = opened("automotive01.dimacs", "native")
    for number in range(0, 30, 4):
        for session in sessions.sessions:
            states = engine.domains(session.decisions[: number + 1])
            assert configure.digest(states) == session.digests[number]
    engine.close()


def test_what_is_forced_is_proved_by_its_core() -> None:
    compiled, engine, sessions = opened("linux-2.6.33.3.dimacs", "native")
    decisions = sessions.sessions[0].decisions[:20]
    before, after = engine.domains([]), engine.domains(decisions)
    assert before is not None and after is not None
    forced = [one for one in changed_options(before, after) if one not in map(abs, decisions)]
    for number in forced[:40]:
        literal = compiled.literal(number if after[number - 1] == 1 else -number)
        assert not engine.solve(decisions, [-literal])
        core = engine.core()
        assert 0 < len(core) < len(decisions)
        assert not engine.solve(core, [-literal])
    assert engine.domains(decisions) == after
    engine.close()
