"""Sessions files of others: read as documented, and what is wrong is told with its place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.work.configure import digest, read_sessions, replay
from handsel.ground.kernel.errors import Invalid

MODEL = "c 1 a\nc 2 b\np cnf 2 1\n1 2 0\n"
OPEN, FORCED = digest(b"\0\0"), digest(b"\2\1")


def written(folder: Path, content: object) -> Path:
    path = folder / "sessions.json"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def one(decisions: object, digests: object, **others: object) -> dict[str, object]:
    return {"options": 2, "sessions": [{"decisions": decisions, "digests": digests}], **others}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "sessions.json, line 1, column 1: this is not JSON"),
        ("[" * 100_000, "sessions.json cannot be read"),
        ([1], "is no sessions file; expected"),
        ({"sessions": []}, "is no sessions file; expected"),
        ({"options": True, "sessions": []}, "is no sessions file; expected"),
        ({"options": 2, "sessions": [1]}, "session 1: expected a list of"),
        (one("12", "ab"), "session 1: expected a list of"),
        (one([3], ["a"]), "session 1, step 1: there is no option 3; expected 1 to 2"),
        (one([1, 0], ["a"]), "session 1, step 2: there is no option 0"),
        (one([10**30], ["a"]), "there is no option 1000"),
        (one([1.5], ["a"]), "there is no option 1.5"),
        (one(["a"], ["a"]), 'there is no option "a"'),
        (one([True], ["a"]), "there is no option true"),
        (one([1], ["a", "b"]), "session 1 has 2 digests for 1 decisions"),
        (one([1], [7]), "session 1, step 1: the digest is no text"),
        (one([1], ["a"], root=7), "the root's digest is no text"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, content: object, told: str) -> None:
    with pytest.raises(Invalid) as found:
        read_sessions(written(tmp_path, content))
    assert told in str(found.value)


def test_right_wrong_and_unjudged_steps(tmp_path: Path) -> None:
    model = tmp_path / "m.dimacs"
    model.write_text(MODEL, encoding="utf-8")
    right = one([-1], [FORCED], root=OPEN)
    assert replay(model, read_sessions(written(tmp_path, right))).wrong == 0
    unjudged = one([-1, 2], [None, ""])
    assert replay(model, read_sessions(written(tmp_path, unjudged))).wrong == 0
    wrong = one([-1, -2], [OPEN, OPEN], root=FORCED)
    found = replay(model, read_sessions(written(tmp_path, wrong)))
    assert (found.wrong, len(found.cpu_ms)) == (3, 2)


def test_a_packed_file_with_a_mark_in_front(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + json.dumps(one([1], ["a"])).encode()))
    assert read_sessions(path).sessions[0].decisions == [1]


def test_another_models_sessions_are_refused(tmp_path: Path) -> None:
    model = tmp_path / "m.dimacs"
    model.write_text("p cnf 3 0\n", encoding="utf-8")
    with pytest.raises(Invalid, match="has 3 options, its sessions 2"):
        replay(model, read_sessions(written(tmp_path, one([1], ["a"]))))


def test_a_uvl_model_of_several_files_with_instances(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/w.uvl").write_text("features\n W\n  optional\n   B\n", encoding="utf-8")
    model = tmp_path / "cart.uvl"
    text = "imports\n parts.w as w\nfeatures\n C\n  mandatory\n   w.W cardinality [1..2]\n"
    model.write_text(text, encoding="utf-8")
    # C, w.W, its number 1 and 2, B of the first, B of the second.
    root, after = bytes([1, 1, 0, 0, 0, 0]), bytes([1, 1, 2, 1, 0, 1])
    given = one([6], [digest(after)], root=digest(root)) | {"options": 6}
    found = replay(model, read_sessions(written(tmp_path, given)))
    assert (found.wrong, len(found.cpu_ms)) == (0, 1)
