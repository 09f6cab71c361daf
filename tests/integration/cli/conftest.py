"""An installation of its own in a folder with a space, migrated once for all tests here."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handsel.ground.platform.database import EmbeddedProvider
from tests.support.code import PROJECT

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path) -> dict[str, str]:
    """The environment of a command, as the launcher would make it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    return {
        **kept,
        "HANDSEL_HOME": str(home),
        "HANDSEL_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "handsel.site.settings.django",
        "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), str(PROJECT)]),
    }


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The state folder of a migrated installation."""
    outer = Path(tempfile.mkdtemp(prefix="handsel-test-"))
    outer.chmod(0o711)
    inner = outer / "a home"
    inner.mkdir()
    yield inner
    EmbeddedProvider(inner).erase()
    shutil.rmtree(outer, ignore_errors=True)


@pytest.fixture(scope="module")
def handsel(home: Path) -> Run:
    """Run a command to its end in that installation."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handsel.site.cli", *words]
        environ = {**environment(home), **more}
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    done = run("migrate")
    assert done.returncode == 0, done.stderr
    return run
