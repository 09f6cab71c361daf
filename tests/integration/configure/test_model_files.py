"""Models and laws in and out by the command line."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.rules.formats.uvl import parse_uvl
from handsel.site.cli import codes, registry
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.model_files import bring_in, take_out
from handsel.site.cli.output import Output
from tests.support.configure import LAMP
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

LAWS = """model together "Together"

line first of "lamp" "A lamp"
line second of "lamp" after first "The next lamp"

law L1: second.colour == first.colour
  "Lamps side by side have one colour."
"""


@pytest.fixture
def world() -> World:
    return make_world()


def parsed(*words: str) -> Namespace:
    command = registry.find([words[0]])
    assert command is not None
    return registry.parser(command).parse_args([*words[1:], "--json"])


def given(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    arguments = parsed(*words)
    act = bring_in if words[0] == "import" else take_out
    arguments.uvl = getattr(arguments, "uvl", False)
    code = act(arguments, Output(as_json=True), is_laws=words[1] == "laws")
    return code, json.loads(capsys.readouterr().out)


def test_a_model_comes_in_goes_in_use_and_out(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Desk_lamp.model"
    path.write_text(LAMP, encoding="utf-8")
    code, found = given(capsys, "import", "model", str(path), "--dry-run")
    assert (code, found["key"], found["outcome"], found["state"]) == (
        0,
        "desk-lamp",
        "new",
        "tested",
    )
    assert not ConfigurationModel.objects.exists()
    code, found = given(capsys, "import", "model", str(path), "--publish", "--title", "Desk lamp")
    assert (code, found["version_no"], found["state"]) == (0, 1, "published")
    again = given(capsys, "import", "model", str(path))[1]
    assert (again["outcome"], again["version_no"]) == ("unchanged", 1)
    path.write_text(f"{LAMP}\n# more\n", encoding="utf-8")
    code, found = given(capsys, "import", "model", str(path))
    assert (found["outcome"], found["version_no"], found["state"]) == ("changed", 2, "tested")
    target = tmp_path / "out.model"
    assert given(capsys, "export", "model", "desk-lamp", "--output", str(target))[0] == codes.OK
    assert target.read_text("utf-8") == LAMP
    newest = given(capsys, "export", "model", "desk-lamp", "--version", "2")[1]
    assert newest["text"].endswith("# more\n")
    _, told = given(capsys, "export", "model", "desk-lamp", "--uvl")
    assert parse_uvl(told["text"]).name == "lamp"
    _, listed = given(capsys, "export", "model")
    assert listed["found"] == [
        {"key": "desk-lamp", "title": "Desk lamp", "in_use": 1, "in_work": 2}
    ]


def test_uvl_comes_with_what_it_imports(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cart.uvl"
    path.write_text("imports\n w\nfeatures\n C\n  mandatory\n   w.W cardinality [1..2]\n")
    code, found = given(capsys, "import", "model", str(path))
    assert code == codes.FINDINGS
    assert "cart.uvl:2:2: The file “w.uvl” is missing." in found["refused"]["reason"]
    (tmp_path / "w.uvl").write_text("features\n W\n  optional\n   B\n")
    code, found = given(capsys, "import", "model", str(path))
    assert (code, found["state"]) == (codes.OK, "tested")
    _, told = given(capsys, "export", "model", "cart", "--uvl")
    assert '"w,W" cardinality [1..2]' in told["text"]


def test_laws_come_in_and_out(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "together.laws"
    path.write_text(LAWS, encoding="utf-8")
    code, found = given(capsys, "import", "laws", str(path), "--seller", str(world.seller.pk))
    assert code == codes.FINDINGS  # the lamp is not there yet
    assert found["failures"]
    assert ModelVersion.objects.get(model__key="together").source == LAWS
    lamp = tmp_path / "lamp.model"
    lamp.write_text(LAMP, encoding="utf-8")
    assert given(capsys, "import", "model", str(lamp), "--publish")[0] == codes.OK
    code, found = given(capsys, "import", "laws", str(path), "--publish")
    assert (code, found["state"], found["failures"]) == (codes.OK, "published", [])
    assert given(capsys, "export", "laws", "together")[1]["text"] == LAWS
    assert given(capsys, "export", "laws")[1]["found"][0]["key"] == "together"


@pytest.mark.parametrize(
    ("name", "text", "words", "told"),
    [
        ("m.model", "model m\nenum a\n", [], "failures"),
        ("m.uvl", "features\n A cardinality [1..*]\n", [], "“A” may be there any number of times"),
        ("m.docx", "x", [], "tells no format by its name"),
        ("m.model", LAMP, ["--key", "Ä"], "The model cannot be begun as it is."),
        ("m.model", LAMP, ["--product", "NONE-1"], "There is no product NONE-1."),
    ],
)
def test_what_is_wrong_is_told(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    words: list[str],
    told: str,
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    code, found = given(capsys, "import", "model", str(path), *words)
    assert code == codes.FINDINGS
    if told == "failures":
        # A text that cannot be read is kept as a draft, as on the page, and told.
        assert found["failures"]
        assert found["state"] == "draft"
    else:
        assert told in found["refused"]["reason"]
        assert not ConfigurationModel.objects.exists()


def test_files_and_texts_that_are_not_there(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CouldNotRun, match="cannot be read"):
        given(capsys, "import", "model", str(tmp_path / "none.model"))
    with pytest.raises(CouldNotRun, match="There is no such text: none"):
        given(capsys, "export", "model", "none")
