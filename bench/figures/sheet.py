"""A quote of 5,000 lines as a spreadsheet: what an edit costs, and how long one waits for it."""

from __future__ import annotations

import statistics

from bench.registry import figure
from bench.workbench import Measured, Workbench
from tests.support.chromium import chromium_path


@figure(
    "sheet_edit_5000_cpu", about="edit a sheet of 5,000 lines: merged, priced, kept, answered",
    group="price", target=100,
)  # fmt: skip
def sheet_edit_5000_cpu(bench: Workbench) -> Measured:
    """The request as the sheet sends it, through all of the program below the socket."""
    from bench.work.sheet import editing, long_quote

    edit = editing(long_quote())
    bench.settle()
    return bench.measure(edit, runs=15, warm_up=3)


@figure(
    "sheet_discounted_5000_cpu", about="the same with a discount on the whole quote",
    group="price", target=100,
)  # fmt: skip
def sheet_discounted_5000_cpu(bench: Workbench) -> Measured:
    """Each edit moves cents of the discount between other lines."""
    from bench.work.sheet import editing, long_quote

    edit = editing(long_quote(header_bps=250))
    bench.settle()
    return bench.measure(edit, runs=15, warm_up=3)


@figure(
    "sheet_together_5000_cpu", about="the same where all lines count together for a tier",
    group="price", target=150,
)  # fmt: skip
def sheet_together_5000_cpu(bench: Workbench) -> Measured:
    """The count moves with each edit; the step it reaches does not."""
    from bench.work.sheet import counting_together, editing, long_quote

    edit = editing(long_quote(currency=counting_together()))
    bench.settle()
    return bench.measure(edit, runs=15, warm_up=3)


@figure(
    "sheet_preview_5000_cpu", about="see what another discount on 500 of 5,000 lines would do",
    group="price", target=150,
)  # fmt: skip
def sheet_preview_5000_cpu(bench: Workbench) -> Measured:
    """The request as the sheet sends it; nothing is written."""
    from bench.work.sheet import long_quote, previewing

    preview = previewing(long_quote())
    bench.settle()
    return bench.measure(preview, runs=11, warm_up=3)


if chromium_path() is not None:

    @figure(
        "sheet_edit_5000", about="in a browser: from the key to the new amount on the screen",
        unit="wall ms", group="price", target=150,
    )  # fmt: skip
    def sheet_edit_5000(bench: Workbench) -> Measured:
        """Chromium on `serve` as in production."""
        from bench.work.sheet import seen

        times = seen().edits_ms
        return Measured(0.0, statistics.median(times), runs=len(times))

    @figure(
        "sheet_paint_5000", about="in a browser: from asking for 5,000 lines to their picture",
        unit="wall ms", group="price", target=1_000,
    )  # fmt: skip
    def sheet_paint_5000(bench: Workbench) -> Measured:
        """What is on screen is drawn; the lines are all there."""
        from bench.work.sheet import seen

        return Measured(0.0, seen().painted_ms)
