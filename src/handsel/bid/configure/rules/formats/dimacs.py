"""DIMACS CNF: Boolean models as the feature-model world exchanges them.

Variables carry names in comment lines `c <number> <name>`, wherever they stand; one without a name
is called by its number, and those that share a name get their number behind it. Every variable
becomes an option, all clauses are one law. A line that begins with `%` ends the file, as in the
SATLIB collection; how many clauses the header announces is not held against a file.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from pathlib import Path

from handsel.bid.configure.rules.compiled import Compiled, Option
from handsel.bid.configure.rules.formats.files import read_text
from handsel.bid.configure.rules.language.problems import LanguageFault
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.said import said

LAW = "clauses"
LARGEST = 4_000_000
_LONGEST_NUMBER = 20  # digits; longer ones are no numbers of variables
_NAMED = re.compile(r"c\s+([0-9]{1,10})\s+(\S.*)")


class NotDimacs(Invalid):
    """A line is not what DIMACS has there."""

    default_code = "not_dimacs"


def read_dimacs(path: Path) -> Compiled:
    """Read a .dimacs or .cnf file, gzipped or not. Raises NotDimacs with file and line."""
    try:
        text = read_text(path, strictly=False)
    except LanguageFault as fault:
        raise NotDimacs(fault.problems[0].sentence, file=path.name) from None
    return parse_dimacs(text, path.name)


def parse_dimacs(text: str, name: str = "model") -> Compiled:
    """A model from DIMACS text; `name` stands in errors. Raises NotDimacs."""
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    header = next(
        (at for at, line in enumerate(lines) if line and not line.startswith("c")), len(lines)
    )
    count = _read_header(lines, header, name)
    literals, starts = _read_clauses(lines, header + 1, count, name)
    return Compiled(
        n_variables=count,
        literals=literals,
        starts=starts,
        laws_of=array("i", bytes(4 * (len(starts) - 1))),
        laws=(LAW,),
        options=tuple(Option(one, True) for one in _names(lines, count)),
        option_literals=array("i", range(1, count + 1)),
    )


def _names(lines: list[str], count: int) -> list[str]:
    """What every variable is called, each differently; of two names for one the last holds."""
    names = [str(number) for number in range(1, count + 1)]
    for line in lines:
        if line.startswith("c") and (found := _NAMED.fullmatch(line)):
            number = int(found[1])
            if 0 < number <= count:
                names[number - 1] = found[2]
    if len(set(names)) == count:
        return names
    taken: set[str] = set()
    uses = Counter(names)
    for at, name in enumerate(names):
        # Nobody else is called so: the number stands behind the name of each that shares one.
        unique = name if uses[name] == 1 else f"{name} ({at + 1})"
        while unique in taken or (unique != name and unique in uses):
            unique += "'"
        names[at] = unique
        taken.add(unique)
    return names


def _read_header(lines: list[str], index: int, name: str) -> int:
    expected = "`p cnf <variables> <clauses>`"
    if index == len(lines):
        raise _wrong(name, _last(lines) + 1, expected, said("the end of the file"))
    parts = lines[index].split()
    is_right = len(parts) == 4 and parts[:2] == ["p", "cnf"]
    if not is_right or not all(part.isascii() and part.isdecimal() for part in parts[2:]):
        raise _wrong(name, index + 1, expected, lines[index])
    if len(parts[2]) > _LONGEST_NUMBER or int(parts[2]) > LARGEST:
        most = said("at most %(most)s variables", most=f"{LARGEST:,}")
        raise _wrong(name, index + 1, most, parts[2])
    return int(parts[2])


def _read_clauses(
    lines: list[str], begin: int, count: int, name: str
) -> tuple[array[int], array[int]]:
    """All clauses. Well-formed text takes the fast way; the slow one finds what is wrong."""
    end_of_file = next(
        (at for at in range(begin, len(lines)) if lines[at].startswith("%")), len(lines)
    )
    lines = lines[:end_of_file]
    joined = " ".join(line for line in lines[begin:] if not line.startswith("c"))
    try:
        # int() also reads 1_0, +1, -0 and digits of other scripts.
        if not joined.isascii() or "_" in joined or "+" in joined or "-0" in joined:
            raise ValueError
        numbers = array("i", map(int, joined.split()))
    except (ValueError, OverflowError):
        raise _find_fault(lines, begin, count, name) from None
    if numbers and (max(numbers) > count or min(numbers) < -count):
        raise _find_fault(lines, begin, count, name)
    if numbers and numbers[-1] != 0:
        expected = said("0 after the last clause")
        raise _wrong(name, _last(lines), expected, said("the end of the file"))
    literals, starts = array("i"), array("i", [0])
    at, end = 0, len(numbers)
    find = numbers.index
    while at < end:
        stop = find(0, at)
        literals += numbers[at:stop]
        starts.append(len(literals))
        at = stop + 1
    return literals, starts


def _last(lines: list[str]) -> int:
    """The last line on which anything stands."""
    return max((at for at, line in enumerate(lines, 1) if line), default=0)


def _find_fault(lines: list[str], begin: int, count: int, name: str) -> NotDimacs:
    for index in range(begin, len(lines)):
        if lines[index].startswith("c"):
            continue
        for word in lines[index].split():
            digits = word.removeprefix("-")
            is_number = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER
            if not is_number or int(digits) > count or word.startswith("-0"):
                expected = said("numbers from -%(count)s to %(count)s", count=count)
                return _wrong(name, index + 1, expected, word)
    expected = said("clauses of numbers, each ended by 0")
    return _wrong(name, _last(lines), expected, said("something else"))


def _wrong(name: str, line: int, expected: str, found: str) -> NotDimacs:
    shown = found if len(found) <= 40 else found[:39] + "…"
    return NotDimacs(
        said(
            "%(file)s, line %(line)s: expected %(expected)s, found %(found)s.",
            file=name,
            line=line,
            expected=expected,
            found=shown,
        ),
        file=name,
        line=line,
    )
