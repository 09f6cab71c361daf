"""`./handsel configure`: one state as JSON, and clear words with the right exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handsel.site.cli import codes, registry
from handsel.site.cli.codes import CouldNotRun
from tests.support.halden import HALDEN, MODELS

PRICES = MODELS.parent / "prices" / "halden-conveyor.json"

CASE_A = """
industry=food environment=washdown region=EU load_type=primary_food unit_mass_kg=2
unit_len_mm=200 unit_wid_mm=150 rate_per_min=30 length_mm=6000 belt_width=600 incline=20
infeed_h=700 frame=ss304 profile=P120 support=legs support_n=3 belt=PU_blue_FDA surface=cleated
cleat_h=40 cleat_pitch=500 sidewall=fixed_100 bed=ss_slider drive_pos=end speed=15 speed_ctl=vfd
motor_w=90 supply=3x400_50 ip=IP66 gearbox=worm backstop=yes control=plc_ready photo_eyes=2
fieldbus=profinet estop=pull_cord drip_tray=yes spares=basic warranty=2 docs=de
"""

TABLE = """model table "Table"

enum frame
  - painted
  - stainless
enum place
  - dry
  - washdown
integer length 500..2000 step 250 mm
integer feet 0..8

law wet: place == washdown -> frame == stainless
  "Where it is washed down the frame is stainless."
law long: length > 1000 -> feet >= 6
  "A long table stands on six feet."
