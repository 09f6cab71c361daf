"""Everything that is looked at before a model is published, in one report."""

from __future__ import annotations

from dataclasses import dataclass, field

from handsel.bid.configure.rules.analysis.golden import Amounts, Finish, GoldenResult, run_goldens
from handsel.bid.configure.rules.analysis.lawbench import Compiler, LawBench
from handsel.bid.configure.rules.analysis.laws import IdleLaw, contradiction, idle_laws
from handsel.bid.configure.rules.analysis.values import (
    DeadValue,
    TableFinding,
    dead_values,
    table_findings,
    unreachable_groups,
)
from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.count import Variants, count_variants
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.session import Configurator


@dataclass(frozen=True, slots=True)
class Report:
    """What analysis and golden configurations found.

    With a contradiction nothing else can be asked, and the rest is empty.
    """

    contradiction: Explanation | None = None
    variants: Variants | None = None
    dead_values: tuple[DeadValue, ...] = ()
    idle_laws: tuple[IdleLaw, ...] = ()
    tables: tuple[TableFinding, ...] = ()
    unreachable_groups: tuple[str, ...] = ()
    goldens: tuple[GoldenResult, ...] = field(default=())

    @property
    def is_publishable(self) -> bool:
        """Whether nothing stands against selling by it: dead values and idle laws do not."""
        return self.contradiction is None and all(one.passed for one in self.goldens)


def analyse(
    configurator: Configurator,
    compiler: Compiler,
    *,
    finish: Finish = complete,
    amounts: Amounts | None = None,
) -> Report:
    """Look at a model from all sides. Takes seconds for a model of a hundred laws."""
    clash = contradiction(configurator)
    if clash is not None:
        return Report(clash)
    root = configurator.answer(())
    bench = LawBench(configurator.model, compiler)
    return Report(
        None,
        count_variants(configurator, ()),
        tuple(dead_values(configurator, root)),
        tuple(idle_laws(bench)),
        tuple(table_findings(configurator)),
        tuple(unreachable_groups(configurator, root)),
        tuple(run_goldens(configurator, finish=finish, amounts=amounts)),
    )
