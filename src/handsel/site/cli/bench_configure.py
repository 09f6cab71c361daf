"""`bench configure`: what one decision costs on product models, and what it costs others.

With --model and --sessions one model of your own is replayed. Without --sessions some are drawn,
and the pure engine says of a part of the steps what is right. Without either: all of the shared
data folder and the Halden conveyor, each in a process of its own, and peers beside them. A wrong
answer makes the run worth nothing: it is counted, shown, and the exit code says so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

if TYPE_CHECKING:
    from bench.work.configure import Replayed

NAME = "configure"
HEAD = ("model", "p50 ms", "p95 ms", "wrong", "peak MB")
PEER_HEAD = ("model", "peer", "CPU ms a step", "times ours", "measured on")
PAIR_HEAD = ("model", "impossible options offered", "steps with a dead end", "ours")
# Peers take seconds a step on larger ones.
WITH_PEERS = ("pc-richmond.dimacs", "automotive01.dimacs", "linux-2.6.33.3.dimacs")
LARGEST_FOR_PAIRS = 8_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of `bench` that belong to this figure."""
    parser.add_argument("--model", type=Path, help="with `configure`: the model to replay")
    parser.add_argument("--sessions", type=Path, help="its stored sessions (drawn if none)")


def is_asked(arguments: argparse.Namespace) -> bool:
    """Whether this is what was asked for. CouldNotRun when its options stand alone."""
    if arguments.names == [NAME] and not arguments.list:
        return True
    if arguments.model or arguments.sessions:
        raise CouldNotRun("--model and --sessions belong to `./handsel bench configure`.")
    return False


def run(arguments: argparse.Namespace) -> int:
    """Replay one model or all; 1 when an answer was wrong."""
    output = Output(as_json=arguments.json)
    if arguments.model or arguments.sessions:
        if not arguments.model:
            raise CouldNotRun("--sessions needs the --model they belong to.")
        replayed = _one(arguments.model, arguments.sessions)
        line = replayed.line()
        if arguments.json:
            print(json.dumps(line), flush=True)
        output.table(HEAD, [_row(line)])
        output.say(
            f"{replayed.engine} engine; read in {replayed.read_ms:.0f} ms, "
            f"opened with the root's domains in {replayed.load_ms:.0f} ms."
        )
        return codes.FINDINGS if line["wrong"] else codes.OK
    return _all(output)


def _one(model: Path, sessions: Path | None) -> Replayed:
    from bench.work import configure as work
    from handsel.ground.kernel.errors import Invalid

    try:
        return work.replay(model, work.read_sessions(sessions) if sessions else None)
    except OSError as error:
        raise CouldNotRun(f"{error.filename} cannot be read: {error.strerror}.") from None
    except Invalid as error:
        raise CouldNotRun(str(error)) from None


def _row(line: dict[str, Any]) -> tuple[object, ...]:
    times = (f"{line['p50']:.3f}", f"{line['p95']:.3f}")
    return (line["model"], *times, line["wrong"], line["peak_mb"])


def _all(output: Output) -> int:
    from bench.work import configure as work

    pairs = list(work.models())
    if not pairs:
        raise CouldNotRun(f"There are no models with sessions in {work.DATA}; name one: --model.")
    lines: dict[str, dict[str, Any]] = {}
    for model, sessions in [*pairs, (work.CONVEYOR, None)]:
        command = [sys.executable, "-m", "handsel.site.cli", "bench", NAME, "--json"]
        command += ["--model", str(model)]
        command += ["--sessions", str(sessions)] if sessions else []
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (codes.OK, codes.FINDINGS):
            raise CouldNotRun(f"{model.name} could not be replayed:\n{done.stderr.strip()}")
        line = json.loads(done.stdout)
        lines[line["model"]] = line
        if output.as_json:
            print(done.stdout.strip(), flush=True)
    output.table(HEAD, [_row(line) for line in lines.values()])
    _compare(output, [pair for pair in pairs if pair[0].stat().st_size < 2_000_000], lines)
    return codes.FINDINGS if any(line["wrong"] for line in lines.values()) else codes.OK


def _compare(
    output: Output, pairs: list[tuple[Path, Path]], lines: dict[str, dict[str, Any]]
) -> None:
    from bench.work import configure as work
    from bench.work import configure_peers as peers

    rows, offered = [], []
    for model, path in pairs:
        name = model.name.removesuffix(".gz")
        if not name.endswith(".dimacs"):
            continue
        compiled, sessions = work.read_model(model), work.read_sessions(path)
        ours = lines[name]["p50"] or 0.001
        for peer in peers.PEERS if name in WITH_PEERS else ():
            found = peer(compiled, sessions)
            if found is None:
                continue
            ratio = found.cpu_ms / ours
            rows.append((name, found.name, f"{found.cpu_ms:,.1f}", f"{ratio:,.0f}", found.how))
            _tell(output, model=name, peer=found.name, cpu_ms=found.cpu_ms, ratio=ratio)
        if len(compiled.options) <= LARGEST_FOR_PAIRS:
            pair = peers.pairwise(compiled, sessions)
            shares = (f"{pair.impossible_offered:.1%}", f"{pair.steps_wrong:.1%}")
            offered.append((name, *shares, "0 and 0" if not lines[name]["wrong"] else "wrong"))
            _tell(output, model=name, peer="pairwise exclusion", **_shares(pair))
    output.table(PEER_HEAD, rows)
    output.table(PAIR_HEAD, offered)


def _shares(pair: Any) -> dict[str, float]:
    return {
        "impossible_offered": round(pair.impossible_offered, 4),
        "steps_wrong": round(pair.steps_wrong, 4),
    }


def _tell(output: Output, **facts: Any) -> None:
    if output.as_json:
        rounded = {
            name: round(one, 3) if isinstance(one, float) else one for name, one in facts.items()
        }
        print(json.dumps(rounded), flush=True)