"""

SMALL = """c 1 root
c 2 red
c 3 blue
p cnf 3 3
1 0
-1 2 3 0
-2 -3 0
"""


def run(capsys: pytest.CaptureFixture[str], path: Path, *words: str) -> tuple[int, Any, str]:
    command = registry.find(["configure"])
    assert command is not None
    parsed = registry.parser(command).parse_args([str(path), *words])
    code = command.load().run(parsed)
    captured = capsys.readouterr()
    return code, json.loads(captured.out) if "--json" in words else captured.out, captured.err


def chosen(*decisions: str) -> list[str]:
    return [word for decision in decisions for word in ("--set", decision)]


def test_a_state_with_reasons_repairs_and_completion(capsys: pytest.CaptureFixture[str]) -> None:
    words = chosen("industry=food", "load_type=primary_food", "incline=20")
    code, found, _ = run(capsys, HALDEN, *words, "--why", "scraper=yes", "--json")
    assert code == codes.OK
    assert found["conflict"] is None
    assert (found["remaining"], found["removed"]) == (334, 46)
    belt = next(one for one in found["variables"] if one["name"] == "belt")
    assert belt["possible"] == ["PU_blue_FDA", "POM_modular"]
    (reason,) = found["reasons"]
    assert {law["key"] for law in reason["laws"]} == {"H1", "B1", "B3", "B9"}
    assert all(law["says"] for law in reason["laws"])
    assert [one["give_up"][0]["name"] for one in reason["repairs"]] == ["incline", "industry"]
    assert found["completion"]["values"]["surface"] == "cleated"
    assert found["completion"]["origins"]["industry"] == "you"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.model"
    path.write_text(TABLE)
    return path


def test_every_blocked_value_has_its_reason(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = chosen("place=washdown", "length>=1250")
    code, found, _ = run(capsys, table, *words, "--json")
    assert code == codes.OK
    blocked = sum(len(o["removed"]) for o in found["variables"] if o["origin"] != "you")
    assert len(found["reasons"]) == blocked == found["removed"] == 1 + 3 + 6
    assert found["reasons_left_out"] == 0
    _, few, _ = run(capsys, table, *words, "--reasons", "2", "--json")
    assert (len(few["reasons"]), few["reasons_left_out"]) == (2, blocked - 2)


def test_case_a_is_priced_as_the_reference_says(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        *chosen(*CASE_A.split()),
        "--reasons",
        "0",
        "--prices",
        str(PRICES),
        "--on",
        "2026-03-02",
    ]
    code, found, _ = run(capsys, HALDEN, *words, "--count", "--json")
    assert code == codes.OK
    assert found["price"]["totals"]["list"] == "9179.52"
    assert found["completion"]["derived"]["needed_w"] == "85.7"
    assert found["variants"]["is_exact"]


def test_the_least_and_the_most_of_a_number(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found, _ = run(capsys, table, *chosen("length>=1250"), "--least", "feet", "--json")
    assert found["completion"]["proof"] == "optimal"
    assert (found["completion"]["amount"], found["completion"]["values"]["feet"]) == (6, "6")
    _, found, _ = run(capsys, table, "--most", "length", "--json")
    assert found["completion"]["values"]["length"] == "2000"
    code, _, err = run(capsys, table, "--most", "frame", "--json")
    assert code == codes.USAGE
    assert "no number 'frame'" in err


def test_decisions_that_contradict(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = chosen("place=washdown", "frame=painted")
    code, found, _ = run(capsys, table, *words, "--json")
    assert code == codes.FINDINGS
    assert found["conflict"]["laws"] == [
        {"key": "wet", "says": "Where it is washed down the frame is stainless."}
    ]
    assert len(found["conflict"]["repairs"]) == 2
    code, text, _ = run(capsys, table, *words)
    assert code == codes.FINDINGS
    assert "contradict" in text
    assert "Give up frame = painted" in text


@pytest.mark.parametrize(
    ("decision", "word"),
    [
        ("fram=painted", "no variable 'fram'"),
        ("frame=paint", "it has painted, stainless"),
        ("length=601", "length has no value"),
        ("length", "expected name=value"),
        ("frame>=painted", "no number"),
    ],
)
def test_what_the_model_does_not_have(
    table: Path, capsys: pytest.CaptureFixture[str], decision: str, word: str
) -> None:
    code, found, err = run(capsys, table, *chosen(decision), "--json")
    assert code == codes.USAGE
    assert word in found["refused"]
    assert found["code"] == "unknown_option"
    assert word in err


def test_a_dimacs_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "small.dimacs"
    path.write_text(SMALL)
    code, found, _ = run(capsys, path, *chosen("red=true"), "--count", "--json")
    assert code == codes.OK
    blue = next(one for one in found["variables"] if one["name"] == "blue")
    assert (blue["value"], blue["origin"], blue["removed"]) == (False, "implied", [True])
    assert found["reasons"][-1]["repairs"] == [
        {"give_up": [{"name": "red", "operator": "=", "value": True}]}
    ]
    assert found["variants"] == {"count": "1", "is_exact": True, "at_most": None}
    _, text, _ = run(capsys, path, *chosen("red=yes"), "--count")
    assert "Products left: 1" in text
    assert "blue = yes is impossible: red = yes" in text


def test_files_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CouldNotRun, match="cannot be read"):
        run(capsys, tmp_path / "none.model")
    wrong = tmp_path / "wrong.model"
    wrong.write_text("model m\nenum a\n  - x\nlaw L: b == x\n")
    code, found, _ = run(capsys, wrong, "--json")
    assert code == codes.FINDINGS
    assert "wrong.model" in found["refused"]
    other = tmp_path / "model.txt"
    other.write_text("x")
    code, found, _ = run(capsys, other, "--json")
    assert code == codes.FINDINGS
    assert ".uvl" in found["refused"]


def test_uvl_of_several_files_with_instances(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cart.uvl"
    path.write_text("imports\n w\nfeatures\n C\n  mandatory\n   w.W cardinality [1..2]\n")
    code, found, _ = run(capsys, path, "--json")
    assert code == codes.FINDINGS
    assert found["refused"].startswith("cart.uvl:2:2: The file “w.uvl” is missing.")
    constraint = "constraints\n B => D\n"
    (tmp_path / "w.uvl").write_text(f"features\n W\n  optional\n   B\n   D\n{constraint}")
    words = ("--set", "w.W[2].w.B=yes", "--why", "w.W[2].w.D=no", "--count", "--json")
    code, found, _ = run(capsys, path, *words)
    assert code == codes.OK
    # The second wheel has both; the first none, the one or both.
    assert found["variants"]["count"] == "3"
    (reason,) = found["reasons"]
    assert "w.W[2]: w.B => w.D" in json.dumps(reason, ensure_ascii=False)


def test_names_with_operators_in_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.dimacs"
    path.write_text("c 1 a=b\nc 2 c>=d\np cnf 2 1\n-1 -2 0\n")
    words = ("--set", "a=b=yes", "--why", "c>=d=yes", "--json")
    code, found, _ = run(capsys, path, *words)
    assert code == codes.OK
    assert [one["name"] for one in found["decisions"]] == ["a=b"]
    assert found["reasons"][0]["wish"] == {"name": "c>=d", "operator": "=", "value": True}


def test_a_model_that_contradicts_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "void.dimacs"
    path.write_text("p cnf 1 2\n1 0\n-1 0\n")
    code, text, _ = run(capsys, path)
    assert code == codes.FINDINGS
    assert "The model contradicts itself" in text


def test_a_name_that_is_nearly_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.model"
    path.write_text(TABLE)
    _, text, _ = run(capsys, path, "--set", "lenght=750")
    assert "Did you mean “length”?" in text
    code, text, _ = run(capsys, path)
    assert code == codes.OK
    assert "None" not in text
