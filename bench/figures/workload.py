"""The deal's work: drafting, pricing, the whole cycle, in CPU time of program and database."""

from __future__ import annotations

from bench.registry import figure
from bench.workbench import Measured, Workbench

# A connection's statements are planned anew until they have come five times; then it is warm.
WARM_UP = 10


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
    """All that people wait for: quote, link and mail, order, stock, invoice, journal, receipt.

    What jobs do after each commit is outside: typesetting (quote, confirmation, delivery note,
    invoice with e-invoice) and handing mails over; queueing them is inside.
    """
    from bench.work import deal
    from bench.work.yardstick import yardstick

    stick = yardstick()
    bench.settle()
    return bench.measure(lambda: deal.one_cycle(stick), runs=15, warm_up=WARM_UP)


@figure(
    "convert",
    about="lead captured, converted to an opportunity, quote of 3 lines drafted: 3 API requests",
    target=25,
    peer=166,
)
def convert(bench: Workbench) -> Measured:
    """Each lead is somebody new: the organization and the person are made with the opportunity.

    Requests go through all of the program below the socket, key and Idempotency-Key included.
    """
    from bench.work.requests import lead_to_quote
    from bench.work.yardstick import yardstick

    stick = yardstick()
    bench.settle()
    return bench.measure(lambda: lead_to_quote(stick), runs=15, warm_up=WARM_UP)


@figure(
    "bulk_invoice",
    about="invoices of 3 lines made and posted in bulk, each with its journal entry",
    target=1.0,
    peer=83,
)
def bulk_invoice(bench: Workbench) -> Measured:
    """Of 20 released orders in one transaction; there is no act for many invoices yet."""
    from bench.work import deal
    from bench.work.yardstick import yardstick

    stick, count = yardstick(), 20
    waiting: list[int] = []

    def more() -> None:
        waiting[:] = [deal.released_order(stick) for _ in range(count)]

    return bench.measure(lambda: deal.bill(stick, waiting), n=count, runs=3, before=more)
