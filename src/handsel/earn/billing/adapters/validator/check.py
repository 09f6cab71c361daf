"""Checks any e-invoice file a person has: detected, validated, and recomputed by us."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from handsel.earn.billing.adapters.validator.report import ValidationReport
from handsel.earn.billing.adapters.validator.validate import CII, FACTURX, validate_root
from handsel.earn.billing.rules.einvoice import cii, facturx, ubl
from handsel.earn.billing.rules.einvoice.arithmetic import ArithmeticFinding, check
from handsel.earn.billing.rules.einvoice.errors import UnreadableInvoice
from handsel.earn.billing.rules.einvoice.model import EInvoice
from handsel.earn.billing.rules.einvoice.xml import parse

UNREADABLE = "UNREADABLE"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the official rules and our own arithmetic say of a file.

    ``report`` is None where the file is no e-invoice at all; ``own`` then says why.
    ``invoice`` is what was read, None where it could not be.
    """

    syntax: str
    report: ValidationReport | None
    own: tuple[ArithmeticFinding, ...]
    invoice: EInvoice | None = None

    @property
    def ok(self) -> bool:
        """Whether the official rules ran and passed, and our own check found nothing."""
        return self.report is not None and self.report.passed and not self.own

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return {
            "ok": self.ok,
            "syntax": self.syntax,
            "number": self.invoice.number if self.invoice else None,
            "official": self.report.as_json() if self.report else None,
            "own": [asdict(finding) for finding in self.own],
        }


def check_file(content: bytes) -> CheckResult:
    """Check a UBL invoice or credit note, a CII invoice, or a Factur-X PDF.

    Never raises for what is wrong with the file; raises ValidatorUnavailable if the official
    rules cannot be asked.
    """
    is_pdf = facturx.is_pdf(content)
    try:
        root = parse(facturx.extract(content) if is_pdf else content)
        report = validate_root(root, is_facturx=is_pdf)
    except UnreadableInvoice as error:
        return CheckResult(UNKNOWN, None, (_unreadable(error),))
    try:
        invoice = _read(root, report.syntax)
    except UnreadableInvoice as error:
        return CheckResult(report.syntax, report, (_unreadable(error),))
    return CheckResult(report.syntax, report, check(invoice), invoice)


def _read(root: etree._Element, syntax: str) -> EInvoice:
    return cii.read_root(root) if syntax in (CII, FACTURX) else ubl.read_root(root)


def _unreadable(error: UnreadableInvoice) -> ArithmeticFinding:
    return ArithmeticFinding(UNREADABLE, error.location, "an e-invoice", error.message)
