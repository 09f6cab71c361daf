"""Take data out: what pages show as lists, and the books."""

from __future__ import annotations

from handsel.site.cli import surroundings
from handsel.site.cli.subcommands import Argument, Call, Family, argument

EXPORTS = Family("export")
configure = EXPORTS.configure
run = EXPORTS.run

_RANGE: tuple[Argument, ...] = (
    argument("--seller", type=int, help="key of the seller; the first one where it is not given"),
    argument("--from", dest="from_on", default="", help="first day, such as 2026-01-01"),
    argument("--until", dest="until_on", default="", help="first day after the last one"),
    argument("--output", help="write a CSV file instead of showing a table"),
)


@EXPORTS.member("journal", "every leg of the journal, debit positive", *_RANGE)
def export_journal(call: Call) -> int:
    """The journal of a seller in [from, until); this year where no days are given."""
    with surroundings.django():
        from handsel.site.cli import books

        return books.export_journal(call.arguments, call.output)


@EXPORTS.member("trial-balance", "accounts with opening, debit, credit, closing", *_RANGE)
def export_trial_balance(call: Call) -> int:
    """The trial balance of a seller in [from, until), with its proofs."""
    with surroundings.django():
        from handsel.site.cli import books

        return books.export_trial_balance(call.arguments, call.output)
