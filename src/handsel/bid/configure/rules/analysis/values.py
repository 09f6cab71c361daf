"""What nobody can ever choose: dead values, rows of tables, groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handsel.bid.configure.rules.decisions import Decision, literals
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import TableLaw
from handsel.bid.configure.rules.session import Answer, Configurator

# Reasons are looked for as long as they are worth reading.
MOST_EXPLAINED = 40
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class DeadValue:
    """A declared value that no valid product has; the laws why, None beyond the first few."""

    variable: str
    value: Value
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class TableFinding:
    """A table of no rows, or rows no valid product has (numbered from 1)."""

    key: str
    n_rows: int
    dead_rows: tuple[int, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the table can be had."""
        return len(self.dead_rows) == self.n_rows


def dead_values(configurator: Configurator, root: Answer) -> Iterator[DeadValue]:
    """Every value that is impossible from the start, in the model's order."""
    explained = 0
    for standing in root.standings():
        for value in standing.removed:
            explanation = None
            if explained < MOST_EXPLAINED:
                wish = Decision(standing.variable.key, value)
                explanation = configurator.explain((), wish, smallest=True)
                explained += 1
            yield DeadValue(standing.variable.key, value, explanation)


def table_findings(configurator: Configurator) -> Iterator[TableFinding]:
    """Tables with rows that can never be had; tables of more than 20,000 rows are not tried."""
    compiled, prover = configurator.compiled, configurator.explainer.plain
    for law in configurator.model.laws:
        if not isinstance(law, TableLaw) or len(law.rows) > MOST_ROWS:
            continue
        dead = []
        with prover.lock:
            for number, row in enumerate(law.rows, 1):
                cells = zip(law.scope, row, strict=True)
                chosen = [one for key, v in cells for one in literals(compiled, Decision(key, v))]
                if not prover.solve(chosen):
                    dead.append(number)
        if dead or not law.rows:
            yield TableFinding(law.key, len(law.rows), tuple(dead))


def unreachable_groups(configurator: Configurator, root: Answer) -> list[str]:
    """Groups in which nothing can ever be chosen: no variable with two values left, at any depth.

    A group that holds nothing at all is one of them.
    """
    parents = {group.key: group.parent for group in configurator.model.groups}
    reached: set[str] = set()
    for standing in root.standings():
        key = standing.variable.group
        while key and len(standing.possible) > 1 and key not in reached:
            reached.add(key)
            key = parents.get(key, "")
    return [key for key in parents if key not in reached]
