"""Taking in a file of 8,000 leads."""

from __future__ import annotations

from itertools import count

from bench.registry import figure
from bench.workbench import Measured, Workbench


@figure("import_leads", about="import of 8,000 leads", unit="wall ms", target=4000)
def import_leads(bench: Workbench) -> Measured:
    """A file of 8,000 rows with number, first touch, proposals and events for each lead."""
    from bench.work import leads
    from bench.work.yardstick import yardstick

    stick, runs = yardstick(), count()
    return bench.measure(lambda: leads.take_in(stick, next(runs)), runs=3)
