"""DIMACS files are read whole, and what is wrong in them is named with its line."""

import gzip
from pathlib import Path

import pytest

from handsel.bid.configure.rules.formats.dimacs import NotDimacs, parse_dimacs, read_dimacs

GOOD = """c 1 Motor
c 2 Bed, long
p cnf 3 2
-1 2 0
c between
2 3
-1 0
"""


def test_names_and_clauses() -> None:
    compiled = parse_dimacs(GOOD)
    assert [option.variable for option in compiled.options] == ["Motor", "Bed, long", "3"]
    assert compiled.clauses() == [[-1, 2], [2, 3, -1]]
    assert compiled.laws_of.tolist() == [0, 0]


@pytest.mark.parametrize("packed", [False, True])
def test_files_may_be_packed(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("model.dimacs.gz" if packed else "model.dimacs")
    path.write_bytes(gzip.compress(GOOD.encode()) if packed else GOOD.encode())
    assert read_dimacs(path).n_variables == 3


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("", "line 1", "p cnf"),
        ("c only names\n", "line 2", "p cnf"),
        ("p cnf 3\n", "line 1", "p cnf"),
        ("p cnf three 1\n", "line 1", "p cnf"),
        ("1 2 0\n", "line 1", "p cnf"),
        ("p cnf 99999999999 1\n", "line 1", "at most"),
        ("p cnf 2 1\n1 x 0\n", "line 2", "found x"),
        ("p cnf 2 1\n1 2 0\n1 3 0\n", "line 3", "-2 to 2"),
        ("p cnf 2 1\n1 99999999999999 0\n", "line 2", "-2 to 2"),
        ("p cnf 2 1\n1 2\n", "line 2", "0 after the last"),
        ("p cnf 2 1\n1 1_0 0\n", "line 2", "found 1_0"),
        ("p cnf 20 1\n+1 0\n", "line 2", "found .1"),
        ("p cnf 20 1\n1_0 0\n", "line 2", "found 1_0"),
        ("p cnf 2 1\n1 ٢ 0\n", "line 2", "found ٢"),
        ("p cnf 2 1\n1 -0 0\n", "line 2", "found -0"),
        ("p cnf 2 1\n1 " + "9" * 5000 + " 0\n", "line 2", "-2 to 2"),
        ("p cnf 2 1\n1 2 0\np cnf 2 1\n", "line 3", "found p"),
    ],
)
def test_faults_are_named(text: str, place: str, expected: str) -> None:
    with pytest.raises(NotDimacs, match=f"model, {place}: .*{expected}"):
        parse_dimacs(text)


@pytest.mark.parametrize("at", [-9, 14])
def test_a_damaged_file_is_named(tmp_path: Path, at: int) -> None:
    path = tmp_path / "broken.dimacs.gz"
    packed = bytearray(gzip.compress(GOOD.encode() * 200))
    packed[at] ^= 255
    path.write_bytes(packed)
    with pytest.raises(NotDimacs, match=r"broken.*damaged"):
        read_dimacs(path)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffp cnf 2 1\n1 -2 0",
        "  p cnf 2 1\r\n\t1\r\n-2\r\n0\r\n",
        "p  cnf 2 1\n1 -2 0\n%\n0\n",
        "c a\u2028b\np cnf 2 9\ncomment\n1 -2\n0\nc end",
    ],
)
def test_unusual_layouts_are_read(text: str) -> None:
    assert parse_dimacs(text).clauses() == [[1, -2]]


def test_every_variable_has_a_name_of_its_own() -> None:
    text = "c 1 a\nc 2 a\nc 3 5\nc 9 x\nc 0 y\np cnf 5 0\nc 4 behind the header\n"
    names = [option.variable for option in parse_dimacs(text).options]
    assert names == ["a (1)", "a (2)", "5 (3)", "behind the header", "5 (5)"]
