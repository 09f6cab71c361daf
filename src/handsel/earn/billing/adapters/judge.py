"""Fills billing's `Validator` port with the official rules and our own arithmetic."""

from __future__ import annotations

import importlib
import logging
import threading
from dataclasses import asdict

from handsel.earn.billing.adapters.validator.check import CheckResult, check_file
from handsel.earn.billing.adapters.validator.errors import ValidatorUnavailable
from handsel.earn.billing.adapters.validator.validate import prepare
from handsel.earn.billing.ports import Verdict

log = logging.getLogger("handsel.billing")


class RulesValidator:
    """Runs the rules here and now; nothing leaves the machine."""

    def __init__(self) -> None:
        self._is_ready = False

    def judge(self, content: bytes) -> Verdict:
        """The verdict on a file; an unreadable one has run no rules and so fails."""
        return _verdict(check_file(content))

    def get_ready(self) -> None:
        """Compile the rules in a thread of their own, once for each process: 1.5 s."""
        if not self._is_ready:
            self._is_ready = True
            threading.Thread(target=_prepare, name="compile-rules", daemon=True).start()


def _prepare() -> None:
    try:
        importlib.import_module("facturx")  # half a second, wanted right before the verdict
        prepare()
    except ValidatorUnavailable as failure:
        # Whoever asks for a verdict will hear it; nobody waits for this thread.
        log.warning("the official rules cannot be compiled: %s", failure)


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
