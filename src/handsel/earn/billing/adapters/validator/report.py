"""What a validation tells: the rules that ran, and those that failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

FATAL: Final = "fatal"
WARNING: Final = "warning"

SCHEMA_RULE: Final = "XSD"
NOTHING_RAN: Final = "NO-RULES-RUN"
BROKE_OFF: Final = "RULES-BROKE-OFF"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that failed: its name, how grave that is, where, and what the rule says."""

    rule: str
    severity: str
    location: str
    text: str


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """The answer of the official rules about one document.

    ``rules_run`` counts the distinct rules that were put to at least one element of the
    document; ``rules_fired`` counts how often a group of rules was put to an element. Neither
    counts the schema. A report in which no rule ran is a failure, whatever else it says.
    """

    syntax: str
    rules_run: int
    rules_fired: int
    failed: tuple[Finding, ...]
    validator_version: str
    wall_ms: float

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """The failures that make the document invalid."""
        return tuple(finding for finding in self.failed if finding.severity == FATAL)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The failures that leave it valid."""
        return tuple(finding for finding in self.failed if finding.severity != FATAL)

    @property
    def nothing_ran(self) -> bool:
        """Whether that no rule applied is all there is to tell: the fault is not the document's."""
        return all(it.rule == NOTHING_RAN for it in self.failed) and not self.rules_run

    @property
    def passed(self) -> bool:
        """Whether rules ran, and none of them failed fatally."""
        return self.rules_run > 0 and not self.fatal

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self) | {"passed": self.passed, "failed": [asdict(it) for it in self.failed]}


def report(
    syntax: str,
    *,
    rules_run: int,
    rules_fired: int,
    failed: Iterable[Finding],
    validator_version: str,
    wall_ms: float,
) -> ValidationReport:
    """Make a report; where no rule ran, that is its first and fatal finding."""
    findings = tuple(failed)
    if not rules_run:
        nothing = Finding(NOTHING_RAN, FATAL, "/", "No rule applied: nothing was checked.")
        findings = (nothing, *findings)
    return ValidationReport(syntax, rules_run, rules_fired, findings, validator_version, wall_ms)
