"""Nothing unfinished, nothing switched off without a reason, nothing of one machine."""

import ast
import re

from tests.support.code import PROJECT, all_files, imported_modules, python_files, where

# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b|#.*\bXX" + r"X\b")
INDEXES = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "npmmirror")
REGISTRY = re.compile(r"//[^\s\"'<>]*\b(" + "|".join(INDEXES) + r")\.(org|com)")
SILENCED = re.compile(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:))")
HOMES = re.compile(r"(?<![\w.])/(root|home/\w+|Users/\w+)/")


def findings(pattern: re.Pattern[str], *, only_python: bool = False) -> list[str]:
    files = python_files() if only_python else all_files()
    return [
        f"{where(file, number)} {line.strip()[:80]}"
        for file in files
        for number, line in enumerate(file.lines, start=1)
        if pattern.search(line)
    ]


def test_nothing_is_left_to_be_done() -> None:
    assert not findings(UNFINISHED, only_python=True)


def test_silencing_names_what_it_silences() -> None:
    assert not findings(SILENCED, only_python=True)


def test_no_registry_address_is_committed() -> None:
    assert not findings(REGISTRY)


def test_the_package_locks_are_free_of_addresses() -> None:
    assert not list(PROJECT.rglob("uv.lock"))
    lock = PROJECT / "frontend" / "package-lock.json"
    assert '"resolved": "http' not in lock.read_text(encoding="utf-8")


def test_no_path_of_one_machine() -> None:
    assert not findings(HOMES)
    parent = PROJECT.parent.as_posix()
    if parent.count("/") >= 1 and parent not in ("/", "/tmp"):
        assert not findings(re.compile(re.escape(parent + "/")))


def test_tests_do_not_wait_for_the_clock() -> None:
    sleep = re.compile(r"\btime\.sle" + r"ep\(|^from time import .*\bsle" + r"ep\b")
    names = [line for line in findings(sleep, only_python=True) if line.startswith("tests/")]
    assert not names


def test_skips_say_why() -> None:
    found = []
    for file in python_files("tests"):
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail"):
                called = _call_of(file.tree, node)
                if called is None or not (called.args or called.keywords):
                    found.append(where(file, node.lineno))
    assert not found


def test_our_own_code_is_not_mocked() -> None:
    found = [
        where(file, line)
        for file in python_files("tests")
        for line, module in imported_modules(file)
        if module.split(".")[0] == "mock" or module.startswith("unittest.mock")
    ]
    assert not found


def _call_of(tree: ast.Module, attribute: ast.Attribute) -> ast.Call | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.func is attribute:
            return node
    return None
