"""Measuring: what is counted, how it is told."""

import json
import os
import subprocess
import sys

import pytest

from bench import registry
from bench.registry import Figure, chosen
from bench.workbench import Measured, Workbench, calibrate, cpu_s_of
from handsel.site.cli.bench import json_line

BURN = "n = 0\nfor i in range(3_000_000): n += i\nprint('done', flush=True)\ninput()"


def burn() -> int:
    return sum(number * number for number in range(20_000))


def test_medians_are_for_one_thing_and_leave_out_what_comes_before() -> None:
    calls: list[str] = []
    bench = Workbench(None)
    measured = bench.measure(
        lambda: [burn() for _ in range(10)], n=10, runs=3, before=lambda: calls.append("before")
    )
    single = bench.measure(burn, runs=3)
    assert (measured.n, measured.runs) == (10, 3)
    assert len(calls) == 4, "once for the warm-up, once for each run"
    assert measured.cpu_ms == pytest.approx(single.cpu_ms, rel=0.9)
    assert measured.cpu_ms > 0


def test_the_cpu_of_another_process_and_of_its_ended_children_counts() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        spent = cpu_s_of(process.pid)
        assert Workbench(process.pid).database_cpu_s() >= spent > 0.01
        process.communicate("\n")
    assert Workbench(process.pid).database_cpu_s() == 0.0
    assert Workbench(os.getpid()).database_cpu_s() > 0, "children of ours that have ended"


def test_calibration_is_stable_enough_to_compare_by() -> None:
    first, second = calibrate(), calibrate()
    assert first == pytest.approx(second, rel=0.5)


def test_a_line_for_programs() -> None:
    figure = Figure("cycle", "one deal", lambda bench: Measured(1, 1), target=80)
    line = json_line(figure, Measured(61.23456, 74.0, n=3, runs=7), "PostgreSQL 18.6")
    assert list(line) == ["name", "unit", "value", "n", "cpu_ms", "wall_ms", "runs", "machine"]
    assert (line["name"], line["value"], line["n"], line["runs"]) == ("cycle", 61.2346, 3, 7)
    assert "PostgreSQL 18.6" in line["machine"]
    json.dumps(line)


def test_the_value_is_what_the_unit_says() -> None:
    def value(unit: str, measured: Measured) -> float:
        return float(json_line(Figure("x", "", lambda b: measured, unit), measured, "")["value"])

    assert value("wall ms", Measured(1, 2)) == 2
    assert value("cpu ms", Measured(1, 2)) == 1
    assert value("kB", Measured(1, 2, value=3)) == 3


def test_figures_are_chosen_by_name_or_group() -> None:
    everything = chosen([])
    assert "calibration" in {figure.name for figure in everything}
    assert [figure.name for figure in chosen(["machine", "calibration"])] == ["calibration"]
    with pytest.raises(KeyError):
        chosen(["no such figure"])


def test_a_name_is_given_once() -> None:
    registry.load()
    with pytest.raises(ValueError, match="twice"):
        registry.figure("calibration", about="again")(lambda bench: Measured(0, 0))
