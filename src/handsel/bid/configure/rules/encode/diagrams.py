"""Tables as decision diagrams: equal rests of rows are kept once, and the order of columns is
chosen so that the diagram is small. The clauses make unit propagation find every value that no
row supports any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from handsel.bid.configure.rules.encode.literals import Literals
from handsel.bid.configure.rules.encode.refusals import (
    LARGEST_DIAGRAM,
    LARGEST_TABLE,
    ModelNotFinite,
    ModelTooLarge,
)
from handsel.bid.configure.rules.model import TableLaw
from handsel.ground.kernel.said import said

Rows = npt.NDArray[np.int32]
# (parent, value position, child) by level; the root and the end are node 0 of their levels.
Level = npt.NDArray[np.int64]

# Moves of one column that are tried to make a large diagram smaller.
TRIED_MOVES = 12
WORTH_TRYING = 400


@dataclass(frozen=True)
class Diagram:
    """`order` holds columns by level; `levels[k]` the edges from level k to level k + 1."""

    order: tuple[int, ...]
    levels: tuple[Level, ...]

    @property
    def size(self) -> int:
        """The number of edges."""
        return sum(len(level) for level in self.levels)


def encode_table(law: TableLaw, literals: Literals) -> None:
    """Add a table law's clauses to the law being encoded."""
    if len(law.rows) > LARGEST_TABLE:
        raise ModelTooLarge(
            said(
                "its table has %(count)s rows; %(most)s are possible",
                count=f"{len(law.rows):,}",
                most=f"{LARGEST_TABLE:,}",
            )
        )
    rows = _positions(law, literals)
    if not len(rows):
        literals.builder.add([])
        return
    diagram = smallest(rows)
    if diagram.size > LARGEST_DIAGRAM:
        raise ModelTooLarge(
            said(
                "its table comes to %(size)s different steps; %(most)s are possible",
                size=f"{diagram.size:,}",
                most=f"{LARGEST_DIAGRAM:,}",
            )
        )
    for clause in _clauses(diagram, [literals.domains[key].equal for key in law.scope], literals):
        literals.builder.add(clause)


def _positions(law: TableLaw, literals: Literals) -> Rows:
    """Rows as positions of values; a row with a value its variable lacks allows nothing."""
    indexes = []
    for key in law.scope:
        if key not in literals.domains:
            raise ModelNotFinite(said("there is no variable %(key)s", key=key), key=key)
        indexes.append(literals.domains[key].index)
    if any(len(row) != len(indexes) for row in law.rows):
        raise ModelNotFinite("a row of its table has another length than its heading")
    flat = [
        index.get(value, -1) for row in law.rows for index, value in zip(indexes, row, strict=True)
    ]
    rows = np.array(flat, dtype=np.int32).reshape(-1, len(indexes))
    return rows[(rows >= 0).all(axis=1)]


def smallest(rows: Rows) -> Diagram:
    """The diagram of the rows in the best of some orders of columns."""
    width = rows.shape[1]
    counts = [len(np.unique(rows[:, column])) for column in range(width)]
    given = tuple(range(width))
    by_count = tuple(sorted(given, key=lambda column: counts[column]))
    orders = dict.fromkeys([given, by_count, by_count[::-1], _by_prefixes(rows)])
    best = min((reduced(rows, order) for order in orders), key=lambda one: one.size)
    if best.size < WORTH_TRYING or width < 3:
        return best
    for _ in range(TRIED_MOVES):
        tried = [reduced(rows, order) for order in _swaps(best.order)]
        better = min(tried, key=lambda one: one.size)
        if better.size >= best.size:
            break
        best = better
    return best


