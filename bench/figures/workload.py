"""The deal's work: drafting, pricing, the whole cycle, in CPU time of program and database."""

from __future__ import annotations

from bench.registry import figure
from bench.workbench import Measured, Workbench


@figure(
    "quote_line_1000",
    about="quote of 1,000 lines: price and save, per line",
    target=0.5,
    peer=8.2,
)
def quote_line_1000(bench: Workbench) -> Measured:
    """A new quote with 1,000 lines in one act; the net total of document 0 is checked."""
    from bench.work import deal
    from bench.work.yardstick import yardstick

    stick = yardstick()
    deal.check(deal.draft(stick, 1000, 0), 1000)
    return bench.measure(lambda: deal.draft(stick, 1000), n=1000, runs=5)


@figure("quote_20", about="quote of 20 lines: price and save", target=25, peer=266)
def quote_20(bench: Workbench) -> Measured:
    """The peers' figure is wall time."""
    from bench.work import deal
    from bench.work.yardstick import yardstick

    stick = yardstick()
    deal.check(deal.draft(stick, 20, 0), 20)
    return bench.measure(lambda: deal.draft(stick, 20), runs=21)


@figure(
    "cycle",
    about="quote of 3 lines, accepted, released, shipped, invoice posted, paid, reconciled",
    target=80,
    peer=963,
)
def cycle(bench: Workbench) -> Measured:
    """Everything a deal writes: quote PDF, delivery note, stock moves, journal, receivables."""
    from bench.work import deal
    from bench.work.yardstick import yardstick

    stick = yardstick()
    return bench.measure(lambda: deal.one_cycle(stick), runs=15, warm_up=2)
