"""DIMACS CNF: Boolean models as the feature-model world exchanges them.

Variables carry names in comment lines `c <number> <name>` before the clauses; one without a name
is called by its number. Every variable becomes an option, all clauses are one law.
"""

from __future__ import annotations

import gzip
from array import array
from pathlib import Path

from handsel.bid.configure.rules.compiled import Compiled, Option
from handsel.ground.kernel.errors import Invalid

LAW = "clauses"
LARGEST = 4_000_000


class NotDimacs(Invalid):
    """A line is not what DIMACS has there."""

    default_code = "not_dimacs"


def read_dimacs(path: Path) -> Compiled:
    """Read a .dimacs or .cnf file, gzipped or not. Raises NotDimacs with file and line."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise NotDimacs(f"{path.name}: the file is damaged: {error}", file=path.name) from None
    return parse_dimacs(content.decode("utf-8", "replace"), path.name)


def parse_dimacs(text: str, name: str = "model") -> Compiled:
    """A model from DIMACS text; `name` stands in errors. Raises NotDimacs."""
    lines = text.splitlines()
    names, header = _read_comments(lines, name)
    count = _read_header(lines, header, name)
    literals, starts = _read_clauses(lines, header + 1, count, name)
    options = tuple(Option(names.get(number, str(number)), True) for number in range(1, count + 1))
    return Compiled(
        n_variables=count,
        literals=literals,
        starts=starts,
        laws_of=array("i", bytes(4 * (len(starts) - 1))),
        laws=(LAW,),
        options=options,
        option_literals=array("i", range(1, count + 1)),
    )


def _read_comments(lines: list[str], name: str) -> tuple[dict[int, str], int]:
    """Names by number, and the index of the line that is no comment any more."""
    names: dict[int, str] = {}
    for index, line in enumerate(lines):
        if not line.startswith("c"):
            if not line.strip():
                continue
            return names, index
        parts = line.split(maxsplit=2)
        if len(parts) == 3 and parts[0] == "c" and parts[1].isascii() and parts[1].isdecimal():
            names[int(parts[1])] = parts[2].strip()
    raise _wrong(name, len(lines) + 1, "`p cnf <variables> <clauses>`", "the end of the file")


def _read_header(lines: list[str], index: int, name: str) -> int:
    parts = lines[index].split()
    expected = "`p cnf <variables> <clauses>`"
    if len(parts) != 4 or parts[:2] != ["p", "cnf"]:
        raise _wrong(name, index + 1, expected, lines[index])
    if not all(part.isascii() and part.isdecimal() for part in parts[2:]):
        raise _wrong(name, index + 1, expected, lines[index])
    count = int(parts[2])
    if count > LARGEST:
        raise _wrong(name, index + 1, f"at most {LARGEST} variables", parts[2])
    return count


def _read_clauses(
    lines: list[str], begin: int, count: int, name: str
) -> tuple[array[int], array[int]]:
    """All clauses. Well-formed text takes the fast way; the slow one finds what is wrong."""
    body = [line for line in lines[begin:] if not line.startswith(("c", "%"))]
    joined = " ".join(body)
    try:
        # int() also reads 1_0, +1 and digits of other scripts.
        if not joined.isascii() or "_" in joined or "+" in joined:
            raise ValueError
        numbers = array("i", map(int, joined.split()))
    except (ValueError, OverflowError):
        raise _find_fault(lines, begin, count, name) from None
    if numbers and (max(numbers) > count or min(numbers) < -count):
        raise _find_fault(lines, begin, count, name)
    if numbers and numbers[-1] != 0:
        raise _wrong(name, len(lines), "0 after the last clause", "the end of the file")
    literals, starts = array("i"), array("i", [0])
    at, end = 0, len(numbers)
    find = numbers.index
    while at < end:
        stop = find(0, at)
        literals += numbers[at:stop]
        starts.append(len(literals))
        at = stop + 1
    return literals, starts


def _find_fault(lines: list[str], begin: int, count: int, name: str) -> NotDimacs:
    for index in range(begin, len(lines)):
        if lines[index].startswith(("c", "%")):
            continue
        for word in lines[index].split():
            digits = word.removeprefix("-")
            if not (digits.isascii() and digits.isdecimal()) or int(digits) > count:
                return _wrong(name, index + 1, f"numbers from -{count} to {count}", word)
    return _wrong(name, len(lines), "clauses of numbers, each ended by 0", "something else")


def _wrong(name: str, line: int, expected: str, found: str) -> NotDimacs:
    shown = found if len(found) <= 40 else found[:39] + "…"
    return NotDimacs(
        f"{name}, line {line}: expected {expected}, found {shown}.", file=name, line=line
    )
