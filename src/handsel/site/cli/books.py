"""`./handsel export journal` and `… trial-balance`: the books as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from handsel.earn.ledger import queries
from handsel.ground.kernel.clock import SystemClock, local_date
from handsel.ground.kernel.errors import NotFound
from handsel.ground.kernel.grammar import parse_date
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

_JOURNAL = (
    "entry",
    "date",
    "rule",
    "text",
    "invoice",
    "payment",
    "customer",
    "code",
    "account",
    "line_text",
    "amount",
    "currency",
)
_BALANCE = ("code", "name", "kind", "currency", "opening", "debit", "credit", "closing")


def export_journal(arguments: argparse.Namespace, output: Output) -> int:
    """Every leg in the order of posting."""
    actor, seller, first, last = _asked(arguments)
    found = queries.journal_rows(actor, seller_id=seller.pk, from_on=first, until_on=last)
    rows = []
    for row in found:
        *cells, minor, currency = row.values()
        texts = ["" if cell is None else str(cell) for cell in cells]
        rows.append((*texts, Money(minor, currency).text(), currency))
    _show(arguments, output, _JOURNAL, rows)
    output.result({**_head(seller, first, last), "legs": _documents(_JOURNAL, rows)})
    return codes.OK


def export_trial_balance(arguments: argparse.Namespace, output: Output) -> int:
    """Accounts and proofs; a proof that does not hold is a finding."""
    actor, seller, first, last = _asked(arguments)
    found = queries.trial_balance(actor, seller_id=seller.pk, from_on=first, until_on=last)
    rows = [_balance_cells(row) for row in found]
    proofs = queries.proofs(actor, seller_id=seller.pk)
    _show(arguments, output, _BALANCE, rows)
    for one in proofs:
        if not one.holds:
            amount = Money(one.difference_minor, one.currency)
            output.say(f"{one.name} ({one.currency}) differs by {amount}")
    output.result(
        {
            **_head(seller, first, last),
            "accounts": _documents(_BALANCE, rows),
            "proofs": [
                {
                    "name": one.name,
                    "currency": one.currency,
                    "counted": Money(one.counted_minor, one.currency).text(),
                    "posted": Money(one.posted_minor, one.currency).text(),
                    "holds": one.holds,
                }
                for one in proofs
            ],
        }
    )
    return codes.OK if all(one.holds for one in proofs) else codes.FINDINGS


def _asked(arguments: argparse.Namespace) -> tuple[Actor, Seller, date, date]:
    sellers = Seller.objects.order_by("pk")
    seller = sellers.filter(pk=arguments.seller).first() if arguments.seller else sellers.first()
    if seller is None:
        raise NotFound("there is no such seller; make one, or load the demo company")
    today = local_date(SystemClock().now(), seller.time_zone)
    first = parse_date(arguments.from_on) if arguments.from_on else today.replace(month=1, day=1)
    last = (
        parse_date(arguments.until_on)
        if arguments.until_on
        else today.replace(year=today.year + 1, month=1, day=1)
    )
    return Actor.system("command line", seller_ids=[seller.pk]), seller, first, last


def _balance_cells(row: queries.TrialBalanceRow) -> tuple[str, ...]:
    amounts = (row.opening_minor, row.debit_minor, row.credit_minor, row.closing_minor)
    texts = (Money(minor, row.currency).text() for minor in amounts)
    return (row.code, row.name, row.kind, row.currency, *texts)


def _head(seller: Seller, first: date, last: date) -> dict[str, object]:
    return {
        "seller_id": seller.pk,
        "seller": seller.name,
        "from_on": first.isoformat(),
        "until_on": last.isoformat(),
    }


def _documents(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(head, row, strict=True)) for row in rows]


def _show(
    arguments: argparse.Namespace,
    output: Output,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> None:
    if not arguments.output:
        if not output.as_json:
            output.table(head, rows)
        return
    try:
        with Path(arguments.output).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(rows)
    except OSError as error:
        raise CouldNotRun(f"{arguments.output} cannot be written: {error.strerror}.") from error
    output.say(f"{len(rows)} rows in {arguments.output}")
