"""`./handsel export kpi`: a KPI's figures and rows as a table, CSV or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path

from handsel.follow.insight import queries
from handsel.follow.insight.rest import report_out
from handsel.follow.insight.rules.figures import Figure, Report
from handsel.follow.insight.rules.wanted import read
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Seller
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.spreadsheet import csv_bytes
from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output

FILTERS = ("from", "until", "source", "target", "as_of", "currency")


def export_kpi(arguments: argparse.Namespace, output: Output) -> int:
    """Figures and breakdowns; with --output, the rows behind them as a CSV file."""
    actor = Actor.system("export", seller_ids=Seller.objects.values_list("pk", flat=True))
    texts = {name: getattr(arguments, f"filter_{name}") or "" for name in FILTERS}
    try:
        report = queries.kpi_report(
            actor, arguments.key, wanted=read(texts), now=SystemClock().now()
        )
    except HandselError as refused:
        raise CouldNotRun(refused.message) from refused
    rows = report.rows(arguments.bucket)
    if arguments.output:
        names = list(rows[0].facts) if rows else []
        cells = ([m.object_id, m.name, *(m.facts[n] for n in names), m.currency] for m in rows)
        head = ["id", "name", *names, "currency"]
        Path(arguments.output).write_bytes(csv_bytes(head, cells))
        output.say(f"{len(rows):,} rows written to {arguments.output}")
    else:
        _show(report, output)
    output.result(report_out(report, bucket=arguments.bucket).model_dump(mode="json"))
    return codes.OK


def _show(report: Report, output: Output) -> None:
    output.table(("figure", "value", "of"), [_line(figure) for figure in report.figures])
    for group in report.groups:
        output.say(f"\n{group.key}")
        if group.rows:
            head = ["", *(figure.key for figure in group.rows[0].figures)]
            output.table(head, [[row.key or "-", *map(_text, row.figures)] for row in group.rows])


def _line(figure: Figure) -> tuple[str, str, str]:
    counts = f"{figure.part} of {figure.whole}" if figure.whole is not None else ""
    return figure.key, _text(figure), counts


def _text(figure: Figure) -> str:
    value = figure.value
    if value is None:
        return "unknown"
    if isinstance(value, Money):
        return f"{value.text()} {value.currency}"
    mark = "~" if figure.is_estimate else ""
    if figure.unit == "share":
        return f"{mark}{value // 100}.{value % 100:02d} %"
    return f"{mark}{value} s" if figure.unit == "duration" else str(value)
