"""A made-up file of leads, as wide as real ones, and taking it in."""

from __future__ import annotations

import io
from datetime import date, timedelta

from bench.work.yardstick import NOW, Yardstick
from handsel.attract.lead import actions as leads

ROWS = 8_000
SOURCES = ("organic", "paid_search", "", "referral", "fair", "social", "direct")


def take_in(stick: Yardstick, run: int) -> None:
    """Import a file of 8,000 new leads; raises when a row is refused."""
    manager = stick.world.actor("sales_manager")
    begun = leads.start_import(
        actor=manager,
        now=NOW,
        seller_id=stick.world.seller.pk,
        content=_file(run),
        file_name=f"leads-{run}.csv",
        source_name=f"bench {run}",
    )
    done = leads.run_import(actor=manager, now=NOW, import_id=begun.pk)
    if (done.added, done.refused) != (ROWS, 0):
        raise AssertionError(f"{done.added} added, {done.refused} refused")


def _file(run: int) -> bytes:
    out = io.StringIO()
    out.write("id,Date,Name,E-mail,Company,Source\n")
    for n in range(ROWS):
        day = date(2025, 1, 1) + timedelta(days=n % 400)
        source = SOURCES[n % len(SOURCES)]
        out.write(
            f"{run}-{n},{day},Person {n},person{n}@company{n % 3000}-{run}.example,"
            f"Company {n % 3000} {run},{source}\n"
        )
    return out.getvalue().encode()