def _swaps(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for position in range(len(order) - 1):
        one, other = order[position], order[position + 1]
        yield (*order[:position], other, one, *order[position + 2 :])


def _by_prefixes(rows: Rows) -> tuple[int, ...]:
    """Columns so that each next one adds the fewest distinct beginnings of rows."""
    left, order = list(range(rows.shape[1])), list[int]()
    prefix = np.zeros(len(rows), dtype=np.int64)
    while left:
        tried = []
        for column in left:
            codes = prefix * (int(rows[:, column].max()) + 1) + rows[:, column]
            found, ids = np.unique(codes, return_inverse=True)
            tried.append((len(found), column, ids))
        _, column, prefix = min(tried, key=lambda one: one[:2])
        order.append(column)
        left.remove(column)
    return tuple(order)


def reduced(rows: Rows, order: Sequence[int]) -> Diagram:
    """The reduced diagram in this order of columns."""
    prefixes = [np.zeros(len(rows), dtype=np.int64)]
    for column in order:
        codes = prefixes[-1] * (int(rows[:, column].max()) + 1) + rows[:, column]
        prefixes.append(np.unique(codes, return_inverse=True)[1])
    classes = np.zeros(int(prefixes[-1].max()) + 1, dtype=np.int64)
    levels: list[Level] = []
    for depth in range(len(order) - 1, -1, -1):
        values = rows[:, order[depth]].astype(np.int64)
        edges = _distinct(prefixes[depth], values, classes[prefixes[depth + 1]])
        classes = _merged(edges)
        levels.append(_distinct(classes[edges[:, 0]], edges[:, 1], edges[:, 2]))
    return Diagram(tuple(order), tuple(reversed(levels)))


def _distinct(*columns: npt.NDArray[np.int64]) -> Level:
    """The distinct rows of some columns, in order; packed into one number, which sorts fast."""
    widths = [int(column.max()) + 1 for column in columns]
    packed = np.unique(np.ravel_multi_index(columns, widths))
    return np.stack(np.unravel_index(packed, widths), axis=1)


def _merged(edges: Level) -> npt.NDArray[np.int64]:
    """The class of every parent: parents with the same values to the same children are one."""
    starts = np.flatnonzero(np.r_[True, np.diff(edges[:, 0]) != 0]).tolist()
    rest = np.ascontiguousarray(edges[:, 1:])
    size, packed = rest.itemsize * 2, rest.tobytes()
    known: dict[bytes, int] = {}
    return np.array(
        [
            known.setdefault(packed[begin * size : end * size], len(known))
            for begin, end in pairwise([*starts, len(edges)])
        ]
    )


def _clauses(
    diagram: Diagram, equal: Sequence[Sequence[int]], literals: Literals
) -> Iterator[list[int]]:
    nodes = [literals.always()]
    for depth, level in enumerate(diagram.levels):
        values = equal[diagram.order[depth]]
        is_last = depth == len(diagram.levels) - 1
        count = int(level[:, 2].max()) + 1
        below = [literals.always()] if is_last else [literals.builder.fresh() for _ in range(count)]
        yield from _level(level, values, nodes, below, literals)
        nodes = below


def _level(
    level: Level,
    values: Sequence[int],
    above: Sequence[int],
    below: Sequence[int],
    literals: Literals,
) -> Iterator[list[int]]:
    """Clauses between the nodes of two levels and the values of the variable between them."""
    steps: dict[tuple[int, int], list[int]] = {}
    for parent, value, child in level.tolist():
        steps.setdefault((parent, child), []).append(values[value])
    out_of: dict[int, list[int]] = {}
    into: dict[int, list[int]] = {}
    of_value: dict[int, list[int]] = {literal: [] for literal in values}
    children, parents = _neighbours(steps)
    for (parent, child), labels in steps.items():
        if len(children[parent]) == 1:
            step = above[parent]
        elif len(parents[child]) == 1:
            step = below[child]
        else:
            step = literals.builder.fresh()
        if step != above[parent]:
            yield [-step, above[parent]]
        if step != below[child]:
            yield [-step, below[child]]
        yield [-step, *labels]
        out_of.setdefault(parent, []).append(step)
        into.setdefault(child, []).append(step)
        for label in labels:
            of_value[label].append(step)
    yield from ([-above[node], *found] for node, found in out_of.items())
    yield from ([-below[node], *found] for node, found in into.items())
    yield from ([-literal, *found] for literal, found in of_value.items())


def _neighbours(
    steps: dict[tuple[int, int], list[int]],
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    children: dict[int, list[int]] = {}
    parents: dict[int, list[int]] = {}
    for parent, child in steps:
        children.setdefault(parent, []).append(child)
        parents.setdefault(child, []).append(parent)
    return children, parents
