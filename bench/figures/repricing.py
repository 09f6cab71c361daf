"""A quote of 1,000 lines with full waterfalls priced anew: loaded, priced, saved."""

from __future__ import annotations

from bench.registry import figure
from bench.workbench import Measured, Workbench


@figure(
    "reprice_quote_1000", about="price a quote of 1,000 lines on another day: load, price, save",
    group="price", target=300,
)  # fmt: skip
def reprice_quote_1000(bench: Workbench) -> Measured:
    """Twelve rows a line and more; each line costs something else and is written."""
    from bench.work.repricing import check_rows, full_quote, pricing_anew

    version = full_quote()
    anew = pricing_anew(version)
    bench.settle()
    measured = bench.measure(anew, runs=11, warm_up=2)
    check_rows(version)
    return measured


@figure(
    "discount_quote_1000", about="another discount on the whole of that quote",
    group="price", target=300,
)  # fmt: skip
def discount_quote_1000(bench: Workbench) -> Measured:
    """Each line gets another share of it and is written."""
    from bench.work.repricing import check_rows, discounting, full_quote

    version = full_quote()
    discount = discounting(version)
    bench.settle()
    measured = bench.measure(discount, runs=11, warm_up=2)
    check_rows(version)
    return measured
