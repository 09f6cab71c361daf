"""The walls between rooms hold: each kind of wrong import is found by the generated contracts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handsel import stream

LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"

# Which file of a made-up house imports what, and the contract that must object.
WRONG = {
    "wall-lead": ("attract/lead/actions.py", "from handsel.bid.quote import queries"),
    "wall-quote": ("bid/quote/actions.py", "import handsel.commit.order.models"),
    "wall-kernel": ("ground/kernel/money.py", "from handsel.ground.platform import log"),
    "wall-platform": ("ground/platform/log.py", "from handsel.attract.lead import models"),
    "wall-order": ("commit/order/models.py", "def later():\n    import handsel.site.wiring"),
    "door-quote": ("commit/order/actions.py", "from handsel.bid.quote import web"),
    "files": ("bid/quote/models.py", "from handsel.bid.quote import actions"),
    "pure": ("bid/quote/rules/totals.py", "from django.db import models"),
}
RIGHT = {
    "commit/order/actions.py": "from handsel.bid.quote import actions, events, models, queries\n"
    "from handsel.bid.quote.rules import totals\n",
    "site/wiring.py": "from handsel.bid.quote import web\n",
    "bid/quote/web.py": "from handsel.bid.quote import actions\n",
    "bid/quote/listeners.py": "from handsel.attract.lead import events\n",
    "ground/platform/log.py": "from handsel.ground.kernel import money\n",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with rooms and files, all imports right."""
    for room in stream.ROOMS:
        for name in ("", "errors", "events", "models", "queries", "actions", "web", "listeners"):
            write(tmp_path, f"{room.stage}/{room.name}/{name or '__init__'}.py")
        write(tmp_path, f"{room.stage}/{room.name}/rules/__init__.py")
        write(tmp_path, f"{room.stage}/__init__.py")
    for name in ("__init__", "site/__init__", "bid/quote/rules/totals", "ground/kernel/money"):
        write(tmp_path, f"{name}.py")
    for name, text in RIGHT.items():
        write(tmp_path, name, text)
    return tmp_path


def write(house: Path, name: str, text: str = "") -> None:
    path = house / "handsel" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text + "\n")


def broken(house: Path, contract: str = "") -> bool:
    """Whether import-linter finds one of the contracts (or all, when none is named) broken."""
    config = house / "walls.toml"
    config.write_text(stream.import_contracts(house), encoding="utf-8")
    command = [sys.executable, "-c", LINT, "--config", str(config), "--no-cache"]
    if contract:
        command += ["--contract", contract]
    environ = {**os.environ, "PYTHONPATH": str(house)}
    done = subprocess.run(
        command, env=environ, cwd=house, capture_output=True, text=True, check=False
    )
    assert "BROKEN" in done.stdout or "0 broken" in done.stdout, done.stdout + done.stderr
    return done.returncode != 0


def test_a_right_house_stands(house: Path) -> None:
    assert not broken(house)


@pytest.mark.parametrize("contract", WRONG)
def test_a_wrong_import_is_found(house: Path, contract: str) -> None:
    name, text = WRONG[contract]
    write(house, name, text)
    assert broken(house, contract)


def test_a_house_without_rooms_needs_no_walls(tmp_path: Path) -> None:
    assert "contracts]]" not in stream.import_contracts(tmp_path)
