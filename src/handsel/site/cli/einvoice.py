"""Check electronic invoices: by the official rules (how many ran is told) and by our own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handsel.site.cli import codes
from handsel.site.cli.codes import CouldNotRun
from handsel.site.cli.output import Output
from handsel.site.cli.subcommands import Call, Family, argument

if TYPE_CHECKING:
    from handsel.earn.billing.adapters.validator.check import CheckResult

EINVOICE = Family("command")
configure = EINVOICE.configure
run = EINVOICE.run


@EINVOICE.member(
    "check",
    "a UBL invoice or credit note, a CII invoice, or a Factur-X PDF",
    argument("file", help="the file to check; it is only read"),
)
def check(call: Call) -> int:
    """Ask the official rules and our own arithmetic about a file."""
    from handsel.earn.billing.adapters.validator.check import check_file
    from handsel.earn.billing.adapters.validator.errors import ValidatorUnavailable

    path = Path(call.arguments.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from error
    try:
        result = check_file(content)
    except ValidatorUnavailable as error:
        raise CouldNotRun(str(error)) from error
    _tell(call.output, path, result)
    call.output.result({"file": str(path), **result.as_json()})
    if result.report and result.report.nothing_ran:
        return codes.COULD_NOT_RUN
    return codes.OK if result.ok else codes.FINDINGS


def _tell(output: Output, path: Path, result: CheckResult) -> None:
    report = result.report
    name = f" {result.invoice.number}" if result.invoice else ""
    output.say(f"{path.name}: {result.syntax}{name}")
    if report:
        output.say(
            f"Official rules: {report.rules_run} ran, {len(report.fatal)} failed, "
            f"{len(report.warnings)} warned, in {report.wall_ms:.0f} ms"
        )
        output.say(f"  {report.validator_version}")
        for finding in report.failed:
            output.say(f"  {finding.severity:7}  {finding.rule}  {finding.location}")
            output.say(f"           {finding.text}")
    else:
        output.say("This is no e-invoice.")
    found = "nothing found" if not result.own else f"{len(result.own)} found"
    output.say(f"Our own check, to the cent: {found}")
    if result.own:
        rows = [(own.rule, own.location, own.expected, own.found) for own in result.own]
        output.table(("rule", "where", "expected", "found"), rows)
