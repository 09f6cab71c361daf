"""Files and functions stay small enough to be read in one go."""

from tests.support.code import functions, python_files, where

LONGEST_FILE = 400
LONGEST_TEST_FILE = 500
LONGEST_FUNCTION = 60


def test_files() -> None:
    long = []
    for file in python_files():
        limit = LONGEST_TEST_FILE if file.name.startswith("tests/") else LONGEST_FILE
        if len(file.lines) > limit:
            long.append(f"{file.name}: {len(file.lines)} lines, {limit} allowed")
    assert not long


def test_functions() -> None:
    long = []
    for file in python_files():
        for function in functions(file):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > LONGEST_FUNCTION:
                place = where(file, function.lineno)
                long.append(f"{place} {function.name}: {length} lines, {LONGEST_FUNCTION} allowed")
    assert not long
