"""Measure what things cost, and print a table, or with --json one line a figure.

The database is one of its own, made anew, with everything on that keeps data safe.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from handsel.site.cli import bench_configure, codes, surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output, add_json_option

if TYPE_CHECKING:
    from bench.registry import Figure
    from bench.workbench import Measured, Workbench

# Groups that build a house of their own, which would stand in the way of the others'.
APART = frozenset({"configure_http"})
HEAD = ("figure", "unit", "value", "target", "peer", "wall ms", "n", "runs", "")


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `bench`."""
    parser.add_argument("names", nargs="*", metavar="FIGURE", help="figures or groups of them")
    parser.add_argument("--list", action="store_true", help="say which figures there are")
    bench_configure.add_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure; 1 when a figure missed its target."""
    from bench import registry

    if bench_configure.is_asked(arguments):
        return bench_configure.run(arguments)
    output = Output(as_json=arguments.json)
    try:
        figures = registry.chosen(arguments.names)
    except KeyError as unknown:
        raise CouldNotRun(f"There is no figure or group {unknown}; see --list.") from None
    if arguments.list:
        output.table(("figure", "group", "is"), [(f.name, f.group, f.about) for f in figures])
        return codes.OK
    together = [figure for figure in figures if figure.group not in APART]
    rows = _measured_apart(output, [one for one in figures if one not in together], together)
    if len(rows) < len(figures):
        left = figures if not rows else together
        with own_database() as (bench, database):
            rows += [_measured(output, figure, bench, database) for figure in left]
    output.table(HEAD, rows)
    return codes.FINDINGS if any(row[-1] == "missed" for row in rows) else codes.OK


@contextmanager
def own_database() -> Iterator[tuple[Workbench, str]]:
    """An embedded server of the bench's own, empty and migrated; Django is loaded on it."""
    import psycopg

    from bench.workbench import Workbench
    from handsel.ground.platform.database import EmbeddedProvider

    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    os.environ["HANDSEL_HOME"] = str(surroundings.home() / "bench")
    surroundings.prepare()
    provider = EmbeddedProvider(surroundings.home())
    provider.erase()
    provider.start()
    try:
        os.environ["DATABASE_URL"] = provider.url("app")
        _migrate_apart(provider.url("owner"))
        surroundings.start_django()
        with psycopg.connect(provider.url("app")) as connection:
            version = connection.info.parameter_status("server_version")
        yield Workbench(provider.pid, provider.url("owner")), f"PostgreSQL {version}"
        from django.db import connections

        connections.close_all()
    finally:
        provider.stop()


def _migrate_apart(owner_url: str) -> None:
    """Migrate in a process of its own: this one serves as the weaker role."""
    from handsel.site.cli import schema

    environ = {**os.environ, "DATABASE_OWNER_URL": owner_url}
    command = [sys.executable, "-m", "handsel.site.cli", "migrate"]
    done = subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)
    if done.returncode != codes.OK or not schema.is_current(os.environ["DATABASE_URL"]):
        raise CouldNotRun("The bench's database could not be made; the reason is above.")


def _measured(
    output: Output, figure: Figure, bench: Workbench, database: str
) -> tuple[object, ...]:
    """Measure one figure and tell of it."""
    with output.progress(figure.name) as progress:
        progress(what=figure.about)
        measured = figure.run(bench)
    return _told(output, figure, json_line(figure, measured, database))


def _measured_apart(
    output: Output, apart: Sequence[Figure], others: Sequence[Figure]
) -> list[tuple[object, ...]]:
    """Measure these in a process with a database of its own; none where there are no others."""
    if not apart or not others:
        return []
    names = [figure.name for figure in apart]
    command = [sys.executable, "-m", "handsel.site.cli", "bench", *names, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    lines = {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}
    if set(lines) != set(names):
        raise CouldNotRun(f"{', '.join(names)} could not be measured; the reason is above.")
    return [_told(output, figure, lines[figure.name]) for figure in apart]


def _told(output: Output, figure: Figure, line: Mapping[str, Any]) -> tuple[object, ...]:
    """Tell programs a figure at once, and make its row for people."""
    if output.as_json:
        print(json.dumps(line, ensure_ascii=False), flush=True)
    value = line["value"]
    missed = figure.target is not None and value > figure.target
    verdict = "" if figure.target is None else "missed" if missed else "met"
    shown = [_short(value), _short(figure.target), _short(figure.peer), _short(line["wall_ms"])]
    return (figure.name, figure.unit, *shown, line["n"], line["runs"], verdict)


def json_line(figure: Figure, measured: Measured, database: str) -> dict[str, Any]:
    """A figure for programs. The value is CPU time unless the figure is something else."""
    from bench.workbench import machine

    by_unit = measured.wall_ms if figure.unit == "wall ms" else measured.cpu_ms
    value = by_unit if measured.value is None else measured.value
    return {
        "name": figure.name,
        "unit": figure.unit,
        "value": round(value, 4),
        "n": measured.n,
        "cpu_ms": round(measured.cpu_ms, 4),
        "wall_ms": round(measured.wall_ms, 4),
        "runs": measured.runs,
        "machine": machine(database),
    }


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:,.1f}"
