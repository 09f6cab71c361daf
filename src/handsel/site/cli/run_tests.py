"""Set up what the tests need, and run all of them.

./handsel test                       everything, in two halves at once
./handsel test tests/unit -k money   what pytest understands goes to pytest
HANDSEL_VENV=.venv-3.13 python3.13 handsel test    with another Python, beside the first
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

from handsel.site.cli import codes, surroundings
from handsel.site.cli.output import Output

# About as long as each other. Every run of pytest has a database server of its own.
HALVES = (["tests/integration"], ["tests", "--ignore=tests/integration"])
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def configure(parser: argparse.ArgumentParser) -> None:
    """Only for the help: arguments go to pytest as they are."""
    parser.add_argument("rest", nargs="*", metavar="pytest argument")


def run(arguments: argparse.Namespace) -> int:
    """Run pytest in our place; its exit code is ours, of two the first that is not 0."""
    output = Output()
    if _wants_browser(arguments.rest) and not _browser():
        _install_browser(output)
    os.chdir(surroundings.PROJECT)
    sys.stdout.flush()
    pytest = [sys.executable, "-m", "pytest"]
    if arguments.rest or (os.cpu_count() or 1) < len(HALVES):
        return subprocess.run([*pytest, *arguments.rest], check=False).returncode
    return _at_once([*pytest, *HALVES[0]], [*pytest, *HALVES[1]])


def _at_once(first: list[str], second: list[str]) -> int:
    """Both at the same time; what the second says is kept and shown after the first."""
    with tempfile.TemporaryFile() as said:
        beside = subprocess.Popen(second, stdout=said, stderr=subprocess.STDOUT)
        try:
            ended = [subprocess.run(first, check=False).returncode, beside.wait()]
        finally:
            if beside.poll() is None:
                beside.terminate()
                beside.wait()
            said.seek(0)
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
    return next((code for code in ended if code != codes.OK), codes.OK)


def _wants_browser(rest: list[str]) -> bool:
    """Everything includes the browser; a choice of files does when it names them."""
    named = [word for word in rest if word.startswith("tests")]
    return not named or any("browser" in word for word in named)


def _browser() -> str | None:
    given = os.environ.get("HANDSEL_CHROMIUM")
    return given or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _install_browser(output: Output) -> None:
    """Chromium from the system's packages, where we may install them."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        output.say("Installing Chromium for the browser tests …")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-q"], ["install", "-y", "-q", "chromium"]):
            done = subprocess.run(
                ["apt-get", *words], env=environ, stdout=subprocess.DEVNULL, check=False
            )
            if done.returncode != codes.OK:
                break
    if not _browser():
        output.say(
            "BROWSER TESTS WILL BE LEFT OUT: there is no Chromium here. Install it "
            "(apt-get install chromium), or name one in HANDSEL_CHROMIUM."
        )
