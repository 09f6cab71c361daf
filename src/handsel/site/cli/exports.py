"""Take data out: lists of records, the event log, the books, and figures with their rows."""

from __future__ import annotations

from collections.abc import Callable

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


@EXPORTS.member(
    "kpi",
    "a KPI with its breakdowns, or the rows behind a figure",
    argument("key", help="lead_response, lead_conversion or pipeline_value"),
    argument("--from", dest="filter_from", help="asked from this day, such as 2026-01-01"),
    argument("--until", dest="filter_until", help="asked until this day"),
    argument("--source", dest="filter_source", help="one source; - is the empty one"),
    argument("--target", dest="filter_target", help="minutes to answer in (60)"),
    argument("--as-of", dest="filter_as_of", help="as known at the end of this day"),
    argument("--currency", dest="filter_currency", help="one currency, such as EUR"),
    argument("--bucket", default="", help="the rows of this bucket only"),
    argument("--output", help="write the rows to a CSV file instead of showing figures"),
)
def export_kpi(call: Call) -> int:
    """A KPI over all sellers, by the definition on its page."""
    with surroundings.django():
        from handsel.site.cli import figures

        return figures.export_kpi(call.arguments, call.output)


_TEXT: tuple[Argument, ...] = (
    argument("key", nargs="?", default="", help="which one; without it all are listed"),
    argument("--version", type=int, help="its number; the one in use, or the newest, else"),
    argument("--output", help="write a file instead of standard output"),
)


@EXPORTS.member(
    "model",
    "the text of a product model, or the model as UVL",
    *_TEXT,
    argument("--uvl", action="store_true", help="as UVL; what that cannot say is named"),
)
def export_model(call: Call) -> int:
    """A version of a model: 0 when it was written, 1 when UVL cannot say it."""
    with surroundings.django():
        from handsel.site.cli.model_files import take_out

        return take_out(call.arguments, call.output, is_laws=False)


@EXPORTS.member("laws", "the text of laws between the lines of quotes", *_TEXT)
def export_laws(call: Call) -> int:
    """A version of a text of laws."""
    with surroundings.django():
        from handsel.site.cli.model_files import take_out

        call.arguments.uvl = False
        return take_out(call.arguments, call.output, is_laws=True)


_RECORDS = {
    "leads": "every lead, by the day it asked",
    "opportunities": "every opportunity, by the day it was opened",
    "quotes": "every quote with the amounts of its newest version, by the day it was begun",
    "orders": "every order, by the day it was placed",
    "invoices": "every invoice, deposit and credit note, by the day it was drafted",
    "payments": "every payment, by the day it was received",
    "events": "the business event log with the objects touched, of all sellers",
}


def _exporter(what: str) -> Callable[[Call], int]:
    def export(call: Call) -> int:
        with surroundings.django():
            from handsel.site.cli.record_export import export_records

            return export_records(what, call.arguments, as_json=call.output.as_json)

    return export


for _what, _about in _RECORDS.items():
    EXPORTS.member(
        _what,
        f"{_about}; CSV, with --json a document a line",
        argument("--seller", type=int, help="key of one seller; all where it is not given"),
        argument("--from", dest="from_on", default="", help="first day, such as 2026-01-01"),
        argument("--until", dest="until_on", default="", help="first day after the last one"),
        argument("--output", help="write a file instead of standard output"),
    )(_exporter(_what))
