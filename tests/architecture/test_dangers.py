"""What must not be used at all, or in one place only."""

import ast
from collections.abc import Iterable

from tests.support.code import SourceFile, imported_modules, python_files, where

NEVER_CALLED = {"eval", "exec", "compile", "__import__"}
NEVER_IMPORTED = {"pickle", "shelve", "marshal", "dill", "yaml"}
# Which of our files may use a library that talks to the outside, or that has one home.
HOMES = {
    "smtplib": ("handsel/ground/document/",),
    "requests": (),
    "httpx": (),
    "aiohttp": (),
    "urllib.request": ("handsel/ground/platform/egress",),
    "http.client": ("handsel/ground/platform/egress", "handsel/site/cli/"),
    "socket": ("handsel/ground/platform/egress", "handsel/site/cli/"),
    "typst": ("handsel/ground/document/",),
    "subprocess": ("handsel/ground/platform/database/", "handsel/site/cli/"),
}
# Rooms where a float is a mistake; a clock's seconds and a chart's pixels are no money.
MONEY = ("attract", "bid", "commit", "deliver", "earn", "ground/kernel", "ground/tax")


def source() -> list[SourceFile]:
    return python_files("src")


def calls(file: SourceFile, names: Iterable[str]) -> list[str]:
    return [
        f"{where(file, node.lineno)} {node.func.id}"
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def test_nothing_is_evaluated() -> None:
    assert not [found for file in source() for found in calls(file, NEVER_CALLED)]


def test_nothing_is_unpickled() -> None:
    found = [
        f"{where(file, line)} {module}"
        for file in source()
        for line, module in imported_modules(file)
        if module.split(".")[0] in NEVER_IMPORTED
    ]
    assert not found


def test_the_outside_is_reached_from_one_place() -> None:
    found = []
    for file in source():
        for line, module in imported_modules(file):
            for library, homes in HOMES.items():
                if module != library and not module.startswith(library + "."):
                    continue
                if not file.name.startswith(tuple(f"src/{home}" for home in homes)):
                    found.append(f"{where(file, line)} {module}")
    assert not found


def test_no_float_near_money() -> None:
    found = []
    for file in source():
        if not file.name.startswith(tuple(f"src/handsel/{place}/" for place in MONEY)):
            continue
        found += calls(file, {"float"})
        found += [
            f"{where(file, node.lineno)} {node.value}"
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, float)
        ]
        found += [
            f"{where(file, node.lineno)} {node.attr}"
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Attribute) and node.attr == "FloatField"
        ]
    assert not found


def test_rules_do_not_read_a_clock() -> None:
    clocks = {"now", "today", "utcnow", "localdate", "localtime"}
    found = []
    for file in source():
        if "/rules/" not in file.name and not file.name.endswith("/rules.py"):
            continue
        found += [
            f"{where(file, node.lineno)} {node.func.attr}"
            for node in ast.walk(file.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in clocks
        ]
    assert not found
