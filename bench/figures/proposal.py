"""A proposal of 1,000 lines: from kept lines to the PDF."""

from __future__ import annotations

from bench.registry import figure
from bench.workbench import Measured, Workbench


@figure(
    "proposal_1000", about="proposal PDF of a quote of 1,000 lines, a new one each time",
    unit="wall ms", group="price", target=1_000,
)  # fmt: skip
def proposal_1000(bench: Workbench) -> Measured:
    """Cover, letter, table and terms by a template; nothing of the last one may be of use."""
    from bench.work.proposal import proposals

    made = proposals()
    return bench.measure(made.typeset, runs=5, warm_up=1, before=made.begin)


@figure(
    "proposal_data_1000", about="of it: reading lines, merging the template, the snapshot",
    group="price",
)  # fmt: skip
def proposal_data_1000(bench: Workbench) -> Measured:
    """All before the typesetter."""
    from bench.work.proposal import proposals

    made = proposals()
    return bench.measure(made.write, runs=5, warm_up=1, before=made.begin)
