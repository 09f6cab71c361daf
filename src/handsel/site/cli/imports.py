"""Bring data in: with preview, progress, and a file of what was refused and why.

Nothing is added twice: an import that is repeated, or taken up again, adds what is missing.
"""

from __future__ import annotations

from pathlib import Path

from handsel.site.cli import surroundings
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.subcommands import Argument, Call, Family, argument

IMPORTS = Family("import")
configure = IMPORTS.configure
run = IMPORTS.run


_LIST: tuple[Argument, ...] = (
    argument("file", help="a CSV file with a header row"),
    argument("--source", required=True, help="where it comes from, such as olist or fair-2026"),
    argument(
        "--map",
        action="extend",
        nargs="+",
        default=[],
        metavar="COLUMN=FIELD",
        help="what columns hold; without it, by their names",
    ),
    argument("--preview", action="store_true", help="show what would happen, change nothing"),
    argument("--date-order", choices=("ymd", "dmy", "mdy"), help="how 2/1/2026 is read"),
    argument("--encoding", choices=("utf-8-sig", "cp1252", "latin-1"), help="else guessed"),
    argument("--delimiter", choices=(",", ";", "|", "tab"), help="else guessed"),
    argument("--seller", type=int, help="key of the seller; the first one where it is not given"),
    argument("--refused", help="where refused rows go; FILE.refused.csv where it is not given"),
)


@IMPORTS.member("leads", "leads from a CSV file; taken up again where it was interrupted", *_LIST)
def import_leads(call: Call) -> int:
    """Bring a list of leads in: 0 when every row was taken, 1 when rows were refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.lead_import import bring_in_leads

        return bring_in_leads(content, path, call.arguments, call.output)


@IMPORTS.member("outcomes", "which imported leads were won, when, for how much", *_LIST)
def import_outcomes(call: Call) -> int:
    """Enter won deals at their dates: 0 when every row was taken, 1 when rows were refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.lead_import import bring_in_outcomes

        return bring_in_outcomes(content, path, call.arguments, call.output)


@IMPORTS.member(
    "statement",
    "a bank's file: camt.053 or MT940; what is clear is matched",
    argument("file", help="the file of the bank"),
    argument("--dry-run", action="store_true", help="show what would happen, change nothing"),
)
def import_statement(call: Call) -> int:
    """Bring a bank's file in: 0 when all is well, 1 when something was held or refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.statement_import import bring_in_file

        return bring_in_file(content, path, call.output, is_trial=call.arguments.dry_run)


@IMPORTS.member(
    "rates",
    "exchange rates of days: CSV with date, base, currency, rate",
    argument("file", help="a CSV file; its first row names the columns"),
    argument("--both-ways", action="store_true", help="each rate the other way round too"),
    argument("--source", default="", help="where they are from, such as ECB"),
    argument("--preview", action="store_true", help="show what would happen, change nothing"),
)
def import_rates(call: Call) -> int:
    """Record a list of rates: 0 when every row was taken, 1 when rows were refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.rate_import import bring_in_rates

        return bring_in_rates(content, path, call.arguments, call.output)


_TABLE: tuple[Argument, ...] = (
    argument("file", help="a CSV file; its first row names the columns"),
    argument(
        "--map",
        action="extend",
        nargs="+",
        default=[],
        metavar="COLUMN=FIELD",
        help="what columns hold; without it, by their names",
    ),
    argument("--decimal-mark", choices=(".", ","), default=".", help="in numbers; a point"),
    argument("--preview", action="store_true", help="show what would happen, change nothing"),
    argument("--refused", help="where refused rows go; FILE.refused.csv where it is not given"),
)


@IMPORTS.member(
    "costs",
    "what products cost: sku, valid_from, unit_cost and currency, or list_share_percent",
    *_TABLE,
)
def import_costs(call: Call) -> int:
    """Set a list of costs: 0 when every row was taken, 1 when rows were refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.table_import import bring_in_costs

        return bring_in_costs(content, path, call.arguments, call.output)


@IMPORTS.member(
    "agreements",
    "agreed prices: organization, sku or group, currency, unit_price or discount_percent, "
    "valid_from, last_day",
    *_TABLE,
)
def import_agreements(call: Call) -> int:
    """Agree a list of prices: 0 when every row was taken, 1 when rows were refused."""
    path, content = _file(call)
    with surroundings.django():
        from handsel.site.cli.table_import import bring_in_agreements

        return bring_in_agreements(content, path, call.arguments, call.output)


def _text(*more: Argument) -> tuple[Argument, ...]:
    return (
        argument("file", help="the file; what a UVL file imports lies beside it or below"),
        argument("--key", default="", help="the file's name where it is not given"),
        argument("--title", default="", help="of a new one; the key where it is not given"),
        *more,
        argument("--publish", action="store_true", help="put it in use if its tests pass"),
        argument("--dry-run", action="store_true", help="show what would happen, change nothing"),
    )


@IMPORTS.member(
    "model",
    "a product model as a draft, tested: our own text, UVL, DIMACS, table JSON or a ZIP of one",
    *_text(argument("--product", default="", metavar="SKU", help="the product a new one is of")),
)
def import_model(call: Call) -> int:
    """Draft and test a model: 0 when it may be published, 1 when not or refused."""
    with surroundings.django():
        from handsel.site.cli.model_files import bring_in

        return bring_in(call.arguments, call.output, is_laws=False)


@IMPORTS.member(
    "laws",
    "laws between the lines of quotes as a draft, tested",
    *_text(argument("--seller", type=int, help="key of the seller; the first one else")),
)
def import_laws(call: Call) -> int:
    """Draft and test laws: 0 when they may be published, 1 when not or refused."""
    with surroundings.django():
        from handsel.site.cli.model_files import bring_in

        return bring_in(call.arguments, call.output, is_laws=True)


def _file(call: Call) -> tuple[Path, bytes]:
    path = Path(call.arguments.file)
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from error
