"""Fills billing's `Validator` port with the official rules and our own arithmetic."""

from __future__ import annotations

from dataclasses import asdict

from handsel.earn.billing.adapters.validator.check import CheckResult, check_file
from handsel.earn.billing.ports import Verdict


class RulesValidator:
    """Runs the rules here and now; nothing leaves the machine."""

    def judge(self, content: bytes) -> Verdict:
        """The verdict on a file; an unreadable one has run no rules and so fails."""
        return _verdict(check_file(content))


def _verdict(result: CheckResult) -> Verdict:
    own = [
        {
            "rule": one.rule,
            "severity": "own",
            "location": one.location,
            "text": f"expected {one.expected}, found {one.found}",
        }
        for one in result.own
    ]
    report = result.report
    if report is None:
        return Verdict(result.syntax, "none", 0, 0, len(own), own)
    return Verdict(
        result.syntax,
        report.validator_version[:100],
        report.rules_run,
        len(report.fatal),
        len(own),
        [*(asdict(finding) for finding in report.failed), *own],
    )
