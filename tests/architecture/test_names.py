"""One word, one meaning: names that say nothing are not used, and units stand last."""

import ast
import re

from tests.support.code import functions, python_files, where

EMPTY_CLASS = re.compile(r"(Manager|Helper|Util|Service)s?$")
EMPTY_VERB = re.compile(r"^_*(process|handle|manage|execute)_")
EMPTY_MODULE = re.compile(r"(^|_)(utils?|helpers?|managers?|services?|misc|common)$")
UNQUALIFIED = {"Account", "Line", "Period"}
# Names a framework asks for.
GIVEN = {
    "handle_starttag",
    "handle_endtag",
    "handle_data",
    "process_exception",
    "process_request",
    "process_view",
    "process_response",
}


def test_classes() -> None:
    found = []
    for file in python_files():
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                if EMPTY_CLASS.search(node.name):
                    found.append(f"{where(file, node.lineno)} {node.name} says nothing")
                if node.name in UNQUALIFIED:
                    found.append(f"{where(file, node.lineno)} {node.name} must say of what")
    assert not found


def test_functions() -> None:
    found = [
        f"{where(file, function.lineno)} {function.name}"
        for file in python_files()
        for function in functions(file)
        if EMPTY_VERB.search(function.name) and function.name not in GIVEN
    ]
    assert not found


def test_modules() -> None:
    assert not [file.name for file in python_files() if EMPTY_MODULE.search(file.path.stem)]
